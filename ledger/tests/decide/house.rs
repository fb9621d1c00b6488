//! The organisation, its actors, halls, gates, channels, methods and products.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::harness::{ORGANISATION, Refused, given, refused, refused_fact};
use crate::venue::*;

fn open_organisation() -> OpenOrganisation {
    OpenOrganisation { mode: Mode::Demo, currency: Currency::EUR, parameters: parameters() }
}

fn change(edit: impl FnOnce(&mut OrganisationParameters)) -> ChangeOrganisation {
    let mut parameters = parameters();
    edit(&mut parameters);
    ChangeOrganisation { parameters }
}

fn actor(kind: ActorKind, label: &str) -> RegisterActor {
    RegisterActor { kind, label: label.into() }
}

fn hall_of(zones: Vec<NewZone>) -> DefineHall {
    DefineHall { name: "New".into(), authorised_capacity: 50, zones }
}

fn zone(name: &str, capacity: u32, seats: &[&str]) -> NewZone {
    let seats = seats.iter().map(|seat| (*seat).to_owned()).collect();
    NewZone { name: name.into(), capacity, seats }
}

fn new_channel() -> OpenChannel {
    OpenChannel {
        name: "Shop".into(),
        kind: ChannelKind::OwnSite,
        fee_on_top: Amount(100),
        fee_vat: Rate(200_000),
        commission: Some(InsideCommission { rate: Rate(25_000), vat: Rate(200_000) }),
    }
}

#[test]
fn a_log_begins_with_its_opening() {
    given([]).when(open_organisation()).then([opened()]);
}

#[test]
fn parameters_can_change() {
    let changed = change(|parameters| parameters.serial_scope = SerialScope::Organisation);
    let event = OrganisationChanged { parameters: changed.parameters.clone() };
    house().when(changed.clone()).then([event.into()]);
    let settings = house().after(changed).state.settings().cloned().unwrap();
    assert_eq!(settings.parameters.serial_scope, SerialScope::Organisation);
}

#[test]
fn numbers_are_given_in_turn() {
    let house = house();
    house.when(actor(ActorKind::User, "")).then([ActorRegistered {
        actor: ActorId(2),
        kind: ActorKind::User,
        label: String::new(),
    }
    .into()]);
    house.when(hall_of(vec![zone("Floor", 50, &[]), zone("Box", 2, &["1", "2"])])).then([
        HallDefined { hall: HallId(2), name: "New".into(), authorised_capacity: 50 }.into(),
        ZoneDefined { hall: HallId(2), zone: ZoneId(3), name: "Floor".into(), capacity: 50, seats: vec![] }
            .into(),
        ZoneDefined {
            hall: HallId(2),
            zone: ZoneId(4),
            name: "Box".into(),
            capacity: 2,
            seats: vec!["1".into(), "2".into()],
        }
        .into(),
    ]);
    house
        .when(DefineGate { name: "B".into() })
        .then([GateDefined { gate: GateId(2), name: "B".into() }.into()]);
    let OpenChannel { name, kind, fee_on_top, fee_vat, commission } = new_channel();
    let channel = ChannelId(4);
    house
        .when(new_channel())
        .then([ChannelOpened { channel, name, kind, fee_on_top, fee_vat, commission }.into()]);
    let (name, kind) = ("PayPal".to_owned(), MethodKind::Other);
    house.when(DefineMethod { name: name.clone(), kind }).then([MethodDefined {
        method: MethodId(3),
        name,
        kind,
    }
    .into()]);
    let (name, kind) = ("Pack".to_owned(), ProductKind::Pack);
    house.when(DefineProduct { name: name.clone(), kind }).then([ProductDefined {
        product: ProductId(2),
        name,
        kind,
    }
    .into()]);
    house.when(CloseChannel { channel: FNAC }).then([v1::ChannelClosed { channel: FNAC }.into()]);
}

