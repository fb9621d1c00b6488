//! Whose data are to be erased because the time is over for which they may be kept.

use soticket_ledger::law::retention::{self, Period};
use soticket_schema::event::v1::RetentionClass;
use soticket_schema::{SubjectRef, Timestamp};

use super::{Customers, Record, sorted};

/// How long data of a class of persons are kept, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionPeriod {
    /// Whose.
    pub class: RetentionClass,
    /// Months from the last contact that came from the person.
    pub months: u16,
    /// What it rests on, with its date.
    pub source: String,
    /// Position of the event that set it; none for what the program brings.
    pub position: Option<u64>,
}

/// Somebody whose data are to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionDue {
    /// The person.
    pub subject: SubjectRef,
    /// As what their data were kept.
    pub class: RetentionClass,
    /// Their last contact.
    pub last_contact: Timestamp,
    /// When the time was over.
    pub due_at: Timestamp,
}

impl Record {
    /// As what the person's data are kept.
    fn class(&self) -> RetentionClass {
        let customer = !self.orders.is_empty() || !self.received.is_empty();
        if customer { RetentionClass::Customer } else { RetentionClass::Prospect }
    }
}

impl Customers {
    /// How long data of a class are kept at an instant: as the organisation said last, else as the program brings it.
    pub fn retention(&self, class: RetentionClass, now: Timestamp) -> Option<RetentionPeriod> {
        let own = self.purposes.retention().iter().rev().find(|own| own.set.class == class);
        if let Some(own) = own {
            let (months, source) = (own.set.months, own.set.source.clone());
            return Some(RetentionPeriod { class, months, source, position: Some(own.position) });
        }
        let Period { months, legal_basis, source, .. } = retention::of_class(class, now)?;
        let source = format!("{legal_basis} ({source})");
        Some(RetentionPeriod { class, months: *months, source, position: None })
    }

    /// Whose time is over at `now`, by reference, at most `limit` after one. Who was erased is none of them.
    pub fn retention_due(
        &self,
        now: Timestamp,
        zone: &str,
        after: Option<SubjectRef>,
        limit: usize,
    ) -> Vec<RetentionDue> {
        let periods = RetentionClass::ALL.map(|class| self.retention(class, now).map(|period| period.months));
        let due = |(subject, record): (&SubjectRef, &Record)| {
            let (class, last_contact) = (record.class(), record.contact?);
            let months = periods.get(class as usize).copied().flatten()?;
            let due_at = retention::months_after(last_contact, months, zone)?;
            let over = record.erased.is_none() && due_at <= now;
            over.then_some(RetentionDue { subject: *subject, class, last_contact, due_at })
        };
        let records = self.subjects.sorted().flat_map(|(_, subjects)| sorted(&subjects.0));
        let later = records.filter(|(subject, _)| after.is_none_or(|after| **subject > after));
        later.filter_map(due).take(limit).collect()
    }
}
