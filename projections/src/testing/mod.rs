//! What tests share: logs made of events, without a ledger, and events as no decision would record them.

pub(crate) mod hostile;
pub(crate) mod logs;
pub(crate) mod venue;

use soticket_ledger::Entry;
use soticket_schema::event::v1::*;
use soticket_schema::{
    ActorId, Amount, ChannelId, CommandId, Envelope, Event, Hash, OrganisationId, Rate, RecordView, ShowId,
    TariffId, TicketId, Timestamp, ZoneId,
};

use crate::partition::Projection;

pub(crate) const ORGANISATION: OrganisationId = OrganisationId([7; 16]);

/// A log under construction: real records with real links.
#[derive(Debug, Clone, Default)]
pub(crate) struct LogBuilder {
    pub(crate) entries: Vec<Entry>,
    bytes: Vec<u8>,
}

impl LogBuilder {
    /// Appends an event that happened at `occurred`, recorded a second after the one before.
    pub(crate) fn push(&mut self, occurred: Timestamp, event: impl Into<Event>) -> &mut Self {
        let event = event.into();
        let position = self.entries.len() as u64;
        let previous = self.entries.last().map_or_else(|| Hash::genesis(ORGANISATION), |entry| entry.hash);
        let envelope = Envelope {
            organisation: ORGANISATION,
            position,
            previous,
            kind: event.kind(),
            version: event.version(),
            recorded_at: Timestamp(1_770_000_000_000_000 + position as i64 * 1_000_000),
            occurred_at: occurred,
            actor: ActorId(1),
            command: CommandId([1; 16]),
            part: 0,
            parts: 1,
        };
        self.bytes.clear();
        envelope.write(&event.encode(None).unwrap(), &mut self.bytes).unwrap();
        self.entries.push(Entry::read(&RecordView::parse(&self.bytes).unwrap()).unwrap());
        self
    }

    pub(crate) fn fold<P: Projection>(&self) -> P {
        let mut projection = P::default();
        self.entries.iter().for_each(|entry| projection.fold(entry));
        projection
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(crate) fn cents(text: &str) -> Amount {
    Amount::parse(text, soticket_schema::Currency::EUR).unwrap()
}

pub(crate) fn percent(text: &str) -> Rate {
    Rate::parse_percent(text).unwrap()
}

pub(crate) fn parameters(rounding: soticket_schema::Rounding) -> OrganisationParameters {
    OrganisationParameters {
        name: "Le Club".into(),
        siret: String::new(),
        vat_number: String::new(),
        licence: String::new(),
        time_zone: "Europe/Paris".into(),
        rounding,
        serial_scope: SerialScope::ShowTariffZone,
        day_cutoff_minutes: 240,
    }
}

/// A ticket line with 5.5 % VAT and a code made of its number.
pub(crate) fn line(ticket: u64, show: u64, zone: u32, tariff: u32, serial: u64, price: &str) -> TicketLine {
    TicketLine {
        ticket: TicketId(ticket),
        show: ShowId(show),
        zone: ZoneId(zone),
        seat: None,
        tariff: TariffId(tariff),
        serial,
        price: cents(price),
        fee: Amount::ZERO,
        vat: percent("5.5"),
        stated_vat: None,
        fee_vat: percent("20"),
        pack: None,
        comp: None,
        replaces: None,
        codes: vec![TicketCode { hash: code(ticket), issuer: CodeIssuer::House, symbology: Symbology::Qr }],
    }
}

pub(crate) fn code(number: u64) -> soticket_schema::CodeHash {
    let mut hash = [0; 16];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    soticket_schema::CodeHash(hash)
}

pub(crate) fn order(order: u64, channel: u32, tickets: Vec<TicketLine>) -> OrderPlaced {
    let lines = OrderLines {
        order: soticket_schema::OrderId(order),
        channel: ChannelId(channel),
        seller: String::new(),
        subject: None,
        tickets,
        items: Vec::new(),
    };
    OrderPlaced { lines, holds: Vec::new() }
}

pub(crate) fn cancellation(order: u64, tickets: &[(u64, u64, bool)]) -> Cancellation {
    Cancellation {
        order: soticket_schema::OrderId(order),
        subject: None,
        tickets: tickets
            .iter()
            .map(|&(ticket, show, fee_kept)| CancelledTicket {
                ticket: TicketId(ticket),
                show: ShowId(show),
                fee_kept,
            })
            .collect(),
        items: Vec::new(),
        reason: CancelReason::Customer,
    }
}
