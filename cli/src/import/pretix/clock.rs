//! Dates and times of checkinlog.csv: the only ones that pretix writes in the manner of the language, minutes only.

use jiff::civil::{Date, Time};

/// Which number of a date like 03/04/2026 is the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DayOrder {
    /// The first.
    DayFirst,
    /// The second, as in the United States.
    MonthFirst,
}

/// Month names of the languages that write them.
const MONTHS: [[&str; 3]; 12] = [
    ["jan", "oca", "ม.ค"],
    ["feb", "şub", "ก.พ"],
    ["mar", "mar", "มี.ค"],
    ["apr", "nis", "เม.ย"],
    ["may", "may", "พ.ค"],
    ["jun", "haz", "มิ.ย"],
    ["jul", "tem", "ก.ค"],
    ["aug", "ağu", "ส.ค"],
    ["sep", "eyl", "ก.ย"],
    ["oct", "eki", "ต.ค"],
    ["nov", "kas", "พ.ย"],
    ["dec", "ara", "ธ.ค"],
];

/// Decides once for a file: a number above 12 tells; else only the United States write dates with slashes and times
/// with a.m. and p.m.
pub(crate) fn day_order<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> DayOrder {
    let mut american = false;
    for (date, time) in rows {
        if let [first, second, year] = numbers(date).as_slice() {
            if *first > 12 && *first < 32 && *year > 31 {
                return DayOrder::DayFirst;
            }
            if *second > 12 && *first <= 12 && *year > 31 {
                return DayOrder::MonthFirst;
            }
        }
        let latin = time.to_lowercase();
        american |= date.contains('/')
            && !date.contains('\u{200f}')
            && ["m.", "am", "pm", "noon", "midnight"].iter().any(|mark| latin.contains(mark));
    }
    if american { DayOrder::MonthFirst } else { DayOrder::DayFirst }
}

/// Reads a date.
pub(crate) fn date(text: &str, order: DayOrder) -> Option<Date> {
    let (year, month, day) = match *numbers(text).as_slice() {
        [year, month, day] if year > 31 => (year, month, day),
        [first, second, year] => match order {
            DayOrder::DayFirst => (year, second, first),
            DayOrder::MonthFirst => (year, first, second),
        },
        [day, year] => (year, named_month(text)?, day),
        _ => return None,
    };
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn named_month(text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let word = text.trim_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    let found = MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name)))?;
    u32::try_from(found + 1).ok()
}

/// Reads a time of day.
pub(crate) fn time(text: &str) -> Option<Time> {
    let text = text.to_lowercase();
    if text.contains("noon") {
        return Some(Time::constant(12, 0, 0, 0));
    }
    if text.contains("midnight") {
        return Some(Time::midnight());
    }
    let (hour, minute) = match *numbers(&text).as_slice() {
        [hour] => (hour, 0),
        [hour, minute] => (hour, minute),
        // Canadian French writes the hour twice, once by twelve: 20 08 04 is four minutes past eight.
        [hour, twelve, minute] if twelve % 12 == hour % 12 => (hour, minute),
        [hour, minute, _seconds] => (hour, minute),
        _ => return None,
    };
    let afternoon = text.contains("p.m") || text.contains("pm") || text.contains('م');
    let morning = text.contains("a.m") || text.contains("am") || text.contains('ص');
    let hour = match (hour, afternoon, morning) {
        (12, _, true) => 0,
        (1..=11, true, _) => hour + 12,
        _ => hour,
    };
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
}

/// The groups of digits.
fn numbers(text: &str) -> Vec<u32> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_read() {
        for (date_text, time_text, order, expected) in [
            ("2026-09-05", "20:04", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("05/09/2026", "20:04", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("09/05/2026", "8:04 p.m.", DayOrder::MonthFirst, "2026-09-05T20:04:00"),
            ("09/05/2026", "noon", DayOrder::MonthFirst, "2026-09-05T12:00:00"),
            ("09/05/2026", "9 a.m.", DayOrder::MonthFirst, "2026-09-05T09:00:00"),
            ("5 September 2026", "8:04p.m.", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("05 Eyl 2026", "20:04", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("5 ก.ย. 2026", "20:04", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("5\u{200f}/9\u{200f}/2026", "8:04 م", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("2026年9月5日", "20:04", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("5.9.2026", "20.04", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("2026.09.05.", "20:04", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("2026-09-05", "20 08 04", DayOrder::DayFirst, "2026-09-05T20:04:00"),
            ("2026-09-05", "12:30 a.m.", DayOrder::DayFirst, "2026-09-05T00:30:00"),
        ] {
            let read = date(date_text, order).unwrap().to_datetime(time(time_text).unwrap());
            assert_eq!(read.to_string(), expected, "{date_text} {time_text}");
        }
        assert_eq!(date("soon", DayOrder::DayFirst), None);
        assert_eq!(date("40.13.2026", DayOrder::DayFirst), None);
        assert_eq!(time("later"), None);
    }

    #[test]
    fn the_order_of_day_and_month_is_decided_once_for_the_file() {
        let decide = |rows: &[(&'static str, &'static str)]| day_order(rows.iter().copied());
        assert_eq!(decide(&[("03/04/2026", "20:04"), ("14/04/2026", "20:04")]), DayOrder::DayFirst);
        assert_eq!(decide(&[("03/04/2026", "20:04"), ("04/14/2026", "20:04")]), DayOrder::MonthFirst);
        assert_eq!(decide(&[("03/04/2026", "8:04 p.m.")]), DayOrder::MonthFirst);
        assert_eq!(decide(&[("03/04/2026", "20:04")]), DayOrder::DayFirst);
    }
}
