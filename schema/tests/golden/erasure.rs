//! Samples of persons who were erased, and of the vault's epochs.

use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::ids::SubjectRef;

pub(crate) fn erasure() -> Vec<Event> {
    let subject = SubjectRef([0x51; 16]);
    vec![
        SubjectErased { subject, reason: ErasureReason::RetentionOver, waived: true }.into(),
        VaultEpochBegun { epoch: 3 }.into(),
        VaultEpochsDestroyed { before: 3 }.into(),
    ]
}
