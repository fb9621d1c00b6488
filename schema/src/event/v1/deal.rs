//! Deals (contrats): how the money of a show is shared, as an ordered list of named steps.
//!
//! A step works out one amount from what the show took and from steps before it. What the amount is to whom is its
//! role: taxes, royalties, commissions, costs and shares are taken out of the receipts, subtotals are figures on the
//! way. The last party gets the difference, so that the lines of a settlement always add up to the receipts.
//!
//! Amounts of steps are without VAT unless a step takes receipts with VAT as its base.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::channel::ChannelKind;
use super::payment::MethodKind;
use super::settlement::SettledRole;
use super::tariff::TariffKind;
use crate::ids::{ChannelId, DealId, PartyId, ShowId};
use crate::money::{Amount, Rate, UnitPrice};

/// All that parties agree on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct DealTerms {
    /// Its name, such as the contract's number.
    pub name: String,
    /// Name of the template that it was made from, such as `cession-share`; empty for one of its own.
    pub template: String,
    /// The steps, in the order in which they are worked out.
    pub steps: Vec<DealStep>,
}

/// One step of a deal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct DealStep {
    /// What later steps call it, such as `net-to-share`; each name stands once.
    pub name: String,
    /// What statements call it.
    pub label: String,
    /// What its amount is.
    pub role: SettledRole,
    /// How its amount is worked out.
    pub rule: DealRule,
    /// Where its amount is rounded.
    pub rounding: StepRounding,
    /// VAT on its amount, if it bears any of its own. Receipts, commissions and costs have that of their lines.
    pub vat: Option<DealRate>,
    /// Whom it is owed to, if a party.
    pub party: Option<PartyId>,
    /// Where the step comes from: a text of law, a society's rules, an article of the contract.
    pub source: String,
}

/// How the amount of a step is worked out. Steps are named; a step can only name earlier ones.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub enum DealRule {
    /// What the show took: a base.
    Receipts(Takings),
    /// A share of an earlier step: a tax, a royalty, a contribution, a commission, a party's part.
    Share {
        /// The step.
        of: String,
        /// The rate.
        rate: DealRate,
    },
    /// What channels keep back, as the rules of commissions charged it on the sales, and as a channel's own terms say
    /// where no rule did.
    Commissions {
        /// The channels; empty for all.
        channels: Vec<ChannelId>,
    },
    /// A price for each of something counted.
    Units {
        /// What is counted.
        unit: DealUnit,
        /// The price of each.
        price: UnitPrice,
    },
    /// Costs recorded for the show.
    Costs {
        /// Their categories; empty for all.
        categories: Vec<String>,
        /// Only those that this party has borne; none for those that the organisation has.
        borne_by: Option<PartyId>,
    },
    /// An amount that was agreed: a guarantee, a rent, a fee.
    Fixed {
        /// The amount.
        amount: Amount,
    },
    /// Earlier steps added and taken off: a deduction, a break-even, a net to share, what a party gets together.
    Sum {
        /// Steps that are added.
        add: Vec<String>,
        /// Steps that are taken off.
        less: Vec<String>,
    },
    /// What a step is above another; nothing if it is not.
    Excess {
        /// The step.
        of: String,
        /// What it has to exceed, such as the break-even.
        over: String,
    },
    /// The greatest of several steps: a versus deal, a floor.
    Greatest {
        /// The steps.
        of: Vec<String>,
    },
    /// The least of several steps: a cap.
    Least {
        /// The steps.
        of: Vec<String>,
    },
    /// A share that changes with the amount: each rate holds for the part from its threshold to the next.
    Tiers {
        /// The step.
        of: String,
        /// The rates, by threshold, ascending.
        tiers: Vec<DealTier>,
    },
    /// Amounts that fall due one after the other as thresholds are reached.
    Bonus {
        /// What has to reach them.
        on: BonusBasis,
        /// The thresholds, ascending.
        thresholds: Vec<BonusThreshold>,
    },
    /// What is left: the last party's, who closes the deal. Every step that takes something out of the receipts is in it
    /// once.
    Difference {
        /// The step.
        of: String,
        /// Steps that are taken off.
        less: Vec<String>,
    },
}

