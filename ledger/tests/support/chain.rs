//! Chained records to append, made without any of the code under test but the envelope.

use soticket_ledger::log::{Append, Head};
use soticket_schema::{ActorId, CommandId, Envelope, Hash, OrganisationId, Timestamp};

/// An organisation by a small number.
pub(crate) fn organisation(number: u8) -> OrganisationId {
    OrganisationId([number; 16])
}

/// An envelope of a one-part command; what an append sets itself is left empty.
pub(crate) fn envelope(position: u64) -> Envelope {
    let mut command = [7; 16];
    command[..8].copy_from_slice(&position.to_be_bytes());
    Envelope {
        organisation: OrganisationId::default(),
        position: 0,
        previous: Hash::default(),
        kind: 1,
        version: 1,
        recorded_at: Timestamp(1_000_000 + position as i64),
        occurred_at: Timestamp(1_000_000 + position as i64),
        actor: ActorId(1),
        command: CommandId(command),
        part: 0,
        parts: 1,
    }
}

/// An append of one record per payload length, continuing `head`.
pub(crate) fn append(organisation: OrganisationId, head: Option<Head>, lengths: &[usize]) -> Append {
    let expected = head.unwrap_or_else(|| Head::genesis(organisation));
    let mut append = Append::onto(organisation, expected);
    for &length in lengths {
        let position = append.next.length;
        let payload: Vec<u8> = (0..length).map(|at| (position as usize + at) as u8).collect();
        append.push(envelope(position), &payload).unwrap();
    }
    append
}
