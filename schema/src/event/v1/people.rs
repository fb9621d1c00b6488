//! Persons: what of their profile changed, what they agreed to, and who read their data. None of it says who they are.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{PurposeId, SubjectRef, TokenId};

/// A field of a person's profile, which is in the vault.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ProfileField {
    /// E-mail.
    Email,
    /// Name.
    Name,
    /// Telephone.
    Telephone,
    /// Language that the person is written to in.
    Language,
    /// Postal code.
    PostalCode,
    /// Country.
    Country,
}

/// A person's profile changed in the vault. The record holds no value of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ProfileChanged {
    /// The person.
    pub subject: SubjectRef,
    /// Fields that have a value now, in the order of [`ProfileField`].
    pub set: Vec<ProfileField>,
    /// Fields that were emptied, in that order.
    pub cleared: Vec<ProfileField>,
    /// Whether the person changed it, or staff.
    pub by_person: bool,
}

/// What a purpose is called, and what persons agree to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PurposeTerms {
    /// Its name.
    pub name: String,
    /// The wording that is put to persons.
    pub wording: String,
}

/// Persons can be asked for their consent to a purpose. Its wording has version 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PurposeRegistered {
    /// Its number.
    pub purpose: PurposeId,
    /// A name for programs, such as `newsletter`.
    pub key: String,
    /// What it is called and says.
    pub terms: PurposeTerms,
}

/// A purpose is called otherwise, has another wording, or takes no consents any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PurposeChanged {
    /// The purpose.
    pub purpose: PurposeId,
    /// Version of its wording from here on: one more than before where the wording changed.
    pub version: u32,
    /// What it is called and says.
    pub terms: PurposeTerms,
    /// Whether it takes consents.
    pub open: bool,
}

/// How a consent or its withdrawal reached the organisation.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ConsentSource {
    /// A form on a web page.
    WebForm,
    /// Said at a box office.
    BoxOffice,
    /// Said by telephone.
    Telephone,
    /// On paper.
    Paper,
    /// A link in a message.
    Link,
    /// Another system that it was imported from.
    Import,
}

/// A person agreed to a purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ConsentGiven {
    /// The person.
    pub subject: SubjectRef,
    /// To what.
    pub purpose: PurposeId,
    /// Version of the wording that they agreed to.
    pub version: u32,
    /// How.
    pub source: ConsentSource,
}

/// A person does not agree, or no longer, to a purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ConsentWithdrawn {
    /// The person.
    pub subject: SubjectRef,
    /// To what.
    pub purpose: PurposeId,
    /// How they said so.
    pub source: ConsentSource,
}

/// In what form personal data were given out.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum PersonalAccess {
    /// Shown in an answer.
    Viewed,
    /// A file of many persons for a purpose.
    Segment,
    /// Everything about one person, in one file.
    Portability,
}

/// Personal data were read out of the vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PersonalDataRead {
    /// In what form.
    pub access: PersonalAccess,
    /// What for, where a purpose is named.
    pub purpose: Option<PurposeId>,
    /// The person, where it is about one.
    pub subject: Option<SubjectRef>,
    /// Of how many persons.
    pub subjects: u32,
    /// By which token; none for a token of the service's settings, and for who reads where the ledger is.
    pub token: Option<TokenId>,
}

/// Whose data a period of retention is about.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum RetentionClass {
    /// Somebody who never bought anything.
    Prospect,
    /// Somebody who bought, or was handed a ticket.
    Customer,
}

/// The organisation keeps the data of a class of persons for so long, whatever the program proposes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct RetentionSet {
    /// Whose.
    pub class: RetentionClass,
    /// Months from the last contact that came from the person.
    pub months: u16,
    /// Why: the text, the decision or the advice that it rests on, with its date.
    pub source: String,
}

impl ProfileField {
    /// Every field, in order.
    pub const ALL: [Self; 6] =
        [Self::Email, Self::Name, Self::Telephone, Self::Language, Self::PostalCode, Self::Country];
}

impl RetentionClass {
    /// Every class.
    pub const ALL: [Self; 2] = [Self::Prospect, Self::Customer];
}
