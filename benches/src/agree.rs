//! Compares what the projections say with what the workload itself counted.

use anyhow::{Context, Result, ensure};
use soticket_projections::OrganisationViews;
use soticket_schema::ids::ShowId;

use crate::workload::{ShowTally, Tally, expect};

/// Every figure that the workload keeps, from every projection that tells it.
pub(crate) fn check(views: &OrganisationViews, tally: &Tally) -> Result<()> {
    for (show, counted) in &tally.shows {
        check_show(views, *show, counted).with_context(|| format!("show {show}"))?;
    }
    let money = views.settlement.organisation();
    expect("settlement: money in", money.paid, tally.paid)?;
    expect("settlement: money back", money.returned, tally.returned)?;
    expect("orders", views.orders.count() as u64, tally.orders)?;
    expect("customers", views.customers.count() as u64, tally.buyers)?;
    Ok(())
}

fn check_show(views: &OrganisationViews, show: ShowId, counted: &ShowTally) -> Result<()> {
    let net = counted.issued - counted.cancelled;
    let places = views.availability.show(show).context("no availability")?;
    expect("availability: sold", places.total.sold, net)?;
    expect("availability: held", places.total.held, counted.held)?;

    let statement = views.settlement.show(show).context("no settlement")?;
    let found = (statement.paid.issued, statement.paid.cancelled, statement.paid.taxed.gross);
    expect(
        "settlement: issued, cancelled, gross",
        found,
        (counted.issued, counted.cancelled, counted.gross),
    )?;
    ensure!(
        statement.paid.taxed.net + statement.paid.taxed.vat == counted.gross,
        "net and VAT miss the gross"
    );

    let days = views.sales.show(show);
    expect("sales: issued", days.iter().map(|day| day.issued).sum(), counted.issued)?;
    expect("sales: net amount", days.iter().map(|day| day.net_amount).sum(), counted.gross)?;

    if let Some(attendance) = views.attendance.show(show) {
        expect("attendance: valid", attendance.valid, net)?;
        expect("attendance: scanned", attendance.scanned, counted.entered)?;
    }
    Ok(())
}
