//! A show's whitelist.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use quick_xml::Writer;
use quick_xml::events::{BytesText, Event as Xml};
use soticket_ledger::admission::{self, ShowTimes};
use soticket_projections::attendance::WhitelistEntry;
use soticket_schema::event::v1::{Symbology, TicketLine};
use soticket_schema::ids::{CodeKeyId, OrganisationId, ShowId, TicketId};
use soticket_schema::{Event, Timestamp};

use super::{VERSION, coding, time};
use crate::failure::{Exit, Failure};
use crate::open::Opened;

/// Tickets that are read at a time.
const PAGE: usize = 1_000;

/// Which part of which list, and who sends it to whom.
pub(crate) struct Part {
    /// The organisation.
    pub(crate) organisation: OrganisationId,
    /// The show.
    pub(crate) show: ShowId,
    /// Only what has changed after this position.
    pub(crate) since: Option<u64>,
    /// Number of the sender.
    pub(crate) issuer: u32,
    /// Number of the receiver.
    pub(crate) receiver: u32,
}

/// A whitelist.
pub(crate) struct Whitelist {
    /// The document.
    pub(crate) xml: String,
    /// Tickets in it.
    pub(crate) tickets: usize,
    /// The position that it is as of.
    pub(crate) version: u64,
}

struct Validity {
    from: Timestamp,
    until: Timestamp,
    zone: TimeZone,
    key: Option<CodeKeyId>,
}

/// Writes the whitelist: every valid ticket is inserted; with `since`, what was cancelled is deleted.
pub(crate) fn export(opened: &Opened, part: &Part) -> Result<Whitelist, Failure> {
    let validity = validity(opened, part)?;
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let version = opened.view(part.organisation, |views| views.position().unwrap_or(0))?;
    let (mut tickets, mut after, mut more) = (0, None, true);
    let mut entries = Vec::new();
    while more {
        let page = opened.view(part.organisation, |views| {
            views.attendance.whitelist(part.show, part.since, after, PAGE)
        })?;
        let Some(page) = page else { break };
        (after, more) = (page.entries.last().map(|entry| entry.ticket), page.more);
        // What was cancelled before the first list has never been in one.
        entries.extend(page.entries.into_iter().filter(|entry| entry.valid || part.since.is_some()));
    }
    let lines = lines(opened, part, &entries)?;
    let mut written = Ok(());
    let document = writer.create_element("TSData").write_inner_content(|writer| {
        header(writer, part)?;
        for entry in &entries {
            match codes(opened, part, &validity, entry, lines.get(&entry.ticket)) {
                Ok(codes) if codes.is_empty() => {}
                Ok(codes) => {
                    tickets += 1;
                    for (text, coding) in &codes {
                        let tariff = lines.get(&entry.ticket).map_or(0, |line| line.tariff.0);
                        record(writer, &validity, entry, tariff, (text, *coding))?;
                    }
                }
                Err(failure) => written = Err(failure),
            }
        }
        Ok(())
    });
    document?;
    written?;
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str(&String::from_utf8(writer.into_inner()).map_err(Failure::unexpected)?);
    xml.push('\n');
    Ok(Whitelist { xml, tickets, version })
}

fn validity(opened: &Opened, part: &Part) -> Result<Validity, Failure> {
    let found = opened.view(part.organisation, |views| {
        let show = &views.catalogue.show(part.show)?.scheduled;
        let rules = views.catalogue.access().rules(Some(part.show));
        let times = ShowTimes { doors_at: show.doors_at, starts_at: show.starts_at };
        let (from, until) = admission::window(&rules, times);
        let zone = TimeZone::get(&views.catalogue.organisation()?.parameters.time_zone).ok()?;
        Some(Validity { from, until, zone, key: views.catalogue.access().present_key() })
    })?;
    found.ok_or_else(|| Failure::coded(Exit::Refused, "SHOW_UNKNOWN: check the show's number"))
}

