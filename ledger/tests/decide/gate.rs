//! Signing keys, devices and rules for entry.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{PUBLIC_KEY, Refused, after, refused};
use crate::venue::*;

pub(crate) const RULES: EntryRules = EntryRules {
    lead_minutes: 30,
    tail_minutes: 120,
    from: None,
    until: None,
    re_entry: ReEntry::AfterExit,
    passback_seconds: 0,
    admit_unpaid: true,
};

pub(crate) fn rules(rules: EntryRules) -> SetEntryRules {
    SetEntryRules { show: Some(SHOW), rules }
}

pub(crate) fn zones(zones: &[ZoneId]) -> SetGateZones {
    SetGateZones { gate: GATE, show: Some(SHOW), zones: zones.to_vec() }
}

fn issue(hash: u8) -> IssueCredential {
    IssueCredential {
        device: DEVICE,
        gate: GATE,
        expires_at: Some(after(60)),
        hash: CredentialHash([hash; 16]),
    }
}

fn issued(credential: u32, hash: u8) -> Event {
    CredentialIssued {
        credential: CredentialId(credential),
        device: DEVICE,
        hash: CredentialHash([hash; 16]),
        gate: GATE,
        expires_at: Some(after(60)),
    }
    .into()
}

fn revoked(credential: u32) -> Event {
    CredentialRevoked { credential: CredentialId(credential), device: DEVICE }.into()
}

fn retire(key: u16, trusted: bool) -> RetireCodeKey {
    RetireCodeKey { key: CodeKeyId(key), trusted }
}

#[test]
fn keys_are_numbered_and_lose_their_trust_late() {
    let registered = |key| Event::from(CodeKeyRegistered { key: CodeKeyId(key), public: PUBLIC_KEY });
    let world = house();
    world.when(RegisterCodeKey {}).then([registered(1)]);
    let world = world.after(RegisterCodeKey {});
    world.when(RegisterCodeKey {}).then([registered(2)]);
    let world = world.after(retire(1, true));
    world.when(retire(1, true)).then_rejected(CodeKeyEnded, "key");
    world.when(retire(1, false)).then([retired(1, false)]);
}

fn retired(key: u16, trusted: bool) -> Event {
    CodeKeyRetired { key: CodeKeyId(key), trusted }.into()
}

#[test]
fn a_credential_ends_and_is_replaced_by_one_for_the_same_device() {
    let world = house();
    world.when(issue(1)).then([issued(1, 1)]);
    let world = world.after(issue(1));
    let replace = ReplaceCredential { credential: CredentialId(1), hash: CredentialHash([2; 16]) };
    world.when(replace.clone()).then([revoked(1), issued(2, 2)]);
    world.clone().at(after(60)).when(replace).then_rejected(CredentialEnded, "credential");
    world.when(RevokeCredential { credential: CredentialId(1) }).then([revoked(1)]);
}

#[test]
fn rules_are_for_a_show_or_for_all() {
    let open = open();
    open.when(rules(RULES)).then([EntryRulesSet { show: Some(SHOW), rules: RULES }.into()]);
    open.when(SetEntryRules { show: None, rules: RULES })
        .then([EntryRulesSet { show: None, rules: RULES }.into()]);
    let all = GateZonesSet { gate: GATE, show: None, zones: vec![BALCONY] };
    open.when(SetGateZones { gate: GATE, show: None, zones: vec![BALCONY] }).then([all.into()]);
    let none = GateZonesSet { gate: GATE, show: Some(SHOW), zones: Vec::new() };
    open.when(zones(&[])).then([none.into()]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let open = open();
    let keyed = open.clone().after(RegisterCodeKey {}).after(retire(1, true));
    let credited = open.clone().after(issue(1));
    let ended = credited.clone().after(RevokeCredential { credential: CredentialId(1) });
    let person = ActorRegistered { actor: ActorId(2), kind: ActorKind::User, label: String::new() };
    let staffed = open.clone().and([person.into()]);
    let exhausted = open.clone().and(
        (1..=u16::MAX).map(|key| Event::from(CodeKeyRegistered { key: CodeKeyId(key), public: PUBLIC_KEY })),
    );
    let unknown = CredentialId(9);
    let ruled = |changed| rules(changed);
    let for_all = |rules| SetEntryRules { show: None, rules };
    let (from, until) = (Some(after(10)), Some(after(5)));
    vec![
        refused(&exhausted, RegisterCodeKey {}, CodeKeysExhausted, "organisation"),
        refused(&open, retire(1, true), CodeKeyUnknown, "key"),
        refused(&keyed, retire(1, true), CodeKeyEnded, "key"),
        refused(&open, zones(&[PIT, PIT]), Duplicate, "zones.1"),
        refused(&open, zones(&(0..101).map(ZoneId).collect::<Vec<_>>()), ListTooLong, "zones"),
        refused(&open, SetGateZones { show: Some(ShowId(9)), ..zones(&[ZoneId(9)]) }, ShowUnknown, "show"),
        refused(&open, zones(&[PIT, ZoneId(9)]), ZoneUnknown, "zones.1"),
        refused(&open, SetGateZones { gate: GateId(9), ..zones(&[]) }, GateUnknown, "gate"),
        refused(
            &open,
            ruled(EntryRules { lead_minutes: 10_081, ..RULES }),
            QuantityTooLarge,
            "rules.lead_minutes",
        ),
        refused(
            &open,
            ruled(EntryRules { tail_minutes: 10_081, ..RULES }),
            QuantityTooLarge,
            "rules.tail_minutes",
        ),
        refused(
            &open,
            ruled(EntryRules { passback_seconds: 86_401, ..RULES }),
            QuantityTooLarge,
            "rules.passback_seconds",
        ),
        refused(&open, for_all(EntryRules { from, ..RULES }), TimeNotAllowed, "rules.from"),
        refused(&open, for_all(EntryRules { until, ..RULES }), TimeNotAllowed, "rules.until"),
        refused(&open, ruled(EntryRules { from: Some(Timestamp(0)), ..RULES }), TimeOutOfRange, "rules.from"),
        refused(&open, ruled(EntryRules { from, until, ..RULES }), TimeOrder, "rules.until"),
        refused(&open, SetEntryRules { show: Some(ShowId(9)), rules: RULES }, ShowUnknown, "show"),
        refused(
            &open,
            IssueCredential { expires_at: Some(Timestamp(0)), ..issue(1) },
            TimeOutOfRange,
            "expires_at",
        ),
        refused(&open, IssueCredential { expires_at: Some(after(0)), ..issue(1) }, TimeOrder, "expires_at"),
        refused(&open, IssueCredential { device: ActorId(9), ..issue(1) }, ActorUnknown, "device"),
        refused(&open, IssueCredential { device: ActorId(0), ..issue(1) }, ActorUnknown, "device"),
        refused(&open, IssueCredential { gate: GateId(9), ..issue(1) }, GateUnknown, "gate"),
        refused(&staffed, IssueCredential { device: ActorId(2), ..issue(1) }, ActorNotDevice, "device"),
        refused(&credited, RevokeCredential { credential: unknown }, CredentialUnknown, "credential"),
        refused(&ended, RevokeCredential { credential: CredentialId(1) }, CredentialEnded, "credential"),
        refused(
            &credited,
            ReplaceCredential { credential: unknown, hash: CredentialHash::default() },
            CredentialUnknown,
            "credential",
        ),
        refused(
            &ended,
            ReplaceCredential { credential: CredentialId(1), hash: CredentialHash::default() },
            CredentialEnded,
            "credential",
        ),
    ]
}
