//! Golden files: named byte strings in hexadecimal, one file per event kind and version.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The folder of the golden files.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// Sections of a file: a name and its bytes.
pub(crate) type Sections = Vec<(String, Vec<u8>)>;

/// Writes sections the way golden files have them: 32 bytes to a line.
pub(crate) fn write(title: &str, sections: &[(&str, Vec<u8>)]) -> String {
    let mut text =
        format!("# {title}. Frozen: logs hold these bytes. A change is a new version with its own file.\n");
    for (name, bytes) in sections {
        let _ = writeln!(text, "{name}:");
        for line in bytes.chunks(32) {
            for byte in line {
                let _ = write!(text, "{byte:02x}");
            }
            text.push('\n');
        }
    }
    text
}

/// Reads sections back.
pub(crate) fn read(text: &str) -> Sections {
    let mut sections = Sections::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_suffix(':') {
            Some(name) => sections.push((name.to_owned(), Vec::new())),
            None => sections.last_mut().expect("bytes before a section").1.extend(bytes(line)),
        }
    }
    sections
}

fn bytes(line: &str) -> impl Iterator<Item = u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).expect("a hexadecimal digit") as u8;
    line.as_bytes().chunks(2).map(move |pair| digit(pair[0]) << 4 | digit(pair[1]))
}
