//! quotas.csv: contingents of products with their state at the moment of the export. They are no quotas of channels:
//! the capacities come from orders.json, and this file is compared with it.

use super::header::Header;
use super::labels::{Layout, Word};
use super::orders::Event;
use crate::import::field;
use crate::import::plan::Explained;
use crate::import::refusal::{Fault, Place, Refusal, quoted};
use crate::import::table::Table;

/// Name of the file and of its layout.
pub(crate) const NAME: &str = "quotas";
const REQUIRED: &[&str] = &["name", "size"];
/// Reason of every line.
const CAPACITY: &str =
    "a contingent of products: it counts towards the show's capacity, which orders.json states";

/// Explains every line and notes where the two files differ.
///
/// # Errors
/// A column is missing.
pub(crate) fn compare(
    table: &Table,
    event: &Event,
    explained: &mut Vec<Explained>,
    notes: &mut Vec<String>,
) -> Result<(), Refusal> {
    let layout = Layout::of(NAME).ok_or_else(|| Place::file(&table.file).refuse(Fault::FileUnknown, ""))?;
    let header = Header::find(table, layout, REQUIRED)?;
    if table.rows.len() != event.quotas.len() {
        notes.push(format!(
            "quotas.csv has {} contingents, orders.json {}: the capacities are those of orders.json",
            table.rows.len(),
            event.quotas.len()
        ));
    }
    // Both files list the contingents in the same order.
    for (row, quota) in table.rows.iter().zip(event.quotas.iter().map(Some).chain(std::iter::repeat(None))) {
        let line = header.line(row);
        let cell = line.get("size");
        let size = if Word::Infinite.is(cell) { None } else { field::count(cell).ok() };
        if quota.is_some_and(|quota| quota.size != size) {
            notes.push(format!(
                "{}: contingent {} has {} places here, {} in orders.json, which counts",
                line.place(),
                quoted(line.get("name")),
                cell,
                quota
                    .and_then(|quota| quota.size)
                    .map_or("any number of".to_owned(), |size| size.to_string())
            ));
        }
        explained.push(Explained { place: line.place(), reason: CAPACITY });
    }
    Ok(())
}
