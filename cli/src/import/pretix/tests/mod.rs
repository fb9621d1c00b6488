//! Whole exports: the shipped one, headers in many languages, and a hostile event made up here.

mod bad_input;
mod export;
mod gala;
mod season;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use self::export::Style;
use self::season::Season;
use super::header::{Header, likeness};
use super::labels::Layout;
use super::*;
use crate::import::table::{self, Layout as Records};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/pretix")
}

#[test]
fn the_shipped_export_is_planned_without_a_line_left() {
    let (plan, source) = plan(&Files::Folder(shipped()), &Options::default()).unwrap();
    assert_eq!(plan.refused, []);
    assert_eq!(plan.notes, Vec::<String>::new());
    assert_eq!(plan.opening.parameters.time_zone, "Europe/Paris");
    let mut lines: BTreeMap<&str, std::collections::BTreeSet<u64>> = BTreeMap::new();
    for place in
        plan.steps.iter().flat_map(|step| &step.places).chain(plan.explained.iter().map(|e| &e.place))
    {
        lines.entry(&place.file).or_default().extend(place.line);
    }
    for file in &plan.files {
        let planned = lines.get(file.file.as_str()).map_or(0, std::collections::BTreeSet::len);
        assert_eq!(planned as u64, file.lines, "{}", file.file);
    }
    let number: i64 = source.products.values().map(|sums| sums.number).sum();
    assert_eq!(number, 182 + 95 + 25 + 143);
    assert!(plan.steps.windows(2).all(|pair| pair[0].at <= pair[1].at), "everything in order of time");
}

/// Header rows as exports of several languages and versions have them.
fn header_rows() -> BTreeMap<String, BTreeMap<String, Vec<Vec<String>>>> {
    serde_json::from_str(include_str!("header_rows.json")).unwrap()
}

#[test]
fn columns_are_found_by_meaning_in_every_language_and_with_every_delimiter() {
    for (language, files) in header_rows() {
        for (file, rows) in files {
            let layout = Layout::of(&file).unwrap();
            for (row, delimiter) in
                rows.iter().flat_map(|row| [",", ";", "\t"].map(|delimiter| (row, delimiter)))
            {
                let quoted: Vec<String> =
                    row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
                let numbers: Vec<String> = (0..row.len()).map(|number| number.to_string()).collect();
                let text = format!("{}\r\n{}\r\n", quoted.join(delimiter), numbers.join(delimiter));
                let known = |cells: &[String]| likeness(cells, layout);
                let table =
                    table::parse("t.csv", text.as_bytes(), Records::Quoted, &known, &mut vec![]).unwrap();
                let header = Header::find(&table, layout, &[]).unwrap();
                let line = header.line(&table.rows[0]);
                // Optional columns stand at the end: every other stands where the layout has it.
                for (index, column) in layout.columns.iter().enumerate().take(row.len()) {
                    assert_eq!(line.get(column), index.to_string(), "{language} {file} {column}");
                }
            }
        }
    }
}

fn ledger() -> Ledger {
    Ledger::in_memory(soticket_ledger::clock::system_clock()).unwrap()
}

#[tokio::main(flavor = "current_thread")]
async fn run(ledger: &Ledger, folder: &Path, rounding: Rounding) -> Report {
    let options = Options { rounding, ..Options::default() };
    import(ledger, &Files::Folder(folder.to_owned()), &options, &ProgressBar::hidden()).await.unwrap()
}

fn row(report: &Report, product: &str) -> (i64, String, String, String) {
    let products = &report.reconciliation.as_ref().unwrap().products;
    let line = products
        .iter()
        .find(|line| line.product == product)
        .unwrap_or_else(|| panic!("{product}: {products:?}"));
    let sums = line.ledger.clone();
    (sums.number, sums.net, sums.vat, sums.gross)
}

fn sums(number: i64, net: &str, vat: &str, gross: &str) -> (i64, String, String, String) {
    (number, net.to_owned(), vat.to_owned(), gross.to_owned())
}

