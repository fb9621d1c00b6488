//! Profiles, purposes, consents, and how long personal data are kept.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{ChangeProfile, ChangePurpose, RecordConsent, RegisterPurpose, SetRetention};
use soticket_schema::event::v1::PurposeTerms;
use soticket_schema::{CommandBody, Rejection, RejectionCode, Timestamp};

use super::{Caller, CommandInput, Scope};
use crate::ids;
use crate::scalar::DateTime;
use crate::types::people_enums::{ConsentSource, RetentionClass};

/// Input of `profileChange`. A field that is absent stays as it is; an empty one is emptied.
#[derive(InputObject)]
pub(crate) struct ProfileChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The person: the id of a customer. Absent for whoever has the e-mail, or for somebody new.
    subject: Option<ID>,
    /// E-mail: what the person is found by.
    email: Option<String>,
    /// Name.
    name: Option<String>,
    /// Telephone.
    telephone: Option<String>,
    /// Language tag, such as "fr" or "fr-FR".
    language: Option<String>,
    /// Postal code.
    postal_code: Option<String>,
    /// Country, by its two letters of ISO 3166-1.
    country: Option<String>,
    /// Whether the person asks for it, and not staff: that counts as a contact, from which their data are kept on.
    #[graphql(default)]
    by_person: bool,
}

impl CommandInput for ProfileChangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let subject = self.subject.as_ref();
        Ok(CommandBody::ChangeProfile(ChangeProfile {
            // An id that is no customer's here stands for nobody.
            subject: subject.map(|id| ids::local_customer(scope.organisation, id).unwrap_or_default()),
            email: self.email,
            name: self.name,
            telephone: self.telephone,
            language: self.language,
            postal_code: self.postal_code,
            country: self.country,
            by_person: self.by_person,
        }))
    }
}

/// What a purpose is called, and what persons agree to.
#[derive(InputObject)]
pub(crate) struct PurposeTermsInput {
    /// Its name.
    name: String,
    /// The wording that is put to persons, at most 8,000 bytes. Kept in the log, so that what was agreed to can be proved.
    wording: String,
}

impl From<PurposeTermsInput> for PurposeTerms {
    fn from(terms: PurposeTermsInput) -> Self {
        Self { name: terms.name, wording: terms.wording }
    }
}

/// Input of `purposeRegister`.
#[derive(InputObject)]
pub(crate) struct PurposeRegisterInput {
    #[graphql(flatten)]
    caller: Caller,
    /// A name for programs, such as "newsletter": small letters, digits and hyphens.
    purpose_key: String,
    /// What it is called and says.
    terms: PurposeTermsInput,
}

impl CommandInput for PurposeRegisterInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RegisterPurpose(RegisterPurpose { key: self.purpose_key, terms: self.terms.into() }))
    }
}

/// Input of `purposeChange`.
#[derive(InputObject)]
pub(crate) struct PurposeChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The purpose.
    purpose: ID,
    /// What it is called and says from here on. Another wording is another version: who agreed to the earlier one goes on
    /// agreeing to that.
    terms: PurposeTermsInput,
    /// Whether it takes consents.
    #[graphql(default = true)]
    open: bool,
}

impl CommandInput for PurposeChangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (purpose, terms, open) = (scope.id(&self.purpose), self.terms.into(), self.open);
        Ok(CommandBody::ChangePurpose(ChangePurpose { purpose, terms, open }))
    }
}

/// Input of `consentRecord`.
#[derive(InputObject)]
pub(crate) struct ConsentRecordInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The person: the id of a customer.
    subject: ID,
    /// To what.
    purpose: ID,
    /// Whether they agree. A withdrawal is taken whatever was said before.
    given: bool,
    /// Version of the wording that they agreed to; the present one if absent.
    version: Option<i32>,
    /// How they said so.
    source: ConsentSource,
    /// When they said so, if not now: on paper, or in another system.
    occurred_at: Option<DateTime>,
}

impl CommandInput for ConsentRecordInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|instant| instant.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let unknown = |_| Rejection::new(RejectionCode::WordingUnknown, "version");
        Ok(CommandBody::RecordConsent(RecordConsent {
            subject: ids::local_customer(scope.organisation, &self.subject).unwrap_or_default(),
            purpose: scope.id(&self.purpose),
            given: self.given,
            version: self.version.map(u32::try_from).transpose().map_err(unknown)?,
            source: self.source.into(),
        }))
    }
}

/// Input of `retentionSet`.
#[derive(InputObject)]
pub(crate) struct RetentionSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Whose data.
    class: RetentionClass,
    /// Months from the last contact that came from the person, 1 to 240.
    months: i32,
    /// Why: the text, the decision or the advice that it rests on, with its date.
    source: String,
}

impl CommandInput for RetentionSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let months = scope.count(self.months, || "months".to_owned())?;
        // What does not fit is far beyond what is taken, and refused as such.
        let months = u16::try_from(months).unwrap_or(u16::MAX);
        Ok(CommandBody::SetRetention(SetRetention { class: self.class.into(), months, source: self.source }))
    }
}
