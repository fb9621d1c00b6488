//! Sends a plan's steps to the ledger: many in flight, in order, each waiting only for the receipts whose ids it needs.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use indicatif::ProgressBar;
use soticket_ledger::{Entry, Ledger, Receipt, SubmitError};
use soticket_schema::event::v1::ActorKind;
use soticket_schema::{ActorId, Command, Currency, OrganisationId, Rejection, RejectionCode};
use tokio::task::unconstrained;

use super::ImportError;
use super::book::{Book, Kind, Missing};
use super::identity::key;
use super::lookup::{self, Recorded};
use super::plan::Plan;
use super::refusal::{Fault, Refusal};
use super::resolve::resolve;
use super::step::{Ask, Step};

/// Commands in flight at most: enough to fill a round of the ledger, far below its queue.
const WINDOW: usize = 1_024;
/// Label of the actor that imports are recorded under.
const IMPORTER: &str = "import";

/// What became of a step.
pub(crate) enum Outcome<'a> {
    /// It is in the log now.
    Taken(&'a [Entry]),
    /// It was in the log before.
    Known(&'a [Entry]),
    /// It is not in the log.
    Refused(Refusal),
}

type Answer = Pin<Box<dyn Future<Output = Result<Receipt, SubmitError>> + Send>>;

/// One import under way.
struct Run<'a> {
    ledger: &'a Ledger,
    organisation: OrganisationId,
    actor: ActorId,
    book: Book,
    flying: VecDeque<(&'a Step, Answer)>,
    progress: &'a ProgressBar,
    tell: &'a mut dyn FnMut(&Step, Outcome<'_>),
    recorded: Option<Recorded>,
}