#[test]
fn the_shipped_export_equals_its_accounting_report() {
    let ledger = ledger();
    let report = run(&ledger, &shipped(), Rounding::PerTicket);
    assert_eq!(report.refused, []);
    assert!(report.files.iter().all(|file| file.unexplained() == 0), "{:?}", report.files);
    assert_eq!(row(&report, "Plein tarif"), sums(182, "2760.94", "151.06", "2912.00"));
    assert_eq!(row(&report, "Tarif réduit"), sums(95, "1080.15", "59.85", "1140.00"));
    assert_eq!(row(&report, "Abonnement saison (10 concerts)"), sums(25, "2132.75", "117.25", "2250.00"));
    assert_eq!(row(&report, "fee: service - location"), sums(143, "118.69", "24.31", "143.00"));
    let reconciliation = report.reconciliation.as_ref().unwrap();
    let total = reconciliation.total.clone();
    assert_eq!((total.net, total.vat, total.gross), ("6092.53".into(), "352.47".into(), "6445.00".into()));
    let money: Vec<_> = reconciliation
        .providers
        .iter()
        .map(|line| (line.paid.as_str(), line.returned.as_str(), line.agrees))
        .collect();
    let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
    assert_eq!(money.iter().map(|(paid, _, _)| cents(paid)).sum::<i64>(), 693_800);
    assert_eq!(money.iter().map(|(_, returned, _)| cents(returned)).sum::<i64>(), 49_300);
    assert_eq!((reconciliation.open.as_str(), reconciliation.agrees), ("0.00", true));

    let heads = ledger.heads();
    let again = run(&ledger, &shipped(), Rounding::PerTicket);
    assert_eq!((again.events_added, again.refused.len()), (0, 0));
    assert_eq!(again.reconciliation.unwrap().total, report.reconciliation.unwrap().total);
    assert_eq!(ledger.heads(), heads);
}

#[test]
fn gross_is_the_same_under_document_rounding() {
    let report = run(&ledger(), &shipped(), Rounding::Document);
    let reconciliation = report.reconciliation.unwrap();
    assert!(reconciliation.agrees);
    assert_eq!(reconciliation.total.gross, "6445.00");
    let reduced: i64 = reconciliation
        .products
        .iter()
        .filter(|line| line.rate == "5.5")
        .map(|line| line.ledger.vat.replace('.', "").parse::<i64>().unwrap())
        .sum();
    assert_eq!(reduced, 32_854);
}

/// Products of a report with what the ledger holds: number, gross and VAT in cents.
fn products(report: &Report) -> BTreeMap<(String, String, String), (i64, i64, i64)> {
    let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
    let lines = report.reconciliation.as_ref().unwrap().products.iter();
    lines
        .filter(|line| line.ledger.number != 0)
        .map(|line| {
            let key = (line.product.clone(), line.price.clone(), line.rate.clone());
            (key, (line.ledger.number, cents(&line.ledger.gross), cents(&line.ledger.vat)))
        })
        .collect()
}

/// The same of a made-up season, from its orders.
fn expected(season: &Season) -> BTreeMap<(String, String, String), (i64, i64, i64)> {
    let plain = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let products = season.products().into_iter().map(|((item, variation, fee, price, rate), sums)| {
        let name = match (item, variation) {
            (0, _) => format!("fee: {fee}"),
            (item, 0) => format!("Item {item}"),
            (item, variation) => format!("Item {item} - V{variation}"),
        };
        let rate =
            if rate % 10 == 0 { (rate / 10).to_string() } else { format!("{}.{}", rate / 10, rate % 10) };
        ((name, plain(price), rate), sums)
    });
    products.collect()
}

const STYLES: [Style; 6] = [
    Style { language: "pl", delimiter: ",", decimal: ",", zone: "Europe/Zurich", mark: "", series: true },
    Style {
        language: "it",
        delimiter: ";",
        decimal: ",",
        zone: "America/New_York",
        mark: "\u{feff}",
        series: true,
    },
    Style { language: "nb-no", delimiter: "\t", decimal: ",", zone: "Asia/Tokyo", mark: "", series: true },
    Style {
        language: "en",
        delimiter: ",",
        decimal: ".",
        zone: "Europe/London",
        mark: "\u{feff}",
        series: true,
    },
    Style { language: "zh-hant", delimiter: ";", decimal: ".", zone: "Europe/Paris", mark: "", series: true },
    Style { language: "de", delimiter: ",", decimal: ",", zone: "Europe/Berlin", mark: "", series: false },
];

