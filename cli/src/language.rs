//! Language of what is printed.

use clap::ValueEnum;

/// Language of a printed statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Language {
    /// French.
    Fr,
    /// English.
    En,
}

impl Language {
    /// The language of a setting; French unless it says English.
    pub(crate) fn of(setting: &str) -> Self {
        if setting == "en" { Self::En } else { Self::Fr }
    }
}

impl From<Language> for soticket_exports::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Fr => Self::French,
            Language::En => Self::English,
        }
    }
}
