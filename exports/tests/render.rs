//! The worked settlement's show in every rendering: the same figures everywhere, the same bytes every time.
#![expect(clippy::unwrap_used, reason = "tests")]

mod house;
mod workbook;

use house::House;
use soticket_exports::{CsvOptions, Document, Fact, Language, Role, ShowStatement, State};
use soticket_schema::{Hash, Timestamp};

/// Every figure of the worked settlement's box-office table, as French people write them.
const FIGURES: [&str; 43] = [
    "27,00", "61", "1647,00", "1561,14", "85,86", "24,00", "118", "115", "2760,00", "2616,11", "143,89",
    "20,00", "42", "840,00", "796,21", "43,79", "18,00", "36", "648,00", "614,22", "33,78", "68", "1632,00",
    "1546,92", "85,08", "41", "984,00", "932,70", "51,30", "20,87", "25", "521,75", "494,55", "27,20", "391",
    "388", "9032,75", "8561,85", "470,90", "34", "422", "450", "93,78%",
];

fn box_office() -> Document {
    fixed(House::new("5.5").statement(ShowStatement::BoxOffice))
}

/// The head's hash depends on random codes: a fixed one makes the bytes of a test the same every time.
fn fixed(mut document: Document) -> Document {
    document.log.hash = Hash([0x5a; 32]);
    document.log.recorded_at = Timestamp::parse("2026-03-15T00:30:00+01:00").unwrap();
    document
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}

fn pdf_text(bytes: &[u8]) -> String {
    let pdf = lopdf::Document::load_mem(bytes).unwrap();
    let pages: Vec<u32> = pdf.get_pages().keys().copied().collect();
    squeezed(&pdf.extract_text(&pages).unwrap())
}

#[test]
fn the_pdf_has_every_figure_and_the_same_bytes_every_time() {
    let document = box_office();
    let bytes = document.pdf(Language::French).unwrap();
    assert_eq!(bytes, document.pdf(Language::French).unwrap());
    assert_eq!(bytes, box_office().pdf(Language::French).unwrap(), "another ledger with the same sales");
    let text = pdf_text(&bytes);
    for figure in FIGURES {
        assert!(text.contains(figure), "{figure} is not in the PDF: {text}");
    }
    // Rows in the order of their cells, not only the figures somewhere.
    for row in [
        "SurplacePlacementlibreguichet1–6127,0061061",
        "1647,001561,145,50%85,86",
        "Totalpayant39133889032,758561,85470,90",
        "artistes15015production808presse606partenaires505Totalexonéré34034",
    ] {
        let digits = |text: &str| text.replace('0', "");
        assert!(digits(&text).contains(&digits(row)), "{row} is not in the PDF: {text}");
    }
    let hash = document.hash().to_string();
    assert!(text.contains(&hash) && text.contains(&"5a".repeat(32)) && text.contains("DÉMONSTRATION"));
    assert!(text.contains("Page1/") && text.contains("samedi14mars2026,20h30"));
    let english = pdf_text(&document.pdf(Language::English).unwrap());
    assert!(english.contains("9,032.75") && english.contains("Box-officestatement(bordereauderecettes)"));
}

#[test]
fn the_pdf_says_that_it_is_an_archive_and_carries_its_data() {
    let document = box_office();
    let bytes = document.pdf(Language::French).unwrap();
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let streams = pdf.objects.values().filter_map(|object| object.as_stream().ok());
    let of_type = |name: &[u8]| {
        let found = streams.clone().find(|stream| {
            stream.dict.get(b"Type").and_then(lopdf::Object::as_name).is_ok_and(|kind| kind == name)
        });
        let stream = found.unwrap();
        stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())
    };
    assert_eq!(of_type(b"EmbeddedFile"), document.json());
    let about = String::from_utf8(of_type(b"Metadata")).unwrap();
    assert!(about.contains("<pdfaid:part>3</pdfaid:part>"), "{about}");
    assert!(about.contains("<pdfaid:conformance>A</pdfaid:conformance>"), "{about}");
    assert!(about.contains("2026-03-15T00:30:00"), "the date is the ledger's: {about}");
    let fonts = pdf.objects.values().filter_map(|object| object.as_dict().ok());
    let descriptors = fonts.filter(|dict| dict.has(b"FontName"));
    assert!(descriptors.clone().count() >= 2);
    assert!(descriptors.clone().all(|dict| dict.has(b"FontFile3") || dict.has(b"FontFile2")));
}

#[test]
fn the_workbook_calculates_what_it_shows() {
    let document = box_office();
    let bytes = document.xlsx(Language::French).unwrap();
    assert_eq!(bytes, document.xlsx(Language::French).unwrap());
    let formulas = workbook::recalculated(&bytes);
    assert!(formulas >= 50, "{formulas}");
    let rows = workbook::rows(&bytes, "Recettes");
    assert_eq!(rows.len(), 1 + LINES_AND_TOTAL);
    let total = rows.last().unwrap();
    for (column, figure) in [(5, 391.0), (6, 3.0), (7, 388.0), (8, 9_032.75), (9, 8_561.85), (11, 470.90)] {
        assert!((total[column].parse::<f64>().unwrap() - figure).abs() < 1e-9, "{column}: {total:?}");
    }
}

/// Seven lines and their total.
const LINES_AND_TOTAL: usize = 8;

