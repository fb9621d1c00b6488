//! Commissions in statements.

use proptest::prelude::*;
use soticket_schema::ItemId;

use super::*;
use crate::settlement::{CommissionTotal, ShowSettlement};
use crate::testing::line as ticket_line;

fn charge(commission: u32, channel: ChannelId, tickets: &[u64], basis: &str, amount: &str) -> CommissionLine {
    CommissionLine {
        commission: CommissionId(commission),
        version: 1,
        channel,
        show: SHOW,
        beneficiary: Beneficiary::Channel,
        payer: Payer::Organiser,
        mode: CommissionMode::Inside,
        basis: cents(basis),
        amount: cents(amount),
        vat: percent("20"),
        on_refund: OnRefund::Reversed,
        tickets: tickets.iter().copied().map(TicketId).collect(),
        item: None,
    }
}

fn on_top(line: CommissionLine) -> CommissionLine {
    CommissionLine { payer: Payer::Buyer, mode: CommissionMode::OnTop, ..line }
}

fn charged(order: u64, lines: Vec<CommissionLine>) -> CommissionsCharged {
    CommissionsCharged {
        order: OrderId(order),
        subject: None,
        shows: vec![SHOW],
        lines,
        cap: percent("15"),
        over_cap: Vec::new(),
        other_fee: Vec::new(),
    }
}

fn reversed(order: u64, lines: Vec<CommissionLine>) -> CommissionsReversed {
    CommissionsReversed { order: OrderId(order), subject: None, shows: vec![SHOW], lines, kept: Vec::new() }
}

fn commission_row(total: &CommissionTotal) -> String {
    let [gross, net, vat] = euros(total.taxed);
    format!(
        "{} on {}: {} - {} of {}: {} - {}: {gross} = {net} + {vat}",
        total.commission,
        total.channel,
        total.count,
        total.reversed_count,
        total.basis.display(Currency::EUR),
        total.charged.display(Currency::EUR),
        total.reversed.display(Currency::EUR),
    )
}

#[test]
fn the_networks_of_the_worked_example_keep_what_they_say_and_receipts_stay_full() {
    let mut log = worked_example(Rounding::Document);
    let before = log.fold::<Settlement>().show(SHOW).unwrap();
    let sales: Vec<(u64, ChannelId)> = log
        .entries
        .iter()
        .filter_map(|entry| crate::event::sold(&entry.event))
        .map(|lines| (lines.order.0, lines.channel))
        .collect();
    for (ticket, channel) in sales {
        let line = match channel.0 {
            FNAC => charge(1, channel, &[ticket], "24.00", "0.60"),
            TICKETMASTER => charge(2, channel, &[ticket], "24.00", "1.20"),
            _ => continue,
        };
        log.push(at(NOON), charged(ticket, vec![line]));
    }
    let after = log.fold::<Settlement>().show(SHOW).unwrap();
    let rows: Vec<String> = after.commissions.iter().map(commission_row).collect();
    assert_eq!(
        rows,
        [
            format!("1 on {FNAC}: 68 - 0 of 1632.00: 40.80 - 0.00: 48.96 = 40.80 + 8.16"),
            format!("2 on {TICKETMASTER}: 41 - 0 of 984.00: 49.20 - 0.00: 59.04 = 49.20 + 9.84"),
        ]
    );
    let lines = |show: &ShowSettlement| show.lines.iter().map(row).collect::<Vec<_>>();
    assert_eq!((after.paid, lines(&after), &after.fees), (before.paid, lines(&before), &before.fees));
}

/// What a channel keeps: basis, rate, amount and tickets, rules first.
fn kept(log: &LogBuilder, channel: ChannelId) -> Vec<String> {
    let figures = log.fold::<Settlement>().figures(SHOW).unwrap();
    let of_channel = figures.channels.iter().filter(|figure| figure.channel == channel);
    let told = of_channel.map(|figure| {
        let (basis, amount) = (figure.basis.display(Currency::EUR), figure.amount.display(Currency::EUR));
        format!("{} tickets, {basis} at {}: {amount}", figure.tickets, figure.rate.0)
    });
    told.collect()
}

