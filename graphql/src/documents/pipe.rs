//! From a thread that writes to a body that is sent: at most a few chunks lie between them.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use hyper::body::{Body, Frame};
use tokio::sync::mpsc::{self, Receiver, Sender, error::TrySendError};

/// Bytes of a chunk.
const CHUNK: usize = 64 * 1024;
/// Chunks on their way.
const CHUNKS: usize = 4;
/// How long a client may take no bytes before the writer gives up its place.
const STALL_MAX: Duration = Duration::from_secs(30);
/// Pause between two looks whether there is room.
const PAUSE: Duration = Duration::from_millis(5);

/// The end that is written to. Dropping it without [`Pipe::finish`] breaks the body off, so that nobody takes a part
/// for the whole.
pub(crate) struct Pipe {
    sender: Sender<io::Result<Bytes>>,
    chunk: Vec<u8>,
    finished: bool,
}

/// The end that is sent.
pub(crate) struct Piped(Receiver<io::Result<Bytes>>);

/// Both ends.
pub(crate) fn pipe() -> (Pipe, Piped) {
    let (sender, receiver) = mpsc::channel(CHUNKS);
    (Pipe { sender, chunk: Vec::with_capacity(CHUNK), finished: false }, Piped(receiver))
}

impl Pipe {
    /// Sends what is left.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.finished = true;
        Ok(())
    }

    fn send(&self, mut chunk: io::Result<Bytes>) -> io::Result<()> {
        let begun = Instant::now();
        loop {
            chunk = match self.sender.try_send(chunk) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Closed(_)) => return Err(io::ErrorKind::BrokenPipe.into()),
                Err(TrySendError::Full(chunk)) => chunk,
            };
            if begun.elapsed() > STALL_MAX {
                return Err(io::ErrorKind::TimedOut.into());
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(bytes);
        if self.chunk.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK));
        self.send(Ok(chunk.into()))
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        if !self.finished {
            // A reader that is gone needs no telling.
            let _ = self.send(Err(io::ErrorKind::UnexpectedEof.into()));
        }
    }
}

impl Body for Piped {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(context).map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    #[tokio::test]
    async fn what_is_written_arrives_and_a_part_is_no_whole() {
        for whole in [true, false] {
            let (mut pipe, piped) = pipe();
            let writer = std::thread::spawn(move || {
                for _ in 0..100 {
                    pipe.write_all(&[7; 10_000]).unwrap();
                }
                if whole {
                    pipe.finish().unwrap();
                }
            });
            let read = piped.collect().await;
            writer.join().unwrap();
            assert_eq!(read.is_ok(), whole);
            assert!(!whole || read.unwrap().to_bytes().len() == 1_000_000);
        }
    }

    #[test]
    fn a_reader_that_left_ends_the_writing() {
        let (mut pipe, piped) = pipe();
        drop(piped);
        assert_eq!(pipe.write_all(&[7; CHUNK]).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
