//! Enumerations of deals and settlements.

use async_graphql::Enum;
use soticket_schema::event::v1;

/// What a line of a settlement is, to whoever posts it to accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::SettledRole")]
pub(crate) enum SettledRole {
    /// Receipts of the show.
    Receipts,
    /// A tax owed to the party.
    Levy,
    /// Royalties owed to the party.
    Royalty,
    /// What is owed beside royalties and is no expense for rights.
    Contribution,
    /// A commission that the channel's operator keeps back.
    Commission,
    /// What card payments and their provider cost.
    PaymentCost,
    /// A cost of the show, with a voucher of its own.
    Cost,
    /// What the party earns.
    Share,
    /// What stays with the organisation.
    Own,
    /// A figure on the way, posted nowhere.
    Subtotal,
}

/// Where the amount of a step is rounded. Half of a unit goes away from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::StepRounding")]
pub(crate) enum StepRounding {
    /// To the nearest minor unit.
    Minor,
    /// To the minor unit towards zero.
    MinorDown,
    /// To the nearest unit of the currency.
    Major,
}

/// What a file of a settlement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::SettlementFileKind")]
pub(crate) enum SettlementFileKind {
    /// The canonical JSON statement.
    Json,
    /// Printed pages.
    Pdf,
    /// A workbook.
    Xlsx,
    /// A list.
    Csv,
    /// What a party sent back, such as the signed statement.
    Signed,
}
