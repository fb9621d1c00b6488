//! The audit journal: technical events that no other record tells of.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::day::CommercialDay;
use crate::hash::Hash;
use crate::ids::ActorId;

/// What happened. Parameter, price and VAT changes, duplicates, closings and archives have records of their own and are
/// not noted again.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum TechnicalKind {
    /// The service started; the reference is the program's version.
    Started,
    /// The service stopped.
    Stopped,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// Somebody was not let in.
    SignInRefused,
    /// Data were exported; the reference says which.
    Exported,
    /// An archive was checked; the reference is what came of it.
    ArchiveChecked,
    /// Data were purged after they were archived.
    Purged,
    /// The data folder was restored from a backup.
    Restored,
    /// Stored data were not what they should be; the reference is the fault's code.
    IntegrityFault,
    /// The clock went backwards; the reference is what it showed.
    ClockWentBack,
    /// Data of another system were imported; the reference says of which.
    Imported,
    /// Training of staff began.
    TrainingBegun,
    /// Training of staff ended.
    TrainingEnded,
    /// A point of sale lost its connection.
    OfflineBegun,
    /// A point of sale is connected again.
    OfflineEnded,
    /// Another version of the program was installed; the reference is the version.
    Updated,
    /// Maintenance by the publisher or an operator.
    Maintained,
    /// The password of whom it is about was changed.
    PasswordChanged,
}

/// Something technical happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TechnicalEventNoted {
    /// What.
    pub what: TechnicalKind,
    /// Whom it is about, if not the one who notes it.
    pub about: Option<ActorId>,
    /// A version, code or file name, as the kind says; may be empty. Nothing about people.
    pub reference: String,
}

/// The archive of a closed year was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ArchiveMade {
    /// Number of the year's closing.
    pub year: u64,
    /// First commercial day of the year.
    pub from: CommercialDay,
    /// Last commercial day of the year.
    pub until: CommercialDay,
    /// Position of the first record in the archive.
    pub first: u64,
    /// Position of the last record in the archive: the year's closing.
    pub last: u64,
    /// Version of the archive's format.
    pub format: u16,
    /// Files, the manifest not counted.
    pub files: u32,
    /// Bytes of these files.
    pub bytes: u64,
    /// BLAKE3 of the manifest.
    pub manifest: Hash,
    /// SHA-256 of the manifest.
    pub manifest_sha256: Hash,
}
