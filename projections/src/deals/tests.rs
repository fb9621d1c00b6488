//! Settlements of the worked show, figure by figure, and what holds whatever a show takes.

use soticket_ledger::law::OwnRates;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::text::{DealFile, Names, templates};
use super::*;
use crate::settlement::{ChannelFigures, FigureLine, PaymentFigures, ShowFigures};
use crate::testing::{at, cents, percent};

const WEB: ChannelId = ChannelId(1);
const DESK: ChannelId = ChannelId(2);
const FNAC: ChannelId = ChannelId(3);
const TICKETMASTER: ChannelId = ChannelId(4);
const PRODUCER: PartyId = PartyId(1);

/// The show of 14 March 2026 as its box-office statement has it, at a VAT rate.
fn worked_show(vat: &str) -> ShowFigures {
    let rate = percent(vat);
    let sold = [
        (TariffKind::Full, DESK, ChannelKind::BoxOffice, 61, "1647.00"),
        (TariffKind::Full, WEB, ChannelKind::OwnSite, 115, "2760.00"),
        (TariffKind::Reduced, WEB, ChannelKind::OwnSite, 42, "840.00"),
        (TariffKind::Subscriber, DESK, ChannelKind::BoxOffice, 36, "648.00"),
        (TariffKind::Full, FNAC, ChannelKind::Network, 68, "1632.00"),
        (TariffKind::Full, TICKETMASTER, ChannelKind::Network, 41, "984.00"),
        (TariffKind::Pack, WEB, ChannelKind::OwnSite, 25, "521.75"),
    ];
    let gross = sold.map(|(.., gross)| cents(gross));
    let taxed = money::document_lines(&gross, rate);
    let lines = sold.iter().zip(taxed).map(|(&(tariff_kind, channel, channel_kind, tickets, _), taxed)| {
        FigureLine { tariff_kind, channel, channel_kind, rate, tickets, taxed }
    });
    let kept = |channel, basis: &str, percents: &str, tickets| ChannelFigures {
        channel,
        party: None,
        basis: cents(basis),
        rate: percent(percents),
        amount: money::share(cents(basis), percent(percents)),
        vat: percent("20"),
        tickets,
    };
    let debits = |channel, channel_kind, method_kind, payments| PaymentFigures {
        channel,
        channel_kind,
        method: MethodId(1),
        method_kind,
        payments,
        refunds: 0,
    };
    ShowFigures {
        show: ShowId(1),
        currency: Currency::EUR,
        starts_at: at("2026-03-14T20:30:00+01:00"),
        territory: "FR-metropole".into(),
        lines: lines.collect(),
        free: 34,
        channels: vec![kept(FNAC, "1632.00", "2.5", 68), kept(TICKETMASTER, "984.00", "5", 41)],
        payments: vec![
            debits(WEB, ChannelKind::OwnSite, MethodKind::Card, 96),
            debits(WEB, ChannelKind::OwnSite, MethodKind::Pack, 25),
            debits(DESK, ChannelKind::BoxOffice, MethodKind::Card, 46),
        ],
    }
}

fn cost(position: u64, category: &str, net: &str) -> Cost {
    let terms = CostTerms {
        category: category.into(),
        net: cents(net),
        vat_rate: percent("20"),
        vat: money::share(cents(net), percent("20")),
        supplier: None,
        borne_by: None,
        voucher: Voucher { reference: format!("F-{position}"), file: None },
    };
    Cost { cost: CostId(position), position, at: at("2026-03-14T12:00:00+01:00"), terms, withdrawn: None }
}

fn worked_costs() -> Vec<Cost> {
    let costs =
        [("technical", "1150.00"), ("security", "620.00"), ("promotion", "480.00"), ("hospitality", "312.40")];
    costs.iter().zip(10..).map(|((category, net), position)| cost(position, category, net)).collect()
}

fn names() -> Names<'static> {
    Names {
        currency: Currency::EUR,
        party: &|name| match name {
            "Producteur (exemple)" => Some(PRODUCER),
            "Sacem" => Some(PartyId(2)),
            "CNM" => Some(PartyId(3)),
            _ => None,
        },
        channel: &|name| (name == "fnac").then_some(FNAC),
    }
}

