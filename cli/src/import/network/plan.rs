//! What of a file is new: sales, cancellations, and corrections of what was reported otherwise before.

use std::collections::BTreeMap;

use soticket_schema::Timestamp;
use soticket_schema::event::v1::{CancelReason, ReportSource};

use super::line::{Content, Sold};
use super::mapping::State;
use super::recorded::{Recorded, Version};
use super::venue::Venue;
use crate::import::book::{Book, Kind, seat_name};
use crate::import::identity::key;
use crate::import::plan::Explained;
use crate::import::refusal::Place;
use crate::import::step::{Ask, Cancel, Part, Sale, Step, Ticket};
use crate::import::table::Table;

/// Why a line changes nothing, for the report.
const SUPERSEDED: &str = "recorded before, and cancelled or corrected since";
const REPEATED: &str = "a later line of the file says it again";

/// What is to be done.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) steps: Vec<Step>,
    /// Lines that the log has as they are.
    pub(super) known: Vec<Place>,
    pub(super) explained: Vec<Explained>,
    pub(super) book: Book,
}

/// All that a file says of one ticket.
struct Case {
    /// The last line with its details.
    last: Sold,
    /// What a line is known again by.
    identity: String,
    places: Vec<Place>,
}

/// Plans the lines of a file, in file order.
pub(super) fn plan(lines: Vec<Sold>, venue: &Venue, recorded: &Recorded, fee_kept: bool) -> Work {
    let mut work = Work { book: book(venue), ..Work::default() };
    let cases = cases(lines, &mut work);
    // Lines of an order join the one that the log has of any of them.
    for case in &cases {
        for version in versions(recorded, case) {
            note_order(&mut work.book, &case.last.order, version);
        }
    }
    let mut placed: BTreeMap<String, ()> = BTreeMap::new();
    for case in cases {
        let mut planner = Planner { venue, fee_kept, work: &mut work, placed: &mut placed };
        planner.case(&case, versions(recorded, &case));
    }
    work
}

/// Lines by ticket. Of several lines about one ticket the last one counts.
fn cases(lines: Vec<Sold>, work: &mut Work) -> Vec<Case> {
    let mut index: BTreeMap<String, usize> = BTreeMap::new();
    let mut twins: BTreeMap<String, u32> = BTreeMap::new();
    let mut cases: Vec<Case> = Vec::new();
    for line in lines {
        let identity = match &line.code {
            Some(code) => format!("code/{}/{}", line.content.show, code.text),
            // Without a code a line is the order's first, second, … of the show.
            None => {
                let nth = twins.entry(format!("{}/{}", line.content.show, line.order)).or_default();
                *nth += 1;
                format!("order/{}/{}/{nth}", line.content.show, line.order)
            }
        };
        let next = cases.len();
        match cases.get_mut(*index.entry(identity.clone()).or_insert(next)) {
            Some(case) => {
                work.explained.push(Explained { place: case.last.place.clone(), reason: REPEATED });
                case.places = vec![line.place.clone()];
                // What is cancelled later was sold as the line before says.
                let content = if line.state == State::Cancelled { case.last.content } else { line.content };
                case.last = Sold { content, ..line };
            }
            None => cases.push(Case { places: vec![line.place.clone()], last: line, identity }),
        }
    }
    cases
}

fn versions<'a>(recorded: &'a Recorded, case: &Case) -> &'a [Version] {
    let code = case.last.code.as_ref();
    code.map_or(&[], |code| recorded.versions(case.last.content.show, &code.text))
}

/// The names that steps use are the ledger's own numbers.
fn book(venue: &Venue) -> Book {
    let mut book = Book::default();
    book.note(Kind::Channel, "channel", venue.channel.0.into());
    if let Some(method) = venue.method {
        book.note(Kind::Method, "method", method.0.into());
    }
    for show in &venue.shows {
        book.note(Kind::Show, &show.show().to_string(), show.show().0);
        for tariff in &show.tariffs {
            book.note(Kind::Tariff, &tariff.tariff.to_string(), tariff.tariff.0.into());
        }
    }
    for (zone, (_, labels)) in &venue.zones {
        let name = zone.to_string();
        book.note(Kind::Zone, &name, zone.0.into());
        for index in 0..labels.len() as u64 {
            book.note(Kind::Seat, &seat_name(&name, &index.to_string()), index);
        }
    }
    book
}

fn note_order(book: &mut Book, reference: &str, version: &Version) {
    let name = version.ticket.to_string();
    book.note(Kind::Ticket, &name, version.ticket.0);
    book.note(Kind::Order, &of_ticket(&name), version.order.0);
    if !reference.is_empty() {
        book.note(Kind::Order, &of_reference(reference), version.order.0);
    }
}

fn of_reference(reference: &str) -> String {
    format!("reference {reference}")
}

fn of_ticket(ticket: &str) -> String {
    format!("ticket {ticket}")
}

struct Planner<'a> {
    venue: &'a Venue,
    fee_kept: bool,
    work: &'a mut Work,
    /// Orders that this file has begun.
    placed: &'a mut BTreeMap<String, ()>,
}

