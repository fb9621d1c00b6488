//! Who asks, and what they may have.
//!
//! A *principal* is an actor of one organisation in a *role*, or an administrator of the cooperative. It proves who it is
//! by a *token*: one that the log gave out, a device's credential, or one of the service's settings. A token that is proved
//! by a name and a password is a *login*: it opens *sessions* of browsers. What a role may ask of
//! GraphQL stands in one table (`permissions.txt`), what it may ask of other paths in another (`paths.rs`); what neither
//! names is refused. An organisation that is not the principal's is nowhere looked at: it is unknown.

mod attempts;
mod authenticate;
mod configured;
pub(crate) mod cookie;
mod cost;
mod directory;
mod meter;
mod needs;
mod notes;
mod origin;
pub(crate) mod password;
mod passwords;
pub(crate) mod paths;
mod permissions;
mod principal;
mod role;
mod sessions;
mod throttle;
mod token;
mod used;
mod withheld;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use soticket_schema::ids::{OrganisationId, TokenId};
use tokio::sync::Semaphore;

pub use configured::ConfiguredToken;
pub use permissions::{FieldPermission, Guarding, permissions};
pub use role::Role;

pub(crate) use authenticate::{Credential, Denied, Peer};
pub(crate) use cost::cost;
pub(crate) use meter::Charge;
pub(crate) use needs::{Need, Needs, refused_field};
pub(crate) use notes::Notes;
pub(crate) use origin::Origin;
pub(crate) use permissions::Permissions;
pub(crate) use principal::Principal;
pub(crate) use role::Roles;
pub(crate) use sessions::Session;
pub use token::text as token_text;
pub(crate) use withheld::Withholding;

use crate::sign_in::OpenId;

use attempts::Attempts;
use directory::Directory;
use password::Kept;
use passwords::Passwords;
use sessions::Sessions;
use throttle::Throttle;

use used::Used;

/// Points that a principal may spend in a minute unless the service is told otherwise.
const POINTS_PER_MINUTE: u32 = 120_000;
/// Passwords checked at once.
const CHECKING_MAX: usize = 2;

/// Principals by what they prove themselves with, and how much each may ask.
pub(crate) struct Access {
    directory: Directory,
    throttle: Throttle,
    used: Used,
    points: AtomicU32,
    /// Passwords of logins.
    pub(crate) passwords: Passwords,
    /// Open sessions.
    pub(crate) sessions: Sessions,
    /// Wrong passwords.
    pub(crate) attempts: Attempts,
    /// Passwords that are checked at once: each takes 19 MiB and a core for some ten milliseconds.
    pub(crate) checking: Semaphore,
    /// Providers that vouch for who signs in.
    pub(crate) open_id: OpenId,
    /// Whether browsers reach the service over TLS only.
    secure: AtomicBool,
}

impl Default for Access {
    fn default() -> Self {
        let points = AtomicU32::new(POINTS_PER_MINUTE);
        Self {
            directory: Directory::default(),
            throttle: Throttle::default(),
            used: Used::default(),
            points,
            passwords: Passwords::default(),
            sessions: Sessions::default(),
            attempts: Attempts::default(),
            checking: Semaphore::new(CHECKING_MAX),
            open_id: OpenId::default(),
            secure: AtomicBool::new(false),
        }
    }
}

/// Name of the file in the data folder that passwords are kept in.
pub const PASSWORDS_FILE: &str = "passwords";

/// Keeps the password of a login in a data folder that no service has open.
///
/// # Errors
/// The file cannot be read or written.
pub fn keep_password(
    data: &Path,
    organisation: OrganisationId,
    token: TokenId,
    password: &str,
) -> io::Result<()> {
    let passwords = Passwords::default();
    passwords.keep_in(data.join(PASSWORDS_FILE))?;
    passwords.set(organisation, token, Kept::of(password).map_err(io::Error::other)?)
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

    /// Gives cookies only over TLS, and says so to browsers.
    pub(crate) fn secure_cookies(&self) {
        self.secure.store(true, Ordering::Relaxed);
    }

    /// Whether it does.
    pub(crate) fn has_secure_cookies(&self) -> bool {
        self.secure.load(Ordering::Relaxed)
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
