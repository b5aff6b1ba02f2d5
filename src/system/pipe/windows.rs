//! Instances of named pipes: the pipes without names that Windows has can neither be waited for nor carry both directions.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::io::OwnedHandle;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};

/// A child's end.
pub(crate) type Theirs = OwnedHandle;

/// This process's end of a child's output.
#[derive(Debug)]
pub(crate) struct Reader(NamedPipeServer);

/// This process's end of a channel.
#[derive(Debug)]
pub(crate) struct Channel(NamedPipeServer);

/// How long what a child sent may take to arrive once it has ended: the system hands on the end of a pipe behind all that is in it.
const ON_ITS_WAY: Duration = Duration::from_millis(100);

/// A pipe that a child writes into.
pub(crate) async fn output() -> io::Result<(Reader, Theirs)> {
    let (ours, theirs) =
        pair(ServerOptions::new().access_outbound(false), OpenOptions::new().write(true)).await?;
    Ok((Reader(ours), theirs))
}

/// A pair of ends that both read and write.
pub(crate) async fn channel() -> io::Result<(Channel, Theirs)> {
    let (ours, theirs) = pair(&mut ServerOptions::new(), OpenOptions::new().read(true).write(true)).await?;
    Ok((Channel(ours), theirs))
}

async fn pair(server: &mut ServerOptions, client: &mut OpenOptions) -> io::Result<(NamedPipeServer, Theirs)> {
    let mut name = [0; 16];
    getrandom::fill(&mut name).map_err(|error| io::Error::other(error.to_string()))?;
    let name = format!(r"\\.\pipe\tokiolings-{:032x}", u128::from_ne_bytes(name));
    let ours = server.first_pipe_instance(true).max_instances(1).reject_remote_clients(true).create(&name)?;
    let theirs: File = client.open(&name)?;
    ours.connect().await?;
    Ok((ours, theirs.into()))
}

/// What writes has ended, or has taken its end with it.
fn or_end(read: io::Result<usize>) -> io::Result<usize> {
    match read {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        read => read,
    }
}

impl Reader {
    /// Reads what there is, at least one byte; 0 at the end. Nothing is lost when this future is dropped.
    pub(crate) async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        or_end(self.0.read(buffer).await)
    }
}

impl Channel {
    /// Reads what there is, at least one byte; 0 at the end. Nothing is lost when this future is dropped.
    pub(crate) async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        or_end(self.0.read(buffer).await)
    }

    /// What is left of what a child sent that has ended; 0 when that is all. Does not wait long for others that hold its end open.
    pub(crate) async fn read_left(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match tokio::time::timeout(ON_ITS_WAY, self.read(buffer)).await {
            Ok(read) => read,
            Err(_) => Ok(0),
        }
    }

    /// Sends all of it.
    pub(crate) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes).await
    }
}
