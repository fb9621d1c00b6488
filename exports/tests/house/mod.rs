//! A house with the worked settlement's show: 388 paid and 34 free tickets, 9,032.75 of receipts.

#![allow(dead_code, reason = "every test uses its own part")]
#![allow(clippy::unwrap_used, clippy::float_arithmetic, reason = "tests; spreadsheets calculate with floats")]

use std::sync::Arc;
use std::time::Duration;

use soticket_exports::{Document, ShowStatement};
use soticket_ledger::Ledger;
use soticket_projections::{Options, Projections};
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

pub(crate) const ORGANISATION: OrganisationId = OrganisationId([7; 16]);
pub(crate) const SHOW: ShowId = ShowId(1);
const ZONE: ZoneId = ZoneId(1);
const CASH: MethodId = MethodId(1);

/// Paid lines of the worked settlement: tariff, channel, unit price in cents, issued, cancelled.
pub(crate) const LINES: [(&str, &str, i64, usize, usize); 7] = [
    ("Sur place", "guichet", 2_700, 61, 0),
    ("Prévente", "web", 2_400, 118, 3),
    ("Réduit", "web", 2_000, 42, 0),
    ("Abonné", "guichet", 1_800, 36, 0),
    ("Prévente", "fnac", 2_400, 68, 0),
    ("Prévente", "ticketmaster", 2_400, 41, 0),
    ("Pass 2 jours (part J1)", "web", 2_087, 25, 0),
];

const FREE: [(CompReason, usize); 4] =
    [(CompReason::Artist, 15), (CompReason::Production, 8), (CompReason::Press, 6), (CompReason::Partner, 5)];

const CHANNELS: [(&str, ChannelKind, i64, Option<&str>); 4] = [
    ("web", ChannelKind::OwnSite, 100, None),
    ("guichet", ChannelKind::BoxOffice, 0, None),
    ("fnac", ChannelKind::Network, 180, Some("2.5")),
    ("ticketmaster", ChannelKind::Network, 220, Some("5")),
];

const TARIFFS: [(&str, TariffKind, i64); 6] = [
    ("Sur place", TariffKind::Full, 2_700),
    ("Prévente", TariffKind::Full, 2_400),
    ("Réduit", TariffKind::Reduced, 2_000),
    ("Abonné", TariffKind::Subscriber, 1_800),
    ("Pass 2 jours (part J1)", TariffKind::Pack, 2_087),
    ("Exonéré", TariffKind::Free, 0),
];

pub(crate) struct House {
    pub(crate) ledger: Ledger,
    pub(crate) projections: Arc<Projections>,
    keys: u64,
    rate: Rate,
}

impl House {
    /// A house whose show has the worked settlement's sales, at this VAT rate in percent.
    pub(crate) fn new(rate: &str) -> Self {
        let now = Timestamp::parse("2026-03-15T00:30:00+01:00").unwrap();
        let ledger = Ledger::in_memory(Arc::new(move || now)).unwrap();
        let projections = Projections::start(ledger.clone(), Options::default()).unwrap();
        let mut house = Self { ledger, projections, keys: 0, rate: Rate::parse_percent(rate).unwrap() };
        house.define();
        for (tariff, channel, price, issued, cancelled) in LINES {
            house.sell(tariff, channel, price, issued, cancelled, None);
        }
        for (reason, count) in FREE {
            house.sell("Exonéré", "guichet", 0, count, 0, Some(reason));
        }
        let last = house.ledger.head(ORGANISATION).unwrap().length - 1;
        assert!(house.projections.wait_for_blocking(ORGANISATION, last, Duration::from_secs(20)));
        house
    }

    pub(crate) fn statement(&self, statement: ShowStatement) -> Document {
        let document = statement.of(&self.projections, ORGANISATION, SHOW, None, None).unwrap();
        document.check().unwrap();
        document
    }

    pub(crate) fn submit(&mut self, body: impl Into<CommandBody>) -> Vec<Event> {
        self.keys += 1;
        let body = body.into();
        let fact = matches!(body, CommandBody::ReportSale(_) | CommandBody::ReportCancellation(_));
        let sold_at = Timestamp::parse("2026-02-20T10:00:00+01:00").unwrap();
        let command = Command {
            organisation: ORGANISATION,
            actor: ActorId(0),
            key: self.keys.to_string(),
            occurred_at: fact.then_some(sold_at),
            body,
        };
        let receipt = self.ledger.submit_blocking(command).unwrap();
        receipt.entries().iter().map(|entry| entry.event.clone()).collect()
    }

