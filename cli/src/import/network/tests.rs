//! Networks' files imported into the shipped dossier's venue.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use soticket_ledger::clock::system_clock;
use soticket_projections::availability::ChannelAvailability;
use soticket_schema::ShowId;
use soticket_schema::event::v1::{CodeIssuer, ExternalSaleReported, Symbology, TicketCode};

use super::*;
use crate::import::PretixOptions;

fn shipped(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/seance-2026-03-14").join(file)
}

/// The dossier's venue, with the sales of the lines that `keep` keeps.
fn venue(keep: impl Fn(&str) -> bool) -> Ledger {
    let folder = tempfile::tempdir().unwrap();
    for file in ["show.json", "quotas.csv"] {
        fs::copy(shipped(file), folder.path().join(file)).unwrap();
    }
    let sales = fs::read_to_string(shipped("sales.csv")).unwrap();
    let kept: Vec<&str> = sales
        .lines()
        .enumerate()
        .filter(|(index, line)| *index == 0 || keep(line))
        .map(|(_, line)| line)
        .collect();
    fs::write(folder.path().join("sales.csv"), kept.join("\n")).unwrap();
    let ledger = Ledger::in_memory(system_clock()).unwrap();
    let files = Files::Folder(folder.path().to_owned());
    let report =
        block(crate::import::import(&ledger, &files, &PretixOptions::default(), &ProgressBar::hidden()));
    assert_eq!(report.unwrap().refused, []);
    ledger
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn try_import(
    ledger: &Ledger,
    file: &Path,
    mapping: &str,
    channel: Option<&str>,
) -> Result<Report, ImportError> {
    let projections = Projections::start(ledger.clone(), Default::default()).unwrap();
    let organisation = ledger.heads()[0].0;
    let progress = ProgressBar::hidden();
    let report = block(import(ledger, &projections, organisation, file, (mapping, channel), &progress));
    projections.close();
    report
}

/// Imports a shipped statement.
fn statement(ledger: &Ledger, file: &str, mapping: &str) -> Report {
    try_import(ledger, &shipped(file), mapping, None).unwrap()
}

const HEADER: &str = "show,zone,seat,tariff,barcode,symbology,order,sold_at,cancelled_at,price,fee,state";

/// Imports lines in the generic layout as the network fnac's.
fn lines(ledger: &Ledger, lines: &[&str]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("net.csv");
    fs::write(&file, format!("{HEADER}\n{}\n", lines.join("\n"))).unwrap();
    try_import(ledger, &file, "generic", Some("fnac")).unwrap()
}

/// A line of the generic layout.
fn line(barcode: &str, order: &str, price: &str, state: &str) -> String {
    let sold_at = "2026-02-01T10:00:00+01:00";
    format!("S-2026-0314,,,Prévente,{barcode},ean13,{order},{sold_at},,{price},1.80,{state}")
}

fn counts(report: &Report) -> (u64, u64, u64, u64, u64) {
    let file = &report.files[0];
    assert_eq!(file.unexplained(), 0);
    (file.read, file.taken, file.known, file.explained, file.refused)
}

fn told(report: &Report) -> Vec<(String, &'static str)> {
    report.refused.iter().map(|refusal| (refusal.place.to_string(), refusal.code)).collect()
}

fn fnac(ledger: &Ledger) -> ChannelAvailability {
    let projections = Projections::start(ledger.clone(), Default::default()).unwrap();
    let organisation = ledger.heads()[0].0;
    let found = projections.view(organisation, |views| {
        let channel =
            views.catalogue.channels().find(|channel| channel.opened.name == "fnac")?.opened.channel;
        let show = views.availability.show(ShowId(1))?;
        show.zones[0].channels.iter().find(|row| row.channel == channel).copied()
    });
    found.flatten().unwrap()
}

fn reported(ledger: &Ledger) -> Vec<ExternalSaleReported> {
    let mut sales = Vec::new();
    let mut visit = |entry: soticket_ledger::Entry| {
        if let Event::ExternalSaleReported(event) = entry.event {
            sales.push(event);
        }
        ControlFlow::Continue(())
    };
    ledger.read(ledger.heads()[0].0, 0, &mut visit).unwrap();
    sales
}

#[test]
fn a_statement_consumes_the_allotment_and_a_second_run_adds_nothing() {
    let ledger = venue(|line| !line.contains(",fnac,"));
    let before = fnac(&ledger);
    let first = statement(&ledger, "statement-fnac.csv", "fnac");
    assert_eq!((counts(&first), told(&first), first.flagged.len()), ((68, 68, 0, 0, 0), vec![], 0));
    let after = fnac(&ledger);
    assert_eq!((after.sold, after.left + 68, after.quota), (68, before.left, before.quota));
    let second = statement(&ledger, "statement-fnac.csv", "fnac");
    assert_eq!((counts(&second), second.events_added), ((68, 0, 68, 0, 0), 0));
    let codes: Vec<TicketCode> = reported(&ledger).last().unwrap().lines.tickets[0].codes.clone();
    assert!(matches!(codes[0].issuer, CodeIssuer::Channel(channel) if channel == after.channel), "{codes:?}");
    assert_eq!(codes[0].symbology, Symbology::Code128);
}

#[test]
fn of_a_corrected_file_only_the_differences_are_recorded() {
    let ledger = venue(|line| !line.contains(",fnac,"));
    statement(&ledger, "statement-fnac.csv", "fnac");
    // One ticket costs 22.00 now, one is new, one is missing, which says nothing.
    let corrected = statement(&ledger, "statement-fnac-with-faults.csv", "fnac");
    assert_eq!((counts(&corrected), told(&corrected)), ((68, 2, 66, 0, 0), vec![]));
    let flags: Vec<_> =
        corrected.flagged.iter().map(|flagged| (flagged.place.line, flagged.flags.join(" "))).collect();
    let expected = [(Some(22), "OtherPrice".to_owned()), (Some(69), "OverQuota".to_owned())];
    assert_eq!(flags, expected);
    assert_eq!(fnac(&ledger).sold, 69);
    let last = reported(&ledger);
    let corrected_sale = last.iter().find(|sale| sale.lines.tickets[0].price.0 == 2_200).unwrap();
    assert!(corrected_sale.lines.tickets[0].replaces.is_some());
    // The earlier file does not undo the correction.
    let again = statement(&ledger, "statement-fnac.csv", "fnac");
    assert_eq!((counts(&again), again.events_added), ((68, 0, 67, 1, 0), 0));
    let again = statement(&ledger, "statement-fnac-with-faults.csv", "fnac");
    assert_eq!(again.events_added, 0);
}

#[test]
fn what_another_import_recorded_is_known_by_its_codes() {
    let ledger = venue(|_| true);
    for (file, mapping, count) in
        [("statement-fnac.csv", "fnac", 68), ("statement-ticketmaster.csv", "ticketmaster", 41)]
    {
        let report = statement(&ledger, file, mapping);
        assert_eq!(counts(&report), (count, 0, count, 0, 0), "{file}");
        // Only the importer of a first run is new, and it was registered by the dossier's.
        assert_eq!(report.events_added, 0, "{file}");
    }
}

#[test]
fn sales_beyond_the_allotment_are_recorded_and_flagged() {
    let ledger = venue(|line| !line.contains(",fnac,"));
    let left = fnac(&ledger).left;
    let many: Vec<String> =
        (0..left + 3).map(|number| line(&format!("N{number}"), "", "24.00", "sold")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let report = lines(&ledger, &many);
    assert_eq!(counts(&report), (left + 3, left + 3, 0, 0, 0));
    assert_eq!(report.flagged.len(), 3);
    assert!(report.flagged.iter().all(|flagged| flagged.flags == ["OverQuota"]));
    assert_eq!((fnac(&ledger).over_quota, fnac(&ledger).left), (3, 0));
}

#[test]
fn orders_are_kept_together_and_cancellations_find_their_tickets() {
    let ledger = venue(|line| !line.contains(",fnac,"));
    let sold = |barcode: &str| line(barcode, "CMD-1", "24.00", "sold");
    let report = lines(&ledger, &[&sold("A"), &sold("B"), &line("C", "CMD-2", "24.00", "cancelled")]);
    assert_eq!((counts(&report), told(&report)), ((3, 3, 0, 0, 0), vec![]));
    assert_eq!(fnac(&ledger).sold, 2, "what was cancelled before it was reported was sold all the same");
    let report = lines(&ledger, &[&line("A", "CMD-1", "24.00", "cancelled"), &sold("B"), &sold("D")]);
    assert_eq!(counts(&report), (3, 2, 1, 0, 0));
    assert_eq!(fnac(&ledger).sold, 2);
    let orders: Vec<u64> = reported(&ledger).iter().rev().take(4).map(|sale| sale.lines.order.0).collect();
    let [d, c, b, a] = orders[..] else { panic!("{orders:?}") };
    assert_eq!((a, b), (d, d), "the order that the log has");
    assert_ne!(c, a);
    let repeated = lines(&ledger, &[&line("A", "CMD-1", "24.00", "cancelled"), &sold("B"), &sold("D")]);
    assert_eq!((counts(&repeated), repeated.events_added), ((3, 0, 3, 0, 0), 0));
    // Below zero, as some networks write it, and both lines in one file.
    let both = [line("E", "", "24.00", "sold"), line("E", "", "-24.00", "cancelled")];
    let report = lines(&ledger, &[&both[0], &both[1]]);
    assert_eq!((counts(&report), told(&report)), ((2, 1, 0, 1, 0), vec![]));
    let repeated = lines(&ledger, &[&both[0], &both[1]]);
    assert_eq!((counts(&repeated), repeated.events_added), ((2, 0, 1, 1, 0), 0));
}

#[test]
fn lines_without_a_barcode_are_known_by_order_and_place() {
    let ledger = venue(|line| !line.contains(",fnac,"));
    let two = [line("", "CMD-9", "24.00", "sold"), line("", "CMD-9", "24.00", "sold")];
    let report = lines(&ledger, &[&two[0], &two[1]]);
    assert_eq!((counts(&report), fnac(&ledger).sold), ((2, 2, 0, 0, 0), 2));
    let again = lines(&ledger, &[&two[0], &two[1]]);
    assert_eq!((counts(&again), again.events_added), ((2, 0, 2, 0, 0), 0));
    // A line that says something else now cannot be told from another sale: it is refused, and so is what joins it.
    let changed = lines(&ledger, &[&line("", "CMD-9", "22.00", "sold"), &two[1]]);
    let refused = [("net.csv:2", "IDEMPOTENCY_KEY_REUSED"), ("net.csv:3", "DEPENDS_ON_REFUSED")];
    assert_eq!(told(&changed), refused.map(|(place, code)| (place.to_owned(), code)));
}

#[test]
fn every_line_that_cannot_be_taken_is_told_by_line_and_column() {
    let ledger = venue(|line| !line.contains(",fnac,"));
    let good = line("G", "", "24.00", "sold");
    let with = |from: &str, to: &str| good.replacen(from, to, 1);
    let cases = [
        (with("S-2026-0314", "S-9"), "show", "SHOW_UNKNOWN"),
        (with(",,,Prévente", ",Balcon,,Prévente"), "zone", "ZONE_UNKNOWN"),
        (with(",,,Prévente", ",,A1,Prévente"), "seat", "SEAT_UNKNOWN"),
        (with("Prévente", "Tarif X"), "tariff", "TARIFF_UNKNOWN"),
        (with(",G,", ",,"), "barcode", "TEXT_EMPTY"),
        (with("ean13", "runes"), "symbology", "WORD_UNKNOWN"),
        (with("2026-02-01T10:00:00+01:00", "01/02/2026"), "sold_at", "TIME_UNREADABLE"),
        (with("24.00", "24,00"), "price", "ROW_SHAPE"),
        (with("24.00", "\"24,00\""), "price", "AMOUNT_UNREADABLE"),
        (with("24.00", "24.005"), "price", "AMOUNT_PRECISION"),
        (with("24.00", "-24.00"), "price", "AMOUNT_NEGATIVE"),
        (with("1.80", "x"), "fee", "AMOUNT_UNREADABLE"),
        (with(",,24.00", ",soon,24.00"), "cancelled_at", "TIME_UNREADABLE"),
        (with(",sold", ",lost"), "state", "WORD_UNKNOWN"),
        (with(",G,", &format!(",{},", "9".repeat(300))), "barcode", "TEXT_TOO_LONG"),
    ];
    let mut file: Vec<&str> = cases.iter().map(|(line, ..)| line.as_str()).collect();
    file.push(&good);
    let report = lines(&ledger, &file);
    assert_eq!(counts(&report).1, 1, "the good line is taken: {:?}", report.refused);
    for (number, (_, column, code)) in (2..).zip(&cases) {
        let refusal = report.refused.iter().find(|refusal| refusal.place.line == Some(number)).unwrap();
        assert_eq!(refusal.code, *code, "{refusal}");
        assert!(*code == "ROW_SHAPE" || refusal.place.column == *column, "{refusal}");
    }
    assert_eq!(report.refused.len(), cases.len());
}

#[test]
fn a_file_that_cannot_be_read_at_all_changes_nothing() {
    let ledger = venue(|line| !line.contains(",fnac,"));
    let heads = ledger.heads();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("net.csv");
    let mut codes = Vec::new();
    for content in [&b""[..], b"PK\x03\x04", b"show;price\n", &b"a\xff,b\n"[..]] {
        fs::write(&file, content).unwrap();
        for channel in [Some("fnac"), Some("nobody"), None] {
            match try_import(&ledger, &file, "generic", channel) {
                Err(ImportError::Refused(refused)) => codes.push(refused[0].code),
                other => panic!("{other:?}"),
            }
        }
    }
    let expected = ["FILE_UNKNOWN", "FILE_UNREADABLE", "COLUMN_MISSING", "UTF8_INVALID"];
    let expected: Vec<&str> =
        expected.iter().flat_map(|code| [*code, "CHANNEL_UNKNOWN", "CHANNEL_UNKNOWN"]).collect();
    assert_eq!(codes, expected);
    assert_eq!(ledger.heads(), heads);
}
