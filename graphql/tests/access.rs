//! Who may have what: every field by every role over HTTP, organisations apart from each other to the byte, tokens from
//! their first day to their last, and what the audit journal is told.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "access/inputs.rs"]
mod inputs;
#[path = "access/isolation.rs"]
mod isolation;
#[path = "access/journal.rs"]
mod journal;
#[path = "access/people.rs"]
mod people;
#[path = "access/roles.rs"]
mod roles;
#[path = "access/sessions.rs"]
mod sessions;
mod support;
#[path = "access/tokens.rs"]
mod tokens;
