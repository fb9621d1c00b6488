//! What decisions know of gates: signing keys, devices' credentials, rules for entry, and which tickets have passed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    ChannelKind, ChannelOpened, CodeKeyRegistered, CodeKeyRetired, CredentialIssued, CredentialRevoked,
    Direction, EntryRules, EntryRulesSet, GateDecision, GateZonesSet, ShowPostponed, ShowScheduled,
    TicketScanned, TicketTransferred,
};
use soticket_schema::{
    ActorId, ChannelId, CodeHash, CodeKeyId, CredentialId, GateId, PublicKey, ShowId, TicketId, Timestamp,
    ZoneId,
};

use super::State;
use super::dense::Dense;
use crate::admission::{DEFAULT_RULES, ShowTimes, Whereabouts};

/// Shows whose tickets' passages are remembered: the last so many that were scanned. An evening has a few.
const SHOWS_REMEMBERED: usize = 64;

/// Gates and what they need.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Access {
    keys: Dense<CodeKey>,
    credentials: Dense<Credential>,
    /// What gates admit to, per show and for all shows.
    zones: BTreeMap<(GateId, Option<ShowId>), Vec<ZoneId>>,
    /// Rules per show and for all shows.
    rules: BTreeMap<Option<ShowId>, EntryRules>,
    times: BTreeMap<ShowId, (Timestamp, Timestamp)>,
    /// Channels that collect the money themselves: whoever has their ticket has paid for it.
    networks: BTreeSet<ChannelId>,
    /// The codes of tickets that were handed on: the only ones of theirs that open gates.
    handed_on: BTreeMap<TicketId, CodeHash>,
    passages: BTreeMap<ShowId, Passages>,
    /// Passages recorded, for telling which show was scanned last.
    scanned: u64,
}

/// A key that codes are signed with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CodeKey {
    pub(crate) public: PublicKey,
    pub(crate) retired: bool,
}

/// A device's credential.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Credential {
    pub(crate) device: ActorId,
    pub(crate) gate: GateId,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Passages {
    tickets: BTreeMap<TicketId, Passage>,
    last: u64,
}

/// A ticket's passages, by the devices' clocks, in whatever order they were reported.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Passage {
    at: Timestamp,
    inside: bool,
    entered_at: Option<Timestamp>,
}

impl Passage {
    fn take(&mut self, at: Timestamp, entry: bool) {
        // Of two at one instant the entry counts: it is asked about next.
        if at > self.at || (at == self.at && entry) {
            (self.at, self.inside) = (at, entry);
        }
        if entry {
            self.entered_at = self.entered_at.max(Some(at));
        }
    }
}

impl Access {
    pub(crate) fn next_key(&self) -> Option<CodeKeyId> {
        u16::try_from(self.keys.next()).ok().map(CodeKeyId)
    }

    pub(crate) fn key(&self, key: CodeKeyId) -> Option<&CodeKey> {
        self.keys.get(key.0)
    }

    pub(crate) fn next_credential(&self) -> CredentialId {
        CredentialId(self.credentials.next_u32())
    }

    pub(crate) fn credential(&self, credential: CredentialId) -> Option<&Credential> {
        self.credentials.get(credential.0)
    }

    /// The rules of a show: its own before those for all shows.
    pub(crate) fn rules(&self, show: ShowId) -> EntryRules {
        let rules = self.rules.get(&Some(show)).or_else(|| self.rules.get(&None));
        rules.copied().unwrap_or(DEFAULT_RULES)
    }

    /// Whether a gate admits to a zone of a show.
    pub(crate) fn admits(&self, gate: GateId, show: ShowId, zone: ZoneId) -> bool {
        let zones = self.zones.get(&(gate, Some(show))).or_else(|| self.zones.get(&(gate, None)));
        zones.is_none_or(|zones| zones.is_empty() || zones.contains(&zone))
    }

