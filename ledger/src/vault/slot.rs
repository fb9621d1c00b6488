//! The bytes of one slot.
//!
//! ```text
//! slot: magic "SLT1" | organisation [16] | subject [16] | epoch u32 | nonce and wrapped key [72] | checksum [16]
//! ```

use soticket_schema::ids::{OrganisationId, SubjectRef};
use zeroize::Zeroizing;

use super::epochs::{Epochs, FIRST};
use super::keys::Secret;
use super::random::Random;
use super::seal::{seal, unseal};

const MAGIC: [u8; 4] = *b"SLT1";
pub(super) const SLOT_BYTES: usize = 128;
const CHECKED_BYTES: usize = SLOT_BYTES - 16;
const CHECKSUM_CONTEXT: &str = "soticket-ledger 2026 key slot checksum v1";

/// What stands in the slot file for a readable slot.
pub(super) struct Stored {
    pub(super) organisation: OrganisationId,
    pub(super) subject: SubjectRef,
    pub(super) epoch: u32,
    pub(super) wrapped: Vec<u8>,
}

fn checksum(checked: &[u8]) -> [u8; 16] {
    let mut checksum = [0; 16];
    checksum.copy_from_slice(&blake3::derive_key(CHECKSUM_CONTEXT, checked)[..16]);
    checksum
}

/// The bytes of a slot, wrapped by the newest epoch.
pub(super) fn write_slot(
    organisation: OrganisationId,
    subject: SubjectRef,
    key: &Secret,
    epochs: &Epochs,
    random: &mut Random,
) -> Vec<u8> {
    let mut slot = Vec::with_capacity(SLOT_BYTES);
    slot.extend_from_slice(&MAGIC);
    slot.extend_from_slice(&organisation.0);
    slot.extend_from_slice(&subject.0);
    slot.extend_from_slice(&epochs.newest().to_be_bytes());
    slot.extend(seal(epochs.wrapping(), &subject.0, key.as_slice(), random));
    slot.extend_from_slice(&checksum(&slot));
    slot
}

/// What a slot states; none if it is not whole.
pub(super) fn read_slot(slot: &[u8]) -> Option<Stored> {
    let (checked, stated) = slot.split_at_checked(CHECKED_BYTES)?;
    if stated != checksum(checked) {
        return None;
    }
    let (magic, rest) = checked.split_first_chunk::<4>()?;
    let (organisation, rest) = rest.split_first_chunk::<16>()?;
    let (subject, rest) = rest.split_first_chunk::<16>()?;
    let (epoch, wrapped) = rest.split_first_chunk::<4>()?;
    (*magic == MAGIC).then(|| Stored {
        organisation: OrganisationId(*organisation),
        subject: SubjectRef(*subject),
        epoch: u32::from_be_bytes(*epoch).max(FIRST),
        wrapped: wrapped.to_vec(),
    })
}

/// The key of a slot, unwrapped by its epoch's.
pub(super) fn open_key(epoch: &Secret, subject: SubjectRef, wrapped: &[u8]) -> Option<Secret> {
    let plain = Zeroizing::new(unseal(epoch, &subject.0, wrapped)?);
    <[u8; 32]>::try_from(plain.as_slice()).ok().map(Zeroizing::new)
}

/// Whether a slot that could not be read says that it is this subject's.
pub(super) fn names(slot: &[u8], organisation: OrganisationId, subject: SubjectRef) -> bool {
    slot.get(4..20) == Some(organisation.0.as_slice()) && slot.get(20..36) == Some(subject.0.as_slice())
}
