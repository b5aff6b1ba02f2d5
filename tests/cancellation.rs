//! The table "When to cancel, when to finish" in chapter 15, proven: a test for each row, named for its operation, drops the
//! operation while it waits and looks at what is lost.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use testkit::{DropLog, Gate, Log, Outgoing, WireEnd, advance, rt, settle, vt};
use tokio::io::{
    self, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter, DuplexStream, duplex,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Barrier, Mutex, Notify, OnceCell, Semaphore, broadcast, mpsc, oneshot, watch};
use tokio::task::{self, JoinSet};
use tokio::time::{self, Instant, interval, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// Where learners read it.
const PAGE: &str = include_str!("../exercises/15_cancellation/README.md");

#[test]
fn each_row_of_the_page_has_a_test_and_each_test_a_row() {
    let (_, section) = PAGE.split_once("\n## When to cancel, when to finish\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    let rows: Vec<_> = rows.map(|(operation, _)| operation.to_lowercase().replace("::", "_")).collect();
    let here = syn::parse_file(include_str!("cancellation.rs")).unwrap();
    let tests: BTreeSet<_> = here
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Fn(test) if test.attrs.iter().any(|attribute| attribute.path().is_ident("test")) => {
                Some(test.sig.ident.to_string())
            }
            _ => None,
        })
        .filter(|name| name != "each_row_of_the_page_has_a_test_and_each_test_a_row")
        .collect();
    assert_eq!(rows.iter().cloned().collect::<BTreeSet<_>>(), tests);
    assert_eq!(rows.len(), tests.len(), "a row stands there twice: {rows:?}");
}

/// Polls a future once, and drops it: it has to wait.
fn drop_waiting<F: Future>(future: F) {
    assert!(poll(&mut pin!(future)).is_pending(), "it does not wait");
}

fn poll<F: Future>(future: &mut Pin<&mut F>) -> Poll<F::Output> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// A connection with two bytes in it, of which the other end is open, and that other end.
async fn two_bytes() -> (DuplexStream, DuplexStream) {
    let (near, mut far) = duplex(64);
    far.write_all(b"ab").await.unwrap();
    (near, far)
}

#[test]
fn read() {
    vt(async {
        let (mut near, mut far) = duplex(64);
        let mut buffer = [b'.'; 8];
        drop_waiting(near.read(&mut buffer));
        assert_eq!(&buffer, b"........");
        far.write_all(b"abc").await.unwrap();
        assert_eq!(near.read(&mut buffer).await.unwrap(), 3);
        assert_eq!(&buffer[..3], b"abc");
    });
}

#[test]
fn read_buf() {
    vt(async {
        let (mut near, mut far) = duplex(64);
        let mut buffer = b"before ".to_vec();
        drop_waiting(near.read_buf(&mut buffer));
        assert_eq!(buffer, b"before ");
        far.write_all(b"abc").await.unwrap();
        near.read_buf(&mut buffer).await.unwrap();
        assert_eq!(buffer, b"before abc");
    });
}

#[test]
fn read_exact() {
    vt(async {
        let (mut near, mut far) = two_bytes().await;
        let mut buffer = [b'.'; 4];
        drop_waiting(near.read_exact(&mut buffer));
        // They are out of the connection, and the next call begins with an empty buffer.
        assert_eq!(&buffer, b"ab..");
        far.write_all(b"cdef").await.unwrap();
        near.read_exact(&mut buffer).await.unwrap();
        assert_eq!(&buffer, b"cdef");
    });
}

#[test]
fn read_u32() {
    vt(async {
        let (mut near, mut far) = two_bytes().await;
        drop_waiting(near.read_u32());
        far.write_all(b"cdef").await.unwrap();
        assert_eq!(near.read_u32().await.unwrap(), u32::from_be_bytes(*b"cdef"));
        drop_waiting(near.read_u8());
        drop_waiting(near.read_i8());
        far.write_all(b"gh").await.unwrap();
        assert_eq!((near.read_u8().await.unwrap(), near.read_i8().await.unwrap()), (b'g', 104));
    });
}

