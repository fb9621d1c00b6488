//! How one network writes its files: a mapping is data, agreed with the network and kept in a file of its own.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use soticket_schema::event::v1::Symbology;

use super::encoding::Encoding;
use crate::import::refusal::{Fault, Place, Refusal};

/// The mappings that come with the program, by name.
const SHIPPED: &[(&str, &str)] = &[
    ("fnac", include_str!("../../../../data/networks/fnac.toml")),
    ("ticketmaster", include_str!("../../../../data/networks/ticketmaster.toml")),
    ("generic", include_str!("../../../../data/networks/generic.toml")),
];

/// Longest mapping that is read, in bytes.
const BYTES_MAX: u64 = 1 << 20;

/// A mapping.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    /// Name of the ledger's channel, unless the command line names it.
    #[serde(default)]
    pub(super) channel: Option<String>,
    /// Name of the way of paying that the network collects by; the only one of kind network if absent.
    #[serde(default)]
    pub(super) method: Option<String>,
    /// What separates cells.
    pub(super) delimiter: char,
    /// How the file's bytes are text.
    #[serde(default)]
    pub(super) encoding: Encoding,
    /// What separates whole units from parts.
    pub(super) decimal: char,
    /// What separates groups of digits, if anything.
    #[serde(default)]
    pub(super) thousands: Option<char>,
    /// How dates and times are written: `rfc3339`, or formats of `strftime`; the first that fits.
    pub(super) dates: Vec<String>,
    /// Time zone of times without an offset; the organisation's if absent.
    #[serde(default)]
    pub(super) time_zone: Option<String>,
    /// How barcodes are drawn, where no column says so.
    #[serde(default)]
    pub(super) symbology: Option<SymbologyName>,
    /// Whether the network keeps its fee when a sale is cancelled.
    #[serde(default)]
    pub(super) fee_kept: bool,
    /// The file's names of the columns.
    pub(super) columns: ColumnNames,
    /// How shows are found.
    #[serde(default)]
    pub(super) shows: Shows,
    /// The file's words for tariffs, and the ledger's names of these; others are taken as they are.
    #[serde(default)]
    pub(super) tariffs: BTreeMap<String, String>,
    /// The file's words for zones, and the ledger's names of these; others are taken as they are.
    #[serde(default)]
    pub(super) zones: BTreeMap<String, String>,
    /// The file's words for what became of a ticket.
    pub(super) states: BTreeMap<String, State>,
}

/// What became of a ticket.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// It is sold.
    Sold,
    /// It was sold and is cancelled.
    Cancelled,
}

/// How a barcode is drawn, by the name that mappings and files use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SymbologyName {
    /// QR code.
    Qr,
    /// Code 128.
    Code128,
    /// EAN-13.
    Ean13,
    /// Interleaved 2 of 5.
    #[serde(rename = "2of5")]
    Interleaved2of5,
    /// Aztec.
    Aztec,
    /// PDF417.
    Pdf417,
    /// Data Matrix.
    DataMatrix,
}

/// The words of files for how barcodes are drawn.
pub(super) const SYMBOLOGIES: &[(&str, Symbology)] = &[
    ("qr", Symbology::Qr),
    ("code128", Symbology::Code128),
    ("ean13", Symbology::Ean13),
    ("2of5", Symbology::Interleaved2of5),
    ("aztec", Symbology::Aztec),
    ("pdf417", Symbology::Pdf417),
    ("datamatrix", Symbology::DataMatrix),
];

impl From<SymbologyName> for Symbology {
    fn from(name: SymbologyName) -> Self {
        match name {
            SymbologyName::Qr => Self::Qr,
            SymbologyName::Code128 => Self::Code128,
            SymbologyName::Ean13 => Self::Ean13,
            SymbologyName::Interleaved2of5 => Self::Interleaved2of5,
            SymbologyName::Aztec => Self::Aztec,
            SymbologyName::Pdf417 => Self::Pdf417,
            SymbologyName::DataMatrix => Self::DataMatrix,
        }
    }
}

/// The file's names of the columns. Barcode or order there must be: what a line is known again by.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnNames {
    pub(super) show: String,
    pub(super) tariff: String,
    pub(super) price: String,
    pub(super) sold_at: String,
    pub(super) state: String,
    #[serde(default)]
    pub(super) barcode: Option<String>,
    #[serde(default)]
    pub(super) symbology: Option<String>,
    #[serde(default)]
    pub(super) order: Option<String>,
    #[serde(default)]
    pub(super) fee: Option<String>,
    #[serde(default)]
    pub(super) cancelled_at: Option<String>,
    #[serde(default)]
    pub(super) zone: Option<String>,
    #[serde(default)]
    pub(super) seat: Option<String>,
    /// Till or point of sale of the network.
    #[serde(default)]
    pub(super) seller: Option<String>,
}

