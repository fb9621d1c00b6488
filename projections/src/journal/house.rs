//! What entries need to know of the organisation: its calendar and lock, names, accounts, cards and open tills.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    AccountMapping, AccountMappingSet, ChannelKind, Leg, MethodKind, OrganisationParameters, ProductKind,
};
use soticket_schema::{
    CardId, ChannelId, Currency, Event, ItemId, MethodId, PartyId, PaymentId, ProductId, ShowId,
    TillSessionId, Timestamp,
};

use super::book::ShowBook;
use soticket_ledger::calendar::Calendar;
use soticket_schema::CommercialDay;

/// The organisation's own partition.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct House {
    pub(super) currency: Currency,
    pub(super) siret: String,
    pub(super) calendar: Calendar,
    /// Days before this one are locked.
    pub(super) first_open: Option<CommercialDay>,
    pub(super) mappings: Vec<DatedMapping>,
    pub(super) channels: BTreeMap<ChannelId, (String, ChannelKind)>,
    pub(super) methods: BTreeMap<MethodId, (String, MethodKind)>,
    pub(super) parties: BTreeMap<PartyId, String>,
    pub(super) products: BTreeMap<ProductId, ProductKind>,
    /// The item that each card was sold as, and its show.
    pub(super) cards: BTreeMap<CardId, (ItemId, Option<ShowId>)>,
    /// The drawer's way of paying of each open till.
    pub(super) drawers: BTreeMap<TillSessionId, MethodId>,
    /// The last payment's legs that may be of gift cards or vouchers: the event that says so comes right after it.
    pub(super) last_payment: Option<(PaymentId, Vec<Leg>)>,
    /// What belongs to no show.
    pub(super) book: ShowBook,
}

/// Accounts from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedMapping {
    /// First day whose entries are made on them, in days since 1970-01-01.
    pub(super) from: CommercialDay,
    /// 1, and one more for each that follows.
    pub version: u32,
    /// The accounts.
    pub mapping: AccountMapping,
    /// Position of the event that set them.
    pub position: u64,
}

impl DatedMapping {
    /// First commercial day whose entries are made on them.
    pub fn from(&self) -> jiff::civil::Date {
        self.from.date()
    }
}

impl House {
    /// The first day, from this instant's commercial day on, that is not locked.
    pub(super) fn open_day(&mut self, at: Timestamp) -> CommercialDay {
        let day = self.calendar.day(at);
        self.first_open.map_or(day, |open| day.max(open))
    }

    fn set(&mut self, parameters: &OrganisationParameters) {
        self.calendar.set(&parameters.time_zone, parameters.day_cutoff_minutes);
        self.siret.clone_from(&parameters.siret);
        self.book.rounding = parameters.rounding;
    }

    /// Takes definitions and days that end; false for any other event.
    pub(super) fn define(&mut self, event: &Event, position: u64) -> bool {
        match event {
            Event::OrganisationOpened(event) => {
                self.currency = event.currency;
                self.set(&event.parameters);
            }
            Event::OrganisationChanged(event) => self.set(&event.parameters),
            Event::ChannelOpened(event) => {
                self.channels.entry(event.channel).or_insert_with(|| (event.name.clone(), event.kind));
            }
            Event::MethodDefined(event) => {
                self.methods.entry(event.method).or_insert_with(|| (event.name.clone(), event.kind));
            }
            Event::PartyRegistered(event) => {
                self.parties.entry(event.party).or_insert_with(|| event.name.clone());
            }
            Event::ProductDefined(event) => {
                self.products.entry(event.product).or_insert(event.kind);
            }
            Event::AccountMappingSet(event) => self.map(event, position),
            Event::JournalLocked(event) => self.lock(event.through),
            Event::PeriodClosed(event) => self.lock_before(event.until.next()),
            _ => return false,
        }
        true
    }

    /// Entries of locked days keep the accounts that they had.
    fn map(&mut self, event: &AccountMappingSet, position: u64) {
        let from = self.open_day(event.valid_from);
        let (version, mapping) = (event.version, event.mapping.clone());
        self.mappings.push(DatedMapping { from, version, mapping, position });
    }

    /// A day that is locked stays locked.
    fn lock(&mut self, through: Timestamp) {
        let after = self.calendar.day(through).next();
        self.lock_before(after);
    }

    fn lock_before(&mut self, day: CommercialDay) {
        self.first_open = self.first_open.max(Some(day));
    }

    pub(super) fn kind_of(&self, channel: ChannelId) -> Option<ChannelKind> {
        self.channels.get(&channel).map(|(_, kind)| *kind)
    }

    /// Whether a third party sells there: what it collects it has to remit, and its fees are its own.
    pub(super) fn is_third_party(&self, channel: ChannelId) -> bool {
        matches!(self.kind_of(channel), Some(ChannelKind::Network | ChannelKind::RemoteBoxOffice))
    }
}
