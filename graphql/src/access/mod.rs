//! Who asks, and what they may have.
//!
//! A *principal* is an actor of one organisation in a *role*, or an administrator of the cooperative. It proves who it is
//! by a *token*: one that the log gave out, a device's credential, or one of the service's settings. What a role may ask of
//! GraphQL stands in one table (`permissions.txt`), what it may ask of other paths in another (`paths.rs`); what neither
//! names is refused. An organisation that is not the principal's is nowhere looked at: it is unknown.

mod authenticate;
mod configured;
mod cost;
mod directory;
mod meter;
mod needs;
mod notes;
pub(crate) mod paths;
mod permissions;
mod principal;
mod role;
mod throttle;
mod token;
mod used;
mod withheld;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

pub use configured::ConfiguredToken;
pub use permissions::{FieldPermission, Guarding, permissions};
pub use role::Role;

pub(crate) use authenticate::{Credential, Denied, Peer};
pub(crate) use cost::cost;
pub(crate) use meter::Charge;
pub(crate) use needs::{Need, Needs, refused_field};
pub(crate) use notes::Notes;
pub(crate) use permissions::Permissions;
pub(crate) use principal::Principal;
pub(crate) use role::Roles;
pub use token::text as token_text;
pub(crate) use withheld::Withholding;

use directory::Directory;
use throttle::Throttle;
use used::Used;

/// Points that a principal may spend in a minute unless the service is told otherwise.
const POINTS_PER_MINUTE: u32 = 120_000;

/// Principals by what they prove themselves with, and how much each may ask.
pub(crate) struct Access {
    directory: Directory,
    throttle: Throttle,
    used: Used,
    points: AtomicU32,
}

impl Default for Access {
    fn default() -> Self {
        let points = AtomicU32::new(POINTS_PER_MINUTE);
        Self { directory: Directory::default(), throttle: Throttle::default(), used: Used::default(), points }
    }
}

impl Access {
    /// Lets in whoever sends this token of the settings.
    pub(crate) fn admit(&self, token: &ConfiguredToken) {
        self.directory.admit(token);
    }

    /// Keeps in this file when tokens were last used.
    pub(crate) fn keep_used_in(&self, file: PathBuf) {
        self.used.keep_in(file);
    }

    /// Writes down when tokens were last used.
    pub(crate) fn write_used(&self) -> io::Result<()> {
        self.used.write(self.directory.used().into_iter())
    }

    /// Points that a principal may spend in a minute.
    pub(crate) fn points_per_minute(&self) -> u32 {
        self.points.load(Ordering::Relaxed)
    }

    /// Sets them.
    pub(crate) fn limit(&self, points_per_minute: u32) {
        self.points.store(points_per_minute, Ordering::Relaxed);
    }
}
