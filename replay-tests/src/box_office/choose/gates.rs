//! What gates read, ask and are told.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::super::house::{DEVICE, GATES};
use super::Chooser;

impl Chooser<'_> {
    /// A code at a gate, online or off.
    pub(super) fn scan(&mut self) -> (CommandBody, bool) {
        let (show, code) = self.code();
        let gate = self.random.pick(&GATES).copied().unwrap_or_default();
        let direction = if self.random.chance(25) { Direction::Exit } else { Direction::Entry };
        let nonce = self.random.below(1 << 40);
        if self.random.chance(40) {
            let decisions = [GateDecision::Admitted, GateDecision::Refused, GateDecision::Unstated];
            let decision = self.random.pick(&decisions).copied().unwrap_or(GateDecision::Unstated);
            let scan = ReportScan {
                show,
                code,
                gate,
                device: DEVICE,
                nonce,
                direction,
                offline: self.random.chance(70),
                decision,
            };
            return (CommandBody::ReportScan(scan), true);
        }
        let mut shows = vec![show];
        if self.random.chance(20) {
            shows.push(ShowId(show.0.saturating_sub(1).max(1)));
            shows.dedup();
        }
        let ignore_unpaid = self.random.chance(30);
        let redeem = RedeemTicket { shows, code, gate, device: DEVICE, nonce, direction, ignore_unpaid };
        (CommandBody::RedeemTicket(redeem), true)
    }

    /// A code of a few tickets that come again and again, mostly for the right show.
    fn code(&mut self) -> (ShowId, String) {
        let last = self.books.tickets.len() as u64;
        let span = if self.random.chance(70) { 2_500 } else { 600 };
        // Every thirty-second ticket comes back, so that there is somebody inside.
        let number = self.recent(last, span);
        let id = if self.random.chance(80) { number - number % 32 } else { number };
        let known_show = ShowId(self.books.last_show());
        let Some(ticket) = self.ticket(TicketId(id)) else { return (known_show, "0".into()) };
        let (show, codes) = (ticket.show, ticket.codes.clone());
        let code = self.random.pick(&codes).copied().unwrap_or(0);
        let code = if self.random.chance(96) { code } else { code + 1_000_000_000_000 };
        let show = if self.random.chance(92) { show } else { known_show };
        (show, code.to_string())
    }

    pub(super) fn gate_rules(&mut self) -> CommandBody {
        let show = ShowId(self.books.last_show().saturating_sub(self.random.below(4)));
        let show = (!self.random.chance(10)).then_some(show);
        if self.random.chance(40) {
            let gate = self.random.pick(&GATES).copied().unwrap_or_default();
            let of_show = show.map(|show| (self.free_zone(show), self.numbered_zone(show)));
            let zones = match (self.random.below(4), of_show) {
                (0, Some((free, _))) => vec![free],
                (1, Some((_, Some((numbered, _))))) => vec![numbered],
                _ => Vec::new(),
            };
            return CommandBody::SetGateZones(SetGateZones { gate, show, zones });
        }
        let re_entry = [ReEntry::Never, ReEntry::AfterExit, ReEntry::AfterExit, ReEntry::Free];
        let rules = EntryRules {
            lead_minutes: u16::try_from(self.random.below(600)).unwrap_or(0),
            tail_minutes: u16::try_from(self.random.below(600)).unwrap_or(0),
            from: show.filter(|_| self.random.chance(20)).map(|_| Timestamp(self.now.0 - 1)),
            until: show.filter(|_| self.random.chance(10)).map(|_| self.after(100)),
            re_entry: self.random.pick(&re_entry).copied().unwrap_or(ReEntry::AfterExit),
            passback_seconds: u32::try_from(self.random.below(3) * 600).unwrap_or(0),
            admit_unpaid: self.random.chance(50),
        };
        CommandBody::SetEntryRules(SetEntryRules { show, rules })
    }
}