#[test]
fn csv_and_json_agree_with_the_document() {
    let document = box_office();
    let json: serde_json::Value = serde_json::from_slice(&document.json()).unwrap();
    let rows = &json["sections"][0]["tables"]["receipts"]["rows"];
    let mut csv = Vec::new();
    let options = CsvOptions { separator: b',', decimal_comma: false, mark: false };
    document.table("receipts").unwrap().csv(Language::English, "Europe/Paris", options, &mut csv).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), house::LINES.len());
    for (line, (tariff, channel, price, issued, cancelled)) in lines.iter().zip(house::LINES) {
        // The statement lists tariffs in the order of their definition; both are looked up by name.
        let json = rows.as_array().unwrap().iter().find(|row| {
            row["cells"]["tariff"] == line[0] && row["cells"]["channel"] == line[2] && row["role"] == "line"
        });
        let cells = &json.unwrap()["cells"];
        assert_eq!(cells["gross"], line[8], "{line:?}");
        assert_eq!(cells["net-of-vat"], line[9]);
        assert_eq!(cells["vat"], line[11]);
        let sold = lines.iter().find(|line| line[0] == *tariff && line[2] == *channel).unwrap();
        let cents = format!("{}.{:02}", price / 100, price % 100);
        assert_eq!((&sold[4], &sold[5]), (cents.as_str(), issued.to_string().as_str()));
        assert_eq!(sold[6], cancelled.to_string());
    }
    let total = rows.as_array().unwrap().last().unwrap();
    assert_eq!(total["cells"]["gross"], "9032.75");
    assert_eq!(total["sum"]["plus"].as_array().unwrap().len(), house::LINES.len());

    let mut french = Vec::new();
    document.csv(Language::French, CsvOptions::of(Language::French), &mut french).unwrap();
    let french = String::from_utf8(french).unwrap();
    assert!(
        french.starts_with('\u{FEFF}')
            && french.contains("receipts;total;Total payant;;;;;391;3;388;9032,75;8561,85;;470,90\r\n"),
        "{french}"
    );
    let text = squeezed(&document.text(Language::French));
    assert!(FIGURES.iter().all(|figure| text.contains(figure)), "{text}");
}

#[test]
fn the_canonical_json_is_frozen() {
    let document = box_office();
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/box-office-statement.json");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(golden, document.json()).unwrap();
    }
    let frozen = std::fs::read(golden).unwrap();
    assert_eq!(String::from_utf8(document.json()).unwrap(), String::from_utf8(frozen.clone()).unwrap());
    assert_eq!(document.hash(), Hash(*blake3::hash(&frozen).as_bytes()));
}

#[test]
fn networks_remit_their_receipts_less_commission_and_its_vat() {
    let document = House::new("5.5").statement(ShowStatement::Remittance);
    let mut csv = Vec::new();
    let options = CsvOptions { separator: b',', decimal_comma: false, mark: false };
    document.table("by-network").unwrap().csv(Language::English, "UTC", options, &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.contains("fnac,68,1632.00,40.80,8.16,1583.04"), "{csv}");
    assert!(csv.contains("ticketmaster,41,984.00,49.20,9.84,924.96"), "{csv}");
    let text = pdf_text(&document.pdf(Language::French).unwrap());
    assert!(text.contains("1583,04") && text.contains("924,96") && text.contains("2508,00"), "{text}");
    workbook::recalculated(&document.xlsx(Language::English).unwrap());
}

#[test]
fn another_rate_changes_net_and_vat_only() {
    let document = House::new("2.1").statement(ShowStatement::BoxOffice);
    let text = squeezed(&document.text(Language::English));
    for figure in ["9,032.75", "8,846.96", "185.79", "2.10%"] {
        assert!(text.contains(figure), "{figure}: {text}");
    }
}

#[test]
fn a_position_gives_the_same_statement_for_ever() {
    let mut house = House::new("5.5");
    let statement = ShowStatement::BoxOffice;
    let before = house.statement(statement);
    house.sell("Sur place", "guichet", 2_700, 1, 0, None);
    let last = house.ledger.head(house::ORGANISATION).unwrap().length - 1;
    assert!(house.projections.wait_for_blocking(
        house::ORGANISATION,
        last,
        std::time::Duration::from_secs(20)
    ));
    let now = house.statement(statement);
    assert_ne!(now.hash(), before.hash());
    let at = soticket_projections::AsOf::Position(before.log.last);
    let again = statement.of(&house.projections, house::ORGANISATION, house::SHOW, Some(at), None).unwrap();
    assert_eq!(again, before);
}

#[test]
fn a_total_that_is_no_sum_is_noticed() {
    let mut document = box_office();
    document.state = State::Closed;
    assert!(document.check().is_ok());
    let soticket_exports::Block::Table(table) = &mut document.sections[0].blocks[0] else { panic!() };
    let total = table.rows.iter().position(|row| row.role == Role::Total).unwrap();
    table.set(total, "gross", soticket_schema::Amount(903_276));
    let fault = document.check().unwrap_err();
    assert_eq!((fault.table, fault.row, fault.column), ("receipts", total, "gross"));
}

#[test]
fn names_are_text_whatever_they_look_like() {
    let mut document = box_office();
    let title = "=1+1 #let x = [*y*] $z$ \\ <a> 日本 🎷\n@ref";
    document.issuer.name = title.into();
    document.subject.push(Fact::new(soticket_exports::statement::words::SHOW, title));
    let text = pdf_text(&document.pdf(Language::French).unwrap());
    // Signs that the fonts do not have are boxes in the PDF and themselves in the data inside it.
    assert!(text.contains("=1+1#letx=[*y*]$z$\\<a>□□□@ref"), "{text}");
    assert!(String::from_utf8(document.json()).unwrap().contains("日本 🎷\\n@ref"));
    let table = document.table("receipts").unwrap();
    let mut table = table.clone();
    table.set(0, "tariff", title);
    let mut csv = Vec::new();
    table.csv(Language::French, "UTC", CsvOptions::of(Language::French), &mut csv).unwrap();
    assert!(String::from_utf8(csv).unwrap().contains("\"'=1+1 #let"));
    workbook::recalculated(&document.xlsx(Language::French).unwrap());
}
