//! Segments over facts: what meets shares nobody and misses nobody.

use proptest::prelude::*;

use super::*;

fn customer(number: u8, orders: usize, spend: i64, last: Option<i64>, erased: bool) -> Customer {
    Customer {
        subject: Some(SubjectRef([number; 16])),
        orders: (1..=orders as u64).map(OrderId).collect(),
        tickets: orders as u64,
        paid: Amount(spend),
        returned: Amount::ZERO,
        spend: Amount(spend),
        last_purchase: last.filter(|_| orders > 0).map(Timestamp),
        received: Vec::new(),
        erased_at: erased.then_some(Timestamp(1)),
        erased_in_backups_at: None,
        last_contact: None,
        last_movement: None,
        consents: Vec::new(),
        profile_changes: Vec::new(),
        shows: vec![ShowId(2), ShowId(5)],
    }
}

fn held(criteria: &Criteria, customers: &[Customer], cards: &[CardTypeId], reduced: u64) -> Vec<SubjectRef> {
    let attended = [(ShowId(5), SubjectRef([1; 16]))].into_iter().collect();
    let facts = |customer| Facts { customer, cards, reduced, attended: &attended };
    let held = customers.iter().filter(|customer| criteria.hold(&facts(customer)));
    held.filter_map(|customer| customer.subject).collect()
}

fn customers() -> impl Strategy<Value = Vec<Customer>> {
    let one = (0_usize..4, -50_i64..500, prop::option::of(0_i64..100), any::<bool>());
    prop::collection::vec(one, 0..40).prop_map(|all| {
        let made = (0_u8..).zip(all);
        made.map(|(number, (orders, spend, last, erased))| {
            customer(number, orders, spend, Some(last.unwrap_or(7)), erased)
        })
        .collect()
    })
}

/// Criteria that together hold for everybody once, at these bounds.
fn partitions(bound: i64, higher: i64) -> Vec<Vec<Criteria>> {
    let (low, high) = (bound.min(higher), bound.max(higher));
    let all = Criteria::default;
    let count = |value: i64| Some(u64::try_from(value.rem_euclid(4)).unwrap());
    let (few, many) = (count(low).min(count(high)), count(low).max(count(high)));
    vec![
        vec![
            Criteria { spend_below: Some(Amount(low)), ..all() },
            Criteria { spend_from: Some(Amount(low)), spend_below: Some(Amount(high)), ..all() },
            Criteria { spend_from: Some(Amount(high)), ..all() },
        ],
        vec![
            Criteria { orders_below: few, ..all() },
            Criteria { orders_from: few, orders_below: many, ..all() },
            Criteria { orders_from: many, ..all() },
        ],
        vec![
            Criteria { bought: Some(false), ..all() },
            Criteria { last_purchase_before: Some(Timestamp(low)), ..all() },
            Criteria { last_purchase_from: Some(Timestamp(low)), ..all() },
        ],
        vec![Criteria { card: Some(true), ..all() }, Criteria { card: Some(false), ..all() }],
    ]
}

proptest! {
    #[test]
    fn ranges_that_meet_share_nobody_and_miss_nobody(
        customers in customers(), bound in 0_i64..500, higher in 0_i64..500, card in any::<bool>(),
    ) {
        let cards = if card { vec![CardTypeId(1)] } else { Vec::new() };
        let everybody = held(&Criteria::default(), &customers, &cards, 0);
        prop_assert_eq!(everybody.len(), customers.iter().filter(|of| of.erased_at.is_none()).count());
        for partition in partitions(bound, higher) {
            let mut found: Vec<SubjectRef> =
                partition.iter().flat_map(|criteria| held(criteria, &customers, &cards, 0)).collect();
            found.sort_unstable();
            prop_assert_eq!(&found, &everybody);
        }
    }

    #[test]
    fn what_is_asked_for_besides_only_takes_away(
        customers in customers(), bound in 0_i64..500, other in 0_i64..500,
    ) {
        for one in partitions(bound, other).concat() {
            let wide = held(&one, &customers, &[], 0);
            for narrowed in [
                Criteria { bought: one.bought.or(Some(true)), ..one.clone() },
                Criteria { reduced_from: Some(1), ..one.clone() },
                Criteria { shows: vec![ShowId(9)], ..one.clone() },
            ] {
                let narrow = held(&narrowed, &customers, &[], 0);
                prop_assert!(narrow.iter().all(|subject| wide.contains(subject)));
            }
        }
    }
}

#[test]
fn cards_reductions_and_shows_are_asked_for_by_name() {
    let all = [customer(1, 1, 10, Some(1), false), customer(2, 1, 10, Some(1), false)];
    let both = vec![SubjectRef([1; 16]), SubjectRef([2; 16])];
    let (silver, gold) = (CardTypeId(1), CardTypeId(2));
    let asked = |criteria, cards: &[CardTypeId], reduced| held(&criteria, &all, cards, reduced);
    let of = Criteria::default;
    assert_eq!(asked(Criteria { card_types: vec![gold], ..of() }, &[silver, gold], 0), both);
    assert_eq!(asked(Criteria { card_types: vec![gold], ..of() }, &[silver], 0), []);
    assert_eq!(asked(Criteria { card: Some(false), card_types: vec![gold], ..of() }, &[silver], 0), both);
    assert_eq!(asked(Criteria { reduced_from: Some(2), ..of() }, &[], 2), both);
    assert_eq!(asked(Criteria { reduced_from: Some(2), ..of() }, &[], 1), []);
    let shows = |shows: &[u64], attended| Criteria {
        shows: shows.iter().copied().map(ShowId).collect(),
        attended,
        ..of()
    };
    assert_eq!(asked(shows(&[5, 9], false), &[], 0), both);
    assert_eq!(asked(shows(&[9], false), &[], 0), []);
    assert_eq!(asked(shows(&[5], true), &[], 0), [SubjectRef([1; 16])], "the other was not let in");
    assert_eq!(asked(shows(&[2], true), &[], 0), []);
    assert_eq!(asked(shows(&[], true), &[], 0), [SubjectRef([1; 16])], "let in to any show");
}