fn worked_terms() -> DealTerms {
    let file = DealFile::read(include_str!("../../../data/seance-2026-03-14/deal.json")).unwrap();
    file.terms(&names()).unwrap()
}

fn worked(figures: &ShowFigures) -> Evaluation {
    let costs = worked_costs();
    evaluate(&worked_terms(), figures, &costs.iter().collect::<Vec<_>>(), &OwnRates::default()).unwrap()
}

#[test]
fn the_worked_settlement_is_right_to_the_cent() {
    let settled = worked(&worked_show("5.5"));
    let steps = [
        ("receipts", "8561.85"),
        ("cnm", "299.66"),
        ("sacem", "753.44"),
        ("diffuser", "8.29"),
        ("commissions", "90.00"),
        ("own-web", "3600.00"),
        ("card", "19.80"),
        ("gateway", "8.16"),
        ("net", "7382.50"),
        ("costs", "2562.40"),
        ("guarantee", "3200.00"),
        ("break-even", "5762.40"),
        ("excess", "1620.10"),
        ("producer-share", "1134.07"),
        ("producer", "4334.07"),
        ("organiser", "486.03"),
    ];
    for (step, amount) in steps {
        assert_eq!(settled.amount(step), Some(cents(amount)), "{step}");
    }
    let lines = sealed_lines(&settled);
    let line = |step: &str, channel| lines.iter().find(|line| line.step == step && line.channel == channel).unwrap();
    let receipts = line("receipts", None);
    assert_eq!((receipts.net, receipts.vat, receipts.vat_rate), (cents("8561.85"), cents("470.90"), percent("5.5")));
    let fnac = line("commissions", Some(FNAC));
    assert_eq!((fnac.basis, fnac.rate, fnac.net, fnac.vat), (cents("1632.00"), percent("2.5"), cents("40.80"), cents("8.16")));
    let ticketmaster = line("commissions", Some(TICKETMASTER));
    assert_eq!((ticketmaster.net, ticketmaster.vat), (cents("49.20"), cents("9.84")));
    let producer = line("producer", None);
    assert_eq!((producer.party, producer.net, producer.vat), (Some(PRODUCER), cents("4334.07"), cents("238.37")));
    let sacem = line("sacem", None);
    assert_eq!((sacem.basis, sacem.rate, sacem.vat), (cents("8561.85"), percent("8.8"), cents("75.34")));
    assert_eq!(line("costs/hospitality", None).net, cents("312.40"));
}

#[test]
fn the_same_show_at_the_reduced_rate() {
    let settled = worked(&worked_show("2.1"));
    let (_, receipts) = settled.lines().next().unwrap();
    assert_eq!((receipts.net, receipts.vat), (cents("8846.96"), cents("185.79")));
}

#[test]
fn every_template_can_be_filled_and_adds_up() {
    let figures = worked_show("5.5");
    for template in templates() {
        let values = template.parameters.iter().filter(|parameter| parameter.default.is_none());
        let file = DealFile {
            name: "Contrat".into(),
            template: Some(template.key.clone()),
            values: values.map(|parameter| (parameter.name.clone(), "1000.00".to_owned())).collect(),
            parties: template.parties.iter().filter(|party| !party.optional).map(|party| (party.name.clone(), "Producteur (exemple)".to_owned())).collect(),
            steps: None,
        };
        let terms = file.terms(&names()).unwrap_or_else(|error| panic!("{}: {error}", template.key));
        let costs = worked_costs();
        let costs: Vec<&Cost> = costs.iter().collect();
        let settled = evaluate(&terms, &figures, &costs, &OwnRates::default()).unwrap();
        assert_eq!(left_over(&settled), Amount::ZERO, "{}", template.key);
    }
}

/// Receipts less all that is taken out of them.
fn left_over(settled: &Evaluation) -> Amount {
    let of = |(step, line): (&EvaluatedStep, &EvaluatedLine)| match step.step.role {
        SettledRole::Receipts => line.net,
        SettledRole::Subtotal => Amount::ZERO,
        _ => Amount::ZERO - line.net,
    };
    settled.lines().map(of).sum()
}
