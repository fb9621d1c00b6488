//! The engine against logs in memory: rebuilding, following, gaps, snapshots, earlier moments.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::Span;
use jiff::civil::Date;
use proptest::prelude::*;
use soticket_ledger::Entry;
use soticket_schema::event::v1::{ChannelClosed, ShowPostponed};
use soticket_schema::{ChannelId, Rounding, ShowId, Timestamp};
use tempfile::TempDir;

use super::*;
use crate::testing::logs::Logs;
use crate::testing::venue::Venue;
use crate::testing::{LogBuilder, ORGANISATION, hostile};

const SOON: Duration = Duration::from_secs(20);

fn start(logs: &Logs, snapshots: Option<&Path>) -> Arc<Projections> {
    let options = Options { snapshots: snapshots.map(Path::to_owned), ..Options::default() };
    Projections::start_from(Box::new(logs.clone()), options).unwrap()
}

/// An honest log with so many choices.
fn venue(choices: u64) -> LogBuilder {
    let mut venue = Venue::new(Rounding::Document);
    // Fixed, well spread numbers.
    (1..=choices).for_each(|choice| venue.act(choice.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    venue.log
}

fn digests(projections: &Projections) -> (u64, Vec<ProjectionDigest>) {
    projections.digests(ORGANISATION).unwrap()
}

fn rebuilt(log: &LogBuilder) -> (u64, Vec<ProjectionDigest>) {
    digests(&start(&Logs::of(log), None))
}

/// The views of an organisation after folding the entries in steps of these lengths.
fn folded(entries: &[Entry], mut steps: impl Iterator<Item = usize>) -> OrganisationViews {
    let mut views = OrganisationViews::new(ORGANISATION);
    let mut rest = entries;
    while !rest.is_empty() {
        let (step, later) = rest.split_at(steps.next().unwrap_or(1).clamp(1, rest.len()));
        views.fold(step).unwrap();
        rest = later;
    }
    views
}

/// The canonical bytes of every partition.
fn bytes(views: &OrganisationViews) -> BTreeMap<(&'static str, u8, u64), Vec<u8>> {
    let mut all = BTreeMap::new();
    for feed in views.feeds() {
        feed.partitions(&mut |key, bytes| {
            all.insert((feed.name(), key.family, key.id), bytes);
        });
    }
    all
}

#[test]
fn what_is_recorded_while_running_is_followed() {
    let log = venue(300);
    let (before, after) = log.entries.split_at(100);
    let logs = Logs::default();
    logs.append(before, false);
    let projections = start(&logs, None);
    assert_eq!(projections.position(ORGANISATION), Some(99));
    assert!(!projections.wait_for_blocking(ORGANISATION, 100, Duration::from_millis(5)));
    after.chunks(7).for_each(|batch| logs.append(batch, true));
    let last = log.entries.len() as u64 - 1;
    assert!(projections.wait_for_blocking(ORGANISATION, last, SOON));
    assert_eq!(digests(&projections), rebuilt(&log));
    let status = projections.status().remove(0);
    assert_eq!((status.folded, status.recorded, status.failure), (last + 1, last + 1, None));
}

#[test]
fn lost_doubled_and_early_batches_are_made_good_from_the_log() {
    let log = venue(300);
    let logs = Logs::default();
    let projections = start(&logs, None);
    for (number, batch) in log.entries.chunks(11).enumerate() {
        match number % 4 {
            0 => logs.append(batch, true),
            1 => logs.append(batch, false),
            2 => {
                logs.append(batch, true);
                logs.tell(batch);
            }
            // Overlaps what was told before.
            _ => {
                logs.append(batch, false);
                logs.tell(&log.entries[number * 11 - 5..number * 11 + batch.len()]);
            }
        }
    }
    // The last batch may be one that was lost: no later one tells of it.
    assert!(projections.wait_for_blocking(ORGANISATION, log.entries.len() as u64 - 1, SOON));
    assert_eq!(digests(&projections), rebuilt(&log));
}

#[test]
fn tasks_can_wait_too_and_an_organisation_may_be_new() {
    let (log, logs) = (venue(50), Logs::default());
    let projections = start(&logs, None);
    let last = log.entries.len() as u64 - 1;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    assert!(!runtime.block_on(projections.wait_for(ORGANISATION, 0, Duration::from_millis(5))));
    logs.append(&log.entries, true);
    assert!(runtime.block_on(projections.wait_for(ORGANISATION, last, SOON)));
    assert_eq!(*projections.watch(ORGANISATION).unwrap().borrow(), last + 1);
    assert!(projections.view(soticket_schema::OrganisationId([9; 16]), |_| ()).is_none());
    assert_eq!(projections.organisations(), [ORGANISATION]);
}

#[test]
fn a_log_that_does_not_follow_is_noted_and_folds_nothing() {
    let log = venue(100);
    let logs = Logs::default();
    logs.append(&log.entries[..50], false);
    let projections = start(&logs, None);
    let mut forged = log.entries[50].clone();
    forged.envelope.previous = soticket_schema::Hash([1; 32]);
    logs.append(&[forged], true);
    for _ in 0..2_000 {
        if projections.status()[0].failure.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let status = projections.status().remove(0);
    assert!(status.failure.unwrap().starts_with("CHAIN_BROKEN"));
    assert_eq!(status.folded, 50);
    let refused = Projections::start_from(Box::new(logs.clone()), Options::default()).unwrap_err();
    assert!(refused.to_string().starts_with("PROJECTION_LOG_UNREADABLE"), "{refused}");
    // Once the log is whole again it is followed.
    logs.truncate(50);
    logs.append(&log.entries[50..], true);
    assert!(projections.wait_for_blocking(ORGANISATION, log.entries.len() as u64 - 1, SOON));
    assert_eq!(projections.status()[0].failure, None);
    logs.set_unreadable(true);
    assert!(Projections::start_from(Box::new(logs), Options::default()).is_err());
}

#[test]
fn snapshots_spare_the_log_and_give_the_same_state() {
    let (log, folder) = (venue(300), TempDir::new().unwrap());
    let logs = Logs::default();
    logs.append(&log.entries[..200], false);
    start(&logs, Some(folder.path())).close();
    logs.append(&log.entries[200..], false);
    let again = start(&logs, Some(folder.path()));
    assert_eq!(logs.entries_read(), log.entries.len(), "200 entries once, the rest once");
    assert_eq!(digests(&again), rebuilt(&log));
    again.close();
    again.close();
    let third = start(&logs, Some(folder.path()));
    assert_eq!(logs.entries_read(), log.entries.len(), "nothing is read again");
    assert_eq!(digests(&third), rebuilt(&log));
}

#[test]
fn a_snapshot_that_is_damaged_in_any_way_is_rebuilt() {
    let (log, folder) = (venue(120), TempDir::new().unwrap());
    let (logs, expected) = (Logs::of(&log), rebuilt(&log));
    start(&logs, Some(folder.path())).close();
    let organisation = snapshot::folder(folder.path(), ORGANISATION);
    let files: Vec<_> = fs::read_dir(&organisation).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), views::COUNT);
    for (number, file) in files.iter().enumerate() {
        let whole = fs::read(file).unwrap();
        let other = fs::read(&files[(number + 1) % files.len()]).unwrap();
        let flip = |place: usize| {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << (place % 8);
            Some(flipped)
        };
        let damages = [
            None,
            Some(Vec::new()),
            Some(whole[..whole.len() / 2].to_vec()),
            Some(other),
            flip(0),
            flip(20),
            flip(whole.len() / 2),
            flip(whole.len() - 1),
        ];
        for (case, damage) in damages.into_iter().enumerate() {
            match damage {
                Some(bytes) => fs::write(file, bytes).unwrap(),
                None => fs::remove_file(file).unwrap(),
            }
            let before = logs.entries_read();
            let projections = start(&logs, Some(folder.path()));
            assert_eq!(digests(&projections), expected, "{file:?} case {case}");
            assert_eq!(logs.entries_read() - before, log.entries.len(), "{file:?} case {case}");
            projections.close();
            fs::write(file, &whole).unwrap();
        }
    }
}

#[test]
fn a_snapshot_of_another_history_is_rebuilt() {
    let folder = TempDir::new().unwrap();
    let (log, other) = (venue(100), {
        let mut log = LogBuilder::default();
        log.push(Timestamp(0), ChannelClosed { channel: ChannelId(1) });
        (0..400).for_each(|_| {
            log.push(Timestamp(0), ChannelClosed { channel: ChannelId(2) });
        });
        log
    });
    start(&Logs::of(&log), Some(folder.path())).close();
    let mut short = log.clone();
    short.entries.truncate(20);
    // A longer log that has another entry at the snapshot's position, and a log that ends before it.
    for history in [&other, &short] {
        let projections = start(&Logs::of(history), Some(folder.path()));
        assert_eq!(digests(&projections), rebuilt(history));
    }
}

#[test]
fn snapshots_are_written_while_running() {
    let (log, folder) = (venue(100), TempDir::new().unwrap());
    let logs = Logs::default();
    let options = Options { snapshots: Some(folder.path().to_owned()), snapshot_every: 50 };
    let projections = Projections::start_from(Box::new(logs.clone()), options).unwrap();
    logs.append(&log.entries, true);
    let last = snapshot::folder(folder.path(), ORGANISATION).join("index.snapshot");
    for _ in 0..2_000 {
        if last.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(last.exists());
    drop(projections);
}

#[test]
fn an_earlier_moment_is_what_the_views_were_then() {
    let log = venue(250);
    let projections = start(&Logs::of(&log), None);
    for position in (30..log.entries.len()).step_by(17) {
        let then = folded(&log.entries[..=position], std::iter::repeat(64));
        let entry = &log.entries[position];
        for show in [1, 2].map(ShowId) {
            let view = projections.as_of(ORGANISATION, show, AsOf::Position(position as u64)).unwrap();
            assert_eq!(view.availability, then.availability.show(show), "position {position}");
            assert_eq!(view.settlement, then.settlement.show(show), "position {position}");
            assert_eq!((view.position, view.hash), (position as u64, entry.hash));
            // An instant shows what has run out by then, a position what the log says of it.
            let instant = Timestamp(entry.envelope.recorded_at.0 + 999_999);
            let at_instant = projections.as_of(ORGANISATION, show, AsOf::Recorded(instant)).unwrap();
            assert_eq!(at_instant.availability, then.availability.show_at(show, instant));
            assert_eq!(AsOfView { availability: view.availability.clone(), ..at_instant }, view);
        }
    }
    let live = projections.view(ORGANISATION, |views| views.settlement.show(ShowId(1))).unwrap();
    let head = projections.as_of(ORGANISATION, ShowId(1), AsOf::Position(u64::MAX)).unwrap();
    assert_eq!((head.settlement.clone(), head.position), (live, log.entries.len() as u64 - 1));
    // The live views give without the log what folding gives once their position is not the last any more.
    let last = log.entries.len() - 1;
    let shorter = Logs::default();
    shorter.append(&log.entries[..last], false);
    let live = start(&shorter, None);
    for show in [1, 2].map(ShowId) {
        let before = shorter.positions_read();
        let view = live.as_of(ORGANISATION, show, AsOf::Position(u64::MAX)).unwrap();
        assert_eq!(shorter.positions_read() - before, 1, "only the last entry is read");
        let folded = projections.as_of(ORGANISATION, show, AsOf::Position(last as u64 - 1)).unwrap();
        assert_eq!(view, folded);
    }

    // What was folded lately is not folded again, and is no other moment.
    let logs = Logs::of(&log);
    let projections = start(&logs, None);
    let read = |at| {
        let before = logs.positions_read();
        let view = projections.as_of(ORGANISATION, ShowId(1), at).unwrap();
        (logs.positions_read() - before, view)
    };
    let moments: Vec<AsOf> = (40..49).map(AsOf::Position).collect();
    let first: Vec<_> = moments.iter().map(|at| read(*at).1).collect();
    let (read_again, again) = read(moments[8]);
    assert_eq!((read_again, &again), (1, &first[8]));
    let (forgotten, again) = read(moments[0]);
    assert!(forgotten > 1, "only so many are remembered");
    assert_eq!(again, first[0]);

    let unscheduled = projections.as_of(ORGANISATION, ShowId(2), AsOf::Position(0)).unwrap();
    assert_eq!((unscheduled.availability, unscheduled.settlement), (None, None));
    let error = |organisation, show, at| projections.as_of(organisation, ShowId(show), at).unwrap_err();
    let early = AsOf::Recorded(Timestamp::EARLIEST);
    assert_eq!(error(ORGANISATION, 1, early), AsOfError::BeforeLog);
    assert_eq!(error(ORGANISATION, 99, early), AsOfError::ShowUnknown);
    assert_eq!(error(soticket_schema::OrganisationId([1; 16]), 1, early), AsOfError::OrganisationUnknown);
}

#[test]
fn a_period_has_the_shows_that_began_in_it_as_they_stood_then() {
    let mut log = venue(250);
    let before = log.entries.len() as u64 - 1;
    let projections = start(&Logs::of(&log), None);
    let whole = (Date::constant(1990, 1, 1), Date::constant(2100, 1, 1));
    let all = projections.period(ORGANISATION, whole, AsOf::Position(u64::MAX)).unwrap();
    assert_eq!((all.position, all.shows.len()), (before, 2));
    for at in &all.shows {
        let show = projections.as_of(ORGANISATION, at.show.show(), AsOf::Position(u64::MAX)).unwrap();
        assert_eq!(
            (Some(&at.settlement), Some(&at.figures)),
            (show.settlement.as_ref(), show.figures.as_ref())
        );
        assert_eq!((Some(&at.deal), Some(&at.show)), (show.deal.as_ref(), show.show.as_ref()));
    }
    // The first show moves by a year: it is in the other period from then on, and was in this one before.
    let (moved, day) = (all.shows[0].show.clone(), all.shows[0].day);
    let later = |instant: Timestamp| Timestamp(instant.0 + 365 * 86_400_000_000);
    let scheduled = &moved.scheduled;
    let now = log.entries.last().unwrap().envelope.recorded_at;
    log.push(
        now,
        ShowPostponed {
            show: moved.show(),
            starts_at: later(scheduled.starts_at),
            doors_at: later(scheduled.doors_at),
            sale_from: scheduled.sale_from,
            sale_until: later(scheduled.sale_until),
            refunds_until: None,
        },
    );
    let projections = start(&Logs::of(&log), None);
    let shows = |days, at| {
        let shows = projections.period(ORGANISATION, days, at).unwrap().shows;
        shows.iter().filter(|at| at.show.show() == moved.show()).count()
    };
    let (that_day, next_year) = ((day, day), (day.saturating_add(Span::new().days(365)), whole.1));
    assert_eq!(shows(that_day, AsOf::Position(before)), 1);
    assert_eq!(shows(that_day, AsOf::Position(u64::MAX)), 0);
    assert_eq!(shows(next_year, AsOf::Position(before)), 0);
    assert_eq!(shows(next_year, AsOf::Position(u64::MAX)), 1);
    let early = AsOf::Recorded(Timestamp::EARLIEST);
    assert_eq!(projections.period(ORGANISATION, whole, early), Err(AsOfError::BeforeLog));
    let nobody = soticket_schema::OrganisationId([1; 16]);
    assert_eq!(projections.period(nobody, whole, early), Err(AsOfError::OrganisationUnknown));
}

/// Calls every view, for those that could panic.
fn look_at_everything(views: &OrganisationViews) {
    for show in [0, 1, 2, 3, 4, 5, 6, u64::MAX].map(ShowId) {
        let _ = (views.availability.show(show), views.settlement.show(show), views.sales.show(show));
        let _ = (views.attendance.show(show).map(|show| show.per_bucket(0)), views.catalogue.show(show));
        let _ = (views.orders.of_show(show, None, 50), views.orders.holds(show));
        for zone in 0..5 {
            // A zone may be said to have four billion seats; those of the catalogue have a limit.
            let _ = views.availability.seats(show, soticket_schema::ZoneId(zone));
        }
    }
    let _ = (views.settlement.organisation(), views.customers.list(None, 50), views.customers.anonymous());
    let _ = (views.orders.list(None, 50), views.orders.list_back(None, 50), views.orders.count());
    let (from, to) = (jiff::civil::Date::MIN, jiff::civil::Date::MAX);
    let _ = (views.sales.days(from, to), views.catalogue.shows().count());
}

/// What a snapshot of every read model gives back.
fn through_snapshots(views: &OrganisationViews) -> OrganisationViews {
    let folder = TempDir::new().unwrap();
    for feed in views.feeds() {
        let bytes = snapshot::encode(ORGANISATION, feed, views.folded(), views.head());
        snapshot::write(folder.path(), feed.name(), &bytes).unwrap();
    }
    let mut restored = OrganisationViews::new(ORGANISATION);
    restored.restore(|feed| snapshot::load(folder.path(), ORGANISATION, feed));
    restored
}

/// Folding in any steps, with snapshots in between, gives the same bytes and the same views.
fn check(entries: &[Entry], steps: &[usize], cut: usize) {
    let at_once = folded(entries, std::iter::once(entries.len()));
    look_at_everything(&at_once);
    let in_steps = folded(entries, steps.iter().copied().cycle());
    assert_eq!(bytes(&at_once), bytes(&in_steps));
    let mut restored = through_snapshots(&folded(&entries[..cut], std::iter::repeat(3)));
    restored.fold(entries).unwrap();
    assert_eq!(bytes(&at_once), bytes(&restored));
    look_at_everything(&restored);
    assert_eq!(at_once.settlement.organisation(), restored.settlement.organisation());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn honest_logs_fold_the_same_however_they_are_cut(
        choices in prop::collection::vec(any::<u64>(), 1..120), steps in prop::collection::vec(1_usize..40, 1..5), cut in any::<prop::sample::Index>()
    ) {
        let mut venue = Venue::new(Rounding::PerTicket);
        choices.iter().for_each(|choice| venue.act(*choice));
        let entries = venue.log.entries;
        check(&entries, &steps, cut.index(entries.len()));
    }

    #[test]
    fn hostile_logs_fold_the_same_and_never_panic(
        raws in prop::collection::vec(any::<hostile::Raw>(), 1..80), begun in any::<bool>(), steps in prop::collection::vec(1_usize..40, 1..5), cut in any::<prop::sample::Index>()
    ) {
        let entries = hostile::log(&raws, begun).entries;
        check(&entries, &steps, cut.index(entries.len()));
    }
}
