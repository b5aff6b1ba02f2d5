//! Hidden tests of `rt_tcp`: what goes through connections, when tasks wait for it, and how they end.

use std::future::poll_fn;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use exercise::{Clock, Executor, TcpListener, TcpStream, sleep, spawn};
use testkit::{CountingWaker, Probe, counted, pick, poll_once, stage, within_polls};

/// The other end of a connection: a blocking socket of the standard library.
type Peer = std::net::TcpStream;

/// Bytes that are there already are read at once, however small the buffer is: no event tells of them again.
#[test]
fn what_is_left_is_read_without_an_event() {
    for (total, buffer) in [(number(900..=1_200), 100), (number(20..=60), 7), (5, 1), (2, 1)] {
        stage(format!("the peer has sent {total} bytes at once, and a task reads {buffer} at a time"));
        let sent = bytes(total);
        let got = run(async {
            let (stream, mut peer) = connected().await;
            for round in 0..2 {
                peer.write_all(&sent).unwrap();
                let mut place = vec![0; buffer];
                // Now they come, which may take a moment.
                let count = read(&stream, &mut place).await;
                let mut got = place[..count].to_vec();
                stage(format!("{} of {total} bytes were read", got.len()));
                // They have come together, so all of them are there.
                while got.len() < total {
                    let mut place = vec![0; buffer];
                    let count = match within(stream.read(&mut place)).await {
                        Waited::Over(count) => taken(count),
                        Waited::Asleep => panic!(
                            "The peer sent {total} bytes at once. `read` took {taken}, and the next call of `read` sleeps: {left} bytes \
                             are there, and no event will tell of them.\n\
                             Events are edge-triggered: the kernel says that bytes have come, and says it once. As long as a read has not \
                             returned `WouldBlock`, more may be there.",
                            taken = match got.len() {
                                1 => "1 of them".to_owned(),
                                taken => format!("{taken} of them"),
                            },
                            left = total - got.len()
                        ),
                        Waited::Spins(polls) => panic!(
                            "Bytes are there, and `read` was polled {polls} times, and did not return them."
                        ),
                    };
                    got.extend(&place[..count]);
                }
                assert!(got == sent, "In round {round}, the peer sent {sent:?}, and `read` gave {got:?}.");
            }
            sent.len()
        });
        assert!(got == total);
    }
}

/// As long as there is room, `write` does not wait, and all bytes arrive in their order.
#[test]
fn writes_do_not_wait_while_there_is_room() {
    stage("a task writes several times in a row, and there is room");
    run(async {
        let (stream, mut peer) = connected().await;
        let sent = bytes(number(500..=900));
        let mut written = 0;
        let mut calls = 0;
        // The first call may have to wait for the event that says that there is room at all.
        written += taken(stream.write(&sent[..10]).await);
        while written < sent.len() {
            let part = &sent[written..sent.len().min(written + 100)];
            calls += 1;
            let count = match within(stream.write(part)).await {
                Waited::Over(count) => taken(count),
                Waited::Asleep => panic!(
                    "A connection had room for more, and `write` sleeps after {}. Nobody will tell that there is room: there has been \
                     all along. Only a write that returned `WouldBlock` has to wait.",
                    counted(calls, "call")
                ),
                Waited::Spins(polls) => {
                    panic!("There is room, and `write` was polled {polls} times, and did not write.")
                }
            };
            assert!(
                (1..=part.len()).contains(&count),
                "`write` was given {} bytes, and returned {count}.",
                part.len()
            );
            written += count;
        }
        stream.write_all(&sent).await.unwrap();
        stream.write_all(&[]).await.unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut got = Vec::new();
        peer.read_to_end(&mut got).unwrap();
        assert!(got == [&sent[..], &sent].concat(), "The peer got other bytes than those that were written.");
    });
}

