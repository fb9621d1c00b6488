use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::testing::hostile::{self, Raw};

proptest! {
    #[test]
    fn every_event_of_an_order_is_in_its_story_and_no_other(raws in vec(any::<Raw>(), 0..400)) {
        let log = hostile::log(&raws, true);
        let mut expected = std::collections::BTreeMap::<OrderId, Vec<u64>>::new();
        for entry in &log.entries {
            if let Some(order) = event::order(&entry.event) {
                expected.entry(order).or_default().push(entry.envelope.position);
            }
        }
        let stories: Stories = log.fold();
        for (order, positions) in expected {
            prop_assert_eq!(stories.order(order), positions);
        }
        prop_assert_eq!(stories.order(OrderId(u64::MAX - 1)), Vec::<u64>::new());
    }
}

#[test]
fn numbers_of_any_size_are_told_apart_within_a_block() {
    let mut block = Block::default();
    let positions = [3_u64, 130, 131, 20_000, 5_000_000_000];
    for position in positions {
        block.push(position % 7, position);
        block.push(8_191, position);
    }
    assert_eq!(block.positions(8_191), positions);
    for place in 0..7 {
        let of_place: Vec<u64> = positions.into_iter().filter(|position| position % 7 == place).collect();
        assert_eq!(block.positions(place), of_place);
    }
}
