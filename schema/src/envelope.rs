//! The event record: a hand-written envelope around a payload, hashed exactly as stored and stable for ever.
//!
//! ```text
//! magic "STL1" | organisation [16] | position u64 | previous hash [32] | kind u16 | kind version u16
//! | recorded_at i64 | occurred_at i64 | actor u32 | command [16] | part u16 | parts u16
//! | payload length u32 | payload                                  (integers big-endian)
//! ```

use crate::hash::Hash;
use crate::ids::{ActorId, CommandId, OrganisationId};
use crate::limits::PAYLOAD_BYTES_MAX;
use crate::time::Timestamp;

/// First four bytes of every record.
pub const MAGIC: [u8; 4] = *b"STL1";
/// Bytes before the payload.
pub const HEADER_BYTES: usize = 4 + 16 + 8 + 32 + 2 + 2 + 8 + 8 + 4 + 16 + 2 + 2 + 4;

/// Everything in a record but its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope {
    /// The log that the record belongs to.
    pub organisation: OrganisationId,
    /// Place in the log, from 0, without gaps.
    pub position: u64,
    /// Hash of the record before, or the organisation's genesis hash at position 0.
    pub previous: Hash,
    /// Number of the event kind, assigned once.
    pub kind: u16,
    /// Version of that kind's payload.
    pub version: u16,
    /// When the ledger recorded it; never decreases within a log.
    pub recorded_at: Timestamp,
    /// When it happened; equals `recorded_at` for live commands.
    pub occurred_at: Timestamp,
    /// Who did it.
    pub actor: ActorId,
    /// The command that it came from.
    pub command: CommandId,
    /// Number of this event within its command, from 0.
    pub part: u16,
    /// How many events the command has; they commit together or not at all.
    pub parts: u16,
}

/// Why bytes are no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Fewer bytes than the envelope, or than the payload length says.
    #[error("the record is cut short")]
    Short,
    /// The first four bytes are not `STL1`.
    #[error("the record does not begin with STL1")]
    Magic,
    /// The payload length is over the limit.
    #[error("the record's payload is longer than {PAYLOAD_BYTES_MAX} bytes")]
    Long,
    /// `part` is not below `parts`.
    #[error("the record's part number is not below its number of parts")]
    Part,
}

impl Envelope {
    /// Appends the record to `out`.
    ///
    /// # Errors
    /// [`RecordError::Long`] when the payload is over the limit; `out` is unchanged then.
    pub fn write(&self, payload: &[u8], out: &mut Vec<u8>) -> Result<(), RecordError> {
        let length = u32::try_from(payload.len()).map_err(|_| RecordError::Long)?;
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(RecordError::Long);
        }
        out.reserve(HEADER_BYTES + payload.len());
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&self.organisation.0);
        out.extend_from_slice(&self.position.to_be_bytes());
        out.extend_from_slice(&self.previous.0);
        out.extend_from_slice(&self.kind.to_be_bytes());
        out.extend_from_slice(&self.version.to_be_bytes());
        out.extend_from_slice(&self.recorded_at.0.to_be_bytes());
        out.extend_from_slice(&self.occurred_at.0.to_be_bytes());
        out.extend_from_slice(&self.actor.0.to_be_bytes());
        out.extend_from_slice(&self.command.0);
        out.extend_from_slice(&self.part.to_be_bytes());
        out.extend_from_slice(&self.parts.to_be_bytes());
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(payload);
        Ok(())
    }
}

/// A record read in place: the parsed envelope, the payload and the stored bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordView<'a> {
    /// The parsed envelope.
    pub envelope: Envelope,
    /// The payload.
    pub payload: &'a [u8],
    /// The whole record as stored: what the hash is over.
    pub bytes: &'a [u8],
}

