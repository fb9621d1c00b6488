//! What sales, cancellations and price reductions do to the sums.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{FeeKind, ItemKind, ItemLine, SaleClass, TicketLine};
use soticket_schema::money::vat_of_gross;
use soticket_schema::{Amount, CommercialDay, Rate, Rounding, ShowId};

use super::Books;
use super::taxes::Tax;

/// Sums of one show, or of what belongs to none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) rounding: Rounding,
    pub(super) slots: Vec<Slot>,
}

/// Sums of one kind of sale at one rate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Slot {
    pub(super) class: SaleClass,
    pub(super) rate: Rate,
    /// Sales less returns of all closed days, with VAT.
    pub(super) closed: Amount,
    /// VAT of all closed days.
    pub(super) closed_vat: Amount,
    /// Open days with movements, ascending.
    pub(super) days: Vec<(CommercialDay, Sums)>,
}

/// Movements of one open day.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Sums {
    pub(super) sold: u64,
    pub(super) cancelled: u64,
    pub(super) sales: Amount,
    pub(super) returns: Amount,
    /// VAT rounded on every line, where that is the policy; else 0.
    pub(super) vat: Amount,
}

impl Sums {
    /// Sales less returns.
    pub(super) fn gross(self) -> Amount {
        self.sales - self.returns
    }

    /// Something was sold, or, below zero, returned.
    fn take(&mut self, amount: Amount, vat: Amount) {
        if amount >= Amount::ZERO {
            self.sales += amount;
        } else {
            self.returns -= amount;
        }
        self.vat += vat;
    }
}

impl Account {
    pub(super) fn new(rounding: Rounding) -> Self {
        Self { rounding, slots: Vec::new() }
    }

    fn sums(&mut self, class: SaleClass, rate: Rate, day: CommercialDay) -> &mut Sums {
        // An account has few slots: looking through them costs less than a hash.
        let slot = match self.slots.iter().position(|slot| slot.class == class && slot.rate == rate) {
            Some(place) => &mut self.slots[place],
            None => {
                let nothing = Amount::ZERO;
                self.slots.push_mut(Slot {
                    class,
                    rate,
                    closed: nothing,
                    closed_vat: nothing,
                    days: Vec::new(),
                })
            }
        };
        slot.sums(day)
    }
}

impl Slot {
    fn sums(&mut self, day: CommercialDay) -> &mut Sums {
        let place = match self.days.last() {
            Some((last, _)) if *last == day => self.days.len() - 1,
            _ => self.days.binary_search_by_key(&day, |(known, _)| *known).unwrap_or_else(|place| {
                self.days.insert(place, (day, Sums::default()));
                place
            }),
        };
        &mut self.days[place].1
    }
}

/// A ticket, as far as its cancellation needs to know.
#[derive(Clone, Copy, Debug)]
pub struct SoldTicket {
    /// Its show.
    pub show: ShowId,
    /// What [`Books::sell_ticket`] or [`Books::reprice_ticket`] last gave.
    pub tax: u32,
    /// Its present face price.
    pub price: Amount,
    /// Its fee on top.
    pub fee: Amount,
}

/// An item of an order, as far as its cancellation needs to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldItem {
    /// Number of its tax set.
    pub tax: u32,
    /// Whether it is a gift card or voucher: no sale.
    pub prepaid: bool,
}

/// VAT of one line where every line is rounded; the document's is worked out on its aggregate.
fn line_vat(rounding: Rounding, amount: Amount, rate: Rate, stated: Option<Amount>) -> Amount {
    match rounding {
        Rounding::Document => Amount::ZERO,
        Rounding::PerTicket => stated.unwrap_or_else(|| vat_of_gross(amount, rate).vat),
    }
}

impl Books {
    fn rounding_of(&self, show: Option<ShowId>) -> Rounding {
        show.and_then(|show| self.shows.get(show.0)).map_or(self.rounding, |account| account.rounding)
    }

    /// Sums of today, and how their VAT is rounded. What names a show that there is not belongs to none.
    fn sums(&mut self, show: Option<ShowId>, class: SaleClass, rate: Rate) -> Option<(&mut Sums, Rounding)> {
        let day = self.days.get(self.today)?.day;
        let account = match show.and_then(|show| self.shows.get_mut(show.0)) {
            Some(account) => account,
            None => {
                self.own.rounding = self.rounding;
                &mut self.own
            }
        };
        let rounding = account.rounding;
        Some((account.sums(class, rate, day), rounding))
    }

