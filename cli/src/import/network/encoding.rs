//! The encodings that networks' files come in.

use serde::Deserialize;

/// How a file's bytes are text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
pub(super) enum Encoding {
    /// UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows' Western European code page.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// ISO 8859-15: Latin 1 with the euro sign.
    #[serde(rename = "iso-8859-15")]
    Iso8859_15,
}

/// What stands at 0x80 to 0x9f in Windows-1252 (<https://encoding.spec.whatwg.org/index-windows-1252.txt>).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '\u{2013}', '\u{2014}', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Where ISO 8859-15 is not Latin 1.
const ISO_8859_15: [(u8, char); 8] =
    [(0xa4, '€'), (0xa6, 'Š'), (0xa8, 'š'), (0xb4, 'Ž'), (0xb8, 'ž'), (0xbc, 'Œ'), (0xbd, 'œ'), (0xbe, 'Ÿ')];

impl Encoding {
    /// The bytes in UTF-8. What claims to be UTF-8 is left to be read line by line.
    pub(super) fn to_utf8(self, bytes: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Utf8 => bytes,
            Self::Windows1252 => bytes.into_iter().map(windows_1252).collect::<String>().into_bytes(),
            Self::Iso8859_15 => bytes.into_iter().map(iso_8859_15).collect::<String>().into_bytes(),
        }
    }
}

fn windows_1252(byte: u8) -> char {
    let special = byte.checked_sub(0x80).and_then(|index| WINDOWS_1252.get(usize::from(index)));
    special.copied().unwrap_or(char::from(byte))
}

fn iso_8859_15(byte: u8) -> char {
    let special = ISO_8859_15.iter().find(|(at, _)| *at == byte);
    special.map_or(char::from(byte), |(_, letter)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_french_files_hold_read_as_they_are_meant() {
        let read =
            |encoding: Encoding, bytes: &[u8]| String::from_utf8(encoding.to_utf8(bytes.to_vec())).unwrap();
        assert_eq!(read(Encoding::Windows1252, b"Pr\xe9vente 24,00 \x80 \x9cuvre"), "Prévente 24,00 € œuvre");
        assert_eq!(read(Encoding::Iso8859_15, b"Pr\xe9vente 24,00 \xa4 \xbduvre"), "Prévente 24,00 € œuvre");
        assert_eq!(read(Encoding::Utf8, "Prévente".as_bytes()), "Prévente");
    }
}
