//! Decisions at a gate: recorded whatever they are.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::gate::{RULES, rules, zones};
use crate::harness::{ORGANISATION, Refused, World, after, code_hash, person, refused};
use crate::venue::*;

/// The doors open 96,000 seconds after the clock of the tests; scanning begins 30 minutes before.
const DOORS: i64 = 96_000;

fn redeem(code: &str) -> RedeemTicket {
    RedeemTicket {
        shows: vec![SHOW],
        code: code.into(),
        gate: GATE,
        device: DEVICE,
        nonce: 7,
        direction: Direction::Entry,
        ignore_unpaid: false,
    }
}

fn exit(code: &str) -> RedeemTicket {
    RedeemTicket { direction: Direction::Exit, ..redeem(code) }
}

/// Two tickets of one order, `house 1` in the pit and `house 2` in the balcony, at the doors.
fn sold() -> World {
    open().after(order(WEB, vec![ticket(), seat(0)])).after(rules(RULES)).at(after(DOORS))
}

#[track_caller]
fn decided(world: &World, command: RedeemTicket, reason: ScanReason, ticket: Option<u64>) {
    let (show, code) = (command.shows[0], code_hash(&command.code));
    decided_at(world, command, reason, (show, code, ticket));
}

#[track_caller]
fn decided_at(
    world: &World,
    command: RedeemTicket,
    reason: ScanReason,
    (show, code, ticket): (ShowId, CodeHash, Option<u64>),
) {
    let passes = matches!(reason, ScanReason::Valid | ScanReason::NotInside);
    let ticket = ticket.map(TicketId);
    let direction = command.direction;
    world.when(command).then([
        TicketScanned {
            show,
            code,
            ticket,
            gate: GATE,
            device: DEVICE,
            nonce: 7,
            direction,
            offline: false,
            decision: if passes { GateDecision::Admitted } else { GateDecision::Refused },
        }
        .into(),
        ScanJudged { show, device: DEVICE, nonce: 7, ticket, reason }.into(),
    ]);
}

#[test]
fn a_ticket_enters_leaves_and_comes_back() {
    let world = sold();
    decided(&world, redeem("house 1"), ScanReason::Valid, Some(1));
    let world = world.after(redeem("house 1"));
    decided(&world, redeem("house 1"), ScanReason::AlreadyInside, Some(1));
    decided(&world, redeem("house 2"), ScanReason::Valid, Some(2));
    decided(&world, exit("house 1"), ScanReason::Valid, Some(1));
    decided(&world, exit("house 2"), ScanReason::NotInside, Some(2));
    let world = world.at(after(DOORS + 60)).after(exit("house 1"));
    decided(&world, redeem("house 1"), ScanReason::Valid, Some(1));
    let strict = world.clone().after(rules(EntryRules { re_entry: ReEntry::Never, ..RULES }));
    decided(&strict, redeem("house 1"), ScanReason::AlreadyUsed, Some(1));
    let slow = world.after(rules(EntryRules { passback_seconds: 90, ..RULES }));
    decided(&slow, redeem("house 1"), ScanReason::TooSoon, Some(1));
    decided(&slow.at(after(DOORS + 90)), redeem("house 1"), ScanReason::Valid, Some(1));
}

#[test]
fn what_was_refused_has_not_entered() {
    let world = sold().after(zones(&[BALCONY])).after(redeem("house 1")).after(zones(&[]));
    decided(&world, redeem("house 1"), ScanReason::Valid, Some(1));
}

#[test]
fn facts_of_other_gates_count_whatever_order_they_come_in() {
    let told = |direction, nonce| ReportScan { direction, nonce, ..scan(SHOW, "house 1") };
    let (entry, leave) = (told(Direction::Entry, 1), told(Direction::Exit, 2));
    // The tests' log states the clock of the test as the time of a fact.
    let first = after(DOORS + 10);
    let second = after(DOORS + 20);
    let forward =
        sold().at(first).after_fact(first, entry.clone()).at(second).after_fact(second, leave.clone());
    let backward = sold().at(second).after_fact(second, leave).at(first).after_fact(first, entry);
    for world in [forward, backward] {
        decided(&world.at(after(DOORS + 30)), redeem("house 1"), ScanReason::Valid, Some(1));
    }
}

#[test]
fn money_time_and_place_are_looked_at_in_this_order() {
    let strict = EntryRules { admit_unpaid: false, ..RULES };
    let world = sold().after(rules(strict)).after(zones(&[BALCONY])).at(after(DOORS - 1_801));
    decided(&world, redeem("house 1"), ScanReason::Unpaid, Some(1));
    decided(&world, RedeemTicket { ignore_unpaid: true, ..redeem("house 1") }, ScanReason::TooEarly, Some(1));
    let world = world.after(RecordPayment { order: OrderId(1), legs: vec![leg(5_200)] });
    decided(&world, redeem("house 1"), ScanReason::TooEarly, Some(1));
    // The show begins at 100,000.
    decided(&world.clone().at(after(107_201)), redeem("house 1"), ScanReason::TooLate, Some(1));
    let world = world.at(after(DOORS - 1_800));
    decided(&world, redeem("house 1"), ScanReason::WrongZone, Some(1));
    decided(&world, redeem("house 2"), ScanReason::Valid, Some(2));
    // Nobody is kept inside.
    decided(&world.clone().at(after(200_000)), exit("house 1"), ScanReason::NotInside, Some(1));
    let own = EntryRules { from: Some(after(1)), until: Some(after(2)), ..strict };
    decided(&world.after(rules(own)), redeem("house 2"), ScanReason::TooLate, Some(2));
}

