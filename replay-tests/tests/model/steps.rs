//! What a caller may do to the small venue of the model test. Picks choose among what exists at that moment.

use proptest::prelude::*;

/// A step. `channel` is 0 or 1.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Sell { channel: usize, count: i64, paid: bool },
    SellSeat { channel: usize, seat: u32 },
    Hold { channel: usize, count: i64, minutes: i64 },
    SellHold { pick: usize },
    Release { pick: usize },
    Cancel { pick: usize, fee_kept: bool, refund: i64 },
    Pay { pick: usize, amount: i64 },
    Return { pick: usize, amount: i64 },
    Allocate { channel: usize, count: i64, minutes: Option<i64> },
    Transfer { from: usize, count: i64 },
    Close { channel: usize },
    GiveBack { channel: usize, count: i64 },
    Deadline { channel: usize, minutes: Option<i64> },
    Report { channel: usize, count: i64 },
    Wait { minutes: i64 },
}

/// Any step, sales most of all.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    let amount = prop_oneof![Just(1_i64), Just(180), Just(2_400), Just(2_580), Just(5_160)];
    let refund = prop_oneof![3 => Just(0_i64), 1 => amount.clone()];
    let channel = 0..2_usize;
    let pick = 0..1_000_usize;
    prop_oneof![
        8 => (channel.clone(), 1..5_i64, any::<bool>())
            .prop_map(|(channel, count, paid)| Step::Sell { channel, count, paid }),
        4 => (channel.clone(), 0..4_u32).prop_map(|(channel, seat)| Step::SellSeat { channel, seat }),
        4 => (channel.clone(), 1..5_i64, 1..10_i64)
            .prop_map(|(channel, count, minutes)| Step::Hold { channel, count, minutes }),
        2 => pick.clone().prop_map(|pick| Step::SellHold { pick }),
        2 => pick.clone().prop_map(|pick| Step::Release { pick }),
        4 => (pick.clone(), any::<bool>(), refund)
            .prop_map(|(pick, fee_kept, refund)| Step::Cancel { pick, fee_kept, refund }),
        2 => (pick.clone(), amount.clone()).prop_map(|(pick, amount)| Step::Pay { pick, amount }),
        2 => (pick, amount).prop_map(|(pick, amount)| Step::Return { pick, amount }),
        3 => (channel.clone(), 1..8_i64, prop::option::of(1..20_i64))
            .prop_map(|(channel, count, minutes)| Step::Allocate { channel, count, minutes }),
        2 => (channel.clone(), 1..5_i64).prop_map(|(channel, count)| Step::GiveBack { channel, count }),
        1 => (channel.clone(), prop::option::of(1..20_i64))
            .prop_map(|(channel, minutes)| Step::Deadline { channel, minutes }),
        2 => (channel.clone(), 1..8_i64).prop_map(|(from, count)| Step::Transfer { from, count }),
        1 => channel.clone().prop_map(|channel| Step::Close { channel }),
        1 => (channel, 1..5_i64).prop_map(|(channel, count)| Step::Report { channel, count }),
        3 => (1..8_i64).prop_map(|minutes| Step::Wait { minutes }),
    ]
}
