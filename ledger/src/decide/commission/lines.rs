//! Commission lines put together: tickets that are charged the same share a line.

use soticket_schema::event::v1::CommissionLine;
use soticket_schema::{ShowId, TicketId};

use crate::state::distinct;

/// Lines in the order in which each was first met.
#[derive(Default)]
pub(super) struct Lines {
    lines: Vec<CommissionLine>,
}

impl Lines {
    /// Adds a ticket to the line that is otherwise the same, or begins one.
    pub(super) fn add(&mut self, ticket: TicketId, bare: CommissionLine) {
        // The tickets of an order are mostly alike: the line is among the last ones.
        match self.lines.iter_mut().rev().find(|line| same(line, &bare)) {
            Some(line) => line.tickets.push(ticket),
            None => self.lines.push(CommissionLine { tickets: vec![ticket], ..bare }),
        }
    }

    pub(super) fn into_vec(self) -> Vec<CommissionLine> {
        self.lines
    }
}

/// Whether two lines differ in their tickets only.
fn same(line: &CommissionLine, bare: &CommissionLine) -> bool {
    let key = |line: &CommissionLine| {
        (
            (line.commission, line.version, line.channel, line.show),
            (line.beneficiary, line.payer, line.mode, line.on_refund),
            (line.basis, line.amount, line.vat, line.item),
        )
    };
    key(line) == key(bare)
}

/// What lines take at most in a record.
pub(super) fn bytes(lines: &[CommissionLine]) -> usize {
    lines.iter().map(|line| 48 + 9 * line.tickets.len()).sum()
}

/// Shows of lines, each once, ascending.
pub(super) fn shows(lines: &[CommissionLine]) -> Vec<ShowId> {
    distinct(lines.iter().map(|line| line.show))
}