#[test]
fn a_network_has_collected_the_money() {
    let network = ChannelOpened {
        channel: ChannelId(4),
        name: "Network".into(),
        kind: ChannelKind::Network,
        fee_on_top: Amount::ZERO,
        fee_vat: Rate::ZERO,
        commission: None,
    };
    let coded = ReportedTicket { codes: vec![code("N1")], ..reported() };
    let world = open().and([network.into()]).after_fact(before(), report(ChannelId(4), vec![coded]));
    decided(&world.at(after(DOORS)), redeem("N1"), ScanReason::Valid, Some(1));
}

#[test]
fn codes_that_stand_for_nothing_here_are_told_apart() {
    let world = two_shows().after(order(WEB, vec![ticket(); 2])).after(cancel(1, &[2])).at(after(DOORS));
    decided(&world, redeem("nobody's"), ScanReason::UnknownCode, None);
    decided(&world, redeem("house 2"), ScanReason::Cancelled, Some(2));
    let elsewhere = RedeemTicket { shows: vec![ShowId(2)], ..redeem("house 1") };
    decided(&world, elsewhere, ScanReason::WrongShow, Some(1));
}

#[test]
fn a_ticket_that_was_handed_on_opens_with_its_new_code_only() {
    let to = person("friend@example.org");
    let world = sold().after(TransferTicket { ticket: TicketId(1), to });
    decided(&world, redeem("house 1"), ScanReason::CodeReplaced, Some(1));
    decided(&world, exit("house 1"), ScanReason::CodeReplaced, Some(1));
    decided(&world, redeem("house 3"), ScanReason::Valid, Some(1));
}

#[test]
fn of_several_shows_the_tickets_own_is_meant() {
    let coded = |show, tariff, text| ReportedTicket {
        show: ShowId(show),
        tariff: TariffId(tariff),
        codes: vec![code(text)],
        ..reported()
    };
    let sale =
        report(FNAC, vec![coded(1, 1, "one"), coded(2, 4, "two"), coded(1, 1, "both"), coded(2, 4, "both")]);
    let world = two_shows().after_fact(before(), sale).after(SetEntryRules { show: None, rules: RULES });
    let world = world.at(after(DOORS));
    let both = |text| RedeemTicket { shows: vec![ShowId(2), SHOW], ..redeem(text) };
    let at = |show, text, ticket| (ShowId(show), code_hash(text), ticket);
    decided_at(&world, both("one"), ScanReason::Valid, at(1, "one", Some(1)));
    decided_at(&world, both("two"), ScanReason::Valid, at(2, "two", Some(2)));
    decided_at(&world, both("both"), ScanReason::Ambiguous, at(2, "both", None));
    let world = world.after(cancel(1, &[4]));
    decided_at(&world, both("both"), ScanReason::Valid, at(1, "both", Some(3)));
}

#[test]
fn a_signed_code_must_be_signed_by_this_organisation() {
    let private = [5; 32];
    let house = ticket_code::house_code(&[1; 15]);
    let key = (CodeKeyId(1), &private);
    let text = ticket_code::sign(ORGANISATION, key, (SHOW, PIT), &house).unwrap();
    let coded = ReportedTicket { codes: vec![code(&text)], ..reported() };
    let world = open()
        .and([CodeKeyRegistered { key: CodeKeyId(1), public: PublicKey::of_private(&private) }.into()])
        .after_fact(before(), report(FNAC, vec![coded]))
        .after(rules(RULES))
        .at(after(DOORS));
    decided(&world, redeem(&text), ScanReason::Valid, Some(1));
    let forged = ticket_code::sign(ORGANISATION, (CodeKeyId(1), &[6; 32]), (SHOW, PIT), &house).unwrap();
    decided(&world, redeem(&forged), ScanReason::Forged, None);
    let unknown = ticket_code::sign(ORGANISATION, (CodeKeyId(2), &private), (SHOW, PIT), &house).unwrap();
    decided(&world, redeem(&unknown), ScanReason::Forged, None);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let open = open();
    let shows =
        |shows: &[u64]| RedeemTicket { shows: shows.iter().copied().map(ShowId).collect(), ..redeem("x") };
    let many: Vec<u64> = (1..=101).collect();
    vec![
        refused(&open, redeem(""), TextEmpty, "code"),
        refused(&open, redeem(&"x".repeat(256)), TextTooLong, "code"),
        refused(&open, shows(&[]), ListEmpty, "shows"),
        refused(&open, shows(&many), ListTooLong, "shows"),
        refused(&open, shows(&[1, 1]), Duplicate, "shows.1"),
        refused(&open, RedeemTicket { device: ActorId(9), ..shows(&[9]) }, ActorUnknown, "device"),
        refused(&open, RedeemTicket { gate: GateId(9), ..shows(&[1, 9]) }, ShowUnknown, "shows.1"),
        refused(&open, RedeemTicket { gate: GateId(9), ..redeem("x") }, GateUnknown, "gate"),
    ]
}
