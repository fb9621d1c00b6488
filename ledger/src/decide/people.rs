//! Profiles, purposes and consents, reads of personal data, and how long data of persons are kept.

use soticket_schema::command::{
    ChangeProfile, ChangePurpose, NotePersonalDataRead, RecordConsent, RegisterPurpose, SetRetention,
};
use soticket_schema::event::v1::{
    ConsentGiven, ConsentWithdrawn, PersonalDataRead, ProfileChanged, ProfileField, PurposeChanged,
    PurposeRegistered, PurposeTerms, RetentionSet,
};
use soticket_schema::limits::{
    NAME_BYTES_MAX, PERSONAL_BYTES_MAX, REFERENCE_BYTES_MAX, RETENTION_MONTHS_MAX, WORDING_BYTES_MAX,
};
use soticket_schema::profile::{is_valid, postal_code_fits};
use soticket_schema::{Event, PurposeId, Rejection, RejectionCode, SubjectRef};

use super::checks::{Checks, Path, field};
use super::{Context, Decide, Timing, When};
use crate::state::Purpose;

/// The fields that a change states, in the order of [`ProfileField`].
pub(crate) fn stated(change: &ChangeProfile) -> impl Iterator<Item = (ProfileField, &str)> {
    let fields = [
        &change.email,
        &change.name,
        &change.telephone,
        &change.language,
        &change.postal_code,
        &change.country,
    ];
    ProfileField::ALL.into_iter().zip(fields).filter_map(|(field, text)| Some((field, text.as_deref()?)))
}

fn name(of: ProfileField) -> &'static str {
    match of {
        ProfileField::Email => "email",
        ProfileField::Name => "name",
        ProfileField::Telephone => "telephone",
        ProfileField::Language => "language",
        ProfileField::PostalCode => "postal_code",
        ProfileField::Country => "country",
    }
}

fn invalid(of: ProfileField) -> RejectionCode {
    match of {
        ProfileField::Email => RejectionCode::EmailInvalid,
        ProfileField::Name => RejectionCode::TextNotAllowed,
        ProfileField::Telephone => RejectionCode::TelephoneInvalid,
        ProfileField::Language => RejectionCode::LanguageInvalid,
        ProfileField::PostalCode => RejectionCode::PostalCodeInvalid,
        ProfileField::Country => RejectionCode::CountryInvalid,
    }
}

impl Decide for ChangeProfile {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.ensure(stated(self).next().is_some(), RejectionCode::ProfileEmpty, Path::Command);
        for (of, text) in stated(self) {
            let at = field(name(of));
            checks.text_or_empty(text, PERSONAL_BYTES_MAX, at);
            checks.ensure(text.trim().is_empty() || is_valid(of, text), invalid(of), at);
        }
        if let (Some(country), Some(code)) = (&self.country, &self.postal_code) {
            let fits = code.trim().is_empty() || postal_code_fits(country, code);
            checks.ensure(fits, RejectionCode::PostalCodeInvalid, field("postal_code"));
        }
    }

    /// Somebody new comes with a value: nobody is made of nothing.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("subject");
        if let Some(subject) = self.subject {
            check_person(context, subject, checks);
        } else {
            let any = stated(self).any(|(_, text)| !text.trim().is_empty());
            checks.ensure(any, RejectionCode::ProfileEmpty, Path::Command);
        }
        checks.done()?;
        let subject = self.subject.or(context.subject);
        let subject = checks.need(subject, RejectionCode::SubjectUnknown, at)?;
        let free = context.email_owner.is_none_or(|owner| owner == subject);
        checks.ensure(free, RejectionCode::EmailTaken, field("email"));
        let (mut set, mut cleared) = (Vec::new(), Vec::new());
        for (of, text) in stated(self) {
            if text.trim().is_empty() { cleared.push(of) } else { set.push(of) }
        }
        Ok(vec![ProfileChanged { subject, set, cleared, by_person: self.by_person }.into()])
    }
}

