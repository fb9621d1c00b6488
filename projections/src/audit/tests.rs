//! Given events, then the entries of the journal.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::{LogBuilder, at, parameters, venue};

#[test]
fn what_other_events_tell_is_in_the_journal_once() {
    let mut log = LogBuilder::default();
    let noon = at("2026-01-10T12:00:00+01:00");
    venue::open(&mut log, Rounding::Document, noon);
    let started =
        TechnicalEventNoted { what: TechnicalKind::Started, about: None, reference: "soticket 1".into() };
    log.push(noon, started);
    log.push(noon, OrganisationChanged { parameters: parameters(Rounding::PerTicket) });
    let changed = venue::tariff_defined(1, 10);
    log.push(noon, TariffChanged { show: changed.show, tariff: changed.tariff, terms: changed.terms });
    log.push(noon, TariffVatSet { show: ShowId(1), tariff: TariffId(10), rates: Vec::new() });
    let audit: Audit = log.fold();
    let all = audit.entries(Timestamp(i64::MIN), Timestamp(i64::MAX));
    let kinds: Vec<_> = all.iter().map(|entry| entry.kind).collect();
    use AuditKind::{FirstUse, ParametersChanged, PriceChanged, Started, VatChanged};
    assert_eq!(kinds, [FirstUse, Started, ParametersChanged, PriceChanged, VatChanged]);
    let third = all[2].recorded_at;
    let between: Vec<_> = audit.entries(all[1].recorded_at, third).iter().map(|entry| entry.kind).collect();
    assert_eq!(between, [Started], "the end is not within");
}
