//! Commands that are recorded together: all of them, with nothing between them, or none, without a trace.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/venue.rs"]
#[allow(dead_code, reason = "every test uses its own part")]
mod venue;

use std::sync::Arc;

use proptest::prelude::*;
use soticket_ledger::{Ledger, Receipt, SubmitError};
use soticket_schema::ids::*;
use soticket_schema::{Command, RejectionCode};
use tokio::runtime::Runtime;
use venue::{Venue, fixed_clock, lines};

const ORGANISATION: OrganisationId = OrganisationId([5; 16]);
/// The quota of the web shop.
const QUOTA: u32 = 50;

struct House {
    ledger: Ledger,
    venue: Venue,
    runtime: Runtime,
}

impl House {
    fn open() -> Self {
        let ledger = Ledger::in_memory(fixed_clock()).unwrap();
        let venue = Venue::open(&ledger, ORGANISATION, 2_000, QUOTA, 1_900);
        Self { ledger, venue, runtime: Runtime::new().unwrap() }
    }

    fn together(&self, commands: Vec<Command>) -> Vec<Result<Receipt, SubmitError>> {
        self.runtime.block_on(self.ledger.submit_together(commands))
    }

    fn sale(&self, key: &str, tickets: usize, buyer: &str) -> Command {
        self.venue.sale(key, self.venue.web, tickets, buyer)
    }

    fn length(&self) -> u64 {
        self.ledger.head(ORGANISATION).unwrap().length
    }
}

fn codes(answers: &[Result<Receipt, SubmitError>]) -> Vec<Option<RejectionCode>> {
    let code = |answer: &Result<Receipt, SubmitError>| match answer {
        Ok(_) => None,
        Err(SubmitError::Rejected(rejection)) => Some(rejection.code),
        Err(other) => panic!("{other}"),
    };
    answers.iter().map(code).collect()
}

#[test]
fn all_are_recorded_one_after_the_other() {
    let house = House::open();
    let before = house.length();
    let asked = || {
        vec![
            house.sale("a", 2, "ana@example.org"),
            house.sale("b", 1, "ANA@example.org"),
            house.sale("c", 3, ""),
        ]
    };
    let answers = house.together(asked());
    let receipts: Vec<Receipt> = answers.into_iter().map(Result::unwrap).collect();
    let positions: Vec<u64> =
        receipts.iter().flat_map(|receipt| receipt.entries()).map(|entry| entry.envelope.position).collect();
    assert_eq!(positions, (before..before + 6).collect::<Vec<_>>());
    let subject = |of: usize| lines(&receipts[of]).subject;
    assert!(subject(0).is_some() && subject(0) == subject(1), "somebody new is one person on both lines");
    assert_eq!(house.ledger.subject(ORGANISATION, "ana@example.org").unwrap(), subject(0));
    assert_eq!(lines(&receipts[2]).tickets[0].serial, 4, "numbers go on from line to line");
    for (number, receipt) in receipts.iter().enumerate() {
        for ticket in &lines(receipt).tickets {
            assert!(!house.ledger.codes(ORGANISATION, ticket.ticket).unwrap().is_empty(), "line {number}");
        }
    }
    // Asked again, nothing is added.
    let again = house.together(asked());
    assert!(again.iter().all(|answer| answer.as_ref().unwrap().replayed));
    assert_eq!(again[1].as_ref().unwrap().entries(), receipts[1].entries());
    assert_eq!(house.length(), before + 6);
}

#[test]
fn one_that_is_refused_keeps_all_others_from_being_recorded() {
    use RejectionCode::*;
    let house = House::open();
    let head = house.ledger.head(ORGANISATION).unwrap();
    let (many, few) = (QUOTA as usize - 1, 2);
    let mut unknown = house.sale("d", 1, "");
    unknown.key = String::new();
    let asked = vec![
        house.sale("a", many, "ana@example.org"),
        house.sale("b", few, ""),
        house.sale("c", 1, ""),
        unknown,
    ];
    let answers = house.together(asked);
    // Every line says what is wrong with itself, the others considered that could be recorded.
    let expected = [Some(OtherLineRefused), Some(QuotaExceeded), Some(OtherLineRefused), Some(KeyInvalid)];
    assert_eq!(codes(&answers), expected);
    assert_eq!(house.ledger.head(ORGANISATION), Some(head));
    assert_eq!(house.ledger.subject(ORGANISATION, "ana@example.org").unwrap(), None, "nobody is kept");
    // Places and numbers are as they were, and the keys are not used up.
    let sold = house.ledger.submit_blocking(house.sale("a", QUOTA as usize, "")).unwrap();
    assert_eq!((sold.replayed, lines(&sold).tickets[0].serial), (false, 1));
}