#[test]
fn the_terms_of_opening_count_for_tickets_that_no_rule_charged() {
    let mut log = LogBuilder::default();
    crate::testing::venue::open(&mut log, Rounding::Document, at(NOON));
    let channel = ChannelId(90);
    log.push(
        at(NOON),
        ChannelOpened {
            channel,
            name: "Network".into(),
            kind: ChannelKind::Network,
            fee_on_top: Amount::ZERO,
            fee_vat: Rate::ZERO,
            commission: Some(InsideCommission { rate: percent("5"), vat: percent("20") }),
        },
    );
    let tickets = (1..=10).map(|ticket| ticket_line(ticket, 1, 1, 10, ticket, "20.00")).collect();
    log.push(at(NOON), order(1, channel.0, tickets));
    assert_eq!(kept(&log, channel), ["10 tickets, 200.00 at 50000: 10.00"]);
    // A rule charges four of them; what another party earns on a fifth replaces nothing.
    let rule = charge(1, channel, &[1, 2, 3, 4], "20.00", "0.40");
    let party = CommissionLine {
        beneficiary: Beneficiary::Party(PartyId(1)),
        ..charge(2, channel, &[5], "20.00", "1.00")
    };
    log.push(at(NOON), charged(1, vec![rule.clone(), party]));
    let others = "1 tickets, 20.00 at 0: 1.00".to_owned();
    let expected = ["4 tickets, 80.00 at 0: 1.60", "6 tickets, 120.00 at 50000: 6.00", others.as_str()];
    assert_eq!(kept(&log, channel), expected);
    // One of either kind is cancelled, one of either kind costs less.
    log.push(at(NOON), TicketsCancelled { cancellation: cancellation(1, &[(1, 1, false), (10, 1, false)]) });
    log.push(at(NOON), reversed(1, vec![CommissionLine { tickets: vec![TicketId(1)], ..rule }]));
    log.push(at(NOON), reduced(2, "20.00", "10.00"));
    log.push(at(NOON), reduced(9, "20.00", "10.00"));
    let expected = ["3 tickets, 60.00 at 0: 1.20", "5 tickets, 90.00 at 50000: 4.50", others.as_str()];
    assert_eq!(kept(&log, channel), expected);
    // A commission of whole orders stands in the place of the terms for all tickets.
    log.push(at(NOON), charged(1, vec![charge(3, channel, &[], "90.00", "2.00")]));
    assert_eq!(kept(&log, channel)[0].split(',').next(), Some("4 tickets"));
    assert!(kept(&log, channel).iter().all(|line| line.contains(" at 0: ")));
}

/// One order of two tickets of 20.00 with a fee of 1.50 each, 0.50 of it a commission that is kept and 0.30 one that is
/// given back, and a fee of 2.00 for the order.
fn sale() -> (LogBuilder, Vec<CommissionLine>) {
    let mut log = LogBuilder::default();
    crate::testing::venue::open(&mut log, Rounding::Document, at(NOON));
    let tickets = [1, 2].map(|ticket| {
        let mut line = ticket_line(ticket, 1, 1, 10, ticket, "20.00");
        line.fee = cents("1.50");
        line
    });
    let mut placed = order(1, 1, tickets.to_vec());
    placed.lines.items = vec![ItemLine {
        item: ItemId(1),
        kind: FeeKind::Service.into(),
        show: Some(SHOW),
        price: cents("2.00"),
        vat: percent("20"),
        stated_vat: None,
        ticket: None,
    }];
    log.push(at(NOON), placed);
    let channel = ChannelId(1);
    let kept = on_top(charge(2, channel, &[1, 2], "20.00", "0.50"));
    let lines = vec![
        charge(1, channel, &[1, 2], "20.00", "2.00"),
        CommissionLine { on_refund: OnRefund::Kept, vat: Rate::ZERO, ..kept },
        on_top(charge(3, channel, &[1, 2], "20.00", "0.30")),
        CommissionLine { item: Some(ItemId(1)), ..on_top(charge(4, channel, &[], "40.00", "2.00")) },
    ];
    let mut event = charged(1, lines.clone());
    event.over_cap = vec![TicketId(2)];
    log.push(at(NOON), event);
    (log, lines)
}

fn blocks(log: &LogBuilder) -> (Vec<String>, Vec<String>, usize, String) {
    let settlement: Settlement = log.fold();
    let show = settlement.show(SHOW).unwrap();
    let fees = show.fees.iter().map(|fee| format!("{} x {}", fee.tickets, fee.price.display(Currency::EUR)));
    let commissions = show
        .commissions
        .iter()
        .map(|total| format!("{}: {}", total.commission, total.taxed.gross.display(Currency::EUR)));
    let orders = settlement.organisation().orders.display(Currency::EUR);
    (fees.collect(), commissions.collect(), show.items.len(), orders)
}

