//! Samples of deals, costs, settlements and dated rates.

use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::hash::Hash;
use soticket_schema::ids::*;
use soticket_schema::money::{Amount, Rate, UnitPrice};
use soticket_schema::time::Timestamp;

use super::{REDUCED, STANDARD};

const SHOW: ShowId = ShowId(1);
const DEAL: DealId = DealId(4);
const PARTY: PartyId = PartyId(2);
const SETTLEMENT: SettlementId = SettlementId(9);

fn step(name: &str, role: SettledRole, rule: DealRule) -> DealStep {
    DealStep {
        name: name.into(),
        label: format!("Étape {name}"),
        role,
        rule,
        rounding: StepRounding::Minor,
        vat: None,
        party: None,
        source: "CIBS art. L452-14".into(),
    }
}

/// A step by every rule.
fn terms() -> DealTerms {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let takings = |measure| Takings {
        measure,
        channels: vec![ChannelId(3)],
        channel_kinds: vec![ChannelKind::OwnSite],
        tariff_kinds: vec![TariffKind::Full, TariffKind::Reduced],
    };
    let share = |of: &str, rate| DealRule::Share { of: of.into(), rate };
    let payments =
        DealUnit::Payments { methods: vec![MethodKind::Card], channel_kinds: vec![ChannelKind::OwnSite] };
    use SettledRole::*;
    let mut steps = vec![
        step("receipts", Receipts, DealRule::Receipts(takings(Measure::WithoutVat))),
        step("cnm", Levy, share("receipts", DealRate::Dated("fr.cnm".into()))),
        step("commissions", Commission, DealRule::Commissions { channels: vec![ChannelId(3)] }),
        step("gateway", PaymentCost, DealRule::Units { unit: payments, price: UnitPrice(85_000) }),
        step("costs", Cost, DealRule::Costs { categories: names(&["technical"]), borne_by: Some(PARTY) }),
        step("guarantee", Subtotal, DealRule::Fixed { amount: Amount(320_000) }),
        step(
            "net",
            Subtotal,
            DealRule::Sum { add: names(&["receipts"]), less: names(&["cnm", "commissions"]) },
        ),
        step("excess", Subtotal, DealRule::Excess { of: "net".into(), over: "guarantee".into() }),
        step("part", Subtotal, share("excess", DealRate::Stated(Rate(700_000)))),
        step("most", Subtotal, DealRule::Greatest { of: names(&["guarantee", "part"]) }),
        step("least", Subtotal, DealRule::Least { of: names(&["most", "net"]) }),
        step(
            "tiers",
            Subtotal,
            DealRule::Tiers {
                of: "net".into(),
                tiers: vec![DealTier { from: Amount(500_000), rate: Rate(800_000) }],
            },
        ),
        step(
            "bonus",
            Subtotal,
            DealRule::Bonus {
                on: BonusBasis::Step("net".into()),
                thresholds: vec![BonusThreshold { from: 700_000, amount: Amount(10_000) }],
            },
        ),
        step("organiser", Own, DealRule::Difference { of: "net".into(), less: names(&["most"]) }),
    ];
    steps[1].rounding = StepRounding::Major;
    steps[9].role = Share;
    steps[9].party = Some(PARTY);
    steps[9].vat = Some(DealRate::Stated(REDUCED));
    DealTerms { name: "Contrat 2026-031".into(), template: "cession-share".into(), steps }
}

fn voucher() -> Voucher {
    Voucher { reference: "F-2026-0041".into(), file: Some(Hash([0x5a; 32])) }
}

pub(crate) fn deals() -> Vec<Event> {
    let cost = CostTerms {
        category: "technical".into(),
        net: Amount(115_000),
        vat_rate: STANDARD,
        vat: Amount(23_000),
        supplier: Some(PartyId(6)),
        borne_by: Some(PARTY),
        voucher: voucher(),
    };
    vec![
        DealAgreed { deal: DEAL, show: SHOW, terms: terms() }.into(),
        DealChanged { deal: DEAL, show: SHOW, version: 2, terms: terms() }.into(),
        CostRecorded { cost: CostId(7), show: SHOW, terms: cost }.into(),
        CostWithdrawn { cost: CostId(7), show: SHOW }.into(),
        AdvanceRecorded {
            advance: AdvanceId(8),
            show: SHOW,
            party: PARTY,
            amount: Amount(50_000),
            method: MethodId(5),
            voucher: voucher(),
        }
        .into(),
    ]
}

pub(crate) fn settlements() -> Vec<Event> {
    let line = SettledLine {
        step: "producer".into(),
        role: SettledRole::Share,
        party: Some(PARTY),
        channel: Some(ChannelId(3)),
        basis: Amount(162_010),
        rate: Rate(700_000),
        net: Amount(433_407),
        vat_rate: REDUCED,
        vat: Amount(23_837),
    };
    let file = |kind, byte| SettlementFile { kind, hash: Hash([byte; 32]), bytes: 70_000 };
    vec![
        SettlementSealed {
            settlement: SETTLEMENT,
            version: 2,
            show: SHOW,
            deal: DEAL,
            deal_version: 2,
            calculation: 1,
            position: 1_234,
            head: Hash([0x11; 32]),
            statement: Hash([0x22; 32]),
            lines: vec![line],
        }
        .into(),
        SettlementFilesKept {
            settlement: SETTLEMENT,
            version: 2,
            show: SHOW,
            files: vec![file(SettlementFileKind::Pdf, 0x33), file(SettlementFileKind::Json, 0x44)],
        }
        .into(),
        SettlementSignedOff {
            settlement: SETTLEMENT,
            version: 2,
            show: SHOW,
            party: Some(PARTY),
            document: Some(Hash([0x55; 32])),
        }
        .into(),
        SettlementPaid {
            settlement: SETTLEMENT,
            version: 2,
            show: SHOW,
            party: PARTY,
            amount: Amount(407_244),
            method: MethodId(5),
            reference: "VIR-2026-0077".into(),
        }
        .into(),
        AdvanceWithdrawn { advance: AdvanceId(8), show: SHOW }.into(),
    ]
}

pub(crate) fn law() -> Vec<Event> {
    vec![
        DatedRateSet {
            key: "fr.sacem.concert".into(),
            territory: "FR-metropole".into(),
            rate: Rate(88_000),
            valid_from: Timestamp(1_767_222_000_000_000),
            valid_until: Some(Timestamp(1_798_758_000_000_000)),
            source: "Protocole 2026".into(),
        }
        .into(),
        WorkRegistered {
            work: WorkId(3),
            title: "La Traversée (mise en scène 2025)".into(),
            performances_before: 112,
            source: "Attestation du cédant".into(),
        }
        .into(),
        ShowWorkSet { show: SHOW, work: Some(WorkId(3)) }.into(),
    ]
}
