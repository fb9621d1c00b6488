//! Forgetting persons: what was sealed for them is removed, then their keys are overwritten.
//!
//! An erasure is recorded before it is done. A crash in between leaves the person's slot, which is overwritten last: an
//! event that says that somebody is erased whose slot is there is finished at the next opening, before anything is served.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use soticket_schema::ids::{OrganisationId, SubjectRef, TicketId};

use super::codes::CodePage;
use super::error::VaultError;
use super::store::{StoredEntry, VaultStore};
use super::tokens::{self, CodeOwner};
use super::{Vault, persons};
use crate::state::{Belongings, State};

/// A person to forget, and what the vault keeps the codes of for them.
pub(crate) struct Erasure {
    organisation: OrganisationId,
    subject: SubjectRef,
    belongings: Belongings,
}

impl Erasure {
    /// A person with what they have by the decision state.
    pub(crate) fn of(state: &State, subject: SubjectRef) -> Self {
        Self { organisation: state.organisation(), subject, belongings: state.belongings(subject) }
    }
}

impl Vault {
    /// Finds and seals nothing for a person any more: they are about to be erased, or were. From the decision on, so that
    /// an order that is decided before the erasure is durable is somebody else's.
    pub(crate) fn hide(&self, subject: SubjectRef) {
        self.slots.write().hide(subject);
        self.recent.lock().retain(|_, known| *known != Some(subject));
        self.recent_persons.lock().persons.remove(&subject);
    }

    /// Whether something of a person who was erased is left.
    pub(crate) fn is_unfinished(&self, organisation: OrganisationId, subject: SubjectRef) -> bool {
        self.slots.read().has(organisation, subject)
    }

    /// Forgets persons whose erasure is in the log. Repeating it does no harm.
    ///
    /// # Errors
    /// The store or the slots failed: the process must stop, and its next start finishes what is left.
    pub(crate) fn erase(&self, erasures: &[Erasure]) -> Result<(), VaultError> {
        if erasures.is_empty() {
            return Ok(());
        }
        let mut removed = Vec::new();
        for erasure in erasures {
            // Put at once: the next person may have codes in the same page.
            self.store.put(&self.emptied(erasure)?)?;
            removed.extend(self.person_entries(erasure)?);
        }
        // A crash before this is durable leaves the slots, and all of it is done again.
        self.store.remove(&removed)?;
        let subjects: Vec<(OrganisationId, SubjectRef)> =
            erasures.iter().map(|erasure| (erasure.organisation, erasure.subject)).collect();
        self.slots.write().erase(&subjects)
    }

    /// The entries with the person's codes, without them. That they were there is kept, so that nobody takes their absence
    /// for damage.
    fn emptied(&self, erasure: &Erasure) -> Result<Vec<StoredEntry>, VaultError> {
        let Erasure { organisation, subject, belongings } = erasure;
        let store = self.store.as_ref();
        let mut entries = Vec::new();
        let mut pages = BTreeSet::new();
        for ticket in &belongings.tickets {
            if let Some((key, value)) = CodePage::entry_of(store, *organisation, *ticket)?
                && pages.insert(key.clone())
            {
                entries.extend(without(&value, *subject, *ticket).map(|value| (key, value)));
            }
        }
        let tickets = belongings.tickets.iter().map(|ticket| CodeOwner::Ticket(*ticket));
        let cards = belongings.cards.iter().map(|card| CodeOwner::Card(*card));
        let values = belongings.values.iter().map(|value| CodeOwner::StoredValue(*value));
        for owner in tickets.chain(cards).chain(values) {
            entries.extend(tokens::emptied(store, *organisation, owner, *subject)?);
        }
        Ok(entries)
    }

    /// Keys of the person's own entry and of the look-up by e-mail.
    fn person_entries(&self, erasure: &Erasure) -> Result<Vec<Vec<u8>>, VaultError> {
        let Erasure { organisation, subject, .. } = *erasure;
        let store: &dyn VaultStore = self.store.as_ref();
        let slots = self.slots.read();
        let person = slots.key(subject).and_then(|key| {
            // What cannot be read is removed all the same.
            persons::read(store, organisation, subject, key).ok().flatten()
        });
        let mut keys = vec![persons::person_key(organisation, subject)];
        match person {
            Some(person) => {
                let email = self.keys.email(organisation, &person.email);
                // The same e-mail may have been given for somebody new by now.
                if persons::find(store, organisation, email)? == Some(subject) {
                    keys.push(persons::email_key(organisation, email));
                }
            }
            // After a crash in the middle, or damage: nothing tells the e-mail any more, but the look-up names the person.
            None => keys.extend(persons::look_ups_of(store, organisation, subject)?),
        }
        Ok(keys)
    }
}

/// A page without the person's codes, if it had any. One that is damaged gives nobody's codes away any more.
fn without(page: &[u8], subject: SubjectRef, ticket: TicketId) -> Option<Vec<u8>> {
    CodePage::without(page, subject, ticket).unwrap_or_else(|error| {
        tracing::warn!(%error, "codes of a person who is erased could not be removed; their key is");
        None
    })
}
