//! SIBIL's declaration: per performance its tickets and receipts by SIBIL's categories, with its three checks.
//!
//! A tariff is classed by its declared category, else by its kind and price as dated data says. What neither says is in
//! the totals, in no category, and listed.

mod performance;

use std::collections::BTreeMap;

use soticket_projections::catalogue::ShowState;
use soticket_schema::Currency;
use soticket_schema::event::v1::TariffKind;

use self::performance::{Performance, classed};
use super::super::words as shared;
use super::terms::{self, SibilCategory};
use super::{Period, Subject, words};
use crate::document::{Block, Cell, Column, ColumnKind, Document, Fact, Section, Sum, Table, Text};
use crate::language::Term;

/// Writes the declaration of a period's shows.
pub(super) fn fill(subjects: &[Subject<'_>], period: Period, document: &mut Document) {
    let is_declared = |subject: &&Subject<'_>| why_not(subject).is_none();
    let declared: Vec<(&Subject<'_>, Performance)> =
        subjects.iter().filter(is_declared).map(|subject| (subject, Performance::of(subject))).collect();
    let count = u64::try_from(declared.len()).unwrap_or(u64::MAX);
    document.subject.push(Fact::new(words::PERIOD_SHOWS, Cell::count(count)));
    if let Some((first, _)) = declared.first() {
        let currency = first.currency();
        let tables = [
            (words::BY_PERFORMANCE, by_performance(&declared, currency)),
            (words::CHECKS, checks(&declared, currency)),
            (words::UNCLASSED, unclassed(&declared, currency)),
            (words::CLASSES, classes(&declared)),
            (words::REFERENCES, references(&declared)),
        ];
        let full = tables.into_iter().filter(|(_, table)| !table.rows.is_empty());
        document.sections =
            full.map(|(title, table)| Section { title, blocks: vec![Block::Table(table)] }).collect();
    } else {
        document.notes.push(words::INACTIVE.into());
    }
    let left_out = not_declared(subjects);
    if !left_out.rows.is_empty() {
        let blocks = vec![Block::Table(left_out)];
        document.sections.push(Section { title: words::NOT_DECLARED, blocks });
    }
    let (_, to) = period.days();
    if let Some(mapping) = terms::sibil(to).filter(|mapping| mapping.uncertain) {
        let values = vec![Cell::Number(mapping.version.into()), mapping.from().into()];
        document.notes.push(Text::Filled(words::MAPPING, values));
    }
    if period.quarter().is_none() {
        document.notes.push(words::NO_QUARTER.into());
    }
}

/// Why a show is not declared; none if it is.
fn why_not(subject: &Subject<'_>) -> Option<Term> {
    if subject.show.state == ShowState::Cancelled {
        return Some(words::CALLED_OFF);
    }
    (subject.settlement.entries == 0).then_some(words::WITHOUT_TICKETS)
}

fn by_performance(declared: &[(&Subject<'_>, Performance)], currency: Currency) -> Table {
    let unclassed = declared.iter().any(|(_, declared)| declared.unclassed.tickets > 0);
    let mut tickets =
        vec![words::FULL_TICKETS.code, words::SUBSCRIPTION_TICKETS.code, words::FREE_TICKETS.code];
    let mut receipts = vec![words::FULL_RECEIPTS.code, words::SUBSCRIPTION_RECEIPTS.code];
    if unclassed {
        tickets.push(words::UNCLASSED_TICKETS.code);
        receipts.push(words::UNCLASSED_RECEIPTS.code);
    }
    let mut columns = vec![
        Column::text(words::SHOW),
        Column::new(words::DAY, ColumnKind::Date),
        Column::count(words::TOTAL_TICKETS).computed(Sum::of(&tickets)),
        Column::count(words::FULL_TICKETS),
        Column::amount(words::FULL_RECEIPTS, currency),
        Column::count(words::SUBSCRIPTION_TICKETS),
        Column::amount(words::SUBSCRIPTION_RECEIPTS, currency),
        Column::count(words::FREE_TICKETS),
    ];
    if unclassed {
        columns.push(Column::count(words::UNCLASSED_TICKETS));
        columns.push(Column::amount(words::UNCLASSED_RECEIPTS, currency));
    }
    columns.extend([
        Column::amount(words::TOTAL_RECEIPTS, currency).computed(Sum::of(&receipts)),
        Column::price(words::MEAN, currency),
        Column::price(words::FULL_MEAN, currency),
    ]);
    let mut table = Table::new(words::BY_PERFORMANCE, columns);
    for (subject, declared) in declared {
        let mut cells = vec![
            subject.reference().into(),
            subject.day.into(),
            Cell::Empty,
            Cell::count(declared.full.tickets),
            declared.full.receipts.into(),
            Cell::count(declared.subscription.tickets),
            declared.subscription.receipts.into(),
            Cell::count(declared.free.tickets),
        ];
        if unclassed {
            cells.extend([Cell::count(declared.unclassed.tickets), declared.unclassed.receipts.into()]);
        }
        cells.extend([Cell::Empty, declared.mean().into(), declared.full_mean().into()]);
        table.line(cells);
    }
    let all = total(declared);
    let row = table.total_of_lines(shared::TOTAL);
    table.set(row, words::MEAN.code, all.mean());
    table.set(row, words::FULL_MEAN.code, all.full_mean());
    table
}

fn total(declared: &[(&Subject<'_>, Performance)]) -> Performance {
    declared.iter().fold(Performance::default(), |mut sum, (_, part)| {
        sum.add(part);
        sum
    })
}

fn checks(declared: &[(&Subject<'_>, Performance)], currency: Currency) -> Table {
    let columns = [words::SHOW, words::CHECK_TICKETS, words::CHECK_RECEIPTS, words::CHECK_MEAN];
    let mut table = Table::new(words::CHECKS, columns.map(Column::text).to_vec());
    for (subject, declared) in declared {
        table.line(vec![
            subject.reference().into(),
            declared.tickets_check(),
            declared.receipts_check(currency),
            declared.mean_check(currency),
        ]);
    }
    table
}

/// Tickets without a category, by show and tariff.
fn unclassed(declared: &[(&Subject<'_>, Performance)], currency: Currency) -> Table {
    let columns = vec![
        Column::text(words::SHOW),
        Column::text(words::TARIFF),
        Column::text(words::KIND),
        Column::text(words::REASON),
        Column::count(words::TICKETS),
        Column::amount(words::GROSS, currency),
    ];
    let mut table = Table::new(words::UNCLASSED, columns);
    for (subject, _) in declared {
        for (line, _) in classed(subject).filter(|(_, class)| class.is_none()) {
            let reason = line.reason.map_or(Cell::Empty, |reason| shared::reason(Some(reason)).into());
            table.line(vec![
                subject.reference().into(),
                line.tariff_name.clone().into(),
                kind(line.tariff_kind).into(),
                reason,
                Cell::count(line.net),
                line.taxed.gross.into(),
            ]);
        }
    }
    table.total_of_any(shared::TOTAL);
    table
}

/// Which tariffs are what, and why: once for tariffs of the same name, kind and category.
fn classes(declared: &[(&Subject<'_>, Performance)]) -> Table {
    let columns = vec![
        Column::text(words::TARIFF),
        Column::text(words::KIND),
        Column::text(words::SIBIL_CATEGORY),
        Column::text(words::CLASSED_BY),
        Column::count(words::TICKETS),
    ];
    let mut sums: BTreeMap<(SibilCategory, &str, TariffKind, &str), (Term, u64)> = BTreeMap::new();
    for (subject, _) in declared {
        for (line, class) in classed(subject) {
            let Some((category, by)) = class else { continue };
            let key = (category, line.tariff_name.as_str(), line.tariff_kind, by.code);
            sums.entry(key).or_insert((by, 0)).1 += line.net;
        }
    }
    let mut table = Table::new(words::CLASSES, columns);
    for ((category, name, of_kind, _), (by, tickets)) in sums {
        table.line(vec![
            name.into(),
            kind(of_kind).into(),
            words::category(category).into(),
            by.into(),
            Cell::count(tickets),
        ]);
    }
    table.total_of_any(shared::TOTAL);
    table
}

/// What SIBIL's lists identify performances by.
fn references(declared: &[(&Subject<'_>, Performance)]) -> Table {
    let columns = [
        words::SHOW,
        words::TITLE,
        words::DOMAIN,
        words::YOUNG,
        words::FESTIVAL,
        words::PLACE,
        crate::words::SIRET,
        words::PLACE_TYPE,
        words::COPRODUCTION,
    ];
    let mut table = Table::new(words::REFERENCES, columns.map(Column::text).to_vec());
    let or_blank = |text: &str| if text.is_empty() { Cell::from(words::BLANK) } else { text.into() };
    let yes_or_no = |yes: bool| Cell::from(if yes { words::YES } else { words::NO });
    for (subject, _) in declared {
        let own = subject.own();
        let of = |part: fn(&super::DeclaredShow) -> &str| or_blank(own.map_or("", part));
        let hall = subject.names.0.catalogue.hall(subject.show.scheduled.hall);
        let festival = match own.and_then(|own| own.festival.as_deref()) {
            None => words::BLANK.into(),
            Some("") => words::NO_FESTIVAL.into(),
            Some(name) => name.into(),
        };
        table.line(vec![
            subject.reference().into(),
            subject.show.scheduled.title.as_str().into(),
            of(|own| &own.domain),
            own.and_then(|own| own.young_audience).map_or_else(|| words::BLANK.into(), yes_or_no),
            festival,
            or_blank(hall.map_or("", |hall| &hall.name)),
            of(|own| &own.place_siret),
            of(|own| &own.place_type),
            match subject.draft {
                Some(_) => yes_or_no(subject.template() == "coproduction"),
                None => words::BLANK.into(),
            },
        ]);
    }
    table
}

fn not_declared(subjects: &[Subject<'_>]) -> Table {
    let columns = vec![
        Column::text(words::SHOW),
        Column::text(words::TITLE),
        Column::new(words::DAY, ColumnKind::Date),
        Column::text(words::REASON),
    ];
    let mut table = Table::new(words::NOT_DECLARED, columns);
    for subject in subjects {
        if let Some(reason) = why_not(subject) {
            table.line(vec![
                subject.reference().into(),
                subject.show.scheduled.title.as_str().into(),
                subject.day.into(),
                reason.into(),
            ]);
        }
    }
    table
}

fn kind(kind: TariffKind) -> Term {
    match kind {
        TariffKind::Full => words::KIND_FULL,
        TariffKind::Reduced => words::KIND_REDUCED,
        TariffKind::Subscriber => words::KIND_SUBSCRIBER,
        TariffKind::Pack => words::KIND_PACK,
        TariffKind::Free => words::KIND_FREE,
    }
}
