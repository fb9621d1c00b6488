//! Values: text that may be a word of a dictionary, and typed figures.

use jiff::civil::Date;
use soticket_schema::{Amount, Currency, Rate, Timestamp};

use crate::language::Term;

/// A text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// A name or another text that is data, the same in every language.
    Plain(String),
    /// A word of a dictionary.
    Term(Term),
    /// A text that is data in both languages, such as a legal source.
    Both {
        /// In French.
        french: String,
        /// In English.
        english: String,
    },
    /// A phrase of a dictionary with values for its places `{0}`, `{1}`.
    Filled(Term, Vec<Cell>),
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(Text),
    /// How many.
    Count(i64),
    /// Minor units of the column's currency.
    Amount(Amount),
    /// Minor units of a currency, where no column says which.
    Money(Amount, Currency),
    /// A rate, shown in percent.
    Rate(Rate),
    /// A number that counts nothing: an order, a serial, a position.
    Number(u64),
    /// First and last of a series of numbers.
    Range(u64, u64),
    /// A day.
    Date(Date),
    /// An instant, shown in the document's time zone.
    Instant(Timestamp),
}

/// A name with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name; the code is its key in JSON.
    pub label: Term,
    /// Its value.
    pub value: Cell,
}

impl Fact {
    /// A fact.
    pub fn new(label: Term, value: impl Into<Cell>) -> Self {
        Self { label, value: value.into() }
    }
}

impl Cell {
    /// What it adds to a total; none for what is not added up.
    pub(crate) fn addend(&self) -> Option<i64> {
        match self {
            Self::Count(count) => Some(*count),
            Self::Amount(amount) => Some(amount.0),
            Self::Empty => Some(0),
            _ => None,
        }
    }

    /// A count of what the read models count in `u64`.
    pub fn count(count: u64) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<Term> for Text {
    fn from(term: Term) -> Self {
        Self::Term(term)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl<T: Into<Text>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl From<Amount> for Cell {
    fn from(amount: Amount) -> Self {
        Self::Amount(amount)
    }
}

impl From<Rate> for Cell {
    fn from(rate: Rate) -> Self {
        Self::Rate(rate)
    }
}

impl From<Timestamp> for Cell {
    fn from(instant: Timestamp) -> Self {
        Self::Instant(instant)
    }
}

impl From<Date> for Cell {
    fn from(day: Date) -> Self {
        Self::Date(day)
    }
}
