//! All read models of one organisation, fed together.

use soticket_ledger::Entry;
use soticket_schema::{Hash, OrganisationId};

use super::plan::Place;
use crate::attendance::Attendance;
use crate::audit::Audit;
use crate::availability::Availability;
use crate::catalogue::Catalogue;
use crate::closings::Closings;
use crate::customers::Customers;
use crate::deals::Deals;
use crate::index::ShowIndex;
use crate::journal::Journal;
use crate::orders::Orders;
use crate::partition::{PartitionKey, Projection};
use crate::payment_costs::PaymentCosts;
use crate::rights::Rights;
use crate::sales::Sales;
use crate::settlement::Settlement;
use crate::stories::Stories;
use crate::tills::Tills;

/// How many read models there are.
pub(super) const COUNT: usize = 16;

/// All read models of one organisation, at one position of its log.
#[derive(Debug)]
pub struct OrganisationViews {
    /// Names and definitions.
    pub catalogue: Catalogue,
    /// Orders, tickets and holds.
    pub orders: Orders,
    /// Places.
    pub availability: Availability,
    /// Statements and money.
    pub settlement: Settlement,
    /// Sales by day.
    pub sales: Sales,
    /// Scans.
    pub attendance: Attendance,
    /// Customers.
    pub customers: Customers,
    /// Cards, gift cards and vouchers.
    pub rights: Rights,
    /// Till sessions.
    pub tills: Tills,
    /// Where each show's events are.
    pub index: ShowIndex,
    /// What payments cost.
    pub payment_costs: PaymentCosts,
    /// Deals, costs and sealed settlements.
    pub deals: Deals,
    /// Double entries.
    pub journal: Journal,
    /// Closings of days, months and years.
    pub closings: Closings,
    /// The audit journal.
    pub audit: Audit,
    /// Where the events of each order are, and the scans of each ticket.
    pub stories: Stories,
    /// Position of the next entry, and the hash that it has to name as its previous one.
    next: u64,
    head: Hash,
    /// Position of the next entry of each read model: ahead of `next` where a snapshot was younger than another.
    each: [u64; COUNT],
}

/// An entry that does not follow the last one folded. Nothing of its batch was folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    /// Positions are missing before it.
    #[error("expected position {expected}, got {got}")]
    Gap {
        /// Position of the next entry.
        expected: u64,
        /// Its position.
        got: u64,
    },
    /// It names another previous hash than that of the last entry folded.
    #[error("CHAIN_BROKEN: position {0} does not follow the entry before it; run verify")]
    Link(u64),
}

/// What the engine asks of a read model, whichever it is.
pub(super) trait Feed: Send {
    fn name(&self) -> &'static str;
    fn version(&self) -> u16;
    /// Folds those of consecutive entries, the first at position `from`, that it has not folded yet.
    fn fold_from(&mut self, from: u64, entries: &[Entry], its_next: &mut u64);
    fn partitions(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>));
    fn load_partition(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()>;
    fn clear(&mut self);
}

impl<P: Projection> Feed for P {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn version(&self) -> u16 {
        P::VERSION
    }

    fn fold_from(&mut self, from: u64, entries: &[Entry], its_next: &mut u64) {
        let ahead = usize::try_from(its_next.saturating_sub(from)).unwrap_or(usize::MAX);
        entries.get(ahead..).unwrap_or_default().iter().for_each(|entry| self.fold(entry));
        *its_next = from.saturating_add(entries.len() as u64).max(*its_next);
    }

    fn partitions(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        self.save(out);
    }

    fn load_partition(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        self.load(key, bytes)
    }

    fn clear(&mut self) {
        *self = P::default();
    }
}

