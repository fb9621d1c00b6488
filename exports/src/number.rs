//! Figures and dates as people of a language write them, exactly.

use std::fmt::Write as _;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use soticket_schema::{Amount, Currency, Rate, Timestamp};

use crate::document::{Cell, ColumnKind, Document, Explanation, Text};
use crate::language::Language;
use crate::words;

/// Narrow space that keeps a number on one line.
const NARROW: char = '\u{202F}';
/// Positions that an explanation lists before it only counts them.
const EVENTS_SHOWN: usize = 6;
/// The minus sign of typography.
const MINUS: char = '\u{2212}';

/// How values are written in a language and a time zone.
#[derive(Debug, Clone)]
pub struct Style {
    /// The language.
    pub language: Language,
    zone: TimeZone,
}

impl Style {
    /// Values in this language; instants in the zone of this IANA name, or UTC if there is none.
    pub fn new(language: Language, zone: &str) -> Self {
        Self { language, zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC) }
    }

    /// A text.
    pub fn text(&self, text: &Text) -> String {
        match text {
            Text::Plain(text) => text.clone(),
            Text::Term(term) => term.in_language(self.language).to_owned(),
            Text::Both { french, english } => match self.language {
                Language::French => french.clone(),
                Language::English => english.clone(),
            },
            Text::Filled(term, values) => {
                let mut text = term.in_language(self.language).to_owned();
                for (index, value) in values.iter().enumerate() {
                    text = text.replace(&format!("{{{index}}}"), &self.cell(value, ColumnKind::Text));
                }
                text
            }
        }
    }

    /// A value as it stands in a column of this kind.
    pub fn cell(&self, cell: &Cell, kind: ColumnKind) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => self.text(text),
            Cell::Count(count) => self.grouped(*count, 0),
            Cell::Amount(amount) => match kind {
                ColumnKind::Amount(currency) => self.amount(*amount, currency),
                _ => self.amount(*amount, Currency::EUR),
            },
            Cell::Money(amount, currency) => self.money(*amount, *currency),
            Cell::Rate(rate) => self.rate(*rate),
            Cell::Number(number) => number.to_string(),
            Cell::Range(first, last) if first == last => first.to_string(),
            Cell::Range(first, last) => format!("{first}\u{2013}{last}"),
            Cell::Date(day) => self.day(*day),
            Cell::Instant(instant) => self.instant(*instant),
        }
    }

    /// Kind and number of a document, in one line.
    pub(crate) fn head(&self, document: &Document) -> String {
        format!("{} {}", document.kind.in_language(self.language), document.number)
    }

    /// A value that stands by itself: an instant is written out.
    pub fn value(&self, cell: &Cell) -> String {
        match cell {
            Cell::Instant(instant) => self.long(*instant),
            other => self.cell(other, ColumnKind::Text),
        }
    }

    /// How a row came about, in one line.
    pub fn explanation(&self, explanation: &Explanation) -> String {
        let mut text = self.text(&explanation.rule);
        for input in &explanation.inputs {
            text += &format!(
                "; {}{} {}",
                input.label.in_language(self.language),
                if self.language == Language::French { "\u{202F}:" } else { ":" },
                self.cell(&input.value, ColumnKind::Text)
            );
        }
        if !explanation.events.is_empty() {
            let shown: Vec<String> =
                explanation.events.iter().take(EVENTS_SHOWN).map(u64::to_string).collect();
            let word = if shown.len() == 1 { words::EVENT_BEHIND } else { words::EVENTS_BEHIND };
            text += &format!("; {} {}", word.in_language(self.language), shown.join(", "));
            let rest = explanation.events.len().saturating_sub(EVENTS_SHOWN);
            if rest > 0 {
                let more = Text::Filled(words::AND_MORE, vec![Cell::count(rest as u64)]);
                text += &format!(" {}", self.text(&more));
            }
        }
        text
    }

    /// A local date and time that sorts as text: `2026-03-14 20:30:00`.
    pub(crate) fn sortable(&self, instant: Timestamp) -> String {
        match self.local(instant) {
            Some(local) => local.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            None => instant.to_string(),
        }
    }

    /// An amount without its currency: `1 647,00` or `1,647.00`.
    pub fn amount(&self, amount: Amount, currency: Currency) -> String {
        self.grouped(amount.0, currency.digits())
    }

    /// An amount with its currency: `1 647,00 €` or `€1,647.00`.
    pub fn money(&self, amount: Amount, currency: Currency) -> String {
        let figure = self.amount(amount, currency);
        match (self.language, symbol(currency)) {
            (Language::French, Some(symbol)) => format!("{figure}{NARROW}{symbol}"),
            (Language::French, None) => format!("{figure}{NARROW}{}", currency.code()),
            (Language::English, Some(symbol)) => match figure.strip_prefix(MINUS) {
                Some(figure) => format!("{MINUS}{symbol}{figure}"),
                None => format!("{symbol}{figure}"),
            },
            (Language::English, None) => format!("{}{NARROW}{figure}", currency.code()),
        }
    }

    /// A rate in percent with two decimal places, or with as many as it needs: `5,50 %` or `5.50%`.
    pub fn rate(&self, rate: Rate) -> String {
        // A rate has four decimal places in percent: the last two are shown only if they say something.
        let figure = if rate.0 % 100 == 0 { self.grouped(rate.0 / 100, 2) } else { self.grouped(rate.0, 4) };
        match self.language {
            Language::French => format!("{figure}{NARROW}%"),
            Language::English => format!("{figure}%"),
        }
    }

    /// A day in figures: `14/03/2026` or `14 Mar 2026`.
    pub fn day(&self, day: Date) -> String {
        match self.language {
            Language::French => format!("{:02}/{:02}/{}", day.day(), day.month(), day.year()),
            Language::English => {
                let month: String = month(day, self.language).chars().take(3).collect();
                format!("{} {month} {}", day.day(), day.year())
            }
        }
    }

    /// An instant in figures: `14/03/2026 20:30` or `14 Mar 2026 20:30`.
    pub fn instant(&self, instant: Timestamp) -> String {
        match self.local(instant) {
            Some(local) => format!("{} {:02}:{:02}", self.day(local.date()), local.hour(), local.minute()),
            None => instant.to_string(),
        }
    }

    /// An instant in words: `samedi 14 mars 2026, 20 h 30` or `Saturday 14 March 2026, 20:30`.
    pub fn long(&self, instant: Timestamp) -> String {
        let Some(local) = self.local(instant) else { return instant.to_string() };
        let day = local.date();
        let ordinal = if self.language == Language::French && day.day() == 1 { "er" } else { "" };
        let date = format!(
            "{} {}{ordinal} {} {}",
            weekday(day.weekday(), self.language),
            day.day(),
            month(day, self.language),
            day.year()
        );
        match self.language {
            Language::French => {
                format!("{date}, {}\u{A0}h\u{A0}{:02}", local.hour(), local.minute())
            }
            Language::English => format!("{date}, {:02}:{:02}", local.hour(), local.minute()),
        }
    }

    /// The local date and time of an instant.
    pub(crate) fn local(&self, instant: Timestamp) -> Option<DateTime> {
        let instant = jiff::Timestamp::from_microsecond(instant.0).ok()?;
        Some(self.zone.to_datetime(instant))
    }

    /// An integer of so many decimal places, in groups of three.
    fn grouped(&self, value: i64, places: u32) -> String {
        let unit = 10_u64.pow(places);
        let (whole, rest) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
        let (group, point) = match self.language {
            Language::French => (NARROW, ','),
            Language::English => (',', '.'),
        };
        let digits = whole.to_string();
        let mut text = String::with_capacity(digits.len() * 2);
        if value < 0 {
            text.push(MINUS);
        }
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                text.push(group);
            }
            text.push(digit);
        }
        if places > 0 {
            let places = places as usize;
            // Writing to a string cannot fail.
            let _ = write!(text, "{point}{rest:0places$}");
        }
        text
    }
}

