//! Commissions: who earns what on a sale, as rules, and as each sale froze them.
//!
//! What the organiser pays is worked out without VAT, which comes on top of it; what the buyer pays includes it.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::tariff::TariffKind;
use crate::ids::{ChannelId, CommissionId, ItemId, OrderId, PartyId, ShowId, SubjectRef, TariffId, TicketId};
use crate::money::{Amount, Rate};
use crate::time::Timestamp;

/// A company, association or public body that may earn commissions has a number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PartyRegistered {
    /// Its number.
    pub party: PartyId,
    /// Its name.
    pub name: String,
    /// SIRET number, or empty.
    pub siret: String,
    /// VAT number, or empty.
    pub vat_number: String,
}

/// Who earns a commission.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum Beneficiary {
    /// The organisation itself.
    Organisation,
    /// Whoever operates the channel that sells.
    Channel,
    /// A party by its number.
    Party(PartyId),
}

/// Who pays a commission.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum Payer {
    /// The buyer, with the order.
    Buyer,
    /// The organiser of the show.
    Organiser,
}

/// Where a commission stands to the face price.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum CommissionMode {
    /// Inside it: kept back from what the organiser receives.
    Inside,
    /// On top of it: paid by the buyer, or invoiced to the organiser.
    OnTop,
}

/// What a commission is worked out on.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum CommissionBasis {
    /// The face price, with VAT.
    Face,
    /// The face price without VAT.
    FaceWithoutVat,
    /// What the buyer pays for the ticket before this level: face price and what earlier levels put on top.
    Paid,
    /// Each ticket: a fixed amount.
    PerTicket,
    /// Each order, once; a rate is of its tickets' face prices.
    PerOrder,
    /// What earlier levels left of the face price.
    Residual,
}

/// What becomes of a commission when its ticket is cancelled.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum OnRefund {
    /// It stays due.
    Kept,
    /// It is given back.
    Reversed,
}

/// Whether free tickets are charged.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum OnFree {
    /// They are not.
    Exempt,
    /// As any other.
    Charged,
}

/// From this basis on another rate and amount apply, to the whole of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CommissionTier {
    /// Lowest basis.
    pub from: Amount,
    /// Share of the basis.
    pub rate: Rate,
    /// Fixed amount beside it.
    pub fixed: Amount,
}

/// All that defines a commission. Lists narrow it down: one that is empty narrows nothing, several narrow together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CommissionTerms {
    /// Its name.
    pub name: String,
    /// Who earns it.
    pub beneficiary: Beneficiary,
    /// Who pays it.
    pub payer: Payer,
    /// Where it stands to the face price.
    pub mode: CommissionMode,
    /// What it is worked out on.
    pub basis: CommissionBasis,
    /// Share of the basis.
    pub rate: Rate,
    /// Fixed amount beside it.
    pub fixed: Amount,
    /// Least that is charged.
    pub minimum: Option<Amount>,
    /// Most that is charged.
    pub maximum: Option<Amount>,
    /// Other rates and amounts for a higher basis, ascending.
    pub tiers: Vec<CommissionTier>,
    /// Level in the cascade: lower ones come first, those of one level see the same.
    pub level: u8,
    /// VAT rate of the commission.
    pub vat: Rate,
    /// Channels that it is charged on.
    pub channels: Vec<ChannelId>,
    /// Points of sale that it is charged at, as orders name them.
    pub sellers: Vec<String>,
    /// Tariffs that it is charged on.
    pub tariffs: Vec<TariffId>,
    /// Kinds of tariffs that it is charged on.
    pub kinds: Vec<TariffKind>,
    /// What becomes of it when its ticket is cancelled.
    pub on_refund: OnRefund,
    /// Whether free tickets are charged.
    pub on_free: OnFree,
}

/// A commission is charged on sales from an instant on. This is its version 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CommissionDefined {
    /// Its number.
    pub commission: CommissionId,
    /// Its terms.
    pub terms: CommissionTerms,
    /// First instant of a sale that it is charged on.
    pub valid_from: Timestamp,
    /// From when on it is charged no more, if known.
    pub valid_until: Option<Timestamp>,
}

/// A commission has other terms for sales from an instant on; what was charged before stays.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CommissionChanged {
    /// The commission.
    pub commission: CommissionId,
    /// Number of the version, from 2.
    pub version: u32,
    /// All terms, changed or not.
    pub terms: CommissionTerms,
    /// First instant of a sale that these are charged on; from here on earlier versions are not.
    pub valid_from: Timestamp,
    /// From when on they are charged no more, if known.
    pub valid_until: Option<Timestamp>,
}

/// A commission is charged no more, in any version.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CommissionEnded {
    /// The commission.
    pub commission: CommissionId,
    /// First instant of a sale that it is not charged on.
    pub valid_until: Timestamp,
}

/// Above this share of the face price the commissions of a ticket are flagged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CommissionCapSet {
    /// Share of the face price.
    pub cap: Rate,
}

/// A commission as a sale froze it: of tickets of one show that it is the same for, or of a whole order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CommissionLine {
    /// The commission.
    pub commission: CommissionId,
    /// Version of its terms.
    pub version: u32,
    /// The channel that sold.
    pub channel: ChannelId,
    /// The show.
    pub show: ShowId,
    /// Who earns it.
    pub beneficiary: Beneficiary,
    /// Who pays it.
    pub payer: Payer,
    /// Where it stands to the face price.
    pub mode: CommissionMode,
    /// What it was worked out on: of one ticket, or the show's share of the order.
    pub basis: Amount,
    /// What it comes to: for one ticket, or the show's share for the order.
    pub amount: Amount,
    /// VAT rate of the commission.
    pub vat: Rate,
    /// What becomes of it when its ticket is cancelled.
    pub on_refund: OnRefund,
    /// The tickets; none for a commission of the whole order.
    pub tickets: Vec<TicketId>,
    /// The item that the buyer pays it with, for one of the whole order.
    pub item: Option<ItemId>,
}

/// The commissions of a sale, in the same command as its lines. A long list goes over several events, each with all
/// lines of its tickets.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CommissionsCharged {
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Shows of the lines.
    pub shows: Vec<ShowId>,
    /// By level and number of the commission.
    pub lines: Vec<CommissionLine>,
    /// The share of the face price above which tickets are flagged.
    pub cap: Rate,
    /// Tickets whose commissions come to more than that.
    pub over_cap: Vec<TicketId>,
    /// Tickets of a reported sale whose fee on top is not what the rules say: their lines share the reported one.
    pub other_fee: Vec<TicketId>,
}

/// What is kept of the fee on top of a cancelled ticket whose fee was else given back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct KeptFee {
    /// The ticket.
    pub ticket: TicketId,
    /// Its show.
    pub show: ShowId,
    /// The sum of its commissions that are kept.
    pub amount: Amount,
}

/// Commissions that a cancellation gives back, in the same command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CommissionsReversed {
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Shows of the lines and of the fees kept.
    pub shows: Vec<ShowId>,
    /// As they were charged, each with the tickets that are cancelled.
    pub lines: Vec<CommissionLine>,
    /// What is kept although the fee on top was given back.
    pub kept: Vec<KeptFee>,
}
