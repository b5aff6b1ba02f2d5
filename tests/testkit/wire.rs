//! The ends of a connection, scripted: bytes that come in pieces, pauses, errors, an end at any byte.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::activity::{bump, lock};

/// Code that has called in vain so often, in a row, does not stop by itself. From then on it waits, and the test can tell.
const IN_VAIN: usize = 1_000;

/// What happens at the byte where a scripted end stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireEnd {
    /// A read returns `Ok(0)`, the end of file. A write returns `Ok(0)`: no more bytes are accepted.
    Closed,
    /// An error of this kind, now and from now on.
    Fails(io::ErrorKind),
    /// An error of this kind, once. After it a reader is at its end, and a writer accepts everything.
    FailsOnce(io::ErrorKind),
    /// Nothing: whoever reads or writes waits forever.
    Silent,
}

/// A reader that hands out the bytes of a test in pieces, and then comes to its end.
///
/// ```
/// use testkit::{Incoming, vt};
/// use tokio::io::AsyncReadExt;
///
/// let mut incoming = Incoming::new("hello").pieces([1, 3]);
/// let probe = incoming.probe();
/// let mut buffer = [0; 64];
/// vt(async {
///     assert_eq!(incoming.read(&mut buffer).await.unwrap(), 1);
///     assert_eq!(incoming.read(&mut buffer).await.unwrap(), 3);
///     assert_eq!(incoming.read(&mut buffer).await.unwrap(), 1);
///     assert_eq!(incoming.read(&mut buffer).await.unwrap(), 0);
/// });
/// assert_eq!((probe.polls(), probe.taken(), probe.ends()), (4, 5, 1));
/// ```
pub struct Incoming {
    bytes: Vec<u8>,
    /// How many of them are gone.
    gone: usize,
    pace: Pace,
    end: WireEnd,
    seen: Arc<Mutex<Read>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Read {
    polls: usize,
    taken: usize,
    reads: usize,
    largest: usize,
    empty: usize,
    ends: usize,
    dropped: bool,
}

impl Incoming {
    /// All bytes at once, and then the end of file.
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref().to_vec();
        Self { bytes, gone: 0, pace: Pace::default(), end: WireEnd::Closed, seen: Arc::default() }
    }

    /// A read gets at most so many bytes. The sizes are repeated when they are used up. A piece that a small buffer cuts short
    /// goes on with the next read, as in a socket.
    #[must_use]
    pub fn pieces(mut self, sizes: impl IntoIterator<Item = usize>) -> Self {
        self.pace.pieces = sizes.into_iter().collect();
        self
    }

    /// In front of each piece, and of the end, it is pending for so long. The times are repeated when they are used up; zero is
    /// no pause.
    #[must_use]
    pub fn pauses(mut self, times: impl IntoIterator<Item = Duration>) -> Self {
        self.pace.pauses = times.into_iter().collect();
        self
    }

    /// What comes after the last byte, in place of the end of file.
    #[must_use]
    pub fn then(mut self, end: WireEnd) -> Self {
        self.end = end;
        self
    }

    /// What has happened to it so far, also after it was moved or dropped.
    #[must_use]
    pub fn probe(&self) -> IncomingProbe {
        IncomingProbe { seen: Arc::clone(&self.seen) }
    }
}

impl AsyncRead for Incoming {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let mut seen = lock(&this.seen);
        seen.polls += 1;
        seen.largest = seen.largest.max(buffer.remaining());
        if seen.empty.max(seen.ends) >= IN_VAIN {
            return Poll::Pending;
        }
        if buffer.remaining() == 0 {
            seen.empty += 1;
            drop(seen);
            bump();
            return Poll::Ready(Ok(()));
        }
        drop(seen);
        if this.pace.fresh() {
            bump();
        }
        ready!(this.pace.poll(context));
        let left = &this.bytes[this.gone..];
        let end = left.is_empty();
        if end && this.end == WireEnd::Silent {
            return Poll::Pending;
        }
        let count = this.pace.take(buffer.remaining().min(left.len()));
        buffer.put_slice(&left[..count]);
        this.gone += count;
        let mut seen = lock(&this.seen);
        seen.taken += count;
        seen.reads += usize::from(!end);
        seen.ends += usize::from(end);
        drop(seen);
        bump();
        Poll::Ready(match this.end {
            WireEnd::Fails(kind) if end => Err(kind.into()),
            WireEnd::FailsOnce(kind) if end => {
                this.end = WireEnd::Closed;
                Err(kind.into())
            }
            _ => Ok(()),
        })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        lock(&self.seen).dropped = true;
        bump();
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("left", &(self.bytes.len() - self.gone))
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

/// What happened to an [`Incoming`].
#[derive(Debug, Clone)]
pub struct IncomingProbe {
    seen: Arc<Mutex<Read>>,
}

impl IncomingProbe {
    fn seen(&self) -> Read {
        *lock(&self.seen)
    }

