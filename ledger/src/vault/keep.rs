//! What accepted commands bring: kept until the commit, sealed, and put into the store before the log's own commit.

use soticket_schema::command::Person;
use soticket_schema::event::v1::OrderLines;
use soticket_schema::ids::{OrganisationId, SubjectRef};
use soticket_schema::{Command, Event};

use super::codes::{CodeGroup, CodePage, TicketTexts};
use super::error::VaultError;
use super::signing_keys::{self, SigningKeyId};
use super::tokens::{self, CodeOwner};
use super::{Flush, Pending, Prepared, Vault, Writes, persons};

impl Vault {
    /// Keeps what an accepted command brought, until the commit.
    ///
    /// # Errors
    /// A key slot cannot be written.
    pub fn keep<'a>(
        &self,
        command: &Command,
        prepared: Prepared,
        mut events: impl Iterator<Item = &'a Event>,
        writes: &mut Writes,
    ) -> Result<(), VaultError> {
        let pending = writes.organisations.entry(command.organisation).or_default();
        if let (Some(buyer), Some(subject)) = (command.body.buyer(), prepared.subject) {
            self.keep_person(command.organisation, subject, buyer, pending)?;
        }
        if let Some(private) = &prepared.signing_key {
            let key = events.find_map(SigningKeyId::registered);
            let random = &mut *self.random.lock();
            pending.entries.extend(
                key.map(|key| signing_keys::sealed(command.organisation, key, &self.keys, private, random)),
            );
            return Ok(());
        }
        // Events name codes in the order in which they were prepared.
        let mut texts = prepared.texts.into_iter();
        for event in events {
            if let Some(lines) = order_lines(event).filter(|lines| !lines.tickets.is_empty()) {
                self.keep_codes(command.organisation, lines, &mut texts, pending)?;
            } else if let Some((owner, subject)) = CodeOwner::of(event)
                && let Some(text) = texts.next()
            {
                self.keep_code(command.organisation, (owner, subject), &text, pending)?;
            }
        }
        Ok(())
    }

    fn keep_code(
        &self,
        organisation: OrganisationId,
        (owner, subject): (CodeOwner, Option<SubjectRef>),
        text: &str,
        pending: &mut Pending,
    ) -> Result<(), VaultError> {
        let mut slots = self.slots.write();
        let random = &mut *self.random.lock();
        // As with_key says.
        let subject = subject.filter(|subject| !slots.is_erased(*subject));
        let secret = match subject {
            Some(subject) => slots.key_or_new(organisation, subject, random)?,
            None => self.keys.house(),
        };
        pending.entries.push(tokens::entry(organisation, owner, subject, text, secret, random));
        Ok(())
    }

    fn keep_person(
        &self,
        organisation: OrganisationId,
        subject: SubjectRef,
        person: &Person,
        pending: &mut Pending,
    ) -> Result<(), VaultError> {
        let mut slots = self.slots.write();
        let random = &mut *self.random.lock();
        let key = slots.key_or_new(organisation, subject, random)?;
        if persons::read(self.store.as_ref(), organisation, subject, key)?.as_ref() == Some(person) {
            return Ok(());
        }
        pending.entries.push(persons::sealed(organisation, subject, key, person, random));
        if !person.email.trim().is_empty() {
            let email = self.keys.email(organisation, &person.email);
            pending.entries.push(persons::email_entry(organisation, email, subject));
            pending.emails.push((email, subject));
            self.recent.lock().insert((organisation, email), subject);
        }
        Ok(())
    }

    fn keep_codes(
        &self,
        organisation: OrganisationId,
        lines: &OrderLines,
        texts: &mut impl Iterator<Item = String>,
        pending: &mut Pending,
    ) -> Result<(), VaultError> {
        // Most sales are to nobody in particular: they do not wait for the slots.
        let subject = match lines.subject {
            Some(subject) => self.with_key(organisation, subject)?,
            None => None,
        };
        let tickets = lines.tickets.iter();
        let taken = tickets.map(|line| TicketTexts {
            ticket: line.ticket,
            texts: texts.by_ref().take(line.codes.len()).collect(),
        });
        match pending.codes.iter_mut().find(|group| subject.is_none() && group.subject.is_none()) {
            Some(house) => house.tickets.extend(taken),
            None => pending.codes.push(CodeGroup { subject, tickets: taken.collect() }),
        }
        Ok(())
    }

    /// The subject, with a key made if there was none; none for somebody who was erased: what is made for them from then on
    /// is nobody's in particular.
    fn with_key(
        &self,
        organisation: OrganisationId,
        subject: SubjectRef,
    ) -> Result<Option<SubjectRef>, VaultError> {
        let mut slots = self.slots.write();
        if slots.is_erased(subject) {
            return Ok(None);
        }
        slots.key_or_new(organisation, subject, &mut self.random.lock())?;
        Ok(Some(subject))
    }

    /// Seals what was kept. Called once per commit, with everything of that commit.
    ///
    /// # Errors
    /// A subject's key is not there, or the slots' file cannot be used.
    pub fn flush(&self, writes: Writes) -> Result<Flush, VaultError> {
        let mut slots = self.slots.write();
        let random = &mut *self.random.lock();
        let (mut entries, mut emails) = (Vec::new(), Vec::new());
        for (organisation, pending) in writes.organisations {
            emails
                .extend(pending.emails.into_iter().map(|(email, subject)| ((organisation, email), subject)));
            entries.extend(pending.entries);
            if !pending.codes.is_empty() {
                entries.push(CodePage::seal(organisation, pending.codes, &self.keys, &slots, random)?);
            }
        }
        Ok(Flush { slots: slots.unsynced()?, entries, emails })
    }

    /// Writes what [`Self::flush`] prepared. The entries become durable with the log's next commit.
    ///
    /// # Errors
    /// The slots cannot be synced or the store failed: the process must stop.
    pub fn put(&self, flush: Flush) -> Result<(), VaultError> {
        if let Some(slots) = flush.slots {
            slots.sync()?;
        }
        if !flush.entries.is_empty() {
            self.store.put(&flush.entries)?;
        }
        if !flush.emails.is_empty() {
            let mut recent = self.recent.lock();
            for (email, subject) in &flush.emails {
                // Since then the e-mail may have become somebody else's, whose entry is not in the store yet.
                if recent.get(email) == Some(subject) {
                    recent.remove(email);
                }
            }
        }
        Ok(())
    }
}

fn order_lines(event: &Event) -> Option<&OrderLines> {
    match event {
        Event::OrderPlaced(order) => Some(&order.lines),
        Event::ExternalSaleReported(sale) => Some(&sale.lines),
        _ => None,
    }
}
