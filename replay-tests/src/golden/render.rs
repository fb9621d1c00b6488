//! What the projections of an organisation hold, as text with one fact to a line.

use std::fmt::Write as _;

use soticket_projections::{OrganisationViews, Projections};
use soticket_schema::{OrganisationId, ShowId};

/// Writes it all.
pub(super) fn organisation(
    projections: &Projections,
    organisation: OrganisationId,
    text: &mut String,
) -> Option<()> {
    let views = projections.view(organisation, |views| {
        let mut text = format!("organisation {organisation}\n");
        let _ = writeln!(text, "  {} events, head {}", views.folded(), views.head());
        let shows: Vec<ShowId> = views.catalogue.shows().map(|show| show.show()).collect();
        shows.into_iter().for_each(|number| show(views, number, &mut text));
        money(views, &mut text);
        customers(views, &mut text);
        text
    })?;
    text.push_str(&views);
    let (_, digests) = projections.digests(organisation)?;
    for digest in digests {
        let _ = writeln!(text, "  digest of {} version {}: {}", digest.name, digest.version, digest.digest);
    }
    Some(())
}

fn show(views: &OrganisationViews, show: ShowId, text: &mut String) {
    let _ = writeln!(text, "  show {show}");
    if let Some(places) = views.availability.show(show) {
        let _ = writeln!(text, "    places {:?}", places.total);
        for zone in places.zones {
            let _ = writeln!(text, "    zone {} {:?}, pool {:?}", zone.zone, zone.total, zone.pool);
            list(text, "      channel", zone.channels);
        }
    }
    if let Some(statement) = views.settlement.show(show) {
        list(text, "    line", statement.lines);
        list(text, "    free line", statement.free_lines);
        list(text, "    free", statement.free_by_reason);
        list(text, "    paid", [statement.paid]);
        list(text, "    free", [statement.free]);
        let _ = writeln!(text, "    entries {} of {}", statement.entries, statement.authorised_capacity);
        list(text, "    VAT", statement.vat);
        list(text, "    fee", statement.fees);
        list(text, "    item", statement.items);
        list(text, "    money", statement.money);
    }
    list(text, "    day", views.sales.show(show));
    if let Some(attendance) = views.attendance.show(show) {
        let (valid, scans, scanned) = (attendance.valid, attendance.scans, attendance.scanned);
        let _ = writeln!(text, "    attendance: {valid} valid, {scans} scans, {scanned} entered");
        let (present, peak, no_show) = (attendance.present, attendance.peak, attendance.no_show);
        let _ = writeln!(text, "    attendance: {present} present, peak {peak}, {no_show} missing");
        list(text, "    gate", &attendance.gates);
        list(text, "    anomaly", &attendance.anomalies);
    }
}

fn money(views: &OrganisationViews, text: &mut String) {
    let settlement = views.settlement.organisation();
    list(text, "  money", &settlement.money);
    let _ = writeln!(text, "  orders {:?}, open {:?}", settlement.orders, settlement.open);
    list(text, "  product", &settlement.products);
}

fn customers(views: &OrganisationViews, text: &mut String) {
    let anonymous = views.customers.anonymous();
    let _ = writeln!(text, "  customers {}", views.customers.count());
    let _ = writeln!(
        text,
        "  anonymous: {} orders, {} tickets, spend {:?}",
        anonymous.orders.len(),
        anonymous.tickets,
        anonymous.spend
    );
    list(text, "  customer", views.customers.list(None, 20));
}

fn list<T: std::fmt::Debug>(text: &mut String, title: &str, items: impl IntoIterator<Item = T>) {
    for item in items {
        let _ = writeln!(text, "{title} {item:?}");
    }
}