/// While nothing comes, a read waits without being polled, and what comes later wakes it.
#[test]
fn waiting_costs_no_polls() {
    for rounds in [1, 5] {
        stage("a task waits for bytes, and none come");
        run(async {
            let (stream, mut peer) = connected().await;
            let stream = Arc::new(stream);
            for _ in 0..rounds {
                let message = bytes(number(1..=50));
                let (task, probe) = Probe::new(within_polls(MOST, {
                    let stream = stream.clone();
                    async move {
                        let mut place = [0; 64];
                        let count = stream.read(&mut place).await;
                        count.map(|count| place[..count].to_vec())
                    }
                }));
                let task = spawn(task);
                settle().await;
                sleep(Duration::from_secs(1)).await;
                let polls = probe.polls();
                if probe.finished() {
                    match task.await.unwrap() {
                        None => panic!(
                            "No bytes came, and the task that waits in `read` was polled {polls} times: it wakes itself, or gets up \
                             by a timer. After `WouldBlock` it has to wait for the next event."
                        ),
                        Some(Ok(got)) if got.is_empty() => {
                            panic!("`read` returned 0, and the peer has not closed the connection.")
                        }
                        Some(Ok(got)) => panic!("No bytes came, and `read` returned {got:?}."),
                        Some(Err(error)) => taken(Err(error)),
                    };
                    unreachable!();
                }
                assert!(
                    polls <= 3,
                    "No bytes came, and the task that waits in `read` was polled {polls} times."
                );
                peer.write_all(&message).unwrap();
                stage("a task waits for bytes, and now they have come");
                // All of a short message comes at once.
                let got = task.await.unwrap().expect("it was not polled that often").unwrap();
                assert!(got == message, "The peer sent {message:?}, and `read` gave {got:?}.");
            }
        });
    }
    stage("a task waits for a client, and none comes");
    run(async {
        let listener = listener();
        match within(listener.accept()).await {
            Waited::Asleep => {}
            Waited::Spins(polls) => {
                panic!("No client came, and `accept` was polled {polls} times. It has to wait for an event.")
            }
            Waited::Over(result) => {
                panic!("No client came, and `accept` returned {:?}.", result.map(|(_, addr)| addr))
            }
        }
    });
}

/// An echo with a buffer of 7 bytes: everything comes back, and there are no more polls than calls.
#[test]
fn an_echo_with_tiny_buffers() {
    let total = number(40_000..=60_000);
    stage(format!("{total} bytes are echoed, 7 at a time"));
    let sent = bytes(total);
    let (polls, calls, peers) = run(async {
        let listener = listener();
        let addr = listener.local_addr().unwrap();
        let peer = Peer::connect(addr).unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let peers = talks(peer, sent.clone());
        let calls = AtomicUsize::new(0);
        let (echo, probe) = Probe::new(async {
            let mut place = [0; 7];
            loop {
                let count = read(&stream, &mut place).await;
                if count == 0 {
                    return;
                }
                stream.write_all(&place[..count]).await.unwrap();
                calls.fetch_add(2, Ordering::Relaxed);
            }
        });
        echo.await;
        stream.shutdown(Shutdown::Write).unwrap();
        (probe.polls(), calls.into_inner(), peers)
    });
    let got = peers.join().unwrap();
    check_same(&got, &sent);
    assert!(
        polls <= calls + 100,
        "{total} bytes were echoed with {calls} calls of `read` and `write`, and the task was polled {polls} times: it is woken for \
         nothing, again and again."
    );
}

/// More than any socket holds: while the peer does not read, `write` waits, and everything arrives.
#[test]
fn a_full_connection_waits_for_room() {
    stage("a task writes, and the peer does not read");
    let (got, sent) = run(async {
        let (stream, mut peer) = connected().await;
        let stream = Arc::new(stream);
        let sent = fill(&stream).await;
        // A task waits for room, with bytes that come last.
        let last = bytes(number(3_000_000..=3_500_000));
        let (task, writer) = Probe::new({
            let (stream, last) = (stream.clone(), last.clone());
            async move {
                stream.write_all(&last).await.unwrap();
                stream.shutdown(Shutdown::Write).unwrap();
            }
        });
        let task = spawn(task);
        settle().await;
        stage("a task waits for room, and another one for bytes");
        let (reading, reader) = Probe::new({
            let stream = stream.clone();
            async move {
                let mut place = [0; 8];
                let count = read(&stream, &mut place).await;
                place[..count].to_vec()
            }
        });
        let reading = spawn(reading);
        settle().await;
        assert!(!reader.finished(), "No bytes came, and `read` returned.");
        let before = writer.polls();
        assert!(
            before <= 20,
            "The peer does not read, there is no room, and the task in `write_all` was polled {before} times."
        );
        stage("a task waits for room, and bytes have come for another one, on the same connection");
        let byte = u8::try_from(pick(0..=255)).unwrap();
        peer.write_all(&[byte]).unwrap();
        let got = reading.await.unwrap();
        assert!(
            got == [byte],
            "One task writes and waits for room, and another one reads: the peer sent {byte}, and it got {got:?}."
        );
        stage("a task waits for room, and the peer reads everything");
        let reads = thread::spawn(move || {
            let mut got = Vec::new();
            peer.read_to_end(&mut got).unwrap();
            got
        });
        task.await.unwrap();
        (reads.join().unwrap(), [sent, last].concat())
    });
    check_same(&got, &sent);
}

