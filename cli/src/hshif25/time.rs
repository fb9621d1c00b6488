//! Times of the venue's time zone.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use soticket_schema::Timestamp;

/// As the interface writes it: seconds, no offset.
pub(super) fn written(at: Timestamp, zone: &TimeZone) -> String {
    let instant = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    instant.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Reads a time with an offset, or one of the venue's. Of two in the hour that comes twice the first is meant.
pub(super) fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(time) = Timestamp::parse(text) {
        return Some(time);
    }
    let local: DateTime = text.parse().ok()?;
    let instant = zone.to_ambiguous_timestamp(local).earlier().ok()?;
    Some(Timestamp(instant.as_microsecond())).filter(|time| time.is_plausible())
}
