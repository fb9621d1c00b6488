//! Rules for entry as they are applied: by the decision at a gate and by those who work out later who came.

use soticket_schema::Timestamp;
use soticket_schema::event::v1::{EntryRules, ReEntry, ScanReason};

const MINUTE: i64 = 60_000_000;
const SECOND: i64 = 1_000_000;

/// What holds until an organisation says otherwise: from an hour before the doors to six hours after the begin of the
/// performance, again after an exit, and nobody who has not paid.
pub const DEFAULT_RULES: EntryRules = EntryRules {
    lead_minutes: 60,
    tail_minutes: 360,
    from: None,
    until: None,
    re_entry: ReEntry::AfterExit,
    passback_seconds: 0,
    admit_unpaid: false,
};

/// When a show's doors open and when it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ShowTimes {
    /// Opening of the doors.
    pub doors_at: Timestamp,
    /// Begin of the performance.
    pub starts_at: Timestamp,
}

/// Where a ticket is, by what the gates have let through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Whereabouts {
    /// Whether it is inside.
    pub inside: bool,
    /// When it last entered.
    pub entered_at: Option<Timestamp>,
}

/// Within what instants a show is scanned.
pub fn window(rules: &EntryRules, times: ShowTimes) -> (Timestamp, Timestamp) {
    let before = Timestamp(times.doors_at.0.saturating_sub(i64::from(rules.lead_minutes) * MINUTE));
    let after = Timestamp(times.starts_at.0.saturating_add(i64::from(rules.tail_minutes) * MINUTE));
    (rules.from.unwrap_or(before), rules.until.unwrap_or(after))
}

/// Whether an instant is outside the window; none when it is within.
pub fn outside(rules: &EntryRules, times: ShowTimes, at: Timestamp) -> Option<ScanReason> {
    let (from, until) = window(rules, times);
    match at {
        at if at < from => Some(ScanReason::TooEarly),
        at if at > until => Some(ScanReason::TooLate),
        _ => None,
    }
}

/// Why a ticket may not enter now, by where it is; none when it may.
pub fn entered_before(rules: &EntryRules, ticket: Whereabouts, at: Timestamp) -> Option<ScanReason> {
    let entered_at = ticket.entered_at?;
    let wait = i64::from(rules.passback_seconds) * SECOND;
    match rules.re_entry {
        ReEntry::AfterExit | ReEntry::Never if ticket.inside => Some(ScanReason::AlreadyInside),
        ReEntry::Never => Some(ScanReason::AlreadyUsed),
        _ if at.0 < entered_at.0.saturating_add(wait) => Some(ScanReason::TooSoon),
        ReEntry::AfterExit | ReEntry::Free => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTERED: Timestamp = Timestamp(1_000 * SECOND);

    fn ticket(inside: bool) -> Whereabouts {
        Whereabouts { inside, entered_at: Some(ENTERED) }
    }

    fn later(seconds: i64) -> Timestamp {
        Timestamp(ENTERED.0 + seconds * SECOND)
    }

    #[test]
    fn a_ticket_enters_again_as_the_rules_say() {
        let rules = |re_entry, passback_seconds| EntryRules { re_entry, passback_seconds, ..DEFAULT_RULES };
        for (re_entry, passback, inside, seconds, expected) in [
            (ReEntry::Never, 0, true, 5, Some(ScanReason::AlreadyInside)),
            (ReEntry::Never, 0, false, 5, Some(ScanReason::AlreadyUsed)),
            (ReEntry::AfterExit, 0, true, 5, Some(ScanReason::AlreadyInside)),
            (ReEntry::AfterExit, 0, false, 0, None),
            (ReEntry::AfterExit, 60, false, 59, Some(ScanReason::TooSoon)),
            (ReEntry::AfterExit, 60, false, 60, None),
            (ReEntry::Free, 0, true, 0, None),
            (ReEntry::Free, 60, true, 59, Some(ScanReason::TooSoon)),
            (ReEntry::Free, 60, true, 60, None),
        ] {
            let told = entered_before(&rules(re_entry, passback), ticket(inside), later(seconds));
            assert_eq!(told, expected, "{re_entry:?} {passback} {inside} {seconds}");
            assert_eq!(
                entered_before(&rules(re_entry, passback), Whereabouts::default(), later(seconds)),
                None
            );
        }
    }

    #[test]
    fn the_window_follows_the_show_unless_it_is_stated() {
        let times = ShowTimes { doors_at: Timestamp(10_000 * SECOND), starts_at: Timestamp(13_600 * SECOND) };
        let (from, until) = (Timestamp((10_000 - 3_600) * SECOND), Timestamp((13_600 + 21_600) * SECOND));
        assert_eq!(window(&DEFAULT_RULES, times), (from, until));
        assert_eq!(outside(&DEFAULT_RULES, times, from), None);
        assert_eq!(outside(&DEFAULT_RULES, times, until), None);
        assert_eq!(outside(&DEFAULT_RULES, times, Timestamp(from.0 - 1)), Some(ScanReason::TooEarly));
        assert_eq!(outside(&DEFAULT_RULES, times, Timestamp(until.0 + 1)), Some(ScanReason::TooLate));
        let stated = EntryRules { from: Some(Timestamp(1)), until: Some(Timestamp(2)), ..DEFAULT_RULES };
        assert_eq!(window(&stated, times), (Timestamp(1), Timestamp(2)));
        let hostile = ShowTimes { doors_at: Timestamp(i64::MIN), starts_at: Timestamp(i64::MAX) };
        assert_eq!(window(&DEFAULT_RULES, hostile), (Timestamp(i64::MIN), Timestamp(i64::MAX)));
    }
}
