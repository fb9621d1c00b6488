//! The worked dossier: each group of entries to the cent.

use super::*;

const NOON: &str = "2026-03-01T12:00:00+01:00";
const NIGHT: &str = "2026-03-14T21:00:00+01:00";
const CARD: MethodId = MethodId(1);
const CASH: MethodId = MethodId(2);
const NETWORK: MethodId = MethodId(3);
const PASS: MethodId = MethodId(4);
const WEB: u32 = 1;
const DESK: u32 = 2;
const FNAC: u32 = 3;
const TICKETMASTER: u32 = 4;
const SACEM: PartyId = PartyId(1);
const PRODUCER: PartyId = PartyId(2);
const CNM: PartyId = PartyId(3);

/// The organisation, its channels, ways of paying, parties and accounts, and the show.
fn house(rounding: Rounding) -> LogBuilder {
    let (mut log, noon) = (LogBuilder::default(), at(NOON));
    let mut parameters = parameters(rounding);
    parameters.siret = "12345678900011".into();
    log.push(noon, OrganisationOpened { mode: Mode::Demo, currency: Currency::EUR, parameters });
    let channels = [
        (WEB, "web", ChannelKind::OwnSite),
        (DESK, "guichet", ChannelKind::BoxOffice),
        (FNAC, "Fnac", ChannelKind::Network),
        (TICKETMASTER, "Ticketmaster", ChannelKind::Network),
    ];
    for (channel, name, kind) in channels {
        let (name, channel) = (name.to_owned(), ChannelId(channel));
        let (fee_on_top, fee_vat, commission) = (Amount::ZERO, Rate::ZERO, None);
        log.push(noon, ChannelOpened { channel, name, kind, fee_on_top, fee_vat, commission });
    }
    let methods = [
        (CARD, "carte", MethodKind::Card),
        (CASH, "espèces", MethodKind::Cash),
        (NETWORK, "réseau", MethodKind::Network),
        (PASS, "pass", MethodKind::Pack),
    ];
    for (method, name, kind) in methods {
        log.push(noon, MethodDefined { method, name: name.into(), kind });
    }
    for (party, name) in [(SACEM, "Sacem"), (PRODUCER, "Prod"), (CNM, "CNM")] {
        let (siret, vat_number) = (String::new(), String::new());
        log.push(noon, PartyRegistered { party, name: name.into(), siret, vat_number });
    }
    let mut mapping = default_mapping().unwrap().clone();
    mapping.accounts.push(MappedAccount {
        role: AccountRole::ChannelCurrent,
        key: AccountKey::Channel(ChannelId(TICKETMASTER)),
        account: "467TM".into(),
        name: "Compte courant Ticketmaster".into(),
        auxiliary: String::new(),
        auxiliary_name: String::new(),
    });
    log.push(noon, AccountMappingSet { version: 1, mapping, valid_from: Timestamp::EARLIEST });
    let mut show = scheduled(1, rounding);
    show.reference = "S-2026-0314".into();
    log.push(noon, show);
    log
}

struct Sales {
    log: LogBuilder,
    ticket: u64,
    /// Cash that the desk still takes before it takes cards.
    cash: Amount,
    rate: Rate,
}

impl Sales {
    fn sell(&mut self, (tariff, channel): (u32, u32), price: &str, fee: &str, count: u64) {
        for _ in 0..count {
            self.ticket += 1;
            let at = if channel == DESK && price == "27.00" { at(NIGHT) } else { at(NOON) };
            let mut line = line(self.ticket, 1, 1, tariff, self.ticket, price);
            (line.fee, line.vat) = (cents(fee), self.rate);
            let total = line.price + line.fee;
            self.log.push(at, order(self.ticket, channel, vec![line]));
            let legs = self.legs((tariff, channel), total);
            if !legs.is_empty() {
                let (payment, order) = (PaymentId(self.ticket), OrderId(self.ticket));
                let shows = vec![SHOW];
                self.log.push(at, PaymentRecorded { payment, order, subject: None, shows, legs });
            }
        }
    }