#[test]
fn a_registered_actor_can_act() {
    assert!(house().by(1).when(DefineGate { name: "B".into() }).0.is_ok());
    assert_eq!(house().state.organisation(), ORGANISATION);
    assert_eq!(house().state.length(), house().events.len() as u64);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let (new, house) = (given([]), house());
    let long = "x".repeat(201);
    let many_zones = (0..101).map(|number| zone(&number.to_string(), 1, &[])).collect();
    let many_seats = vec!["1"; 5_001];
    let commission = |rate, vat| OpenChannel {
        commission: Some(InsideCommission { rate: Rate(rate), vat: Rate(vat) }),
        ..new_channel()
    };
    vec![
        // Before the opening nothing is known of the organisation, not even that a command is malformed.
        refused(&new, DefineGate { name: String::new() }, OrganisationUnknown, "organisation"),
        refused_fact(&new, open_organisation(), TimeNotAllowed, "occurred_at"),
        refused(
            &new,
            OpenOrganisation { currency: Currency(999), ..open_organisation() },
            CurrencyUnknown,
            "currency",
        ),
        refused(&new.clone().by(1), open_organisation(), ActorUnknown, "actor"),
        refused(
            &house,
            OpenOrganisation { currency: Currency(999), ..open_organisation() },
            OrganisationExists,
            "organisation",
        ),
        refused(&house, change(|parameters| parameters.name.clear()), TextEmpty, "parameters.name"),
        refused(&house, change(|parameters| parameters.name = " ".into()), TextEmpty, "parameters.name"),
        refused(
            &house,
            change(|parameters| parameters.name.clone_from(&long)),
            TextTooLong,
            "parameters.name",
        ),
        refused(
            &house,
            change(|parameters| parameters.siret = "1".repeat(65)),
            TextTooLong,
            "parameters.siret",
        ),
        refused(
            &house,
            change(|parameters| parameters.licence = "\u{7}".into()),
            TextNotAllowed,
            "parameters.licence",
        ),
        refused(
            &house,
            change(|parameters| parameters.day_cutoff_minutes = 1_440),
            QuantityTooLarge,
            "parameters.day_cutoff_minutes",
        ),
        refused(
            &house,
            change(|parameters| parameters.time_zone = "Europe/Pari".into()),
            TimeZoneUnknown,
            "parameters.time_zone",
        ),
        refused(
            &house,
            change(|parameters| parameters.time_zone = "europe/paris".into()),
            TimeZoneUnknown,
            "parameters.time_zone",
        ),
        refused(&house, actor(ActorKind::User, "Ann"), TextNotAllowed, "label"),
        refused(&house, actor(ActorKind::Device, ""), TextEmpty, "label"),
        refused(&house, actor(ActorKind::Token, &"x".repeat(65)), TextTooLong, "label"),
        refused(&house.clone().by(2), DefineGate { name: "B".into() }, ActorUnknown, "actor"),
        refused(&house.clone().by(2), DefineGate { name: "a\nb".into() }, TextNotAllowed, "name"),
        refused_fact(&house, DefineGate { name: String::new() }, TimeNotAllowed, "occurred_at"),
        refused(&house, DefineHall { name: "\t\t".into(), ..hall_of(vec![]) }, TextEmpty, "name"),
        refused(&house, hall_of(vec![]), ListEmpty, "zones"),
        refused(&house, hall_of(many_zones), ListTooLong, "zones"),
        refused(
            &house,
            hall_of(vec![zone("A", 1, &[]), zone("B", 1, &[]), zone("A", 1, &[])]),
            Duplicate,
            "zones.2.name",
        ),
        refused(&house, hall_of(vec![zone("A", 1, &[]), zone("", 0, &[])]), TextEmpty, "zones.1.name"),
        refused(&house, hall_of(vec![zone("A", 0, &[])]), QuantityZero, "zones.0.capacity"),
        refused(&house, hall_of(vec![zone("A", 1_000_001, &[])]), QuantityTooLarge, "zones.0.capacity"),
        refused(
            &house,
            DefineHall { authorised_capacity: 0, ..hall_of(vec![zone("A", 0, &[])]) },
            QuantityZero,
            "authorised_capacity",
        ),
        refused(&house, hall_of(vec![zone("A", 3, &["1", "2"])]), CapacityExceeded, "zones.0.capacity"),
        refused(&house.clone().by(2), hall_of(vec![zone("A", 3, &["1", "2"])]), ActorUnknown, "actor"),
        refused(&house, hall_of(vec![zone("A", 3, &["1", "2", "1"])]), Duplicate, "zones.0.seats.2"),
        refused(&house, hall_of(vec![zone("A", 2, &["1", ""])]), TextEmpty, "zones.0.seats.1"),
        refused(&house, hall_of(vec![zone("A", 5_001, &many_seats)]), ListTooLong, "zones.0.seats"),
        refused(&house, OpenChannel { name: String::new(), ..new_channel() }, TextEmpty, "name"),
        refused(
            &house,
            OpenChannel { fee_on_top: Amount(-1), ..new_channel() },
            AmountNegative,
            "fee_on_top",
        ),
        refused(
            &house,
            OpenChannel { fee_on_top: Amount(i64::MAX), ..new_channel() },
            AmountTooLarge,
            "fee_on_top",
        ),
        refused(&house, OpenChannel { fee_vat: Rate(-1), ..new_channel() }, RateOutOfRange, "fee_vat"),
        refused(&house, commission(1_000_001, 0), RateOutOfRange, "commission.rate"),
        refused(&house, commission(0, i64::MIN), RateOutOfRange, "commission.vat"),
        refused(&house, CloseChannel { channel: ChannelId(0) }, ChannelUnknown, "channel"),
        refused(&house, CloseChannel { channel: ChannelId(u32::MAX) }, ChannelUnknown, "channel"),
        refused(
            &house.clone().after(CloseChannel { channel: WEB }),
            CloseChannel { channel: WEB },
            ChannelClosed,
            "channel",
        ),
        refused(&house, DefineMethod { name: long.clone(), kind: MethodKind::Card }, TextTooLong, "name"),
        refused(&house, DefineProduct { name: String::new(), kind: ProductKind::Pack }, TextEmpty, "name"),
    ]
}
