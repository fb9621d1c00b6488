//! What gates must know before the doors open, and what has changed since.

use soticket_schema::{CodeHash, ShowId, TicketId, ZoneId};

use super::{Attendance, Presence};

/// A ticket of a show, as a gate needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhitelistEntry {
    /// The ticket.
    pub ticket: TicketId,
    /// Its zone.
    pub zone: ZoneId,
    /// Whether it is valid: not cancelled.
    pub valid: bool,
    /// Position of the event that sold it.
    pub added: u64,
    /// Position of the last event that says something about it.
    pub changed: u64,
    /// Where it is, once it has entered.
    pub presence: Option<Presence>,
}

/// Some of a show's tickets, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhitelistPage {
    /// The tickets.
    pub entries: Vec<WhitelistEntry>,
    /// Whether there are more after these.
    pub more: bool,
}

impl Attendance {
    /// Whether a ticket of the show has the code.
    pub fn has_code(&self, show: ShowId, code: CodeHash) -> bool {
        self.shows.get(show.0).is_some_and(|show| show.codes.iter().any(|(known, _)| *known == code))
    }

    /// Tickets of a show after the position `since` (all of them for none) with numbers above `after`, at most `limit`;
    /// none when the show was never scheduled.
    pub fn whitelist(
        &self,
        show: ShowId,
        since: Option<u64>,
        after: Option<TicketId>,
        limit: usize,
    ) -> Option<WhitelistPage> {
        let attendance = self.show(show)?;
        let known = self.shows.get(show.0)?;
        let changed = known.tickets.iter().filter(|(ticket, row)| {
            since.is_none_or(|since| row.changed > since) && after.is_none_or(|after| *ticket > after.0)
        });
        let mut entries: Vec<WhitelistEntry> = changed
            .map(|(ticket, row)| {
                let ticket = TicketId(ticket);
                WhitelistEntry {
                    ticket,
                    zone: row.zone,
                    valid: !known.cancelled.contains_key(&ticket),
                    added: row.added,
                    changed: row.changed,
                    presence: attendance.presence(ticket).copied(),
                }
            })
            .collect();
        entries.sort_unstable_by_key(|entry| entry.ticket);
        let more = entries.len() > limit;
        entries.truncate(limit);
        Some(WhitelistPage { entries, more })
    }
}
