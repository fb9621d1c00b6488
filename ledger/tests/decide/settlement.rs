//! The life of a settlement: sealed, amended, signed off, paid.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::deal::{PRODUCER, cost, house_with_party, terms};
use crate::harness::{Refused, World, after, refused};
use crate::venue::*;

const SETTLEMENT: SettlementId = SettlementId(1);

fn line(step: &str, role: SettledRole, net: i64) -> SettledLine {
    SettledLine {
        step: step.into(),
        role,
        party: (role == SettledRole::Share).then_some(PRODUCER),
        channel: None,
        basis: Amount::ZERO,
        rate: Rate::ZERO,
        net: Amount(net),
        vat_rate: Rate::ZERO,
        vat: Amount::ZERO,
    }
}

fn lines(receipts: i64) -> Vec<SettledLine> {
    vec![
        line("receipts", SettledRole::Receipts, receipts),
        line("net", SettledRole::Subtotal, receipts),
        line("producer", SettledRole::Share, 70),
        line("organiser", SettledRole::Own, receipts - 70),
    ]
}

/// A seal of what a world's log comes to.
fn seal(world: &World, version: u32, receipts: i64) -> SealSettlement {
    SealSettlement {
        show: SHOW,
        version,
        deal_version: 1,
        calculation: 1,
        position: world.events.len() as u64 - 1,
        head: Hash([1; 32]),
        statement: Hash([receipts as u8; 32]),
        lines: lines(receipts),
        files: Vec::new(),
        language: String::new(),
    }
}

fn agreed() -> World {
    house_with_party().after(AgreeDeal { shows: vec![SHOW], terms: terms() })
}

fn sealed() -> World {
    let world = agreed();
    let seal = seal(&world, 1, 100);
    world.after(seal)
}

fn sign(version: u32, party: Option<PartyId>) -> SignOffSettlement {
    SignOffSettlement { settlement: SETTLEMENT, version, party, document: None }
}

fn pay(version: u32, party: PartyId) -> PaySettlement {
    PaySettlement {
        settlement: SETTLEMENT,
        version,
        party,
        amount: Amount(70),
        method: CARD,
        reference: "VIR-1".into(),
    }
}

const PDF: SettlementFile = SettlementFile { kind: SettlementFileKind::Pdf, hash: Hash([9; 32]), bytes: 10 };

fn keep(version: u32) -> KeepSettlementFiles {
    KeepSettlementFiles { settlement: SETTLEMENT, version, files: vec![PDF] }
}

#[test]
fn a_settlement_is_sealed_amended_signed_off_and_paid() {
    let world = agreed();
    let command = seal(&world, 1, 100);
    let event = v1::SettlementSealed {
        settlement: SETTLEMENT,
        version: 1,
        show: SHOW,
        deal: DealId(1),
        deal_version: 1,
        calculation: 1,
        position: command.position,
        head: command.head,
        statement: command.statement,
        lines: command.lines.clone(),
    };
    world.when(command.clone()).then([event.into()]);
    let world = sealed().after(sign(1, None)).after(sign(1, Some(PRODUCER))).after(keep(1));
    let paid = SettlementPaid {
        settlement: SETTLEMENT,
        version: 1,
        show: SHOW,
        party: PRODUCER,
        amount: Amount(70),
        method: CARD,
        reference: "VIR-1".into(),
    };
    world.when_fact(after(-60), pay(1, PRODUCER)).then([paid.into()]);
    // A cost comes late: the next version, which everybody signs again, and files of the first are kept all the same.
    let world = world.after(RecordCost { show: SHOW, terms: cost(10) });
    let amendment = seal(&world, 2, 101);
    let world = world.after(amendment);
    world.when(sign(2, Some(PRODUCER))).events();
    world.when(keep(1)).events();
    world.when(sign(1, Some(PRODUCER))).then_rejected(SettlementSuperseded, "version");
}

#[test]
fn files_that_are_given_out_are_recorded_with_the_seal() {
    let world = agreed();
    let files = vec![PDF, SettlementFile { kind: SettlementFileKind::Csv, hash: Hash([8; 32]), bytes: 7 }];
    let events = world.when(SealSettlement { files: files.clone(), ..seal(&world, 1, 100) }).events();
    let kept = SettlementFilesKept { settlement: SETTLEMENT, version: 1, show: SHOW, files };
    assert!(matches!(events.as_slice(), [Event::SettlementSealed(_), Event::SettlementFilesKept(_)]));
    assert_eq!(events[1], kept.into());
}

#[test]
fn what_was_computed_before_the_last_cost_or_rate_is_outdated() {
    let world = agreed();
    let early = seal(&world, 1, 100);
    let spent = world.clone().after(RecordCost { show: SHOW, terms: cost(10) });
    spent.when(early.clone()).then_rejected(SettlementOutdated, "position");
    let rate = SetDatedRate {
        key: "fr.cnm".into(),
        territory: String::new(),
        rate: Rate(40_000),
        valid_from: after(0),
        valid_until: None,
        source: "Décret".into(),
    };
    world.after(rate).when(early).then_rejected(SettlementOutdated, "position");
}

