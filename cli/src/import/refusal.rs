//! Why a line of a source was not taken: where it stands, a stable code and what to do.

use std::fmt;

use serde::Serialize;
use soticket_schema::Rejection;

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $advice:literal;)+) => {
        /// What can be wrong with a source before the ledger sees it. What the ledger itself rejects keeps its own code.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub(crate) enum Fault {$(
            $(#[doc = $doc])+
            $name,
        )+}

        impl Fault {
            /// The stable code.
            pub(crate) fn code(self) -> &'static str {
                match self {$(Self::$name => $code,)+}
            }

            /// What to do.
            pub(crate) fn advice(self) -> &'static str {
                match self {$(Self::$name => $advice,)+}
            }
        }
    };
}

faults! {
    /// A file that the import cannot do without is not there.
    FileMissing "FILE_MISSING" "put the file into the folder";
    /// The file cannot be read.
    FileUnreadable "FILE_UNREADABLE" "check that the file can be read and is not a spreadsheet or archive";
    /// The file is not what its name says.
    FileUnknown "FILE_UNKNOWN" "export the file again";
    /// A column that is needed is not in the header.
    ColumnMissing "COLUMN_MISSING" "add the column, or export the file again";
    /// The line has more or fewer cells than the header.
    RowShape "ROW_SHAPE" "give the line as many cells as the header has";
    /// Bytes that are no UTF-8.
    Utf8Invalid "UTF8_INVALID" "save the file as UTF-8";
    /// A text that must not be empty.
    TextEmpty "TEXT_EMPTY" "fill in the field";
    /// A text that is too long.
    TextTooLong "TEXT_TOO_LONG" "shorten the field";
    /// A text with control characters.
    TextNotAllowed "TEXT_NOT_ALLOWED" "remove control characters";
    /// No instant with an offset.
    TimeUnreadable "TIME_UNREADABLE" "write the time as 2026-03-14T20:30:00+01:00, between 2000 and 2200";
    /// Events of one thing in an impossible order.
    TimeOrder "TIME_ORDER" "correct the time: it lies before what it refers to";
    /// No amount.
    AmountUnreadable "AMOUNT_UNREADABLE" "write the amount as 24.00";
    /// Parts of a unit that the currency does not have.
    AmountPrecision "AMOUNT_PRECISION" "write the amount with no more digits than the currency has";
    /// Below zero.
    AmountNegative "AMOUNT_NEGATIVE" "state an amount that is not negative";
    /// Beyond what the ledger takes.
    AmountTooLarge "AMOUNT_TOO_LARGE" "state a smaller amount";
    /// A rate that is none, or not between 0 and 100.
    RateOutOfRange "RATE_OUT_OF_RANGE" "state a rate between 0 and 100 %";
    /// No whole number, or one out of range.
    NumberUnreadable "NUMBER_UNREADABLE" "write a whole number within range";
    /// A word that is none of those known.
    WordUnknown "WORD_UNKNOWN" "use one of the words that the message lists";
    /// JSON that does not parse.
    JsonInvalid "JSON_INVALID" "correct the JSON at the place named";
    /// A JSON field that is missing or of the wrong type.
    JsonField "JSON_FIELD" "correct the field at the path named";
    /// The same thing twice.
    Duplicate "DUPLICATE" "name each only once";
    /// A tariff that the source does not define.
    TariffUnknown "TARIFF_UNKNOWN" "use a tariff that is defined for the show";
    /// A show that the ledger does not have.
    ShowUnknown "SHOW_UNKNOWN" "check the show's reference or time, or name it in the mapping";
    /// A way of paying that the ledger does not have.
    MethodUnknown "METHOD_UNKNOWN" "use a way of paying that is defined";
    /// The organisation is not in the ledger.
    OrganisationUnknown "ORGANISATION_UNKNOWN" "check the organisation's id";
    /// A mapping that is none.
    MappingInvalid "MAPPING_INVALID" "correct the mapping at the place named";
    /// A channel that the source does not define.
    ChannelUnknown "CHANNEL_UNKNOWN" "use a channel that is defined";
    /// A zone that the source does not define.
    ZoneUnknown "ZONE_UNKNOWN" "use a zone that is defined for the hall";
    /// A seat that the zone does not have, or a seat where there are none.
    SeatUnknown "SEAT_UNKNOWN" "use a seat of the zone";
    /// A ticket that the source does not sell.
    TicketUnknown "TICKET_UNKNOWN" "check the ticket's number";
    /// A free ticket without a reason that its tariff takes, or a reason on a paid one.
    CompReasonInvalid "COMP_REASON_INVALID" "give a reason that the tariff takes, for free tickets only";
    /// A pack where the tariff is none.
    PackUnexpected "PACK_UNEXPECTED" "use the tariff of the pack, or leave the pack out";
    /// A payment that does not add up to the price.
    PaymentMismatch "PAYMENT_MISMATCH" "make the parts of the payment add up to price and fee";
    /// Lines of one order that contradict each other.
    OrderMixed "ORDER_MIXED" "give the lines of one order the same time, channel, seller and buyer";
    /// An order that another file of the source does not list.
    OrderUnknown "ORDER_UNKNOWN" "export all files again, at the same moment";
    /// Another line of the same order cannot be taken; an order is recorded whole or not at all.
    OrderIncomplete "ORDER_INCOMPLETE" "correct the order's other line and import again";
    /// What the line refers to was not taken.
    DependsOnRefused "DEPENDS_ON_REFUSED" "correct what the line refers to and import again";
    /// History that was imported before is no longer the same.
    HistoryChanged "HISTORY_CHANGED" "export the whole event again; what was recorded stays";
    /// A list begins in the middle: earlier changes are missing.
    HistoryCut "HISTORY_CUT" "export without a date range";
    /// The organisation's log is kept in another currency.
    CurrencyMismatch "CURRENCY_MISMATCH" "import the source into a data folder of its own";
    /// The ledger cannot tell the time zone of the export.
    ZoneUndetermined "TIME_ZONE_UNKNOWN" "state the event's time zone with --time-zone";
}

