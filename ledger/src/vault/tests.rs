use std::fs;
use std::path::Path;
use std::sync::Arc;

use soticket_schema::command::{
    CodeText, Entitlements, Person, PlaceOrder, ReportSale, ReportScan, ReportedTicket, TicketRequest,
};
use soticket_schema::event::v1::{
    Direction, ExternalSaleReported, GateDecision, OrderLines, OrderPlaced, TicketLine,
};
use soticket_schema::ids::*;
use soticket_schema::{Amount, Event, Rate};

use super::*;

pub(super) const ORGANISATION: OrganisationId = OrganisationId([7; 16]);

pub(super) fn command(body: CommandBody) -> Command {
    Command { organisation: ORGANISATION, actor: ActorId(0), key: "key".to_owned(), occurred_at: None, body }
}

pub(super) fn buyer(email: &str, name: &str) -> Option<Person> {
    Some(Person { email: email.to_owned(), name: name.to_owned(), telephone: String::new() })
}

fn request() -> TicketRequest {
    TicketRequest {
        show: ShowId(1),
        zone: ZoneId(1),
        seat: None,
        tariff: TariffId(1),
        price: None,
        comp: None,
    }
}

pub(super) fn order(buyer: Option<Person>, tickets: usize) -> Command {
    command(CommandBody::PlaceOrder(PlaceOrder {
        channel: ChannelId(1),
        seller: String::new(),
        buyer,
        holds: vec![],
        tickets: vec![request(); tickets],
        items: vec![],
        payment: vec![],
        packs: vec![],
        entitlements: Entitlements::default(),
    }))
}

/// What a decision would make of the prepared order: tickets numbered from `first`.
pub(super) fn placed(prepared: &Prepared, first: u64) -> Event {
    let tickets = (first..).zip(&prepared.codes).map(|(ticket, code)| TicketLine {
        ticket: TicketId(ticket),
        show: ShowId(1),
        zone: ZoneId(1),
        seat: None,
        tariff: TariffId(1),
        serial: ticket,
        price: Amount(2_400),
        fee: Amount(0),
        vat: Rate(55_000),
        stated_vat: None,
        fee_vat: Rate(0),
        pack: None,
        comp: None,
        replaces: None,
        codes: vec![*code],
    });
    let lines = OrderLines {
        order: OrderId(1),
        channel: ChannelId(1),
        seller: String::new(),
        subject: prepared.subject,
        tickets: tickets.collect(),
        items: vec![],
    };
    OrderPlaced { lines, holds: vec![] }.into()
}

pub(super) fn sell(vault: &Vault, command: &Command, first: u64, writes: &mut Writes) -> Option<SubjectRef> {
    let prepared = vault.prepare(command).unwrap();
    let subject = prepared.subject;
    let event = placed(&prepared, first);
    vault.keep(command, prepared, [&event].into_iter(), writes).unwrap();
    subject
}

pub(super) fn commit(vault: &Vault, writes: Writes) {
    vault.put(vault.flush(writes).unwrap()).unwrap();
}

pub(super) fn open(data: &Path, store: &Arc<MemoryStore>) -> Result<Vault, VaultError> {
    Vault::open(data, &data.with_extension("keys"), Arc::clone(store) as Arc<dyn VaultStore>)
}

