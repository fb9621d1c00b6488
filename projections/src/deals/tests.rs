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
        shared: 0,
        share: 0,
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
    let costs = [
        ("technical", "1150.00"),
        ("security", "620.00"),
        ("promotion", "480.00"),
        ("hospitality", "312.40"),
    ];
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
fn part_of_a_payment_costs_part_of_its_price() {
    let mut figures = worked_show("5.5");
    // 96 payments and two thirds of a pack's: 96.666667 times 0.085 is 8.21666...
    (figures.payments[0].shared, figures.payments[0].share) = (1, 666_667);
    let settled = worked(&figures);
    assert_eq!(settled.amount("gateway"), Some(cents("8.22")));
    let gateway = settled.steps.iter().find(|step| step.step.name == "gateway").unwrap();
    assert_eq!(gateway.lines[0].evidence.count, 97, "every payment that it rests on");
    assert_eq!(settled.amount("net"), Some(cents("7382.44")));
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
    let line =
        |step: &str, channel| lines.iter().find(|line| line.step == step && line.channel == channel).unwrap();
    let receipts = line("receipts", None);
    assert_eq!(
        (receipts.net, receipts.vat, receipts.vat_rate),
        (cents("8561.85"), cents("470.90"), percent("5.5"))
    );
    let fnac = line("commissions", Some(FNAC));
    assert_eq!(
        (fnac.basis, fnac.rate, fnac.net, fnac.vat),
        (cents("1632.00"), percent("2.5"), cents("40.80"), cents("8.16"))
    );
    let ticketmaster = line("commissions", Some(TICKETMASTER));
    assert_eq!((ticketmaster.net, ticketmaster.vat), (cents("49.20"), cents("9.84")));
    let producer = line("producer", None);
    assert_eq!(
        (producer.party, producer.net, producer.vat),
        (Some(PRODUCER), cents("4334.07"), cents("238.37"))
    );
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
            parties: template
                .parties
                .iter()
                .filter(|party| !party.optional)
                .map(|party| (party.name.clone(), "Producteur (exemple)".to_owned()))
                .collect(),
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

#[test]
fn a_rate_whose_start_moves_changes_only_what_comes_after_it() {
    let set = |from: &str, until: Option<&str>, rate: &str| DatedRateSet {
        key: "fr.cnm".into(),
        territory: String::new(),
        rate: percent(rate),
        valid_from: at(from),
        valid_until: until.map(at),
        source: "Décret".into(),
    };
    let cnm = |rates: &OwnRates, on: &str| {
        let figures = ShowFigures { starts_at: at(on), ..worked_show("5.5") };
        evaluate(&worked_terms(), &figures, &[], rates).unwrap().amount("cnm").unwrap()
    };
    let (before, on, after) = ("2026-03-13T20:30:00Z", "2026-03-14T20:30:00Z", "2026-03-15T20:30:00Z");
    let mut rates = OwnRates::default();
    rates.set(7, &set("2026-03-14T00:00:00Z", None, "4"));
    assert_eq!([before, on, after].map(|day| cnm(&rates, day)), ["299.66", "342.47", "342.47"].map(cents));
    // The start moves by a day: the day between has the old rate again.
    rates.set(8, &set("2026-03-14T00:00:00Z", Some("2026-03-15T00:00:00Z"), "3.5"));
    assert_eq!([before, on, after].map(|day| cnm(&rates, day)), ["299.66", "299.66", "342.47"].map(cents));
    let settled = evaluate(&worked_terms(), &worked_show("5.5"), &[], &rates).unwrap();
    let (_, line) = settled.lines().find(|(step, _)| step.step.name == "cnm").unwrap();
    assert_eq!(line.evidence.positions, [8], "the event that set the rate is behind the line");
}

#[test]
fn costs_are_grouped_and_told_by_their_events() {
    let settled = worked(&worked_show("5.5"));
    let costs: Vec<_> = settled.lines().filter(|(step, _)| step.step.name == "costs").collect();
    let told: Vec<_> =
        costs.iter().map(|(_, line)| (line.of.clone(), line.evidence.positions.clone())).collect();
    let category = |key: &str, position| (LineOf::Category(key.into()), vec![position]);
    let wanted = [
        category("technical", 10),
        category("security", 11),
        category("promotion", 12),
        category("hospitality", 13),
    ];
    assert_eq!(told, wanted);
}

fn own_deal(steps: &str) -> Evaluation {
    let text =
        format!(r#"{{ "name": "d", "parties": {{ "artist": "Producteur (exemple)" }}, "steps": {steps} }}"#);
    let terms = DealFile::read(&text).unwrap().terms(&names()).unwrap();
    evaluate(&terms, &worked_show("5.5"), &[], &OwnRates::default()).unwrap()
}

#[test]
fn tiers_bonuses_caps_and_rounding_do_as_they_say() {
    let settled = own_deal(
        r#"[
        { "name": "receipts", "label": "r", "role": "receipts", "receipts": {} },
        { "name": "tiers", "label": "t", "role": "subtotal", "tiers": { "of": "receipts", "tiers": [
            { "from": "0.00", "rate": "50" }, { "from": "5000.00", "rate": "80" } ] } },
        { "name": "full-house", "label": "b", "role": "subtotal", "bonus": { "on": "entries", "thresholds": [
            { "from": "400", "amount": "100.00" }, { "from": "422", "amount": "50.00" }, { "from": "423", "amount": "9.00" } ] } },
        { "name": "takings-bonus", "label": "b", "role": "subtotal", "bonus": { "on": "receipts", "thresholds": [
            { "from": "8561.85", "amount": "10.00" }, { "from": "8561.86", "amount": "1.00" } ] } },
        { "name": "cap", "label": "c", "role": "subtotal", "fixed": { "amount": "5000.00" } },
        { "name": "capped", "label": "c", "role": "subtotal", "least": { "of": ["tiers", "cap"] } },
        { "name": "floored", "label": "f", "role": "subtotal", "greatest": { "of": ["tiers", "cap"] } },
        { "name": "whole", "label": "w", "role": "subtotal", "rounding": "major", "share": { "of": "receipts", "rate": "3.5" } },
        { "name": "down", "label": "d", "role": "subtotal", "rounding": "minor-down", "share": { "of": "receipts", "rate": "8.8" } },
        { "name": "vat", "label": "v", "role": "subtotal", "receipts": { "measure": "vat" } },
        { "name": "fnac", "label": "v", "role": "subtotal", "receipts": { "measure": "with-vat", "channels": ["fnac"] } },
        { "name": "heads", "label": "v", "role": "subtotal", "units": { "unit": "entries", "price": "0.1" } },
        { "name": "below", "label": "v", "role": "subtotal", "excess": { "of": "cap", "over": "receipts" } },
        { "name": "artist", "label": "a", "role": "share", "party": "artist", "difference": { "of": "receipts" } } ]"#,
    );
    let steps = [
        ("tiers", "5349.48"), // 2,500.00 + 80 % of 3,561.85
        ("full-house", "150.00"),
        ("takings-bonus", "10.00"),
        ("capped", "5000.00"),
        ("floored", "5349.48"),
        ("whole", "300.00"),
        ("down", "753.44"),
        ("vat", "470.90"),
        ("fnac", "1632.00"),
        ("heads", "42.20"),
        ("below", "0.00"),
    ];
    for (step, amount) in steps {
        assert_eq!(settled.amount(step), Some(cents(amount)), "{step}");
    }
}

#[test]
fn an_amendment_is_new_less_old_line_by_line() {
    let old = sealed_lines(&worked(&worked_show("5.5")));
    let mut refunded = worked_show("5.5");
    refunded.lines[1].taxed = money::vat_of_gross(cents("2736.00"), percent("5.5"));
    let costs = [cost(10, "technical", "1150.00"), cost(20, "insurance", "80.00")];
    let new = evaluate(&worked_terms(), &refunded, &costs.iter().collect::<Vec<_>>(), &OwnRates::default())
        .unwrap();
    let new = sealed_lines(&new);
    let compared = compare(&old, &new);
    let by_role = |lines: &[SettledLine], role| {
        lines.iter().filter(|line| line.role == role).map(|line| line.net).sum::<Amount>()
    };
    for role in
        [SettledRole::Receipts, SettledRole::Levy, SettledRole::Cost, SettledRole::Share, SettledRole::Own]
    {
        let change: Amount = compared.iter().filter(|line| line.role == role).map(|line| line.net).sum();
        assert_eq!(change, by_role(&new, role) - by_role(&old, role), "{role:?}");
    }
    let gone: Vec<&str> =
        compared.iter().filter(|line| line.new.is_none()).map(|line| line.step.as_str()).collect();
    assert_eq!(gone, ["costs/security", "costs/promotion", "costs/hospitality"]);
    assert_eq!(compare(&new, &new).iter().map(|line| line.net + line.vat).sum::<Amount>(), Amount::ZERO);
}

mod rederived;

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// A show of some lines, with refunds down to nothing.
    fn shows() -> impl Strategy<Value = ShowFigures> {
        let line = (0_usize..4, 0_u64..400, 0_i64..9_000, prop::bool::ANY);
        (prop::collection::vec(line, 0..12), 0_u64..200).prop_map(|(lines, payments)| {
            let channels = [WEB, DESK, FNAC, TICKETMASTER];
            let kinds =
                [ChannelKind::OwnSite, ChannelKind::BoxOffice, ChannelKind::Network, ChannelKind::Network];
            let lines = lines.into_iter().map(|(place, tickets, price, reduced)| {
                let rate = percent(if reduced { "2.1" } else { "5.5" });
                let gross = Amount(price).times(i64::try_from(tickets).unwrap());
                let (channel, channel_kind) = (channels[place], kinds[place]);
                FigureLine {
                    tariff_kind: TariffKind::Full,
                    channel,
                    channel_kind,
                    rate,
                    tickets,
                    taxed: money::vat_of_gross(gross, rate),
                }
            });
            let mut figures = ShowFigures { lines: lines.collect(), ..worked_show("5.5") };
            for kept in &mut figures.channels {
                let sold = figures.lines.iter().filter(|line| line.channel == kept.channel);
                kept.basis = sold.map(|line| line.taxed.gross).sum();
                kept.amount = money::share(kept.basis, kept.rate);
            }
            figures.payments[0].payments = payments;
            figures
        })
    }

    fn filled(template: usize, guarantee: i64, share: i64) -> DealTerms {
        let template = &templates()[template];
        let values = template.parameters.iter().filter_map(|parameter| {
            let value = match (parameter.name.as_str(), parameter.default.is_none()) {
                ("share", _) => share.to_string(),
                (_, true) => Amount(guarantee).display(Currency::EUR),
                _ => return None,
            };
            Some((parameter.name.clone(), value))
        });
        let parties =
            template.parties.iter().map(|party| (party.name.clone(), "Producteur (exemple)".to_owned()));
        let (values, parties) = (values.collect(), parties.collect());
        let file =
            DealFile { name: "d".into(), template: Some(template.key.clone()), values, parties, steps: None };
        file.terms(&names()).unwrap()
    }

    proptest! {
        /// Lines come to steps and all lines to the receipts, whatever the show, the deal and the costs.
        #[test]
        fn lines_add_up_to_steps_and_steps_to_the_receipts(
            figures in shows(),
            template in 0_usize..11,
            guarantee in 0_i64..1_000_000,
            share in 0_i64..=100,
            nets in prop::collection::vec(-50_000_i64..200_000, 0..6),
        ) {
            let costs: Vec<Cost> = nets.iter().zip(5..).map(|(net, position)| {
                let mut cost = cost(position, if net % 2 == 0 { "technical" } else { "security" }, "1.00");
                cost.terms.net = Amount(*net);
                cost
            }).collect();
            let costs: Vec<&Cost> = costs.iter().collect();
            let settled = evaluate(&filled(template, guarantee, share), &figures, &costs, &OwnRates::default()).unwrap();
            for step in &settled.steps {
                let lines: Amount = step.lines.iter().map(|line| line.net).sum();
                prop_assert_eq!(lines, step.amount, "{}", &step.step.name);
            }
            prop_assert_eq!(left_over(&settled), Amount::ZERO);
            let receipts: Amount = figures.lines.iter().map(|line| line.taxed.net).sum();
            prop_assert_eq!(settled.amount("receipts"), Some(receipts));
            let recorded: Amount = nets.iter().map(|net| Amount(*net)).sum();
            prop_assert_eq!(settled.amount("costs"), Some(recorded));
        }

        /// What changed between two shows under one deal is the later less the earlier, in sum and line by line.
        #[test]
        fn amendments_are_new_less_old(before in shows(), after in shows(), template in 0_usize..11, share in 0_i64..=100) {
            let terms = filled(template, 100_000, share);
            let settle = |figures| sealed_lines(&evaluate(&terms, figures, &[], &OwnRates::default()).unwrap());
            let (old, new) = (settle(&before), settle(&after));
            let compared = compare(&old, &new);
            let sum = |lines: &[SettledLine]| lines.iter().map(|line| line.net).sum::<Amount>();
            prop_assert_eq!(compared.iter().map(|line| line.net).sum::<Amount>(), sum(&new) - sum(&old));
            prop_assert_eq!(compared.iter().filter(|line| line.new.is_some()).count(), new.len());
            prop_assert_eq!(compared.iter().filter(|line| line.old.is_some()).count(), old.len());
        }
    }
}
