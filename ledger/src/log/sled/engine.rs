//! The watch over the storage engine.
//!
//! sled can wait for ever inside a flush once a write has failed, and panics on some damage. Work runs on the thread
//! that wants it done, which costs no hand-over; another thread only looks whether it takes too long.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// How many times within the limit the watching thread looks.
const LOOKS: u32 = 8;

/// Watches over one piece of work at a time.
#[derive(Debug)]
pub(super) struct Watch {
    watched: Arc<Watched>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Watched {
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// When the work that is under way began.
    begun: Option<Instant>,
    ended: bool,
}

impl Watch {
    /// Starts the watching thread. Work that takes longer than `limit` is told to `overdue`, once; it may never end.
    pub(super) fn start(
        limit: Duration,
        overdue: impl FnOnce(String) + Send + 'static,
    ) -> std::io::Result<Self> {
        let watched = Arc::new(Watched::default());
        let watching = Arc::clone(&watched);
        let thread = std::thread::Builder::new().name("log-watch".to_owned()).spawn(move || {
            if watching.until_overdue(limit) {
                overdue(format!("the storage engine did not answer within {limit:?}"));
            }
        })?;
        Ok(Self { watched, thread: Some(thread) })
    }

    /// Runs `work` under the watch. After an error nothing is known about what reached the disk.
    pub(super) fn over(&self, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
        self.watched.state.lock().begun = Some(Instant::now());
        let result = catch_unwind(AssertUnwindSafe(work));
        self.watched.state.lock().begun = None;
        result.unwrap_or_else(|panic| Err(panic_message(panic.as_ref())))
    }
}

impl Watched {
    /// Looks until the watch ends (false) or work is overdue (true).
    fn until_overdue(&self, limit: Duration) -> bool {
        let mut state = self.state.lock();
        while !state.ended {
            if state.begun.is_some_and(|begun| begun.elapsed() >= limit) {
                return true;
            }
            self.ended.wait_for(&mut state, limit / LOOKS);
        }
        false
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watched.state.lock().ended = true;
        self.watched.ended.notify_all();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
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
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn errors_and_panics_are_failures() {
        let watch = Watch::start(Duration::from_secs(60), |_| ()).unwrap();
        assert_eq!(watch.over(|| Ok(())), Ok(()));
        assert_eq!(watch.over(|| Err("disk full".to_owned())), Err("disk full".to_owned()));
        let reason = watch.over(|| panic!("broken invariant")).unwrap_err();
        assert!(reason.contains("broken invariant"), "{reason}");
    }

    #[test]
    fn work_that_hangs_is_told_and_short_work_is_not() {
        let (told, overdue) = channel();
        let (release, hang) = channel::<()>();
        let watch = Watch::start(Duration::from_millis(80), move |reason| drop(told.send(reason))).unwrap();
        for _ in 0..100 {
            watch.over(|| Ok(())).unwrap();
        }
        std::thread::scope(|scope| {
            scope.spawn(|| watch.over(move || hang.recv().map_err(|error| error.to_string())));
            let reason = overdue.recv().unwrap();
            assert!(reason.contains("did not answer within 80ms"), "{reason}");
            release.send(()).unwrap();
        });
    }
}