#[test]
fn a_made_up_season_comes_out_as_its_orders_say() {
    let headers = header_rows();
    for (seed, style) in (1..).zip(STYLES.iter().cycle()).take(12) {
        let season = Season::of(seed, 260);
        let folder = tempfile::tempdir().unwrap();
        export::write(&season, *style, &headers, folder.path());
        let ledger = ledger();
        let report = run(&ledger, folder.path(), Rounding::PerTicket);
        assert_eq!(report.refused, [], "{seed} {style:?}");
        assert!(report.files.iter().all(|file| file.unexplained() == 0), "{seed} {:?}", report.files);
        assert_eq!(products(&report), expected(&season), "{seed} {style:?}");
        let reconciliation = report.reconciliation.as_ref().unwrap();
        assert!(reconciliation.agrees);
        let (mut gross, mut money) = (0, 0);
        for line in &reconciliation.providers {
            let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
            let (paid, returned) = season.providers()[line.provider.as_str()];
            assert_eq!((cents(&line.paid), cents(&line.returned)), (paid, returned), "{}", line.provider);
            money += paid - returned;
        }
        gross += season.products().values().map(|(_, gross, _)| gross).sum::<i64>();
        let open = reconciliation.open.replace('.', "").parse::<i64>().unwrap();
        assert_eq!(open, gross - money);

        let heads = ledger.heads();
        assert_eq!(run(&ledger, folder.path(), Rounding::PerTicket).events_added, 0);
        assert_eq!(ledger.heads(), heads);
    }
}

#[test]
fn a_later_export_of_the_same_event_adds_only_what_is_new() {
    let headers = header_rows();
    let style = STYLES[0];
    // In the last one an order changes after its payment and on the same day, between the two exports.
    for seed in (1..6).chain([118]) {
        let ledger = ledger();
        let folder = tempfile::tempdir().unwrap();
        export::write(&Season::of(seed, 120), style, &headers, folder.path());
        let before = run(&ledger, folder.path(), Rounding::PerTicket);
        assert_eq!(before.refused, [], "{seed}");
        let season = Season::of(seed, 240);
        export::write(&season, style, &headers, folder.path());
        let after = run(&ledger, folder.path(), Rounding::PerTicket);
        assert_eq!(after.refused, [], "{seed}");
        assert!(after.events_added > 0);
        assert_eq!(products(&after), expected(&season), "{seed}");
        assert!(after.reconciliation.unwrap().agrees, "{seed}");
    }
}

#[test]
fn everything_that_can_happen_to_an_order_comes_out_as_pretix_reports_it() {
    let folder = tempfile::tempdir().unwrap();
    gala::write(&header_rows(), folder.path());
    for rounding in [Rounding::PerTicket, Rounding::Document] {
        let ledger = ledger();
        let report = run(&ledger, folder.path(), rounding);
        assert_eq!(report.refused, []);
        assert!(report.files.iter().all(|file| file.unexplained() == 0), "{:?}", report.files);
        let reconciliation = report.reconciliation.as_ref().unwrap();
        assert!(reconciliation.agrees, "{reconciliation:?}");
        let without_vat = |(number, gross, _)| (number, gross);
        if rounding == Rounding::PerTicket {
            assert_eq!(products(&report), gala::expected());
        } else {
            let gross: Vec<_> = products(&report).into_values().map(without_vat).collect();
            assert_eq!(gross, gala::expected().into_values().map(without_vat).collect::<Vec<_>>());
        }
        let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
        let money: BTreeMap<&str, (i64, i64)> = reconciliation
            .providers
            .iter()
            .map(|line| (line.provider.as_str(), (cents(&line.paid), cents(&line.returned))))
            .collect();
        assert_eq!(money, gala::providers());
        let sold: i64 = gala::expected().values().map(|sums| sums.1).sum();
        let kept: i64 = money.values().map(|(paid, returned)| paid - returned).sum();
        assert_eq!(cents(&reconciliation.open), sold - kept);
        assert_eq!(run(&ledger, folder.path(), rounding).events_added, 0);
    }
}

#[test]
fn lists_are_found_under_the_names_of_their_downloads() {
    let folder = tempfile::tempdir().unwrap();
    gala::write(&header_rows(), folder.path());
    for (name, download) in [
        ("transactions", "gala_transactions"),
        ("payments_refunds", "gala_payments"),
        ("quotas", "gala_quotas"),
        ("checkinlog", "gala_checkinlog"),
    ] {
        let path = |name: &str| folder.path().join(format!("{name}.csv"));
        std::fs::rename(path(name), path(download)).unwrap();
    }
    let report = run(&ledger(), folder.path(), Rounding::PerTicket);
    assert_eq!((report.refused.len(), report.files.len()), (0, 4));
    assert!(report.reconciliation.unwrap().agrees);
    assert!(report.notes.iter().all(|note| !note.starts_with("there is no")), "{:?}", report.notes);
}