    fn legs(&mut self, (tariff, channel): (u32, u32), total: Amount) -> Vec<Leg> {
        let method = match (tariff, channel) {
            (5, _) => PASS,
            (_, FNAC | TICKETMASTER) => NETWORK,
            _ => CARD,
        };
        let cash = if channel == DESK { total.min(self.cash) } else { Amount::ZERO };
        self.cash -= cash;
        let legs = [Leg { method: CASH, amount: cash }, Leg { method, amount: total - cash }];
        legs.into_iter().filter(|leg| leg.amount > Amount::ZERO).collect()
    }
}

/// The show of the dossier, sold, refunded and played.
pub(super) fn dossier(rounding: Rounding, rate: &str) -> LogBuilder {
    let log = house(rounding);
    let mut sales = Sales { log, ticket: 0, cash: cents("1095.00"), rate: percent(rate) };
    for tariff in 1..=6 {
        sales.log.push(at(NOON), tariff_defined(1, tariff));
    }
    sales.sell((1, DESK), "27.00", "0.00", 61);
    sales.sell((2, WEB), "24.00", "1.00", 118);
    sales.sell((3, WEB), "20.00", "1.00", 42);
    sales.sell((4, DESK), "18.00", "0.00", 36);
    sales.sell((2, FNAC), "24.00", "1.80", 68);
    sales.sell((2, TICKETMASTER), "24.00", "2.20", 41);
    sales.sell((5, WEB), "20.87", "0.00", 25);
    sales.sell((6, DESK), "0.00", "0.00", 34);
    let mut log = sales.log;
    for web in [70, 80, 90] {
        let day = at("2026-03-06T12:00:00+01:00");
        log.push(day, TicketsCancelled { cancellation: cancellation(web, &[(web, 1, true)]) });
        let legs = vec![Leg { method: CARD, amount: cents("24.00") }];
        let (payment, order) = (PaymentId(10_000 + web), OrderId(web));
        log.push(day, MoneyReturned { payment, order, subject: None, shows: vec![SHOW], legs });
    }
    log
}

fn settled(role: SettledRole, net: &str, vat_rate: &str, vat: &str) -> SettledLine {
    SettledLine {
        step: format!("{role:?}"),
        role,
        party: None,
        channel: None,
        basis: Amount::ZERO,
        rate: Rate::ZERO,
        net: cents(net),
        vat_rate: percent(vat_rate),
        vat: cents(vat),
    }
}

/// The lines of the worked deal.
fn lines() -> Vec<SettledLine> {
    let of = |party, line: SettledLine| SettledLine { party: Some(party), ..line };
    let by = |channel, line: SettledLine| SettledLine { channel: Some(ChannelId(channel)), ..line };
    vec![
        settled(SettledRole::Receipts, "8561.85", "5.5", "470.90"),
        of(CNM, settled(SettledRole::Levy, "299.66", "0", "0.00")),
        of(SACEM, settled(SettledRole::Royalty, "753.44", "10", "75.34")),
        of(SACEM, settled(SettledRole::Contribution, "8.29", "0", "0.00")),
        by(FNAC, settled(SettledRole::Commission, "40.80", "20", "8.16")),
        by(TICKETMASTER, settled(SettledRole::Commission, "49.20", "20", "9.84")),
        settled(SettledRole::PaymentCost, "27.96", "0", "0.00"),
        settled(SettledRole::Subtotal, "7382.50", "0", "0.00"),
        settled(SettledRole::Cost, "2562.40", "0", "0.00"),
        of(PRODUCER, settled(SettledRole::Share, "4334.07", "5.5", "238.37")),
        settled(SettledRole::Own, "486.03", "0", "0.00"),
    ]
}

