//! A recording: the calls of all threads in the order in which they began and ended.

use std::collections::HashMap;

use anyhow::{Context, Result};

use super::call::{self, Call};

/// A moment of the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Moment {
    /// The call of this number begins: from here on it may have an effect.
    Begins(usize, Call),
    /// The call of this number has returned.
    Ends(usize, i64),
}

/// Reads what `strace -f -xx` wrote.
pub(super) fn read(text: &str) -> Result<Vec<Moment>> {
    let mut moments = Vec::new();
    let mut running = HashMap::new();
    let mut number = 0;
    for (index, line) in text.lines().enumerate() {
        let (thread, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim_start();
        let place = || format!("line {} of the recording", index + 1);
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let Some(begun) = running.remove(thread) else { continue };
            moments.push(Moment::Ends(begun, result(resumed).with_context(place)?));
        } else if let Some((name, arguments)) = rest.split_once('(').filter(|(name, _)| is_name(name)) {
            number += 1;
            if let Some(arguments) = arguments.strip_suffix(" <unfinished ...>") {
                moments.push(Moment::Begins(number, call::parse(name, arguments).with_context(place)?));
                running.insert(thread, number);
            } else if let Some((arguments, outcome)) = arguments.rsplit_once(" = ") {
                moments.push(Moment::Begins(number, call::parse(name, arguments).with_context(place)?));
                moments.push(Moment::Ends(number, leading_number(outcome)));
            }
        }
    }
    Ok(moments)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The result of `pwrite64 resumed>) = 5`.
fn result(resumed: &str) -> Result<i64> {
    let (_, outcome) = resumed.rsplit_once("= ").context("a resumed call has no result")?;
    Ok(leading_number(outcome))
}

/// The number at the front of `-1 ENOENT (No such file)`; a call that never returned counts as failed.
fn leading_number(outcome: &str) -> i64 {
    outcome.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_two_threads_interleave() {
        let text = "10 fsync(3 <unfinished ...>\n\
                    11 write(4, \"\\x61\", 1)            = 1\n\
                    10 <... fsync resumed>)              = 0\n\
                    10 +++ exited with 0 +++\n";
        let moments = read(text).unwrap();
        assert_eq!(
            moments,
            [
                Moment::Begins(1, Call::Sync { file: 3 }),
                Moment::Begins(2, Call::Write { file: 4, bytes: b"a".to_vec(), at: None }),
                Moment::Ends(2, 1),
                Moment::Ends(1, 0),
            ]
        );
    }
}
