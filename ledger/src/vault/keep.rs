//! What accepted commands bring: kept until the commit, sealed, and put into the store before the log's own commit.

use soticket_schema::command::{ChangeProfile, Person};
use soticket_schema::event::v1::OrderLines;
use soticket_schema::ids::{OrganisationId, SubjectRef};
use soticket_schema::profile::Profile;
use soticket_schema::{Command, CommandBody, Event};

use super::codes::{CodeGroup, CodePage, TicketTexts};
use super::error::VaultError;
use super::signing_keys::{self, SigningKeyId};
use super::tokens::{self, CodeOwner};
use super::{EmailHash, Flush, Pending, Prepared, Vault, Writes, persons};
use crate::decide::people;

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
            self.keep_profile(command.organisation, subject, pending, |profile| merge(buyer, profile))?;
        }
        if let CommandBody::ChangeProfile(change) = &command.body {
            if let Some(subject) = events.find_map(whose_profile) {
                self.keep_profile(command.organisation, subject, pending, |profile| alter(change, profile))?;
            }
            return Ok(());
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

    /// Keeps a person with what `change` makes of them. Nothing is kept where it changes nothing.
    fn keep_profile(
        &self,
        organisation: OrganisationId,
        subject: SubjectRef,
        pending: &mut Pending,
        change: impl FnOnce(&mut Profile),
    ) -> Result<(), VaultError> {
        let mut slots = self.slots.write();
        let random = &mut *self.random.lock();
        let key = slots.key_or_new(organisation, subject, random)?;
        let mut recent = self.recent_persons.lock();
        let before = match recent.persons.get(&subject) {
            Some((_, profile)) => Some(profile.clone()),
            None => persons::read(self.store.as_ref(), organisation, subject, key)?,
        };
        let mut profile = before.clone().unwrap_or_default();
        change(&mut profile);
        if before.as_ref() == Some(&profile) {
            return Ok(());
        }
        pending.entries.push(persons::sealed(organisation, subject, key, &profile, random));
        let email = |email: &str| (!email.trim().is_empty()).then(|| self.keys.email(organisation, email));
        let (old, new) = (before.and_then(|before| email(&before.email)), email(&profile.email));
        self.look_up(organisation, subject, (old, new), pending);
        recent.next += 1;
        let number = recent.next;
        recent.persons.insert(subject, (number, profile));
        pending.persons.push((subject, number));
        Ok(())
    }

    /// Has a person found by their new e-mail, and not by the old one any more.
    fn look_up(
        &self,
        organisation: OrganisationId,
        subject: SubjectRef,
        (old, new): (Option<EmailHash>, Option<EmailHash>),
        pending: &mut Pending,
    ) {
        let mut recent = self.recent.lock();
        if let Some(old) = old.filter(|old| new != Some(*old)) {
            pending.removed.push(persons::email_key(organisation, old));
            pending.emails.push((old, None));
            recent.insert((organisation, old), None);
        }
        if let Some(new) = new {
            let entry = persons::email_entry(organisation, new, subject);
            // Somebody else had it until an earlier command of this commit.
            pending.removed.retain(|key| *key != entry.0);
            pending.entries.push(entry);
            pending.emails.push((new, Some(subject)));
            recent.insert((organisation, new), Some(subject));
        }
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

    /// Persons are in the store from now on, unless they were changed again meanwhile.
    fn stored(&self, persons: &[(SubjectRef, u64)]) {
        let mut recent = self.recent_persons.lock();
        for (subject, number) in persons {
            if recent.persons.get(subject).is_some_and(|(last, _)| last == number) {
                recent.persons.remove(subject);
            }
        }
    }

    /// Seals what was kept. Called once per commit, with everything of that commit.
    ///
    /// # Errors
    /// A subject's key is not there, or the slots' file cannot be used.
    pub fn flush(&self, writes: Writes) -> Result<Flush, VaultError> {
        let mut slots = self.slots.write();
        let random = &mut *self.random.lock();
        let (mut entries, mut emails) = (Vec::new(), Vec::new());
        let (mut removed, mut persons) = (Vec::new(), Vec::new());
        for (organisation, pending) in writes.organisations {
            emails
                .extend(pending.emails.into_iter().map(|(email, subject)| ((organisation, email), subject)));
            entries.extend(pending.entries);
            removed.extend(pending.removed);
            persons.extend(pending.persons);
            if !pending.codes.is_empty() {
                entries.push(CodePage::seal(organisation, pending.codes, &self.keys, &slots, random)?);
            }
        }
        Ok(Flush { slots: slots.unsynced()?, entries, removed, emails, persons })
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
        // A crash after this leaves changed persons whom no record tells of: who asked got no answer and asks again.
        if !flush.removed.is_empty() {
            self.store.remove(&flush.removed)?;
        }
        self.stored(&flush.persons);
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

/// What an order says of its buyer is what is known of them; what it leaves empty stays.
fn merge(buyer: &Person, profile: &mut Profile) {
    let told = [
        (&buyer.email, &mut profile.email),
        (&buyer.name, &mut profile.name),
        (&buyer.telephone, &mut profile.telephone),
    ];
    for (text, known) in told {
        if !text.trim().is_empty() {
            known.clone_from(text);
        }
    }
}

/// Puts what a change states into a profile, without outer spaces.
fn alter(change: &ChangeProfile, profile: &mut Profile) {
    for (field, text) in people::stated(change) {
        text.trim().clone_into(profile.get_mut(field));
    }
}

fn whose_profile(event: &Event) -> Option<SubjectRef> {
    match event {
        Event::ProfileChanged(event) => Some(event.subject),
        _ => None,
    }
}

fn order_lines(event: &Event) -> Option<&OrderLines> {
    match event {
        Event::OrderPlaced(order) => Some(&order.lines),
        Event::ExternalSaleReported(sale) => Some(&sale.lines),
        _ => None,
    }
}
