//! Ticket codes: made at random, kept sealed in one page per commit and organisation.
//!
//! Tickets of one commit have consecutive numbers, so that a page under its first ticket number is found by the
//! greatest key that is not above the ticket's.

use serde::{Deserialize, Serialize};
use soticket_schema::ids::{OrganisationId, SubjectRef, TicketId};

use super::error::VaultError;
use super::keys::{Keys, Secret};
use super::random::Random;
use super::seal::{seal, unseal};
use super::slots::Slots;
use super::store::{StoredEntry, VaultStore};

/// The codes of one ticket.
#[derive(Serialize, Deserialize)]
pub(super) struct TicketTexts {
    pub(super) ticket: TicketId,
    pub(super) texts: Vec<String>,
}

/// Tickets whose codes are sealed together: those of one subject, or those of nobody in particular.
pub(super) struct CodeGroup {
    pub(super) subject: Option<SubjectRef>,
    pub(super) tickets: Vec<TicketTexts>,
}

/// The sealed groups of one commit.
#[derive(Serialize, Deserialize)]
pub(super) struct CodePage {
    groups: Vec<(Option<SubjectRef>, Vec<u8>)>,
}

fn prefix(organisation: OrganisationId) -> Vec<u8> {
    [b"c".as_slice(), &organisation.0].concat()
}

fn config() -> impl bincode::config::Config {
    bincode::config::standard().with_limit::<{ 8 << 20 }>()
}

fn damaged(ticket: TicketId) -> VaultError {
    VaultError::EntryDamaged { entry: format!("with the codes of ticket {ticket}") }
}

impl CodePage {
    /// The entry that keeps `groups`, which are not empty.
    pub(super) fn seal(
        organisation: OrganisationId,
        groups: Vec<CodeGroup>,
        keys: &Keys,
        slots: &Slots,
        random: &mut Random,
    ) -> Result<StoredEntry, VaultError> {
        let first = groups.iter().flat_map(|group| &group.tickets).map(|ticket| ticket.ticket).min();
        let first = first.unwrap_or_default();
        let key = [prefix(organisation), first.0.to_be_bytes().to_vec()].concat();
        let mut page = Self { groups: Vec::with_capacity(groups.len()) };
        for group in groups {
            let plain =
                bincode::serde::encode_to_vec(&group.tickets, config()).map_err(|_| damaged(first))?;
            let sealed = seal(group_key(group.subject, keys, slots)?, &key, &plain, random);
            page.groups.push((group.subject, sealed));
        }
        let value = bincode::serde::encode_to_vec(&page, config()).map_err(|_| damaged(first))?;
        Ok((key, value))
    }

    /// The entry of the page that has a ticket, if any page has.
    pub(super) fn entry_of(
        store: &dyn VaultStore,
        organisation: OrganisationId,
        ticket: TicketId,
    ) -> Result<Option<StoredEntry>, VaultError> {
        let prefix = prefix(organisation);
        let wanted = [prefix.as_slice(), &ticket.0.to_be_bytes()].concat();
        Ok(store.floor(&prefix, &wanted)?)
    }

    fn decode(value: &[u8], ticket: TicketId) -> Result<Self, VaultError> {
        let (page, _): (Self, usize) =
            bincode::serde::decode_from_slice(value, config()).map_err(|_| damaged(ticket))?;
        Ok(page)
    }

    /// A page without the codes of a person; none when it has none of theirs. That it had some stays to be seen.
    pub(super) fn without(
        value: &[u8],
        subject: SubjectRef,
        ticket: TicketId,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let mut page = Self::decode(value, ticket)?;
        let mut theirs = page
            .groups
            .iter_mut()
            .filter(|(of, sealed)| *of == Some(subject) && !sealed.is_empty())
            .peekable();
        if theirs.peek().is_none() {
            return Ok(None);
        }
        theirs.for_each(|(_, sealed)| sealed.clear());
        bincode::serde::encode_to_vec(&page, config()).map(Some).map_err(|_| damaged(ticket))
    }

    /// The codes of `ticket`; empty when no page has it.
    pub(super) fn find(
        store: &dyn VaultStore,
        organisation: OrganisationId,
        ticket: TicketId,
        keys: &Keys,
        slots: &Slots,
    ) -> Result<Vec<String>, VaultError> {
        let Some((key, value)) = Self::entry_of(store, organisation, ticket)? else { return Ok(Vec::new()) };
        let page = Self::decode(&value, ticket)?;
        let mut missing = None;
        for (subject, sealed) in page.groups {
            let secret = match group_key(subject, keys, slots) {
                // Emptied already, and the key not overwritten yet.
                Ok(_) if sealed.is_empty() => {
                    missing = Some(key_missing(subject.unwrap_or_default()));
                    continue;
                }
                Ok(secret) => secret,
                // Another person of the same commit may have been erased.
                Err(error) => {
                    missing = Some(error);
                    continue;
                }
            };
            let plain = unseal(secret, &key, &sealed).ok_or_else(|| damaged(ticket))?;
            let (tickets, _): (Vec<TicketTexts>, usize) =
                bincode::serde::decode_from_slice(&plain, config()).map_err(|_| damaged(ticket))?;
            if let Some(found) = tickets.into_iter().find(|found| found.ticket == ticket) {
                return Ok(found.texts);
            }
        }
        missing.map_or(Ok(Vec::new()), Err)
    }
}

fn group_key<'a>(
    subject: Option<SubjectRef>,
    keys: &'a Keys,
    slots: &'a Slots,
) -> Result<&'a Secret, VaultError> {
    match subject {
        None => Ok(keys.house()),
        Some(subject) => slots.key(subject).ok_or_else(|| key_missing(subject)),
    }
}

fn key_missing(subject: SubjectRef) -> VaultError {
    VaultError::SubjectKeyMissing { subject: subject.to_string() }
}
