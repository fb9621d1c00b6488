//! What returns ask for and no ledger knows: account numbers, genres, people in charge. Read from a file that the
//! organisation keeps, such as `<data>/declared/<organisation>.json`; what is not in it is a blank to fill in.

use std::path::Path;
use std::{fs, io};

use serde::Deserialize;
use soticket_schema::{Amount, Currency, Hash, OrganisationId, Rate};

use super::terms::SibilCategory;

/// What an organisation declares besides its ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Declared {
    /// Postal address.
    pub address: String,
    /// Who answers for the returns.
    pub responsible: String,
    /// In what capacity.
    pub capacity: String,
    /// Client number at SACEM.
    pub sacem_client: String,
    /// Account at SACD.
    pub sacd_account: String,
    /// Tariffs whose SIBIL category is not the one of their kind.
    pub tariffs: Vec<DeclaredTariff>,
    /// What is to be known of shows.
    pub shows: Vec<DeclaredShow>,
    /// BLAKE3 of the file; none without one.
    #[serde(skip)]
    pub hash: Option<Hash>,
}

/// SIBIL category of a tariff.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredTariff {
    /// Reference of its show; of every show without one.
    #[serde(default)]
    pub show: Option<String>,
    /// Its name.
    pub tariff: String,
    /// What it is to SIBIL.
    pub category: SibilCategory,
}

/// What is to be known of a show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DeclaredShow {
    /// Its reference.
    pub show: String,
    /// Genre, as SACEM asks for it.
    pub genre: String,
    /// Domain, as SIBIL's list has it.
    pub domain: String,
    /// Name of the festival that it is part of; empty for none, missing if nobody said.
    pub festival: Option<String>,
    /// Whether it is for a young audience.
    pub young_audience: Option<bool>,
    /// SIRET of the place.
    pub place_siret: String,
    /// Type of the place, as SIBIL's list has it.
    pub place_type: String,
    /// Which tax on shows it is under; by its deal, else the CNM's, if nobody said.
    pub levy: Option<DeclaredLevy>,
    /// Receipts besides the ledger's: bar, catering, subsidies.
    pub receipts: Vec<DeclaredAmount>,
    /// Expenses for artists besides the deal's: salaries and their charges.
    pub expenses: Vec<DeclaredAmount>,
}

/// Which tax on shows a show is under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclaredLevy {
    /// The CNM's: variety, songs, jazz, traditional music excluded.
    Cnm,
    /// ASTP's: drama, lyrical and choreographic shows.
    Astp,
    /// None: a performance for schools.
    School,
    /// None: out of scope.
    OutOfScope,
}

/// An amount that is declared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclaredAmount {
    /// What it is.
    pub label: String,
    /// Without VAT, such as `120.00`.
    pub net: String,
    /// VAT rate in percent.
    #[serde(default)]
    pub vat_rate: Option<String>,
    /// VAT.
    #[serde(default)]
    pub vat: Option<String>,
}

/// A file of declared data that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("DECLARED_INVALID: {0}")]
pub struct DeclaredError(pub(super) String);

impl Declared {
    /// Folder of the files of all organisations, in the data folder.
    pub const FOLDER: &str = "declared";

    /// What is kept for an organisation in a folder, as `ORGANISATION.json`; nothing is declared without a file.
    ///
    /// # Errors
    /// The file cannot be read, or is no JSON of this form.
    pub fn kept(folder: &Path, organisation: OrganisationId) -> Result<Self, DeclaredError> {
        let file = folder.join(format!("{organisation}.json"));
        match fs::exists(&file) {
            Ok(false) => Ok(Self::default()),
            _ => Self::file(&file),
        }
    }