/// How shows are found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shows {
    /// By what.
    #[serde(default)]
    pub(super) by: ShowBy,
    /// How the begin of a show is written, where it is found by that.
    #[serde(default)]
    pub(super) format: Option<String>,
    /// The file's words for shows, and the venue's references of these.
    #[serde(default)]
    pub(super) references: BTreeMap<String, String>,
}

/// What a file names a show by, where [`Shows::references`] does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ShowBy {
    /// The venue's reference.
    #[default]
    Reference,
    /// The time at which it begins.
    StartsAt,
}

impl Mapping {
    /// The mapping of a shipped name, or of a file.
    ///
    /// # Errors
    /// There is none, or it is no mapping: the message says where and why.
    pub(super) fn load(name: &str) -> Result<Self, Refusal> {
        let place = Place::file(name);
        let text = match SHIPPED.iter().find(|(shipped, _)| *shipped == name) {
            Some((_, text)) => (*text).to_owned(),
            None => read(Path::new(name)).map_err(|reason| {
                let names: Vec<&str> = SHIPPED.iter().map(|(shipped, _)| *shipped).collect();
                let message = format!("{reason}; the shipped ones are {}", names.join(", "));
                place.refuse(Fault::FileUnreadable, message)
            })?,
        };
        Self::parse(&text).map_err(|reason| place.refuse(Fault::MappingInvalid, reason))
    }

    /// Reads a mapping, or says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mapping: Self = toml::from_str(text).map_err(|error| error.to_string().trim().to_owned())?;
        mapping.check().map(|()| mapping)
    }

    fn check(&self) -> Result<(), String> {
        let ensure = |holds: bool, otherwise: &str| if holds { Ok(()) } else { Err(otherwise.to_owned()) };
        ensure(self.delimiter.is_ascii() && self.delimiter != '"', "delimiter: one ASCII character")?;
        ensure(self.decimal == '.' || self.decimal == ',', "decimal: \".\" or \",\"")?;
        ensure(self.thousands != Some(self.decimal), "thousands: not what decimal is")?;
        ensure(!self.dates.is_empty(), "dates: name at least one format")?;
        ensure(!self.states.is_empty(), "states: name at least one word")?;
        let identified = self.columns.barcode.is_some() || self.columns.order.is_some();
        ensure(identified, "columns: name barcode or order, which a line is known again by")?;
        let found = self.shows.by == ShowBy::Reference || self.shows.format.is_some();
        ensure(found, "shows: state the format of starts-at")
    }
}

fn read(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > BYTES_MAX {
        return Err(format!("{size} bytes are no mapping"));
    }
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_mappings_can_be_used() {
        for (name, _) in SHIPPED {
            Mapping::load(name).unwrap_or_else(|refusal| panic!("{refusal}"));
        }
    }

    #[test]
    fn a_mapping_that_cannot_be_used_says_what_is_wrong() {
        let sound = SHIPPED[2].1;
        for (from, to, told) in [
            ("delimiter = \",\"", "delimiter = \"::\"", "delimiter"),
            ("delimiter = \",\"", "delimiter = \"\u{00b6}\"", "delimiter: one ASCII"),
            ("decimal = \".\"", "decimal = \"x\"", "decimal"),
            ("decimal = \".\"", "decimal = \".\"\nthousands = \".\"", "thousands"),
            ("dates = [\"rfc3339\"]", "dates = []", "dates"),
            ("barcode = \"barcode\"\n", "", ""),
            ("by = \"reference\"", "by = \"starts-at\"", "shows: state the format"),
            ("by = \"reference\"", "by = \"title\"", "by"),
            ("sold = \"sold\"", "sold = \"gone\"", "gone"),
            ("show = \"show\"\n", "", "missing field `show`"),
            ("[states]", "colour = 1\n[states]", "colour"),
        ] {
            assert!(sound.contains(from), "{from}");
            let told_of = Mapping::parse(&sound.replace(from, to)).map(drop);
            match told_of {
                Ok(()) => assert_eq!(told, "", "{to}"),
                Err(reason) => assert!(!told.is_empty() && reason.contains(told), "{to}: {reason}"),
            }
        }
        let neither = sound.replace("barcode = \"barcode\"\n", "").replace("order = \"order\"\n", "");
        assert!(Mapping::parse(&neither).unwrap_err().contains("barcode or order"));
        assert_eq!(Mapping::load("no-such-network").unwrap_err().code, "FILE_UNREADABLE");
    }
}
