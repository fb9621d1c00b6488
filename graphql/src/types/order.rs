//! Orders.

use async_graphql::{Context, Enum, ID, Object, Result};
use soticket_ledger::Entry;
use soticket_projections::orders::{self, OrderState as State};
use soticket_schema::event::v1::{
    CommissionsCharged, ItemLine, OrderPlaced, PaymentRecorded, SoldPack, TicketLine,
};
use soticket_schema::ids::{ChannelId, OrderId};
use soticket_schema::{Amount, Event};

use super::commission_totals::{SaleCommission, sale_commissions};
use super::enums::ReportSource;
use super::item::Item;
use super::lookup::named;
use super::pack::OrderPack;
use super::payment::{AnnouncedPayment, Payment};
use super::proof::{self, InclusionProof};
use super::{Channel, Customer, LogEvent, Ticket, story, viewer};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, DateTime, LogPosition};

/// An order.
pub(crate) struct Order {
    scope: Scope,
    order: orders::Order,
}

impl Order {
    /// An order as the read model has it.
    pub(super) fn new(scope: Scope, order: orders::Order) -> Self {
        Self { scope, order }
    }

    /// The order with this number.
    pub(crate) fn load(core: &Core, scope: Scope, order: OrderId) -> Option<Self> {
        let order = core.view(scope, |views| views.orders.order(order))?;
        viewer::sees(core, scope, order.channel).then(|| Self::new(scope, order))
    }

    /// The order that these records placed, as they left it.
    pub(crate) fn placed(scope: Scope, entries: &[Entry]) -> Option<Self> {
        let (entry, placed) = entries.iter().find_map(|entry| match &entry.event {
            Event::OrderPlaced(placed) => Some((entry, placed)),
            _ => None,
        })?;
        let paid = entries.iter().filter_map(|entry| match &entry.event {
            Event::PaymentRecorded(paid) => Some((entry, paid)),
            _ => None,
        });
        let payments: Vec<orders::Payment> = paid.flat_map(|(entry, paid)| legs(entry, paid)).collect();
        let packs = entries.iter().find_map(|entry| match &entry.event {
            Event::PacksSold(sold) => Some(sold.packs.clone()),
            _ => None,
        });
        let mut order = placed_order(entry, placed, packs.unwrap_or_default(), payments);
        for entry in entries {
            if let Event::CommissionsCharged(charged) = &entry.event {
                charge(&mut order.tickets, &mut order.commissions, charged);
            }
        }
        Some(Self::new(scope, order))
    }
}

fn placed_order(
    entry: &Entry,
    placed: &OrderPlaced,
    packs: Vec<SoldPack>,
    payments: Vec<orders::Payment>,
) -> orders::Order {
    let lines = &placed.lines;
    let tickets: Amount = lines.tickets.iter().map(|ticket| ticket.price + ticket.fee).sum();
    let total = tickets + lines.items.iter().map(|item| item.price).sum();
    let paid: Amount = payments.iter().map(|payment| payment.amount).sum();
    orders::Order {
        order: lines.order,
        position: entry.envelope.position,
        occurred_at: entry.envelope.occurred_at,
        source: None,
        channel: lines.channel,
        seller: lines.seller.clone(),
        subject: lines.subject,
        tickets: lines.tickets.iter().map(|line| ticket(line, lines.order, lines.channel)).collect(),
        items: lines.items.iter().map(item).collect(),
        packs,
        commissions: Vec::new(),
        payments,
        announced: Vec::new(),
        total,
        paid,
        returned: Amount::ZERO,
        open: total - paid,
        state: if total == paid { State::Paid } else { State::Unpaid },
    }
}

/// Puts the commissions of a sale on its tickets, and those of the whole order together.
pub(super) fn charge(
    tickets: &mut [orders::Ticket],
    whole_order: &mut Vec<orders::Commission>,
    charged: &CommissionsCharged,
) {
    let mut by_ticket = orders::commissions_by_ticket(&charged.lines);
    for ticket in tickets {
        ticket.commissions.extend(by_ticket.remove(&ticket.ticket).unwrap_or_default());
        ticket.over_cap |= charged.over_cap.contains(&ticket.ticket);
    }
    let whole = charged.lines.iter().filter(|line| line.tickets.is_empty());
    whole_order.extend(whole.map(orders::Commission::of));
}

pub(super) fn ticket(line: &TicketLine, order: OrderId, channel: ChannelId) -> orders::Ticket {
    orders::Ticket {
        ticket: line.ticket,
        order,
        show: line.show,
        zone: line.zone,
        seat: line.seat,
        tariff: line.tariff,
        channel,
        serial: line.serial,
        price: line.price,
        vat: line.vat,
        fee: line.fee,
        fee_vat: line.fee_vat,
        pack: line.pack,
        comp: line.comp,
        replaces: line.replaces,
        replaced_by: None,
        copies: 0,
        holder: None,
        status: orders::TicketStatus::Valid,
        commissions: Vec::new(),
        over_cap: false,
        kept: Amount::ZERO,
    }
}