    fn define(&mut self) {
        let parameters = OrganisationParameters {
            name: "Club Coopératif (exemple)".into(),
            siret: "00000000000000".into(),
            vat_number: "FR00000000000".into(),
            licence: "PLATESV-EXEMPLE".into(),
            time_zone: "Europe/Paris".into(),
            rounding: Rounding::Document,
            serial_scope: SerialScope::ShowTariffZone,
            day_cutoff_minutes: 360,
        };
        let (mode, currency) = (Mode::Demo, Currency::EUR);
        self.submit(CommandBody::OpenOrganisation(OpenOrganisation { mode, currency, parameters }));
        let zones = vec![NewZone { name: "Placement libre".into(), capacity: 450, seats: Vec::new() }];
        let name = "Grande salle".into();
        self.submit(CommandBody::DefineHall(DefineHall { name, authorised_capacity: 450, zones }));
        for (name, kind, fee, commission) in CHANNELS {
            let commission = commission.map(|rate| InsideCommission {
                rate: Rate::parse_percent(rate).unwrap(),
                vat: Rate(200_000),
            });
            let name = name.to_owned();
            let fee_on_top = Amount(fee);
            let opened = OpenChannel { name, kind, fee_on_top, fee_vat: Rate(200_000), commission };
            self.submit(CommandBody::OpenChannel(opened));
        }
        self.submit(CommandBody::DefineMethod(DefineMethod {
            name: "espèces".into(),
            kind: MethodKind::Cash,
        }));
        let at = |text: &str| Timestamp::parse(text).unwrap();
        self.submit(CommandBody::ScheduleShow(ScheduleShow {
            reference: "S-2026-0314".into(),
            title: "Concert du 14 mars".into(),
            hall: HallId(1),
            zones: vec![ZoneOnSale { zone: ZONE, on_sale: 450 }],
            starts_at: at("2026-03-14T20:30:00+01:00"),
            doors_at: at("2026-03-14T19:30:00+01:00"),
            sale_from: at("2026-01-10T10:00:00+01:00"),
            sale_until: at("2026-03-14T22:00:00+01:00"),
            territory: "FR-metropole".into(),
        }));
        for (name, kind, price) in TARIFFS {
            let free = kind == TariffKind::Free;
            let terms = TariffTerms {
                name: name.into(),
                kind,
                prices: vec![ZonePrice { zone: ZONE, price: Amount(price) }],
                vat: self.rate,
                channels: Vec::new(),
                reasons: if free { FREE.map(|(reason, _)| reason).to_vec() } else { Vec::new() },
            };
            self.submit(CommandBody::DefineTariff(DefineTariff { show: SHOW, terms }));
        }
        let places = Places::Count(150);
        let (zone, channel) = (ZONE, ChannelId(3));
        let quota = AllocateQuota { show: SHOW, zone, channel, places, returns_at: None };
        self.submit(CommandBody::AllocateQuota(quota));
    }

    /// Reports tickets as sold elsewhere, in orders of at most ten, and cancels the first of them.
    pub(crate) fn sell(
        &mut self,
        tariff: &str,
        channel: &str,
        price: i64,
        issued: usize,
        cancelled: usize,
        comp: Option<CompReason>,
    ) {
        let number = |place: Option<usize>| u32::try_from(place.unwrap() + 1).unwrap();
        let channel_id = ChannelId(number(CHANNELS.iter().position(|(name, ..)| *name == channel)));
        let tariff_id = TariffId(number(TARIFFS.iter().position(|(name, ..)| *name == tariff)));
        let fee = CHANNELS.iter().find(|(name, ..)| *name == channel).map_or(0, |(_, _, fee, _)| *fee);
        let fee = if comp.is_some() { 0 } else { fee };
        let mut to_cancel = cancelled;
        for start in (0..issued).step_by(10) {
            let count = (issued - start).min(10);
            let ticket = ReportedTicket {
                show: SHOW,
                zone: ZONE,
                seat: None,
                tariff: tariff_id,
                price: Amount(price),
                fee: Amount(fee),
                vat: self.rate,
                stated_vat: None,
                fee_vat: Rate(200_000),
                pack: None,
                comp,
                replaces: None,
                codes: Vec::new(),
            };
            let amount = Amount((price + fee) * i64::try_from(count).unwrap());
            let events = self.submit(CommandBody::ReportSale(ReportSale {
                source: ReportSource::Import,
                order: None,
                channel: channel_id,
                seller: String::new(),
                buyer: None,
                tickets: vec![ticket; count],
                items: Vec::new(),
                payment: if amount.0 > 0 { vec![Leg { method: CASH, amount }] } else { Vec::new() },
            }));
            let sold = events.iter().find_map(|event| match event {
                Event::ExternalSaleReported(sold) => Some(&sold.lines),
                _ => None,
            });
            let sold = sold.unwrap();
            let back = to_cancel.min(count);
            if back > 0 {
                let tickets = sold.tickets.iter().take(back);
                let tickets =
                    tickets.map(|line| TicketToCancel { ticket: line.ticket, fee_kept: true }).collect();
                let amount = Amount(price * i64::try_from(back).unwrap());
                self.submit(CommandBody::ReportCancellation(ReportCancellation {
                    source: ReportSource::Import,
                    order: sold.order,
                    tickets,
                    items: Vec::new(),
                    reason: CancelReason::Customer,
                    refund: vec![Leg { method: CASH, amount }],
                }));
                to_cancel -= back;
            }
        }
    }
}