/// Clients that came before anybody accepted are all accepted, and what they sent is read.
#[test]
fn a_burst_before_the_first_accept() {
    let clients = number(20..=40);
    stage(format!("{clients} clients have connected, and nobody has accepted yet"));
    let names = run(async {
        let listener = listener();
        let addr = listener.local_addr().unwrap();
        let mut sent: Vec<(SocketAddr, Vec<u8>)> = Vec::new();
        let mut peers = Vec::new();
        for n in 0..clients {
            let mut peer = Peer::connect(addr).unwrap();
            let message = bytes(n + 1);
            peer.write_all(&message).unwrap();
            sent.push((peer.local_addr().unwrap(), message));
            if n % 2 == 0 {
                // Gone before anybody has accepted it.
                drop(peer);
            } else {
                peer.shutdown(Shutdown::Write).unwrap();
                peers.push(peer);
            }
        }
        let mut got = Vec::new();
        for n in 0..clients {
            stage(format!("{clients} clients came before the first `accept`, and {n} of them were accepted"));
            let (stream, addr) = listener.accept().await.unwrap();
            let mut all = Vec::new();
            loop {
                let mut place = [0; 16];
                let count = read(&stream, &mut place).await;
                if count == 0 {
                    break;
                }
                all.extend(&place[..count]);
            }
            got.push((addr, all));
        }
        got.sort();
        sent.sort();
        assert!(
            got == sent,
            "{clients} clients connected, sent bytes and ended, and then they were accepted. What was read is not what they sent, or \
             the addresses are not theirs.\n   sent: {sent:?}\n   read: {got:?}"
        );
        got.len()
    });
    assert!(names == clients);
}

/// Fifty clients at once, each in a task: nobody waits for another one.
#[test]
fn fifty_clients_at_once() {
    const CLIENTS: usize = 50;
    stage(format!("{CLIENTS} clients talk to one server"));
    let (tell, told) = std::sync::mpsc::channel();
    let server = thread::spawn(move || {
        run(async move {
            let listener = listener();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let mut tasks = Vec::new();
            for _ in 0..CLIENTS {
                let (stream, _) = listener.accept().await.unwrap();
                let (task, probe) = Probe::new(async move {
                    let mut place = [0; 32];
                    loop {
                        let count = read(&stream, &mut place).await;
                        if count == 0 {
                            return;
                        }
                        stream.write_all(&place[..count]).await.unwrap();
                    }
                });
                tasks.push((spawn(task), probe));
            }
            let mut polls = Vec::new();
            for (task, probe) in tasks {
                task.await.unwrap();
                polls.push(probe.polls());
            }
            polls
        })
    });
    let addr = told.recv().unwrap();
    let mut peers: Vec<Peer> = (0..CLIENTS).map(|_| Peer::connect(addr).unwrap()).collect();
    // Last come, first served; then the other way round.
    for round in 0..4 {
        for n in 0..CLIENTS {
            let n = if round % 2 == 0 { CLIENTS - 1 - n } else { n };
            stage(format!("round {round}: client {n} has sent something and waits for the echo"));
            let message = bytes(number(1..=100));
            peers[n].write_all(&message).unwrap();
            let mut echo = vec![0; message.len()];
            peers[n].read_exact(&mut echo).unwrap();
            assert!(echo == message, "Client {n} of {CLIENTS} sent {message:?}, and got {echo:?}.");
        }
    }
    stage("all clients have hung up, and their tasks end");
    drop(peers);
    let polls = server.join().unwrap();
    let most = polls.into_iter().max().unwrap();
    // 4 messages, each in 4 reads at most, and the end.
    assert!(
        most <= 60,
        "Each of {CLIENTS} clients sent 4 short messages, and the task of one was polled {most} times. An event for one client is none for \
         the others."
    );
}

