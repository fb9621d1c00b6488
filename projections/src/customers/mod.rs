//! Customers: what each person bought, by reference. Who they are is in the vault.

mod consents;
mod epochs;
mod kept;
mod purposes;
mod retention;
#[cfg(test)]
mod tests;
mod view;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize, Serializer};
use soticket_ledger::Entry;
use soticket_schema::event::v1::{Cancellation, OrderLines, SubjectErased, TicketTransferred};
use soticket_schema::{Amount, Envelope, Event, OrderId, PurposeId, ShowId, SubjectRef, TicketId, Timestamp};

use self::consents::Consents;
pub use self::consents::{ConsentEntry, ProfileEntry};
use self::epochs::Epochs;
pub use self::kept::KeptRecords;
use self::purposes::Purposes;
pub use self::purposes::{OwnRetention, PurposeInfo, Wording};
pub use self::retention::{RetentionDue, RetentionPeriod};
pub use self::view::*;
use crate::event;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};

/// What each customer bought.
///
/// A partition holds the subjects whose reference begins with the same byte: references are random, so that all
/// partitions grow alike.
#[derive(Debug, Default)]
pub struct Customers {
    anonymous: Record,
    epochs: Epochs,
    purposes: Purposes,
    subjects: Partitions<Subjects>,
}

/// Subjects of one partition. Their bytes are in the order of the references.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Subjects(#[serde(serialize_with = "in_order")] FxHashMap<SubjectRef, Record>);

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Record {
    /// Ascending.
    orders: Vec<OrderId>,
    tickets: i64,
    paid: Amount,
    returned: Amount,
    last_purchase: Option<Timestamp>,
    /// Valid tickets per show, by show.
    shows: Vec<(ShowId, i64)>,
    /// Tickets that others bought and that were handed to them, ascending.
    received: Vec<TicketId>,
    /// When they were erased, and where in the log.
    erased: Option<(Timestamp, u64)>,
    /// The last contact that came from them.
    contact: Option<Timestamp>,
    /// When the books last moved for them.
    moved: Option<Timestamp>,
    consents: Consents,
    profile: Vec<ProfileEntry>,
}

const SUBJECTS: u8 = 1;

impl Projection for Customers {
    const NAME: &'static str = "customers";
    const VERSION: u16 = 4;

