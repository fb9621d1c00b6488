//! Profiles, purposes and consents, and who may still be asked.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::harness::{Refused, SUBJECT, World, after, refused, refused_fact};
use crate::snapshot::{bytes, restored};
use crate::venue::*;

const STRANGER: SubjectRef = SubjectRef([9; 16]);
const NEWSLETTER: PurposeId = PurposeId(1);

fn known() -> World {
    let mut world = open();
    world.vault_knows = Some(SUBJECT);
    world
}

fn email(text: &str) -> ChangeProfile {
    ChangeProfile { email: Some(text.into()), ..ChangeProfile::default() }
}

fn theirs(change: ChangeProfile) -> ChangeProfile {
    ChangeProfile { subject: Some(SUBJECT), ..change }
}

fn terms(wording: &str) -> PurposeTerms {
    PurposeTerms { name: "Newsletter".into(), wording: wording.into() }
}

fn register(key: &str) -> RegisterPurpose {
    RegisterPurpose { key: key.into(), terms: terms("I agree.") }
}

fn asked() -> World {
    known().after(register("newsletter"))
}

fn says(given: bool) -> RecordConsent {
    RecordConsent {
        subject: SUBJECT,
        purpose: NEWSLETTER,
        given,
        version: None,
        source: ConsentSource::WebForm,
    }
}

fn given(version: u32) -> Event {
    let (subject, purpose, source) = (SUBJECT, NEWSLETTER, ConsentSource::WebForm);
    ConsentGiven { subject, purpose, version, source }.into()
}

fn withdrawn() -> Event {
    ConsentWithdrawn { subject: SUBJECT, purpose: NEWSLETTER, source: ConsentSource::WebForm }.into()
}

fn erased(world: World) -> World {
    let erasure = v1::SubjectErased { subject: SUBJECT, reason: ErasureReason::Request, waived: false };
    world.and([erasure.into()])
}

#[test]
fn a_change_names_its_fields_and_no_value() {
    let change = ChangeProfile {
        country: Some("FR".into()),
        name: Some("Ana".into()),
        telephone: Some(" ".into()),
        by_person: true,
        ..email("ana@example.org")
    };
    let changed = |by_person| {
        let set = vec![ProfileField::Email, ProfileField::Name, ProfileField::Country];
        Event::from(ProfileChanged {
            subject: SUBJECT,
            set,
            cleared: vec![ProfileField::Telephone],
            by_person,
        })
    };
    // Somebody new, and somebody whom the vault or the books know.
    open().when(change.clone()).then([changed(true)]);
    known().when(theirs(change.clone())).then([changed(true)]);
    let customer = open().after(PlaceOrder {
        buyer: Some(crate::harness::person("ana@example.org")),
        payment: vec![leg(2_000)],
        ..order(DESK, vec![ticket()])
    });
    customer.when(theirs(ChangeProfile { by_person: false, ..change })).then([changed(false)]);
}

#[test]
fn an_email_is_one_persons() {
    let mut world = known();
    world.email_owner = Some(SUBJECT);
    assert_eq!(world.when(theirs(email("ana@example.org"))).events().len(), 1, "their own is no news");
    world.email_owner = Some(STRANGER);
    world.when(theirs(email("bo@example.org"))).then_rejected(EmailTaken, "email");
}

#[test]
fn a_reworded_purpose_has_another_version_and_a_renamed_one_has_not() {
    let world = asked();
    let change = |name: &str, wording: &str, open| ChangePurpose {
        purpose: NEWSLETTER,
        terms: PurposeTerms { name: name.into(), wording: wording.into() },
        open,
    };
    let version = |world: &World, change| match world.when(change).events().as_slice() {
        [Event::PurposeChanged(changed)] => (changed.version, changed.open),
        other => panic!("{other:?}"),
    };
    assert_eq!(version(&world, change("News", "I agree.", true)), (1, true));
    assert_eq!(version(&world, change("News", "I do agree.", false)), (2, false));
    let world = world.after(change("News", "I do agree.", true));
    world.when(says(true)).then([given(2)]);
    world.when(RecordConsent { version: Some(1), ..says(true) }).then([given(1)]);
    assert_eq!(bytes(&restored(&bytes(&world.state))), bytes(&world.state));
}

#[test]
fn consents_are_taken_from_open_purposes_and_withdrawals_always() {
    let world = asked();
    world.when(says(true)).then([given(1)]);
    world.when(says(false)).then([withdrawn()]);
    let close = ChangePurpose { purpose: NEWSLETTER, terms: terms("I agree."), open: false };
    let closed = world.after(says(true)).after(close);
    closed.when(says(true)).then_rejected(PurposeClosed, "purpose");
    closed.when(says(false)).then([withdrawn()]);
    // A form that was signed before is a fact.
    closed.when_fact(after(-86_400), says(true)).then([given(1)]);
}