#[test]
fn read_until() {
    vt(async {
        let (near, mut far) = two_bytes().await;
        let (mut near, mut line) = (BufReader::new(near), Vec::new());
        drop_waiting(near.read_until(b'\n', &mut line));
        assert_eq!(line, b"ab");
        far.write_all(b"c\nd").await.unwrap();
        near.read_until(b'\n', &mut line).await.unwrap();
        assert_eq!(line, b"abc\n");
    });
}

#[test]
fn read_line() {
    vt(async {
        let (near, mut far) = two_bytes().await;
        let (mut near, mut line) = (BufReader::new(near), "kept? ".to_owned());
        drop_waiting(near.read_line(&mut line));
        assert_eq!(line, "");
        far.write_all(b"c\n").await.unwrap();
        near.read_line(&mut line).await.unwrap();
        assert_eq!(line, "c\n");
    });
}

#[test]
fn lines_next_line() {
    vt(async {
        let (near, mut far) = two_bytes().await;
        let mut lines = BufReader::new(near).lines();
        drop_waiting(lines.next_line());
        far.write_all(b"c\n").await.unwrap();
        assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("abc"));
    });
}

#[test]
fn write() {
    vt(async {
        let (mut near, mut far) = duplex(2);
        near.write_all(b"ab").await.unwrap();
        drop_waiting(near.write(b"cd"));
        let mut received = [0; 2];
        far.read_exact(&mut received).await.unwrap();
        assert_eq!(&received, b"ab");
        drop_waiting(far.read_u8());
        assert_eq!(near.write(b"cd").await.unwrap(), 2);
        far.read_exact(&mut received).await.unwrap();
        assert_eq!(&received, b"cd");
    });
}

#[test]
fn write_all() {
    vt(async {
        let (mut near, mut far) = duplex(3);
        drop_waiting(near.write_all(b"abcdef"));
        let mut received = vec![0; 3];
        far.read_exact(&mut received).await.unwrap();
        assert_eq!(received, b"abc");
        // The second call knows nothing of that.
        let again = async {
            near.write_all(b"abcdef").await.unwrap();
            drop(near);
        };
        tokio::join!(again, async { far.read_to_end(&mut received).await.unwrap() });
        assert_eq!(received, b"abcabcdef");
    });
}

#[test]
fn write_all_buf() {
    vt(async {
        let (mut near, mut far) = duplex(3);
        let mut left = &b"abcdef"[..];
        drop_waiting(near.write_all_buf(&mut left));
        assert_eq!(left, b"def");
        let mut received = vec![];
        let again = async {
            near.write_all_buf(&mut left).await.unwrap();
            drop(near);
        };
        tokio::join!(again, async { far.read_to_end(&mut received).await.unwrap() });
        assert_eq!(received, b"abcdef");
    });
}

#[test]
fn flush() {
    vt(async {
        // Three bytes are accepted at once, and the next ones a second later.
        let outgoing = Outgoing::new().pieces([3]).pauses([Duration::ZERO, SECOND]);
        let probe = outgoing.probe();
        let mut writer = BufWriter::new(outgoing);
        writer.write_all(b"abcdef").await.unwrap();
        drop_waiting(writer.flush());
        assert_eq!(probe.written(), b"abc");
        writer.flush().await.unwrap();
        assert_eq!(probe.written(), b"abcdef");
    });
}

#[test]
fn copy() {
    vt(async {
        let (mut from, _open) = two_bytes().await;
        let mut to = Outgoing::new().until(0, WireEnd::Silent);
        let probe = to.probe();
        drop_waiting(io::copy(&mut from, &mut to));
        // They are neither here nor there.
        assert_eq!(probe.written(), b"");
        drop_waiting(from.read_u8());
    });
}

#[test]
fn mpsc_sender_send() {
    vt(async {
        let log = Log::new();
        let (sender, mut receiver) = mpsc::channel(1);
        sender.send(DropLog::new(&log, "first")).await.unwrap();
        drop_waiting(sender.send(DropLog::new(&log, "second")));
        assert_eq!(log.events(), ["dropped second"]);
        assert!(receiver.recv().await.is_some());
        assert!(receiver.try_recv().is_err());
    });
}