/// Where something stands in a source.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub struct Place {
    /// The file's name within the folder.
    pub file: String,
    /// Line of the file from 1, if it has lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column's name, or the path of a JSON field; may be empty.
    pub column: String,
}

impl Place {
    /// A whole file.
    pub(crate) fn file(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    /// A line of a file.
    pub(crate) fn line(file: &str, line: u64) -> Self {
        Self { file: file.to_owned(), line: Some(line), column: String::new() }
    }

    /// A column of this line, or a field of this file.
    pub(crate) fn column(&self, column: &str) -> Self {
        Self { column: column.to_owned(), ..self.clone() }
    }

    /// Refuses what stands here.
    pub(crate) fn refuse(&self, fault: Fault, message: impl Into<String>) -> Refusal {
        Refusal { place: self.clone(), code: fault.code(), message: message.into(), advice: fault.advice() }
    }

    /// Says what the ledger rejected.
    pub(crate) fn rejected(&self, rejection: &Rejection) -> Refusal {
        let field = if rejection.field.is_empty() { "the whole line" } else { rejection.field.as_str() };
        Refusal {
            place: self.clone(),
            code: rejection.code.code(),
            message: format!("the ledger rejects it: {field}"),
            advice: rejection.code.advice(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.column.is_empty() {
            write!(f, " [{}]", self.column)?;
        }
        Ok(())
    }
}

/// Something that was not taken.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Refusal {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: &'static str,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {} ({})", self.place, self.code, self.message, self.advice)
    }
}

/// A text from a source, shortened so that a message stays readable whatever it holds.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    let plain: String =
        text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        format!("\"{plain}…\" ({} bytes)", text.len())
    } else {
        format!("\"{plain}\"")
    }
}
