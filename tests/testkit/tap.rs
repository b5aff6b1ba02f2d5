//! A connection that is watched: what went through it, whether it was shut down, and whether it is still there.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::thread::{self, ThreadId};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::activity::{bump, lock};
use crate::stopwatch::Stopwatch;

/// A connection around another, which notes how it is used. On another thread than the one that made it, it fails.
///
/// ```
/// use testkit::{Tap, vt};
/// use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
///
/// let (near, mut far) = duplex(64);
/// let (mut near, tap) = Tap::new(near);
/// vt(async {
///     far.write_all(b"hello").await.unwrap();
///     near.read_exact(&mut [0; 3]).await.unwrap();
///     near.shutdown().await.unwrap();
/// });
/// assert_eq!((tap.read(), tap.written(), tap.dropped()), (3, 0, false));
/// assert!(tap.shut_down().is_some() && tap.ended().is_none());
/// ```
pub struct Tap<S> {
    inner: S,
    home: ThreadId,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    watch: Stopwatch,
    read: usize,
    ended: Option<Duration>,
    written: usize,
    last_written: Option<Duration>,
    shut_down: Option<Duration>,
    elsewhere: bool,
    dropped: bool,
}

impl<S> Tap<S> {
    /// The watched connection, and the view of what happens to it.
    pub fn new(connection: S) -> (Self, TapProbe) {
        let seen = Seen {
            watch: Stopwatch::start(),
            read: 0,
            ended: None,
            written: 0,
            last_written: None,
            shut_down: None,
            elsewhere: false,
            dropped: false,
        };
        let seen = Arc::new(Mutex::new(seen));
        let probe = TapProbe { seen: Arc::clone(&seen) };
        (Self { inner: connection, home: thread::current().id(), seen }, probe)
    }

    fn note(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut lock(&self.seen));
        bump();
    }

    fn at_home(&self) -> io::Result<()> {
        if thread::current().id() == self.home {
            return Ok(());
        }
        self.note(|seen| seen.elsewhere = true);
        Err(io::Error::other("the connection was used on another thread"))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.at_home()?;
        let (room, before) = (buffer.remaining(), buffer.filled().len());
        ready!(Pin::new(&mut this.inner).poll_read(context, buffer))?;
        let length = buffer.filled().len() - before;
        this.note(|seen| {
            seen.read += length;
            if length == 0 && room > 0 && seen.ended.is_none() {
                seen.ended = Some(seen.watch.read());
            }
        });
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.at_home()?;
        let length = ready!(Pin::new(&mut this.inner).poll_write(context, bytes))?;
        this.note(|seen| {
            seen.written += length;
            seen.last_written = Some(seen.watch.read());
        });
        Poll::Ready(Ok(length))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.at_home()?;
        Pin::new(&mut this.inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.at_home()?;
        ready!(Pin::new(&mut this.inner).poll_shutdown(context))?;
        this.note(|seen| {
            if seen.shut_down.is_none() {
                seen.shut_down = Some(seen.watch.read());
            }
        });
        Poll::Ready(Ok(()))
    }
}

impl<S> Drop for Tap<S> {
    fn drop(&mut self) {
        self.note(|seen| seen.dropped = true);
    }
}

impl<S> fmt::Debug for Tap<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap").finish_non_exhaustive()
    }
}

/// What happened to the connection in a [`Tap`]. Times are virtual, and count from [`Tap::new`], as in a [`Log`](crate::Log).
#[derive(Clone)]
pub struct TapProbe {
    seen: Arc<Mutex<Seen>>,
}

impl TapProbe {
    /// How many bytes were read from it.
    #[must_use]
    pub fn read(&self) -> usize {
        lock(&self.seen).read
    }

    /// When a read was told of the end for the first time.
    #[must_use]
    pub fn ended(&self) -> Option<Duration> {
        lock(&self.seen).ended
    }

    /// How many bytes were written to it.
    #[must_use]
    pub fn written(&self) -> usize {
        lock(&self.seen).written
    }

    /// When bytes were written to it for the last time.
    #[must_use]
    pub fn last_written(&self) -> Option<Duration> {
        lock(&self.seen).last_written
    }

    /// When it was shut down.
    #[must_use]
    pub fn shut_down(&self) -> Option<Duration> {
        lock(&self.seen).shut_down
    }

    /// Whether it was used on another thread than the one that made it.
    #[must_use]
    pub fn elsewhere(&self) -> bool {
        lock(&self.seen).elsewhere
    }

    /// Whether it was dropped.
    #[must_use]
    pub fn dropped(&self) -> bool {
        lock(&self.seen).dropped
    }
}

impl fmt::Debug for TapProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = lock(&self.seen);
        f.debug_struct("TapProbe")
            .field("read", &seen.read)
            .field("written", &seen.written)
            .field("dropped", &seen.dropped)
            .finish_non_exhaustive()
    }
}