#[test]
fn persons_and_codes_survive_a_restart_and_nothing_lies_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let store = Arc::new(MemoryStore::default());
    let vault = open(&data, &store).unwrap();
    let mut writes = Writes::default();
    let subject = sell(&vault, &order(buyer("Ana@Example.org ", "Ana"), 2), 1, &mut writes).unwrap();
    sell(&vault, &order(None, 1), 3, &mut writes);
    // The same person by e-mail, before and after the commit.
    assert_eq!(sell(&vault, &order(buyer("ana@example.org", "Ana"), 1), 4, &mut writes), Some(subject));
    commit(&vault, writes);
    let mut writes = Writes::default();
    assert_eq!(sell(&vault, &order(buyer(" ANA@example.org", "Ana B."), 1), 5, &mut writes), Some(subject));
    commit(&vault, writes);
    let codes: Vec<_> = (1..=5).map(|ticket| vault.codes(ORGANISATION, TicketId(ticket)).unwrap()).collect();
    drop(vault);

    let vault = open(&data, &store).unwrap();
    assert_eq!(vault.person(ORGANISATION, subject).unwrap().unwrap().name, "Ana B.");
    assert_eq!(vault.subject(ORGANISATION, "ana@example.org").unwrap(), Some(subject));
    assert_eq!(vault.person(ORGANISATION, SubjectRef([9; 16])).unwrap(), None);
    for (ticket, code) in (1..=5).zip(&codes) {
        assert_eq!(&vault.codes(ORGANISATION, TicketId(ticket)).unwrap(), code);
        assert_eq!((code.len(), code[0].len()), (1, 24), "one code of 24 characters each");
    }
    assert_eq!(vault.codes(ORGANISATION, TicketId(6)).unwrap(), Vec::<String>::new());
    let slots = fs::read(data.join("subject-keys")).unwrap();
    let stored = format!("{store:?}");
    for secret in ["Ana", "example", codes[0][0].as_str()] {
        let bytes = format!("{:?}", secret.as_bytes());
        assert!(!stored.contains(bytes.trim_matches(['[', ']'])), "{secret} lies in clear");
        assert!(!slots.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

#[test]
fn keys_that_are_missing_wrong_or_damaged_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let store = Arc::new(MemoryStore::default());
    drop(open(&data, &store).unwrap());
    let keys = data.with_extension("keys");
    let root = keys.join("root.key");
    let good = fs::read_to_string(&root).unwrap();
    let code = |result: Result<Vault, VaultError>| result.err().map(|error| error.code());

    fs::remove_file(&root).unwrap();
    assert_eq!(code(open(&data, &store)), Some("VAULT_KEYS_MISSING"));
    fs::write(&root, good.replacen("soticket", "sotikcet", 1)).unwrap();
    assert_eq!(code(open(&data, &store)), Some("VAULT_KEY_FILE_DAMAGED"));
    let other = folder.path().join("other");
    drop(Keys::open(&other, None).unwrap());
    fs::copy(other.join("root.key"), &root).unwrap();
    assert_eq!(code(open(&data, &store)), Some("VAULT_KEYS_WRONG"));
    fs::write(&root, good).unwrap();
    assert_eq!(code(open(&data, &store)), None);
}

#[test]
fn a_slot_that_cannot_be_read_costs_only_its_person() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let store = Arc::new(MemoryStore::default());
    let vault = open(&data, &store).unwrap();
    let mut writes = Writes::default();
    let ana = sell(&vault, &order(buyer("ana@example.org", "Ana"), 1), 1, &mut writes).unwrap();
    let bo = sell(&vault, &order(buyer("bo@example.org", "Bo"), 1), 2, &mut writes).unwrap();
    commit(&vault, writes);
    drop(vault);
    let path = data.join("subject-keys");
    let mut slots = fs::read(&path).unwrap();
    slots[60] ^= 1;
    fs::write(&path, slots).unwrap();
    let vault = open(&data, &store).unwrap();
    assert_eq!(vault.unreadable_slots(), 1);
    assert_eq!(vault.person(ORGANISATION, ana).unwrap_err().code(), "VAULT_SUBJECT_KEY_MISSING");
    assert_eq!(vault.codes(ORGANISATION, TicketId(1)).unwrap_err().code(), "VAULT_SUBJECT_KEY_MISSING");
    assert_eq!(vault.person(ORGANISATION, bo).unwrap().unwrap().name, "Bo");
    assert_eq!(vault.codes(ORGANISATION, TicketId(2)).unwrap().len(), 1);
}

#[test]
fn a_networks_code_is_found_by_what_the_gate_reads() {
    let vault = Vault::in_memory().unwrap();
    let code = CodeText { text: "F0058".to_owned(), symbology: Symbology::Code128 };
    let ticket = ReportedTicket {
        show: ShowId(1),
        zone: ZoneId(1),
        seat: None,
        tariff: TariffId(1),
        price: Amount(2_400),
        fee: Amount(180),
        vat: Rate(55_000),
        stated_vat: None,
        fee_vat: Rate(200_000),
        pack: None,
        comp: None,
        replaces: None,
        codes: vec![code.clone(), code],
    };
    let sale = command(CommandBody::ReportSale(ReportSale {
        source: ReportSource::Network,
        order: None,
        channel: ChannelId(3),
        seller: String::new(),
        buyer: None,
        tickets: vec![ticket.clone(), ReportedTicket { codes: vec![], ..ticket }],
        items: vec![],
        payment: vec![],
    }));
    let prepared = vault.prepare(&sale).unwrap();
    let issuers: Vec<CodeIssuer> = prepared.codes.iter().map(|code| code.issuer).collect();
    let network = CodeIssuer::Channel(ChannelId(3));
    assert_eq!(
        issuers,
        [network, network, CodeIssuer::House],
        "a ticket without a code gets one of the house"
    );
    let scan = command(CommandBody::ReportScan(ReportScan {
        show: ShowId(1),
        code: "F0058".to_owned(),
        gate: GateId(1),
        device: ActorId(2),
        nonce: 1,
        direction: Direction::Entry,
        offline: false,
        decision: GateDecision::Admitted,
    }));
    let scanned = vault.prepare(&scan).unwrap();
    assert_eq!(scanned.codes[0].hash, prepared.codes[0].hash);

    let mut writes = Writes::default();
    let Event::OrderPlaced(mut placed) = placed(&prepared, 1) else { unreachable!() };
    let second = placed.lines.tickets[1].codes.pop().unwrap();
    placed.lines.tickets.remove(1);
    placed.lines.tickets[0].codes.push(second);
    let event: Event =
        ExternalSaleReported { source: ReportSource::Network, lines: placed.lines, flags: vec![] }.into();
    vault.keep(&sale, prepared, [&event].into_iter(), &mut writes).unwrap();
    commit(&vault, writes);
    assert_eq!(vault.codes(ORGANISATION, TicketId(1)).unwrap(), ["F0058", "F0058"]);
    assert_eq!(vault.codes(ORGANISATION, TicketId(3)).unwrap()[0].len(), 24);
}