fn reads() -> NotePersonalDataRead {
    let access = PersonalAccess::Segment;
    NotePersonalDataRead { access, purpose: None, subject: None, subjects: 1, token: None }
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = known();
    let gone = erased(asked());
    let mut taken = known();
    taken.email_owner = Some(STRANGER);
    let field = |change: fn(&mut ChangeProfile)| {
        let mut profile = theirs(ChangeProfile::default());
        change(&mut profile);
        profile
    };
    let french = |code: &str| ChangeProfile {
        country: Some("FR".into()),
        postal_code: Some(code.into()),
        ..theirs(ChangeProfile::default())
    };
    let close = ChangePurpose { purpose: NEWSLETTER, terms: terms("I agree."), open: false };
    let retention = |months| SetRetention { class: RetentionClass::Prospect, months, source: "DPO".into() };
    vec![
        refused(&world, theirs(ChangeProfile::default()), ProfileEmpty, ""),
        refused(&open(), email(" "), ProfileEmpty, ""),
        // The shape of a field comes before whom it is of, and of two fields the one that is first in the list of codes.
        refused(&gone, theirs(email("ana")), EmailInvalid, "email"),
        refused(
            &world,
            ChangeProfile { telephone: Some("x".into()), ..theirs(email("ana")) },
            EmailInvalid,
            "email",
        ),
        refused(&world, theirs(email(&format!("{}@example.org", "a".repeat(320)))), TextTooLong, "email"),
        refused(&world, field(|of| of.name = Some("Ana\u{7}".into())), TextNotAllowed, "name"),
        refused(&world, field(|of| of.telephone = Some("call me".into())), TelephoneInvalid, "telephone"),
        refused(&world, field(|of| of.language = Some("French".into())), LanguageInvalid, "language"),
        refused(&world, field(|of| of.postal_code = Some("Rennes".into())), PostalCodeInvalid, "postal_code"),
        refused(&world, french("3500"), PostalCodeInvalid, "postal_code"),
        refused(&world, field(|of| of.country = Some("France".into())), CountryInvalid, "country"),
        refused(&open(), theirs(email("ana@example.org")), SubjectUnknown, "subject"),
        refused(&gone, theirs(email("ana@example.org")), RejectionCode::SubjectErased, "subject"),
        refused(&taken, theirs(email("bo@example.org")), EmailTaken, "email"),
        refused_fact(&world, theirs(email("ana@example.org")), TimeNotAllowed, "occurred_at"),
        refused(&world, register("News letter"), PurposeKeyInvalid, "purpose_key"),
        refused(&world, register("9-lives"), PurposeKeyInvalid, "purpose_key"),
        refused(&world, register(""), TextEmpty, "purpose_key"),
        refused(&world, RegisterPurpose { terms: terms(" "), ..register("a") }, TextEmpty, "terms.wording"),
        refused(
            &world,
            RegisterPurpose { terms: terms("\u{7}"), ..register("a") },
            TextNotAllowed,
            "terms.wording",
        ),
        refused(&asked(), register("newsletter"), PurposeKeyTaken, "purpose_key"),
        refused(&world, close.clone(), PurposeUnknown, "purpose"),
        refused(&asked(), RecordConsent { version: Some(2), ..says(true) }, WordingUnknown, "version"),
        refused(&asked(), RecordConsent { version: Some(0), ..says(true) }, WordingUnknown, "version"),
        refused(&asked().after(close), says(true), PurposeClosed, "purpose"),
        refused(&open().after(register("newsletter")), says(true), SubjectUnknown, "subject"),
        refused(&gone, says(false), RejectionCode::SubjectErased, "subject"),
        refused(&known(), says(false), PurposeUnknown, "purpose"),
        refused(
            &known(),
            NotePersonalDataRead { purpose: Some(NEWSLETTER), ..reads() },
            PurposeUnknown,
            "purpose",
        ),
        refused(&known(), NotePersonalDataRead { token: Some(TokenId(1)), ..reads() }, TokenUnknown, "token"),
        refused(&world, retention(0), QuantityZero, "months"),
        refused(&world, retention(241), QuantityTooLarge, "months"),
        refused(&world, SetRetention { source: " ".into(), ..retention(24) }, TextEmpty, "source"),
    ]
}
