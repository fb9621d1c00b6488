//! orders.json: what the event sells and, for each order, what transactions.csv does not say: status, channel, buyer,
//! seats and ticket codes as they are at the moment of the export.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use soticket_schema::Timestamp;
use soticket_schema::limits::{CODE_BYTES_MAX, PERSONAL_BYTES_MAX};

use crate::import::field;
use crate::import::json::{Document, Node};
use crate::import::refusal::{Fault, quoted};

/// The event.
#[derive(Debug, Default)]
pub(crate) struct Event {
    /// Its name.
    pub(crate) name: String,
    /// Its short name, unique within the organiser.
    pub(crate) slug: String,
    /// Name of the organiser.
    pub(crate) organizer: String,
    /// Short name of the organiser.
    pub(crate) organizer_slug: String,
    /// What can be bought, by id.
    pub(crate) items: BTreeMap<u64, Item>,
    /// Contingents.
    pub(crate) quotas: Vec<Quota>,
    /// Dates of a series; empty for a single event.
    pub(crate) dates: Vec<Date>,
    /// Orders by code.
    pub(crate) orders: HashMap<String, Order>,
    /// Codes of orders of which something cannot be read.
    pub(crate) spoiled: BTreeSet<String>,
    /// Whether something besides the orders cannot be read: every order needs it.
    pub(crate) broken: bool,
}

/// Something that can be bought.
#[derive(Debug)]
pub(crate) struct Item {
    /// Whether it lets somebody in.
    pub(crate) admission: bool,
    /// Whether it is a gift card.
    pub(crate) gift_card: bool,
    /// Whether only holders of a membership can buy it.
    pub(crate) membership: bool,
    /// Ids of its variations.
    pub(crate) variations: BTreeSet<u64>,
}

/// A contingent.
#[derive(Debug)]
pub(crate) struct Quota {
    /// Its size; none for no limit.
    pub(crate) size: Option<u32>,
    /// The date that it is of.
    pub(crate) date: Option<u64>,
    /// Items that it counts.
    pub(crate) items: Vec<u64>,
    /// Variations of these items that it counts; all of an item that has none here.
    pub(crate) variations: Vec<u64>,
}

/// A date of a series.
#[derive(Debug)]
pub(crate) struct Date {
    /// Its id.
    pub(crate) id: u64,
    /// Its name.
    pub(crate) name: String,
    /// Begin.
    pub(crate) from: Timestamp,
    /// End, if it is known.
    pub(crate) to: Option<Timestamp>,
    /// Opening of the doors, if it is known.
    pub(crate) admission: Option<Timestamp>,
}

/// An order.
#[derive(Debug)]
pub(crate) struct Order {
    /// `n` pending, `p` paid, `e` expired, `c` cancelled.
    pub(crate) status: String,
    /// Whether it is a test.
    pub(crate) test: bool,
    /// Whether it waits for an approval: nothing is sold before.
    pub(crate) approval: bool,
    /// E-mail of the buyer, or empty.
    pub(crate) email: String,
    /// Where it was sold.
    pub(crate) channel: String,
    /// When it was placed.
    pub(crate) placed: Timestamp,
    /// Total of what is listed, as text.
    pub(crate) total: String,
    /// What it holds, by number.
    pub(crate) positions: BTreeMap<u64, Position>,
    /// Whether a cancellation fee was kept.
    pub(crate) cancellation_fee: bool,
}

/// A position of an order.
#[derive(Debug)]
pub(crate) struct Position {
    /// Its global id, which add-ons name.
    pub(crate) id: u64,
    /// The date.
    pub(crate) date: Option<u64>,
    /// Seat, if it has one.
    pub(crate) seat: String,
    /// Ticket code.
    pub(crate) secret: String,
    /// Global id of the position that it was bought with.
    pub(crate) addon_to: Option<u64>,
}

impl Order {
    /// Whether its positions are sold at the moment of the export.
    pub(crate) fn is_live(&self) -> bool {
        !self.approval && matches!(self.status.as_str(), "n" | "p")
    }

