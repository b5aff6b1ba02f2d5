//! What the grader tells a process that stands ready: the order, which says what walls to build, and the command, which says
//! what to run behind them, with which input and outputs. The command may come much later.

use std::ffi::{OsStr, OsString};
use std::io::{self, IoSlice, Write};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::UnixStream;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};

use super::order::Order;

/// Input, output and errors of the child.
pub(super) const STREAMS: usize = 3;

/// Bytes of the number that says how long an order is.
const LENGTH: usize = 8;

/// What is to run behind the walls.
pub(super) struct Command {
    /// Program and arguments; empty for the probe.
    pub(super) words: Vec<OsString>,
    /// The whole environment, as `NAME=value`.
    pub(super) env: Vec<OsString>,
}

/// Sends an order, which is text.
pub(super) fn send_order(mut socket: &UnixStream, order: &str) -> io::Result<()> {
    let length = order.len() as u64;
    socket.write_all(&[&length.to_ne_bytes(), order.as_bytes()].concat())
}

/// Waits for an order, and reads no further; `None` is the end of whoever could send one.
pub(super) fn receive_order(socket: BorrowedFd<'_>) -> io::Result<Option<Order>> {
    let mut length = [0; LENGTH];
    if !fill(socket, &mut length)? {
        return Ok(None);
    }
    let length = usize::try_from(u64::from_ne_bytes(length)).map_err(io::Error::other)?;
    let mut text = vec![0; length];
    if !fill(socket, &mut text)? {
        return Ok(None);
    }
    serde_json::from_slice(&text).map(Some).map_err(io::Error::from)
}

