//! Deals and what becomes of a show's money, as no decision would record it.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::{Raw, amount, id, rate, small};

/// What becomes of a show's money.
pub(super) fn event(raw: &Raw, show: ShowId) -> Event {
    let (deal, settlement, version) = (DealId(small(raw[3])), SettlementId(id(raw[4])), small(raw[6]));
    let (party, cost) = (PartyId(small(raw[1])), CostId(id(raw[6])));
    let voucher = || Voucher { reference: String::new(), file: None };
    match raw[5] % 9 {
        4 => {
            let terms = DealTerms { name: String::new(), template: String::new(), steps: Vec::new() };
            match raw[1] % 2 {
                0 => DealAgreed { deal, show, terms }.into(),
                _ => DealChanged { deal, show, version, terms }.into(),
            }
        }
        5 if raw[1].is_multiple_of(2) => CostWithdrawn { cost, show }.into(),
        5 => {
            let terms = CostTerms {
                category: String::new(),
                net: amount(raw[3]),
                vat_rate: rate(raw[4]),
                vat: amount(raw[6]),
                supplier: None,
                borne_by: Some(party),
                voucher: voucher(),
            };
            CostRecorded { cost, show, terms }.into()
        }
        6 => SettlementSealed {
            settlement,
            version,
            show,
            deal,
            deal_version: version,
            calculation: 1,
            position: id(raw[1]),
            head: Hash::default(),
            statement: Hash::default(),
            lines: Vec::new(),
        }
        .into(),
        7 => {
            let (reference, method) = (String::new(), MethodId(small(raw[3])));
            let amount = amount(raw[4]);
            SettlementPaid { settlement, version, show, party, amount, method, reference }.into()
        }
        _ => ShowWorkSet { show, work: Some(WorkId(small(raw[3]))) }.into(),
    }
}