#[test]
fn a_seal_that_is_asked_again_is_the_same_command_whatever_it_comes_to_now() {
    let world = agreed();
    let parameters = |body| {
        let (organisation, key) = (OrganisationId::default(), String::new());
        Command { organisation, actor: ActorId(0), key, occurred_at: None, body }.parameters().unwrap()
    };
    let first = parameters(CommandBody::SealSettlement(seal(&world, 1, 100)));
    let again =
        parameters(CommandBody::SealSettlement(SealSettlement { position: 99, ..seal(&world, 1, 101) }));
    let next = parameters(CommandBody::SealSettlement(seal(&world, 2, 100)));
    let with_files = SealSettlement { files: vec![PDF], ..seal(&world, 1, 100) };
    let english = SealSettlement { language: "en".into(), ..with_files.clone() };
    assert_eq!(first, again);
    assert_ne!(first, next);
    // Which files it came to is no parameter; the language that they were asked for in is.
    assert_eq!(first, parameters(CommandBody::SealSettlement(with_files)));
    assert_ne!(first, parameters(CommandBody::SealSettlement(english)));
}

pub(crate) fn rejections() -> Vec<Refused> {
    let (bare, world, once) = (house_with_party(), agreed(), sealed());
    let signed = once.clone().after(sign(1, Some(PRODUCER)));
    let first = |change: fn(&mut SealSettlement)| {
        let mut seal = seal(&world, 1, 100);
        change(&mut seal);
        seal
    };
    let unbalanced = first(|seal| drop(seal.lines.pop()));
    let twice = {
        let mut files = keep(1);
        files.files.push(files.files[0]);
        files
    };
    let far = SealSettlement { position: 1_000, ..seal(&once, 2, 101) };
    vec![
        refused(&world, first(|seal| seal.version = 0), QuantityZero, "version"),
        refused(&world, first(|seal| seal.lines.clear()), ListEmpty, "lines"),
        refused(&world, first(|seal| seal.lines[0].rate = Rate(-1)), RateOutOfRange, "lines.0.rate"),
        refused(&world, unbalanced, SettlementUnbalanced, "lines"),
        refused(&world, first(|seal| seal.show = ShowId(9)), ShowUnknown, "show"),
        refused(&world, first(|seal| seal.lines[2].party = Some(PartyId(9))), PartyUnknown, "lines.2.party"),
        refused(&bare, seal(&bare, 1, 100), DealUnknown, "show"),
        refused(&world, first(|seal| seal.deal_version = 2), DealVersionMismatch, "deal_version"),
        // Nothing of what is sealed changes, and versions follow each other.
        refused(&once, seal(&once, 1, 101), SettlementSealed, "version"),
        refused(&once, seal(&once, 3, 101), SettlementNotSealed, "version"),
        refused(&once, seal(&once, 2, 100), SettlementUnchanged, "statement"),
        refused(&once, far, SettlementOutdated, "position"),
        refused(&world, sign(1, None), SettlementUnknown, "settlement"),
        refused(&once, sign(2, None), SettlementNotSealed, "version"),
        refused(&once, sign(1, Some(PartyId(9))), PartyUnknown, "party"),
        refused(&signed, sign(1, Some(PRODUCER)), AlreadySignedOff, "party"),
        refused(&once.clone().after(register_another()), sign(1, Some(PartyId(2))), PartyNotSettled, "party"),
        refused(&once, PaySettlement { amount: Amount(0), ..pay(1, PRODUCER) }, AmountNegative, "amount"),
        refused(
            &once,
            PaySettlement { reference: String::new(), ..pay(1, PRODUCER) },
            TextEmpty,
            "reference",
        ),
        refused(&once, PaySettlement { method: MethodId(9), ..pay(1, PRODUCER) }, MethodUnknown, "method"),
        refused(&amended(), pay(1, PRODUCER), SettlementSuperseded, "version"),
        refused(&once, keep(2), SettlementNotSealed, "version"),
        refused(&once, twice, Duplicate, "files.1.hash"),
        refused(&world, first(|seal| seal.files = vec![PDF; 2]), Duplicate, "files.1.hash"),
        refused(&world, first(|seal| seal.files = vec![PDF; 51]), ListTooLong, "files"),
        refused(&world, first(|seal| seal.language = "e\n".into()), TextNotAllowed, "language"),
    ]
}

fn register_another() -> RegisterParty {
    RegisterParty { name: "Autre".into(), siret: String::new(), vat_number: String::new() }
}

fn amended() -> World {
    let world = sealed();
    let amendment = seal(&world, 2, 101);
    world.after(amendment)
}
