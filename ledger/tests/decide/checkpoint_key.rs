//! The keys that checkpoints are signed with.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{PUBLIC_KEY, Refused, refused};
use crate::venue::*;

const LOG: &str = "ledger.example.org/venue";

fn register(origin: &str) -> RegisterCheckpointKey {
    RegisterCheckpointKey { origin: origin.into() }
}

fn retire(key: u32) -> RetireCheckpointKey {
    RetireCheckpointKey { key: CheckpointKeyId(key) }
}

fn registered(key: u32) -> Event {
    CheckpointKeyRegistered { key: CheckpointKeyId(key), origin: LOG.into(), public: PUBLIC_KEY }.into()
}

#[test]
fn keys_are_numbered_and_one_is_always_left() {
    let world = house();
    world.when(register(LOG)).then([registered(1)]);
    let world = world.after(register(LOG));
    world.when(register(LOG)).then([registered(2)]);
    let world = world.after(register(LOG));
    world.when(retire(1)).then([CheckpointKeyRetired { key: CheckpointKeyId(1) }.into()]);
    let world = world.after(retire(1));
    world.when(retire(2)).then_rejected(CheckpointKeyLast, "key");
    world.when(register(LOG)).then([registered(3)]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let house = house();
    let keyed = house.clone().after(register(LOG)).after(register(LOG)).after(retire(1));
    let mut table: Vec<Refused> =
        ["", "a b", "a+b", "https://ledger.example", "ledger.example/", "lédger", "a\nb", &"a".repeat(201)]
            .map(|origin| refused(&keyed, register(origin), OriginInvalid, "origin"))
            .into();
    table.extend([
        refused(&keyed, register("ledger.example.org/other"), OriginChanged, "origin"),
        refused(&keyed, retire(3), CheckpointKeyUnknown, "key"),
        refused(&keyed, retire(0), CheckpointKeyUnknown, "key"),
        refused(&keyed, retire(1), CheckpointKeyEnded, "key"),
        refused(&keyed, retire(2), CheckpointKeyLast, "key"),
    ]);
    table
}
