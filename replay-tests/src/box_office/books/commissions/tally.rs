//! What one command should charge and give back, against what its events say.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{CommissionLine, CommissionsCharged, CommissionsReversed};
use soticket_schema::{Amount, CommissionId, Event, ItemId, Rate, ShowId, TicketId};

/// Which line: of a ticket, or of a whole order for one of its shows.
type Key = (CommissionId, ShowId, Option<TicketId>, Option<ItemId>);
type Lines = BTreeMap<Key, CommissionLine>;

/// Commissions of one command.
#[derive(Debug, Default)]
pub(in super::super) struct Tally {
    charged: Lines,
    reversed: Lines,
    pub(super) kept: BTreeMap<TicketId, Amount>,
    pub(super) over_cap: BTreeSet<TicketId>,
    pub(super) other_fee: BTreeSet<TicketId>,
}

impl Tally {
    pub(super) fn charge(&mut self, ticket: Option<TicketId>, line: &CommissionLine) -> Result<()> {
        add(&mut self.charged, ticket, line)
    }

    pub(super) fn reverse(&mut self, ticket: Option<TicketId>, line: &CommissionLine) -> Result<()> {
        add(&mut self.reversed, ticket, line)
    }

    /// The events say exactly what the rules do. Whole orders are told apart by the command: it has one, but for the
    /// return of a show's money, whose orders have no line of the same item or ticket.
    pub(in super::super) fn check(&self, events: &[Event], cap: Rate) -> Result<()> {
        let mut said = Self::default();
        for event in events {
            match event {
                Event::CommissionsCharged(event) => said.read_charged(event, cap)?,
                Event::CommissionsReversed(event) => said.read_reversed(event)?,
                _ => {}
            }
        }
        same("charged", &self.charged, &said.charged)?;
        same("given back", &self.reversed, &said.reversed)?;
        ensure!(self.kept == said.kept, "kept of fees: {:?}, the rules say {:?}", said.kept, self.kept);
        if !self.charged.is_empty() {
            let flags = (&self.over_cap, &self.other_fee);
            ensure!(
                flags == (&said.over_cap, &said.other_fee),
                "flags {:?} {:?}, the rules say {flags:?}",
                said.over_cap,
                said.other_fee
            );
        }
        Ok(())
    }

    fn read_charged(&mut self, event: &CommissionsCharged, cap: Rate) -> Result<()> {
        ensure!(event.cap == cap, "a sale under a cap of {:?}", event.cap);
        read(&mut self.charged, &event.lines)?;
        self.over_cap.extend(&event.over_cap);
        self.other_fee.extend(&event.other_fee);
        Ok(())
    }

    fn read_reversed(&mut self, event: &CommissionsReversed) -> Result<()> {
        read(&mut self.reversed, &event.lines)?;
        for kept in &event.kept {
            let before = self.kept.insert(kept.ticket, kept.amount);
            ensure!(before.is_none(), "the fee of ticket {} is kept twice", kept.ticket);
        }
        Ok(())
    }
}

fn read(lines: &mut Lines, said: &[CommissionLine]) -> Result<()> {
    for line in said {
        if line.tickets.is_empty() {
            add(lines, None, line)?;
        }
        for ticket in &line.tickets {
            add(lines, Some(*ticket), line)?;
        }
    }
    Ok(())
}

fn add(lines: &mut Lines, ticket: Option<TicketId>, line: &CommissionLine) -> Result<()> {
    let bare = CommissionLine { tickets: Vec::new(), ..line.clone() };
    match (lines.get_mut(&(line.commission, line.show, ticket, line.item)), ticket) {
        (None, _) => drop(lines.insert((line.commission, line.show, ticket, line.item), bare)),
        // Several orders of one command may each give back a commission of theirs for one show.
        (Some(known), None) => {
            known.amount += line.amount;
            known.basis += line.basis;
        }
        (Some(_), Some(ticket)) => anyhow::bail!("commission {} twice on ticket {ticket}", line.commission),
    }
    Ok(())
}

fn same(what: &str, own: &Lines, said: &Lines) -> Result<()> {
    for (key, line) in own {
        let other = said.get(key);
        ensure!(other == Some(line), "{what} {key:?}: the rules say {line:?}, the ledger {other:?}");
    }
    let more = said.keys().find(|key| !own.contains_key(key));
    ensure!(more.is_none(), "{what} {more:?}, which no rule says");
    Ok(())
}
