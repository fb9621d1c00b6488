//! Decisions, table by table: given events, when a command, then events or a rejection.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "../support/adder.rs"]
mod adder;
mod card;
mod checkpoint_key;
mod closing;
mod codes;
mod commission;
mod commission_rules;
mod comp;
mod deal;
mod erasure;
mod exchange;
mod gate;
mod harness;
mod hold;
mod hostile;
mod house;
mod journal;
mod late_payment;
mod model;
mod naive;
mod order;
mod pack;
mod payment;
mod people;
mod provider;
mod quota;
mod quota_end;
mod redeem;
mod refund;
mod report;
mod role;
mod scan;
mod season;
mod settlement;
mod show;
mod show_change;
mod show_refund;
mod snapshot;
mod stored_value;
mod tariff;
mod tariff_rules;
mod till;
mod token;
mod venue;
mod webhook;