impl OrganisationViews {
    pub(super) fn new(organisation: OrganisationId) -> Self {
        Self {
            catalogue: Catalogue::default(),
            orders: Orders::default(),
            availability: Availability::default(),
            settlement: Settlement::default(),
            sales: Sales::default(),
            attendance: Attendance::default(),
            customers: Customers::default(),
            rights: Rights::default(),
            tills: Tills::default(),
            index: ShowIndex::default(),
            payment_costs: PaymentCosts::default(),
            deals: Deals::default(),
            journal: Journal::default(),
            closings: Closings::default(),
            audit: Audit::default(),
            stories: Stories::default(),
            next: 0,
            head: Hash::genesis(organisation),
            each: [0; COUNT],
        }
    }

    pub(super) fn feeds(&self) -> [&dyn Feed; COUNT] {
        [
            &self.catalogue,
            &self.orders,
            &self.availability,
            &self.settlement,
            &self.sales,
            &self.attendance,
            &self.customers,
            &self.rights,
            &self.tills,
            &self.index,
            &self.payment_costs,
            &self.deals,
            &self.journal,
            &self.closings,
            &self.audit,
            &self.stories,
        ]
    }

    pub(super) fn feeds_mut(&mut self) -> [(&mut dyn Feed, &mut u64); COUNT] {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = &mut self.each;
        [
            (&mut self.catalogue, a),
            (&mut self.orders, b),
            (&mut self.availability, c),
            (&mut self.settlement, d),
            (&mut self.sales, e),
            (&mut self.attendance, f),
            (&mut self.customers, g),
            (&mut self.rights, h),
            (&mut self.tills, i),
            (&mut self.index, j),
            (&mut self.payment_costs, k),
            (&mut self.deals, l),
            (&mut self.journal, m),
            (&mut self.closings, n),
            (&mut self.audit, o),
            (&mut self.stories, p),
        ]
    }

    /// Puts read models back to where snapshots took them: `restore` is asked for each and says the position of its
    /// next entry and the hash before it, or none to build it from the beginning.
    pub(super) fn restore(&mut self, mut restore: impl FnMut(&mut dyn Feed) -> Option<(u64, Hash)>) {
        // The beginning is where a read model without a snapshot starts.
        let beginning = (0, self.head);
        let mut lowest = None;
        for (feed, its_next) in self.feeds_mut() {
            let found = restore(feed).unwrap_or_else(|| {
                feed.clear();
                beginning
            });
            *its_next = found.0;
            lowest = Some(
                lowest.map_or(found, |lowest: (u64, Hash)| if found.0 < lowest.0 { found } else { lowest }),
            );
        }
        (self.next, self.head) = lowest.unwrap_or(beginning);
    }

    /// Number of entries folded: the position of the next one.
    pub fn folded(&self) -> u64 {
        self.next
    }

    /// Position of the last event folded; none before the first.
    pub fn position(&self) -> Option<u64> {
        self.next.checked_sub(1)
    }

    /// Hash of the last event folded; the organisation's genesis hash before the first.
    pub fn head(&self) -> Hash {
        self.head
    }

    /// Folds consecutive entries. Those folded already are left out; a gap or a broken link folds nothing.
    pub(super) fn fold(&mut self, entries: &[Entry]) -> Result<(), Broken> {
        let known = entries.partition_point(|entry| entry.envelope.position < self.next);
        let entries = entries.get(known..).unwrap_or_default();
        let reached = follow(entries, (self.next, self.head))?;
        let first = self.next;
        for (feed, its_next) in self.feeds_mut() {
            feed.fold_from(first, entries, its_next);
        }
        self.reached(reached);
        Ok(())
    }

    /// Every read model has folded the entries before this place.
    pub(super) fn reached(&mut self, place: Place) {
        (self.next, self.head) = place;
    }
}

/// Where consecutive entries lead from a place that they have to follow.
pub(super) fn follow(entries: &[Entry], place: Place) -> Result<Place, Broken> {
    let (mut next, mut head) = place;
    for entry in entries {
        let got = entry.envelope.position;
        if got != next {
            return Err(Broken::Gap { expected: next, got });
        }
        if entry.envelope.previous != head {
            return Err(Broken::Link(got));
        }
        (next, head) = (next.saturating_add(1), entry.hash);
    }
    Ok((next, head))
}
