//! The one thread that writes to the storage engine, and the watch over it.
//!
//! sled can wait for ever inside a flush once a write has failed, so whoever commits waits for this thread with a
//! limit instead of calling the engine itself.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Hands work to a thread and waits for each result, but not for ever.
#[derive(Debug)]
pub(super) struct EngineThread<W> {
    work: Option<SyncSender<W>>,
    done: Receiver<Result<(), String>>,
    thread: Option<JoinHandle<()>>,
    limit: Duration,
    lost: bool,
}

impl<W: Send + 'static> EngineThread<W> {
    /// Starts the thread; `perform` runs on it. A result later than `limit` counts as a failure.
    pub(super) fn start(
        limit: Duration,
        mut perform: impl FnMut(W) -> Result<(), String> + Send + 'static,
    ) -> std::io::Result<Self> {
        let (work, orders) = sync_channel::<W>(1);
        let (report, done) = sync_channel(1);
        let thread = std::thread::Builder::new().name("log-engine".to_owned()).spawn(move || {
            for order in orders {
                let result = catch_unwind(AssertUnwindSafe(|| perform(order)));
                let result = result.unwrap_or_else(|panic| Err(panic_message(panic.as_ref())));
                if report.send(result).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { work: Some(work), done, thread: Some(thread), limit, lost: false })
    }

    /// Has `work` performed. After an error nothing is known about what reached the disk: never call it again.
    pub(super) fn perform(&mut self, work: W) -> Result<(), String> {
        let sent = self.work.as_ref().is_some_and(|queue| queue.send(work).is_ok());
        let result = match self.done.recv_timeout(self.limit) {
            Ok(result) if sent => result,
            Err(RecvTimeoutError::Timeout) => {
                self.lost = true;
                Err(format!("the storage engine did not answer within {:?}", self.limit))
            }
            _ => Err("the storage engine's thread has ended".to_owned()),
        };
        if result.is_err() {
            self.work = None;
        }
        result
    }
}

impl<W> Drop for EngineThread<W> {
    fn drop(&mut self) {
        self.work = None;
        // A thread that hangs inside the engine would take this one with it.
        if let Some(thread) = self.thread.take().filter(|_| !self.lost) {
            let _ = thread.join();
        }
    }
}

/// Longest part of a panic's text that a message repeats.
const PANIC_CHARACTERS_MAX: usize = 200;

/// What a panic said, on one line.
pub(super) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it gave no reason");
    // The engine prints its whole state on the lines that follow: a message is one line.
    let line: String = text.lines().next().unwrap_or_default().chars().take(PANIC_CHARACTERS_MAX).collect();
    format!("the storage engine panicked: {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(limit: u64) -> EngineThread<u32> {
        EngineThread::start(Duration::from_millis(limit), |work| match work {
            0 => Ok(()),
            1 => Err("disk full".to_owned()),
            2 => panic!("broken invariant"),
            _ => loop {
                std::thread::park();
            },
        })
        .unwrap()
    }

    #[test]
    fn an_error_a_panic_and_a_hang_are_failures() {
        let cases =
            [(1, 5_000, "disk full"), (2, 5_000, "broken invariant"), (3, 50, "did not answer within 50ms")];
        for (work, limit, said) in cases {
            let mut thread = thread(limit);
            assert_eq!(thread.perform(0), Ok(()));
            let reason = thread.perform(work).unwrap_err();
            assert!(reason.contains(said), "{reason}");
            assert!(thread.perform(0).is_err(), "nothing is accepted after {said}");
        }
    }
}