fn sealed(version: u32, lines: Vec<SettledLine>) -> SettlementSealed {
    SettlementSealed {
        settlement: SettlementId(1),
        version,
        show: SHOW,
        deal: DealId(1),
        deal_version: 1,
        calculation: 1,
        position: 1,
        head: Hash::default(),
        statement: Hash::default(),
        lines,
    }
}

fn remitted(log: &mut LogBuilder, channel: u32, amount: &str, day: &str) {
    let remittance = RemittanceRecorded {
        channel: ChannelId(channel),
        show: Some(SHOW),
        amount: cents(amount),
        received_at: at(day),
        reference: Hash([channel as u8; 32]),
    };
    log.push(at("2026-04-02T12:00:00+02:00"), remittance);
}

/// The dossier with its settlement and what the networks paid.
fn whole() -> LogBuilder {
    let mut log = dossier(Rounding::Document, "5.5");
    log.push(at("2026-03-20T12:00:00+01:00"), sealed(1, lines()));
    remitted(&mut log, FNAC, "1583.04", "2026-03-27T00:00:00+01:00");
    remitted(&mut log, TICKETMASTER, "924.96", "2026-03-30T12:00:00+02:00");
    log
}

#[test]
fn every_group_of_the_worked_dossier_comes_out_to_the_cent() {
    use EntryKind::*;
    let log = whole();
    let entries = all(&log.fold());
    let group = |take: fn(&EntryKind) -> bool| balances(&entries, |entry| take(&entry.kind));
    assert_eq!(
        group(|kind| matches!(kind, Sales | Refunds)),
        pairs(&[
            ("5112", "4800.00"),
            ("530", "1095.00"),
            ("467FNAC", "1632.00"),
            ("467TM", "984.00"),
            ("419PASS", "521.75"),
            ("4191", "-8561.85"),
            ("445712", "-470.90"),
        ])
    );
    assert_eq!(group(|kind| *kind == Performance), pairs(&[("4191", "8561.85"), ("7062", "-8561.85")]));
    assert_eq!(
        group(|kind| matches!(kind, Commissions(..))),
        pairs(&[("6222", "90.00"), ("44566", "18.00"), ("467FNAC", "-48.96"), ("467TM", "-59.04")])
    );
    assert_eq!(
        group(|kind| matches!(kind, Royalties(..))),
        pairs(&[("6516", "753.44"), ("44566", "75.34"), ("6378", "8.29"), ("401SACEM", "-837.07")])
    );
    assert_eq!(group(|kind| matches!(kind, Levy(..))), pairs(&[("6378", "299.66"), ("447", "-299.66")]));
    assert_eq!(
        group(|kind| matches!(kind, Share(..))),
        pairs(&[("611", "4334.07"), ("44566", "238.37"), ("401PROD", "-4572.44")])
    );
    assert_eq!(
        group(|kind| matches!(kind, Remittance(_))),
        pairs(&[("512", "2508.00"), ("467FNAC", "-1583.04"), ("467TM", "-924.96")])
    );
    assert_eq!(group(|kind| matches!(kind, PaymentCosts(..))), pairs(&[("627", "27.96"), ("512", "-27.96")]));
    assert_eq!(
        group(|kind| matches!(kind, Fees | FeeRefunds)),
        pairs(&[("5112", "160.00"), ("7085", "-133.33"), ("445713", "-26.67")])
    );
    // Costs are booked from suppliers' own vouchers.
    assert_eq!(group(|kind| matches!(kind, Costs(..))), pairs(&[]));
    let balance = balances(&entries, |_| true);
    for closed in ["467FNAC", "467TM", "4191", "411"] {
        assert_eq!(balance.get(closed), None, "{closed}");
    }
    check_all(&log);
}

