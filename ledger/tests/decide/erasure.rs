//! Persons who are forgotten: what is in the way, and what becomes of the vault's keys.

use soticket_ledger::vault::EpochNumbers;
use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::harness::{Refused, SUBJECT, World, after, person, refused, ticket_code};
use crate::snapshot::{bytes, restored};
use crate::venue::*;
use crate::{card, stored_value};

const STRANGER: SubjectRef = SubjectRef([9; 16]);
/// Six hours after the begin of show 1 nobody is let in any more.
const SHOW_OVER: i64 = 100_000 + 6 * 3_600;

fn erase() -> EraseSubject {
    EraseSubject { subject: SUBJECT, reason: ErasureReason::Request, waived: false }
}

fn waived() -> EraseSubject {
    EraseSubject { waived: true, ..erase() }
}

fn erased() -> Event {
    v1::SubjectErased { subject: SUBJECT, reason: ErasureReason::Request, waived: false }.into()
}

/// The person's order, paid unless said otherwise.
fn bought(tickets: usize, payment: &[i64]) -> PlaceOrder {
    PlaceOrder {
        buyer: Some(person("ana@example.org")),
        payment: payment.iter().map(|amount| leg(*amount)).collect(),
        ..order(DESK, vec![ticket(); tickets])
    }
}

fn customer() -> World {
    open().after(bought(1, &[2_000]))
}

fn handed_on(to: SubjectRef) -> Event {
    TicketTransferred {
        ticket: TicketId(1),
        show: SHOW,
        order: OrderId(1),
        from: Some(SUBJECT),
        to,
        code: ticket_code("new"),
    }
    .into()
}

#[test]
fn a_person_is_forgotten_once_nothing_is_open_and_only_once() {
    let world = customer();
    world.when(erase()).then_rejected(SubjectHoldsTickets, "subject");
    let over = world.at(after(SHOW_OVER + 1));
    over.when(erase()).then([erased()]);
    let reason = ErasureReason::RetentionOver;
    over.when(EraseSubject { reason, ..erase() }).then([v1::SubjectErased {
        subject: SUBJECT,
        reason,
        waived: false,
    }
    .into()]);
    let gone = over.after(erase());
    gone.when(erase()).then_rejected(RejectionCode::SubjectErased, "subject");
    gone.when(waived()).then_rejected(RejectionCode::SubjectErased, "subject");
    assert_eq!(
        bytes(&restored(&bytes(&gone.state))),
        bytes(&gone.state),
        "a snapshot remembers who was erased"
    );
}

#[test]
fn a_ticket_is_in_the_way_of_whoever_holds_it_until_nobody_is_let_in_any_more() {
    let world = customer();
    world.clone().at(after(SHOW_OVER)).when(erase()).then_rejected(SubjectHoldsTickets, "subject");
    let others = world.clone().and([handed_on(STRANGER)]);
    others.when(erase()).then([erased()]);
    let stranger = EraseSubject { subject: STRANGER, ..erase() };
    others.when(stranger).then_rejected(SubjectHoldsTickets, "subject");
    let refunded = CancelTickets { refund: vec![leg(2_000)], ..cancel(1, &[1]) };
    world.clone().after(refunded).when(erase()).then([erased()]);
    let given_up = v1::SubjectErased { subject: SUBJECT, reason: ErasureReason::Request, waived: true };
    world.when(waived()).then([given_up.into()]);
}

#[test]
fn money_is_in_the_way_on_either_side_whatever_is_given_up() {
    let owes = open().after(bought(1, &[]));
    owes.when(waived()).then_rejected(SubjectMoneyOpen, "subject");
    let cancelled = customer().after(cancel(1, &[1]));
    cancelled.when(waived()).then_rejected(SubjectMoneyOpen, "subject");
    let back = ReturnMoney { order: OrderId(1), legs: vec![leg(2_000)] };
    cancelled.after(back).when(erase()).then([erased()]);
    let announced = AnnouncePayment { order: OrderId(1), legs: vec![leg(2_000)], expected_by: after(86_400) };
    owes.after(announced).when(waived()).then_rejected(SubjectMoneyOpen, "subject");
    // The show is off, and its money has not gone back.
    let off = customer().after(CancelShow { show: SHOW });
    off.when(erase()).then_rejected(SubjectMoneyOpen, "subject");
    let begin = BeginShowRefund { show: SHOW, fees_kept: false };
    let refunded = off.after(begin).after(AdvanceShowRefund { show: SHOW, orders: 10 });
    refunded.when(erase()).then([erased()]);
}