/// Fills the buffer; `false` if the other side has closed before.
fn fill(socket: BorrowedFd<'_>, mut buffer: &mut [u8]) -> io::Result<bool> {
    while !buffer.is_empty() {
        match rustix::io::read(socket, &mut *buffer) {
            Ok(0) => return Ok(false),
            Ok(count) => buffer = &mut buffer[count..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

/// A command as text: fields that each end with a zero byte, which neither arguments nor variables can hold.
pub(super) fn encode(command: &[OsString], env: &[(OsString, OsString)]) -> io::Result<Vec<u8>> {
    let count = command.len().to_string();
    let mut text = Vec::new();
    for field in [count.as_ref()].into_iter().chain(command.iter().map(OsString::as_os_str)) {
        put(&mut text, &[field])?;
    }
    for (name, value) in env {
        put(&mut text, &[name, OsStr::new("="), value])?;
    }
    Ok(text)
}

fn put(text: &mut Vec<u8>, parts: &[&OsStr]) -> io::Result<()> {
    for part in parts {
        if part.as_bytes().contains(&0) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a zero byte in the command"));
        }
        text.extend_from_slice(part.as_bytes());
    }
    text.push(0);
    Ok(())
}

/// Undoes [`encode`].
fn decode(text: &[u8]) -> Option<Command> {
    let mut fields = text.strip_suffix(b"\0")?.split(|byte| *byte == 0);
    let count = std::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    let mut fields = fields.map(|field| OsString::from_vec(field.to_vec()));
    let words: Vec<OsString> = fields.by_ref().take(count).collect();
    (words.len() == count).then(|| Command { words, env: fields.collect() })
}

/// Sends a command, and closes the way.
pub(super) fn send(
    mut socket: UnixStream,
    text: &[u8],
    streams: [BorrowedFd<'_>; STREAMS],
) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(STREAMS))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    assert!(beside.push(SendAncillaryMessage::ScmRights(&streams)), "there is room for that many");
    let sent = loop {
        match sendmsg(&socket, &[IoSlice::new(text)], &mut beside, SendFlags::empty()) {
            Err(rustix::io::Errno::INTR) => {}
            sent => break sent?,
        }
    };
    socket.write_all(&text[sent..])
}

/// Waits for a command; `None` is the end of whoever could send one.
pub(super) fn receive(socket: BorrowedFd<'_>) -> io::Result<Option<(Command, [OwnedFd; STREAMS])>> {
    let cut = || io::Error::new(io::ErrorKind::InvalidData, "a command that is cut");
    let Some((text, streams)) = receive_text(socket)? else { return Ok(None) };
    Ok(Some((decode(&text).ok_or_else(cut)?, streams.try_into().map_err(|_| cut())?)))
}

/// Makes these the input and the outputs of this process.
pub(super) fn take([input, output, errors]: [OwnedFd; STREAMS]) -> io::Result<()> {
    rustix::stdio::dup2_stdin(input)?;
    rustix::stdio::dup2_stdout(output)?;
    rustix::stdio::dup2_stderr(errors)?;
    Ok(())
}

fn receive_text(socket: BorrowedFd<'_>) -> io::Result<Option<(Vec<u8>, Vec<OwnedFd>)>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(STREAMS))];
    let (mut text, mut piece, mut streams) = (Vec::new(), vec![0; 64 * 1024], Vec::new());
    loop {
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        let into = &mut [io::IoSliceMut::new(&mut piece)];
        let received = match recvmsg(socket, into, &mut beside, RecvFlags::CMSG_CLOEXEC) {
            Err(rustix::io::Errno::INTR) => continue,
            received => received?,
        };
        for message in beside.drain() {
            if let RecvAncillaryMessage::ScmRights(received) = message {
                streams.extend(received);
            }
        }
        if received.bytes == 0 {
            break;
        }
        text.extend_from_slice(&piece[..received.bytes]);
    }
    Ok((!text.is_empty()).then_some((text, streams)))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read;
    use std::os::fd::AsFd;
    use std::path::PathBuf;

    use super::super::rights::{Limits, Walls};
    use super::*;

    fn order() -> Order {
        let walls = Walls {
            folder: PathBuf::from("/a folder"),
            read: Vec::new(),
            write: Vec::new(),
            execute: Vec::new(),
            scratch: PathBuf::from("/a folder"),
            links: Vec::new(),
            copies: Vec::new(),
            loopback: false,
            children: false,
            limits: Limits::test(1),
        };
        Order { walls, bait: None }
    }

    #[test]
    fn arguments_and_variables_of_any_bytes_arrive_as_they_were() {
        let strange = OsString::from_vec(vec![b'\n', 0xff, b'"', b'=']);
        let words = ["program".into(), OsString::new(), strange.clone()];
        let env = [("A".into(), strange), ("B".into(), OsString::new())];
        let command = decode(&encode(&words, &env).unwrap()).unwrap();
        assert_eq!(command.words.as_slice(), &words[..]);
        let expected = [OsString::from_vec(b"A=\n\xff\"=".to_vec()), "B=".into()];
        assert_eq!(command.env, expected);
        let probe = decode(&encode(&[], &[]).unwrap()).unwrap();
        assert_eq!((probe.words.len(), probe.env.len()), (0, 0));
    }

    #[test]
    fn a_zero_byte_is_refused_and_a_command_that_is_cut_is_none() {
        assert!(encode(&["a\0b".into()], &[]).is_err());
        let text = encode(&["a".into(), "b".into()], &[]).unwrap();
        assert!(decode(&text[..text.len() - 3]).is_none());
    }

    /// Both are sent before anybody reads: an order is read to its end and no further, or the streams would be lost.
    #[test]
    fn a_command_that_no_buffer_holds_arrives_behind_its_order_with_its_streams() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let words = ["program".into(), "x".repeat(1 << 20).into()];
        let (mut read, write) = io::pipe().unwrap();
        send_order(&ours, &serde_json::to_string(&order()).unwrap()).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (null, write) = (File::open("/dev/null").unwrap(), write);
                let text = encode(&words, &[]).unwrap();
                send(ours, &text, [null.as_fd(), write.as_fd(), write.as_fd()]).unwrap();
            });
            assert_eq!(receive_order(theirs.as_fd()).unwrap(), Some(order()));
            let (received, [_, output, errors]) = receive(theirs.as_fd()).unwrap().unwrap();
            assert_eq!(received.words, words);
            File::from(output).write_all(b"heard").unwrap();
            drop(errors);
        });
        let mut heard = String::new();
        read.read_to_string(&mut heard).unwrap();
        assert_eq!(heard, "heard");
    }

    #[test]
    fn the_end_of_the_grader_is_neither_an_order_nor_a_command() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        drop(ours);
        assert_eq!(receive_order(theirs.as_fd()).unwrap(), None);
        assert!(receive(theirs.as_fd()).unwrap().is_none());
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        ours.write_all(&[1; LENGTH - 1]).unwrap();
        drop(ours);
        assert_eq!(receive_order(theirs.as_fd()).unwrap(), None);
    }
}
