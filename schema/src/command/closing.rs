//! What is asked of closings.

use bincode::Encode;
use serde::Serialize;

use crate::day::CommercialDay;
use crate::event::v1::Period;

/// See [`super::CommandBody::ClosePeriod`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ClosePeriod {
    /// A day, a month or a fiscal year.
    pub period: Period,
    /// A day of it.
    pub day: CommercialDay,
}

/// See [`super::CommandBody::CloseDueDays`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct CloseDueDays {}

/// See [`super::CommandBody::SetFiscalYear`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetFiscalYear {
    /// The month in which fiscal years begin, from 1.
    pub first_month: u8,
}
