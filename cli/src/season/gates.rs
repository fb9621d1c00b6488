//! The doors open: codes are read online and off, some go out and come in again, some are shown at two gates.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::days;
use super::driver::{Driver, Order};
use super::sales::Live;
use super::terms::{OFFLINE, ONLINE};
use super::venue::{GATES, SeasonShow};
use crate::failure::Failure;

/// Shows whose visitors are scanned: the first of each hall.
const SCANNED: u64 = 3;
/// The show whose gates ask the ledger about each of the first so many.
const ASKED: (u64, usize) = (1, 200);
/// Seconds between two scans, and until somebody who went out is back.
const SCAN_SECONDS: i64 = 4;
const BACK_SECONDS: i64 = 1_800;
/// Every so many scans: somebody goes out and comes in again; somebody shows the same code at the other gate.
const OUT_EVERY: u64 = 40;
const TWICE_EVERY: u64 = 45;

/// One reading.
struct Reading {
    device: ActorId,
    direction: Direction,
    nonce: u64,
    /// After the gates began to work.
    seconds: i64,
}

/// What the gates of a show read in its evening.
pub(super) fn evening(driver: &mut Driver<'_>, show: &SeasonShow, live: &[Live]) -> Result<(), Failure> {
    if show.place >= SCANNED {
        return Ok(());
    }
    let mut scans = Vec::new();
    let mut asked = Vec::new();
    let own = live.iter().filter(|live| live.show == show.show);
    for (number, sold) in own.enumerate() {
        let Some(code) = driver.codes(sold.ticket)?.into_iter().next() else { continue };
        if show.place == ASKED.0 && number < ASKED.1 {
            asked.push(redeem(show, &code, number as u64));
            continue;
        }
        scans.extend(readings(number as u64 + 1).map(|reading| scan(show, &code, reading)));
    }
    driver.all(asked)?;
    // A device that was offline tells of what it has seen when the others are long done.
    scans.sort_by_key(|(offline, _)| *offline);
    driver.all(scans.into_iter().map(|(_, scan)| scan).collect())?;
    Ok(())
}

fn readings(number: u64) -> impl Iterator<Item = Reading> {
    let seconds = i64::try_from(number).unwrap_or(0) * SCAN_SECONDS;
    let device = if number.is_multiple_of(3) { OFFLINE } else { ONLINE };
    let other = if device == ONLINE { OFFLINE } else { ONLINE };
    let reading = |device, direction, step: u64, later| Reading {
        device,
        direction,
        nonce: number * 10 + step,
        seconds: seconds + later,
    };
    let mut all = vec![reading(device, Direction::Entry, 0, 0)];
    if number.is_multiple_of(OUT_EVERY) {
        all.push(reading(device, Direction::Exit, 1, BACK_SECONDS / 2));
        all.push(reading(device, Direction::Entry, 2, BACK_SECONDS));
    } else if number.is_multiple_of(TWICE_EVERY) {
        all.push(reading(other, Direction::Entry, 3, SCAN_SECONDS / 2));
    }
    all.into_iter()
}

fn scan(show: &SeasonShow, code: &str, reading: Reading) -> (bool, Order) {
    let offline = reading.device == OFFLINE;
    let body = CommandBody::ReportScan(ReportScan {
        show: show.show,
        code: code.into(),
        gate: if offline { GateId(2) } else { GateId(1) },
        device: reading.device,
        nonce: show.place << 32 | reading.nonce,
        direction: reading.direction,
        offline,
        decision: GateDecision::Admitted,
    });
    let begin = days::at(show.day, 18 * 60);
    let order = Order {
        key: format!("season/scan/{}/{}", show.place, reading.nonce),
        at: Some(Timestamp(begin.0 + reading.seconds * 1_000_000)),
        actor: ActorId(0),
        body,
    };
    (offline, order)
}

/// Asked of the ledger while the person waits.
fn redeem(show: &SeasonShow, code: &str, number: u64) -> Order {
    let body = CommandBody::RedeemTicket(RedeemTicket {
        shows: vec![show.show],
        code: code.into(),
        gate: GateId(GATES),
        device: ONLINE,
        nonce: show.place << 32 | 1 << 31 | number,
        direction: Direction::Entry,
        ignore_unpaid: false,
    });
    Order { key: format!("season/redeem/{}/{number}", show.place), at: None, actor: ActorId(0), body }
}
