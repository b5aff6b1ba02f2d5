//! Socket pairs and pipes without names.

use std::io;
use std::os::fd::OwnedFd;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::pipe;

/// A child's end.
pub(crate) type Theirs = OwnedFd;

/// This process's end of a child's output.
#[derive(Debug)]
pub(crate) struct Reader(pipe::Receiver);

/// This process's end of a channel.
#[derive(Debug)]
pub(crate) struct Channel(UnixStream);

/// A pipe that a child writes into.
pub(crate) async fn output() -> io::Result<(Reader, Theirs)> {
    let (reader, writer) = io::pipe()?;
    Ok((Reader(pipe::Receiver::from_owned_fd(reader.into())?), writer.into()))
}

/// A pair of ends that both read and write.
pub(crate) async fn channel() -> io::Result<(Channel, Theirs)> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    Ok((Channel(UnixStream::from_std(ours)?), theirs.into()))
}

impl Reader {
    /// Reads what there is, at least one byte; 0 at the end. Nothing is lost when this future is dropped.
    pub(crate) async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).await
    }
}

impl Channel {
    /// Reads what there is, at least one byte; 0 at the end. Nothing is lost when this future is dropped.
    pub(crate) async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).await
    }

    /// What is left of what a child sent that has ended; 0 when that is all. Does not wait for others that hold its end open.
    pub(crate) async fn read_left(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.try_read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            read => read,
        }
    }

    /// Sends all of it.
    pub(crate) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes).await
    }
}
