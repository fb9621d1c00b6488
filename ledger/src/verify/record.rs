//! A second reading of the record format, by offsets, so that a mistake of the first one cannot hide itself.

use blake3::Hasher;

/// Where each field of a record lies; the payload follows.
mod at {
    pub(super) const MAGIC: usize = 0;
    pub(super) const ORGANISATION: usize = 4;
    pub(super) const POSITION: usize = 20;
    pub(super) const PREVIOUS: usize = 28;
    pub(super) const RECORDED_AT: usize = 64;
    pub(super) const ACTOR: usize = 80;
    pub(super) const COMMAND: usize = 84;
    pub(super) const PART: usize = 100;
    pub(super) const PARTS: usize = 102;
    pub(super) const PAYLOAD_LENGTH: usize = 104;
    pub(super) const PAYLOAD: usize = 108;
}

/// Longest payload that the format allows.
const PAYLOAD_MAX: usize = 60 * 1024;

/// What verification needs to know of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) organisation: [u8; 16],
    pub(super) position: u64,
    pub(super) previous: [u8; 32],
    pub(super) hash: [u8; 32],
    pub(super) recorded_at: i64,
    pub(super) actor: u32,
    pub(super) command: [u8; 16],
    pub(super) part: u16,
    pub(super) parts: u16,
    /// What is wrong with the payload, if anything.
    pub(super) payload: Option<String>,
}

/// Length of the record at the front of `bytes`, if it is whole.
pub(super) fn length(bytes: &[u8]) -> Result<usize, String> {
    if bytes.get(at::MAGIC..at::ORGANISATION) != Some(b"STL1") {
        return Err("it does not begin with STL1".to_owned());
    }
    let payload = u32::from_be_bytes(field(bytes, at::PAYLOAD_LENGTH)?) as usize;
    if payload > PAYLOAD_MAX {
        return Err(format!("its payload of {payload} bytes is over the limit"));
    }
    let whole = at::PAYLOAD + payload;
    if bytes.len() < whole { Err("it is cut short".to_owned()) } else { Ok(whole) }
}

/// Reads and hashes one record; `bytes` is exactly the record.
pub(super) fn read(bytes: &[u8], hasher: &mut Hasher) -> Result<Facts, String> {
    // It keeps its context; a copy of it would be two kilobytes for each record.
    hasher.reset();
    hasher.update(bytes);
    Ok(Facts {
        organisation: field(bytes, at::ORGANISATION)?,
        position: u64::from_be_bytes(field(bytes, at::POSITION)?),
        previous: field(bytes, at::PREVIOUS)?,
        hash: *hasher.finalize().as_bytes(),
        recorded_at: i64::from_be_bytes(field(bytes, at::RECORDED_AT)?),
        actor: u32::from_be_bytes(field(bytes, at::ACTOR)?),
        command: field(bytes, at::COMMAND)?,
        part: u16::from_be_bytes(field(bytes, at::PART)?),
        parts: u16::from_be_bytes(field(bytes, at::PARTS)?),
        payload: None,
    })
}

/// The hash function of records, to be used for one after the other.
pub(super) fn hasher() -> Hasher {
    Hasher::new_derive_key("soticket-ledger 2026 event v1")
}

/// What the first record of an organisation names as its previous hash.
pub(super) fn genesis(organisation: &[u8; 16]) -> [u8; 32] {
    blake3::derive_key("soticket-ledger 2026 genesis v1", organisation)
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], String> {
    let field = bytes.get(at..).and_then(|rest| rest.first_chunk::<N>());
    field.copied().ok_or_else(|| "it is cut short".to_owned())
}
