//! Delimited text files as spreadsheets and exporters leave them: comma, semicolon or tab, with or without a byte
//! order mark, LF or CRLF. A line that cannot be read is reported and the rest is kept.

use super::files::Files;
use super::refusal::{Fault, Place, Refusal, quoted};

/// Longest cell that any column takes, in bytes: far above every limit of the ledger, far below a megabyte.
pub(crate) const CELL_BYTES_MAX: usize = 4_096;

/// Longest cell of a line that cannot be read that is kept to tell what the line was about.
const SHORT_BYTES_MAX: usize = 16;

/// How records are laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Layout {
    /// One record per physical line: a stray quote spoils its own line only.
    Lines,
    /// Quoted cells may hold line breaks.
    Quoted,
}

/// One record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    /// Number of its first line, from 1.
    pub(crate) line: u64,
    /// Its cells, as many as the header has.
    pub(crate) cells: Vec<String>,
}

/// A file that has been read.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name within the folder.
    pub(crate) file: String,
    /// Cells of its first line.
    pub(crate) header: Vec<String>,
    /// The other lines that could be read; empty lines are left out.
    pub(crate) rows: Vec<Row>,
    /// The short cells of lines that could not be read: they may tell what such a line was about.
    pub(crate) spoiled: Vec<String>,
    /// How many lines with content follow the header, readable or not.
    pub(crate) lines: u64,
    /// What separates the cells.
    pub(crate) delimiter: u8,
}

/// Reads a file; none when there is no such file.
///
/// # Errors
/// The file is there and cannot be read as text with a header.
pub(crate) fn read(
    files: &Files,
    file: &str,
    layout: Layout,
    likeness: &dyn Fn(&[String]) -> usize,
    refused: &mut Vec<Refusal>,
) -> Result<Option<Table>, Refusal> {
    match files.read(file) {
        Ok(bytes) => parse(file, &bytes, layout, likeness, refused).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Place::file(file).refuse(Fault::FileUnreadable, error.to_string())),
    }
}

/// Reads `bytes`. `likeness` says how many cells of a header are known: the delimiter with the most wins.
///
/// # Errors
/// There is no header of UTF-8 text.
pub(crate) fn parse(
    file: &str,
    bytes: &[u8],
    layout: Layout,
    likeness: &dyn Fn(&[String]) -> usize,
    refused: &mut Vec<Refusal>,
) -> Result<Table, Refusal> {
    parse_with(file, bytes, layout, b",;\t", likeness, refused)
}

fn parse_with(
    file: &str,
    bytes: &[u8],
    layout: Layout,
    delimiters: &[u8],
    likeness: &dyn Fn(&[String]) -> usize,
    refused: &mut Vec<Refusal>,
) -> Result<Table, Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"PK\x03\x04") || bytes.contains(&0) {
        return Err(
            Place::file(file).refuse(Fault::FileUnreadable, "this is a binary file, not delimited text")
        );
    }
    let (delimiter, header) = header_of(file, bytes, delimiters, likeness)?;
    let mut table =
        Table { file: file.to_owned(), header, rows: Vec::new(), spoiled: Vec::new(), lines: 0, delimiter };
    match layout {
        Layout::Lines => read_lines(&mut table, bytes, refused),
        // Exports hold free texts in columns that nobody reads: only the columns that are used have limits.
        Layout::Quoted => read_records(&mut table, bytes, 1, usize::MAX, refused),
    }
    Ok(table)
}

/// As [`parse`], one record per line, with the delimiter that is agreed.
///
/// # Errors
/// There is no header of UTF-8 text.
pub(crate) fn parse_delimited(
    file: &str,
    bytes: &[u8],
    delimiter: u8,
    refused: &mut Vec<Refusal>,
) -> Result<Table, Refusal> {
    parse_with(file, bytes, Layout::Lines, &[delimiter], &|cells| cells.len(), refused)
}

/// The delimiter under which most cells of the first line are known, and those cells.
fn header_of(
    file: &str,
    bytes: &[u8],
    delimiters: &[u8],
    likeness: &dyn Fn(&[String]) -> usize,
) -> Result<(u8, Vec<String>), Refusal> {
    let mut best: Option<(usize, u8, Vec<String>)> = None;
    for delimiter in delimiters.iter().copied() {
        let Some(Ok(record)) = reader(bytes, delimiter).byte_records().next() else { continue };
        let cells: Result<Vec<String>, _> =
            record.iter().map(|cell| std::str::from_utf8(cell).map(|text| text.trim().to_owned())).collect();
        let Ok(cells) = cells else {
            return Err(Place::line(file, 1).refuse(Fault::Utf8Invalid, "the header is not UTF-8"));
        };
        let known = likeness(&cells);
        if best.as_ref().is_none_or(|(most, _, _)| known > *most) {
            best = Some((known, delimiter, cells));
        }
    }
    best.map(|(_, delimiter, cells)| (delimiter, cells))
        .ok_or_else(|| Place::file(file).refuse(Fault::FileUnknown, "the file is empty"))
}

fn reader(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes)
}

