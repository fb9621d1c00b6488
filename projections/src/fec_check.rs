//! A strict check of a fichier des écritures comptables, from its specification (LPF art. A47 A-1): columns and their
//! order, dates, amounts, accounts, balance and continuity. It reads bytes and knows nothing of who wrote them.

use std::collections::BTreeSet;
use std::fmt;

/// What is wrong at one place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FecFault {
    /// Line, from 1, the header included; 0 for the whole file.
    pub line: usize,
    /// Name of the column; empty for the whole line.
    pub column: &'static str,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for FecFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: line {}", self.code, self.line)?;
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// What a file holds and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct FecReport {
    /// Lines after the header.
    pub lines: usize,
    /// Entries.
    pub entries: usize,
    /// Sum of debits, in hundredths.
    pub debit: i128,
    /// Sum of credits, in hundredths.
    pub credit: i128,
    /// Everything that is wrong, in the order of the file.
    pub faults: Vec<FecFault>,
}

/// The 18 columns in the form with debit and credit.
const HEADER: &str = "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef \
                      PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise";

/// Places of columns.
mod at {
    pub(super) const CODE: usize = 0;
    pub(super) const NUMBER: usize = 2;
    pub(super) const DATE: usize = 3;
    pub(super) const ACCOUNT: usize = 4;
    pub(super) const AUXILIARY: usize = 6;
    pub(super) const PIECE_DATE: usize = 9;
    pub(super) const DEBIT: usize = 11;
    pub(super) const CREDIT: usize = 12;
    pub(super) const LETTERING: usize = 13;
    pub(super) const LETTERING_DATE: usize = 14;
    pub(super) const VALID: usize = 15;
    pub(super) const CURRENCY_AMOUNT: usize = 16;
}

/// Columns that are never empty.
const REQUIRED: [usize; 10] = [0, 1, 2, 3, 4, 5, 8, 9, 10, 15];

/// Checks a file. `name` is its file name, if that is to be checked; `period` its first and last day as AAAAMMJJ.
pub fn check(name: Option<&str>, bytes: &[u8], period: Option<(u32, u32)>) -> FecReport {
    let mut check = Check::default();
    let closing = name.and_then(|name| check.file_name(name));
    let period = period.or_else(|| closing.map(|closing| (0, closing)));
    check.period = period;
    check.file(&text_of(bytes));
    check.report
}

#[derive(Default)]
struct Check {
    report: FecReport,
    period: Option<(u32, u32)>,
    entry: Option<Entry>,
    ended: BTreeSet<u128>,
}

/// The entry whose lines are being read.
struct Entry {
    number: u128,
    line: usize,
    date: u32,
    code: String,
    debit: i128,
    credit: i128,
}

/// UTF-8, or else a one-byte encoding: what is checked are digits and separators, which both write alike.
fn text_of(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned)
}

impl Check {
    fn fault(&mut self, line: usize, column: usize, code: &'static str, message: impl Into<String>) {
        let column = HEADER.split_whitespace().nth(column).unwrap_or_default();
        self.report.faults.push(FecFault { line, column, code, message: message.into() });
    }

    fn whole(&mut self, line: usize, code: &'static str, message: impl Into<String>) {
        self.fault(line, usize::MAX, code, message);
    }

    /// `<SIREN>FEC<AAAAMMJJ>.txt`; gives the closing date.
    fn file_name(&mut self, name: &str) -> Option<u32> {
        let parts = name.strip_suffix(".txt").and_then(|stem| stem.split_once("FEC"));
        let date = parts.and_then(|(siren, date)| {
            let digits = siren.len() == 9 && siren.bytes().all(|byte| byte.is_ascii_digit());
            date_of(date).filter(|_| digits)
        });
        if date.is_none() {
            self.whole(0, "FEC_FILE_NAME", format!("{name}: nine digits, FEC, AAAAMMJJ and .txt are needed"));
        }
        date
    }

