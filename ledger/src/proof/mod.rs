//! Proof for those who trust nobody: the RFC 6962 tree over the records of a log, signed checkpoints, and the texts that
//! carry proofs. The formats are those of C2SP, so that verifiers of others read them.

mod checkpoint;
mod cooperative;
mod cosignature;
mod edge;
mod error;
mod folder;
mod hash;
mod note;
mod policy;
mod promise;
mod proof_file;
mod publication;
mod publish_error;
mod published_log;
mod published_tree;
mod publisher;
mod tile_log;
mod tiles;
mod tree;
mod witness;

pub use checkpoint::{Checkpoint, checkpoint_of, read_checkpoint};
pub use cosignature::{cosign, cosigned_at};
pub use error::ProofError;
pub use folder::PublishedFolder;
pub use hash::TreeHash;
pub use note::{KeyKind, Note, NoteKey, NoteSignature, VerifierKey};
pub use policy::{Policy, PolicyError, PolicyFault, PolicyLog, PolicyWitness, Reached};
pub use proof_file::ProofFile;
pub use publish_error::PublishError;
pub use published_log::{FolderFiles, PublishedFiles, PublishedLog, PublishedOf};
pub use published_tree::PublishedTree;
pub use publisher::{COOPERATIVE, PublishOptions, Publisher};
pub use tile_log::TileLog;
pub use tiles::{Bundle, TILE_WIDTH, Tile, TileLevel, bundle_entry, tiles_of};
pub use tree::{Frontier, Nodes, check_consistency, check_inclusion, consistency, inclusion, root};
pub use witness::{Submission, WitnessRefusal, submitted, witness};