impl DealRule {
    /// The steps that the rule names, with the field of each and its place where the field is a list.
    pub fn named(&self) -> Vec<(&'static str, Option<usize>, &str)> {
        match self {
            Self::Receipts(_)
            | Self::Commissions { .. }
            | Self::Units { .. }
            | Self::Costs { .. }
            | Self::Fixed { .. }
            | Self::Bonus { on: BonusBasis::Entries | BonusBasis::PaidTickets, .. } => Vec::new(),
            Self::Share { of, .. } | Self::Tiers { of, .. } => vec![("of", None, of)],
            Self::Bonus { on: BonusBasis::Step(of), .. } => vec![("on", None, of)],
            Self::Excess { of, over } => vec![("of", None, of), ("over", None, over)],
            Self::Greatest { of } | Self::Least { of } => in_list("of", of).collect(),
            Self::Sum { add, less } => in_list("add", add).chain(in_list("less", less)).collect(),
            Self::Difference { of, less } => {
                std::iter::once(("of", None, of.as_str())).chain(in_list("less", less)).collect()
            }
        }
    }
}

fn in_list<'a>(
    field: &'static str,
    names: &'a [String],
) -> impl Iterator<Item = (&'static str, Option<usize>, &'a str)> {
    names.iter().enumerate().map(move |(index, name)| (field, Some(index), name.as_str()))
}

/// Which receipts. Lists narrow them down: one that is empty narrows nothing, several narrow together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct Takings {
    /// With or without VAT.
    pub measure: Measure,
    /// Of these channels.
    pub channels: Vec<ChannelId>,
    /// Of channels of these kinds.
    pub channel_kinds: Vec<ChannelKind>,
    /// Of tariffs of these kinds.
    pub tariff_kinds: Vec<TariffKind>,
}

/// Which figure of a receipt.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum Measure {
    /// Without VAT (HT).
    WithoutVat,
    /// With VAT (TTC): face prices net of refunds.
    WithVat,
    /// The VAT alone.
    Vat,
}

/// A rate that a step uses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub enum DealRate {
    /// As the parties agreed it.
    Stated(Rate),
    /// The rate of law or of a society by its key, such as `fr.cnm`, as it is on the date of the show.
    Dated(String),
}

/// What is counted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub enum DealUnit {
    /// Payments that came in for orders of the show alone. An empty list narrows nothing.
    Payments {
        /// By ways of paying of these kinds.
        methods: Vec<MethodKind>,
        /// For orders of channels of these kinds.
        channel_kinds: Vec<ChannelKind>,
    },
    /// Valid tickets that were paid.
    PaidTickets,
    /// Valid tickets that are free.
    FreeTickets,
    /// All valid tickets.
    Entries,
}

/// From this amount on a rate holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct DealTier {
    /// Threshold.
    pub from: Amount,
    /// Share of what lies above it, up to the next.
    pub rate: Rate,
}

/// What a bonus depends on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub enum BonusBasis {
    /// Valid tickets, paid and free.
    Entries,
    /// Valid tickets that were paid.
    PaidTickets,
    /// What an earlier step comes to.
    Step(String),
}

/// An amount that falls due when a threshold is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct BonusThreshold {
    /// A number of tickets, or an amount in minor units.
    pub from: i64,
    /// What falls due, beside what lower thresholds gave.
    pub amount: Amount,
}

/// Where the amount of a step is rounded. Half of a unit goes away from zero.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode,
)]
pub enum StepRounding {
    /// To the nearest minor unit.
    #[default]
    Minor,
    /// To the minor unit towards zero.
    MinorDown,
    /// To the nearest unit of the currency, as some declarations are.
    Major,
}

/// Parties have agreed on how the money of a show is shared. This is version 1 of the deal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct DealAgreed {
    /// Its number.
    pub deal: DealId,
    /// The show.
    pub show: ShowId,
    /// Its terms.
    pub terms: DealTerms,
}

/// A deal has other terms. Settlements that were sealed stay; the next one is worked out by these.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct DealChanged {
    /// The deal.
    pub deal: DealId,
    /// The show.
    pub show: ShowId,
    /// Number of the version, from 2.
    pub version: u32,
    /// All terms, changed or not.
    pub terms: DealTerms,
}