    fn fold(&mut self, entry: &Entry) {
        if let Some(lines) = event::sold(&entry.event) {
            let record = self.record(lines.subject);
            record.buy(lines, entry.envelope.occurred_at);
            record.contacted(entry.envelope.occurred_at);
            record.moved(entry.envelope.occurred_at);
        } else if let Some(money) = event::money(&entry.event) {
            let amount = money.legs.iter().map(|leg| leg.amount).sum();
            let record = self.record(money.subject);
            let total = if money.refund { &mut record.returned } else { &mut record.paid };
            *total += amount;
            record.moved(entry.envelope.occurred_at);
        } else if let Some(cancellation) = event::cancelled(&entry.event) {
            let record = self.record(cancellation.subject);
            record.cancel(cancellation);
            record.moved(entry.envelope.occurred_at);
        } else if let Event::TicketTransferred(event) = &entry.event {
            self.hand_on(event, entry.envelope.occurred_at);
        } else if let Event::SubjectErased(event) = &entry.event {
            self.erase(event, &entry.envelope);
        } else if let Some(subject) = in_touch(&entry.event) {
            self.record(Some(subject)).note(&entry.envelope, &entry.event);
        } else {
            self.epochs.fold(entry);
            self.purposes.fold(&entry.envelope, &entry.event);
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&(&self.anonymous, &self.epochs, &self.purposes)));
        self.subjects.save(SUBJECTS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => (self.anonymous, self.epochs, self.purposes) = decode(bytes)?,
            PartitionKey { family: SUBJECTS, id } => self.subjects.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

/// Who was in touch by an event that is no sale.
fn in_touch(event: &Event) -> Option<SubjectRef> {
    match event {
        Event::HoldPlaced(event) => event.subject,
        Event::ProfileChanged(event) => Some(event.subject),
        Event::ConsentGiven(event) => Some(event.subject),
        Event::ConsentWithdrawn(event) => Some(event.subject),
        _ => None,
    }
}

fn in_order<S: Serializer>(records: &FxHashMap<SubjectRef, Record>, out: S) -> Result<S::Ok, S::Error> {
    out.collect_map(sorted(records))
}

fn sorted(records: &FxHashMap<SubjectRef, Record>) -> Vec<(&SubjectRef, &Record)> {
    let mut records: Vec<_> = records.iter().collect();
    records.sort_unstable_by_key(|(subject, _)| **subject);
    records
}

impl Record {
    fn moved(&mut self, at: Timestamp) {
        self.moved = self.moved.max(Some(at));
    }

    fn contacted(&mut self, at: Timestamp) {
        self.contact = self.contact.max(Some(at));
    }

    /// Takes in what a person said, or what was noted of them. What staff change is no contact, but it is the first trace
    /// of somebody who had none.
    fn note(&mut self, envelope: &Envelope, event: &Event) {
        self.consents.note(envelope, event);
        let Event::ProfileChanged(changed) = event else {
            return self.contacted(envelope.occurred_at);
        };
        if changed.by_person || self.contact.is_none() {
            self.contacted(envelope.occurred_at);
        }
        self.profile.push(ProfileEntry {
            set: changed.set.clone(),
            cleared: changed.cleared.clone(),
            by_person: changed.by_person,
            recorded_at: envelope.recorded_at,
            position: envelope.position,
        });
    }

    fn buy(&mut self, lines: &OrderLines, at: Timestamp) {
        // A report may add lines to an order that exists; orders come in ascending order otherwise.
        if self.orders.last().is_none_or(|last| *last < lines.order) {
            self.orders.push(lines.order);
        } else if let Err(index) = self.orders.binary_search(&lines.order) {
            self.orders.insert(index, lines.order);
        }
        self.last_purchase = self.last_purchase.max(Some(at));
        for tickets in lines.tickets.chunk_by(|left, right| left.show == right.show) {
            if let Some(line) = tickets.first() {
                self.count(line.show, i64::try_from(tickets.len()).unwrap_or(i64::MAX));
            }
        }
    }

    fn cancel(&mut self, cancellation: &Cancellation) {
        for cancelled in &cancellation.tickets {
            self.count(cancelled.show, -1);
        }
    }

    fn count(&mut self, show: ShowId, change: i64) {
        self.tickets = self.tickets.saturating_add(change);
        match self.shows.binary_search_by_key(&show, |(known, _)| *known) {
            Ok(index) => {
                if let Some((_, tickets)) = self.shows.get_mut(index) {
                    *tickets = tickets.saturating_add(change);
                }
            }
            Err(index) => self.shows.insert(index, (show, change)),
        }
    }

    fn view(&self, subject: Option<SubjectRef>, epochs: &Epochs) -> Customer {
        Customer {
            subject,
            orders: self.orders.clone(),
            tickets: u64::try_from(self.tickets).unwrap_or(0),
            paid: self.paid,
            returned: self.returned,
            spend: self.paid - self.returned,
            last_purchase: self.last_purchase,
            received: self.received.clone(),
            erased_at: self.erased.map(|(at, _)| at),
            erased_in_backups_at: self.erased.and_then(|(_, position)| epochs.destroyed_after(position)),
            last_contact: self.contact,
            last_movement: self.moved,
            consents: self.consents.all().to_vec(),
            profile_changes: self.profile.clone(),
            shows: self.shows.iter().filter(|(_, tickets)| *tickets > 0).map(|(show, _)| *show).collect(),
        }
    }
}

/// The partition of a subject: the first byte of its reference.
fn partition(subject: SubjectRef) -> u64 {
    subject.0.first().copied().map_or(0, u64::from)
}

impl Customers {
    fn record(&mut self, subject: Option<SubjectRef>) -> &mut Record {
        match subject {
            None => &mut self.anonymous,
            Some(subject) => self.subjects.entry(partition(subject)).0.entry(subject).or_default(),
        }
    }

    /// A ticket stays with the order and the money of who bought it.
    fn hand_on(&mut self, event: &TicketTransferred, at: Timestamp) {
        let from = self.record(event.from);
        from.received.retain(|ticket| *ticket != event.ticket);
        let record = self.record(Some(event.to));
        record.contacted(at);
        let received = &mut record.received;
        if let Err(place) = received.binary_search(&event.ticket) {
            received.insert(place, event.ticket);
        }
    }

    /// The person is nobody any more; what they bought stays counted.
    fn erase(&mut self, event: &SubjectErased, envelope: &Envelope) {
        let erased = &mut self.record(Some(event.subject)).erased;
        erased.get_or_insert((envelope.recorded_at, envelope.position));
        self.epochs.erased();
    }

    /// Whether the vault has something to do for persons who were erased.
    pub fn vault_is_due(&self) -> bool {
        self.epochs.is_due()
    }

    /// What is known of a customer; none for a subject that the log does not name.
    pub fn customer(&self, subject: SubjectRef) -> Option<Customer> {
        let record = self.subjects.get(partition(subject))?.0.get(&subject)?;
        Some(record.view(Some(subject), &self.epochs))
    }

    /// A purpose that persons can agree to.
    pub fn purpose(&self, purpose: PurposeId) -> Option<&PurposeInfo> {
        self.purposes.get(purpose)
    }

    /// Purposes, by number.
    pub fn purposes(&self) -> &[PurposeInfo] {
        self.purposes.all()
    }

    /// Periods of retention that the organisation has set, oldest first.
    pub fn own_retention(&self) -> &[OwnRetention] {
        self.purposes.retention()
    }

    /// The consent of a person to a purpose, if they agree to it now.
    pub fn consent(&self, subject: SubjectRef, purpose: PurposeId) -> Option<ConsentEntry> {
        let record = self.subjects.get(partition(subject))?.0.get(&subject)?;
        let present = record.consents.present(purpose).filter(|entry| entry.given());
        present.filter(|_| record.erased.is_none()).copied()
    }

    /// All orders without a known buyer together.
    pub fn anonymous(&self) -> Customer {
        self.anonymous.view(None, &self.epochs)
    }

    /// Known customers after this one, by reference, at most `limit`.
    pub fn list(&self, after: Option<SubjectRef>, limit: usize) -> Vec<Customer> {
        let first = after.map_or(0, partition);
        let partitions = self.subjects.sorted().filter(|(id, _)| *id >= first);
        let records = partitions.flat_map(|(_, subjects)| sorted(&subjects.0));
        let later = records.filter(|(subject, _)| after.is_none_or(|after| **subject > after));
        later.take(limit).map(|(subject, record)| record.view(Some(*subject), &self.epochs)).collect()
    }

    /// Number of known customers.
    pub fn count(&self) -> usize {
        self.subjects.sorted().map(|(_, subjects)| subjects.0.len()).sum()
    }
}
