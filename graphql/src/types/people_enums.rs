//! Enumerations of customers' data.

use async_graphql::Enum;
use soticket_schema::event::v1;

/// How a consent or its withdrawal reached the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::ConsentSource")]
pub(crate) enum ConsentSource {
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

/// A field of a person's profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::ProfileField")]
pub(crate) enum ProfileField {
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

/// Whose data a period of retention is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::RetentionClass")]
pub(crate) enum RetentionClass {
    /// Somebody who never bought anything.
    Prospect,
    /// Somebody who bought, or was handed a ticket.
    Customer,
}

/// Where a person stands to a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ConsentState {
    /// They agree.
    Given,
    /// They agreed once, or objected.
    Withdrawn,
    /// They said nothing.
    Unasked,
}

/// How customers of a segment are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Default)]
pub(crate) enum SegmentOrder {
    /// By their random reference.
    #[default]
    Reference,
    /// By what they spent, from low to high.
    Spend,
    /// By the number of their orders, from low to high.
    Orders,
    /// By their last purchase, from early to late; those without come first.
    LastPurchase,
}
