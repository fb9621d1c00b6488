//! Dated rates of taxes and societies, and works whose performances are counted.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{ShowId, WorkId};
use crate::money::Rate;
use crate::time::Timestamp;

/// A rate by its key holds for shows from an instant on. It stands above the rates that are part of the program.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct DatedRateSet {
    /// Its key, such as `fr.sacem.concert`.
    pub key: String,
    /// Tax territory as shows name it, such as `FR-corse`; empty for all.
    pub territory: String,
    /// The rate.
    pub rate: Rate,
    /// First begin of a show that it holds for.
    pub valid_from: Timestamp,
    /// From when on it holds no more, if known.
    pub valid_until: Option<Timestamp>,
    /// Where it is from: the text of law, or the society's letter with its date.
    pub source: String,
}

/// A work in one staging, whose paid performances count towards a lower VAT rate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct WorkRegistered {
    /// Its number.
    pub work: WorkId,
    /// Its title, with the staging where there are several.
    pub title: String,
    /// Paid performances given before the first that this log knows, by anyone, as can be proved.
    pub performances_before: u32,
    /// What proves them, such as the transferor's certificate; empty for none.
    pub source: String,
}

/// A show performs a work, or none whose performances are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowWorkSet {
    /// The show.
    pub show: ShowId,
    /// The work.
    pub work: Option<WorkId>,
}
