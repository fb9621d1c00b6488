//! Enumerations of the catalogue.

use async_graphql::Enum;
use soticket_projections::rights;
use soticket_schema::event::v1;
use soticket_schema::money;

/// What an organisation's log may be used for; printed on every document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::Mode")]
pub(crate) enum OrganisationMode {
    /// Real sales.
    Live,
    /// Training of staff.
    Training,
    /// Demonstration.
    Demo,
}

/// Within what a ticket's serial number has no gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::SerialScope")]
pub(crate) enum SerialScope {
    /// One series for the organisation.
    Organisation,
    /// One series per show.
    Show,
    /// One series per show, tariff and zone.
    ShowTariffZone,
}

/// Where VAT is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "money::Rounding")]
pub(crate) enum Rounding {
    /// On the document's aggregate per rate.
    Document,
    /// On every ticket.
    PerTicket,
}

/// Why a person is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::ErasureReason")]
pub(crate) enum ErasureReason {
    /// The person asked for it.
    Request,
    /// The time for which the data may be kept is over.
    RetentionOver,
    /// The person withdrew the consent that the data were kept by.
    ConsentWithdrawn,
    /// The data should never have been taken in.
    TakenInError,
}

/// What kind of actor a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::ActorKind")]
pub(crate) enum ActorKind {
    /// An access token of a program.
    Token,
    /// A person who signs in.
    User,
    /// A scanner or till.
    Device,
    /// A program that records facts from files.
    Importer,
}

/// What a tariff is to the statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::TariffKind")]
pub(crate) enum TariffKind {
    /// Full price.
    Full,
    /// Reduced price.
    Reduced,
    /// Holders of a subscriber card.
    Subscriber,
    /// A share of a pack.
    Pack,
    /// Free, with a reason.
    Free,
}

/// Why a ticket is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::CompReason")]
pub(crate) enum CompReason {
    /// Guests of the artists.
    Artist,
    /// Guests of the production.
    Production,
    /// Press.
    Press,
    /// Professionals.
    Professional,
    /// Partners.
    Partner,
    /// Staff.
    Staff,
    /// Schools.
    School,
    /// Prizes.
    Prize,
    /// Goodwill.
    Goodwill,
    /// Holders of a card or pack that has been paid for.
    Prepaid,
}

/// Who may buy a tariff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum EligibilityKind {
    /// Everybody.
    Anyone,
    /// Who has a subscriber card with a right left.
    Card,
    /// Who shows a proof at the till and at the gate.
    Proof,
    /// A group: at least so many tickets of the tariff in one order and show.
    Group,
}

impl From<&v1::Eligibility> for EligibilityKind {
    fn from(eligibility: &v1::Eligibility) -> Self {
        match eligibility {
            v1::Eligibility::Anyone => Self::Anyone,
            v1::Eligibility::Card => Self::Card,
            v1::Eligibility::Proof(_) => Self::Proof,
            v1::Eligibility::Group(_) => Self::Group,
        }
    }
}

/// What a share of free tickets is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::CompBasis")]
pub(crate) enum CompBasis {
    /// The authorised capacity.
    Capacity,
    /// Valid tickets, free ones included.
    Sold,
}

/// What kind of channel sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::ChannelKind")]
pub(crate) enum ChannelKind {
    /// The producer's own site.
    OwnSite,
    /// The venue's box office.
    BoxOffice,
    /// A third party selling for the producer (guichet déporté).
    RemoteBoxOffice,
    /// A network such as Fnac.
    Network,
}

/// Who pays a commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::Payer")]
pub(crate) enum CommissionPayer {
    /// The buyer, with the order.
    Buyer,
    /// The organiser of the show.
    Organiser,
}

/// Where a commission stands to the face price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::CommissionMode")]
pub(crate) enum CommissionMode {
    /// Inside it: kept back from what the organiser receives.
    Inside,
    /// On top of it: paid by the buyer, or invoiced to the organiser.
    OnTop,
}

/// What a commission is worked out on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::CommissionBasis")]
pub(crate) enum CommissionBasis {
    /// The face price, with VAT.
    Face,
    /// The face price without VAT.
    FaceWithoutVat,
    /// What the buyer pays for the ticket before this level.
    Paid,
    /// Each ticket: a fixed amount.
    PerTicket,
    /// Each order, once; a rate is of its tickets' face prices.
    PerOrder,
    /// What earlier levels left of the face price.
    Residual,
}

/// What becomes of a commission when its ticket is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::OnRefund")]
pub(crate) enum CommissionOnRefund {
    /// It stays due.
    Kept,
    /// It is given back.
    Reversed,
}

/// Whether free tickets are charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::OnFree")]
pub(crate) enum CommissionOnFree {
    /// They are not.
    Exempt,
    /// As any other.
    Charged,
}

/// Who earns a commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum BeneficiaryKind {
    /// The organisation itself.
    Organisation,
    /// Whoever operates the channel that sells.
    Channel,
    /// A party by its number.
    Party,
}

/// What a way of paying is to the accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::MethodKind")]
pub(crate) enum MethodKind {
    /// Card, on line or at a till.
    Card,
    /// Cash.
    Cash,
    /// Cheque.
    Cheque,
    /// Bank transfer.
    Transfer,
    /// Direct debit.
    DirectDebit,
    /// Gift card: a stored value.
    GiftCard,
    /// Voucher (contremarque, chèque culture).
    Voucher,
    /// Collected by a network, remitted later.
    Network,
    /// Paid with the price of a pack.
    Pack,
    /// Anything else.
    Other,
}

