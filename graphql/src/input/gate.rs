//! Signing keys, devices, rules for entry, and decisions at gates.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{
    IssueCredential, RedeemTicket, RegisterCodeKey, ReplaceCredential, RetireCodeKey, RevokeCredential,
    SetEntryRules, SetGateZones,
};
use soticket_schema::event::v1;
use soticket_schema::ids::CredentialHash;
use soticket_schema::limits::SCAN_WINDOW_MINUTES_MAX;
use soticket_schema::{CommandBody, Rejection, Timestamp};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{Counter, DateTime};
use crate::types::access::ReEntryPolicy;
use crate::types::enums::ScanDirection;

/// Input of `codeKeyRegister`.
#[derive(InputObject)]
pub(crate) struct CodeKeyRegisterInput {
    #[graphql(flatten)]
    caller: Caller,
}

impl CommandInput for CodeKeyRegisterInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RegisterCodeKey(RegisterCodeKey {}))
    }
}

/// Input of `codeKeyRetire`.
#[derive(InputObject)]
pub(crate) struct CodeKeyRetireInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The key.
    key: ID,
    /// Whether codes that it signed may still be let in by their signature alone; false once others may have the key.
    #[graphql(default = true)]
    trusted: bool,
}

impl CommandInput for CodeKeyRetireInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RetireCodeKey(RetireCodeKey { key: scope.id(&self.key), trusted: self.trusted }))
    }
}

/// Input of `gateZonesSet`.
#[derive(InputObject)]
pub(crate) struct GateZonesSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The gate.
    gate: ID,
    /// The show that it is for, before what holds for all shows; absent for all shows.
    show: Option<ID>,
    /// The zones that it admits to; empty for all.
    zones: Vec<ID>,
}

impl CommandInput for GateZonesSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::SetGateZones(SetGateZones {
            gate: scope.id(&self.gate),
            show: scope.optional(self.show.as_ref()),
            zones: scope.list(&self.zones),
        }))
    }
}

/// When and how often tickets enter.
#[derive(InputObject)]
pub(crate) struct EntryRulesInput {
    /// Scanning begins so many minutes before the doors, unless `from` says when.
    #[graphql(default = 60)]
    lead_minutes: i32,
    /// Scanning ends so many minutes after the begin of the performance, unless `until` says when.
    #[graphql(default = 360)]
    tail_minutes: i32,
    /// When scanning begins; for one show only.
    from: Option<DateTime>,
    /// When scanning ends; for one show only.
    until: Option<DateTime>,
    /// Whether a ticket enters more than once.
    #[graphql(default_with = "ReEntryPolicy::AfterExit")]
    re_entry: ReEntryPolicy,
    /// So many seconds must lie between two entries of a ticket.
    #[graphql(default = 0)]
    passback_seconds: i32,
    /// Whether tickets of orders that are not paid enter.
    #[graphql(default = false)]
    admit_unpaid: bool,
}

impl EntryRulesInput {
    fn rules(&self, scope: &Scope) -> Result<v1::EntryRules, Rejection> {
        let minutes = |minutes: i32, name: &str| {
            let minutes = scope.count(minutes, || format!("rules.{name}"))?;
            // Beyond the range no time is taken: the decision refuses it.
            Ok(u16::try_from(minutes).unwrap_or(SCAN_WINDOW_MINUTES_MAX.saturating_add(1)))
        };
        Ok(v1::EntryRules {
            lead_minutes: minutes(self.lead_minutes, "lead_minutes")?,
            tail_minutes: minutes(self.tail_minutes, "tail_minutes")?,
            from: self.from.map(|from| from.0),
            until: self.until.map(|until| until.0),
            re_entry: self.re_entry.into(),
            passback_seconds: scope.count(self.passback_seconds, || "rules.passback_seconds".into())?,
            admit_unpaid: self.admit_unpaid,
        })
    }
}

/// Input of `entryRulesSet`.
#[derive(InputObject)]
pub(crate) struct EntryRulesSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show that they are for, before those for all shows; absent for all shows.
    show: Option<ID>,
    /// The rules, all of them.
    rules: EntryRulesInput,
}

impl CommandInput for EntryRulesSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let rules = self.rules.rules(scope)?;
        Ok(CommandBody::SetEntryRules(SetEntryRules { show: scope.optional(self.show.as_ref()), rules }))
    }
}

/// Input of `deviceCredentialIssue`.
#[derive(InputObject)]
pub(crate) struct DeviceCredentialIssueInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The device, an actor of kind device.
    device: ID,
    /// The gate that it stands at.
    gate: ID,
    /// When the credential ends by itself.
    expires_at: Option<DateTime>,
    /// What the log is to know the new secret by.
    #[graphql(skip)]
    hash: CredentialHash,
}

impl DeviceCredentialIssueInput {
    /// For a secret that the log is to know by this.
    pub(crate) fn with_hash(self, hash: CredentialHash) -> Self {
        Self { hash, ..self }
    }
}

impl CommandInput for DeviceCredentialIssueInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::IssueCredential(IssueCredential {
            device: scope.id(&self.device),
            gate: scope.id(&self.gate),
            expires_at: self.expires_at.map(|expires_at| expires_at.0),
            hash: self.hash,
        }))
    }
}

/// Input of `deviceCredentialRevoke`.
#[derive(InputObject)]
pub(crate) struct DeviceCredentialRevokeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The credential.
    credential: ID,
}

impl CommandInput for DeviceCredentialRevokeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RevokeCredential(RevokeCredential { credential: scope.id(&self.credential) }))
    }
}

/// Input of `deviceCredentialReplace`.
#[derive(InputObject)]
pub(crate) struct DeviceCredentialReplaceInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The credential to end.
    credential: ID,
    /// What the log is to know the new secret by.
    #[graphql(skip)]
    hash: CredentialHash,
}

impl DeviceCredentialReplaceInput {
    /// For a secret that the log is to know by this.
    pub(crate) fn with_hash(self, hash: CredentialHash) -> Self {
        Self { hash, ..self }
    }
}

impl CommandInput for DeviceCredentialReplaceInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let credential = scope.id(&self.credential);
        Ok(CommandBody::ReplaceCredential(ReplaceCredential { credential, hash: self.hash }))
    }
}

/// Input of `ticketRedeem`.
#[derive(InputObject)]
pub(crate) struct TicketRedeemInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The device's time of the scan, if the ledger could not be reached at once.
    occurred_at: Option<DateTime>,
    /// The shows whose entry is controlled.
    shows: Vec<ID>,
    /// The code as presented.
    code: String,
    /// The gate.
    gate: ID,
    /// The device, a registered actor.
    device: ID,
    /// The device's own number of the scan.
    nonce: Counter,
    /// Which way.
    #[graphql(default_with = "ScanDirection::Entry")]
    direction: ScanDirection,
    /// Whether a ticket that is not paid enters all the same.
    #[graphql(default)]
    ignore_unpaid: bool,
}

impl CommandInput for TicketRedeemInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn device(&self) -> Option<&ID> {
        Some(&self.device)
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|at| at.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RedeemTicket(RedeemTicket {
            shows: scope.list(&self.shows),
            code: self.code,
            gate: scope.id(&self.gate),
            device: scope.id(&self.device),
            nonce: self.nonce.0,
            direction: self.direction.into(),
            ignore_unpaid: self.ignore_unpaid,
        }))
    }
}
