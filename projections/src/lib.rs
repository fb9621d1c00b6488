//! The read side: projections fold the log into what the service answers.
//!
//! Every read model is a folder of its own and keeps all that it needs: none reads another's state. A fold is pure and
//! total; the same log gives the same state, byte for byte.

pub mod attendance;
pub mod audit;
pub mod availability;
pub mod catalogue;
pub mod closings;
pub mod customers;
pub mod deals;
pub mod engine;
mod event;
pub mod fec_check;
pub mod index;
pub mod journal;
pub mod orders;
mod partition;
pub mod payment_costs;
pub mod rights;
mod rows;
pub mod sales;
pub mod segments;
pub mod settlement;
pub mod simulation;
pub mod stories;
#[cfg(test)]
mod testing;
pub mod tills;

pub use engine::{
    AsOf, AsOfError, AsOfView, Options, OrganisationStatus, OrganisationViews, PeriodView, ProjectionDigest,
    Projections, ShowAt, StartError,
};
pub use event::{About, about};
pub use partition::{PartitionKey, Projection};
