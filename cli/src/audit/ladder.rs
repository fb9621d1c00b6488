//! The rungs of proof: which of them a log has reached, and what rests on the operator where one is not.

use serde::Serialize;

/// How far one rung is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) enum State {
    /// It holds.
    #[serde(rename = "reached")]
    Reached,
    /// What there is speaks against it.
    #[serde(rename = "failed")]
    Failed,
    /// There is nothing to check it with.
    #[serde(rename = "not given")]
    NotGiven,
    /// There is something that this program does not check.
    #[serde(rename = "not checked")]
    NotChecked,
}

impl State {
    /// As it is printed.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Failed => "failed",
            Self::NotGiven => "not given",
            Self::NotChecked => "not checked",
        }
    }
}

/// A rung.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Rung {
    /// Its number.
    pub(crate) rung: u8,
    /// What it rests on.
    pub(crate) name: &'static str,
    /// How far it is.
    pub(crate) state: State,
    /// Up to which record it holds.
    pub(crate) size: u64,
}

/// What each rung rests on.
const NAMES: [&str; 5] = ["chain", "checkpoint", "seen", "witnesses", "timestamp"];

/// Where the key that checkpoints were checked with is from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyFrom {
    /// The auditor brought it.
    Outside,
    /// The log registers it itself.
    Log,
    /// It lies beside the log.
    File,
}

/// The rungs from the lowest on, with the record up to which each holds.
pub(crate) fn rungs(states: [(State, u64); 5]) -> Vec<Rung> {
    let numbered = (0_u8..).zip(NAMES).zip(states);
    let rungs = numbered.map(|((rung, name), (state, size))| {
        let size = if state == State::Reached { size } else { 0 };
        Rung { rung, name, state, size }
    });
    rungs.collect()
}

/// The highest rung that holds, with nothing below it that speaks against it.
pub(crate) fn reached(rungs: &[Rung]) -> Option<u8> {
    let mut best = None;
    for rung in rungs {
        match rung.state {
            State::Failed => break,
            State::Reached => best = Some(rung.rung),
            // Without a signed checkpoint there is nothing that the higher rungs could stand on.
            _ if rung.rung == 1 => break,
            _ => {}
        }
    }
    best
}

/// What is not proved, and rests on the operator.
pub(crate) fn rests_on_operator(rungs: &[Rung], key_from: Option<KeyFrom>) -> Vec<&'static str> {
    let reached = |rung: usize| rungs.get(rung).is_some_and(|rung| rung.state == State::Reached);
    let mut rests =
        vec!["that every sale was recorded at all: compare with payments, scans and buyers' receipts"];
    if !reached(1) {
        rests.push(
            "that this is the log that others were given: no checkpoint of it is signed by a known key",
        );
    } else if key_from != Some(KeyFrom::Outside) {
        rests.push(
            "that the key is the operator's: it was taken from the log itself; get it another way and give it with --key",
        );
    }
    if !reached(2) {
        rests.push(
            "that it is the history of earlier: give checkpoints or receipts kept since then with --seen or --receipt",
        );
    }
    if !reached(3) {
        rests.push(
            "that nobody is shown another history: no quorum of witnesses is known to have seen this one",
        );
    }
    if !reached(4) {
        rests.push("when it was recorded: all times are the operator's own");
    }
    rests
}