#[test]
fn entries_stand_on_their_days_and_name_their_events() {
    let log = whole();
    let entries = all(&log.fold());
    let told: Vec<String> =
        entries.iter().map(|entry| format!("{} {}", entry.day, entry.reference)).collect();
    assert_eq!(
        told,
        [
            "2026-03-01 20260301-S-2026-0314-VTE",
            "2026-03-01 20260301-S-2026-0314-FRA",
            "2026-03-06 20260306-S-2026-0314-REM",
            "2026-03-14 20260314-S-2026-0314-VTE",
            "2026-03-14 20260314-S-2026-0314-SPE",
            "2026-03-20 20260320-S-2026-0314-DEC1.1-COM",
            "2026-03-20 20260320-S-2026-0314-DEC1.1-DRO-P1",
            "2026-03-20 20260320-S-2026-0314-DEC1.1-TAX-P3",
            "2026-03-20 20260320-S-2026-0314-DEC1.1-PAR-P2",
            "2026-03-20 20260320-S-2026-0314-DEC1.1-ENC",
            // The night before four belongs to the day before.
            "2026-03-26 20260326-S-2026-0314-VER-C3",
            "2026-03-30 20260330-S-2026-0314-VER-C4",
        ]
    );
    let refunds = &entries[2];
    assert_eq!(refunds.positions.len(), 6);
    assert_eq!(refunds.event_kinds, [80, 82]);
    // The performance earns what all sales and refunds of the show left.
    let earning = &entries[4];
    assert_eq!(earning.event_kinds, [70, 71, 80, 82]);
    assert_eq!(earning.positions.len(), entries[0].positions.len() + 6 + entries[3].positions.len());
}

#[test]
fn another_rate_goes_to_another_account() {
    let entries = all(&dossier(Rounding::Document, "2.1").fold());
    let sales = balances(&entries, |entry| matches!(entry.kind, EntryKind::Sales | EntryKind::Refunds));
    assert_eq!(sales.get("4191").map(String::as_str), Some("-8846.96"));
    assert_eq!(sales.get("445711").map(String::as_str), Some("-185.79"));
    assert_eq!(sales.get("445712"), None);
}

#[test]
fn vat_rounded_per_ticket_is_that_of_the_statement() {
    let log = dossier(Rounding::PerTicket, "5.5");
    let entries = all(&log.fold());
    let sales = balances(&entries, |entry| matches!(entry.kind, EntryKind::Sales | EntryKind::Refunds));
    assert_eq!(sales.get("445712").map(String::as_str), Some("-470.78"));
    check_all(&log);
}

#[test]
fn an_amendment_posts_what_is_new_less_what_was() {
    let mut log = whole();
    let mut changed = lines();
    for line in &mut changed {
        match line.role {
            SettledRole::Royalty => (line.net, line.vat) = (cents("751.44"), cents("75.14")),
            SettledRole::Share => (line.net, line.vat) = (cents("4335.47"), cents("238.45")),
            _ => {}
        }
    }
    log.push(at("2026-04-10T12:00:00+02:00"), sealed(2, changed));
    let entries = all(&log.fold());
    let amended = balances(&entries, |entry| entry.day == date(2026, 4, 10));
    assert_eq!(
        amended,
        pairs(&[
            ("6516", "-2.00"),
            ("44566", "-0.12"),
            ("401SACEM", "2.20"),
            ("611", "1.40"),
            ("401PROD", "-1.48"),
        ])
    );
    check_all(&log);
}

#[test]
fn costs_are_posted_where_the_mapping_has_an_account_for_them() {
    let mut log = dossier(Rounding::Document, "5.5");
    let mut mapping = default_mapping().unwrap().clone();
    let mut account = mapping.accounts[0].clone();
    (account.role, account.account) = (AccountRole::Costs, "604".into());
    mapping.accounts.push(account);
    log.push(at(NIGHT), AccountMappingSet { version: 2, mapping, valid_from: Timestamp::EARLIEST });
    log.push(at("2026-03-20T12:00:00+01:00"), sealed(1, lines()));
    let entries = all(&log.fold());
    let costs = balances(&entries, |entry| matches!(entry.kind, EntryKind::Costs(..)));
    assert_eq!(costs, pairs(&[("604", "2562.40"), ("401", "-2562.40")]));
}

