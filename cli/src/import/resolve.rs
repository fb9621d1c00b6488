//! A step in the source's names becomes a command with the ledger's ids.

use soticket_projections::deals::text::{DealFile, DealTextError, Names};
use soticket_schema::command::*;
use soticket_schema::event::v1::{ItemKind, Leg, Places, TariffTerms, ZoneOnSale, ZonePrice};
use soticket_schema::*;

use super::book::{Book, Kind, Missing, seat_name};
use super::step::{self, Ask, ItemIs, Name, Part};

/// The command body of `ask`.
///
/// # Errors
/// A name that no receipt has given an id yet.
pub(crate) fn resolve(ask: &Ask, book: &Book) -> Result<CommandBody, Missing> {
    Ok(match ask {
        Ask::Organisation(open) => CommandBody::OpenOrganisation(open.clone()),
        Ask::Actor { name, kind } => {
            CommandBody::RegisterActor(RegisterActor { kind: *kind, label: name.clone() })
        }
        Ask::Hall { hall, .. } => CommandBody::DefineHall(hall.clone()),
        Ask::Gate { name } => CommandBody::DefineGate(DefineGate { name: name.clone() }),
        Ask::Show(show) => CommandBody::ScheduleShow(schedule(show, book)?),
        Ask::Open { show } => CommandBody::OpenShow(OpenShow { show: show_id(book, show)? }),
        Ask::Tariff(tariff) => CommandBody::DefineTariff(define_tariff(tariff, book)?),
        Ask::Channel(channel) => CommandBody::OpenChannel(open_channel(channel)),
        Ask::Method { name, kind } => {
            CommandBody::DefineMethod(DefineMethod { name: name.clone(), kind: *kind })
        }
        Ask::Product { label, kind, .. } => {
            CommandBody::DefineProduct(DefineProduct { name: label.clone(), kind: *kind })
        }
        Ask::Allocate { show, zone, channel, places } => CommandBody::AllocateQuota(AllocateQuota {
            show: show_id(book, show)?,
            zone: zone_id(book, zone)?,
            channel: channel_id(book, channel)?,
            places: Places::Count(*places),
            returns_at: None,
        }),
        Ask::Transfer { show, zone, from, to, places } => CommandBody::TransferQuota(TransferQuota {
            show: show_id(book, show)?,
            zone: zone_id(book, zone)?,
            from: channel_id(book, from)?,
            to: channel_id(book, to)?,
            places: Places::Count(*places),
        }),
        Ask::Sale(sale) => CommandBody::ReportSale(report_sale(sale, book)?),
        Ask::Payment { order, legs } => CommandBody::RecordPayment(RecordPayment {
            order: order_id(book, order)?,
            legs: legs_of(legs, book)?,
        }),
        Ask::Cancel(cancel) => CommandBody::ReportCancellation(report_cancellation(cancel, book)?),
        Ask::Reduce { ticket, price, stated_vat } => CommandBody::ReducePrice(ReducePrice {
            ticket: ticket_id(book, ticket)?,
            price: *price,
            stated_vat: *stated_vat,
        }),
        Ask::Return { order, legs } => CommandBody::ReturnMoney(ReturnMoney {
            order: order_id(book, order)?,
            legs: legs_of(legs, book)?,
        }),
        Ask::Scan(scan) => CommandBody::ReportScan(report_scan(scan, book)?),
        Ask::Party { name } => CommandBody::RegisterParty(RegisterParty {
            name: name.clone(),
            siret: String::new(),
            vat_number: String::new(),
        }),
        Ask::Deal { show, currency, file } => {
            CommandBody::AgreeDeal(agree_deal(show, *currency, file, book)?)
        }
        Ask::Cost { show, terms } => {
            CommandBody::RecordCost(RecordCost { show: show_id(book, show)?, terms: terms.clone() })
        }
    })
}

/// The deal as the file states it. Whatever it names was looked at when the file was read: what is missing was refused.
fn agree_deal(show: &Name, currency: Currency, file: &DealFile, book: &Book) -> Result<AgreeDeal, Missing> {
    let names = Names {
        currency,
        party: &|name| book.small(Kind::Party, name).ok().map(PartyId),
        channel: &|name| book.small(Kind::Channel, name).ok().map(ChannelId),
    };
    let shows = vec![show_id(book, show)?];
    let terms = file.terms(&names).map_err(|error| match error {
        DealTextError::Channel(name) => Missing { kind: Kind::Channel, name },
        DealTextError::Party(name) => Missing { kind: Kind::Party, name },
        other => Missing { kind: Kind::Party, name: other.to_string() },
    })?;
    Ok(AgreeDeal { shows, terms })
}

fn schedule(show: &step::Show, book: &Book) -> Result<ScheduleShow, Missing> {
    let zones = show
        .zones
        .iter()
        .map(|(zone, on_sale)| Ok(ZoneOnSale { zone: zone_id(book, zone)?, on_sale: *on_sale }))
        .collect::<Result<_, Missing>>()?;
    Ok(ScheduleShow {
        reference: show.name.clone(),
        title: show.title.clone(),
        hall: HallId(book.small(Kind::Hall, &show.hall)?),
        zones,
        starts_at: show.starts_at,
        doors_at: show.doors_at,
        sale_from: show.sale_from,
        sale_until: show.sale_until,
        territory: show.territory.clone(),
    })
}

