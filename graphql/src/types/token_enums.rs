//! Enumerations of tokens.

use async_graphql::Enum;
use soticket_schema::event::v1;

/// What a token is proved with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::TokenProof")]
pub(crate) enum TokenProof {
    /// A secret, sent with every request.
    Secret,
    /// A name and a password, which open a session of a browser.
    Password,
}

/// What the holder of a token may do: the table of permissions says it field by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::TokenRole")]
pub(crate) enum TokenRole {
    /// Everything of the organisation.
    Owner,
    /// Sells at the venue, on the channels of its holder.
    BoxOffice,
    /// Sells for the producer elsewhere, out of its own quotas only.
    RemoteBoxOffice,
    /// Sells on the producer's own site.
    WebShop,
    /// Sells, or reports what it sold, out of its own allotment.
    Network,
    /// Keeps the accounts: closings, settlements, costs, entries.
    Accountant,
    /// Reads everything but what is known of persons and what opens gates.
    Auditor,
    /// Reads sums.
    Dashboard,
}