impl Planner<'_> {
    fn case(&mut self, case: &Case, versions: &[Version]) {
        let line = &case.last;
        let cancelled = line.state == State::Cancelled;
        if let Some(version) = self.repeated(&line.content, versions) {
            match (cancelled, version.cancelled) {
                (true, false) => self.cancel_recorded(case, version, line.cancelled_at),
                (false, true) => {
                    let explained = |place: &Place| Explained { place: place.clone(), reason: SUPERSEDED };
                    self.work.explained.extend(case.places.iter().map(explained));
                }
                (true, true) | (false, false) => self.work.known.extend(case.places.iter().cloned()),
            }
            return;
        }
        let current = versions.iter().rev().find(|version| !version.cancelled);
        match current {
            // What it was sold at does not matter to what is cancelled.
            Some(current) if cancelled => self.cancel_recorded(case, current, line.cancelled_at),
            Some(current) => {
                self.cancel_recorded(case, current, Some(line.content.sold_at));
                self.sell(case, Some(current));
            }
            None if cancelled && !versions.is_empty() => {
                self.work.known.extend(case.places.iter().cloned());
            }
            None => {
                self.sell(case, None);
                if cancelled {
                    self.cancel_new(case);
                }
            }
        }
    }

    /// The ticket that the line says again: the one that is valid if it sells the same, whatever time the line states,
    /// else one that was sold on the same day and is cancelled since.
    fn repeated<'v>(&self, content: &Content, versions: &'v [Version]) -> Option<&'v Version> {
        let mut same = versions.iter().rev().filter(|version| version.content.same_terms(content));
        let valid = same.clone().find(|version| !version.cancelled);
        let day = |at: Timestamp| {
            let instant = jiff::Timestamp::from_microsecond(at.0).ok();
            instant.map(|instant| self.venue.time_zone.to_datetime(instant).date())
        };
        valid.or_else(|| same.find(|version| day(version.content.sold_at) == day(content.sold_at)))
    }

    fn sell(&mut self, case: &Case, replaces: Option<&Version>) {
        let line = &case.last;
        let Content { show, zone, seat, tariff, comp, price, fee, sold_at } = line.content;
        let reference = of_reference(&line.order);
        let order = if line.order.is_empty() { case.identity.clone() } else { reference };
        let known = self.work.book.id(Kind::Order, &order).is_ok();
        let extends = known || self.placed.insert(order.clone(), ()).is_some();
        let ticket = Ticket {
            name: case.identity.clone(),
            show: show.to_string(),
            zone: zone.to_string(),
            seat: seat.map(|seat| seat.to_string()),
            unseated: None,
            tariff: tariff.to_string(),
            price,
            fee,
            vat: self.venue.vat_of(show, tariff),
            stated_vat: None,
            fee_vat: self.venue.fee_vat,
            pack: None,
            comp,
            replaces: replaces.map(|version| version.ticket.to_string()),
            codes: line.code.clone().into_iter().collect(),
        };
        let sale = Sale {
            source: ReportSource::Network,
            order,
            extends,
            channel: "channel".to_owned(),
            seller: line.seller.clone(),
            buyer: None,
            tickets: vec![ticket],
            items: Vec::new(),
            payment: self.money(price + fee),
        };
        // A line with a code has been looked for: another content is another sale. One without is the same for ever.
        let content =
            [tariff.to_string(), price.0.to_string(), fee.0.to_string(), sold_at.0.to_string()].join(" ");
        let content = if line.code.is_some() { content.as_str() } else { "" };
        let channel = self.venue.channel.to_string();
        let key = key(&["network", &channel, &case.identity, "sold", content]);
        self.work.steps.push(Step::fact(case.places.clone(), key, sold_at, Ask::Sale(sale)));
    }

    /// Cancels what a step before sold.
    fn cancel_new(&mut self, case: &Case) {
        let line = &case.last;
        let at = line.cancelled_at.unwrap_or(line.content.sold_at);
        let order = if line.order.is_empty() { case.identity.clone() } else { of_reference(&line.order) };
        let channel = self.venue.channel.to_string();
        let key = key(&["network", &channel, &case.identity, "cancelled"]);
        self.cancel(case, order, case.identity.clone(), line.content, at, key);
    }

    fn cancel_recorded(&mut self, case: &Case, version: &Version, at: Option<Timestamp>) {
        let ticket = version.ticket.to_string();
        let at = at.unwrap_or(version.content.sold_at);
        let key = key(&["network", &self.venue.channel.to_string(), "ticket", &ticket, "cancelled"]);
        self.cancel(case, of_ticket(&ticket), ticket, version.content, at, key);
    }

    fn cancel(
        &mut self,
        case: &Case,
        order: String,
        ticket: String,
        content: Content,
        at: Timestamp,
        key: String,
    ) {
        let kept = if self.fee_kept { soticket_schema::Amount::ZERO } else { content.fee };
        let cancel = Cancel {
            source: ReportSource::Network,
            order,
            tickets: vec![(ticket, self.fee_kept)],
            items: Vec::new(),
            reason: CancelReason::Reported,
            refund: self.money(content.price + kept),
        };
        self.work.steps.push(Step::fact(case.places.clone(), key, at, Ask::Cancel(cancel)));
    }

    /// What the network collects or gives back.
    fn money(&self, amount: soticket_schema::Amount) -> Vec<Part> {
        let collected = self.venue.method.is_some() && amount > soticket_schema::Amount::ZERO;
        if collected { vec![("method".to_owned(), amount)] } else { Vec::new() }
    }
}

/// How many lines a file has, and its name, for the report.
pub(super) fn lines_of(table: &Table) -> crate::import::plan::FileLines {
    crate::import::plan::FileLines { file: table.file.clone(), lines: table.lines }
}
