//! What happens beside plain sales: locks, cards, stored values, tills, packs, shows that move, chargebacks.

use super::worked::dossier;
use super::*;

const DAY: &str = "2026-02-10T12:00:00+01:00";
const LATER: &str = "2026-02-20T12:00:00+01:00";

/// A venue with a card, cash, gift card and voucher to pay with and a product of each kind.
fn venue() -> LogBuilder {
    let mut log = Venue::new(Rounding::Document).log;
    let methods =
        [(2, MethodKind::Cash), (3, MethodKind::GiftCard), (4, MethodKind::Voucher), (5, MethodKind::Pack)];
    for (method, kind) in methods {
        log.push(at(DAY), MethodDefined { method: MethodId(method), name: format!("method {method}"), kind });
    }
    for (product, kind) in [
        (2, ProductKind::Card),
        (3, ProductKind::GiftCard),
        (4, ProductKind::Donation),
        (5, ProductKind::Pack),
    ] {
        log.push(at(DAY), ProductDefined { product: ProductId(product), name: format!("{kind:?}"), kind });
    }
    log
}

fn item(item: u64, product: u32, price: &str, vat: &str) -> ItemLine {
    ItemLine {
        item: ItemId(item),
        kind: ItemKind::Product(ProductId(product)),
        show: None,
        price: cents(price),
        vat: percent(vat),
        stated_vat: None,
        ticket: None,
    }
}

fn pay(number: u64, order: u64, method: u32, amount: &str) -> PaymentRecorded {
    let legs = vec![Leg { method: MethodId(method), amount: cents(amount) }];
    let (payment, order) = (PaymentId(number), OrderId(order));
    PaymentRecorded { payment, order, subject: None, shows: Vec::new(), legs }
}

fn sell_item(log: &mut LogBuilder, number: u64, line: ItemLine) {
    let mut placed = order(number, 1, Vec::new());
    let price = line.price.display(Currency::EUR);
    placed.lines.items.push(line);
    log.push(at(DAY), placed);
    log.push(at(DAY), pay(number, number, 1, &price));
}

fn code() -> TicketCode {
    TicketCode { hash: crate::testing::code(1), issuer: CodeIssuer::House, symbology: Symbology::Qr }
}

fn of_day(log: &LogBuilder, day: Date) -> BTreeMap<String, String> {
    balances(&all(&log.fold()), |entry| entry.day == day)
}

#[test]
fn a_card_is_an_advance_until_its_time_is_over() {
    let mut log = venue();
    sell_item(&mut log, 900, item(900, 2, "30.00", "5.5"));
    log.push(
        at(DAY),
        CardIssued {
            card: CardId(1),
            card_type: CardTypeId(1),
            order: OrderId(900),
            item: ItemId(900),
            subject: None,
            from: at(DAY),
            until: at(LATER),
            per_show: 1,
            in_total: None,
            code: code(),
        },
    );
    assert_eq!(
        of_day(&log, date(2026, 2, 10)),
        pairs(&[("5112", "30.00"), ("4192", "-28.44"), ("445712", "-1.56")])
    );
    log.push(at(LATER), CardsExpired { cards: vec![ExpiredCard { card: CardId(1), unused: None }] });
    assert_eq!(of_day(&log, date(2026, 2, 20)), pairs(&[("4192", "28.44"), ("7063", "-28.44")]));
    check_all(&log);
}

#[test]
fn a_gift_card_is_a_debt_until_it_is_spent_or_lapses() {
    let mut log = venue();
    sell_item(&mut log, 900, item(900, 3, "50.00", "0"));
    let (value, order_of) = (StoredValueId(1), OrderId(900));
    log.push(
        at(DAY),
        StoredValueIssued {
            value,
            kind: StoredValueKind::GiftCard,
            order: order_of,
            item: ItemId(900),
            subject: None,
            amount: cents("50.00"),
            until: at(LATER),
            code: code(),
        },
    );
    assert_eq!(of_day(&log, date(2026, 2, 10)), pairs(&[("5112", "50.00"), ("4197", "-50.00")]));
    log.push(at("2026-02-11T12:00:00+01:00"), order(901, 1, vec![line(901, 1, 1, 10, 1, "24.00")]));
    log.push(at("2026-02-11T12:00:00+01:00"), pay(901, 901, 3, "24.00"));
    let uses = vec![ValueSpent { value, amount: cents("24.00"), lapsed: cents("1.00") }];
    let (order, payment) = (OrderId(901), PaymentId(901));
    let used = StoredValueUsed { order, payment, subject: None, shows: vec![SHOW], uses };
    log.push(at("2026-02-11T12:00:00+01:00"), used);
    assert_eq!(
        of_day(&log, date(2026, 2, 11)),
        pairs(&[("4197", "25.00"), ("4191", "-22.75"), ("445712", "-1.25"), ("7588", "-1.00")])
    );
    let values = vec![ExpiredValue { value, left: cents("25.00") }];
    log.push(at(LATER), StoredValuesExpired { values });
    assert_eq!(of_day(&log, date(2026, 2, 20)), pairs(&[("4197", "25.00"), ("7588", "-25.00")]));
    check_all(&log);
}