/// Reads every physical line by itself.
fn read_lines(table: &mut Table, bytes: &[u8], refused: &mut Vec<Refusal>) {
    for (number, line) in (1_u64..).zip(bytes.split(|byte| *byte == b'\n')).skip(1) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.trim_ascii().is_empty() {
            read_records(table, line, number, CELL_BYTES_MAX, refused);
        }
    }
}

/// Reads all records of `bytes`, whose first line has the number `first`; line 1 is the header.
fn read_records(table: &mut Table, bytes: &[u8], first: u64, limit: usize, refused: &mut Vec<Refusal>) {
    let mut reader = reader(bytes, table.delimiter);
    let mut record = csv::ByteRecord::new();
    let mut lines = LineCounter { bytes, at: 0, line: first };
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        let line = lines.of(record.position().map_or(0, csv::Position::byte));
        if line == 1 {
            continue;
        }
        table.lines += 1;
        match cells(table, line, limit, &record) {
            Ok(cells) => table.rows.push(Row { line, cells }),
            Err(refusal) => {
                let short = record.iter().filter(|cell| (1..=SHORT_BYTES_MAX).contains(&cell.len()));
                let texts = short.filter_map(|cell| std::str::from_utf8(cell).ok());
                table.spoiled.extend(texts.map(|text| text.trim().to_owned()));
                refused.push(refusal);
            }
        }
    }
}

/// Numbers of lines by byte, for ascending bytes. The reader's own count is behind at CRLF and at empty lines.
struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    fn of(&mut self, byte: u64) -> u64 {
        let target = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(next) = self.bytes.get(self.at) {
            if self.at >= target && !matches!(next, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*next == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// The record's cells as text, trimmed.
fn cells(table: &Table, line: u64, limit: usize, record: &csv::ByteRecord) -> Result<Vec<String>, Refusal> {
    let place = Place::line(&table.file, line);
    let mut cells = Vec::with_capacity(table.header.len());
    for (column, cell) in record.iter().enumerate() {
        let name = table.header.get(column).map_or("", String::as_str);
        let text = std::str::from_utf8(cell)
            .map_err(|_| place.column(name).refuse(Fault::Utf8Invalid, "the cell is not UTF-8"))?;
        if text.len() > limit {
            return Err(place.column(name).refuse(Fault::TextTooLong, quoted(text)));
        }
        cells.push(text.trim().to_owned());
    }
    // Spreadsheets pad short lines and drop empty cells at the end: both are the same line.
    while cells.len() > table.header.len() && cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    if cells.len() == table.header.len() {
        Ok(cells)
    } else {
        let message = format!("{} cells, the header has {}", cells.len(), table.header.len());
        Err(place.refuse(Fault::RowShape, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(bytes: &[u8], layout: Layout) -> (Table, Vec<Refusal>) {
        let mut refused = Vec::new();
        let known =
            |cells: &[String]| cells.iter().filter(|cell| ["a", "b"].contains(&cell.as_str())).count();
        let table = parse("t.csv", bytes, layout, &known, &mut refused).unwrap();
        (table, refused)
    }

    #[test]
    fn delimiters_marks_and_line_ends_do_not_matter() {
        for text in ["a,b\n1,2\n", "\u{feff}a;b\r\n1;2\r\n", "a\tb\n\n1\t2", "\"a\";\"b\"\n\"1\";2\n"] {
            let (table, refused) = parsed(text.as_bytes(), Layout::Lines);
            assert_eq!(table.header, ["a", "b"], "{text:?}");
            assert_eq!(table.rows.len(), 1, "{text:?}");
            assert_eq!(table.rows[0].cells, ["1", "2"], "{text:?}");
            assert!(refused.is_empty());
        }
    }

    #[test]
    fn a_bad_line_is_told_with_its_number_and_the_rest_is_kept() {
        let mut bytes = b"a,b\n1,2\n3\n4,\xff\n5,".to_vec();
        bytes.extend(std::iter::repeat_n(b'x', 1_000_000));
        bytes.extend_from_slice(b"\n\"6,7\n8,9\n");
        let (table, refused) = parsed(&bytes, Layout::Lines);
        let kept: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(kept, [2, 7]);
        assert_eq!(table.lines, 6);
        let told: Vec<_> =
            refused.iter().map(|refusal| (refusal.place.line.unwrap(), refusal.code)).collect();
        assert_eq!(told, [(3, "ROW_SHAPE"), (4, "UTF8_INVALID"), (5, "TEXT_TOO_LONG"), (6, "ROW_SHAPE")]);
        assert!(refused.iter().all(|refusal| refusal.message.len() < 300));
    }

    #[test]
    fn quoted_cells_may_hold_line_breaks() {
        let (table, refused) = parsed(b"a,b\r\n\"x\ny\",2\r\n\r\n3,4\r\n", Layout::Quoted);
        assert!(refused.is_empty());
        assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(table.rows[0].cells[0], "x\ny");
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        let mut refused = Vec::new();
        let known = |_: &[String]| 0;
        for bytes in [&b"PK\x03\x04zip"[..], b"a\0b", b"", b"\xff\xfe,b\n"] {
            let refusal = parse("t.csv", bytes, Layout::Quoted, &known, &mut refused).unwrap_err();
            assert!(["FILE_UNREADABLE", "FILE_UNKNOWN", "UTF8_INVALID"].contains(&refusal.code), "{refusal}");
        }
    }
}
