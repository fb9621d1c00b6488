//! The journal in the layout of the fichier des écritures comptables (LPF art. A47 A-1): a sub-journal of ticketing that
//! accounting software takes in, not a company's whole file.

use std::io::{self, Write};

use jiff::civil::Date;
use soticket_schema::{Amount, Currency};

use super::JournalEntry;

/// The 18 columns, in order.
const COLUMNS: [&str; 18] = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
];

/// What stands between columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Separator {
    /// A tabulator.
    #[default]
    Tab,
    /// A vertical bar.
    Bar,
}

/// How texts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    #[default]
    Utf8,
    /// ISO 8859-15; a character that it does not have becomes a question mark.
    Latin9,
}

/// The name that the file must have: `<SIREN>FEC<AAAAMMJJ>.txt`, with the last day of the period.
pub fn file_name(siren: &str, to: Date) -> String {
    format!("{siren}FEC{}.txt", to.strftime("%Y%m%d"))
}

/// Writes entries one after the other, so that a file is never in memory whole.
#[derive(Debug, Clone, Copy)]
pub struct FecWriter {
    /// Currency of every amount.
    pub currency: Currency,
    /// What stands between columns.
    pub separator: Separator,
    /// How texts are written.
    pub encoding: Encoding,
}

impl FecWriter {
    /// Writes the line with the names of the columns.
    ///
    /// # Errors
    /// The writer's.
    pub fn header(&self, out: &mut impl Write) -> io::Result<()> {
        self.line(out, &COLUMNS.map(str::to_owned))
    }

    /// Writes the lines of an entry.
    ///
    /// # Errors
    /// The writer's.
    pub fn entry(&self, out: &mut impl Write, entry: &JournalEntry) -> io::Result<()> {
        let date = entry.day.strftime("%Y%m%d").to_string();
        for row in &entry.lines {
            self.line(
                out,
                &[
                    entry.book_code.clone(),
                    entry.book_name.clone(),
                    entry.number.to_string(),
                    date.clone(),
                    row.account.clone(),
                    row.name.clone(),
                    row.auxiliary.clone(),
                    row.auxiliary_name.clone(),
                    entry.reference.clone(),
                    date.clone(),
                    entry.label.clone(),
                    amount(row.debit, self.currency),
                    amount(row.credit, self.currency),
                    String::new(),
                    String::new(),
                    date.clone(),
                    String::new(),
                    String::new(),
                ],
            )?;
        }
        Ok(())
    }

    fn line(&self, out: &mut impl Write, columns: &[String; 18]) -> io::Result<()> {
        let separator = match self.separator {
            Separator::Tab => '\t',
            Separator::Bar => '|',
        };
        let mut line = String::with_capacity(200);
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                line.push(separator);
            }
            // Nothing in a text may look like the end of a column or line.
            line.extend(
                column.chars().map(|letter| if letter == '|' || letter.is_control() { ' ' } else { letter }),
            );
        }
        line.push_str("\r\n");
        match self.encoding {
            Encoding::Utf8 => out.write_all(line.as_bytes()),
            Encoding::Latin9 => out.write_all(&line.chars().map(latin9).collect::<Vec<u8>>()),
        }
    }
}

/// Decimal comma, no grouping.
fn amount(amount: Amount, currency: Currency) -> String {
    amount.display(currency).replace('.', ",")
}

/// ISO 8859-15 is ISO 8859-1 but for eight places.
fn latin9(letter: char) -> u8 {
    match letter {
        '€' => 0xa4,
        'Š' => 0xa6,
        'š' => 0xa8,
        'Ž' => 0xb4,
        'ž' => 0xb8,
        'Œ' => 0xbc,
        'œ' => 0xbd,
        'Ÿ' => 0xbe,
        '¤' | '¦' | '¨' | '´' | '¸' | '¼' | '½' | '¾' => b'?',
        '’' | '‘' => b'\'',
        '\u{2013}' | '\u{2014}' => b'-',
        '\u{202f}' => b' ',
        letter => u8::try_from(u32::from(letter)).unwrap_or(b'?'),
    }
}