/// The end of the connection is read as 0, and an error as an error, by those who wait as well.
#[test]
fn the_end_is_read() {
    for waits in [true, false] {
        stage("the peer ends its direction");
        run(async {
            let (stream, mut peer) = connected().await;
            let stream = Arc::new(stream);
            let reads = |stream: Arc<TcpStream>| async move { stream.read(&mut [0; 8]).await };
            let reader = waits.then(|| spawn(reads(stream.clone())));
            settle().await;
            peer.shutdown(Shutdown::Write).unwrap();
            let end = match reader {
                Some(reader) => reader.await.unwrap(),
                None => reads(stream.clone()).await,
            };
            assert!(
                matches!(end, Ok(0)),
                "The peer has ended its direction, and `read` returned {end:?}. The end is 0 bytes."
            );
            for _ in 0..3 {
                let end = match within(reads(stream.clone())).await {
                    Waited::Over(end) => end,
                    _ => panic!(
                        "`read` has returned 0, and when it is called again, it does not return. The end stays."
                    ),
                };
                assert!(matches!(end, Ok(0)), "At the end, `read` returned 0, and the next time {end:?}.");
            }
            // The other direction goes on.
            stream.write_all(b"bye").await.unwrap();
            drop(stream);
            let mut got = Vec::new();
            peer.read_to_end(&mut got).unwrap();
            assert!(
                got == b"bye",
                "The peer ended its direction. Then 3 bytes were written, and it got {got:?}."
            );
        });

        stage("the peer resets the connection");
        run(async {
            let (stream, peer) = connected().await;
            let stream = Arc::new(stream);
            // Bytes that the peer has not read when it closes make a reset of its end.
            stream.write_all(b"unread").await.unwrap();
            peer.peek(&mut [0]).unwrap();
            let reads = |stream: Arc<TcpStream>| async move { stream.read(&mut [0; 8]).await };
            let reader = waits.then(|| spawn(reads(stream.clone())));
            settle().await;
            drop(peer);
            let error = match reader {
                Some(reader) => reader.await.unwrap(),
                None => reads(stream.clone()).await,
            };
            assert!(error.is_err(), "The peer has reset the connection, and `read` returned {error:?}.");
        });
    }

    stage("a task waits for room, and the peer resets the connection");
    run(async {
        let (stream, peer) = connected().await;
        let stream = Arc::new(stream);
        fill(&stream).await;
        let writer = spawn({
            let stream = stream.clone();
            async move { stream.write_all(&vec![0; 8_000_000]).await }
        });
        settle().await;
        drop(peer);
        let error = writer.await.unwrap();
        assert!(
            error.is_err(),
            "The peer reset the connection while a task waited for room, and `write_all` returned `Ok`."
        );
    });

    stage("a stream is dropped, and its peer reads");
    run(async {
        let (stream, mut peer) = connected().await;
        drop(stream);
        let mut got = Vec::new();
        assert!(
            matches!(peer.read_to_end(&mut got), Ok(0)),
            "A `TcpStream` was dropped, and its peer does not see the end."
        );
    });
}

