//! What is posted for one show, or for what belongs to none, by commercial day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{AccountKey, AccountRole, SettledLine};
use soticket_schema::money::vat_of_gross;
use soticket_schema::{Amount, ChannelId, PartyId, Rate, Rounding, SettlementId, TariffId};

use super::receipts::{Cell, CellKey};
use super::view::Closed;
use crate::index::Positions;
use crate::rows::{Interned, Rows};
use soticket_schema::CommercialDay;

/// The book of one show, or of what belongs to none.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct ShowBook {
    pub(super) reference: String,
    pub(super) title: String,
    pub(super) rounding: Rounding,
    /// When the show was known to take place on which day; none for a show that was called off.
    pub(super) dates: Vec<(CommercialDay, Option<CommercialDay>)>,
    pub(super) postings: BTreeMap<PostingKey, Posting>,
    pub(super) cells: BTreeMap<CellKey, Cell>,
    pub(super) sealed: Vec<Sealed>,
    pub(super) closed: Option<Closed>,
    pub(super) lines: Interned<TicketKey>,
    pub(super) fees: Interned<FeeKey>,
    pub(super) tickets: Rows<Ticket>,
    pub(super) item_keys: Interned<ItemKey>,
    pub(super) items: Rows<Item>,
}

/// What is posted together: one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct PostingKey {
    pub(super) day: CommercialDay,
    pub(super) group: Group,
}

/// Kinds of entries that events are posted to, in the order of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum Group {
    Tickets,
    TicketsBack,
    Fees,
    FeesBack,
    Products,
    ProductsBack,
    StoredValues,
    CardsExpired,
    Till,
    Remittance(ChannelId),
}

impl Group {
    /// The group of what is taken back, for one of sales.
    pub(super) fn back(self) -> Self {
        match self {
            Self::Tickets => Self::TicketsBack,
            Self::Fees => Self::FeesBack,
            Self::Products => Self::ProductsBack,
            other => other,
        }
    }

    /// Whether what orders owe makes up for the rest.
    pub(super) fn balances_on_customers(self) -> bool {
        self <= Self::ProductsBack
    }
}

/// What is taxed together: its gross is what the orders cost, its VAT is rounded on the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum Pool {
    Receipts,
    OwnFees,
    Cards,
    Merchandise,
    Donations,
    Other,
    /// Not sold but used up: cards past their time.
    ExpiredCards,
}

impl Pool {
    /// Where the amount without VAT goes.
    pub(super) fn role(self) -> AccountRole {
        match self {
            Self::Receipts => AccountRole::Advances,
            Self::OwnFees => AccountRole::OwnFees,
            Self::Cards => AccountRole::CardAdvances,
            Self::Merchandise => AccountRole::Merchandise,
            Self::Donations => AccountRole::Donations,
            Self::Other => AccountRole::OtherRevenue,
            Self::ExpiredCards => AccountRole::CardRevenue,
        }
    }
}

/// What the events of a day come to in one group.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Posting {
    pub(super) rounding: Rounding,
    pub(super) kinds: Vec<u16>,
    pub(super) positions: Positions,
    pub(super) taxed: BTreeMap<(Pool, Rate), Gross>,
    /// Debits above zero, credits below.
    pub(super) lines: BTreeMap<(AccountRole, AccountKey), Amount>,
}

/// An amount with VAT, and its VAT as every unit was rounded by itself.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Gross {
    pub(super) gross: Amount,
    pub(super) unit_vat: Amount,
}

impl Gross {
    /// One unit: VAT as the selling system stated it, else worked out.
    pub(super) fn unit(price: Amount, rate: Rate, stated_vat: Option<Amount>) -> Self {
        Self { gross: price, unit_vat: stated_vat.unwrap_or_else(|| vat_of_gross(price, rate).vat) }
    }

    pub(super) fn minus(self) -> Self {
        Self { gross: -self.gross, unit_vat: -self.unit_vat }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { gross: self.gross + other.gross, unit_vat: self.unit_vat + other.unit_vat }
    }
}