/// The lines that sold the tickets, from the log: only they say how a code is drawn.
fn lines(
    opened: &Opened,
    part: &Part,
    entries: &[WhitelistEntry],
) -> Result<BTreeMap<TicketId, TicketLine>, Failure> {
    let mut positions: Vec<u64> = entries.iter().map(|entry| entry.added).collect();
    positions.sort_unstable();
    positions.dedup();
    let sales = opened
        .ledger
        .read_at(part.organisation, &positions)
        .map_err(|error| Failure::new(Exit::Data, error.code(), error.to_string()))?;
    let lines = sales.into_iter().flat_map(|entry| match entry.event {
        Event::OrderPlaced(sale) => sale.lines.tickets,
        Event::ExternalSaleReported(sale) => sale.lines.tickets,
        _ => Vec::new(),
    });
    Ok(lines.map(|line| (line.ticket, line)).collect())
}

/// A ticket's codes as they are on it, with the numbers of their symbologies.
fn codes(
    opened: &Opened,
    part: &Part,
    validity: &Validity,
    entry: &WhitelistEntry,
    line: Option<&TicketLine>,
) -> Result<Vec<(String, u32)>, Failure> {
    let (organisation, ticket) = (part.organisation, entry.ticket);
    let texts = match validity.key {
        Some(key) => opened.ledger.signed_codes(organisation, ticket, key, (part.show, entry.zone)),
        None => opened.ledger.codes(organisation, ticket),
    };
    let texts = match texts {
        Ok(texts) => texts,
        // Erased with the person: nothing can be told to the gates any more.
        Err(soticket_ledger::vault::VaultError::SubjectKeyMissing { .. }) => Vec::new(),
        Err(error) => return Err(Failure::new(Exit::Data, error.code(), error.to_string())),
    };
    let symbologies = line.into_iter().flat_map(|line| &line.codes).map(|code| code.symbology);
    let symbologies = symbologies.chain(std::iter::repeat(Symbology::Unknown));
    Ok(texts.into_iter().zip(symbologies.map(coding::coding)).collect())
}

fn text(writer: &mut Writer<Vec<u8>>, name: &str, value: &str) -> std::io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(value))?;
    Ok(())
}

fn header(writer: &mut Writer<Vec<u8>>, part: &Part) -> std::io::Result<()> {
    writer.create_element("Header").write_inner_content(|writer| {
        text(writer, "Version", VERSION)?;
        text(writer, "Issuer", &part.issuer.to_string())?;
        text(writer, "Receiver", &part.receiver.to_string())?;
        text(writer, "ID", "0")
    })?;
    Ok(())
}

fn record(
    writer: &mut Writer<Vec<u8>>,
    validity: &Validity,
    entry: &WhitelistEntry,
    tariff: u32,
    (code, coding): (&str, u32),
) -> std::io::Result<()> {
    let from = time::written(validity.from, &validity.zone);
    let until = time::written(validity.until, &validity.zone);
    let whitelist = writer.create_element("WhitelistRecord").with_attribute(("Expire", until.as_str()));
    whitelist.write_inner_content(|writer| {
        text(writer, "Action", if entry.valid { "I" } else { "D" })?;
        text(writer, "UTID", code)?;
        text(writer, "Coding", &coding.to_string())?;
        writer.create_element("Permission").write_inner_content(|writer| {
            text(writer, "UPID", "1")?;
            for (kind, id) in [("TICKETTYPE", entry.zone.0), ("PERSONCATEGORY", tariff)] {
                let property = writer.create_element("TSProperty").with_attribute(("Type", kind));
                property.write_inner_content(|writer| text(writer, "ID", &id.to_string()))?;
            }
            let property = writer.create_element("TSProperty").with_attribute(("Type", "VALIDITY"));
            property
                .with_attribute(("From", from.as_str()))
                .with_attribute(("To", until.as_str()))
                .write_empty()?;
            Ok(())
        })?;
        writer.write_event(Xml::Text(BytesText::new("")))
    })?;
    Ok(())
}