/// Somebody whom the vault or the books know, and who was not erased.
fn check_person(context: &Context<'_>, subject: SubjectRef, checks: &mut Checks) {
    let erased = context.state.erasures.has(subject);
    let known = erased || context.subject == Some(subject) || context.state.knows_subject(subject);
    checks.ensure(known, RejectionCode::SubjectUnknown, field("subject"));
    checks.ensure(!erased, RejectionCode::SubjectErased, field("subject"));
}

fn check_terms(terms: &PurposeTerms, checks: &mut Checks) {
    let at = field("terms");
    checks.text(&terms.name, NAME_BYTES_MAX, at.field("name"));
    let wording = at.field("wording");
    checks.ensure(!terms.wording.trim().is_empty(), RejectionCode::TextEmpty, wording);
    checks.ensure(terms.wording.len() <= WORDING_BYTES_MAX, RejectionCode::TextTooLong, wording);
    // A wording may have paragraphs.
    let clean = |sign: char| sign == '\n' || !sign.is_control();
    checks.ensure(terms.wording.chars().all(clean), RejectionCode::TextNotAllowed, wording);
}

fn is_key(text: &str) -> bool {
    let clean = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    clean && text.starts_with(|sign: char| sign.is_ascii_lowercase())
}

impl Decide for RegisterPurpose {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.key, REFERENCE_BYTES_MAX, field("purpose_key"));
        checks.ensure(is_key(&self.key), RejectionCode::PurposeKeyInvalid, field("purpose_key"));
        check_terms(&self.terms, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let purposes = &context.state.purposes;
        checks.ensure(!purposes.has_key(&self.key), RejectionCode::PurposeKeyTaken, field("purpose_key"));
        let (purpose, key, terms) = (purposes.next(), self.key.clone(), self.terms.clone());
        Ok(vec![PurposeRegistered { purpose, key, terms }.into()])
    }
}

fn purpose<'a>(
    context: &Context<'a>,
    purpose: PurposeId,
    checks: &mut Checks,
) -> Result<&'a Purpose, Rejection> {
    checks.need(context.state.purposes.get(purpose), RejectionCode::PurposeUnknown, field("purpose"))
}

impl Decide for ChangePurpose {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    /// Who agreed to an earlier wording agreed to that: the version says to which.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let known = purpose(context, self.purpose, checks)?;
        let reworded = known.wording != self.terms.wording;
        let version = known.version.saturating_add(u32::from(reworded));
        let (purpose, terms, open) = (self.purpose, self.terms.clone(), self.open);
        Ok(vec![PurposeChanged { purpose, version, terms, open }.into()])
    }
}

impl Decide for RecordConsent {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, _checks: &mut Checks) {}

    /// A withdrawal is taken whatever was said before: it is an objection then.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_person(context, self.subject, checks);
        let known = purpose(context, self.purpose, checks)?;
        let Self { subject, purpose, source, .. } = *self;
        if !self.given {
            return Ok(vec![ConsentWithdrawn { subject, purpose, source }.into()]);
        }
        let version = self.version.unwrap_or(known.version);
        let worded = (1..=known.version).contains(&version);
        checks.ensure(worded, RejectionCode::WordingUnknown, field("version"));
        // What was agreed to elsewhere is a fact, whether or not it is asked for any more.
        checks.ensure(known.open || context.is_fact(), RejectionCode::PurposeClosed, field("purpose"));
        Ok(vec![ConsentGiven { subject, purpose, version, source }.into()])
    }
}

impl Decide for NotePersonalDataRead {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    /// Also of nobody: that somebody asked is worth a note.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        if let Some(asked) = self.purpose {
            purpose(context, asked, checks)?;
        }
        if let Some(token) = self.token {
            checks.need(context.state.tokens.get(token), RejectionCode::TokenUnknown, field("token"))?;
        }
        let Self { access, purpose, subject, subjects, token } = *self;
        Ok(vec![PersonalDataRead { access, purpose, subject, subjects, token }.into()])
    }
}

impl Decide for SetRetention {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.count(u32::from(self.months), u32::from(RETENTION_MONTHS_MAX), field("months"));
        checks.text(&self.source, NAME_BYTES_MAX, field("source"));
    }

    fn decide(&self, _context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (class, months, source) = (self.class, self.months, self.source.clone());
        Ok(vec![RetentionSet { class, months, source }.into()])
    }
}
