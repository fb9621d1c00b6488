//! Codes of single things: a ticket that was handed on, a card, a gift card or voucher. Kept sealed, one entry each.

use soticket_schema::Event;
use soticket_schema::ids::{CardId, OrganisationId, StoredValueId, SubjectRef, TicketId};

use super::error::VaultError;
use super::keys::{Keys, Secret};
use super::random::Random;
use super::seal::{seal, unseal};
use super::slots::Slots;
use super::store::{StoredEntry, VaultStore};

/// What a single code belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeOwner {
    /// A ticket, since it was handed to another person.
    Ticket(TicketId),
    /// A subscriber card.
    Card(CardId),
    /// A gift card or voucher.
    StoredValue(StoredValueId),
}

impl CodeOwner {
    /// What an event gives a single code to, and who holds it.
    pub(super) fn of(event: &Event) -> Option<(Self, Option<SubjectRef>)> {
        match event {
            Event::TicketTransferred(event) => Some((Self::Ticket(event.ticket), Some(event.to))),
            Event::CardIssued(event) => Some((Self::Card(event.card), event.subject)),
            Event::StoredValueIssued(event) => Some((Self::StoredValue(event.value), event.subject)),
            _ => None,
        }
    }

    fn key(self, organisation: OrganisationId) -> Vec<u8> {
        let (kind, id) = match self {
            Self::Ticket(ticket) => (b't', ticket.0),
            Self::Card(card) => (b'c', card.0),
            Self::StoredValue(value) => (b'v', value.0),
        };
        [b"k".as_slice(), &organisation.0, &[kind], &id.to_be_bytes()].concat()
    }

    fn damaged(self) -> VaultError {
        VaultError::EntryDamaged { entry: format!("with the code of {self:?}") }
    }
}

/// The entry that keeps `text`: whose key it is sealed under comes before, 16 zeros for nobody in particular.
pub(super) fn entry(
    organisation: OrganisationId,
    owner: CodeOwner,
    subject: Option<SubjectRef>,
    text: &str,
    secret: &Secret,
    random: &mut Random,
) -> StoredEntry {
    let key = owner.key(organisation);
    let sealed = seal(secret, &key, text.as_bytes(), random);
    let value = [subject.unwrap_or_default().0.as_slice(), &sealed].concat();
    (key, value)
}

/// The code of `owner`, if there is an entry.
pub(super) fn find(
    store: &dyn VaultStore,
    organisation: OrganisationId,
    owner: CodeOwner,
    keys: &Keys,
    slots: &Slots,
) -> Result<Option<String>, VaultError> {
    let key = owner.key(organisation);
    let Some(value) = store.get(&key)? else { return Ok(None) };
    let (subject, sealed) = value.split_first_chunk::<16>().ok_or_else(|| owner.damaged())?;
    let subject = SubjectRef(*subject);
    let secret = if subject == SubjectRef::default() {
        keys.house()
    } else {
        // Emptied before the key is overwritten.
        let key = slots.key(subject).filter(|_| !sealed.is_empty());
        key.ok_or_else(|| VaultError::SubjectKeyMissing { subject: subject.to_string() })?
    };
    let plain = unseal(secret, &key, sealed).ok_or_else(|| owner.damaged())?;
    String::from_utf8(plain.to_vec()).map(Some).map_err(|_| owner.damaged())
}

/// The entry of `owner` without the code of a person; none when it holds none of theirs. That it did stays to be seen.
pub(super) fn emptied(
    store: &dyn VaultStore,
    organisation: OrganisationId,
    owner: CodeOwner,
    subject: SubjectRef,
) -> Result<Option<StoredEntry>, VaultError> {
    let key = owner.key(organisation);
    let value = store.get(&key)?;
    let theirs = value.is_some_and(|value| value.starts_with(&subject.0) && value.len() > subject.0.len());
    Ok(theirs.then(|| (key, subject.0.to_vec())))
}