#[test]
fn mpsc_sender_reserve() {
    vt(async {
        let (sender, mut receiver) = mpsc::channel(1);
        sender.send(1).await.unwrap();
        // It is the first in line, and leaves.
        drop_waiting(sender.reserve());
        let mut other = pin!(sender.reserve());
        assert!(poll(&mut other).is_pending());
        let mut again = pin!(sender.reserve());
        assert!(poll(&mut again).is_pending());
        assert_eq!(receiver.recv().await, Some(1));
        assert!(poll(&mut again).is_pending());
        assert!(poll(&mut other).is_ready());
    });
}

#[test]
fn mpsc_receiver_recv() {
    vt(async {
        let (sender, mut receiver) = mpsc::channel(1);
        drop_waiting(receiver.recv());
        // Dropped after a message has woken it, and before it was polled.
        let mut waiting = Box::pin(receiver.recv());
        assert!(poll(&mut waiting.as_mut()).is_pending());
        sender.send(1).await.unwrap();
        drop(waiting);
        assert_eq!(receiver.recv().await, Some(1));
    });
}

#[test]
fn broadcast_receiver_recv() {
    vt(async {
        let (sender, mut receiver) = broadcast::channel(2);
        drop_waiting(receiver.recv());
        sender.send(1).unwrap();
        assert_eq!(receiver.recv().await, Ok(1));
        // What it does not fetch in time is lost, as ever.
        drop_waiting(receiver.recv());
        for value in 2..=4 {
            sender.send(value).unwrap();
        }
        assert_eq!(receiver.recv().await, Err(broadcast::error::RecvError::Lagged(1)));
        assert_eq!(receiver.recv().await, Ok(3));
    });
}

#[test]
fn oneshot_receiver() {
    vt(async {
        let (sender, mut receiver) = oneshot::channel();
        drop_waiting(&mut receiver);
        sender.send(7).unwrap();
        assert_eq!(receiver.await, Ok(7));

        let (sender, receiver) = oneshot::channel();
        drop_waiting(receiver);
        assert!(sender.is_closed());
        assert_eq!(sender.send(7), Err(7));
    });
}

#[test]
fn watch_receiver_changed() {
    vt(async {
        let (sender, mut receiver) = watch::channel(1);
        let mut waiting = Box::pin(receiver.changed());
        assert!(poll(&mut waiting.as_mut()).is_pending());
        sender.send(2).unwrap();
        drop(waiting);
        assert!(receiver.has_changed().unwrap());
        receiver.changed().await.unwrap();
        assert_eq!(*receiver.borrow(), 2);
    });
}

#[test]
fn mutex_lock() {
    let lock = Mutex::new(());
    let held = lock.try_lock().unwrap();
    drop_waiting(lock.lock());
    let mut other = pin!(lock.lock());
    assert!(poll(&mut other).is_pending());
    let mut again = pin!(lock.lock());
    assert!(poll(&mut again).is_pending());
    drop(held);
    // The lock belongs to the first in line, although that one has not been polled since.
    assert!(poll(&mut again).is_pending());
    assert!(poll(&mut other).is_ready());
}

#[test]
fn semaphore_acquire() {
    let permits = Semaphore::new(0);
    drop_waiting(permits.acquire());
    let mut other = pin!(permits.acquire());
    assert!(poll(&mut other).is_pending());
    let mut again = pin!(permits.acquire());
    assert!(poll(&mut again).is_pending());
    permits.add_permits(1);
    assert!(poll(&mut again).is_pending());
    assert!(poll(&mut other).is_ready());
}

#[test]
fn notify_notified() {
    let notify = Notify::new();
    drop_waiting(notify.notified());
    let mut other = pin!(notify.notified());
    assert!(poll(&mut other).is_pending());
    let mut again = pin!(notify.notified());
    assert!(poll(&mut again).is_pending());
    notify.notify_one();
    assert!(poll(&mut again).is_pending());
    assert!(poll(&mut other).is_ready());

    // One that was notified and is dropped passes the notification on.
    let mut first = Box::pin(notify.notified());
    assert!(poll(&mut first.as_mut()).is_pending());
    let mut next = pin!(notify.notified());
    assert!(poll(&mut next).is_pending());
    notify.notify_one();
    notify.notify_one();
    drop(first);
    assert!(poll(&mut again).is_ready() && poll(&mut next).is_ready());
}