fn define_tariff(tariff: &step::Tariff, book: &Book) -> Result<DefineTariff, Missing> {
    let prices = tariff
        .prices
        .iter()
        .map(|(zone, price)| Ok(ZonePrice { zone: zone_id(book, zone)?, price: *price }))
        .collect::<Result<_, Missing>>()?;
    let channels = tariff.channels.iter().map(|name| channel_id(book, name)).collect::<Result<_, _>>()?;
    let terms = TariffTerms {
        name: tariff.label.clone(),
        kind: tariff.kind,
        prices,
        vat: tariff.vat,
        channels,
        reasons: tariff.reasons.clone(),
    };
    Ok(DefineTariff { show: show_id(book, &tariff.show)?, terms })
}

fn open_channel(channel: &step::Channel) -> OpenChannel {
    OpenChannel {
        name: channel.name.clone(),
        kind: channel.kind,
        fee_on_top: channel.fee_on_top,
        fee_vat: channel.fee_vat,
        commission: channel.commission,
    }
}

fn report_sale(sale: &step::Sale, book: &Book) -> Result<ReportSale, Missing> {
    Ok(ReportSale {
        source: sale.source,
        order: if sale.extends { Some(order_id(book, &sale.order)?) } else { None },
        channel: channel_id(book, &sale.channel)?,
        seller: sale.seller.clone(),
        buyer: sale.buyer.clone(),
        tickets: sale.tickets.iter().map(|ticket| reported_ticket(ticket, book)).collect::<Result<_, _>>()?,
        items: sale.items.iter().map(|item| item_request(item, book)).collect::<Result<_, _>>()?,
        payment: legs_of(&sale.payment, book)?,
    })
}

fn reported_ticket(ticket: &step::Ticket, book: &Book) -> Result<ReportedTicket, Missing> {
    let (zone, seat) = place_of(ticket, book)?;
    let replaces = ticket.replaces.as_ref().map(|name| ticket_id(book, name)).transpose()?;
    Ok(ReportedTicket {
        show: show_id(book, &ticket.show)?,
        zone,
        seat,
        tariff: TariffId(book.small(Kind::Tariff, &ticket.tariff)?),
        price: ticket.price,
        fee: ticket.fee,
        vat: ticket.vat,
        stated_vat: ticket.stated_vat,
        fee_vat: ticket.fee_vat,
        pack: ticket.pack,
        comp: ticket.comp,
        replaces,
        codes: ticket.codes.clone(),
    })
}

/// Zone and seat of a ticket. A seat that came after the hall was defined has no number there: the ticket goes to the
/// zone that the source names for that case.
fn place_of(ticket: &step::Ticket, book: &Book) -> Result<(ZoneId, Option<SeatId>), Missing> {
    let Some(label) = &ticket.seat else { return Ok((zone_id(book, &ticket.zone)?, None)) };
    match (book.small(Kind::Seat, &seat_name(&ticket.zone, label)), &ticket.unseated) {
        (Ok(seat), _) => Ok((zone_id(book, &ticket.zone)?, Some(SeatId(seat)))),
        (Err(_), Some(unseated)) => Ok((zone_id(book, unseated)?, None)),
        (Err(missing), None) => Err(missing),
    }
}

fn item_request(item: &step::Item, book: &Book) -> Result<ItemRequest, Missing> {
    let kind = match &item.is {
        ItemIs::Product(name) => ItemKind::Product(ProductId(book.small(Kind::Product, name)?)),
        ItemIs::Fee(kind) => ItemKind::Fee(*kind),
    };
    let show = item.show.as_ref().map(|name| show_id(book, name)).transpose()?;
    Ok(ItemRequest {
        kind,
        show,
        price: item.price,
        vat: item.vat,
        stated_vat: item.stated_vat,
        ticket: item.ticket,
    })
}

fn report_cancellation(cancel: &step::Cancel, book: &Book) -> Result<ReportCancellation, Missing> {
    let tickets = cancel
        .tickets
        .iter()
        .map(|(name, fee_kept)| Ok(TicketToCancel { ticket: ticket_id(book, name)?, fee_kept: *fee_kept }))
        .collect::<Result<_, Missing>>()?;
    let items =
        cancel.items.iter().map(|name| book.id(Kind::Item, name).map(ItemId)).collect::<Result<_, _>>()?;
    Ok(ReportCancellation {
        source: cancel.source,
        order: order_id(book, &cancel.order)?,
        tickets,
        items,
        reason: cancel.reason,
        refund: legs_of(&cancel.refund, book)?,
    })
}

fn report_scan(scan: &step::Scan, book: &Book) -> Result<ReportScan, Missing> {
    Ok(ReportScan {
        show: show_id(book, &scan.show)?,
        code: scan.code.clone(),
        gate: GateId(book.small(Kind::Gate, &scan.gate)?),
        device: ActorId(book.small(Kind::Actor, &scan.device)?),
        nonce: scan.nonce,
        direction: scan.direction,
        offline: scan.offline,
        decision: scan.decision,
    })
}

fn legs_of(parts: &[Part], book: &Book) -> Result<Vec<Leg>, Missing> {
    parts
        .iter()
        .map(|(name, amount)| Ok(Leg { method: MethodId(book.small(Kind::Method, name)?), amount: *amount }))
        .collect()
}

fn show_id(book: &Book, name: &Name) -> Result<ShowId, Missing> {
    book.id(Kind::Show, name).map(ShowId)
}

fn zone_id(book: &Book, name: &Name) -> Result<ZoneId, Missing> {
    book.small(Kind::Zone, name).map(ZoneId)
}

fn channel_id(book: &Book, name: &Name) -> Result<ChannelId, Missing> {
    book.small(Kind::Channel, name).map(ChannelId)
}

fn order_id(book: &Book, name: &Name) -> Result<OrderId, Missing> {
    book.id(Kind::Order, name).map(OrderId)
}

fn ticket_id(book: &Book, name: &Name) -> Result<TicketId, Missing> {
    book.id(Kind::Ticket, name).map(TicketId)
}
