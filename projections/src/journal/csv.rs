//! The journal, and receipts and payments, as CSV for spreadsheets and other software.

use std::io::{self, Write};

use soticket_schema::Currency;

use super::{JournalEntry, Receipts, What};

/// Writes the row with the names of the columns. UTF-8, comma, decimal point.
///
/// # Errors
/// The writer's.
pub fn write_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(
        b"number,day,book,show,reference,label,account,account_name,auxiliary,auxiliary_name,debit,credit,currency,\
          events,first_position,last_position,event_kinds\r\n",
    )
}

/// Writes an entry, one row per line, with the events that it is made of.
///
/// # Errors
/// The writer's.
pub fn write_entry(out: &mut impl Write, entry: &JournalEntry, currency: Currency) -> io::Result<()> {
    let position = |position: Option<&u64>| position.map(u64::to_string).unwrap_or_default();
    let kinds: Vec<String> = entry.event_kinds.iter().map(u16::to_string).collect();
    for line in &entry.lines {
        let cells = [
            entry.number.to_string(),
            entry.day.to_string(),
            entry.book_code.clone(),
            entry.show.map(|show| show.to_string()).unwrap_or_default(),
            entry.reference.clone(),
            entry.label.clone(),
            line.account.clone(),
            line.name.clone(),
            line.auxiliary.clone(),
            line.auxiliary_name.clone(),
            line.debit.display(currency),
            line.credit.display(currency),
            currency.code().to_owned(),
            entry.positions.len().to_string(),
            position(entry.positions.first()),
            position(entry.positions.last()),
            kinds.join(" "),
        ];
        write_row(out, &cells)?;
    }
    Ok(())
}

/// Writes a receipts and payments report, its total last.
///
/// # Errors
/// The writer's.
pub fn write_receipts(out: &mut impl Write, receipts: &Receipts, currency: Currency) -> io::Result<()> {
    out.write_all(b"day,show,method,channel,for,tariff,paid,returned,net,currency,events,first_position,last_position\r\n")?;
    for row in &receipts.rows {
        let number = |number: Option<String>| number.unwrap_or_default();
        let position = |position: Option<&u64>| position.map(u64::to_string).unwrap_or_default();
        let (what, tariff) = match row.what {
            Some(What::Tickets(tariff)) => ("tickets", tariff.to_string()),
            Some(What::Fees) => ("fees", String::new()),
            Some(What::Products) => ("products", String::new()),
            Some(What::Beyond) => ("beyond", String::new()),
            None => ("", String::new()),
        };
        let cells = [
            number(row.day.map(|day| day.to_string())),
            number(row.show.map(|show| show.to_string())),
            number(row.method.map(|method| method.to_string())),
            number(row.channel.map(|channel| channel.to_string())),
            what.to_owned(),
            tariff,
            row.paid.display(currency),
            row.returned.display(currency),
            row.net().display(currency),
            currency.code().to_owned(),
            row.positions.len().to_string(),
            position(row.positions.first()),
            position(row.positions.last()),
        ];
        write_row(out, &cells)?;
    }
    let net = receipts.paid - receipts.returned;
    let totals = [receipts.paid, receipts.returned, net].map(|amount| amount.display(currency));
    writeln!(out, "total,,,,,,{},{},{},{},,,\r", totals[0], totals[1], totals[2], currency.code())
}

/// Writes cells, quoted where they must be. A text that a spreadsheet would take for a formula is kept one.
fn write_row(out: &mut impl Write, cells: &[String]) -> io::Result<()> {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        let number = cell.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        let formula = !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let text = if formula { format!("'{cell}") } else { cell.clone() };
        if text.contains([',', '"', '\r', '\n']) {
            write!(out, "\"{}\"", text.replace('"', "\"\""))?;
        } else {
            out.write_all(text.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}
