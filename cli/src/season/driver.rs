//! Sends the season's commands, many in flight, under a clock that runs through the season.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;

use soticket_ledger::clock::Clock;
use soticket_ledger::{Ledger, Receipt, SubmitError};
use soticket_schema::{
    ActorId, Command, CommandBody, Event, OrganisationId, Rejection, RejectionCode, Timestamp,
};
use tokio::runtime::Runtime;
use tokio::task::unconstrained;

use super::Added;
use crate::failure::{Exit, Failure};

/// A clock that stands where the season is.
#[derive(Clone, Default)]
pub(crate) struct SeasonClock(Arc<AtomicI64>);

impl SeasonClock {
    /// The clock for the ledger.
    pub(crate) fn clock(&self) -> Clock {
        let now = Arc::clone(&self.0);
        Arc::new(move || Timestamp(now.load(Ordering::Relaxed)))
    }

    pub(super) fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::Relaxed);
    }
}

/// A command of the season.
pub(super) struct Order {
    /// What it is known by, so that a second run finds it again.
    pub(super) key: String,
    /// When it happened, for a fact.
    pub(super) at: Option<Timestamp>,
    /// Who sends it.
    pub(super) actor: ActorId,
    pub(super) body: CommandBody,
}

/// The ledger, and what was done so far.
pub(crate) struct Driver<'a> {
    ledger: &'a Ledger,
    organisation: OrganisationId,
    runtime: Runtime,
    pub(super) added: Added,
}

type Answer = Pin<Box<dyn Future<Output = Result<Receipt, SubmitError>> + Send>>;

impl<'a> Driver<'a> {
    pub(crate) fn new(ledger: &'a Ledger, organisation: OrganisationId) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { ledger, organisation, runtime, added: Added::default() })
    }

    /// Sends one command that the season cannot do without.
    pub(super) fn need(&mut self, key: &str, body: CommandBody) -> Result<Vec<Event>, Failure> {
        let order = Order { key: key.to_owned(), at: None, actor: ActorId(0), body };
        match self.all(vec![order])?.pop() {
            Some(Ok(events)) => Ok(events),
            Some(Err(rejection)) => {
                Err(Failure::new(Exit::Refused, rejection.code.code(), format!("{key}: {rejection}")))
            }
            None => Ok(Vec::new()),
        }
    }

    /// Sends commands in order, all in flight together: their events, or why each was refused.
    pub(super) fn all(&mut self, orders: Vec<Order>) -> Result<Vec<Result<Vec<Event>, Rejection>>, Failure> {
        let (ledger, organisation) = (self.ledger, self.organisation);
        let answers = self.runtime.block_on(async move {
            let mut flying: Vec<Answer> = Vec::with_capacity(orders.len());
            let mut landed = Vec::with_capacity(orders.len());
            for Order { key, at, actor, body } in orders {
                let command = Command { organisation, actor, key, occurred_at: at, body };
                let ledger = ledger.clone();
                let mut answer: Answer = Box::pin(unconstrained(async move { ledger.submit(command).await }));
                // The first poll puts the command into the queue, in the order of the season.
                match std::future::poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await {
                    Poll::Ready(done) => flying.push(Box::pin(std::future::ready(done))),
                    Poll::Pending => flying.push(answer),
                }
            }
            for answer in flying {
                landed.push(answer.await);
            }
            landed
        });
        answers.into_iter().map(|answer| self.booked(answer)).collect()
    }

    fn booked(
        &mut self,
        answer: Result<Receipt, SubmitError>,
    ) -> Result<Result<Vec<Event>, Rejection>, Failure> {
        self.added.commands += 1;
        match answer {
            Ok(receipt) => {
                let entries = receipt.entries();
                self.added.events += if receipt.replayed { 0 } else { entries.len() as u64 };
                Ok(Ok(entries.iter().map(|entry| entry.event.clone()).collect()))
            }
            Err(SubmitError::Rejected(rejection)) if rejection.code == RejectionCode::OrganisationExists => {
                Ok(Ok(Vec::new()))
            }
            Err(SubmitError::Rejected(rejection)) => {
                self.added.refused += 1;
                Ok(Err(rejection))
            }
            Err(error) => Err(Failure::unexpected(error)),
        }
    }

    /// The codes of a ticket, as they are printed.
    pub(super) fn codes(&self, ticket: soticket_schema::TicketId) -> Result<Vec<String>, Failure> {
        self.ledger.codes(self.organisation, ticket).map_err(Failure::unexpected)
    }
}