/// Opens the organisation if needed and sends every step; `tell` hears of each outcome, in order.
///
/// # Errors
/// The ledger stopped, or the organisation cannot be opened.
pub(crate) async fn run(
    ledger: &Ledger,
    plan: &Plan,
    progress: &ProgressBar,
    tell: &mut dyn FnMut(&Step, Outcome<'_>),
) -> Result<(), ImportError> {
    let mut run = Run::new(ledger, plan, Book::default(), progress, tell);
    let opening = opening(plan);
    let importer = importer(plan);
    run.alone(&opening).await?;
    run.alone(&importer).await?;
    run.steps(plan).await
}

/// As [`run`], into an organisation that is open, with what is known of it.
///
/// # Errors
/// The ledger stopped.
pub(crate) async fn run_into(
    ledger: &Ledger,
    plan: &Plan,
    book: Book,
    progress: &ProgressBar,
    tell: &mut dyn FnMut(&Step, Outcome<'_>),
) -> Result<(), ImportError> {
    let mut run = Run::new(ledger, plan, book, progress, tell);
    let importer = importer(plan);
    run.alone(&importer).await?;
    run.steps(plan).await
}

fn opening(plan: &Plan) -> Step {
    Step::define(
        plan.place.clone(),
        key(&["import", "organisation"]),
        Ask::Organisation(plan.opening.clone()),
    )
}

fn importer(plan: &Plan) -> Step {
    let ask = Ask::Actor { name: IMPORTER.to_owned(), kind: ActorKind::Importer };
    Step::define(plan.place.clone(), key(&["import", "importer"]), ask)
}

impl<'a> Run<'a> {
    fn new(
        ledger: &'a Ledger,
        plan: &Plan,
        book: Book,
        progress: &'a ProgressBar,
        tell: &'a mut dyn FnMut(&Step, Outcome<'_>),
    ) -> Self {
        let (organisation, actor, flying) = (plan.organisation, ActorId(0), VecDeque::new());
        Self { ledger, organisation, actor, book, flying, progress, tell, recorded: None }
    }

    /// Sends every step of the plan under the importer's name.
    async fn steps(&mut self, plan: &'a Plan) -> Result<(), ImportError> {
        self.actor = ActorId(self.book.small(Kind::Actor, IMPORTER).unwrap_or(0));
        for step in &plan.steps {
            self.send(step).await?;
            while self.flying.len() >= WINDOW {
                self.land().await?;
            }
        }
        while self.land().await? {}
        Ok(())
    }

    /// Sends a step and waits for it: what follows needs its outcome, whatever it is.
    async fn alone(&mut self, step: &'a Step) -> Result<(), ImportError> {
        self.send(step).await?;
        while self.land().await? {}
        Ok(())
    }

    /// Puts a step's command into the ledger's queue, after those sent before.
    async fn send(&mut self, step: &'a Step) -> Result<(), ImportError> {
        let body = loop {
            match resolve(&step.ask, &self.book) {
                Ok(body) => break body,
                // What it refers to may still be in flight; once nothing is, it was refused.
                Err(missing) => {
                    if !self.land().await? {
                        self.finish(step, Outcome::Refused(depends_on(step, &missing)));
                        return Ok(());
                    }
                }
            }
        };
        let command = Command {
            organisation: self.organisation,
            actor: self.actor,
            key: step.key.clone(),
            occurred_at: step.at,
            body,
        };
        let ledger = self.ledger.clone();
        // The first poll puts the command into the queue, so that commands stand there in the order of the steps. It
        // must not be put off: a task that has used up its share of the runtime would else be overtaken by the next.
        let mut answer: Answer = Box::pin(unconstrained(async move { ledger.submit(command).await }));
        match std::future::poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await {
            Poll::Ready(result) => {
                let result = Box::pin(std::future::ready(result));
                self.flying.push_back((step, result));
            }
            Poll::Pending => self.flying.push_back((step, answer)),
        }
        Ok(())
    }

    /// Waits for the oldest step in flight. False when there is none.
    async fn land(&mut self) -> Result<bool, ImportError> {
        let Some((step, answer)) = self.flying.pop_front() else { return Ok(false) };
        match answer.await {
            Ok(receipt) => {
                self.book.learn(step, receipt.entries());
                let outcome = if receipt.replayed { Outcome::Known } else { Outcome::Taken };
                self.finish(step, outcome(receipt.entries()));
            }
            Err(SubmitError::Rejected(rejection)) => self.rejected(step, &rejection)?,
            Err(error) => return Err(ImportError::Stopped(error.to_string())),
        }
        Ok(true)
    }

    /// What stands in the log with other terms stays as it is, and what names it goes on.
    fn rejected(&mut self, step: &'a Step, rejection: &Rejection) -> Result<(), ImportError> {
        let refusal = place(step).rejected(rejection);
        if let (
            Ask::Organisation(open),
            RejectionCode::OrganisationExists | RejectionCode::IdempotencyKeyReused,
        ) = (&step.ask, rejection.code)
        {
            self.same_currency(step, open.currency)?;
        }
        match (&step.ask, rejection.code) {
            (Ask::Organisation(_), RejectionCode::OrganisationExists)
            | (Ask::Open { .. }, RejectionCode::ShowAlreadyOpen) => self.finish(step, Outcome::Known(&[])),
            (
                Ask::Sale(_) | Ask::Payment { .. } | Ask::Return { .. },
                RejectionCode::IdempotencyKeyReused,
            ) if step.lenient => return self.changed(step),
            (ask, RejectionCode::IdempotencyKeyReused | RejectionCode::ReferenceTaken) => {
                lookup::existing(self.ledger, self.organisation, ask, &mut self.book)?;
                let outcome = if step.lenient { Outcome::Known(&[]) } else { Outcome::Refused(refusal) };
                self.finish(step, outcome);
            }
            // Without the organisation there is nothing to import into.
            (Ask::Organisation(_), _) => return Err(ImportError::Refused(vec![refusal])),
            _ => self.finish(step, Outcome::Refused(refusal)),
        }
        Ok(())
    }

    /// An organisation can have events in several currencies, and its log has one: amounts of another would be recorded
    /// as if they were of this one.
    fn same_currency(&self, step: &Step, currency: Currency) -> Result<(), ImportError> {
        let recorded = lookup::currency(self.ledger, self.organisation)?;
        if recorded.is_none_or(|recorded| recorded == currency) {
            return Ok(());
        }
        let message = format!(
            "the source is in {currency}, the organisation's log in {}",
            recorded.map_or("", Currency::code)
        );
        Err(ImportError::Refused(vec![place(step).refuse(Fault::CurrencyMismatch, message)]))
    }

    /// A fact whose buyer, seat, code or way of paying is called otherwise in the source since it was recorded is known if
    /// the money is the same.
    fn changed(&mut self, step: &Step) -> Result<(), ImportError> {
        let recorded = match self.recorded.take() {
            Some(recorded) => recorded,
            None => Recorded::read(self.ledger, self.organisation, self.actor)?,
        };
        match recorded.same_money(step, &self.book) {
            Some(entry) => {
                let entries = std::slice::from_ref(entry);
                self.book.learn(step, entries);
                self.finish(step, Outcome::Known(entries));
            }
            None => {
                let message = "something else was recorded of the order at this time";
                self.finish(step, Outcome::Refused(place(step).refuse(Fault::HistoryChanged, message)));
            }
        }
        self.recorded = Some(recorded);
        Ok(())
    }

    fn finish(&mut self, step: &Step, outcome: Outcome<'_>) {
        self.progress.inc(1);
        (self.tell)(step, outcome);
    }
}

fn place(step: &Step) -> super::refusal::Place {
    step.places.first().cloned().unwrap_or_default()
}

fn depends_on(step: &Step, missing: &Missing) -> Refusal {
    let kind = format!("{:?}", missing.kind).to_lowercase();
    let what = format!("{kind} {}", super::refusal::quoted(&missing.name));
    place(step).refuse(Fault::DependsOnRefused, format!("{what} was not taken"))
}