#[test]
fn what_a_network_sold_is_between_it_and_its_customer() {
    let network = ChannelOpened {
        channel: ChannelId(4),
        name: "Network".into(),
        kind: ChannelKind::Network,
        fee_on_top: Amount::ZERO,
        fee_vat: Rate::ZERO,
        commission: None,
    };
    let sale =
        |channel| ReportSale { buyer: Some(person("ana@example.org")), ..report(channel, vec![reported()]) };
    let world = open().and([network.into()]).at(after(SHOW_OVER + 1));
    let ours = world.clone().after_fact(before(), sale(DESK));
    ours.when(erase()).then_rejected(SubjectMoneyOpen, "subject");
    world.after_fact(before(), sale(ChannelId(4))).when(erase()).then([erased()]);
}

#[test]
fn cards_and_stored_values_are_in_the_way_as_long_as_they_last() {
    let buyer = || Some(person("ana@example.org"));
    let carded = card::world().after(PlaceOrder { buyer: buyer(), ..card::buy_card() });
    carded.when(erase()).then_rejected(SubjectHoldsRights, "subject");
    assert_eq!(carded.when(waived()).events().len(), 1);
    carded.at(after(10_000)).when(erase()).then([erased()]);
    let gift = PlaceOrder { buyer: buyer(), ..stored_value::issue(StoredValueKind::GiftCard, 5_000) };
    let gifted = stored_value::world().after(gift);
    gifted.when(erase()).then_rejected(SubjectHoldsRights, "subject");
    gifted.at(after(50_000)).when(erase()).then([erased()]);
}

#[test]
fn somebody_who_only_held_places_is_known_to_the_vault_alone() {
    let mut world = open();
    world.when(erase()).then_rejected(SubjectUnknown, "subject");
    world.vault_knows = Some(SUBJECT);
    world.when(erase()).then([erased()]);
    world
        .when(EraseSubject { subject: SubjectRef::default(), ..erase() })
        .then_rejected(SubjectUnknown, "subject");
}

#[test]
fn an_epoch_is_begun_once_for_all_who_were_erased_before() {
    let mut world = customer().and([handed_on(STRANGER)]);
    world.when(BeginVaultEpoch {}).then_rejected(EpochNotDue, "");
    world =
        world.after(erase()).at(after(SHOW_OVER + 1)).after(EraseSubject { subject: STRANGER, ..erase() });
    world.when(BeginVaultEpoch {}).then([VaultEpochBegun { epoch: 2 }.into()]);
    world = world.after(BeginVaultEpoch {});
    world.when(BeginVaultEpoch {}).then_rejected(EpochNotDue, "");
    assert_eq!(bytes(&restored(&bytes(&world.state))), bytes(&world.state));
}

#[test]
fn keys_are_recorded_as_destroyed_once_they_are() {
    let mut world = customer().and([handed_on(STRANGER)]).after(erase()).after(BeginVaultEpoch {});
    world.when(RecordVaultEpochsDestroyed {}).then_rejected(EpochNotDue, "");
    world.epochs = EpochNumbers { next: 5, oldest: 4 };
    world.when(RecordVaultEpochsDestroyed {}).then([VaultEpochsDestroyed { before: 4 }.into()]);
    world = world.after(RecordVaultEpochsDestroyed {});
    world.when(RecordVaultEpochsDestroyed {}).then_rejected(EpochNotDue, "");
}

pub(crate) fn rejections() -> Vec<Refused> {
    let owes = open().after(bought(1, &[]));
    let gone = customer().and([handed_on(STRANGER)]).after(erase());
    let gift =
        PlaceOrder { buyer: Some(person("a@b")), ..stored_value::issue(StoredValueKind::GiftCard, 5_000) };
    vec![
        refused(&open(), erase(), SubjectUnknown, "subject"),
        refused(&gone, erase(), RejectionCode::SubjectErased, "subject"),
        refused(&customer(), erase(), SubjectHoldsTickets, "subject"),
        refused(&owes, erase(), SubjectHoldsTickets, "subject"),
        refused(&owes, waived(), SubjectMoneyOpen, "subject"),
        refused(&stored_value::world().after(gift), erase(), SubjectHoldsRights, "subject"),
        refused(&open(), BeginVaultEpoch {}, EpochNotDue, ""),
        refused(&gone, RecordVaultEpochsDestroyed {}, EpochNotDue, ""),
    ]
}
