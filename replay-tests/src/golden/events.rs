//! Files of records: one record to a line in hexadecimal, logs one after the other. Lines with `#` say what it is.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use anyhow::{Context, Result};
use soticket_ledger::Ledger;

/// All records of a ledger as text.
///
/// # Errors
/// The log cannot be read.
pub fn dump(ledger: &Ledger) -> Result<String> {
    let mut text = String::new();
    for (organisation, _) in ledger.heads() {
        ledger.log().read(organisation, 0, &mut |record| {
            for byte in record.bytes {
                let _ = write!(text, "{byte:02x}");
            }
            text.push('\n');
            ControlFlow::Continue(())
        })?;
    }
    Ok(text)
}

/// Reads records back.
///
/// # Errors
/// A line is not hexadecimal.
pub fn parse(text: &str) -> Result<Vec<Vec<u8>>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
    lines.map(|(number, line)| bytes(line).with_context(|| format!("line {}", number + 1))).collect()
}

fn bytes(line: &str) -> Result<Vec<u8>> {
    let pairs = line.as_bytes().chunks(2).map(|pair| {
        let digits = std::str::from_utf8(pair).context("not hexadecimal")?;
        u8::from_str_radix(digits, 16).context("not hexadecimal")
    });
    pairs.collect()
}