#[test]
fn each_amount_is_in_one_place() {
    let (log, _) = sale();
    let (fees, commissions, items, orders) = blocks(&log);
    assert_eq!(fees, ["2 x 0.70"], "the channel's own");
    assert_eq!(commissions, ["1: 4.80", "2: 1.00", "3: 0.60", "4: 2.00"]);
    assert_eq!((items, orders.as_str()), (0, "45.00"), "2 x 21.50 and 2.00");
    assert_eq!(log.fold::<Settlement>().show(SHOW).unwrap().over_cap, 1);
}

#[test]
fn a_cancellation_takes_off_what_is_given_back_and_nothing_else() {
    let (mut log, lines) = sale();
    let of = |line: &CommissionLine| CommissionLine { tickets: vec![TicketId(1)], ..line.clone() };
    log.push(at(NOON), TicketsCancelled { cancellation: cancellation(1, &[(1, 1, false)]) });
    log.push(at(NOON), reversed(1, vec![of(&lines[0]), of(&lines[2])]));
    let (fees, commissions, _, orders) = blocks(&log);
    assert_eq!(fees, ["1 x 0.70"]);
    assert_eq!(commissions, ["1: 2.40", "2: 1.00", "3: 0.30", "4: 2.00"]);
    // 45.00 less 20.00, 0.70 and 0.30: the 0.50 of the first ticket stay.
    assert_eq!(orders, "24.00");
    let mut cancelled = cancellation(1, &[]);
    cancelled.items = vec![CancelledItem { item: ItemId(1), show: Some(SHOW) }];
    log.push(at(NOON), TicketsCancelled { cancellation: cancelled });
    log.push(at(NOON), reversed(1, vec![lines[3].clone()]));
    let (_, commissions, _, orders) = blocks(&log);
    assert_eq!((commissions[3].as_str(), orders.as_str()), ("4: 0.00", "22.00"));
}

#[test]
fn a_fee_that_is_kept_keeps_its_commissions() {
    let (mut log, lines) = sale();
    log.push(at(NOON), TicketsCancelled { cancellation: cancellation(1, &[(1, 1, true)]) });
    let line = CommissionLine { tickets: vec![TicketId(1)], ..lines[0].clone() };
    log.push(at(NOON), reversed(1, vec![line]));
    let (fees, commissions, _, orders) = blocks(&log);
    assert_eq!((fees[0].as_str(), orders.as_str()), ("2 x 0.70", "25.00"));
    assert_eq!(commissions, ["1: 2.40", "2: 1.00", "3: 0.60", "4: 2.00"]);
}

proptest! {
    #[test]
    fn fees_commissions_and_orders_always_sum(
        sales in prop::collection::vec((1_i64..5_000, 0_i64..300, 0_i64..200, any::<bool>(), any::<bool>()), 1..20),
    ) {
        let mut log = LogBuilder::default();
        crate::testing::venue::open(&mut log, Rounding::Document, at(NOON));
        let (mut faces, mut own, mut commissions) = (0, 0, 0);
        for ((face, fee, part, cancel, keep), number) in sales.into_iter().zip(1_u64..) {
            let mut line = ticket_line(number, 1, 1, 10, number, "0.00");
            (line.price, line.fee) = (Amount(face), Amount(fee + part));
            log.push(at(NOON), order(number, 1, vec![line]));
            let amount = Amount(part).display(Currency::EUR);
            let charge = on_top(charge(1, ChannelId(1), &[number], "0.00", &amount));
            if part > 0 {
                log.push(at(NOON), charged(number, vec![charge.clone()]));
            }
            if cancel {
                log.push(at(NOON), TicketsCancelled { cancellation: cancellation(number, &[(number, 1, keep)]) });
                if !keep && part > 0 {
                    log.push(at(NOON), reversed(number, vec![charge]));
                }
            }
            faces += if cancel { 0 } else { face };
            let stays = !cancel || keep;
            own += if stays { fee } else { 0 };
            commissions += if stays { part } else { 0 };
        }
        let settlement: Settlement = log.fold();
        let show = settlement.show(SHOW).unwrap();
        let fees: Amount = show.fees.iter().map(|fee| fee.taxed.gross).sum();
        let charged: Amount = show.commissions.iter().map(|total| total.taxed.gross).sum();
        prop_assert_eq!((fees, charged), (Amount(own), Amount(commissions)));
        prop_assert_eq!(settlement.organisation().orders, Amount(faces + own + commissions));
    }
}
