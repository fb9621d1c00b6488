//! Everything that is kept about one person, as JSON for programs: what the vault holds, what the read models make of the
//! log, and the records themselves. Other persons' references are left out of them.

mod bought;

use serde_json::{Map, Value, json};
use soticket_ledger::vault::VaultError;
use soticket_ledger::{Entry, Ledger};
use soticket_projections::customers::{Customer, PurposeInfo};
use soticket_projections::orders::Order;
use soticket_projections::rights::{CardInfo, StoredValueInfo};
use soticket_projections::{OrganisationViews, Projections};
use soticket_schema::event::v1::{ConsentSource, ProfileField};
use soticket_schema::{Currency, Event, OrganisationId, SubjectRef, TicketId, Timestamp};

/// Name and version of this layout.
const FORMAT: &str = "soticket-person/1";

/// Why there is no export of a person.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// The vault cannot be read.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The log cannot be read.
    #[error("{0}")]
    Log(#[from] soticket_ledger::log::LogError),
    /// A record cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// What the read models hold of a person.
struct Held {
    customer: Customer,
    orders: Vec<Order>,
    received: Vec<TicketId>,
    cards: Vec<CardInfo>,
    values: Vec<StoredValueInfo>,
    purposes: Vec<PurposeInfo>,
    holds: Vec<Value>,
    orders_json: Vec<Value>,
    positions: Vec<u64>,
    /// Where the tickets may have been handed to them.
    handed: Vec<u64>,
    currency: Currency,
    organisation: String,
    position: u64,
}

/// Everything about one person; none for a reference that the log does not name. For somebody who was erased it is what is
/// left: nothing says who they were.
///
/// Whoever gives it out has it noted in the audit journal first.
///
/// # Errors
/// See [`PersonError`].
pub fn person(
    ledger: &Ledger,
    projections: &Projections,
    organisation: OrganisationId,
    subject: SubjectRef,
    now: Timestamp,
) -> Result<Option<Value>, PersonError> {
    let held = projections.view(organisation, |views| Held::of(views, subject));
    let Some(held) = held.flatten() else { return Ok(None) };
    let profile = match ledger.profile(organisation, subject) {
        Ok(profile) => profile,
        Err(VaultError::SubjectKeyMissing { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let mut entries = ledger.read_at(organisation, &held.positions)?;
    let handed = ledger.read_at(organisation, &held.handed)?.into_iter();
    entries.extend(handed.filter(|entry| is_handed_on(&entry.event, subject)));
    entries.sort_unstable_by_key(|entry| entry.envelope.position);
    let records = entries.iter().map(|entry| record(entry, subject)).collect::<Result<Vec<_>, _>>()?;
    let profile = profile.map(|profile| {
        let field = |field: ProfileField| (name(field).to_owned(), Value::from(profile.get(field)));
        Value::Object(ProfileField::ALL.into_iter().map(field).collect::<Map<_, _>>())
    });
    let customer = &held.customer;
    Ok(Some(json!({
        "format": FORMAT,
        "organisation": { "id": organisation.to_string(), "name": held.organisation },
        "reference": subject.to_string(),
        "made_at": now.to_string(),
        "position": held.position,
        "erased_at": customer.erased_at.map(|at| at.to_string()),
        "profile": profile,
        "profile_changes": customer.profile_changes.iter().map(|change| json!({
            "recorded_at": change.recorded_at.to_string(),
            "set": change.set.iter().copied().map(name).collect::<Vec<_>>(),
            "cleared": change.cleared.iter().copied().map(name).collect::<Vec<_>>(),
            "by_person": change.by_person,
            "position": change.position,
        })).collect::<Vec<_>>(),
        "consents": held.consents(),
        "last_contact": customer.last_contact.map(|at| at.to_string()),
        "totals": {
            "currency": held.currency.code(),
            "paid": customer.paid.display(held.currency),
            "returned": customer.returned.display(held.currency),
            "spend": customer.spend.display(held.currency),
            "valid_tickets": customer.tickets,
        },
        "orders": held.orders_json,
        "received_tickets": held.received.iter().map(|ticket| ticket.0).collect::<Vec<_>>(),
        "codes": held.codes(ledger, organisation)?,
        "cards": held.cards.iter().map(bought::card).collect::<Vec<_>>(),
        "stored_values": held.values.iter().map(|value| bought::value(value, held.currency)).collect::<Vec<_>>(),
        "holds": held.holds,
        "records": records,
    })))
}

impl Held {
    fn of(views: &OrganisationViews, subject: SubjectRef) -> Option<Self> {
        let customer = views.customers.customer(subject)?;
        let info = views.catalogue.organisation()?;
        let orders: Vec<Order> =
            customer.orders.iter().filter_map(|order| views.orders.order(*order)).collect();
        let received = customer.received.clone();
        let tickets = orders.iter().flat_map(|order| order.tickets.iter().map(|ticket| ticket.ticket));
        let tickets: Vec<TicketId> = tickets.chain(received.iter().copied()).collect();
        let mut positions: Vec<u64> =
            orders.iter().flat_map(|order| views.stories.order(order.order)).collect();
        positions.extend(tickets.iter().flat_map(|ticket| views.stories.scans(*ticket)));
        positions.extend(customer.consents.iter().map(|consent| consent.position));
        positions.extend(customer.profile_changes.iter().map(|change| change.position));
        positions.sort_unstable();
        positions.dedup();
        let order_of = |ticket: &TicketId| views.orders.ticket(*ticket).map(|ticket| ticket.order);
        let handed = received.iter().filter_map(order_of).flat_map(|order| views.stories.order(order));
        let mut handed: Vec<u64> =
            handed.filter(|position| positions.binary_search(position).is_err()).collect();
        handed.sort_unstable();
        handed.dedup();
        let cards = views.rights.cards_of(subject).into_iter().cloned().collect();
        let values = views.rights.values_of(subject).into_iter().cloned().collect();
        let orders_json = orders.iter().map(|order| bought::order(views, order, info.currency)).collect();
        let holds = bought::holds(views, subject);
        let purposes = views.customers.purposes().to_vec();
        let (currency, organisation) = (info.currency, info.parameters.name.clone());
        let position = views.position()?;
        Some(Self {
            customer,
            orders,
            received,
            cards,
            values,
            purposes,
            holds,
            orders_json,
            positions,
            handed,
            currency,
            organisation,
            position,
        })
    }

    /// What was said of each purpose, with the wording that was agreed to.
    fn consents(&self) -> Vec<Value> {
        let consent = |entry: &soticket_projections::customers::ConsentEntry| {
            let purpose = self.purposes.iter().find(|purpose| purpose.purpose == entry.purpose);
            let wording = entry
                .version
                .and_then(|version| purpose?.wordings.get(usize::try_from(version).ok()?.checked_sub(1)?));
            json!({
                "purpose": purpose.map(|purpose| purpose.key.clone()),
                "given": entry.given(),
                "version": entry.version,
                "wording": wording.map(|wording| wording.text.clone()),
                "source": source(entry.source),
                "occurred_at": entry.occurred_at.to_string(),
                "recorded_at": entry.recorded_at.to_string(),
                "position": entry.position,
            })
        };
        self.customer.consents.iter().map(consent).collect()
    }

    /// Codes of tickets in clear, as the vault keeps them.
    fn codes(&self, ledger: &Ledger, organisation: OrganisationId) -> Result<Vec<Value>, PersonError> {
        let own = self.orders.iter().flat_map(|order| &order.tickets);
        let own = own.filter(|ticket| ticket.holder.is_none()).map(|ticket| ticket.ticket);
        let mut codes = Vec::new();
        for ticket in own.chain(self.received.iter().copied()) {
            match ledger.codes(organisation, ticket) {
                Ok(texts) => codes.push(json!({ "ticket": ticket.0, "codes": texts })),
                // Erased.
                Err(VaultError::SubjectKeyMissing { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(codes)
    }
}

/// Whether an event hands a ticket to a person, or on from them. The rest of the order is its buyer's.
fn is_handed_on(event: &Event, subject: SubjectRef) -> bool {
    match event {
        Event::TicketTransferred(event) => event.to == subject || event.from == Some(subject),
        _ => false,
    }
}

/// A record as the log has it, without the references of other persons.
fn record(entry: &Entry, subject: SubjectRef) -> Result<Value, PersonError> {
    let mut payload = serde_json::to_value(&entry.event)?;
    without_others(&mut payload, &subject.to_string());
    let envelope = &entry.envelope;
    Ok(json!({
        "position": envelope.position,
        "event": entry.event.name(),
        "recorded_at": envelope.recorded_at.to_string(),
        "occurred_at": envelope.occurred_at.to_string(),
        "hash": entry.hash.to_string(),
        "payload": payload,
    }))
}

/// Fields that hold a person's reference.
const PERSONS: [&str; 3] = ["subject", "from", "to"];

fn without_others(value: &mut Value, own: &str) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let other =
                    value.as_str().is_some_and(|text| text != own && SubjectRef::parse(text).is_some());
                if other && PERSONS.contains(&name.as_str()) {
                    *value = Value::Null;
                } else {
                    without_others(value, own);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| without_others(item, own)),
        _ => {}
    }
}

fn name(field: ProfileField) -> &'static str {
    match field {
        ProfileField::Email => "email",
        ProfileField::Name => "name",
        ProfileField::Telephone => "telephone",
        ProfileField::Language => "language",
        ProfileField::PostalCode => "postal_code",
        ProfileField::Country => "country",
    }
}

fn source(source: ConsentSource) -> &'static str {
    match source {
        ConsentSource::WebForm => "web_form",
        ConsentSource::BoxOffice => "box_office",
        ConsentSource::Telephone => "telephone",
        ConsentSource::Paper => "paper",
        ConsentSource::Link => "link",
        ConsentSource::Import => "import",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_others_are_left_out_wherever_they_stand() {
        let (own, other) = (SubjectRef([1; 16]).to_string(), SubjectRef([2; 16]).to_string());
        let mut value = json!({ "from": own, "to": other, "lines": { "subject": other, "tickets": [{ "to": own }] },
            "name": other, "seller": "to" });
        without_others(&mut value, &own);
        let left = json!({ "from": own, "to": null, "lines": { "subject": null, "tickets": [{ "to": own }] },
            "name": other, "seller": "to" });
        assert_eq!(value, left);
    }
}