    fn file(&mut self, text: &str) {
        let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).enumerate();
        let header = lines.next().map_or("", |(_, header)| header);
        let separator = if header.contains('\t') { '\t' } else { '|' };
        let names: Vec<&str> = header.split(separator).collect();
        if names != HEADER.split_whitespace().collect::<Vec<_>>() {
            self.whole(1, "FEC_HEADER", format!("the 18 columns in order are: {HEADER}"));
            return;
        }
        let mut lines = lines.peekable();
        while let Some((index, line)) = lines.next() {
            // The file may end with the end of its last line.
            if line.is_empty() && lines.peek().is_none() {
                break;
            }
            self.report.lines += 1;
            self.line(index + 1, &line.split(separator).collect::<Vec<_>>());
        }
        self.end_entry();
        if self.report.lines == 0 {
            self.whole(0, "FEC_EMPTY", "there is no line after the header");
        }
    }

    fn line(&mut self, line: usize, cells: &[&str]) {
        if cells.len() != 18 {
            self.whole(line, "FEC_COLUMNS", format!("{} columns instead of 18", cells.len()));
            return;
        }
        for column in REQUIRED {
            if cells[column].trim().is_empty() {
                self.fault(line, column, "FEC_REQUIRED", "is empty");
            }
        }
        for pair in [at::AUXILIARY, at::LETTERING, at::CURRENCY_AMOUNT] {
            if cells[pair].is_empty() != cells[pair + 1].is_empty() {
                self.fault(
                    line,
                    pair,
                    "FEC_PAIR",
                    "this and the next column are filled in together or not at all",
                );
            }
        }
        let account = cells[at::ACCOUNT].as_bytes();
        if account.len() < 3 || !account[..3].iter().all(u8::is_ascii_digit) {
            self.fault(line, at::ACCOUNT, "FEC_ACCOUNT", "does not begin with three digits");
        }
        let date = self.dates(line, cells);
        let debit = self.amount(line, at::DEBIT, cells[at::DEBIT]);
        let credit = self.amount(line, at::CREDIT, cells[at::CREDIT]);
        if (debit == 0) == (credit == 0) {
            self.fault(line, at::DEBIT, "FEC_SIDE", "a line is either a debit or a credit");
        }
        self.report.debit += debit;
        self.report.credit += credit;
        self.add_to_entry(line, cells, date, (debit, credit));
    }

    fn dates(&mut self, line: usize, cells: &[&str]) -> u32 {
        let mut dates = [0; 3];
        for (date, column) in dates.iter_mut().zip([at::DATE, at::PIECE_DATE, at::VALID]) {
            match date_of(cells[column]) {
                Some(read) => *date = read,
                None => {
                    self.fault(line, column, "FEC_DATE", format!("{:?} is no date AAAAMMJJ", cells[column]))
                }
            }
        }
        if !cells[at::LETTERING_DATE].is_empty() && date_of(cells[at::LETTERING_DATE]).is_none() {
            self.fault(line, at::LETTERING_DATE, "FEC_DATE", "is no date AAAAMMJJ");
        }
        if let Some((from, to)) = self.period
            && dates[0] != 0
            && !(from..=to).contains(&dates[0])
        {
            self.fault(line, at::DATE, "FEC_PERIOD", format!("{} is outside the period", dates[0]));
        }
        if dates[2] != 0 && dates[2] < dates[0] {
            self.fault(line, at::VALID, "FEC_DATE_ORDER", "is before the entry");
        }
        dates[0]
    }

    /// Digits, a comma, two digits; nothing below zero.
    fn amount(&mut self, line: usize, column: usize, text: &str) -> i128 {
        let read = text.split_once(',').and_then(|(whole, cents)| {
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let fits = digits(whole) && digits(cents) && cents.len() == 2 && whole.len() <= 20;
            fits.then(|| format!("{whole}{cents}").parse().ok()).flatten()
        });
        read.unwrap_or_else(|| {
            self.fault(line, column, "FEC_AMOUNT", format!("{text:?} is no amount such as 1234,50"));
            0
        })
    }

    fn add_to_entry(&mut self, line: usize, cells: &[&str], date: u32, (debit, credit): (i128, i128)) {
        let Ok(number) = cells[at::NUMBER].parse::<u128>() else {
            self.fault(line, at::NUMBER, "FEC_NUMBER", "is no number");
            return;
        };
        let same = self.entry.as_ref().is_some_and(|entry| entry.number == number);
        if !same {
            self.begin_entry(line, number, date, cells[at::CODE]);
        }
        let Some(entry) = &mut self.entry else { return };
        entry.debit += debit;
        entry.credit += credit;
        let (other_date, other_code) = (entry.date != date, entry.code != cells[at::CODE]);
        if other_date {
            self.fault(line, at::DATE, "FEC_ENTRY_DATE", "differs from the entry's other lines");
        }
        if other_code {
            self.fault(line, at::CODE, "FEC_ENTRY_JOURNAL", "differs from the entry's other lines");
        }
    }

    fn begin_entry(&mut self, line: usize, number: u128, date: u32, code: &str) {
        let before = self.entry.as_ref().map(|entry| (entry.number, entry.date));
        self.end_entry();
        if let Some((before, earlier)) = before {
            if number != before + 1 {
                self.fault(line, at::NUMBER, "FEC_CONTINUITY", format!("{number} follows {before}"));
            }
            if date < earlier {
                self.fault(line, at::DATE, "FEC_DATE_ORDER", "is before the entry above");
            }
        }
        if self.ended.contains(&number) {
            self.fault(line, at::NUMBER, "FEC_CONTINUITY", format!("entry {number} had ended"));
        }
        self.report.entries += 1;
        self.entry = Some(Entry { number, line, date, code: code.to_owned(), debit: 0, credit: 0 });
    }

    fn end_entry(&mut self) {
        let Some(entry) = self.entry.take() else { return };
        self.ended.insert(entry.number);
        if entry.debit != entry.credit {
            let message =
                format!("entry {}: debit {} and credit {}", entry.number, entry.debit, entry.credit);
            self.whole(entry.line, "FEC_BALANCE", message);
        }
    }
}

