//! What an attacker with the data folder, the published folder or the operator's key can do, and which evidence shows it;
//! and that an independent reader says the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "attacks/campaign.rs"]
mod campaign;
#[path = "attacks/data_folder.rs"]
mod data_folder;
#[path = "../../ledger/tests/support/folders.rs"]
mod folders;
#[path = "attacks/program.rs"]
mod program;
#[path = "attacks/published.rs"]
mod published;
#[path = "attacks/readers.rs"]
mod readers;
#[path = "attacks/records.rs"]
mod records;
#[path = "attacks/server.rs"]
mod server;