    /// The number of the position that position `number` was bought with.
    pub(crate) fn parent(&self, number: u64) -> Option<u64> {
        let parent = self.positions.get(&number)?.addon_to?;
        self.positions.iter().find(|(_, position)| position.id == parent).map(|(number, _)| *number)
    }
}

/// Reads the document; what is wrong in it is noted there.
pub(crate) fn read(document: &Document) -> Event {
    let root = document.root().field("event");
    let mut event = Event {
        name: root.field("name").name(),
        slug: root.field("slug").text(),
        organizer: root.field("organizer").field("name").name(),
        organizer_slug: root.field("organizer").field("slug").text(),
        ..Event::default()
    };
    event.items =
        root.field("items").items().iter().map(|item| (id(&item.field("id")), read_item(item))).collect();
    event.quotas = root.field("quotas").items().iter().map(read_quota).collect();
    event.dates = root.field("subevents").optional_items().iter().map(read_date).collect();
    let orders = root.field("orders").items();
    event.broken = document.problem_count() > 0;
    for order in orders {
        let before = document.problem_count();
        let code = order.field("code").text();
        if event.orders.insert(code.clone(), read_order(&order)).is_some() {
            order.field("code").refuse(Fault::Duplicate, quoted(&code));
        }
        if document.problem_count() > before {
            event.spoiled.insert(code);
        }
    }
    event
}

fn read_item(node: &Node<'_>) -> Item {
    Item {
        admission: node.field("admission").flag(),
        gift_card: node.field("issue_giftcard").flag(),
        membership: node.field("require_membership").flag(),
        variations: node
            .field("variations")
            .optional_items()
            .iter()
            .map(|variation| id(&variation.field("id")))
            .collect(),
    }
}

fn read_quota(node: &Node<'_>) -> Quota {
    let size = node.field("size");
    Quota {
        size: size.is_there().then(|| size.count()),
        date: optional_id(&node.field("subevent")),
        items: node.field("items").items().iter().map(id).collect(),
        variations: node.field("variations").optional_items().iter().map(id).collect(),
    }
}

fn read_date(node: &Node<'_>) -> Date {
    Date {
        id: id(&node.field("id")),
        name: if node.field("name").is_there() { node.field("name").name() } else { String::new() },
        from: node.field("date_from").time(),
        to: optional_time(&node.field("date_to")),
        admission: optional_time(&node.field("date_admission")),
    }
}

fn read_order(node: &Node<'_>) -> Order {
    let mut email = node.field("email").optional_text();
    if field::text(&email, PERSONAL_BYTES_MAX).is_err() || email == "None" {
        email.clear();
    }
    Order {
        status: node.field("status").text(),
        test: node.field("testmode").flag(),
        approval: node.field("require_approval").flag(),
        email,
        channel: node.field("sales_channel").text(),
        placed: node.field("datetime").time(),
        total: node.field("total").optional_text(),
        positions: node
            .field("positions")
            .items()
            .iter()
            .map(|position| (id(&position.field("positionid")), read_position(position)))
            .collect(),
        cancellation_fee: node
            .field("fees")
            .optional_items()
            .iter()
            .any(|fee| fee.field("type").optional_text() == "cancellation"),
    }
}

fn read_position(node: &Node<'_>) -> Position {
    let secret = node.field("secret").long_text(CODE_BYTES_MAX);
    Position {
        id: id(&node.field("id")),
        date: optional_id(&node.field("subevent")),
        // A name that is too long for a seat of the hall is left out there: it is no reason to refuse the order.
        seat: node.field("seat").long_text(usize::MAX),
        secret,
        addon_to: optional_id(&node.field("addon_to")),
    }
}

fn id(node: &Node<'_>) -> u64 {
    node.count().into()
}

fn optional_id(node: &Node<'_>) -> Option<u64> {
    node.is_there().then(|| id(node))
}

fn optional_time(node: &Node<'_>) -> Option<Timestamp> {
    node.is_there().then(|| node.time())
}
