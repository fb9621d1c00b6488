//! Settlements and what the journal is made with, as no decision would record them.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::{Raw, amount, id, rate, small, time};

/// One of these events.
pub(super) fn event(kind: u16, raw: &Raw) -> Event {
    let show = ShowId(id(raw[2]));
    match kind {
        61 => {
            let line = SettledLine {
                step: String::new(),
                role: if raw[3].is_multiple_of(2) { SettledRole::Share } else { SettledRole::Royalty },
                party: (raw[4].is_multiple_of(2)).then_some(PartyId(small(raw[4]))),
                channel: (raw[5].is_multiple_of(2)).then_some(ChannelId(small(raw[5]))),
                basis: amount(raw[3]),
                rate: rate(raw[3]),
                net: amount(raw[4]),
                vat_rate: rate(raw[5]),
                vat: amount(raw[6]),
            };
            SettlementSealed {
                settlement: SettlementId(id(raw[1])),
                version: small(raw[3]),
                show,
                deal: DealId(small(raw[4])),
                deal_version: small(raw[5]),
                calculation: raw[6],
                position: id(raw[1]),
                head: Hash::default(),
                statement: Hash::default(),
                lines: vec![line; usize::from(raw[6] % 3)],
            }
            .into()
        }
        62 => {
            let mapping = AccountMapping {
                name: String::new(),
                source: String::new(),
                vat_due: if raw[3].is_multiple_of(2) { VatDue::OnSale } else { VatDue::OnPerformance },
                books: Vec::new(),
                accounts: Vec::new(),
            };
            AccountMappingSet { version: small(raw[4]), mapping, valid_from: time(raw[5]) }.into()
        }
        63 => RemittanceRecorded {
            channel: ChannelId(small(raw[5])),
            show: (raw[4].is_multiple_of(2)).then_some(show),
            amount: amount(raw[3]),
            received_at: time(raw[1]),
            reference: Hash::default(),
        }
        .into(),
        _ => JournalLocked { through: time(raw[1]) }.into(),
    }
}
