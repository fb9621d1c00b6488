//! Commissions as rules: dated versions, and terms that are refused.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::commission::{define, distribution, office, register};
use crate::harness::{NOW, Refused, after, refused};
use crate::venue::*;

#[test]
fn rules_are_defined_changed_and_ended_as_dated_versions() {
    let world = open().after(register());
    let defined = CommissionDefined {
        commission: CommissionId(1),
        terms: office(),
        valid_from: NOW,
        valid_until: Some(after(60)),
    };
    world
        .when(DefineCommission { valid_until: Some(after(60)), ..define(office()) })
        .then([defined.clone().into()]);
    let world = world.and([defined.into()]).at(after(5));
    let changed = ChangeCommission {
        commission: CommissionId(1),
        terms: distribution(),
        valid_from: None,
        valid_until: None,
    };
    let event = CommissionChanged {
        commission: CommissionId(1),
        version: 2,
        terms: distribution(),
        valid_from: after(5),
        valid_until: None,
    };
    world.when(changed).then([event.into()]);
    let end = EndCommission { commission: CommissionId(1), valid_until: None };
    world.when(end).then([v1::CommissionEnded { commission: CommissionId(1), valid_until: after(5) }.into()]);
    world
        .when(SetCommissionCap { cap: Rate(120_000) })
        .then([CommissionCapSet { cap: Rate(120_000) }.into()]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = open();
    let with = |change: fn(&mut CommissionTerms)| {
        let mut terms = distribution();
        change(&mut terms);
        define(terms)
    };
    let invalid = CommissionTermsInvalid;
    let tier = |from| CommissionTier { from: Amount(from), rate: Rate(1), fixed: Amount(1) };
    let mut unordered = distribution();
    unordered.tiers = vec![tier(10), tier(10)];
    let change = ChangeCommission {
        commission: CommissionId(9),
        terms: distribution(),
        valid_from: None,
        valid_until: None,
    };
    let end = |commission| EndCommission { commission: CommissionId(commission), valid_until: None };
    let ended = open().after(define(distribution())).after(end(1));
    let until = |until| DefineCommission { valid_until: Some(until), ..define(distribution()) };
    let mut table = vec![
        refused(&world, RegisterParty { name: " ".into(), ..register() }, TextEmpty, "name"),
        refused(&world, RegisterParty { siret: "\n".into(), ..register() }, TextNotAllowed, "siret"),
        refused(&world, with(|terms| terms.name.clear()), TextEmpty, "terms.name"),
        refused(&world, with(|terms| terms.rate = Rate(1_000_001)), RateOutOfRange, "terms.rate"),
        refused(&world, with(|terms| terms.fixed = Amount(-1)), AmountNegative, "terms.fixed"),
        refused(&world, with(|terms| terms.minimum = Some(Amount(-1))), AmountNegative, "terms.minimum"),
        refused(&world, with(|terms| terms.vat = Rate(-1)), RateOutOfRange, "terms.vat"),
        refused(&world, with(|terms| terms.channels = vec![WEB, WEB]), Duplicate, "terms.channels.1"),
        refused(&world, with(|terms| terms.sellers = vec![String::new()]), TextEmpty, "terms.sellers.0"),
        refused(&world, with(|terms| terms.tariffs = vec![FULL, FULL]), Duplicate, "terms.tariffs.1"),
        refused(&world, with(|terms| terms.kinds = vec![TariffKind::Full; 2]), Duplicate, "terms.kinds.1"),
        refused(&world, define(unordered), invalid, "terms.tiers.1.from"),
        refused(&world, with(|terms| terms.payer = Payer::Buyer), invalid, "terms.payer"),
        refused(&world, with(|terms| terms.on_free = OnFree::Charged), invalid, "terms.on_free"),
        refused(&world, with(|terms| terms.basis = CommissionBasis::PerTicket), invalid, "terms.rate"),
        refused(&world, with(|terms| terms.rate = Rate::ZERO), invalid, "terms.rate"),
        refused(&world, until(NOW), TimeOrder, "valid_until"),
        refused(&world, until(Timestamp(0)), TimeOutOfRange, "valid_until"),
        refused(&world, define(office()), PartyUnknown, "terms.beneficiary"),
        refused(
            &world,
            with(|terms| terms.channels = vec![ChannelId(9)]),
            ChannelUnknown,
            "terms.channels.0",
        ),
        refused(&world, with(|terms| terms.tariffs = vec![TariffId(9)]), TariffUnknown, "terms.tariffs.0"),
        refused(&world, change.clone(), CommissionUnknown, "commission"),
        refused(&world, end(1), CommissionUnknown, "commission"),
        refused(&ended, end(1), CommissionEnded, "commission"),
        refused(
            &ended,
            ChangeCommission { commission: CommissionId(1), ..change },
            CommissionEnded,
            "commission",
        ),
        refused(&world, SetCommissionCap { cap: Rate(1_000_001) }, RateOutOfRange, "cap"),
    ];
    let limits = CommissionTerms { minimum: Some(Amount(3)), maximum: Some(Amount(2)), ..distribution() };
    table.push(refused(&world, define(limits), invalid, "terms.maximum"));
    table
}