impl Posting {
    pub(super) fn note(&mut self, kind: u16, position: u64) {
        if let Err(place) = self.kinds.binary_search(&kind) {
            self.kinds.insert(place, kind);
        }
        self.positions.push(position);
    }

    /// Adds to a pool: above zero for what is sold.
    pub(super) fn sell(&mut self, pool: Pool, rate: Rate, amount: Gross) {
        let sum = self.taxed.entry((pool, rate)).or_default();
        *sum = sum.plus(amount);
    }

    pub(super) fn debit(&mut self, role: AccountRole, key: AccountKey, amount: Amount) {
        *self.lines.entry((role, key)).or_default() += amount;
    }

    pub(super) fn credit(&mut self, role: AccountRole, key: AccountKey, amount: Amount) {
        self.debit(role, key, -amount);
    }

    /// Credits what is sold to whom it belongs.
    pub(super) fn sell_for(&mut self, owner: Owner, rate: Rate, amount: Gross) {
        match owner {
            Owner::Pool(pool) => self.sell(pool, rate, amount),
            Owner::Account(role, key) => self.credit(role, key, amount.gross),
        }
    }
}

/// Whom a fee or an item belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Owner {
    /// The organisation, with VAT.
    Pool(Pool),
    /// A third party, or what is no sale yet.
    Account(AccountRole, AccountKey),
}

impl Owner {
    pub(super) fn channel(channel: ChannelId) -> Self {
        Self::Account(AccountRole::ChannelCurrent, AccountKey::Channel(channel))
    }

    pub(super) fn party(party: PartyId) -> Self {
        Self::Account(AccountRole::PartyCurrent, AccountKey::Party(party))
    }
}

/// Tickets that are posted alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct TicketKey {
    pub(super) tariff: TariffId,
    pub(super) price: Amount,
    pub(super) rate: Rate,
    pub(super) stated_vat: Option<Amount>,
}

impl TicketKey {
    pub(super) fn unit(&self) -> Gross {
        Gross::unit(self.price, self.rate, self.stated_vat)
    }
}

/// What is left of a fee on top when commissions are taken out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct FeeKey {
    pub(super) owner: Owner,
    pub(super) amount: Amount,
    pub(super) rate: Rate,
}

/// A ticket: its line, and its fee or [`NO_FEE`]; the highest bit of the fee says that it is cancelled.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Ticket {
    pub(super) line: u32,
    pub(super) fee: u32,
}

pub(super) const CANCELLED: u32 = 1 << 31;
pub(super) const NO_FEE: u32 = CANCELLED - 1;

/// Items that are posted alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct ItemKey {
    pub(super) owner: Owner,
    pub(super) group: Group,
    pub(super) price: Amount,
    pub(super) rate: Rate,
    pub(super) stated_vat: Option<Amount>,
}

impl ItemKey {
    pub(super) fn unit(&self) -> Gross {
        Gross::unit(self.price, self.rate, self.stated_vat)
    }
}

/// An item: the highest bit says that it is cancelled, or paid a commission that is posted as such.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Item(pub(super) u32);

/// One version of a settlement, as it was sealed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sealed {
    pub(super) day: CommercialDay,
    pub(super) position: u64,
    pub(super) settlement: SettlementId,
    pub(super) version: u32,
    pub(super) lines: Vec<SettledLine>,
}

impl ShowBook {
    /// The posting of a day's group; notes the event in it.
    pub(super) fn post(
        &mut self,
        day: CommercialDay,
        group: Group,
        (kind, position): (u16, u64),
    ) -> &mut Posting {
        let rounding = self.rounding;
        let posting = self
            .postings
            .entry(PostingKey { day, group })
            .or_insert_with(|| Posting { rounding, ..Posting::default() });
        posting.note(kind, position);
        posting
    }

    /// A ticket that is valid, with what it is posted by.
    pub(super) fn valid(&self, ticket: u64) -> Option<(Ticket, TicketKey)> {
        let row = self.tickets.get(ticket).copied().filter(|row| row.fee & CANCELLED == 0)?;
        Some((row, *self.lines.key(row.line)?))
    }
}
