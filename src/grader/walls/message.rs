//! What the grader tells a process that stands ready: the walls, and what to run behind them, with which input and outputs.

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

/// An order, and the command that is to run behind its walls.
pub(super) struct Message {
    pub(super) order: Order,
    /// Program and arguments; empty for the probe.
    pub(super) command: Vec<OsString>,
    /// The whole environment of the command, as `NAME=value`.
    pub(super) env: Vec<OsString>,
}

/// As text: fields that each end with a zero byte, which neither arguments nor variables can hold.
pub(super) fn encode(order: &str, command: &[OsString], env: &[(OsString, OsString)]) -> io::Result<Vec<u8>> {
    let count = command.len().to_string();
    let mut text = Vec::new();
    for field in [order.as_ref(), count.as_ref()].into_iter().chain(command.iter().map(OsString::as_os_str)) {
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
pub(super) fn decode(text: &[u8]) -> Option<Message> {
    let mut fields = text.strip_suffix(b"\0")?.split(|byte| *byte == 0);
    let order = serde_json::from_slice(fields.next()?).ok()?;
    let count = std::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    let mut fields = fields.map(|field| OsString::from_vec(field.to_vec()));
    let command: Vec<OsString> = fields.by_ref().take(count).collect();
    (command.len() == count).then(|| Message { order, command, env: fields.collect() })
}

/// Sends a message, and closes the way.
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

/// Waits for a message; `None` is the end of whoever could send one.
pub(super) fn receive(socket: BorrowedFd<'_>) -> io::Result<Option<(Vec<u8>, [OwnedFd; STREAMS])>> {
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
    if text.is_empty() {
        return Ok(None);
    }
    let cut = |_| io::Error::new(io::ErrorKind::InvalidData, "a message without its streams");
    Ok(Some((text, streams.try_into().map_err(cut)?)))
}

#[cfg(test)]
mod tests {
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
        let command = ["program".into(), OsString::new(), strange.clone()];
        let env = [("A".into(), strange), ("B".into(), OsString::new())];
        let text = encode(&serde_json::to_string(&order()).unwrap(), &command, &env).unwrap();
        let message = decode(&text).unwrap();
        assert_eq!((message.order, message.command.as_slice()), (order(), &command[..]));
        let expected = [OsString::from_vec(b"A=\n\xff\"=".to_vec()), "B=".into()];
        assert_eq!(message.env, expected);
        let probe = decode(&encode(&serde_json::to_string(&order()).unwrap(), &[], &[]).unwrap()).unwrap();
        assert_eq!((probe.command.len(), probe.env.len()), (0, 0));
    }

    #[test]
    fn a_zero_byte_is_refused_and_a_message_that_is_cut_is_none() {
        let order = serde_json::to_string(&order()).unwrap();
        assert!(encode(&order, &["a\0b".into()], &[]).is_err());
        let text = encode(&order, &["a".into(), "b".into()], &[]).unwrap();
        assert!(decode(&text[..text.len() - 3]).is_none());
    }

    #[test]
    fn a_message_that_no_buffer_holds_arrives_with_its_streams() {
        use std::io::Read;
        use std::os::fd::AsFd;
        let (ours, theirs) = UnixStream::pair().unwrap();
        let text = vec![b'x'; 1 << 20];
        let (mut read, write) = io::pipe().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (null, write) = (std::fs::File::open("/dev/null").unwrap(), write);
                send(ours, &text, [null.as_fd(), write.as_fd(), write.as_fd()]).unwrap();
            });
            let (received, [_, output, errors]) = receive(theirs.as_fd()).unwrap().unwrap();
            assert_eq!(received, text);
            std::fs::File::from(output).write_all(b"heard").unwrap();
            drop(errors);
        });
        let mut heard = String::new();
        read.read_to_string(&mut heard).unwrap();
        assert_eq!(heard, "heard");
        let (ours, theirs) = UnixStream::pair().unwrap();
        drop(ours);
        assert!(receive(theirs.as_fd()).unwrap().is_none());
    }
}
