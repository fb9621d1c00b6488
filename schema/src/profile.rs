//! What is known of a person, as the vault keeps it, and which values can be right. No value of it is in a record.

use crate::event::v1::ProfileField;

/// Longest e-mail that a mail server takes.
const EMAIL_BYTES_MAX: usize = 254;
/// Longest part of an e-mail before the `@`.
const LOCAL_BYTES_MAX: usize = 64;
/// Digits of a telephone number: E.164 has at most 15; extensions make it longer.
const TELEPHONE_DIGITS: std::ops::RangeInclusive<usize> = 3..=20;

/// Countries of ISO 3166-1, and XK, which its members use for Kosovo.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK \
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM \
    JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS \
    MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM \
    US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// What is known of a person; an empty text is not known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Profile {
    /// E-mail.
    pub email: String,
    /// Name.
    pub name: String,
    /// Telephone.
    pub telephone: String,
    /// Language tag.
    pub language: String,
    /// Postal code.
    pub postal_code: String,
    /// Country, by two letters.
    pub country: String,
}

impl Profile {
    /// A field.
    pub fn get(&self, field: ProfileField) -> &str {
        match field {
            ProfileField::Email => &self.email,
            ProfileField::Name => &self.name,
            ProfileField::Telephone => &self.telephone,
            ProfileField::Language => &self.language,
            ProfileField::PostalCode => &self.postal_code,
            ProfileField::Country => &self.country,
        }
    }

    /// A field, to be changed.
    pub fn get_mut(&mut self, field: ProfileField) -> &mut String {
        match field {
            ProfileField::Email => &mut self.email,
            ProfileField::Name => &mut self.name,
            ProfileField::Telephone => &mut self.telephone,
            ProfileField::Language => &mut self.language,
            ProfileField::PostalCode => &mut self.postal_code,
            ProfileField::Country => &mut self.country,
        }
    }
}

/// Whether a text that is not empty can be a value of the field. Lengths and control characters are checked elsewhere.
pub fn is_valid(field: ProfileField, text: &str) -> bool {
    match field {
        ProfileField::Email => is_email(text),
        ProfileField::Name => true,
        ProfileField::Telephone => is_telephone(text),
        ProfileField::Language => is_language(text),
        ProfileField::PostalCode => is_postal_code(text),
        ProfileField::Country => {
            text.len() == 2 && COUNTRIES.split_ascii_whitespace().any(|code| code == text)
        }
    }
}

/// Whether a message could be sent there: the rest a server decides.
fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let labels = || domain.split('.');
    let label = |label: &str| {
        let clean = label.chars().all(|sign| sign.is_alphanumeric() || sign == '-');
        !label.is_empty() && clean && !label.starts_with('-') && !label.ends_with('-')
    };
    let clean = local.chars().all(|sign| !sign.is_whitespace() && !"@<>()[],;:\\\"".contains(sign));
    text.len() <= EMAIL_BYTES_MAX
        && !local.is_empty()
        && local.len() <= LOCAL_BYTES_MAX
        && clean
        && labels().count() >= 2
        && labels().all(label)
}

fn is_telephone(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    TELEPHONE_DIGITS.contains(&digits)
        && rest.chars().all(|sign| sign.is_ascii_digit() || " .-/()\u{a0}\u{202f}".contains(sign))
}

/// A language of two or three letters, and a region of two where it matters.
fn is_language(text: &str) -> bool {
    let (language, region) = text.split_once('-').map_or((text, None), |(left, right)| (left, Some(right)));
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && region
            .is_none_or(|region| region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn is_postal_code(text: &str) -> bool {
    let text = text.trim();
    (2..=12).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ' || byte == b'-')
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a postal code can be one of the country: five digits in France and its departments and communities overseas,
/// not looked at elsewhere.
pub fn postal_code_fits(country: &str, postal_code: &str) -> bool {
    let french = ["FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "MC", "NC", "PF", "WF"];
    let code = postal_code.trim();
    !french.contains(&country) || (code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_can_be_right_pass_and_others_do_not() {
        let cases = [
            (ProfileField::Email, "ana@example.org", true),
            (ProfileField::Email, " Ana.B+news@sub.example.org ", true),
            (ProfileField::Email, "zoé@exämple.fr", true),
            (ProfileField::Email, "ana", false),
            (ProfileField::Email, "ana@example", false),
            (ProfileField::Email, "@example.org", false),
            (ProfileField::Email, "a b@example.org", false),
            (ProfileField::Email, "ana@b@example.org", false),
            (ProfileField::Email, "ana@-example.org", false),
            (ProfileField::Email, "Ana <ana@example.org>", false),
            (ProfileField::Email, "ana@example..org", false),
            (ProfileField::Telephone, "+33 6 12 34 56 78", true),
            (ProfileField::Telephone, "02.99.00.11.22", true),
            (ProfileField::Telephone, "call me", false),
            (ProfileField::Telephone, "12", false),
            (ProfileField::Telephone, "06+12345678", false),
            (ProfileField::Telephone, "123456789012345678901", false),
            (ProfileField::Language, "fr", true),
            (ProfileField::Language, "pt-BR", true),
            (ProfileField::Language, "gsw", true),
            (ProfileField::Language, "French", false),
            (ProfileField::Language, "fr_FR", false),
            (ProfileField::Language, "fr-fr", false),
            (ProfileField::PostalCode, "35000", true),
            (ProfileField::PostalCode, "SW1A 1AA", true),
            (ProfileField::PostalCode, "Rennes", false),
            (ProfileField::PostalCode, "1", false),
            (ProfileField::Country, "FR", true),
            (ProfileField::Country, "fr", false),
            (ProfileField::Country, "XX", false),
            (ProfileField::Country, "F ", false),
            (ProfileField::Name, "Zoé", true),
        ];
        for (field, text, right) in cases {
            assert_eq!(is_valid(field, text), right, "{field:?} {text:?}");
        }
        assert!(postal_code_fits("FR", "35000") && postal_code_fits("DE", "1") && postal_code_fits("", "x"));
        assert!(!postal_code_fits("FR", "3500") && !postal_code_fits("RE", "9740A"));
    }

    #[test]
    fn there_are_as_many_countries_as_iso_names_and_each_once() {
        let mut codes: Vec<&str> = COUNTRIES.split_ascii_whitespace().collect();
        assert_eq!(codes.len(), 250);
        codes.dedup();
        assert_eq!(codes.len(), 250);
        assert!(codes.is_sorted());
    }
}