    /// What a file declares.
    ///
    /// # Errors
    /// It cannot be read, or is no JSON of this form.
    pub fn file(file: &Path) -> Result<Self, DeclaredError> {
        let told = |what: String| DeclaredError(format!("{}: {what}", file.display()));
        let bytes = fs::read(file).map_err(|error: io::Error| told(error.to_string()))?;
        Self::read(&bytes).map_err(|DeclaredError(what)| told(what))
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// It is no JSON of this form; the text names line, column and field.
    pub fn read(bytes: &[u8]) -> Result<Self, DeclaredError> {
        let mut declared: Self =
            serde_json::from_slice(bytes).map_err(|error| DeclaredError(error.to_string()))?;
        declared.hash = Some(Hash(*blake3::hash(bytes).as_bytes()));
        Ok(declared)
    }

    /// What is declared of a show.
    pub(super) fn show(&self, reference: &str) -> Option<&DeclaredShow> {
        self.shows.iter().find(|known| known.show == reference)
    }

    /// The declared SIBIL category of a tariff: its show's own before that for every show.
    pub(super) fn category(&self, reference: &str, tariff: &str) -> Option<SibilCategory> {
        let of = |show: Option<&str>| {
            self.tariffs.iter().find(|known| known.show.as_deref() == show && known.tariff == tariff)
        };
        of(Some(reference)).or_else(|| of(None)).map(|known| known.category)
    }
}

impl DeclaredAmount {
    /// Without VAT, VAT rate, VAT.
    ///
    /// # Errors
    /// A figure is none.
    pub(super) fn figures(&self, currency: Currency) -> Result<(Amount, Rate, Amount), DeclaredError> {
        let amount = |field: &str, text: &str| {
            Amount::parse(text, currency)
                .map_err(|error| DeclaredError(format!("{}: {field}: {error}", self.label)))
        };
        let rate = self.vat_rate.as_deref().map_or(Ok(Rate::ZERO), |text| {
            Rate::parse_percent(text)
                .map_err(|error| DeclaredError(format!("{}: vatRate: {error}", self.label)))
        })?;
        let net = amount("net", &self.net)?;
        let vat = self.vat.as_deref().map_or(Ok(Amount::ZERO), |text| amount("vat", text))?;
        Ok((net, rate, vat))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_a_wrong_field_is_named() {
        let text =
            br#"{"sacemClient": "123456", "tariffs": [{"tariff": "Adherent", "category": "subscription"},
            {"show": "S-1", "tariff": "Adherent", "category": "full"}]}"#;
        let declared = Declared::read(text).unwrap();
        assert_eq!(declared.category("S-1", "Adherent"), Some(SibilCategory::Full));
        assert_eq!(declared.category("S-2", "Adherent"), Some(SibilCategory::Subscription));
        assert_eq!(declared.category("S-2", "Plein"), None);
        assert_eq!(declared.hash, Some(Hash(*blake3::hash(text).as_bytes())));
        let fault = Declared::read(br#"{"sacemClient": "1", "colour": "red"}"#).unwrap_err().to_string();
        assert!(fault.starts_with("DECLARED_INVALID: unknown field `colour`"), "{fault}");
        let fault = Declared::read(br#"{"tariffs": [{"tariff": "A", "category": "half"}]}"#).unwrap_err();
        assert!(fault.to_string().contains("half"), "{fault}");
    }

    #[test]
    fn declared_figures_are_exact_or_refused() {
        let amount = |net: &str, rate: Option<&str>, vat: Option<&str>| DeclaredAmount {
            label: "Bar".into(),
            net: net.into(),
            vat_rate: rate.map(str::to_owned),
            vat: vat.map(str::to_owned),
        };
        let euros = Currency::EUR;
        let read = amount("100.00", Some("20"), Some("20.00")).figures(euros);
        assert_eq!(read, Ok((Amount(10_000), Rate(200_000), Amount(2_000))));
        assert_eq!(amount("7.5", None, None).figures(euros), Ok((Amount(750), Rate::ZERO, Amount::ZERO)));
        let fault = amount("a lot", None, None).figures(euros).unwrap_err().to_string();
        assert!(fault.starts_with("DECLARED_INVALID: Bar: net:"), "{fault}");
    }
}
