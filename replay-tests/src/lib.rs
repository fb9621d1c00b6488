//! Tests of the whole: golden replays, model tests, and campaigns of crashes and damage.
//!
//! A campaign runs as a library, so that a short one is a test and a long one is `cargo xtask campaign`. What may crash
//! runs in a process of its own: the program `campaign` of this crate.

pub mod auditors;
pub mod box_office;
pub mod crash;
pub mod damage;
mod folders;
pub mod golden;
pub mod kill;
pub mod live;
pub mod outcome;
pub mod random;
pub mod receipts;
pub mod subject;
pub mod workload;
