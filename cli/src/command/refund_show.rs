//! `soticket refund-show SHOW`: returns all money of a cancelled show, from wherever an earlier run stopped.

use clap::Args;
use soticket_ledger::{Ledger, Receipt, SubmitError};
use soticket_projections::catalogue::RefundProgress;
use soticket_schema::command::{AdvanceShowRefund, BeginShowRefund};
use soticket_schema::limits::REFUND_ORDERS_MAX;
use soticket_schema::{ActorId, Command, CommandBody, Event, OrganisationId, RejectionCode, ShowId};

use serde::Serialize;

use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;

/// Which refund.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Reference or number of the show, which is cancelled
    pub show: String,
    /// Organisation, if several have such a show
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// Keep fees on top and fees of orders; said when a refund is begun and kept to its end
    #[arg(long)]
    pub keep_fees: bool,
    /// Orders of one batch
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=i64::from(REFUND_ORDERS_MAX)))]
    pub orders: u32,
    /// Stop after so many batches; the next run goes on from there
    #[arg(long, value_name = "NUMBER")]
    pub batches: Option<u64>,
}

/// How far the refund is.
#[derive(Serialize)]
struct Report {
    organisation: String,
    show: u64,
    run: u32,
    fees_kept: bool,
    orders: u64,
    orders_done: u64,
    tickets_done: u64,
    amount: String,
    amount_done: String,
    currency: &'static str,
    finished: bool,
}

/// Begins the refund or goes on with it, and tells how far it is.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let (organisation, show) = opened.show(&arguments.show, arguments.organisation)?;
    let refund = Refund { ledger: &opened.ledger, organisation, show };
    let done = refund.drive(progress_of(&opened, organisation, show)?, arguments);
    let report = done.and_then(|()| report(&opened, organisation, show));
    opened.close();
    let report = report?;
    if json {
        output::json(&report)?;
    } else {
        output::text_out(&report.text())?;
    }
    Ok(Exit::Done)
}

/// The show's refund as the read models have it.
fn progress_of(
    opened: &Opened,
    organisation: OrganisationId,
    show: ShowId,
) -> Result<Option<RefundProgress>, Failure> {
    opened.view(organisation, |views| views.catalogue.show(show).and_then(|info| info.refund))
}

/// One show's refund.
struct Refund<'a> {
    ledger: &'a Ledger,
    organisation: OrganisationId,
    show: ShowId,
}

impl Refund<'_> {
    fn drive(&self, before: Option<RefundProgress>, arguments: &Arguments) -> Result<(), Failure> {
        let under_way = before.filter(|progress| progress.finished_at.is_none());
        let (orders, done) = match (under_way, before) {
            (Some(progress), _) if progress.fees_kept != arguments.keep_fees => {
                let kept = if progress.fees_kept { "keeps" } else { "returns" };
                let message = format!("the refund that was begun {kept} the fees: go on with it as it is");
                return Err(Failure::new(Exit::Refused, "REFUND_UNDER_WAY", message));
            }
            (Some(progress), _) => (progress.orders, progress.orders_done),
            (None, last) => match self.begin(last.map_or(1, |last| last.run.saturating_add(1)), arguments) {
                Ok(orders) => (orders, 0),
                // All of it was returned by an earlier run.
                Err(failure) if last.is_some() && failure.code == RejectionCode::NothingToRefund.code() => {
                    return Ok(());
                }
                Err(failure) => return Err(failure),
            },
        };
        let progress = output::progress("refund");
        progress.set_length(orders);
        progress.set_position(done);
        for _ in 0..arguments.batches.unwrap_or(u64::MAX) {
            let receipt = self.submit("advance", self.advance(arguments.orders))?;
            let mut finished = false;
            for entry in receipt.entries() {
                match &entry.event {
                    Event::ShowRefundAdvanced(advanced) => progress.inc(advanced.orders),
                    Event::ShowRefundFinished(_) => finished = true,
                    _ => {}
                }
            }
            if finished {
                break;
            }
        }
        progress.finish_and_clear();
        Ok(())
    }

    /// Begins a refund; tells how many orders it has.
    fn begin(&self, run: u32, arguments: &Arguments) -> Result<u64, Failure> {
        let body = BeginShowRefund { show: self.show, fees_kept: arguments.keep_fees };
        let receipt = self.submit(&format!("begin-{run}"), CommandBody::BeginShowRefund(body))?;
        let begun = receipt.entries().iter().find_map(|entry| match &entry.event {
            Event::ShowRefundBegun(begun) => Some(begun.orders),
            _ => None,
        });
        Ok(begun.unwrap_or(0))
    }

    fn advance(&self, orders: u32) -> CommandBody {
        CommandBody::AdvanceShowRefund(AdvanceShowRefund { show: self.show, orders })
    }

    /// Nobody else writes while the folder is open here: where the log ends names the step.
    fn submit(&self, step: &str, body: CommandBody) -> Result<Receipt, Failure> {
        let length = self.ledger.head(self.organisation).map_or(0, |head| head.length);
        let command = Command {
            organisation: self.organisation,
            actor: ActorId(0),
            key: format!("refund-show/{}/{step}/{length}", self.show),
            occurred_at: None,
            body,
        };
        self.ledger.submit_blocking(command).map_err(|error| match error {
            SubmitError::Rejected(rejection) => {
                Failure::new(Exit::Refused, rejection.code.code(), rejection.code.advice())
            }
            other => Failure::new(Exit::Unexpected, "LEDGER_STOPPED", other.to_string()),
        })
    }
}

fn report(opened: &Opened, organisation: OrganisationId, show: ShowId) -> Result<Report, Failure> {
    let last = opened.ledger.head(organisation).map_or(0, |head| head.length.saturating_sub(1));
    opened.projections.wait_for_blocking(organisation, last, std::time::Duration::from_secs(60));
    let progress = progress_of(opened, organisation, show)?
        .ok_or_else(|| Failure::unexpected("the read models do not know of the refund yet"))?;
    let currency = opened.view(organisation, |views| {
        views.catalogue.organisation().map_or_else(Default::default, |organisation| organisation.currency)
    })?;
    Ok(Report {
        organisation: organisation.to_string(),
        show: show.0,
        run: progress.run,
        fees_kept: progress.fees_kept,
        orders: progress.orders,
        orders_done: progress.orders_done,
        tickets_done: progress.tickets_done,
        amount: progress.amount.display(currency),
        amount_done: progress.amount_done.display(currency),
        currency: currency.code(),
        finished: progress.finished_at.is_some(),
    })
}

impl Report {
    fn text(&self) -> String {
        let Self { orders, orders_done, tickets_done, amount, amount_done, currency, .. } = self;
        let fees = if self.fees_kept { "kept" } else { "returned" };
        let state = if self.finished { "finished" } else { "not finished: run the command again to go on" };
        format!(
            "Refund {} of show {}: {state}\nOrders: {orders_done} of {orders}\nTickets cancelled: {tickets_done}\n\
             Returned: {amount_done} of {amount} {currency}\nFees: {fees}\n",
            self.run, self.show
        )
    }
}
