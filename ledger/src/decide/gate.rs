//! Signing keys, devices and rules for entry.

use soticket_schema::command::{
    IssueCredential, RegisterCodeKey, ReplaceCredential, RetireCodeKey, RevokeCredential, SetEntryRules,
    SetGateZones,
};
use soticket_schema::event::v1::{
    ActorKind, CodeKeyRegistered, CodeKeyRetired, CredentialIssued, CredentialRevoked, EntryRulesSet,
    GateZonesSet,
};
use soticket_schema::limits::{PASSBACK_SECONDS_MAX, SCAN_WINDOW_MINUTES_MAX, ZONES_MAX};
use soticket_schema::{CredentialId, Event, Rejection, RejectionCode, ShowId};

use super::checks::{Checks, field};
use super::{Context, Decide, When};
use crate::state::{Credential, State};

impl Decide for RegisterCodeKey {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let key = context.state.access.next_key();
        let key = checks.need(key, RejectionCode::CodeKeysExhausted, field("organisation"))?;
        Ok(vec![CodeKeyRegistered { key, public: context.public_key.unwrap_or_default() }.into()])
    }
}

impl Decide for RetireCodeKey {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let key = context.state.access.key(self.key);
        let key = checks.need(key, RejectionCode::CodeKeyUnknown, field("key"))?;
        // A key that turns out to be in other hands later can still lose its trust.
        let changes = !key.retired || !self.trusted;
        checks.ensure(changes, RejectionCode::CodeKeyEnded, field("key"));
        Ok(vec![CodeKeyRetired { key: self.key, trusted: self.trusted }.into()])
    }
}

fn check_show(show: Option<ShowId>, state: &State, checks: &mut Checks) {
    let known = show.is_none_or(|show| state.shows.get(show.0).is_some());
    checks.ensure(known, RejectionCode::ShowUnknown, field("show"));
}

impl Decide for SetGateZones {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let zones = field("zones");
        checks.list(&self.zones, ZONES_MAX, zones);
        let named = self.zones.iter().take(ZONES_MAX).copied().enumerate();
        checks.distinct(named, |index| zones.item(index).to_string());
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        checks.ensure(state.gates.knows(self.gate.0), RejectionCode::GateUnknown, field("gate"));
        check_show(self.show, state, checks);
        let show = self.show.and_then(|show| state.shows.get(show.0));
        for (index, zone) in self.zones.iter().enumerate() {
            let known = match show {
                Some(show) => show.zone_index(*zone).is_some(),
                None => state.zones.get(zone.0).is_some(),
            };
            checks.ensure(known, RejectionCode::ZoneUnknown, field("zones").item(index));
        }
        Ok(vec![GateZonesSet { gate: self.gate, show: self.show, zones: self.zones.clone() }.into()])
    }
}

impl Decide for SetEntryRules {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let (at, rules) = (field("rules"), &self.rules);
        for (minutes, name) in [(rules.lead_minutes, "lead_minutes"), (rules.tail_minutes, "tail_minutes")] {
            let short = minutes <= SCAN_WINDOW_MINUTES_MAX;
            checks.ensure(short, RejectionCode::QuantityTooLarge, at.field(name));
        }
        for (instant, name) in [(rules.from, "from"), (rules.until, "until")] {
            let Some(instant) = instant else { continue };
            // An instant is that of one show.
            checks.ensure(self.show.is_some(), RejectionCode::TimeNotAllowed, at.field(name));
            checks.instant(instant, at.field(name));
        }
        let ordered = rules.from.zip(rules.until).is_none_or(|(from, until)| from < until);
        checks.ensure(ordered, RejectionCode::TimeOrder, at.field("until"));
        let short = rules.passback_seconds <= PASSBACK_SECONDS_MAX;
        checks.ensure(short, RejectionCode::QuantityTooLarge, at.field("passback_seconds"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_show(self.show, context.state, checks);
        Ok(vec![EntryRulesSet { show: self.show, rules: self.rules }.into()])
    }
}

impl Decide for IssueCredential {
    fn shape(&self, when: When, checks: &mut Checks) {
        if let Some(expires_at) = self.expires_at {
            checks.instant(expires_at, field("expires_at"));
            checks.ensure(expires_at > when.now, RejectionCode::TimeOrder, field("expires_at"));
        }
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        checks.ensure(state.gates.knows(self.gate.0), RejectionCode::GateUnknown, field("gate"));
        let kind = state.actor_kind(self.device);
        let kind = checks.need(kind, RejectionCode::ActorUnknown, field("device"))?;
        checks.ensure(kind == ActorKind::Device, RejectionCode::ActorNotDevice, field("device"));
        let issued = CredentialIssued {
            credential: state.access.next_credential(),
            device: self.device,
            hash: self.hash,
            gate: self.gate,
            expires_at: self.expires_at,
        };
        Ok(vec![issued.into()])
    }
}

fn in_force<'a>(
    credential: CredentialId,
    state: &'a State,
    checks: &mut Checks,
) -> Result<&'a Credential, Rejection> {
    let at = field("credential");
    let known = checks.need(state.access.credential(credential), RejectionCode::CredentialUnknown, at)?;
    checks.ensure(!known.revoked, RejectionCode::CredentialEnded, at);
    Ok(known)
}

impl Decide for RevokeCredential {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let device = in_force(self.credential, context.state, checks)?.device;
        Ok(vec![CredentialRevoked { credential: self.credential, device }.into()])
    }
}

impl Decide for ReplaceCredential {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let before = in_force(self.credential, state, checks)?;
        // What has ended by itself is not brought back to life.
        let alive = before.expires_at.is_none_or(|expires_at| expires_at > context.now);
        checks.ensure(alive, RejectionCode::CredentialEnded, field("credential"));
        let issued = CredentialIssued {
            credential: state.access.next_credential(),
            device: before.device,
            hash: self.hash,
            gate: before.gate,
            expires_at: before.expires_at,
        };
        let revoked = CredentialRevoked { credential: self.credential, device: before.device };
        Ok(vec![revoked.into(), issued.into()])
    }
}