#[test]
fn a_pack_waits_to_be_shared() {
    let mut log = venue();
    sell_item(&mut log, 900, item(900, 5, "40.00", "0"));
    log.push(at(LATER), order(901, 1, vec![line(901, 1, 1, 10, 1, "20.87")]));
    log.push(at(LATER), pay(901, 901, 5, "20.87"));
    assert_eq!(of_day(&log, date(2026, 2, 10)), pairs(&[("5112", "40.00"), ("419PASS", "-40.00")]));
    assert_eq!(
        of_day(&log, date(2026, 2, 20)),
        pairs(&[("419PASS", "20.87"), ("4191", "-19.78"), ("445712", "-1.09")])
    );
    check_all(&log);
}

#[test]
fn a_till_posts_its_difference_and_what_was_taken_out() {
    let mut log = venue();
    let session = TillSessionId(1);
    log.push(
        at(DAY),
        TillOpened {
            session,
            channel: ChannelId(1),
            till: "till".into(),
            operator: ActorId(1),
            cash: MethodId(2),
            float: cents("100.00"),
        },
    );
    let (direction, amount) = (CashDirection::Out, cents("80.00"));
    log.push(at(DAY), TillCashMoved { session, direction, reason: CashReason::Deposit, amount });
    let (payments, returns, expected) = (Amount::ZERO, Amount::ZERO, cents("20.00"));
    let counted = Some(cents("18.50"));
    let lines = vec![TillLine { method: MethodId(2), payments, returns, expected, counted }];
    log.push(at(DAY), TillClosed { session, lines });
    assert_eq!(
        of_day(&log, date(2026, 2, 10)),
        pairs(&[("530", "-81.50"), ("580", "80.00"), ("658", "1.50")])
    );
    check_all(&log);
}

#[test]
fn an_order_that_is_paid_later_is_owed_by_the_customer_meanwhile() {
    let mut log = venue();
    log.push(at(DAY), order(901, 1, vec![line(901, 1, 1, 10, 1, "24.00")]));
    log.push(at(LATER), pay(901, 901, 1, "24.00"));
    assert_eq!(
        of_day(&log, date(2026, 2, 10)),
        pairs(&[("411", "24.00"), ("4191", "-22.75"), ("445712", "-1.25")])
    );
    assert_eq!(of_day(&log, date(2026, 2, 20)), pairs(&[("5112", "24.00"), ("411", "-24.00")]));
    let reversed = PaymentReversed {
        payment: PaymentId(902),
        reverses: PaymentId(901),
        order: OrderId(901),
        subject: None,
        shows: vec![SHOW],
        legs: vec![Leg { method: MethodId(1), amount: cents("24.00") }],
        reason: PaymentFailure::Contested,
    };
    log.push(at("2026-02-21T12:00:00+01:00"), reversed);
    assert_eq!(of_day(&log, date(2026, 2, 21)), pairs(&[("411", "24.00"), ("5112", "-24.00")]));
    check_all(&log);
}

#[test]
fn a_show_that_is_called_off_earns_nothing_and_one_that_moves_earns_on_its_new_day() {
    for (change, earned) in
        [(None, Some(date(2026, 3, 14))), (Some(true), None), (Some(false), Some(date(2026, 4, 2)))]
    {
        let mut log = venue();
        log.push(at(DAY), order(901, 1, vec![line(901, 1, 1, 10, 1, "24.00")]));
        match change {
            Some(true) => {
                log.push(at(LATER), ShowCancelled { show: SHOW });
            }
            Some(false) => {
                let starts_at = at("2026-04-02T20:30:00+02:00");
                log.push(
                    at(LATER),
                    ShowPostponed {
                        show: SHOW,
                        starts_at,
                        doors_at: starts_at,
                        sale_from: Timestamp::EARLIEST,
                        sale_until: Timestamp::LATEST,
                        refunds_until: None,
                    },
                );
            }
            None => {}
        }
        let entries = all(&log.fold());
        let performed = entries.iter().find(|entry| entry.kind == EntryKind::Performance);
        assert_eq!(performed.map(|entry| entry.day), earned);
    }
}

