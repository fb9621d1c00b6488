//! Enumerations of closings and the audit journal.

use async_graphql::Enum;
use soticket_schema::event::v1;

/// What is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::Period")]
pub(crate) enum ClosingPeriod {
    /// A commercial day.
    Day,
    /// A calendar month.
    Month,
    /// A fiscal year.
    Year,
}

/// What kind of sale an amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::SaleClass")]
pub(crate) enum SaleClass {
    /// Face prices of tickets: the receipts of shows.
    Face,
    /// Fees on top of tickets.
    FeeOnTop,
    /// Products and fees of orders; gift cards and vouchers are no sale.
    Item,
}

/// Technical events that no other event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::TechnicalKind")]
pub(crate) enum TechnicalEventKind {
    /// The service started; the reference is the program's version.
    Started,
    /// The service stopped.
    Stopped,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// Somebody was not let in.
    SignInRefused,
    /// Data were exported; the reference says which.
    Exported,
    /// An archive was checked; the reference is what came of it.
    ArchiveChecked,
    /// Data were purged after they were archived.
    Purged,
    /// The data folder was restored from a backup.
    Restored,
    /// Stored data were not what they should be; the reference is the fault's code.
    IntegrityFault,
    /// The clock went backwards; the reference is what it showed.
    ClockWentBack,
    /// Data of another system were imported; the reference says of which.
    Imported,
    /// Training of staff began.
    TrainingBegun,
    /// Training of staff ended.
    TrainingEnded,
    /// A point of sale lost its connection.
    OfflineBegun,
    /// A point of sale is connected again.
    OfflineEnded,
    /// Another version of the program was installed; the reference is the version.
    Updated,
    /// Maintenance by the publisher or an operator.
    Maintained,
    /// The password of whom it is about was changed.
    PasswordChanged,
}