/// `connect` returns when the connection is there, or with the error when there will be none.
#[test]
fn connect_tells_how_it_ended() {
    stage("`connect` to a listener");
    run(async {
        let server = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let message = bytes(number(10..=90));
        for _ in 0..3 {
            let stream = TcpStream::connect(server.local_addr().unwrap()).await.unwrap_or_else(|error| {
                panic!("Somebody listens, and `connect` returned the error \"{error}\".")
            });
            // It is there: no wait, no `NotConnected`.
            match within(stream.write(&message)).await {
                Waited::Over(Ok(count)) => assert!(count == message.len()),
                Waited::Over(Err(error)) => {
                    panic!("`connect` returned `Ok`, and then `write` returned \"{error}\".")
                }
                _ => panic!("`connect` returned `Ok`, and then `write` waits."),
            }
            let (mut peer, _) = server.accept().unwrap();
            let mut got = vec![0; message.len()];
            peer.read_exact(&mut got).unwrap();
            assert!(got == message);
            peer.write_all(&message).unwrap();
            let mut back = [0; 128];
            let count = read(&stream, &mut back).await;
            assert!(back[..count] == message);
        }
    });
    stage("`connect` to where nobody listens");
    run(async {
        let addr = {
            let gone = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            gone.local_addr().unwrap()
        };
        let result = TcpStream::connect(addr).await;
        match result {
            Ok(_) => panic!(
                "Nobody listens at that address, and `connect` returned `Ok`.\n\
                 A socket becomes writable when the attempt is over, however it ended: ask it for its error."
            ),
            Err(error) => assert!(
                error.kind() == ErrorKind::ConnectionRefused,
                "Nobody listens at that address: the connection is refused. `connect` returned \"{error}\"."
            ),
        }
    });
    stage("a listener is dropped, and somebody connects to its address");
    let refused = run(async {
        let addr = listener().local_addr().unwrap();
        TcpStream::connect(addr).await.is_err()
    });
    assert!(refused, "A `TcpListener` was dropped, and its address still accepts connections.");
    stage("an address is bound twice");
    run(async {
        let first = listener();
        let addr = first.local_addr().unwrap();
        assert!(
            TcpListener::bind(addr).is_err(),
            "Two listeners were bound to the same address, and the second `bind` returned `Ok`."
        );
        // The first one goes on.
        let client = TcpStream::connect(addr).await.unwrap();
        let (server, _) = first.accept().await.unwrap();
        drop((client, server));
    });
}

/// A call that is dropped while it waits takes nothing with it, and the newest waker counts.
#[test]
fn a_dropped_call_takes_nothing() {
    stage("a read is dropped while it waits, and then bytes come");
    run(async {
        let (stream, mut peer) = connected().await;
        for _ in 0..3 {
            let message = bytes(number(5..=60));
            let (old, new) = (CountingWaker::new(), CountingWaker::new());
            let mut place = [0; 64];
            {
                let mut first = Box::pin(stream.read(&mut place));
                assert!(
                    poll_once(&mut first, &old.waker()).is_pending(),
                    "No bytes came, and `read` returned."
                );
            }
            let count = {
                let mut second = Box::pin(stream.read(&mut place));
                assert!(
                    poll_once(&mut second, &new.waker()).is_pending(),
                    "No bytes came, and `read` returned."
                );
                peer.write_all(&message).unwrap();
                taken(second.await)
            };
            assert!(
                place[..count] == message[..count] && count == message.len(),
                "A `read` was dropped while it waited. Then {} bytes came, and the next `read` returned {count}.",
                message.len()
            );
        }
    });
    stage("bytes are there, and a read that is pending is dropped");
    run(async {
        let (stream, mut peer) = connected().await;
        let message = bytes(number(40..=90));
        peer.write_all(&message).unwrap();
        // They come together.
        let mut first = [0];
        let count = read(&stream, &mut first).await;
        let mut got = first[..count].to_vec();
        for _ in 0..100 {
            let mut place = [0; 16];
            let count = match poll_once(&mut Box::pin(stream.read(&mut place)), Waker::noop()) {
                Poll::Ready(count) => taken(count),
                Poll::Pending => 0,
            };
            got.extend(&place[..count]);
            if got.len() >= message.len() {
                break;
            }
            settle().await;
        }
        assert!(
            got == message,
            "{} bytes were there, and calls of `read` that were pending were dropped: {} bytes arrived, the others are lost.\n\
             Take bytes out of the socket only in the poll that returns them. A caller may be gone by the next one, in `select!` for example.",
            message.len(),
            got.len()
        );
    });
    stage("an accept is dropped while it waits, and then clients come");
    run(async {
        let listener = listener();
        let addr = listener.local_addr().unwrap();
        for _ in 0..3 {
            {
                let mut first = Box::pin(listener.accept());
                assert!(
                    poll_once(&mut first, Waker::noop()).is_pending(),
                    "No client came, and `accept` returned."
                );
            }
            let peer = Peer::connect(addr).unwrap();
            let (_stream, from) = listener.accept().await.unwrap();
            assert!(
                from == peer.local_addr().unwrap(),
                "`accept` returned another address than that of the client."
            );
        }
    });
}

/// What a call of `read` tells.
fn taken(count: io::Result<usize>) -> usize {
    match count {
        Ok(count) => count,
        Err(error) if error.kind() == ErrorKind::WouldBlock => panic!(
            "The caller got the error `WouldBlock`. It is meant for you: wait until the source is ready, and try again. An event is a hint, and the \
             call after it may find nothing."
        ),
        Err(error) => panic!("The connection is open, and the caller got the error \"{error}\"."),
    }
}

