//! Closings, technical events and erasures, as no decision would record them.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::{Raw, amount, id, time};

/// Closings that no sums lead to, and what else belongs to them.
pub(super) fn event(raw: &Raw) -> Event {
    let (from, until) = (CommercialDay(i32::from(raw[1])), CommercialDay(20_490 + i32::from(raw[2] % 9)));
    if raw[6].is_multiple_of(3) {
        return erasure(raw);
    }
    match raw[0] % 3 {
        0 => FiscalYearSet { first_month: (raw[3] % 14) as u8 }.into(),
        1 => {
            let what = TechnicalKind::IntegrityFault;
            TechnicalEventNoted { what, about: None, reference: String::new() }.into()
        }
        _ => PeriodClosed {
            period: Period::ALL[usize::from(raw[3] % 3)],
            number: id(raw[4]),
            from,
            until,
            opened_at: time(raw[5]),
            ended_at: time(raw[6]),
            time_zone: String::new(),
            cutoff_minutes: raw[5],
            first: None,
            last: Some(id(raw[1])),
            records: id(raw[2]),
            orders: id(raw[3]),
            sales: Vec::new(),
            money: Vec::new(),
            prepaid: PrepaidTotals { issued: amount(raw[6]), ..PrepaidTotals::default() },
            floats: FloatTotals::default(),
            perpetual: Perpetual { algebraic: amount(raw[5]), absolute: amount(raw[4]) },
            previous: Hash::default(),
        }
        .into(),
    }
}

/// Consents of nobody to nothing, purposes out of turn.
fn people(raw: &Raw) -> Event {
    let subject = SubjectRef([(raw[3] % 3) as u8; 16]);
    let purpose = PurposeId(u32::from(raw[4] % 3));
    let (version, source) = (u32::from(raw[2]), ConsentSource::Import);
    let terms = || PurposeTerms { name: String::new(), wording: raw[1].to_string() };
    match raw[6] % 5 {
        0 => ConsentGiven { subject, purpose, version, source }.into(),
        1 => ConsentWithdrawn { subject, purpose, source }.into(),
        2 => PurposeRegistered { purpose, key: String::new(), terms: terms() }.into(),
        3 => PurposeChanged { purpose, version, terms: terms(), open: raw[1].is_multiple_of(2) }.into(),
        _ => {
            let set = vec![ProfileField::Country, ProfileField::Email];
            ProfileChanged { subject, set, cleared: Vec::new(), by_person: raw[1].is_multiple_of(2) }.into()
        }
    }
}

/// Persons who are erased without being anybody, and epochs out of turn.
fn erasure(raw: &Raw) -> Event {
    let epoch = u32::from(raw[4] % 5);
    match raw[5] % 4 {
        0 => VaultEpochBegun { epoch }.into(),
        1 => VaultEpochsDestroyed { before: epoch }.into(),
        2 => people(raw),
        _ => {
            let subject = SubjectRef([(raw[3] % 3) as u8; 16]);
            SubjectErased { subject, reason: ErasureReason::TakenInError, waived: raw[1].is_multiple_of(2) }
                .into()
        }
    }
}