/// What is exported stays: later events of any kind, also of earlier days, are posted after it.
#[test]
fn a_locked_period_is_exported_the_same_whatever_comes_later() {
    let mut log = dossier(Rounding::Document, "5.5");
    let filter = JournalFilter { from: date(2026, 3, 1), to: date(2026, 3, 31), show: None };
    let before = fec(&log.fold(), &filter);
    log.push(at("2026-04-01T12:00:00+02:00"), JournalLocked { through: at("2026-03-31T12:00:00+02:00") });
    assert_eq!(fec(&log.fold(), &filter), before);
    // A network reports a sale and a cancellation of March; accounts change; the show moves; money comes back.
    let report = ExternalSaleReported {
        source: ReportSource::Network,
        lines: order(5_000, 3, vec![line(5_000, 1, 1, 2, 9, "24.00")]).lines,
        flags: Vec::new(),
    };
    log.push(at("2026-03-10T12:00:00+01:00"), report);
    let cancellation = cancellation(100, &[(100, 1, false)]);
    let source = ReportSource::Import;
    log.push(at("2026-03-11T12:00:00+01:00"), ExternalSaleCancelled { source, cancellation });
    let mut mapping = default_mapping().unwrap().clone();
    for account in mapping.accounts.iter_mut().filter(|account| account.account == "411") {
        account.account = "4110".into();
    }
    log.push(
        at("2026-04-02T12:00:00+02:00"),
        AccountMappingSet { version: 2, mapping, valid_from: Timestamp::EARLIEST },
    );
    log.push(at("2026-03-12T12:00:00+01:00"), ShowCancelled { show: SHOW });
    assert_eq!(fec(&log.fold(), &filter), before);
    // They are in April instead, with the reversal of what the performance had earned.
    let april = balances(&all(&log.fold()), |entry| entry.day > filter.to);
    assert!(april.contains_key("4110") && april.contains_key("7062"), "{april:?}");
    check_all(&log);
    // A lock never goes back.
    log.push(at("2026-04-03T12:00:00+02:00"), JournalLocked { through: at("2026-03-01T12:00:00+01:00") });
    let journal: Journal = log.fold();
    assert_eq!(journal.locked_through(), Some(date(2026, 3, 31)));
}

#[test]
fn receipts_are_told_apart_and_filtered_by_everything() {
    let journal: Journal = dossier(Rounding::Document, "5.5").fold();
    let whole = ReceiptsFilter::default();
    let none = ReceiptsBy { day: false, show: false, method: false, channel: false, what: false };
    let total = journal.receipts(&whole, none);
    assert_eq!(total.rows.len(), 1);
    let by_method = journal.receipts(&whole, ReceiptsBy { method: true, ..none });
    let told: Vec<_> =
        by_method.rows.iter().map(|row| (row.method.unwrap().0, row.net().display(Currency::EUR))).collect();
    let told: Vec<_> = told.iter().map(|(method, net)| (*method, net.as_str())).collect();
    // Card 3,600 + 1,200 + fees 160; cash; networks with their own fees; passes.
    assert_eq!(told, [(1, "4960.00"), (2, "1095.00"), (3, "2828.60"), (4, "521.75")]);
    assert_eq!(by_method.rows.iter().map(ReceiptsRow::net).sum::<Amount>(), total.rows[0].net());
    let filter = ReceiptsFilter {
        paid_from: Some(date(2026, 3, 6)),
        paid_to: Some(date(2026, 3, 6)),
        show_from: Some(date(2026, 3, 14)),
        show_to: Some(date(2026, 3, 14)),
        shows: vec![SHOW],
        methods: vec![MethodId(1)],
        channels: vec![ChannelId(1)],
        tariffs: vec![TariffId(2)],
    };
    let refunds = journal.receipts(&filter, ReceiptsBy::ALL);
    assert_eq!((refunds.paid, refunds.returned.display(Currency::EUR)), (Amount::ZERO, "72.00".to_owned()));
    assert_eq!(refunds.rows[0].positions.len(), 3);
    let other_day = ReceiptsFilter { show_from: Some(date(2026, 3, 15)), ..filter };
    assert_eq!(journal.receipts(&other_day, ReceiptsBy::ALL), Receipts::default());
    let mut bytes = Vec::new();
    csv::write_receipts(&mut bytes, &refunds, Currency::EUR).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("2026-03-06,1,1,1,tickets,2,0.00,72.00,-72.00,EUR,3,"), "{text}");
    assert!(text.ends_with("total,,,,,,0.00,72.00,-72.00,EUR,,,\r\n"), "{text}");
}