impl<'a> RecordView<'a> {
    /// Takes one record off the front of `bytes` and returns it with the rest.
    ///
    /// # Errors
    /// The bytes do not begin with a whole, well-formed record.
    pub fn split(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), RecordError> {
        let (header, after) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or(RecordError::Short)?;
        let mut fields = Fields(header);
        if fields.take::<4>() != MAGIC {
            return Err(RecordError::Magic);
        }
        let envelope = Envelope {
            organisation: OrganisationId(fields.take()),
            position: u64::from_be_bytes(fields.take()),
            previous: Hash(fields.take()),
            kind: u16::from_be_bytes(fields.take()),
            version: u16::from_be_bytes(fields.take()),
            recorded_at: Timestamp(i64::from_be_bytes(fields.take())),
            occurred_at: Timestamp(i64::from_be_bytes(fields.take())),
            actor: ActorId(u32::from_be_bytes(fields.take())),
            command: CommandId(fields.take()),
            part: u16::from_be_bytes(fields.take()),
            parts: u16::from_be_bytes(fields.take()),
        };
        let length = u32::from_be_bytes(fields.take()) as usize;
        if length > PAYLOAD_BYTES_MAX {
            return Err(RecordError::Long);
        }
        if envelope.part >= envelope.parts {
            return Err(RecordError::Part);
        }
        let (payload, rest) = after.split_at_checked(length).ok_or(RecordError::Short)?;
        let record = bytes.get(..HEADER_BYTES + length).ok_or(RecordError::Short)?;
        Ok((Self { envelope, payload, bytes: record }, rest))
    }

    /// Reads exactly one record.
    ///
    /// # Errors
    /// As [`Self::split`]; bytes left over are [`RecordError::Long`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, RecordError> {
        match Self::split(bytes)? {
            (record, []) => Ok(record),
            _ => Err(RecordError::Long),
        }
    }

    /// The record's own hash: what the next record names as its previous hash.
    pub fn hash(&self) -> Hash {
        Hash::of_record(self.bytes)
    }
}

/// A cursor over the fixed-size header; the sizes taken add up to it, which the round-trip tests check.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        match self.0.split_first_chunk::<N>() {
            Some((field, rest)) => {
                self.0 = rest;
                *field
            }
            None => [0; N],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        Envelope {
            organisation: OrganisationId([1; 16]),
            position: 2,
            previous: Hash([3; 32]),
            kind: 4,
            version: 5,
            recorded_at: Timestamp(6),
            occurred_at: Timestamp(-7),
            actor: ActorId(8),
            command: CommandId([9; 16]),
            part: 1,
            parts: 2,
        }
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let mut bytes = Vec::new();
        envelope().write(b"payload", &mut bytes).unwrap();
        bytes.extend_from_slice(b"rest");
        let (record, rest) = RecordView::split(&bytes).unwrap();
        assert_eq!(record.envelope, envelope());
        assert_eq!(record.payload, b"payload");
        assert_eq!(record.bytes.len(), HEADER_BYTES + 7);
        assert_eq!(rest, b"rest");
        assert_eq!(HEADER_BYTES, 108);
    }

    #[test]
    fn every_malformed_record_is_refused_by_name() {
        let mut good = Vec::new();
        envelope().write(b"payload", &mut good).unwrap();
        for cut in 0..good.len() {
            assert_eq!(RecordView::split(&good[..cut]).unwrap_err(), RecordError::Short, "cut at {cut}");
        }
        let mut bad = good.clone();
        bad[0] = b'X';
        assert_eq!(RecordView::split(&bad).unwrap_err(), RecordError::Magic);
        let mut bad = good.clone();
        bad[104] = 0xff;
        assert_eq!(RecordView::split(&bad).unwrap_err(), RecordError::Long);
        let mut bad = good.clone();
        bad[101] = 2;
        assert_eq!(RecordView::split(&bad).unwrap_err(), RecordError::Part);
        good.push(0);
        assert_eq!(RecordView::parse(&good).unwrap_err(), RecordError::Long);
        let long = vec![0; PAYLOAD_BYTES_MAX + 1];
        assert_eq!(envelope().write(&long, &mut good), Err(RecordError::Long));
    }
}