#[test]
fn one_name_is_one_command() {
    use RejectionCode::*;
    let house = House::open();
    let twice = house.together(vec![house.sale("a", 1, ""), house.sale("a", 1, "")]);
    let receipts: Vec<&Receipt> = twice.iter().map(|answer| answer.as_ref().unwrap()).collect();
    assert_eq!((receipts[0].replayed, receipts[1].replayed), (false, true));
    assert_eq!(receipts[0].entries(), receipts[1].entries());
    let length = house.length();
    let other = house.together(vec![house.sale("b", 1, ""), house.sale("b", 2, "")]);
    assert_eq!(codes(&other), [Some(OtherLineRefused), Some(IdempotencyKeyReused)]);
    let recorded = house.together(vec![house.sale("b", 1, ""), house.sale("a", 2, "")]);
    assert_eq!(codes(&recorded), [Some(OtherLineRefused), Some(IdempotencyKeyReused)]);
    assert_eq!(house.length(), length);
    let mixed = house.together(vec![house.sale("a", 1, ""), house.sale("b", 1, "")]);
    assert_eq!(
        mixed.iter().map(|answer| answer.as_ref().unwrap().replayed).collect::<Vec<_>>(),
        [true, false]
    );
}

#[test]
fn they_fit_one_append_or_are_refused() {
    let house = House::open();
    let before = house.length();
    // Two events each: the order and its payment.
    let asked = |count: usize, key: &str| -> Vec<Command> {
        let venue = &house.venue;
        (0..count).map(|number| venue.sale(format!("{key}{number}"), venue.desk, 1, "")).collect()
    };
    let refused = house.together(asked(501, "a"));
    assert_eq!(codes(&refused)[500], Some(RejectionCode::CommandTooLarge));
    assert_eq!(house.length(), before);
    assert!(house.together(asked(500, "b")).iter().all(Result::is_ok));
    assert_eq!(house.length(), before + 1_000);
    assert!(house.together(Vec::new()).is_empty());
    let mut elsewhere = asked(2, "c");
    elsewhere.iter_mut().for_each(|command| command.organisation = OrganisationId([9; 16]));
    assert_eq!(codes(&house.together(elsewhere)), [Some(RejectionCode::OrganisationUnknown); 2]);
    let mut two = asked(2, "d");
    two[1].organisation = OrganisationId([9; 16]);
    let expected = [Some(RejectionCode::OtherLineRefused), Some(RejectionCode::OrganisationUnknown)];
    assert_eq!(
        codes(&house.together(two)),
        expected,
        "commands of two organisations are not decided together"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Together as one by one where all go; where one does not, as if nobody had asked.
    #[test]
    fn together_is_one_by_one_or_nothing(
        batches in prop::collection::vec(prop::collection::vec((1_usize..9, 0_u8..3), 1..6), 1..8),
    ) {
        let (house, model) = (House::open(), House::open());
        let mut free = QUOTA as usize;
        for (number, batch) in batches.iter().enumerate() {
            let commands = |house: &House| -> Vec<Command> {
                let one = |(line, (tickets, buyer)): (usize, &(usize, u8))| {
                    let buyer = if *buyer == 0 { String::new() } else { format!("buyer{buyer}@example.org") };
                    house.sale(&format!("{number}-{line}"), *tickets, &buyer)
                };
                batch.iter().enumerate().map(one).collect()
            };
            let wanted: usize = batch.iter().map(|(tickets, _)| tickets).sum();
            let answers = house.together(commands(&house));
            prop_assert_eq!(answers.iter().all(Result::is_ok), wanted <= free, "{:?}", codes(&answers));
            prop_assert!(answers.iter().all(Result::is_ok) || answers.iter().all(Result::is_err));
            if wanted <= free {
                free -= wanted;
                for command in commands(&model) {
                    model.ledger.submit_blocking(command).unwrap();
                }
            }
            prop_assert_eq!(house.length(), model.length());
        }
        let events = |house: &House| {
            let mut events = Vec::new();
            let mut visit = |entry: soticket_ledger::Entry| {
                events.push((entry.event.kind(), entry.envelope.part, entry.envelope.parts));
                std::ops::ControlFlow::Continue(())
            };
            house.ledger.read(ORGANISATION, 0, &mut visit).unwrap();
            events
        };
        prop_assert_eq!(events(&house), events(&model));
    }
}

/// Others write meanwhile: what is recorded together stays together.
#[test]
fn nothing_comes_in_between() {
    let house = Arc::new(House::open());
    let writer = {
        let house = Arc::clone(&house);
        std::thread::spawn(move || {
            for number in 0..300 {
                let sale = house.venue.sale(format!("other{number}"), house.venue.desk, 1, "");
                house.ledger.submit_blocking(sale).unwrap();
            }
        })
    };
    for batch in 0..40 {
        let venue = &house.venue;
        let sales = (0..7).map(|line| venue.sale(format!("{batch}-{line}"), venue.desk, 1, "")).collect();
        let answers = house.together(sales);
        let positions: Vec<u64> = answers
            .iter()
            .flat_map(|answer| answer.as_ref().unwrap().entries())
            .map(|entry| entry.envelope.position)
            .collect();
        assert!(positions.windows(2).all(|pair| pair[1] == pair[0] + 1), "{positions:?}");
    }
    writer.join().unwrap();
}