    /// How often it was polled for bytes.
    #[must_use]
    pub fn polls(&self) -> usize {
        self.seen().polls
    }

    /// How many bytes it has handed out.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.seen().taken
    }

    /// How many reads got bytes.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.seen().reads
    }

    /// The most bytes that a read had room for.
    #[must_use]
    pub fn largest_buffer(&self) -> usize {
        self.seen().largest
    }

    /// How many reads had no room for a single byte. After a thousand, it does not answer any more.
    #[must_use]
    pub fn empty_buffers(&self) -> usize {
        self.seen().empty
    }

    /// How many reads were told of the end, by `Ok(0)` or by the error. After a thousand, it does not answer any more.
    #[must_use]
    pub fn ends(&self) -> usize {
        self.seen().ends
    }

    /// Whether the reader was dropped.
    #[must_use]
    pub fn dropped(&self) -> bool {
        self.seen().dropped
    }
}

/// A writer that accepts bytes in pieces, and notes what came, what was flushed, and whether it was shut down.
///
/// ```
/// use testkit::{Outgoing, vt};
/// use tokio::io::AsyncWriteExt;
///
/// let mut outgoing = Outgoing::new().pieces([1, 64]);
/// let probe = outgoing.probe();
/// vt(async {
///     outgoing.write_all(b"hello").await.unwrap();
///     assert_eq!((probe.written(), probe.flushed()), (b"hello".to_vec(), Vec::new()));
///     outgoing.flush().await.unwrap();
/// });
/// assert_eq!((probe.flushed(), probe.writes()), (b"hello".to_vec(), vec![1, 4]));
/// assert_eq!((probe.flushes(), probe.shutdowns()), (1, 0));
/// ```
#[derive(Default)]
pub struct Outgoing {
    pace: Pace,
    stop: Option<(usize, WireEnd)>,
    flush: Option<io::ErrorKind>,
    shutdown: Option<io::ErrorKind>,
    flush_takes: Duration,
    /// Of a flush that has begun.
    flushing: Option<Pin<Box<Sleep>>>,
    seen: Arc<Mutex<Written>>,
}

#[derive(Debug, Default)]
struct Written {
    bytes: Vec<u8>,
    writes: Vec<usize>,
    flushed: usize,
    polls: usize,
    refused: usize,
    flushes: usize,
    failed: usize,
    shutdowns: usize,
    late: usize,
    dropped: bool,
}

impl Outgoing {
    /// It accepts everything at once.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A write gets rid of at most so many bytes. The sizes are repeated when they are used up.
    #[must_use]
    pub fn pieces(mut self, sizes: impl IntoIterator<Item = usize>) -> Self {
        self.pace.pieces = sizes.into_iter().collect();
        self
    }

    /// In front of each piece, it is pending for so long. The times are repeated when they are used up; zero is no pause.
    #[must_use]
    pub fn pauses(mut self, times: impl IntoIterator<Item = Duration>) -> Self {
        self.pace.pauses = times.into_iter().collect();
        self
    }

    /// It accepts so many bytes, and then this happens.
    #[must_use]
    pub fn until(mut self, bytes: usize, end: WireEnd) -> Self {
        self.stop = Some((bytes, end));
        self
    }

    /// A flush takes so long.
    #[must_use]
    pub fn flush_takes(mut self, time: Duration) -> Self {
        self.flush_takes = time;
        self
    }

    /// Each flush fails, when its time is up.
    #[must_use]
    pub fn fails_in_flush(mut self, kind: io::ErrorKind) -> Self {
        self.flush = Some(kind);
        self
    }

    /// The shutdown fails, when the time of a flush is up.
    #[must_use]
    pub fn fails_in_shutdown(mut self, kind: io::ErrorKind) -> Self {
        self.shutdown = Some(kind);
        self
    }

    /// What has happened to it so far, also after it was moved or dropped.
    #[must_use]
    pub fn probe(&self) -> OutgoingProbe {
        OutgoingProbe { seen: Arc::clone(&self.seen) }
    }

