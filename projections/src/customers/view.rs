//! What customers answers.

use soticket_schema::{Amount, OrderId, ShowId, SubjectRef, TicketId, Timestamp};

use super::{ConsentEntry, ProfileEntry};

/// What one customer, or all unknown ones together, bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The person by reference; none for all orders without one.
    pub subject: Option<SubjectRef>,
    /// Their orders, ascending.
    pub orders: Vec<OrderId>,
    /// Tickets, less cancelled ones.
    pub tickets: u64,
    /// What they paid.
    pub paid: Amount,
    /// What went back to them.
    pub returned: Amount,
    /// Paid less returned.
    pub spend: Amount,
    /// When they last bought.
    pub last_purchase: Option<Timestamp>,
    /// Tickets that others bought and that were handed to them, ascending.
    pub received: Vec<TicketId>,
    /// When they were erased; who they were is not in the vault since.
    pub erased_at: Option<Timestamp>,
    /// When the keys of the backups from before were destroyed, so that these count as erased, too.
    pub erased_in_backups_at: Option<Timestamp>,
    /// The last contact that came from them.
    pub last_contact: Option<Timestamp>,
    /// When the books last moved for them: a sale, money or a cancellation.
    pub last_movement: Option<Timestamp>,
    /// What they agreed to and what not, in the order in which they said it.
    pub consents: Vec<ConsentEntry>,
    /// How their profile changed, in the order of the log.
    pub profile_changes: Vec<ProfileEntry>,
    /// Shows that they hold tickets for, ascending.
    pub shows: Vec<ShowId>,
}