#[test]
fn vat_may_wait_for_the_performance() {
    let mut log = dossier(Rounding::Document, "5.5");
    let mut mapping = default_mapping().unwrap().clone();
    mapping.vat_due = VatDue::OnPerformance;
    log.push(at(NIGHT), AccountMappingSet { version: 2, mapping, valid_from: Timestamp::EARLIEST });
    let entries = all(&log.fold());
    let before = balances(&entries, |entry| entry.day < date(2026, 3, 14));
    assert!(before.contains_key("4458") && !before.contains_key("445712"), "{before:?}");
    let whole = balances(&entries, |_| true);
    assert_eq!(whole.get("4458"), None);
    assert_eq!(whole.get("445712").map(String::as_str), Some("-470.90"));
    check_all(&log);
}

#[test]
fn a_rate_without_an_account_is_named_and_nothing_is_exported() {
    let journal: Journal = dossier(Rounding::Document, "7.7").fold();
    let filter = JournalFilter { from: Date::MIN, to: date(2026, 12, 31), show: None };
    let error = journal.entries(&filter).unwrap_err();
    assert_eq!(error, JournalError::VatAccountMissing { rate: "7.7".into(), day: date(2026, 3, 1) });
    assert!(error.to_string().starts_with("VAT_ACCOUNT_MISSING: no account for VAT of 7.7 % on 2026-03-01"));
}

#[test]
fn the_file_has_the_eighteen_columns_and_its_name() {
    let journal: Journal = whole().fold();
    let filter = JournalFilter { from: date(2026, 3, 1), to: date(2026, 3, 31), show: Some(SHOW) };
    let name = fec::file_name(journal.siren().unwrap(), filter.to);
    assert_eq!(name, "123456789FEC20260331.txt");
    let bytes = fec(&journal, &filter);
    let text = String::from_utf8(bytes.clone()).unwrap();
    let line = text.lines().find(|line| line.contains("4191")).unwrap();
    assert_eq!(
        line,
        "VE\tVentes de billetterie\t1\t20260301\t4191\tBillets délivrés d'avance\tS-2026-0314\tSéance S-2026-0314\t\
         20260301-S-2026-0314-VTE\t20260301\tVentes de billets S-2026-0314 Concert\t0,00\t7068,96\t\t\t20260301\t\t"
    );
    let report = fec_check::check(Some(&name), &bytes, Some((20_260_301, 20_260_331)));
    assert_eq!((report.faults.as_slice(), report.entries, report.debit), (&[][..], 12, report.credit));
}

#[test]
fn both_encodings_and_separators_say_the_same() {
    let journal: Journal = whole().fold();
    let filter = JournalFilter { from: date(2026, 3, 1), to: date(2026, 3, 31), show: None };
    let entries = journal.entries(&filter).unwrap();
    let write = |separator, encoding| {
        let mut bytes = Vec::new();
        let writer = fec::FecWriter { currency: Currency::EUR, separator, encoding };
        writer.header(&mut bytes).unwrap();
        entries.iter().for_each(|entry| writer.entry(&mut bytes, entry).unwrap());
        bytes
    };
    let utf8 = write(fec::Separator::Tab, fec::Encoding::Utf8);
    let latin = write(fec::Separator::Bar, fec::Encoding::Latin9);
    assert!(std::str::from_utf8(&latin).is_err());
    // é is one byte, 0xe9, in ISO 8859-15.
    assert!(latin.windows(8).any(|bytes| bytes == b"d\xe9livr\xe9s"));
    let read = String::from_utf8(
        latin
            .iter()
            .map(|byte| u32::from(*byte))
            .map(|byte| char::from_u32(byte).unwrap())
            .collect::<String>()
            .into_bytes(),
    )
    .unwrap();
    assert_eq!(read.replace('|', "\t"), String::from_utf8(utf8).unwrap());
    assert_eq!(fec_check::check(None, &latin, None).faults, []);
}
