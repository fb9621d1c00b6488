//! The projections on the real ledger: live sales over a restart, and earlier moments.
#![expect(clippy::unwrap_used, reason = "tests")]

#[expect(dead_code, reason = "shared with the ledger's own tests")]
#[path = "../../ledger/tests/support/venue.rs"]
mod venue;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use soticket_ledger::{Ledger, Options};
use soticket_projections::orders::OrderState;
use soticket_projections::{AsOf, Projections};
use soticket_schema::command::{CancelTickets, TicketToCancel};
use soticket_schema::event::v1::{CancelReason, Leg};
use soticket_schema::{Amount, CommandBody, OrganisationId};
use venue::{Venue, command, fixed_clock, lines};

const ORGANISATION: OrganisationId = OrganisationId([5; 16]);
const SOON: Duration = Duration::from_secs(20);

fn open(data: &Path) -> (Ledger, Arc<Projections>) {
    let ledger = Ledger::open(data, Options { clock: fixed_clock(), ..Options::default() }).unwrap();
    let options =
        soticket_projections::Options { snapshots: Some(data.join("snapshots")), ..Default::default() };
    (ledger.clone(), Projections::start(ledger, options).unwrap())
}

#[test]
fn sales_are_seen_at_once_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (ledger, projections) = open(&data);
    let venue = Venue::open(&ledger, ORGANISATION, 100, 50, 30);
    let sale = ledger.submit_blocking(venue.sale("sale", venue.web, 3, "ana@example.org")).unwrap();
    let (order, ticket) = (lines(&sale).order, lines(&sale).tickets[0].ticket);
    let cancel = CommandBody::CancelTickets(CancelTickets {
        order,
        tickets: vec![TicketToCancel { ticket, fee_kept: false }],
        items: vec![],
        reason: CancelReason::Customer,
        refund: vec![Leg { method: venue.card, amount: Amount(2_400) }],
    });
    let cancelled = ledger.submit_blocking(command(ORGANISATION, "cancel", cancel)).unwrap();
    assert!(projections.wait_for_blocking(ORGANISATION, cancelled.position(), SOON));

    let look = |projections: &Projections| {
        projections.view(ORGANISATION, |views| {
            let places = views.availability.show(venue.show).unwrap().zones.remove(0);
            let left: Vec<_> = places.channels.iter().map(|row| (row.channel, row.sold, row.left)).collect();
            let order = views.orders.order(order).unwrap();
            (left, places.pool.left, order.state, order.open, views.settlement.show(venue.show).unwrap().paid)
        })
    };
    let seen = look(&projections).unwrap();
    assert_eq!(seen.0, [(venue.web, 2, 48), (venue.desk, 0, 30)]);
    assert_eq!((seen.1, seen.2, seen.3), (20, OrderState::Paid, Amount::ZERO));
    assert_eq!((seen.4.issued, seen.4.cancelled, seen.4.taxed.gross), (3, 1, Amount(4_800)));
    let before = projections.as_of(ORGANISATION, venue.show, AsOf::Position(sale.position())).unwrap();
    assert_eq!((before.settlement.unwrap().paid.net, before.hash), (3, sale.hash()));

    let digests = projections.digests(ORGANISATION).unwrap();
    projections.close();
    drop(projections);
    ledger.close();
    drop(ledger);
    let (ledger, projections) = open(&data);
    assert_eq!(look(&projections).unwrap(), seen);
    assert_eq!(projections.digests(ORGANISATION).unwrap(), digests);
    let rebuilt = Projections::start(ledger, soticket_projections::Options::default()).unwrap();
    assert_eq!(rebuilt.digests(ORGANISATION).unwrap(), digests);
}