    /// A ticket was sold; the number is for its cancellation.
    pub fn sell_ticket(&mut self, line: &TicketLine) -> u32 {
        let show = Some(line.show);
        let tax = self.tax(show, line.vat, line.fee_vat, line.stated_vat);
        if let Some((sums, rounding)) = self.sums(show, SaleClass::Face, line.vat) {
            sums.sold += 1;
            sums.take(line.price, line_vat(rounding, line.price, line.vat, line.stated_vat));
        }
        if line.fee != Amount::ZERO
            && let Some((sums, rounding)) = self.sums(show, SaleClass::FeeOnTop, line.fee_vat)
        {
            sums.sold += 1;
            sums.take(line.fee, line_vat(rounding, line.fee, line.fee_vat, None));
        }
        tax
    }

    /// A valid ticket was cancelled; its fee on top is kept or goes back.
    pub fn cancel_ticket(&mut self, ticket: SoldTicket, fee_kept: bool) {
        let Tax { rate, fee_rate, stated } = self.taxes.get(ticket.tax);
        if let Some((sums, rounding)) = self.sums(Some(ticket.show), SaleClass::Face, rate) {
            sums.cancelled += 1;
            sums.take(-ticket.price, -line_vat(rounding, ticket.price, rate, stated));
        }
        if ticket.fee != Amount::ZERO
            && !fee_kept
            && let Some((sums, rounding)) = self.sums(Some(ticket.show), SaleClass::FeeOnTop, fee_rate)
        {
            sums.cancelled += 1;
            sums.take(-ticket.fee, -line_vat(rounding, ticket.fee, fee_rate, None));
        }
    }

    /// Of the fee of a ticket that was cancelled by the same command, this much is kept after all.
    pub fn keep_of_fee(&mut self, show: ShowId, tax: u32, amount: Amount) {
        let rate = self.taxes.get(tax).fee_rate;
        if let Some((sums, rounding)) = self.sums(Some(show), SaleClass::FeeOnTop, rate) {
            sums.returns -= amount;
            sums.vat += line_vat(rounding, amount, rate, None);
        }
    }

    /// A valid ticket has another face price from here on; the number is for its cancellation.
    pub fn reprice_ticket(&mut self, ticket: SoldTicket, price: Amount, stated_vat: Option<Amount>) -> u32 {
        let Tax { rate, fee_rate, stated } = self.taxes.get(ticket.tax);
        let show = Some(ticket.show);
        if let Some((sums, rounding)) = self.sums(show, SaleClass::Face, rate) {
            let before = line_vat(rounding, ticket.price, rate, stated);
            sums.take(price - ticket.price, line_vat(rounding, price, rate, stated_vat) - before);
        }
        self.tax(show, rate, fee_rate, stated_vat)
    }

    /// An item was sold.
    pub fn sell_item(&mut self, line: &ItemLine) -> SoldItem {
        let prepaid = match line.kind {
            ItemKind::Product(product) => self.prepaid.contains(&product),
            ItemKind::Fee(kind) => kind == FeeKind::GiftCard,
        };
        let tax = self.tax(line.show, line.vat, Rate::ZERO, line.stated_vat);
        if prepaid {
            if let Some(today) = self.days.get_mut(self.today) {
                today.totals.prepaid.issued += line.price;
            }
        } else if let Some((sums, rounding)) = self.sums(line.show, SaleClass::Item, line.vat) {
            sums.sold += 1;
            sums.take(line.price, line_vat(rounding, line.price, line.vat, line.stated_vat));
        }
        SoldItem { tax, prepaid }
    }

    /// A valid item was cancelled.
    pub fn cancel_item(&mut self, show: Option<ShowId>, item: SoldItem, price: Amount) {
        let Tax { rate, stated, .. } = self.taxes.get(item.tax);
        if item.prepaid {
            if let Some(today) = self.days.get_mut(self.today) {
                today.totals.prepaid.cancelled += price;
            }
        } else if let Some((sums, rounding)) = self.sums(show, SaleClass::Item, rate) {
            sums.cancelled += 1;
            sums.take(-price, -line_vat(rounding, price, rate, stated));
        }
    }

    /// What was stated counts only where VAT is rounded on every line.
    fn tax(&mut self, show: Option<ShowId>, rate: Rate, fee_rate: Rate, stated: Option<Amount>) -> u32 {
        let stated = stated.filter(|_| self.rounding_of(show) == Rounding::PerTicket);
        self.taxes.number(Tax { rate, fee_rate, stated })
    }
}
