//! What is asked about persons' profiles and consents, and how long their data are kept.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{ConsentSource, PersonalAccess, PurposeTerms, RetentionClass};
use crate::ids::{PurposeId, SubjectRef, TokenId};

/// See [`super::CommandBody::ChangeProfile`]. A field that is none stays as it is, an empty one is emptied.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode)]
pub struct ChangeProfile {
    /// The person; none for whoever has the e-mail, or for somebody new.
    pub subject: Option<SubjectRef>,
    /// E-mail: what the person is found by.
    pub email: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// Language tag, such as `fr` or `fr-FR`.
    pub language: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country, by its two letters of ISO 3166-1.
    pub country: Option<String>,
    /// Whether the person asks for it, or staff.
    pub by_person: bool,
}

/// See [`super::CommandBody::RegisterPurpose`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RegisterPurpose {
    /// A name for programs: small letters, digits and hyphens.
    pub key: String,
    /// What it is called and says.
    pub terms: PurposeTerms,
}

/// See [`super::CommandBody::ChangePurpose`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ChangePurpose {
    /// The purpose.
    pub purpose: PurposeId,
    /// What it is called and says from here on.
    pub terms: PurposeTerms,
    /// Whether it takes consents.
    pub open: bool,
}

/// See [`super::CommandBody::RecordConsent`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RecordConsent {
    /// The person.
    pub subject: SubjectRef,
    /// To what.
    pub purpose: PurposeId,
    /// Whether they agree.
    pub given: bool,
    /// Version of the wording that they agreed to; none for the present one.
    pub version: Option<u32>,
    /// How they said so.
    pub source: ConsentSource,
}

/// See [`super::CommandBody::NotePersonalDataRead`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct NotePersonalDataRead {
    /// In what form.
    pub access: PersonalAccess,
    /// What for, where a purpose is named.
    pub purpose: Option<PurposeId>,
    /// The person, where it is about one.
    pub subject: Option<SubjectRef>,
    /// Of how many persons.
    pub subjects: u32,
    /// By which token of the log, if by one.
    pub token: Option<TokenId>,
}

/// See [`super::CommandBody::SetRetention`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetRetention {
    /// Whose data.
    pub class: RetentionClass,
    /// Months from the last contact that came from the person.
    pub months: u16,
    /// Why.
    pub source: String,
}
