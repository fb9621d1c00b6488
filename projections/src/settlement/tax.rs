//! The two ways to round VAT: on every ticket, or on the document.

use std::collections::BTreeMap;

use soticket_schema::money::{Taxed, document_lines, vat_of_gross};
use soticket_schema::{Amount, Rate};

/// VAT rounded on every unit and added up: as the selling system stated it, else worked out from the price.
pub(super) fn of_units(price: Amount, rate: Rate, stated_vat: Option<Amount>, count: u64) -> Taxed {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let gross = price.times(count);
    let vat = stated_vat.unwrap_or_else(|| vat_of_gross(price, rate).vat).times(count);
    Taxed { gross, net: gross - vat, vat }
}

/// Rounds VAT per rate on the aggregate of all lines; lines share the result by largest remainder, ties to the earlier
/// line. What was stated for single lines gives way: the document is the ledger's own.
pub(super) fn round_on_document<L>(lines: &mut [L], split: impl Fn(&mut L) -> (Rate, &mut Taxed)) {
    let mut rates: BTreeMap<Rate, Vec<&mut Taxed>> = BTreeMap::new();
    for line in lines {
        let (rate, taxed) = split(line);
        rates.entry(rate).or_default().push(taxed);
    }
    for (rate, lines) in rates {
        let gross: Vec<Amount> = lines.iter().map(|taxed| taxed.gross).collect();
        for (line, taxed) in lines.into_iter().zip(document_lines(&gross, rate)) {
            *line = taxed;
        }
    }
}