    /// The way through both, `flush` and `shutdown`; a shutdown implies a flush.
    fn poll_flushed(
        &mut self,
        context: &mut Context<'_>,
        fails: Option<io::ErrorKind>,
    ) -> Poll<io::Result<()>> {
        if !self.flush_takes.is_zero() {
            let time = self.flush_takes;
            ready!(self.flushing.get_or_insert_with(|| Box::pin(sleep(time))).as_mut().poll(context));
            self.flushing = None;
        }
        bump();
        let mut seen = lock(&self.seen);
        if let Some(kind) = fails {
            if seen.failed >= IN_VAIN {
                return Poll::Pending;
            }
            seen.failed += 1;
            return Poll::Ready(Err(kind.into()));
        }
        seen.flushed = seen.bytes.len();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Outgoing {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let mut seen = lock(&this.seen);
        seen.polls += 1;
        if seen.refused >= IN_VAIN {
            return Poll::Pending;
        }
        if seen.shutdowns > 0 {
            seen.late += 1;
            seen.refused += 1;
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let room = this.stop.map_or(usize::MAX, |(stop, _)| stop - seen.bytes.len());
        drop(seen);
        if this.pace.fresh() {
            bump();
        }
        ready!(this.pace.poll(context));
        let end = this.stop.filter(|_| room == 0 && !bytes.is_empty()).map(|(_, end)| end);
        if end == Some(WireEnd::Silent) {
            return Poll::Pending;
        }
        let count = this.pace.take(bytes.len().min(room));
        let mut seen = lock(&this.seen);
        seen.bytes.extend_from_slice(&bytes[..count]);
        seen.writes.extend((count > 0).then_some(count));
        seen.refused += usize::from(count == 0 && !bytes.is_empty());
        drop(seen);
        bump();
        Poll::Ready(match end {
            Some(WireEnd::Fails(kind)) => Err(kind.into()),
            Some(WireEnd::FailsOnce(kind)) => {
                this.stop = None;
                Err(kind.into())
            }
            _ => Ok(count),
        })
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_flushed(context, this.flush))?;
        lock(&this.seen).flushes += 1;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_flushed(context, this.shutdown))?;
        lock(&this.seen).shutdowns += 1;
        Poll::Ready(Ok(()))
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        lock(&self.seen).dropped = true;
        bump();
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("stop", &self.stop).finish_non_exhaustive()
    }
}

/// What happened to an [`Outgoing`].
#[derive(Debug, Clone)]
pub struct OutgoingProbe {
    seen: Arc<Mutex<Written>>,
}

impl OutgoingProbe {
    /// All bytes that it has accepted, in order.
    #[must_use]
    pub fn written(&self) -> Vec<u8> {
        lock(&self.seen).bytes.clone()
    }

    /// Those of them that a flush or a shutdown came after: what the other side has, if the connection keeps bytes back until
    /// it is flushed.
    #[must_use]
    pub fn flushed(&self) -> Vec<u8> {
        let seen = lock(&self.seen);
        seen.bytes[..seen.flushed].to_vec()
    }

    /// How many bytes each write got rid of, without those that got rid of none.
    #[must_use]
    pub fn writes(&self) -> Vec<usize> {
        lock(&self.seen).writes.clone()
    }

    /// How often it was polled to accept bytes.
    #[must_use]
    pub fn polls(&self) -> usize {
        lock(&self.seen).polls
    }

    /// How many writes accepted nothing, by `Ok(0)` or by an error. After a thousand, it does not answer any more.
    #[must_use]
    pub fn refused(&self) -> usize {
        lock(&self.seen).refused
    }

    /// How often it was flushed, without errors.
    #[must_use]
    pub fn flushes(&self) -> usize {
        lock(&self.seen).flushes
    }

    /// How often a flush or a shutdown failed. After a thousand, it does not answer any more.
    #[must_use]
    pub fn failed_flushes(&self) -> usize {
        lock(&self.seen).failed
    }

    /// How often it was shut down, without errors.
    #[must_use]
    pub fn shutdowns(&self) -> usize {
        lock(&self.seen).shutdowns
    }

    /// How many writes came after the shutdown. They fail with `BrokenPipe`.
    #[must_use]
    pub fn late_writes(&self) -> usize {
        lock(&self.seen).late
    }

    /// Whether the writer was dropped.
    #[must_use]
    pub fn dropped(&self) -> bool {
        lock(&self.seen).dropped
    }
}

/// In which pieces bytes pass, and with which pauses.
#[derive(Default)]
struct Pace {
    pieces: Vec<usize>,
    pauses: Vec<Duration>,
    /// How many pieces have begun, counted from 1.
    begun: usize,
    /// What is left of the present piece; 0 between two pieces.
    left: usize,
    pause: Option<Pin<Box<Sleep>>>,
    paused: bool,
}

impl Pace {
    /// Whether the next poll begins a pause.
    fn fresh(&self) -> bool {
        self.left == 0 && !self.paused && self.pause.is_none()
    }

    /// The pause in front of a piece.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.fresh() {
            let time = match self.pauses.len() {
                0 => Duration::ZERO,
                times => self.pauses[self.begun % times],
            };
            self.pause = (!time.is_zero()).then(|| Box::pin(sleep(time)));
            self.paused = self.pause.is_none();
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
            self.paused = true;
        }
        Poll::Ready(())
    }

    /// As many of `bytes` as belong to the present piece.
    fn take(&mut self, bytes: usize) -> usize {
        if bytes == 0 {
            self.paused = true;
            return 0;
        }
        if self.left == 0 {
            self.left = match self.pieces.len() {
                0 => usize::MAX,
                sizes => self.pieces[self.begun % sizes].max(1),
            };
            self.begun += 1;
        }
        let count = bytes.min(self.left);
        self.left = if self.pieces.is_empty() { 0 } else { self.left - count };
        self.paused = self.left > 0;
        count
    }
}
