//! What orders answers.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    Beneficiary, CancelReason, CommissionMode, CompReason, ItemKind, Leg, PackShare, Payer, Places,
    ReportSource, SoldPack,
};
use soticket_schema::{
    Amount, ChannelId, CommissionId, HoldId, ItemId, MethodId, OrderId, PaymentId, Rate, SeatId, ShowId,
    SubjectRef, TariffId, TicketId, Timestamp, ZoneId,
};

/// An order with its lines and its money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its number.
    pub order: OrderId,
    /// Position of the event that began it.
    pub position: u64,
    /// When it was sold.
    pub occurred_at: Timestamp,
    /// Where the report of it came from; none for a live sale.
    pub source: Option<ReportSource>,
    /// Where it was sold.
    pub channel: ChannelId,
    /// Till or point of sale; may be empty.
    pub seller: String,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Its tickets, in the order of the sale.
    pub tickets: Vec<Ticket>,
    /// Its products and fees.
    pub items: Vec<Item>,
    /// Its packs, and which of its tickets they consist of.
    pub packs: Vec<SoldPack>,
    /// Commissions of the whole order, each show's share apart.
    pub commissions: Vec<Commission>,
    /// Its payments and refunds, one per leg, in log order.
    pub payments: Vec<Payment>,
    /// Payments on their way, by number.
    pub announced: Vec<Announced>,
    /// What it comes to now: prices and fees less what was cancelled.
    pub total: Amount,
    /// What came in.
    pub paid: Amount,
    /// What went back.
    pub returned: Amount,
    /// Total less paid plus returned.
    pub open: Amount,
    /// Where it stands.
    pub state: OrderState,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderState {
    /// Something is left to pay.
    Unpaid,
    /// Paid, with nothing open.
    Paid,
    /// More was paid than it comes to: money is to be returned.
    Overpaid,
    /// All its lines are cancelled and no money is open.
    Cancelled,
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its number.
    pub ticket: TicketId,
    /// Its order.
    pub order: OrderId,
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The seat, where they are numbered.
    pub seat: Option<SeatId>,
    /// The tariff.
    pub tariff: TariffId,
    /// Where it was sold.
    pub channel: ChannelId,
    /// Serial number within its series.
    pub serial: u64,
    /// Present face price.
    pub price: Amount,
    /// VAT rate of the face price.
    pub vat: Rate,
    /// Fee on top.
    pub fee: Amount,
    /// VAT rate of the fee.
    pub fee_vat: Rate,
    /// The pack that it is a share of.
    pub pack: Option<PackShare>,
    /// Why it is free.
    pub comp: Option<CompReason>,
    /// The ticket that it stands for after an exchange.
    pub replaces: Option<TicketId>,
    /// The ticket that was issued for it in an exchange.
    pub replaced_by: Option<TicketId>,
    /// How often it was printed again.
    pub copies: u16,
    /// Who it was handed to, if it was: the buyer holds it otherwise.
    pub holder: Option<SubjectRef>,
    /// Whether it is valid.
    pub status: TicketStatus,
    /// What its sale was charged, by level.
    pub commissions: Vec<Commission>,
    /// Whether that came to more than the cap.
    pub over_cap: bool,
    /// Of the fee of a cancelled ticket, what stays due although the fee was given back.
    pub kept: Amount,
}

/// A commission of a ticket, or of a whole order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Commission {
    /// The commission.
    pub commission: CommissionId,
    /// Version of its terms.
    pub version: u32,
    /// The channel that sold.
    pub channel: ChannelId,
    /// The show.
    pub show: ShowId,
    /// Who earns it; whoever operates the channel if it says so.
    pub beneficiary: Beneficiary,
    /// Who pays it.
    pub payer: Payer,
    /// Where it stands to the face price.
    pub mode: CommissionMode,
    /// What it was worked out on.
    pub basis: Amount,
    /// What it comes to: with VAT if the buyer pays, without if the organiser does.
    pub amount: Amount,
    /// VAT rate of the commission.
    pub vat: Rate,
    /// The item that the buyer pays it with, for one of the whole order.
    pub item: Option<ItemId>,
    /// Whether a cancellation gave it back.
    pub reversed: bool,
}

/// Whether a ticket is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketStatus {
    /// Valid.
    Valid,
    /// Cancelled.
    Cancelled {
        /// Why.
        reason: CancelReason,
        /// Whether the fee on top was kept.
        fee_kept: bool,
    },
}

/// A product or fee of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its number.
    pub item: ItemId,
    /// What it is.
    pub kind: ItemKind,
    /// The show that it belongs to, if any.
    pub show: Option<ShowId>,
    /// Price with VAT.
    pub price: Amount,
    /// VAT rate.
    pub vat: Rate,
    /// The ticket that it came with, if any.
    pub ticket: Option<TicketId>,
    /// Whether it was cancelled.
    pub cancelled: bool,
}

/// One leg of a payment or refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Number of the payment that the leg is part of.
    pub payment: PaymentId,
    /// How.
    pub method: MethodId,
    /// How much, above zero either way.
    pub amount: Amount,
    /// Whether it went back.
    pub refund: bool,
    /// When.
    pub occurred_at: Timestamp,
}

/// A payment on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// Its number, which it keeps when it comes in.
    pub payment: PaymentId,
    /// How it is to be paid.
    pub legs: Vec<Leg>,
    /// When it should have come in.
    pub expected_by: Timestamp,
}

/// Places that are kept now. A hold that was used, released or expired is no longer known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its number.
    pub hold: HoldId,
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
    /// The places.
    pub places: Places,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// For whom, if known.
    pub subject: Option<SubjectRef>,
}