async fn read(stream: &TcpStream, place: &mut [u8]) -> usize {
    taken(stream.read(place).await)
}

/// Writes until there is no more room, for now. Returns what was written.
async fn fill(stream: &TcpStream) -> Vec<u8> {
    let mut sent = Vec::new();
    loop {
        let chunk = bytes(128 * 1024);
        match within(stream.write(&chunk)).await {
            Waited::Over(count) => {
                let count = taken(count);
                assert!(
                    (1..=chunk.len()).contains(&count),
                    "`write` was given {} bytes, and returned {count}.",
                    chunk.len()
                );
                sent.extend(&chunk[..count]);
            }
            Waited::Asleep if !sent.is_empty() => return sent,
            // Nothing has told yet that there is room: that takes an event.
            Waited::Asleep => sent.extend({
                let count = taken(stream.write(&chunk).await);
                chunk[..count].to_vec()
            }),
            Waited::Spins(polls) => panic!(
                "The peer does not read, so there is no more room, and `write` was polled {polls} times. After `WouldBlock` it has to wait for an \
                 event."
            ),
        }
        assert!(
            sent.len() < 100_000_000,
            "The peer does not read, and `write` has taken {} bytes. Where are they?",
            sent.len()
        );
    }
}

fn listener() -> TcpListener {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a port is free")
}

/// A stream from `accept`, and its other end.
async fn connected() -> (TcpStream, Peer) {
    let listener = listener();
    let peer = Peer::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, addr) = listener.accept().await.unwrap();
    assert!(addr == peer.local_addr().unwrap(), "`accept` returned another address than that of the client.");
    (stream, peer)
}

/// A peer that sends all, and meanwhile collects what comes.
fn talks(peer: Peer, sends: Vec<u8>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut other = peer.try_clone().unwrap();
        let writes = thread::spawn(move || {
            other.write_all(&sends).unwrap();
            other.shutdown(Shutdown::Write).unwrap();
        });
        let (mut peer, mut got) = (peer, Vec::new());
        peer.read_to_end(&mut got).unwrap();
        writes.join().unwrap();
        got
    })
}

fn check_same(got: &[u8], sent: &[u8]) {
    if got != sent {
        let differ = got.iter().zip(sent).position(|(got, sent)| got != sent);
        panic!(
            "{} were sent, and {} arrived{}.",
            counted(sent.len(), "byte"),
            got.len(),
            differ.map(|at| format!("; number {at} is another one")).unwrap_or_default()
        );
    }
}

/// Bytes that nobody knows beforehand, and that do not repeat.
fn bytes(count: usize) -> Vec<u8> {
    let mut state = pick(1..=u64::MAX);
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(count);
    bytes
}

fn number(range: std::ops::RangeInclusive<u64>) -> usize {
    usize::try_from(pick(range)).unwrap()
}

/// What comes of a future while nothing happens.
enum Waited<T> {
    Over(T),
    /// It sleeps, and everybody else does.
    Asleep,
    /// It was polled so often.
    Spins(usize),
}

/// A future that is polled so often while nothing happens does not wait.
const MOST: usize = 200;

/// Awaits a future for a while, in which nothing happens outside.
async fn within<F: Future>(future: F) -> Waited<F::Output> {
    let mut future = pin!(future);
    let mut silence = pin!(settle());
    let mut polls = 0;
    poll_fn(|context| {
        polls += 1;
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Waited::Over(output));
        }
        if polls == MOST {
            return Poll::Ready(Waited::Spins(polls));
        }
        silence.as_mut().poll(context).map(|()| Waited::Asleep)
    })
    .await
}

/// A clock that moves on when the executor has nothing to do, and only then.
#[derive(Default)]
struct Idle(Mutex<Duration>);

impl Clock for Idle {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn idle(&self, until_next: Duration) -> Duration {
        *self.0.lock().unwrap() += until_next;
        Duration::ZERO
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    Executor::with_clock(Arc::new(Idle::default())).block_on(future)
}

/// Until everything that can go on has done so, and the kernel's events have been fetched.
async fn settle() {
    for _ in 0..3 {
        sleep(Duration::from_millis(1)).await;
    }
}
