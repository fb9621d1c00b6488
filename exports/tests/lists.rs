//! Lists in every form: the same rows, read back by other libraries.
#![expect(clippy::unwrap_used, reason = "tests")]

mod house;
mod workbook;

use std::io::Cursor;

use house::{House, ORGANISATION, SHOW};
use soticket_exports::{CsvOptions, Language, List, ListKind};
use soticket_schema::{ShowId, Timestamp};

const NOW: Timestamp = Timestamp(1_773_531_000_000_000);

fn json(list: &List<'_>) -> Vec<serde_json::Value> {
    let mut bytes = Vec::new();
    list.json_lines(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn orders_are_the_same_in_every_form() {
    let house = House::new("5.5");
    let list = List::new(&house.projections, ORGANISATION, ListKind::Orders, None, NOW).unwrap();
    let lines = json(&list);
    let orders = house.projections.view(ORGANISATION, |views| views.orders.count()).unwrap();
    assert_eq!(lines.len(), orders);
    let cents = |key: &str| {
        let amounts = lines.iter().map(|line| line[key].as_str().unwrap().replace('.', ""));
        amounts.map(|amount| amount.parse::<i64>().unwrap()).sum::<i64>()
    };
    assert_eq!((cents("returned"), cents("open")), (7_200, 0));
    let (total, paid) = (cents("total"), cents("paid"));
    assert_eq!(total, paid - 7_200);
    // Receipts and the fees on top: 185 web tickets at 1.00, 68 at 1.80, 41 at 2.20; cancelled ones keep theirs.
    assert_eq!(total, 903_275 + 18_500 + 12_240 + 9_020);

    let options = CsvOptions { separator: b';', decimal_comma: true, mark: true };
    let mut csv = Vec::new();
    list.csv(Language::French, options, &mut csv).unwrap();
    let text = String::from_utf8(csv).unwrap();
    let text = text.strip_prefix('\u{FEFF}').unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut file = Cursor::new(Vec::new());
    list.xlsx(Language::English, &mut file).unwrap();
    let sheet = workbook::rows(file.get_ref(), "Orders");
    assert_eq!((records.len(), sheet.len()), (orders, orders + 1));
    for ((line, record), row) in lines.iter().zip(&records).zip(sheet.iter().skip(1)) {
        assert_eq!(line["order"].to_string(), record[0]);
        assert_eq!(row[0], record[0]);
        let total = line["total"].as_str().unwrap();
        assert_eq!(record[9], total.replace('.', ","));
        assert_eq!(row[9].parse::<f64>().unwrap().to_string(), total.parse::<f64>().unwrap().to_string());
        assert_eq!(line["channel"], row[2]);
    }
    let mut again = Cursor::new(Vec::new());
    list.xlsx(Language::English, &mut again).unwrap();
    assert_eq!(file.get_ref(), again.get_ref());
}

#[test]
fn tickets_of_a_show_are_all_there_with_their_state() {
    let house = House::new("5.5");
    let list = List::new(&house.projections, ORGANISATION, ListKind::Tickets, Some(SHOW), NOW).unwrap();
    let lines = json(&list);
    let with = |state: &str| lines.iter().filter(|line| line["state"] == state).count();
    assert_eq!((lines.len(), with("is-valid"), with("cancelled")), (425, 422, 3));
    let free = lines.iter().filter(|line| line.get("reason").is_some()).count();
    assert_eq!(free, 34);
    let unknown = List::new(&house.projections, ORGANISATION, ListKind::Tickets, Some(ShowId(9)), NOW);
    assert!(unknown.is_none());
}
