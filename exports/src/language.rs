//! Words in French and English: a dictionary is a list of constants, each of which has both languages.

/// Language of a rendering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// French.
    #[default]
    French,
    /// English, with the French term of accounting where there is no exact equivalent.
    English,
}

impl Language {
    /// The language of a code: `fr` or `en`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "fr" => Some(Self::French),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Its ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }
}

/// A word, or a phrase with places `{0}`, `{1}` for values, in every language. Make them with [`terms!`].
///
/// [`terms!`]: crate::terms
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// What stands for it where no language is spoken: in JSON and as the key of a column. Never changes.
    pub code: &'static str,
    /// In French.
    pub french: &'static str,
    /// In English.
    pub english: &'static str,
}

impl Term {
    /// The word in a language.
    pub fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::French => self.french,
            Language::English => self.english,
        }
    }
}

/// Defines constants of type [`Term`] and `TERMS`, the list of all of them:
///
/// ```
/// mod words {
///     soticket_exports::terms! {
///         /// With VAT.
///         GROSS = "gross": "TTC" / "Gross (TTC)";
///     }
/// }
/// assert_eq!(words::GROSS.code, "gross");
/// assert_eq!(words::TERMS.len(), 1);
/// ```
#[macro_export]
macro_rules! terms {
    ($($(#[$meta:meta])* $name:ident = $code:literal : $french:literal / $english:literal;)+) => {
        $(
            #[doc = concat!($french, " / ", $english)]
            $(#[$meta])*
            pub const $name: $crate::Term =
                $crate::Term { code: $code, french: $french, english: $english };
        )+

        /// Every word of this dictionary.
        pub const TERMS: &[$crate::Term] = &[$($name),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_speaks_both_languages() {
        let term = Term { code: "gross", french: "TTC", english: "Gross (TTC)" };
        assert_eq!(Language::from_code("fr").map(|language| term.in_language(language)), Some("TTC"));
        assert_eq!(Language::from_code("en").map(|language| term.in_language(language)), Some("Gross (TTC)"));
        assert_eq!(Language::from_code("de"), None);
        assert_eq!(Language::English.code(), "en");
    }

    #[test]
    fn dictionaries_have_one_word_per_code_with_the_same_places_in_both_languages() {
        let dictionaries = [
            crate::words::TERMS,
            crate::statement::words::TERMS,
            crate::statement::settlement::words::TERMS,
            crate::statement::returns::words::TERMS,
            crate::list::words::TERMS,
        ];
        for dictionary in dictionaries {
            for (index, term) in dictionary.iter().enumerate() {
                let known = dictionary.iter().take(index).any(|other| other.code == term.code);
                assert!(!known, "{} is there twice", term.code);
                assert!(term.code.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'-'), "{term:?}");
                assert!(!term.french.contains('\''), "{} has no French apostrophe", term.french);
                let places = |text: &str| ["{0}", "{1}", "{2}"].map(|place| text.matches(place).count());
                assert_eq!(places(term.french), places(term.english), "{}", term.code);
            }
        }
    }
}
