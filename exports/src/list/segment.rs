//! The list of a segment's customers: those who agree to what the list is for, and nobody else.

use std::io;

use soticket_ledger::Ledger;
use soticket_ledger::vault::VaultError;
use soticket_projections::customers::{ConsentEntry, Customer};
use soticket_projections::segments::Criteria;
use soticket_projections::{OrganisationViews, Projections};
use soticket_schema::profile::Profile;
use soticket_schema::{Currency, OrganisationId, PurposeId, SubjectRef, Timestamp};

use super::orders::text;
use super::{PAGE, Source, words};
use crate::document::{Cell, Column, ColumnKind};

/// How many of a segment a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Customers of the segment.
    pub segment: usize,
    /// Those who agree to the purpose.
    pub consenting: usize,
}

/// Rows of those who agree.
pub(super) struct Segment<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) projections: &'a Projections,
    pub(super) organisation: OrganisationId,
    pub(super) purpose: PurposeId,
    pub(super) members: Vec<SubjectRef>,
}

pub(super) fn columns(currency: Currency) -> Vec<Column> {
    vec![
        Column::text(words::CUSTOMER),
        Column::text(words::EMAIL),
        Column::text(words::NAME),
        Column::text(words::TELEPHONE),
        Column::text(words::LANGUAGE),
        Column::text(words::POSTAL_CODE),
        Column::text(words::COUNTRY),
        Column::count(words::ORDER_COUNT),
        Column::count(words::TICKET_COUNT),
        Column::amount(words::SPEND, currency),
        Column::new(words::LAST_PURCHASE, ColumnKind::Instant),
        Column::new(words::CONSENT_AT, ColumnKind::Instant),
        Column::new(words::WORDING, ColumnKind::Number),
    ]
}

/// Who of a segment agrees to a purpose, and how many that leaves out.
pub(super) fn members(
    views: &OrganisationViews,
    (criteria, purpose): (&Criteria, PurposeId),
    now: Timestamp,
) -> (Vec<SubjectRef>, Chosen) {
    let segment = views.segment(criteria, now);
    let agrees = |subject: &SubjectRef| views.customers.consent(*subject, purpose).is_some();
    let members: Vec<_> = segment.iter().filter_map(|customer| customer.subject).filter(agrees).collect();
    let chosen = Chosen { segment: segment.len(), consenting: members.len() };
    (members, chosen)
}

impl Source for Segment<'_> {
    /// Marks are places in the list of members. Consent is looked up again: it may have been withdrawn meanwhile.
    fn page(&self, after: Option<u64>) -> io::Result<(Vec<Vec<Cell>>, Option<u64>)> {
        let from = after.map_or(0, |place| usize::try_from(place).unwrap_or(usize::MAX));
        let page = self.members.get(from..).unwrap_or_default();
        let page = page.get(..PAGE).unwrap_or(page);
        let agreeing = |views: &OrganisationViews| -> Vec<(Customer, ConsentEntry)> {
            let row = |subject: &SubjectRef| {
                let consent = views.customers.consent(*subject, self.purpose)?;
                Some((views.customers.customer(*subject)?, consent))
            };
            page.iter().filter_map(row).collect()
        };
        let customers = self.projections.view(self.organisation, agreeing).unwrap_or_default();
        let mut rows = Vec::with_capacity(customers.len());
        for (customer, consent) in &customers {
            rows.extend(self.row(customer, consent)?);
        }
        let mark = (!page.is_empty()).then_some((from + page.len()) as u64);
        Ok((rows, mark))
    }
}

impl Segment<'_> {
    fn row(&self, customer: &Customer, consent: &ConsentEntry) -> io::Result<Option<Vec<Cell>>> {
        let Some(subject) = customer.subject else { return Ok(None) };
        let profile = match self.ledger.profile(self.organisation, subject) {
            Ok(Some(profile)) => profile,
            // Erased meanwhile.
            Ok(None) | Err(VaultError::SubjectKeyMissing { .. }) => return Ok(None),
            Err(error) => return Err(io::Error::other(error)),
        };
        let Profile { email, name, telephone, language, postal_code, country } = &profile;
        let personal = [email, name, telephone, language, postal_code, country];
        let mut cells = vec![Cell::from(subject.to_string())];
        cells.extend(personal.map(|value| text(value)));
        cells.extend([
            Cell::count(customer.orders.len() as u64),
            Cell::count(customer.tickets),
            customer.spend.into(),
            customer.last_purchase.map_or(Cell::Empty, Into::into),
            consent.occurred_at.into(),
            consent.version.map_or(Cell::Empty, |version| Cell::Number(version.into())),
        ]);
        Ok(Some(cells))
    }
}