/// AAAAMMJJ as a number, if there is such a day.
fn date_of(text: &str) -> Option<u32> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let date: u32 = text.parse().ok()?;
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    ((1..=days).contains(&day) && year > 0).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(rows: &[&str]) -> Vec<&'static str> {
        let mut text = HEADER.split_whitespace().collect::<Vec<_>>().join("\t");
        for row in rows {
            text.push('\n');
            text.push_str(&row.replace('|', "\t"));
        }
        let report = check(Some("123456789FEC20260331.txt"), text.as_bytes(), None);
        report.faults.iter().map(|fault| fault.code).collect()
    }

    const DEBIT: &str = "VE|Ventes|1|20260314|411|Clients|||P1|20260314|Vente|10,55|0,00|||20260314||";
    const CREDIT: &str = "VE|Ventes|1|20260314|706|Recettes|||P1|20260314|Vente|0,00|10,55|||20260314||";

    #[test]
    fn a_balanced_entry_passes() {
        assert_eq!(codes(&[DEBIT, CREDIT]), [""; 0]);
    }

    #[test]
    fn every_fault_has_its_code() {
        let debit = |from: &str, to: &str| DEBIT.replacen(from, to, 1);
        let second = |from: &str, to: &str| [DEBIT, CREDIT].map(|row| row.replace(from, to));
        for (rows, expected) in [
            // Sales with VAT credited beside the VAT itself, as an export in use does.
            (vec![DEBIT.into(), CREDIT.into(), CREDIT.replace("10,55", "0,55")], "FEC_BALANCE"),
            (vec![debit("10,55", "10.55"), CREDIT.into()], "FEC_AMOUNT"),
            (vec![debit("10,55", "1 0,55"), CREDIT.into()], "FEC_AMOUNT"),
            (vec![debit("20260314", "20260231"), CREDIT.into()], "FEC_DATE"),
            (vec![debit("|411|", "|53|"), CREDIT.into()], "FEC_ACCOUNT"),
            (vec![debit("Clients||", "Clients|X|"), CREDIT.into()], "FEC_PAIR"),
            (vec![debit("|Vente|", "||"), CREDIT.into()], "FEC_REQUIRED"),
            (vec![debit("||20260314||", "|20260314||"), CREDIT.into()], "FEC_COLUMNS"),
            (vec![debit("|10,55|0,00|", "|10,55|10,55|"), CREDIT.into()], "FEC_SIDE"),
            (vec![debit("VE|", "BQ|"), CREDIT.into()], "FEC_ENTRY_JOURNAL"),
            (second("20260314", "20260401").to_vec(), "FEC_PERIOD"),
            ([[DEBIT, CREDIT].map(String::from), second("|1|", "|3|")].concat(), "FEC_CONTINUITY"),
            (
                [[DEBIT, CREDIT].map(String::from), second("|1|20260314", "|2|20260313")].concat(),
                "FEC_DATE_ORDER",
            ),
        ] {
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            assert!(codes(&rows).contains(&expected), "{expected}: {:?}", codes(&rows));
        }
        assert_eq!(check(Some("FEC.txt"), b"", None).faults[0].code, "FEC_FILE_NAME");
        assert_eq!(check(None, b"a;b", None).faults[0].code, "FEC_HEADER");
    }
}