#[test]
fn barrier_wait() {
    let barrier = Barrier::new(2);
    drop_waiting(barrier.wait());
    // Nobody is there, and it does not wait.
    assert!(poll(&mut pin!(barrier.wait())).is_ready());
}

#[test]
fn oncecell_get_or_init() {
    vt(async {
        let (log, cell) = (Log::new(), OnceCell::new());
        let load = || async {
            log.push("begun");
            time::sleep(SECOND).await;
            log.push("done");
            7
        };
        assert!(timeout(SECOND / 2, cell.get_or_init(load)).await.is_err());
        assert_eq!(cell.get_or_init(load).await, &7);
        assert_eq!(log.events(), ["begun", "begun", "done"]);
    });
}

#[test]
fn joinset_join_next() {
    vt(async {
        let mut set = JoinSet::new();
        let gate = Gate::new();
        set.spawn({
            let gate = gate.clone();
            async move {
                gate.wait().await;
                7
            }
        });
        let mut waiting = Box::pin(set.join_next());
        assert!(poll(&mut waiting.as_mut()).is_pending());
        gate.open();
        settle().await;
        drop(waiting);
        assert_eq!(set.len(), 1);
        assert_eq!(set.join_next().await.unwrap().unwrap(), 7);
    });
}

#[test]
fn joinhandle() {
    vt(async {
        let gate = Gate::new();
        let log = Log::new();
        let job = |name: &'static str| {
            let (gate, log) = (gate.clone(), log.clone());
            async move {
                gate.wait().await;
                log.push(name);
                7
            }
        };
        let mut kept = tokio::spawn(job("kept"));
        drop_waiting(&mut kept);
        let detached = tokio::spawn(job("detached"));
        drop_waiting(detached);
        let aborted = tokio::spawn(job("aborted"));
        settle().await;
        aborted.abort();
        assert!(aborted.await.unwrap_err().is_cancelled());
        gate.open();
        assert_eq!(kept.await.unwrap(), 7);
        settle().await;
        assert_eq!(log.events(), ["kept", "detached"]);
    });
}

#[test]
fn spawn_blocking() {
    rt(async {
        let (go, wait) = std::sync::mpsc::channel();
        let (done, is_done) = oneshot::channel();
        drop_waiting(task::spawn_blocking(move || {
            wait.recv().unwrap();
            done.send(7).unwrap();
        }));
        go.send(()).unwrap();
        assert_eq!(is_done.await, Ok(7));
    });
}

#[test]
fn sleep() {
    let ((), took) = vt(async {
        for _ in 0..9 {
            assert!(timeout(2 * SECOND, time::sleep(3 * SECOND)).await.is_err());
        }
    });
    assert_eq!(took, 18 * SECOND);

    let ((), took) = vt(async {
        let mut once = pin!(time::sleep(3 * SECOND));
        assert!(timeout(2 * SECOND, &mut once).await.is_err());
        once.await;
    });
    assert_eq!(took, 3 * SECOND);
}

#[test]
fn interval_tick() {
    vt(async {
        let mut ticks = interval(SECOND);
        ticks.tick().await;
        let mut waiting = Box::pin(ticks.tick());
        assert!(poll(&mut waiting.as_mut()).is_pending());
        advance(SECOND).await;
        drop(waiting);
        let before = Instant::now();
        ticks.tick().await;
        assert_eq!(before.elapsed(), Duration::ZERO);
    });
}

#[test]
fn tcplistener_accept() {
    rt(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        drop_waiting(listener.accept());
        let mut waiting = Box::pin(listener.accept());
        assert!(poll(&mut waiting.as_mut()).is_pending());
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        drop(waiting);
        let (_, from) = listener.accept().await.unwrap();
        assert_eq!(from, client.local_addr().unwrap());
    });
}