pub(super) fn item(line: &ItemLine) -> orders::Item {
    orders::Item {
        item: line.item,
        kind: line.kind,
        show: line.show,
        price: line.price,
        vat: line.vat,
        ticket: line.ticket,
        cancelled: false,
    }
}

fn legs(entry: &Entry, paid: &PaymentRecorded) -> Vec<orders::Payment> {
    let leg = |leg: &soticket_schema::event::v1::Leg| orders::Payment {
        payment: paid.payment,
        method: leg.method,
        amount: leg.amount,
        refund: false,
        occurred_at: entry.envelope.occurred_at,
    };
    paid.legs.iter().map(leg).collect()
}

/// An order: tickets, products and fees that were sold together.
#[Object(serial)]
impl Order {
    /// What happened to it, in the order of the log: at most 1,000 events.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn events(&self, context: &Context<'_>) -> Result<Vec<LogEvent>> {
        story::of_order(context, self.scope, self.order.order).await
    }

    /// The proof that its sale is in the log, as a file to give away. Null where the service publishes no logs.
    #[graphql(complexity = 50)]
    async fn receipt(&self, context: &Context<'_>) -> Option<Result<InclusionProof>> {
        proof::inclusion(context, self.scope, self.order.position).await.transpose()
    }

    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.order.order)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.order.order.0)
    }

    /// Position of the event that began it.
    async fn position(&self) -> LogPosition {
        LogPosition(self.order.position)
    }

    /// When it was sold.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.order.occurred_at)
    }

    /// Where it stands.
    async fn state(&self) -> OrderState {
        self.order.state.into()
    }

    /// Where the report of it came from; null for a live sale.
    async fn source(&self) -> Option<ReportSource> {
        self.order.source.map(Into::into)
    }

    /// Where it was sold.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.order.channel, Channel::load)
    }

    /// Till or point of sale; may be empty.
    async fn seller(&self) -> &str {
        &self.order.seller
    }

    /// Who bought; null if nobody said.
    async fn customer(&self, context: &Context<'_>) -> Option<Result<Customer>> {
        let subject = self.order.subject?;
        match Core::of(context) {
            Ok(core) => Customer::load(core, self.scope, subject).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Its tickets, in the order of the sale.
    async fn tickets(&self) -> Vec<Ticket> {
        self.order.tickets.iter().map(|ticket| Ticket::new(self.scope, ticket.clone())).collect()
    }

    /// Its products and fees.
    async fn items(&self) -> Vec<Item> {
        self.order.items.iter().map(|item| Item::new(self.scope, *item)).collect()
    }

    /// Its packs, and which of its tickets they consist of.
    async fn packs(&self) -> Vec<OrderPack> {
        let tickets = &self.order.tickets;
        self.order.packs.iter().map(|pack| OrderPack::new(self.scope, pack.clone(), tickets)).collect()
    }

    /// Commissions of the whole order, each show's share apart; those of its tickets are theirs.
    async fn commissions(&self) -> Vec<SaleCommission> {
        sale_commissions(self.scope, &self.order.commissions)
    }

    /// Its payments and refunds, one per leg, in log order.
    async fn payments(&self) -> Vec<Payment> {
        self.order.payments.iter().map(|payment| Payment::new(self.scope, *payment)).collect()
    }

    /// Payments on their way: nothing of them has come in yet.
    async fn announced_payments(&self) -> Vec<AnnouncedPayment> {
        let announced = self.order.announced.iter();
        announced.map(|payment| AnnouncedPayment::new(self.scope, payment)).collect()
    }

    /// What it comes to: prices and fees less what was cancelled.
    async fn total(&self) -> Money {
        self.scope.money(self.order.total)
    }

    /// What came in.
    async fn paid(&self) -> Money {
        self.scope.money(self.order.paid)
    }

    /// What went back.
    async fn returned(&self) -> Money {
        self.scope.money(self.order.returned)
    }

    /// What is left to pay; below zero when money is to be returned.
    async fn open(&self) -> Money {
        self.scope.money(self.order.open)
    }
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "orders::OrderState")]
pub(crate) enum OrderState {
    /// Something is left to pay.
    Unpaid,
    /// Paid, with nothing open.
    Paid,
    /// More was paid than it comes to: money is to be returned.
    Overpaid,
    /// All its lines are cancelled and no money is open.
    Cancelled,
}
