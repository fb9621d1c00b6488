//! Reads a log's entries: on this thread, or with other threads that read, hash and decode ahead of it.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use soticket_schema::OrganisationId;

use crate::entry::Entry;
use crate::log::{Log, LogError};

/// Entries that a thread reads at a time: enough to hide the hand-over, few enough to stay in the cache.
const SPAN: u64 = 512;
/// Spans that a thread may be ahead: bounds the memory.
const SPANS_AHEAD: usize = 4;

/// Calls `visit` with every durable entry from position `from` on, in log order, until it breaks.
///
/// # Errors
/// The log cannot be read, or a payload is no event.
pub(crate) fn read(
    log: &dyn Log,
    organisation: OrganisationId,
    from: u64,
    visit: &mut dyn FnMut(Entry) -> ControlFlow<()>,
) -> Result<(), LogError> {
    let mut failed = None;
    log.read(organisation, from, &mut |record| match Entry::read(&record) {
        Ok(entry) => visit(entry),
        Err(error) => {
            let position = record.envelope.position;
            failed = Some(LogError::RecordMalformed { organisation, position, reason: error.to_string() });
            ControlFlow::Break(())
        }
    })?;
    failed.map_or(Ok(()), Err)
}

/// Calls `visit` with every entry of a log in order, until it says that it needs no more. Other threads read ahead.
///
/// # Errors
/// The log cannot be read, or a payload is no event; what was visited before is sound.
pub fn read_entries(
    log: &dyn Log,
    organisation: OrganisationId,
    visit: &mut dyn FnMut(&Entry) -> bool,
) -> Result<(), LogError> {
    let mut wants_more = true;
    // The readers end with the error that stops them; it is nobody's failure.
    let enough = LogError::Poisoned { reason: String::new() };
    let read = read_ahead(log, organisation, 0, &mut |entry| {
        wants_more = visit(entry);
        if wants_more { Ok(()) } else { Err(enough.clone()) }
    });
    if wants_more { read } else { Ok(()) }
}

/// Calls `visit` with every entry from position `from` up to the head, in log order, until it fails. Where there is
/// much to read, other threads are ahead of this one.
///
/// # Errors
/// As [`read`], or what `visit` says; what was visited before is sound.
pub(crate) fn read_ahead(
    log: &dyn Log,
    organisation: OrganisationId,
    from: u64,
    visit: &mut dyn FnMut(&Entry) -> Result<(), LogError>,
) -> Result<(), LogError> {
    let until = log.head(organisation).map_or(from, |head| head.length);
    let spans = until.saturating_sub(from).div_ceil(SPAN) as usize;
    if spans <= 1 {
        let mut entries = Vec::new();
        let read = read_span(log, organisation, from, until, &mut entries);
        entries.iter().try_for_each(visit)?;
        return read;
    }
    let threads = thread::available_parallelism().map_or(1, usize::from).saturating_sub(1).clamp(1, spans);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..threads)
            .map(|thread| {
                let (send, spans) = sync_channel(SPANS_AHEAD);
                let (give_back, used) = channel();
                let starts = (from..until).step_by(SPAN as usize).skip(thread).step_by(threads);
                scope.spawn(move || read_spans(log, organisation, starts, until, &send, &used));
                (spans, give_back)
            })
            .collect();
        // Taking the spans in turn puts them back in order.
        for (spans, give_back) in readers.iter().cycle().take(spans) {
            // Nothing comes from a thread that ended by a panic, which the scope passes on.
            let Ok((entries, read)) = spans.recv() else { break };
            entries.iter().try_for_each(&mut *visit)?;
            read?;
            give_back_to(give_back, entries);
        }
        Ok(())
    })
}

/// Entries are freed by the thread that allocated them: freeing them elsewhere would fight over its memory.
fn give_back_to(thread: &Sender<Vec<Entry>>, entries: Vec<Entry>) {
    // A thread that is through with its spans takes nothing back: then the entries are freed here.
    let _ = thread.send(entries);
}

/// Entries of a span, and why there are no more if it is not whole.
type Span = (Vec<Entry>, Result<(), LogError>);

fn read_spans(
    log: &dyn Log,
    organisation: OrganisationId,
    starts: impl Iterator<Item = u64>,
    until: u64,
    send: &SyncSender<Span>,
    used: &Receiver<Vec<Entry>>,
) {
    for from in starts {
        let mut entries = used.try_recv().unwrap_or_default();
        entries.clear();
        let read = read_span(log, organisation, from, until.min(from.saturating_add(SPAN)), &mut entries);
        if send.send((entries, read)).is_err() {
            return;
        }
    }
}

fn read_span(
    log: &dyn Log,
    organisation: OrganisationId,
    from: u64,
    until: u64,
    entries: &mut Vec<Entry>,
) -> Result<(), LogError> {
    let wanted = until.saturating_sub(from) as usize;
    if wanted == 0 {
        return Ok(());
    }
    entries.reserve_exact(wanted);
    read(log, organisation, from, &mut |entry| {
        entries.push(entry);
        if entries.len() < wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
}
