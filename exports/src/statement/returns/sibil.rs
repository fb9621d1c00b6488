//! SIBIL's declaration: per performance its tickets and receipts by SIBIL's categories, with its three checks.
//!
//! A tariff is classed by its declared category, else by its kind and price as dated data says. What neither says is in
//! the totals, in no category, and listed.

use std::collections::BTreeMap;

use soticket_projections::catalogue::ShowState;
use soticket_projections::settlement::SettlementLine;
use soticket_schema::event::v1::{CompReason, TariffKind};
use soticket_schema::money::average;
use soticket_schema::{Amount, Currency};

use super::super::words as shared;
use super::terms::{self, SibilCategory, SibilMapping};
use super::{Period, Subject, words};
use crate::document::{Block, Cell, Column, ColumnKind, Document, Fact, Section, Sum, Table, Text};
use crate::language::Term;

/// Tickets and receipts of one category.
#[derive(Clone, Copy, Default)]
struct Class {
    tickets: u64,
    receipts: Amount,
}

impl Class {
    fn add(&mut self, tickets: u64, receipts: Amount) {
        self.tickets = self.tickets.saturating_add(tickets);
        self.receipts += receipts;
    }
}

/// What is declared of one performance, or of all.
#[derive(Clone, Copy, Default)]
struct Performance {
    full: Class,
    subscription: Class,
    free: Class,
    /// Tickets without a category.
    unclassed: Class,
    /// Tickets with a price: those that the mean price is of.
    paid: u64,
    /// All tickets and receipts of the box-office statement.
    all: Class,
}

impl Performance {
    fn of(subject: &Subject<'_>) -> Self {
        let settlement = subject.settlement;
        let mut declared = Self {
            paid: settlement.paid.net,
            all: Class { tickets: settlement.entries, receipts: settlement.paid.taxed.gross },
            ..Self::default()
        };
        for (line, class) in classed(subject) {
            let class = class.map(|(category, _)| category);
            declared.class(class).add(line.net, line.taxed.gross);
        }
        declared
    }

    fn class(&mut self, category: Option<SibilCategory>) -> &mut Class {
        match category {
            Some(SibilCategory::Full) => &mut self.full,
            Some(SibilCategory::Subscription) => &mut self.subscription,
            Some(SibilCategory::Free) => &mut self.free,
            None => &mut self.unclassed,
        }
    }

    fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.full, other.full),
            (&mut self.subscription, other.subscription),
            (&mut self.free, other.free),
            (&mut self.unclassed, other.unclassed),
            (&mut self.all, other.all),
        ];
        for (sum, part) in pairs {
            sum.add(part.tickets, part.receipts);
        }
        self.paid = self.paid.saturating_add(other.paid);
    }

    fn mean(&self) -> Amount {
        average(self.all.receipts, self.paid)
    }

    fn full_mean(&self) -> Amount {
        average(self.full.receipts, self.full.tickets)
    }

    /// Full, subscription and free tickets are no more than all tickets.
    fn tickets_check(&self) -> Cell {
        let classed =
            [self.full, self.subscription, self.free].iter().map(|class| class.tickets).sum::<u64>();
        let all = self.all.tickets;
        told(classed <= all, Cell::count(classed), Cell::count(all))
    }

    /// Receipts of full and subscription tickets are no more than all receipts.
    fn receipts_check(&self, currency: Currency) -> Cell {
        let (classed, all) = (self.full.receipts + self.subscription.receipts, self.all.receipts);
        told(classed <= all, Cell::Money(classed, currency), Cell::Money(all, currency))
    }

    /// The mean price of all paid tickets is no more than that of full ones: compared exactly, not as printed.
    fn mean_check(&self, currency: Currency) -> Cell {
        if self.full.tickets == 0 || self.paid == 0 {
            return words::NOT_APPLICABLE.into();
        }
        let all = i128::from(self.all.receipts.0) * i128::from(self.full.tickets);
        let full = i128::from(self.full.receipts.0) * i128::from(self.paid);
        told(all <= full, Cell::Money(self.mean(), currency), Cell::Money(self.full_mean(), currency))
    }
}

fn told(holds: bool, left: Cell, right: Cell) -> Cell {
    let term = if holds { words::HOLDS } else { words::FAILS };
    Cell::Text(Text::Filled(term, vec![left, right]))
}

/// Lines of a show's statement with their category, and what it follows from.
fn classed<'s>(
    subject: &'s Subject<'_>,
) -> impl Iterator<Item = (&'s SettlementLine, Option<(SibilCategory, Term)>)> {
    let mapping = terms::sibil(subject.day);
    let lines = subject.settlement.lines.iter().chain(&subject.settlement.free_lines);
    lines.filter(|line| line.net > 0).map(move |line| (line, class(subject, mapping, line)))
}

/// A paid ticket is never free, whatever is declared: its receipts would be in no category.
fn class(
    subject: &Subject<'_>,
    mapping: Option<&SibilMapping>,
    line: &SettlementLine,
) -> Option<(SibilCategory, Term)> {
    let is_free = line.price == Amount::ZERO;
    if let Some(category) = subject.declared.category(subject.reference(), &line.tariff_name) {
        let fits = is_free || category != SibilCategory::Free;
        return fits.then_some((category, words::BY_DECLARATION));
    }
    if !is_free {
        let category = mapping?.paid(line.tariff_kind)?;
        return Some((category, words::BY_KIND));
    }
    // Who paid with a card or pack before is not exempt, and what was paid is not known here.
    let exempt = line.reason != Some(CompReason::Prepaid);
    (mapping.is_some() && exempt).then_some((SibilCategory::Free, words::BY_PRICE))
}

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
    if !table.rows.is_empty() {
        table.total_of_lines(shared::TOTAL);
    }
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
    if !table.rows.is_empty() {
        table.total_of_lines(shared::TOTAL);
    }
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
