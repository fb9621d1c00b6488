//! Gates: what every code should be answered, from all that was let through before.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_schema::command::RedeemTicket;
use soticket_schema::event::v1::{
    ChannelKind, Direction, EntryRules, GateDecision, ReEntry, ScanJudged, ScanReason, TicketScanned,
};
use soticket_schema::{ChannelId, CodeHash, Event, GateId, ShowId, TicketId, Timestamp, ZoneId};

use super::shows::Show;
use super::ticket::Ticket;

const MINUTE: i64 = 60_000_000;

/// Codes, rules, and all passages.
#[derive(Debug, Default)]
pub(super) struct Gates {
    codes: BTreeMap<CodeHash, TicketId>,
    handed_on: BTreeMap<TicketId, CodeHash>,
    zones: BTreeMap<(GateId, Option<ShowId>), Vec<ZoneId>>,
    rules: BTreeMap<Option<ShowId>, EntryRules>,
    networks: BTreeSet<ChannelId>,
    passages: BTreeMap<TicketId, Vec<(Timestamp, bool)>>,
    answers: BTreeMap<ScanReason, u64>,
}

/// What else an answer depends on.
pub(super) struct Around<'a> {
    pub(super) ticket: Option<&'a Ticket>,
    pub(super) show: Option<&'a Show>,
    pub(super) owes: bool,
}

impl Gates {
    pub(super) fn book(&mut self, event: &Event) {
        match event {
            Event::GateZonesSet(event) => {
                self.zones.insert((event.gate, event.show), event.zones.clone());
            }
            Event::EntryRulesSet(event) => drop(self.rules.insert(event.show, event.rules)),
            Event::ChannelOpened(event) if event.kind == ChannelKind::Network => {
                self.networks.insert(event.channel);
            }
            _ => {}
        }
    }

    pub(super) fn issue(&mut self, code: CodeHash, ticket: TicketId) -> Result<()> {
        let before = self.codes.insert(code, ticket);
        ensure!(before.is_none(), "a code of ticket {ticket} is another's: {before:?}");
        Ok(())
    }

    pub(super) fn hand_on(&mut self, code: CodeHash, ticket: TicketId) -> Result<()> {
        self.issue(code, ticket)?;
        self.handed_on.insert(ticket, code);
        Ok(())
    }

    /// The ticket of a code, whatever became of it.
    pub(super) fn ticket(&self, code: CodeHash) -> Option<TicketId> {
        self.codes.get(&code).copied()
    }

    fn inside(&self, ticket: TicketId) -> (bool, Option<Timestamp>) {
        let passages = self.passages.get(&ticket).map_or(&[][..], Vec::as_slice);
        let last = passages.iter().max();
        let entered = passages.iter().filter(|(_, entry)| *entry).map(|(at, _)| *at).max();
        (last.is_some_and(|(_, entry)| *entry), entered)
    }

    /// A passage that a gate let through counts for its ticket.
    pub(super) fn pass(&mut self, event: &TicketScanned, at: Timestamp, ticket: Option<&Ticket>) {
        let own = ticket.is_some_and(|ticket| ticket.show == event.show && ticket.is_valid());
        if let Some(id) = event.ticket.filter(|_| own && event.decision != GateDecision::Refused) {
            let passage = (at, event.direction == Direction::Entry);
            self.passages.entry(id).or_default().push(passage);
        }
    }

    /// What a device is answered that asks at this moment.
    pub(super) fn check_answer(
        &self,
        redeem: &RedeemTicket,
        scanned: &TicketScanned,
        judged: &ScanJudged,
        at: Timestamp,
        around: &Around<'_>,
    ) -> Result<()> {
        let first = redeem.shows.first().copied().unwrap_or_default();
        let (show, ticket, reason) = match (self.ticket(scanned.code), around.ticket) {
            (Some(id), Some(ticket)) if redeem.shows.contains(&ticket.show) => {
                (ticket.show, Some(id), self.answer(redeem, scanned.code, (id, ticket), at, around))
            }
            (Some(id), _) => (first, Some(id), ScanReason::WrongShow),
            (None, _) => (first, None, ScanReason::UnknownCode),
        };
        let own = (show, ticket, reason);
        let said = (judged.show, judged.ticket, judged.reason);
        ensure!(own == said, "the gate should have said {own:?}, it said {said:?}");
        let passes = [ScanReason::Valid, ScanReason::NotInside].contains(&reason);
        ensure!(
            passes == (scanned.decision == GateDecision::Admitted),
            "{reason:?} was {:?}",
            scanned.decision
        );
        Ok(())
    }

    fn answer(
        &self,
        redeem: &RedeemTicket,
        code: CodeHash,
        (id, ticket): (TicketId, &Ticket),
        at: Timestamp,
        around: &Around<'_>,
    ) -> ScanReason {
        let Some(show) = around.show else { return ScanReason::Cancelled };
        if !ticket.is_valid() || show.called_off.is_some() {
            return ScanReason::Cancelled;
        }
        if self.handed_on.get(&id).is_some_and(|present| *present != code) {
            return ScanReason::CodeReplaced;
        }
        let (inside, entered) = self.inside(id);
        if redeem.direction == Direction::Exit {
            return if inside { ScanReason::Valid } else { ScanReason::NotInside };
        }
        let rules = self.rules.get(&Some(ticket.show)).or_else(|| self.rules.get(&None)).copied();
        let rules = rules.unwrap_or(super::super::house::ENTRY);
        let must_pay = !redeem.ignore_unpaid && !rules.admit_unpaid;
        if must_pay && around.owes && !self.networks.contains(&ticket.channel) {
            return ScanReason::Unpaid;
        }
        let opens = rules.from.unwrap_or(Timestamp(show.doors_at.0 - i64::from(rules.lead_minutes) * MINUTE));
        let ends =
            rules.until.unwrap_or(Timestamp(show.starts_at.0 + i64::from(rules.tail_minutes) * MINUTE));
        if at < opens {
            return ScanReason::TooEarly;
        }
        if at > ends {
            return ScanReason::TooLate;
        }
        let zones = self.zones.get(&(redeem.gate, Some(ticket.show)));
        let zones = zones.or_else(|| self.zones.get(&(redeem.gate, None)));
        if zones.is_some_and(|zones| !zones.is_empty() && !zones.contains(&ticket.zone)) {
            return ScanReason::WrongZone;
        }
        match (entered, rules.re_entry) {
            (None, _) => ScanReason::Valid,
            (_, ReEntry::Never | ReEntry::AfterExit) if inside => ScanReason::AlreadyInside,
            (_, ReEntry::Never) => ScanReason::AlreadyUsed,
            (Some(entered), _) => {
                let again = entered.0 + i64::from(rules.passback_seconds) * 1_000_000;
                if at.0 < again { ScanReason::TooSoon } else { ScanReason::Valid }
            }
        }
    }

    pub(super) fn count(&mut self, reason: ScanReason) {
        *self.answers.entry(reason).or_default() += 1;
    }

    /// How often gates said what.
    pub(super) fn answers(&self) -> Vec<(String, u64)> {
        self.answers.iter().map(|(reason, count)| (format!("{reason:?}"), *count)).collect()
    }
}