/// What a product that is no ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::ProductKind")]
pub(crate) enum ProductKind {
    /// Subscriber card, membership.
    Card,
    /// Pack whose price is not yet shared among shows.
    Pack,
    /// Gift card: a stored value, not a sale.
    GiftCard,
    /// Voucher.
    Voucher,
    /// Merchandise, food, drink.
    Merchandise,
    /// Donation.
    Donation,
    /// Anything else.
    Other,
}

/// What kind of fee an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::FeeKind")]
pub(crate) enum FeeKind {
    /// For the service of selling.
    Service,
    /// For sending.
    Shipping,
    /// For a way of paying.
    Payment,
    /// Kept at a cancellation.
    Cancellation,
    /// For insurance.
    Insurance,
    /// Taken from or given as stored value.
    GiftCard,
    /// Anything else.
    Other,
}

/// What a stored value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::StoredValueKind")]
pub(crate) enum StoredValueKind {
    /// Spent in parts.
    GiftCard,
    /// Exchanged once for tickets (contremarque): what the tickets cost less lapses.
    Voucher,
}

/// Where a card, gift card or voucher stands but for its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rights::RightState")]
pub(crate) enum RightState {
    /// Usable within its time.
    Issued,
    /// Taken back.
    Revoked,
    /// Past its time and accounted for.
    Expired,
}

/// Why a ticket was printed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::DuplicateReason")]
pub(crate) enum DuplicateReason {
    /// Lost or stolen.
    Lost,
    /// Cannot be read.
    Damaged,
    /// Never arrived.
    NotReceived,
    /// Anything else.
    Other,
}

/// Why money did not come, or went away again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::PaymentFailure")]
pub(crate) enum PaymentFailure {
    /// The bank or the payer refused it.
    Refused,
    /// Not covered.
    NotCovered,
    /// The payer took it back (chargeback, direct debit contested).
    Contested,
    /// Nothing came in time.
    Late,
    /// Anything else.
    Other,
}

/// Why lines were cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::CancelReason")]
pub(crate) enum CancelReason {
    /// The buyer asked.
    Customer,
    /// Exchanged for another ticket.
    Exchange,
    /// The show does not take place.
    ShowCancelled,
    /// Not paid in time.
    Unpaid,
    /// Sold by mistake.
    Mistake,
    /// The network or the system it was imported from says so.
    Reported,
    /// The show was postponed or relocated, and the holder asked in time.
    ShowChanged,
}

/// Where a reported sale comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::ReportSource")]
pub(crate) enum ReportSource {
    /// A network's report.
    Network,
    /// An import from another system.
    Import,
}

/// What a reported sale broke. It was recorded all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::Flag")]
pub(crate) enum SaleFlag {
    /// More than the channel's quota or the pool.
    OverQuota,
    /// More than the zone's or hall's places.
    OverCapacity,
    /// A seat that is sold or held already.
    SeatTaken,
    /// Outside the sale window, or the show is not open.
    OutsideSale,
    /// A price that is not the tariff's.
    OtherPrice,
    /// The channel, or its quota, is closed.
    ChannelClosed,
    /// It happened after the ledger's clock.
    ClockAhead,
    /// A code that another ticket has.
    CodeTaken,
    /// Against the tariff's rules: its window, deadline, limit per order or group size.
    TariffRule,
    /// More free tickets than the quota of their reason.
    OverCompQuota,
}

/// Which way a person went through a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::Direction")]
pub(crate) enum ScanDirection {
    /// In.
    Entry,
    /// Out.
    Exit,
}

/// What the gate decided at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::GateDecision")]
pub(crate) enum GateDecision {
    /// Let through.
    Admitted,
    /// Turned back.
    Refused,
    /// The report does not say.
    Unstated,
}

/// How a ticket code is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::Symbology")]
pub(crate) enum Symbology {
    /// QR code.
    Qr,
    /// Code 128.
    Code128,
    /// EAN-13.
    Ean13,
    /// Interleaved 2 of 5.
    #[graphql(name = "INTERLEAVED_2_OF_5")]
    Interleaved2of5,
    /// Aztec.
    Aztec,
    /// PDF417.
    Pdf417,
    /// Data Matrix.
    DataMatrix,
    /// Not known.
    Unknown,
}

/// As what an actor sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::SellerRole")]
pub(crate) enum SellerRole {
    /// The producer's own site: holds, sells, is paid, refunds.
    WebShop,
    /// The venue's box office: that, tills, sales that it reports later, and places that it gives back.
    BoxOffice,
    /// A third party selling for the producer: as a box office, out of its own quotas only, and reports nothing.
    RemoteBoxOffice,
    /// A network: sells or reports its sales, and gives places back.
    Network,
}

/// Which way cash went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::CashDirection")]
pub(crate) enum CashDirection {
    /// Into the drawer.
    In,
    /// Out of it.
    Out,
}

/// Why cash went into a drawer or out of it other than by a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::CashReason")]
pub(crate) enum CashReason {
    /// Change brought or taken (appoint).
    Change,
    /// To or from the safe or the bank (prélèvement, remise).
    Deposit,
    /// A purchase or an advance paid out of the drawer.
    Expense,
    /// A mistake put right.
    Correction,
    /// Anything else.
    Other,
}
