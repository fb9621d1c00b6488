//! Signing keys, devices' credentials and rules for entry.

use async_graphql::{Context, Enum, ID, Object, Result};
use soticket_projections::catalogue::{CodeKeyInfo, CredentialInfo};
use soticket_schema::event::v1;
use soticket_schema::ids::{CodeKeyId, CredentialId, ShowId};

use super::lookup::{count, named};
use super::{Actor, Gate};
use crate::core::Core;
use crate::gate::Token;
use crate::ids;
use crate::input::Scope;
use crate::scalar::{Counter, DateTime};

/// Whether a ticket enters more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::ReEntry")]
pub(crate) enum ReEntryPolicy {
    /// Once.
    Never,
    /// Again after an exit.
    AfterExit,
    /// Again without an exit: nobody scans those who leave.
    Free,
}

/// Why a scan was decided as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::ScanReason")]
pub(crate) enum ScanReason {
    /// The ticket may pass.
    Valid,
    /// No ticket has the code.
    UnknownCode,
    /// The code's signature is not the organisation's.
    Forged,
    /// The ticket is for another show.
    WrongShow,
    /// The code stands for valid tickets of several of the shows.
    Ambiguous,
    /// The ticket was cancelled.
    Cancelled,
    /// The order is not paid.
    Unpaid,
    /// Scanning has not begun.
    TooEarly,
    /// Scanning has ended.
    TooLate,
    /// The gate does not admit to the ticket's zone.
    WrongZone,
    /// The ticket is inside already.
    AlreadyInside,
    /// The ticket has entered, and enters only once.
    AlreadyUsed,
    /// The ticket entered a moment ago.
    TooSoon,
    /// The ticket leaves without having entered; it may go.
    NotInside,
    /// The ticket was handed to another person, who has a new code.
    CodeReplaced,
}

/// A key that ticket codes are signed with.
pub(crate) struct CodeKey {
    scope: Scope,
    info: CodeKeyInfo,
}

impl CodeKey {
    /// A key as the catalogue has it.
    pub(super) fn new(scope: Scope, info: CodeKeyInfo) -> Self {
        Self { scope, info }
    }

    /// The key with this number.
    pub(crate) fn load(core: &Core, scope: Scope, key: CodeKeyId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.access().key(key).copied())
            .map(|info| Self::new(scope, info))
    }
}

/// A key that ticket codes are signed with. The private half is sealed in the vault.
#[Object]
impl CodeKey {
    /// Global id.
    async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.key)
    }

    /// Its number, which every code that it signed names.
    async fn number(&self) -> Counter {
        Counter(self.info.key.0.into())
    }

    /// The public half: an Ed25519 key as 64 hexadecimal digits.
    async fn public(&self) -> String {
        self.info.public.to_string()
    }

    /// When it was registered.
    async fn registered_at(&self) -> DateTime {
        DateTime(self.info.registered_at)
    }

    /// When it was retired: it signs no more codes.
    async fn retired_at(&self) -> Option<DateTime> {
        self.info.retired_at.map(DateTime)
    }

    /// Whether codes that it signed may be let in by their signature alone.
    async fn trusted(&self) -> bool {
        self.info.trusted
    }
}

/// What a device identifies itself with.
pub(crate) struct DeviceCredential {
    scope: Scope,
    info: CredentialInfo,
    token: Option<Token>,
}

impl DeviceCredential {
    /// A credential as the catalogue has it.
    pub(super) fn new(scope: Scope, info: CredentialInfo) -> Self {
        Self { scope, info, token: None }
    }

    /// The credential with this number.
    pub(crate) fn load(core: &Core, scope: Scope, credential: CredentialId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.access().credential(credential).copied())
            .map(|info| Self::new(scope, info))
    }

    /// The same with the secret that was made for it.
    pub(crate) fn with_secret(self, secret: Option<[u8; 32]>) -> Self {
        let (organisation, credential) = (self.scope.organisation, self.info.issued.credential);
        Self { token: secret.map(|secret| Token { organisation, credential, secret }), ..self }
    }
}

/// What a device identifies itself with. The log holds a keyed hash of the secret only.
#[Object]
impl DeviceCredential {
    /// Global id.
    async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.issued.credential)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.info.issued.credential.0.into())
    }

    /// What the device sends as `Authorization: Device <token>`. Told once, by the mutation that made it; null whenever
    /// it is asked for again.
    async fn token(&self) -> Option<String> {
        self.token.as_ref().map(Token::text)
    }

    /// The device.
    async fn device(&self, context: &Context<'_>) -> Result<Actor> {
        named(context, self.scope, self.info.issued.device, Actor::load)
    }

    /// The gate that it stands at.
    async fn gate(&self, context: &Context<'_>) -> Result<Gate> {
        named(context, self.scope, self.info.issued.gate, Gate::load)
    }

    /// When it was issued.
    async fn issued_at(&self) -> DateTime {
        DateTime(self.info.issued_at)
    }

    /// When it ends by itself.
    async fn expires_at(&self) -> Option<DateTime> {
        self.info.issued.expires_at.map(DateTime)
    }

    /// When it was revoked.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.info.revoked_at.map(DateTime)
    }
}

/// When and how often tickets enter.
pub(crate) struct EntryRules(v1::EntryRules);

impl EntryRules {
    /// The rules of a show; those for all shows for none.
    pub(crate) fn load(core: &Core, scope: Scope, show: Option<ShowId>) -> Option<Self> {
        core.view(scope, |views| Some(Self(views.catalogue.access().rules(show))))
    }
}

/// When and how often tickets enter.
#[Object]
impl EntryRules {
    /// Scanning begins so many minutes before the doors, unless `from` says when.
    async fn lead_minutes(&self) -> i32 {
        count(self.0.lead_minutes.into())
    }

    /// Scanning ends so many minutes after the begin of the performance, unless `until` says when.
    async fn tail_minutes(&self) -> i32 {
        count(self.0.tail_minutes.into())
    }

    /// When scanning begins.
    async fn from(&self) -> Option<DateTime> {
        self.0.from.map(DateTime)
    }

    /// When scanning ends.
    async fn until(&self) -> Option<DateTime> {
        self.0.until.map(DateTime)
    }

    /// Whether a ticket enters more than once.
    async fn re_entry(&self) -> ReEntryPolicy {
        self.0.re_entry.into()
    }

    /// So many seconds must lie between two entries of a ticket.
    async fn passback_seconds(&self) -> i32 {
        count(self.0.passback_seconds.into())
    }

    /// Whether tickets of orders that are not paid enter.
    async fn admit_unpaid(&self) -> bool {
        self.0.admit_unpaid
    }
}