/// The sign of a currency that has one of its own.
fn symbol(currency: Currency) -> Option<&'static str> {
    match currency.code() {
        "EUR" => Some("€"),
        "GBP" => Some("£"),
        _ => None,
    }
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    const FRENCH: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    const ENGLISH: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let names = if language == Language::French { FRENCH } else { ENGLISH };
    let index = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
    names.get(index).copied().unwrap_or_default()
}

fn month(day: Date, language: Language) -> &'static str {
    const FRENCH: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let names = if language == Language::French { FRENCH } else { ENGLISH };
    let index = usize::try_from(day.month() - 1).unwrap_or(0);
    names.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(language: Language) -> Style {
        Style::new(language, "Europe/Paris")
    }

    #[test]
    fn figures_are_exact_in_both_languages() {
        let (french, english) = (style(Language::French), style(Language::English));
        let euros = Currency::EUR;
        for (minor, fr, en) in [
            (0, "0,00", "0.00"),
            (5, "0,05", "0.05"),
            (-5, "\u{2212}0,05", "\u{2212}0.05"),
            (99_999, "999,99", "999.99"),
            (903_275, "9\u{202F}032,75", "9,032.75"),
            (-123_456_789, "\u{2212}1\u{202F}234\u{202F}567,89", "\u{2212}1,234,567.89"),
            (
                i64::MIN,
                "\u{2212}92\u{202F}233\u{202F}720\u{202F}368\u{202F}547\u{202F}758,08",
                "\u{2212}92,233,720,368,547,758.08",
            ),
        ] {
            assert_eq!(french.amount(Amount(minor), euros), fr);
            assert_eq!(english.amount(Amount(minor), euros), en);
        }
        assert_eq!(french.money(Amount(-150), euros), "\u{2212}1,50\u{202F}€");
        assert_eq!(english.money(Amount(-150), euros), "\u{2212}€1.50");
        let francs = Currency::from_code("XPF").unwrap();
        assert_eq!(french.money(Amount(1_500), francs), "1\u{202F}500\u{202F}XPF");
        assert_eq!(english.money(Amount(1_500), francs), "XPF\u{202F}1,500");
        assert_eq!(french.rate(Rate(55_000)), "5,50\u{202F}%");
        assert_eq!(english.rate(Rate(21_000)), "2.10%");
        assert_eq!(english.rate(Rate(10_550)), "1.0550%");
    }

    #[test]
    fn instants_are_local_and_written_as_people_do() {
        let instant = Timestamp::parse("2026-03-01T20:30:00+01:00").unwrap();
        let (french, english) = (style(Language::French), style(Language::English));
        assert_eq!(french.long(instant), "dimanche 1er mars 2026, 20\u{A0}h\u{A0}30");
        assert_eq!(english.long(instant), "Sunday 1 March 2026, 20:30");
        assert_eq!(french.instant(instant), "01/03/2026 20:30");
        assert_eq!(english.instant(instant), "1 Mar 2026 20:30");
        // The night in which clocks go forward has no 02:30: the zone's rule decides, not the machine's.
        let summer = Timestamp::parse("2026-03-29T01:00:00Z").unwrap();
        assert_eq!(french.instant(summer), "29/03/2026 03:00");
    }
}