    pub(crate) fn times(&self, show: ShowId) -> ShowTimes {
        let (doors_at, starts_at) = self.times.get(&show).copied().unwrap_or_default();
        ShowTimes { doors_at, starts_at }
    }

    pub(crate) fn is_network(&self, channel: ChannelId) -> bool {
        self.networks.contains(&channel)
    }

    /// Whether a ticket was handed on under another code.
    pub(crate) fn is_replaced(&self, ticket: TicketId, code: CodeHash) -> bool {
        self.handed_on.get(&ticket).is_some_and(|present| *present != code)
    }

    pub(crate) fn whereabouts(&self, show: ShowId, ticket: TicketId) -> Whereabouts {
        let passage = self.passages.get(&show).and_then(|show| show.tickets.get(&ticket));
        passage.map_or_else(Whereabouts::default, |passage| Whereabouts {
            inside: passage.inside,
            entered_at: passage.entered_at,
        })
    }

    pub(super) fn key_registered(&mut self, event: &CodeKeyRegistered) {
        self.keys.push(event.key.0, CodeKey { public: event.public, retired: false });
    }

    pub(super) fn key_retired(&mut self, event: &CodeKeyRetired) {
        if let Some(key) = self.keys.get_mut(event.key.0) {
            key.retired = true;
        }
    }

    pub(super) fn zones_set(&mut self, event: &GateZonesSet) {
        self.zones.insert((event.gate, event.show), event.zones.clone());
    }

    pub(super) fn rules_set(&mut self, event: &EntryRulesSet) {
        self.rules.insert(event.show, event.rules);
    }

    pub(super) fn credential_issued(&mut self, event: &CredentialIssued) {
        let CredentialIssued { device, gate, expires_at, .. } = *event;
        self.credentials.push(event.credential.0, Credential { device, gate, expires_at, revoked: false });
    }

    pub(super) fn credential_revoked(&mut self, event: &CredentialRevoked) {
        if let Some(credential) = self.credentials.get_mut(event.credential.0) {
            credential.revoked = true;
        }
    }

    pub(super) fn show_scheduled(&mut self, event: &ShowScheduled) {
        self.times.entry(event.show).or_insert((event.doors_at, event.starts_at));
    }

    pub(super) fn show_postponed(&mut self, event: &ShowPostponed) {
        if let Some(times) = self.times.get_mut(&event.show) {
            *times = (event.doors_at, event.starts_at);
        }
    }

    pub(super) fn transferred(&mut self, event: &TicketTransferred) {
        self.handed_on.insert(event.ticket, event.code.hash);
    }

    pub(super) fn channel_opened(&mut self, event: &ChannelOpened) {
        if event.kind == ChannelKind::Network {
            self.networks.insert(event.channel);
        }
    }

    fn passed(&mut self, show: ShowId, ticket: TicketId, at: Timestamp, direction: Direction) {
        self.scanned = self.scanned.saturating_add(1);
        let entry = direction == Direction::Entry;
        let passages = self.passages.entry(show).or_default();
        passages.last = self.scanned;
        let new = Passage { at, inside: entry, entered_at: None };
        passages.tickets.entry(ticket).or_insert(new).take(at, entry);
        if self.passages.len() > SHOWS_REMEMBERED {
            let oldest = self.passages.iter().min_by_key(|(_, passages)| passages.last);
            if let Some(show) = oldest.map(|(show, _)| *show) {
                self.passages.remove(&show);
            }
        }
    }
}

impl State {
    /// A scan binds nobody, but a gate asks next time where the ticket is. What was refused has passed nothing.
    pub(super) fn ticket_scanned(&mut self, event: &TicketScanned, at: Timestamp) {
        let Some(ticket) = event.ticket.filter(|_| event.decision != GateDecision::Refused) else { return };
        if self.tickets.get(ticket).is_some_and(|known| known.show() == event.show && !known.cancelled) {
            self.access.passed(event.show, ticket, at, event.direction);
        }
    }
}
