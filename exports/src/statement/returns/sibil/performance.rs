//! Tickets and receipts of a performance by SIBIL's categories, and the checks that they have to pass.

use soticket_projections::settlement::SettlementLine;
use soticket_schema::event::v1::CompReason;
use soticket_schema::money::average;
use soticket_schema::{Amount, Currency};

use super::super::terms::{self, SibilCategory, SibilMapping};
use super::super::{Subject, words};
use crate::document::{Cell, Text};
use crate::language::Term;

/// Tickets and receipts of one category.
#[derive(Clone, Copy, Default)]
pub(super) struct Class {
    pub(super) tickets: u64,
    pub(super) receipts: Amount,
}

impl Class {
    fn add(&mut self, tickets: u64, receipts: Amount) {
        self.tickets = self.tickets.saturating_add(tickets);
        self.receipts += receipts;
    }
}

/// What is declared of one performance, or of all.
#[derive(Clone, Copy, Default)]
pub(super) struct Performance {
    pub(super) full: Class,
    pub(super) subscription: Class,
    pub(super) free: Class,
    /// Tickets without a category.
    pub(super) unclassed: Class,
    /// Tickets with a price: those that the mean price is of.
    paid: u64,
    /// All tickets and receipts of the box-office statement.
    all: Class,
}

impl Performance {
    pub(super) fn of(subject: &Subject<'_>) -> Self {
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

    pub(super) fn add(&mut self, other: &Self) {
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

    pub(super) fn mean(&self) -> Amount {
        average(self.all.receipts, self.paid)
    }

    pub(super) fn full_mean(&self) -> Amount {
        average(self.full.receipts, self.full.tickets)
    }

    /// Full, subscription and free tickets are no more than all tickets.
    pub(super) fn tickets_check(&self) -> Cell {
        let classed =
            [self.full, self.subscription, self.free].iter().map(|class| class.tickets).sum::<u64>();
        let all = self.all.tickets;
        told(classed <= all, Cell::count(classed), Cell::count(all))
    }

    /// Receipts of full and subscription tickets are no more than all receipts.
    pub(super) fn receipts_check(&self, currency: Currency) -> Cell {
        let (classed, all) = (self.full.receipts + self.subscription.receipts, self.all.receipts);
        told(classed <= all, Cell::Money(classed, currency), Cell::Money(all, currency))
    }

    /// The mean price of all paid tickets is no more than that of full ones: compared exactly, not as printed.
    pub(super) fn mean_check(&self, currency: Currency) -> Cell {
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
pub(super) fn classed<'s>(
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
