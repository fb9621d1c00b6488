//! A small venue for tests of the whole ledger: one hall, one show, two channels with quotas.

use soticket_ledger::clock::Clock;
use soticket_ledger::{Ledger, Receipt, SubmitError};
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::ids::*;
use soticket_schema::{Amount, Command, CommandBody, Currency, Event, Rate, Rounding, Timestamp};
use std::sync::Arc;

pub(crate) const NOW: Timestamp = Timestamp(1_773_000_000_000_000);
pub(crate) const DAY: i64 = 86_400_000_000;

pub(crate) fn fixed_clock() -> Clock {
    Arc::new(|| NOW)
}

/// Numbers of what the venue has.
pub(crate) struct Venue {
    pub(crate) organisation: OrganisationId,
    pub(crate) show: ShowId,
    pub(crate) zone: ZoneId,
    pub(crate) tariff: TariffId,
    pub(crate) web: ChannelId,
    pub(crate) desk: ChannelId,
    pub(crate) card: MethodId,
}

pub(crate) fn command(organisation: OrganisationId, key: impl Into<String>, body: CommandBody) -> Command {
    Command { organisation, actor: ActorId(0), key: key.into(), occurred_at: None, body }
}

impl Venue {
    /// Opens the venue with `places` on sale and a quota per channel.
    pub(crate) fn open(
        ledger: &Ledger,
        organisation: OrganisationId,
        places: u32,
        web: u32,
        desk: u32,
    ) -> Self {
        let submit = |key: &str, body: CommandBody| {
            let receipt = ledger.submit_blocking(command(organisation, key, body)).unwrap();
            receipt.entries().iter().map(|entry| entry.event.clone()).collect::<Vec<Event>>()
        };
        submit("open", opening());
        let hall = DefineHall {
            name: "Grande salle".into(),
            authorised_capacity: places,
            zones: vec![NewZone { name: "Placement libre".into(), capacity: places, seats: vec![] }],
        };
        let events = submit("hall", CommandBody::DefineHall(hall));
        let Event::HallDefined(hall) = &events[0] else { panic!("a hall") };
        let Event::ZoneDefined(zone) = &events[1] else { panic!("a zone") };
        let show = ScheduleShow {
            reference: "S-1".into(),
            title: "Concert".into(),
            hall: hall.hall,
            zones: vec![ZoneOnSale { zone: zone.zone, on_sale: places }],
            starts_at: Timestamp(NOW.0 + 10 * DAY),
            doors_at: Timestamp(NOW.0 + 10 * DAY - 1),
            sale_from: Timestamp(NOW.0 - DAY),
            sale_until: Timestamp(NOW.0 + 10 * DAY),
            territory: "FR-metropole".into(),
        };
        let events = submit("show", CommandBody::ScheduleShow(show));
        let Event::ShowScheduled(show) = &events[0] else { panic!("a show") };
        let terms = TariffTerms {
            name: "Plein".into(),
            kind: TariffKind::Full,
            prices: vec![ZonePrice { zone: zone.zone, price: Amount(2_400) }],
            vat: Rate(55_000),
            channels: vec![],
            reasons: vec![],
        };
        let events = submit("tariff", CommandBody::DefineTariff(DefineTariff { show: show.show, terms }));
        let Event::TariffDefined(tariff) = &events[0] else { panic!("a tariff") };
        let channel = |name: &str, kind, quota: u32| {
            let opening = OpenChannel {
                name: name.into(),
                kind,
                fee_on_top: Amount::ZERO,
                fee_vat: Rate::ZERO,
                commission: None,
            };
            let events = submit(name, CommandBody::OpenChannel(opening));
            let Event::ChannelOpened(channel) = &events[0] else { panic!("a channel") };
            let places = Places::Count(quota);
            let allocate = AllocateQuota {
                show: show.show,
                zone: zone.zone,
                channel: channel.channel,
                places,
                returns_at: None,
            };
            submit(&format!("quota {name}"), CommandBody::AllocateQuota(allocate));
            channel.channel
        };
        let (web, desk) =
            (channel("web", ChannelKind::OwnSite, web), channel("desk", ChannelKind::BoxOffice, desk));
        let method = DefineMethod { name: "Carte".into(), kind: MethodKind::Card };
        let events = submit("card", CommandBody::DefineMethod(method));
        let Event::MethodDefined(card) = &events[0] else { panic!("a method") };
        submit("on sale", CommandBody::OpenShow(OpenShow { show: show.show }));
        Self {
            organisation,
            show: show.show,
            zone: zone.zone,
            tariff: tariff.tariff,
            web,
            desk,
            card: card.method,
        }
    }

    /// A paid sale of `tickets` on `channel`.
    pub(crate) fn sale(
        &self,
        key: impl Into<String>,
        channel: ChannelId,
        tickets: usize,
        buyer: &str,
    ) -> Command {
        let ticket = TicketRequest {
            show: self.show,
            zone: self.zone,
            seat: None,
            tariff: self.tariff,
            price: None,
            comp: None,
        };
        let amount = Amount(2_400).times(i64::try_from(tickets).unwrap());
        let buyer = (!buyer.is_empty()).then(|| Person { email: buyer.into(), ..Person::default() });
        let order = PlaceOrder {
            channel,
            seller: String::new(),
            buyer,
            holds: vec![],
            tickets: vec![ticket; tickets],
            items: vec![],
            payment: vec![Leg { method: self.card, amount }],
            packs: Vec::new(),
            entitlements: Entitlements::default(),
        };
        command(self.organisation, key, CommandBody::PlaceOrder(order))
    }
}

pub(crate) fn opening() -> CommandBody {
    CommandBody::OpenOrganisation(OpenOrganisation {
        mode: Mode::Demo,
        currency: Currency::EUR,
        parameters: OrganisationParameters {
            name: "Club".into(),
            siret: String::new(),
            vat_number: String::new(),
            licence: String::new(),
            time_zone: "Europe/Paris".into(),
            rounding: Rounding::Document,
            serial_scope: SerialScope::ShowTariffZone,
            day_cutoff_minutes: 360,
        },
    })
}

/// The lines of the order that a receipt is for.
pub(crate) fn lines(receipt: &Receipt) -> &OrderLines {
    match &receipt.entries()[0].event {
        Event::OrderPlaced(order) => &order.lines,
        other => panic!("an order and not {}", other.name()),
    }
}

/// The code of a rejection.
pub(crate) fn code(result: Result<Receipt, SubmitError>) -> &'static str {
    match result {
        Err(SubmitError::Rejected(rejection)) => rejection.code.code(),
        other => panic!("a rejection and not {other:?}"),
    }
}
