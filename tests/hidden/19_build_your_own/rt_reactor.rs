//! Hidden tests of `rt_reactor`: what tasks learn of the sources that they wait for, and how the thread waits.

use std::io::{self, Read as _, Write as _};
use std::mem;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use exercise::{Clock, Executor, Io, sleep, spawn};
use mio::event::Source;
use mio::{Interest, Registry, Token};
use testkit::{
    Blocked, CountingWaker, Elsewhere, Gate, Probe, ProbeHandle, Rest, counted, elsewhere, panic_of, pick,
    poll_once, stage,
};

/// One task waits until a source is readable, another one until it is writable, and each is woken by its own event.
#[test]
fn a_reader_and_a_writer_wait_at_the_same_time() {
    for (reader_first, readable_first) in [(true, true), (true, false), (false, true), (false, false)] {
        stage("one task waits in `readable` and another one in `writable`, on the same `Io`");
        run(async {
            let (line, io) = registered();
            let ways = if reader_first { [READ, WRITE] } else { [WRITE, READ] };
            let [earlier, later] = ways.map(|way| waits(&io, way));
            settle().await;
            for (way, task) in ways.into_iter().zip([&earlier, &later]) {
                assert!(
                    !task.finished(),
                    "`{way}` returned, and no event had come for the source. It waits for an event.",
                    way = way.name
                );
            }
            let (reader, writer) = if reader_first { (earlier, later) } else { (later, earlier) };
            let mut both = [(READ, reader), (WRITE, writer)];
            if !readable_first {
                both.reverse();
            }
            let [(first, its), (second, other)] = both;
            line.fire(first);
            settle().await;
            let (woken, disturbed) = (its.finished(), other.polls() > 1);
            assert!(
                woken || !disturbed,
                "One task waits in `{first}` and another one in `{second}`. The source became {first}, and the task in `{second}` was \
                 woken; the one in `{first}` still sleeps.\n\
                 Whoever waits later must not take the place of the other: each direction needs a waker.",
                first = first.name,
                second = second.name,
            );
            assert!(
                woken,
                "One task waits in `{first}` and another one in `{second}`. The source became {first}, and nobody was woken.\n\
                 An event has to wake the task that waits for its direction.",
                first = first.name,
                second = second.name,
            );
            assert!(
                !other.finished(),
                "The source became {first}, and `{second}` returned as well. It is not {second}: each direction needs a readiness.",
                first = first.name,
                second = second.name,
            );
            assert!(
                !disturbed,
                "The source became {first}, and the task in `{second}` was woken for nothing. Wake the one that waits for this direction.",
                first = first.name,
                second = second.name,
            );
            line.fire(second);
            settle().await;
            assert!(
                other.finished(),
                "The source became {first}, and the task in `{first}` went on. Then it became {second}, and the task in `{second}` \
                 sleeps on. Its waker is to be kept until the event comes for which it waits.",
                first = first.name,
                second = second.name,
            );
        });
    }
}

/// What is cleared in one direction stays in the other one.
#[test]
fn each_direction_is_cleared_for_itself() {
    for (cleared, kept) in [(READ, WRITE), (WRITE, READ)] {
        stage(format!("the source is readable and writable, and then `{}` is called", cleared.clear_name));
        run(async {
            let (line, io) = registered();
            line.fire(READ);
            line.fire(WRITE);
            settle().await;
            for way in [READ, WRITE] {
                check_ready(&io, way, "The source became readable and writable while nobody waited");
            }
            (cleared.clear)(&io);
            assert!(
                is_ready(&io, kept),
                "The source was readable and writable, and `{}` was called. Now it is not {} any more either. The kernel does not say \
                 the same thing twice, so whoever waits for that now waits forever.",
                cleared.clear_name,
                kept.name,
            );
            assert!(
                !is_ready(&io, cleared),
                "`{}` was called, and `{}` still returns at once. It has to wait for the next event.",
                cleared.clear_name,
                cleared.name,
            );
            line.fire(cleared);
            settle().await;
            check_ready(
                &io,
                cleared,
                &format!("`{}` was called, and another event came", cleared.clear_name),
            );
        });
    }
}

/// An event that comes while nobody waits is remembered until it is cleared.
#[test]
fn readiness_stays_until_it_is_cleared() {
    for way in [READ, WRITE] {
        for events in [1, 2, 5] {
            stage(format!("{} before anybody waits", counted(events, "event")));
            run(async {
                let (line, io) = registered();
                // Nothing is there to be cleared.
                (way.clear)(&io);
                for _ in 0..events {
                    line.fire(way);
                    settle().await;
                }
                for _ in 0..3 {
                    check_ready(&io, way, &format!("The source became {} while nobody waited", way.name));
                }
                let task = waits(&io, way);
                settle().await;
                assert!(
                    task.finished(),
                    "The source is {name}, and a task that calls `{name}` now sleeps. The event came before, and will not come again.",
                    name = way.name
                );
                (way.clear)(&io);
                assert!(
                    !is_ready(&io, way),
                    "{} came, and `{name}` returned. Then `{clear}` was called, and `{name}` still returns at once. What is cleared \
                     is everything that has come before `{name}` returned.",
                    counted(events, "event"),
                    name = way.name,
                    clear = way.clear_name
                );
                (way.clear)(&io);
                let task = waits(&io, way);
                settle().await;
                line.fire(way);
                settle().await;
                assert!(
                    task.finished(),
                    "`{clear}` was called, a task waits in `{name}`, and the source became {name}: the task sleeps on.",
                    name = way.name,
                    clear = way.clear_name
                );
            });
        }
    }
}

/// An event that comes between `readable` and `clear_readable` is not cleared.
#[test]
fn what_has_come_since_is_not_cleared() {
    for way in [READ, WRITE] {
        stage(format!("an event comes after `{}` has returned, and before `{}`", way.name, way.clear_name));
        run(async {
            let (line, io) = registered();
            for _ in 0..3 {
                line.fire(way);
                settle().await;
                check_ready(&io, way, &format!("The source became {}", way.name));
                // Here is where a read would find nothing. Then, before that is noted, the kernel has news.
                line.fire(way);
                settle().await;
                (way.clear)(&io);
                assert!(
                    is_ready(&io, way),
                    "`{name}` returned, then another event came, and then `{clear}` was called. It took the new event away, too.\n\
                     The call that returned `WouldBlock` was made before that event, and the kernel will not say it again: clear only \
                     what `{name}` has told.",
                    name = way.name,
                    clear = way.clear_name
                );
                (way.clear)(&io);
                assert!(
                    !is_ready(&io, way),
                    "`{name}` has told of all events, and `{clear}` was called. `{name}` still returns at once.",
                    name = way.name,
                    clear = way.clear_name
                );
            }
        });
    }
}

/// The waker of the latest poll is woken, whoever polled before.
#[test]
fn the_newest_waker_is_woken() {
    for way in [READ, WRITE] {
        for same_future in [true, false] {
            stage(format!("two wakers in turns poll `{}`", way.name));
            run(async {
                let (line, io) = registered();
                let (old, new) = (CountingWaker::new(), CountingWaker::new());
                let mut future = (way.wait)(&io);
                assert!(poll_once(&mut future, &old.waker()).is_pending());
                if !same_future {
                    future = (way.wait)(&io);
                }
                assert!(poll_once(&mut future, &new.waker()).is_pending());
                line.fire(way);
                settle().await;
                assert!(
                    new.wakes() > 0,
                    "`{name}` was polled with one waker, and then with another one{by}. The source became {name}, and the second waker \
                     was not called{first}. The newest waker counts.",
                    name = way.name,
                    by = if same_future { "" } else { ", in another call" },
                    first = if old.wakes() > 0 { ", but the first one" } else { "" },
                );
                let wakes = new.wakes();
                line.fire(way);
                settle().await;
                assert!(
                    new.wakes() == wakes && wakes == 1,
                    "One poll waits for the source, and two events came: its waker was called {}. One is enough: a task that wants to \
                     hear more polls again.",
                    counted(new.wakes(), "time")
                );
            });
        }
    }
}

/// An event wakes those who wait for it, and nobody else.
#[test]
fn others_sleep_on() {
    const EVENTS: usize = 20;
    stage("many tasks wait, each for another source, and one source has events");
    run(async {
        let others: Vec<_> = (0..30).map(|_| registered()).collect();
        let tasks: Vec<_> = others.iter().flat_map(|(_, io)| [waits(io, READ), waits(io, WRITE)]).collect();
        let (line, io) = registered();
        let writer = waits(&io, WRITE);
        let (task, reader) = Probe::new({
            let io = io.clone();
            async move {
                for _ in 0..EVENTS {
                    io.readable().await.unwrap();
                    io.clear_readable();
                }
            }
        });
        spawn(task);
        settle().await;
        for _ in 0..EVENTS {
            line.fire(READ);
            settle().await;
        }
        let polls = tasks.iter().map(ProbeHandle::polls).max().unwrap_or_default();
        assert!(
            polls == 1,
            "{EVENTS} events came for one source, and tasks that wait for other sources were polled, one of them {polls} times. The \
             token of an event says for which source it is."
        );
        assert!(
            writer.polls() == 1,
            "{EVENTS} events came that say `readable`, and the task that waits in `writable` was polled {} times.",
            writer.polls()
        );
        assert!(
            reader.finished(),
            "A task calls `readable` and `clear_readable` in turns, {EVENTS} times. {EVENTS} events came one after the other, and it \
             is not done: events got lost."
        );
        assert!(
            reader.polls() == EVENTS + 1,
            "{EVENTS} events came one after the other, and the task that waits for them was polled {} times. It takes {}: one poll \
             before the first event, and one for each.",
            reader.polls(),
            EVENTS + 1
        );
    });
}

/// While the thread waits for events, a task that another thread spawns or wakes runs at once.
#[test]
fn another_thread_ends_the_wait() {
    for by_spawn in [true, false] {
        stage("the thread waits in the kernel, with nothing to do");
        let executor = Arc::new(Executor::new());
        let (gate, go_on) = (Gate::new(), Gate::new());
        let (line, io) = executor.block_on(async { registered() });
        let root = {
            let gate = gate.clone();
            async move { gate.wait().await }
        };
        executor.spawn({
            let (gate, go_on) = (gate.clone(), go_on.clone());
            async move {
                go_on.wait().await;
                gate.open();
            }
        });
        executor.spawn(async move { io.readable().await.unwrap() });
        let blocked = Blocked::start(root, {
            let executor = executor.clone();
            move |root| executor.block_on(root)
        });
        blocked.until_polled(1);
        sleeps(&blocked);
        let does = if by_spawn { "spawned a task" } else { "woke a task" };
        stage(format!("the thread waits in the kernel, and another one {does}"));
        if by_spawn {
            let gate = gate.clone();
            executor.spawn(async move { gate.open() });
        } else {
            go_on.open();
        }
        if blocked.answers(2).is_none() {
            line.fire(READ);
            let late = blocked.answers(2).is_some();
            panic!(
                "The executor's thread waits for events, and another thread {does}. The task was not polled.{}\n\
                 A thread that waits in the kernel hears of nothing else: `mio::Waker` makes a wake an event.",
                if late { " It ran only when a source became ready." } else { "" }
            );
        }
        blocked.returned();
    }
}

/// A timer that is far away does not keep an event from being heard.
#[test]
fn an_event_comes_before_the_next_timer() {
    stage("one task sleeps for days, and another one waits for a source");
    let executor = Arc::new(Executor::new());
    let (line, io) = executor.block_on(async { registered() });
    executor.block_on(async {
        spawn(sleep(Duration::from_secs(pick(3..=9) * 86_400)));
    });
    let blocked = Blocked::start(async move { io.readable().await.is_ok() }, {
        let executor = executor.clone();
        move |root| executor.block_on(root)
    });
    blocked.until_polled(1);
    sleeps(&blocked);
    stage("one task sleeps for days, and the source for which another one waits has become readable");
    line.fire(READ);
    assert!(
        blocked.answers(2).is_some(),
        "The next timer is days away. Meanwhile a source became readable, and the task that waits for it was not polled. The thread \
         has to wait for both: events end `mio::Poll::poll` before its timeout does."
    );
    assert!(blocked.returned(), "`readable` returned an error, and the executor is still there.");
}

/// A task that always has something to do does not keep others from hearing of events.
#[test]
fn events_are_heard_while_a_task_is_busy() {
    const TURNS: usize = 5_000;
    for in_a_task in [true, false] {
        stage("one task wakes itself again and again, and another one waits for a source");
        run(async {
            let (line, io) = registered();
            let reader = waits(&io, READ);
            settle().await;
            line.fire(READ);
            let busy = {
                let reader = reader.clone();
                let mut turns = 0;
                std::future::poll_fn(move |context| {
                    turns += 1;
                    if reader.finished() || turns == TURNS {
                        return Poll::Ready(());
                    }
                    context.waker().wake_by_ref();
                    Poll::Pending
                })
            };
            if in_a_task {
                spawn(busy).await.unwrap();
            } else {
                busy.await;
            }
            assert!(
                reader.finished(),
                "A source became readable, and the task that waits for it was not polled, while another task was polled {TURNS} times: \
                 it wakes itself each time.\nAn executor that asks for events only when it has nothing else to do may never ask. \
                 Ask now and then without waiting, too."
            );
        });
    }
}

/// An `Io` that is dropped is deregistered, once, and keeps no waker.
#[test]
fn a_dropped_io_leaves_nothing() {
    stage("an `Io` is dropped while its executor runs");
    run(async {
        let (line, io) = registered();
        let wakers = [CountingWaker::new(), CountingWaker::new()];
        for (way, counter) in [READ, WRITE].into_iter().zip(&wakers) {
            assert!(poll_once(&mut (way.wait)(&io), &counter.waker()).is_pending());
        }
        drop(io);
        line.check_deregistered("An `Io` was dropped");
        settle().await;
        for (way, counter) in [READ, WRITE].into_iter().zip(&wakers) {
            assert!(
                counter.live_clones() == 0,
                "An `Io` was dropped, and the waker of a call of `{}` is still there. Whatever a task has left with it, and the task \
                 itself, stays in memory.",
                way.name
            );
        }
    });

    stage("an `Io` is dropped by a task that is dropped with its executor");
    let executor = Executor::new();
    let line = executor.block_on(async {
        let (line, io) = registered();
        spawn(async move { io.readable().await.unwrap() });
        line
    });
    drop(executor);
    line.check_deregistered("An executor was dropped while a task waited for an `Io`");

    stage("an `Io` is dropped on another thread, and by a panic");
    let executor = Executor::new();
    let (line, io) = executor.block_on(async { registered() });
    std::thread::spawn(move || drop(io)).join().unwrap();
    line.check_deregistered("An `Io` was dropped by another thread");
    let line = executor.block_on(async {
        let (line, io) = registered();
        let task = spawn(async move {
            let _owned = io;
            panics();
        });
        assert!(task.await.is_err());
        line
    });
    line.check_deregistered("A task that owned an `Io` panicked");
}

/// An event that was meant for a source that is gone does not reach the one that came after it.
#[test]
fn an_old_event_reaches_nobody() {
    stage("an `Io` is dropped, another one is made, and an event for the first one arrives");
    run(async {
        let mut gone: Vec<Line> = Vec::new();
        for _ in 0..4 {
            let here: Vec<_> = (0..2).map(|_| registered()).collect();
            let tasks: Vec<_> = here.iter().flat_map(|(_, io)| [waits(io, READ), waits(io, WRITE)]).collect();
            settle().await;
            // The kernel had these events for sources that were there before, and nobody has fetched them.
            for line in &gone {
                line.fire(READ);
                line.fire(WRITE);
            }
            settle().await;
            if let Some(task) = tasks.iter().find(|task| task.polls() > 1) {
                let twice = here.iter().any(|(line, _)| gone.iter().any(|old| old.token() == line.token()));
                panic!(
                    "An `Io` was dropped, and another one was made. Then an event arrived that the kernel had for the first one. It woke \
                     the task that waits for the second one{}.{}",
                    if task.finished() { ", and told it that its source is ready" } else { "" },
                    if twice {
                        "\nBoth had the same token, and nothing else tells events apart. A slot may be used again, if its token says \
                         for which time."
                    } else {
                        ""
                    }
                );
            }
            // Those that are here have tokens of their own.
            let (last, _) = &here[1];
            last.fire(READ);
            settle().await;
            let finished: Vec<bool> = tasks.iter().map(ProbeHandle::finished).collect();
            assert!(
                finished == [false, false, true, false],
                "Tasks wait for 2 sources, in both directions, and the second source became readable. The tasks that went on: {}.",
                ["first, readable", "first, writable", "second, readable", "second, writable"]
                    .into_iter()
                    .zip(&finished)
                    .filter_map(|(name, finished)| finished.then_some(name))
                    .collect::<Vec<_>>()
                    .join("; ")
            );
            // In an order of their own.
            let mut here = here;
            if pick(0..=1) == 1 {
                here.reverse();
            }
            // The tasks hold the sources as well: they end first.
            for (line, _) in &here {
                line.fire(READ);
                line.fire(WRITE);
            }
            settle().await;
            for (line, io) in here {
                drop(io);
                line.check_deregistered("All owners of an `Io` have dropped it");
                gone.push(line);
            }
        }
    });
}

/// When a source cannot be registered, `Io::new` returns the error.
#[test]
fn an_error_of_the_registration_is_returned() {
    stage("a source refuses to be registered");
    run(async {
        let text = format!("no more than {} sources", pick(1..=1_000));
        let line = Line::default();
        *line.0.refuses.lock().unwrap() = Some(text.clone());
        let error = Io::new(line.clone()).err().map(|error| error.to_string());
        assert!(
            error.as_deref() == Some(text.as_str()),
            "A source could not be registered: \"{text}\". `Io::new` returned {}.",
            error.map_or("`Ok`".to_owned(), |error| format!("another error: \"{error}\""))
        );
        // What it had been given is free.
        let (line, io) = registered();
        let task = waits(&io, READ);
        settle().await;
        line.fire(READ);
        settle().await;
        assert!(task.finished(), "A source could not be registered, and since then others do not work.");
    });
    let outside = panic_of(|| Io::new(Line::default()).map(|_| ()));
    assert!(
        outside.is_err(),
        "`Io::new` was called outside of an executor, and returned. No reactor is there to hear of events: it has to panic, as \
         `spawn` does."
    );
}

/// While other people's code runs (a waker), no lock is held.
#[test]
fn no_lock_is_held_while_wakers_run() {
    for what in ["clone", "wake", "drop"] {
        stage(format!("another thread uses an `Io` while your code calls `{what}` of a waker"));
        let (line, io, counter, waited) = run(async {
            let (line, io) = registered();
            let (other_line, other) = registered();
            let counter = CountingWaker::new();
            let waited = Arc::new((AtomicBool::new(false), Mutex::new(Vec::<Elsewhere>::new())));
            let hook = {
                let (io, waited) = (io.clone(), waited.clone());
                move || {
                    let (io, other) = (io.clone(), other.clone());
                    let work = elsewhere(move || {
                        io.clear_writable();
                        io.clear_readable();
                        other.clear_readable();
                        drop(poll_once(&mut pin!(other.readable()), Waker::noop()));
                        drop(poll_once(&mut pin!(io.writable()), Waker::noop()));
                    });
                    waited.0.fetch_or(work.had_to_wait(), Ordering::SeqCst);
                    waited.1.lock().unwrap().push(work);
                }
            };
            let mut future = READ.waits(&io);
            match what {
                "clone" => counter.on_clone(hook),
                "wake" => counter.on_wake(hook),
                _ => counter.on_drop(hook),
            }
            // The waker itself may be dropped, without a lock of the learner's.
            let waker = mem::ManuallyDrop::new(counter.waker());
            assert!(poll_once(&mut future, &waker).is_pending());
            if what == "drop" {
                // Takes the place of the one before it.
                assert!(poll_once(&mut future, Waker::noop()).is_pending());
            }
            line.fire(READ);
            settle().await;
            drop(future);
            drop(mem::ManuallyDrop::into_inner(waker));
            drop(other_line);
            (line, io, counter, waited)
        });
        for work in mem::take(&mut *waited.1.lock().unwrap()) {
            work.finish().unwrap();
        }
        counter.on_clone(|| {});
        counter.on_wake(|| {});
        counter.on_drop(|| {});
        drop((line, io));
        assert!(
            !waited.0.load(Ordering::SeqCst),
            "While your code called `{what}` of a waker, another thread used an `Io`, and had to wait: your code held a lock.\n\
             What a waker does there is other people's code. If it uses an `Io` itself, the thread waits for itself."
        );
    }
}

/// When the executor is gone, `readable` and `writable` return an error, and those who wait are woken for it.
#[test]
fn without_its_executor_it_is_an_error() {
    for way in [READ, WRITE] {
        stage("the executor is dropped while somebody else waits for an `Io`");
        let executor = Executor::new();
        let (line, io) = executor.block_on(async { registered() });
        let counter = CountingWaker::new();
        let mut future = (way.wait)(&io);
        assert!(poll_once(&mut future, &counter.waker()).is_pending());
        drop(executor);
        assert!(
            counter.wakes() > 0,
            "An executor was dropped while somebody waited in `{}` for an `Io` of its. Nobody was woken, and no event can come any \
             more: whoever waits there waits forever.",
            way.name
        );
        for mut future in [future, (way.wait)(&io)] {
            let told = poll_once(&mut future, Waker::noop());
            assert!(
                matches!(told, Poll::Ready(Err(_))),
                "The executor of an `Io` is gone, and `{}` returned {}. No event can come any more: that is an error.",
                way.name,
                match told {
                    Poll::Pending => "`Pending`",
                    Poll::Ready(_) => "`Ok`",
                }
            );
        }
        drop(io);
        drop(line);
    }
}

/// An `Io` belongs to the executor that it was made in, and wakes tasks of another one, too.
#[test]
fn two_executors_stay_apart() {
    stage("a task waits for an `Io` of another thread's executor");
    let (first, second) = (Arc::new(Executor::new()), Arc::new(Executor::new()));
    let (line, io) = first.block_on(async { registered() });
    let (_line, _io) = second.block_on(async { registered() });
    let gate = Gate::new();
    let drives = Blocked::start(
        {
            let gate = gate.clone();
            async move { gate.wait().await }
        },
        move |root| first.block_on(root),
    );
    drives.until_polled(1);
    sleeps(&drives);
    let waits = Blocked::start(async move { io.readable().await.is_ok() }, move |root| second.block_on(root));
    waits.until_polled(1);
    sleeps(&waits);
    line.fire(READ);
    assert!(
        waits.answers(2).is_some(),
        "A task waits for an `Io` that was made in another executor, which runs on another thread. The source became readable, and the \
         task was not polled."
    );
    assert!(waits.returned(), "`readable` returned an error, and the executor of the `Io` still runs.");
    gate.open();
    drives.returned();
}

/// With a real socket: one task waits for bytes, while another one waits for room.
#[test]
fn a_socket_is_read_while_it_is_written() {
    stage("the socket is full, one task waits for room, and another one for bytes");
    let (socket, mut peer) = pair();
    socket.set_nonblocking(true).unwrap();
    let executor = Executor::new();
    let byte = u8::try_from(pick(1..=255)).unwrap();
    let (written, got) = executor.block_on(async {
        let io = Arc::new(Io::new(mio::net::TcpStream::from_std(socket)).unwrap());
        let full = Gate::new();
        let written = Arc::new(AtomicUsize::new(0));
        let reader = spawn({
            let io = io.clone();
            async move {
                loop {
                    io.readable().await.unwrap();
                    let mut buffer = [0; 8];
                    match io.get_ref().read(&mut buffer) {
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => io.clear_readable(),
                        read => return buffer[..read.unwrap()].to_vec(),
                    }
                }
            }
        });
        let writer = spawn({
            let (io, full, written) = (io.clone(), full.clone(), written.clone());
            async move {
                let bytes = vec![byte; 256 * 1024];
                loop {
                    io.writable().await.unwrap();
                    match io.get_ref().write(&bytes) {
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                            if full.is_open() {
                                return;
                            }
                            io.clear_writable();
                            full.open();
                        }
                        count => {
                            written.fetch_add(count.unwrap(), Ordering::SeqCst);
                            if full.is_open() {
                                return;
                            }
                        }
                    }
                }
            }
        });
        full.wait().await;
        stage("the socket is full, one task waits for room, and bytes have come for the one that reads");
        peer.write_all(&[byte]).unwrap();
        let got = reader.await.unwrap();
        stage("the peer has read all bytes, and a task waits for room");
        let mut there = vec![0; written.load(Ordering::SeqCst)];
        peer.read_exact(&mut there).unwrap();
        writer.await.unwrap();
        assert!(there.iter().all(|found| *found == byte));
        (written.load(Ordering::SeqCst), got)
    });
    assert!(
        got == [byte],
        "The peer had sent {byte}, and the task that reads got {got:?}, after {written} bytes were written."
    );
}

/// A direction, as the tests use it.
#[derive(Clone, Copy)]
struct Way {
    name: &'static str,
    clear_name: &'static str,
    interest: Interest,
    place: usize,
    wait: fn(&Arc<Io<Line>>) -> Wait,
    clear: fn(&Io<Line>),
}

type Wait = std::pin::Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

const READ: Way = Way {
    name: "readable",
    clear_name: "clear_readable",
    interest: Interest::READABLE,
    place: 0,
    wait: |io| {
        let io = io.clone();
        Box::pin(async move { io.readable().await })
    },
    clear: |io| io.clear_readable(),
};

const WRITE: Way = Way {
    name: "writable",
    clear_name: "clear_writable",
    interest: Interest::WRITABLE,
    place: 1,
    wait: |io| {
        let io = io.clone();
        Box::pin(async move { io.writable().await })
    },
    clear: |io| io.clear_writable(),
};

impl Way {
    fn waits(self, io: &Arc<Io<Line>>) -> Wait {
        (self.wait)(io)
    }
}

/// A source whose events the test makes. Clones are the same one.
#[derive(Clone, Default)]
struct Line(Arc<Socket>);

#[derive(Default)]
struct Socket {
    /// Where it is registered, or was.
    place: Mutex<Option<(Registry, Token)>>,
    deregistered: AtomicUsize,
    refuses: Mutex<Option<String>>,
    triggers: Mutex<[Option<Trigger>; 2]>,
}

impl Line {
    /// The source becomes readable, or writable: the kernel has an event with its token from now on, also if it was deregistered, as
    /// when it had the event before that.
    fn fire(&self, way: Way) {
        let place = self.0.place.lock().unwrap();
        let (registry, token) = place.as_ref().expect("`Io::new` registers the source");
        let mut triggers = self.0.triggers.lock().unwrap();
        triggers[way.place].get_or_insert_with(Trigger::new).fire(registry, *token, way.interest);
    }

    fn token(&self) -> Option<Token> {
        self.0.place.lock().unwrap().as_ref().map(|(_, token)| *token)
    }

    fn check_deregistered(&self, told: &str) {
        let times = self.0.deregistered.load(Ordering::SeqCst);
        assert!(
            times == 1,
            "{told}, and its source was deregistered {}. Its `Drop` has to do that, so that the kernel sends no more events for it.",
            counted(times, "time")
        );
    }
}

impl Source for Line {
    fn register(&mut self, registry: &Registry, token: Token, _: Interest) -> io::Result<()> {
        if let Some(text) = &*self.0.refuses.lock().unwrap() {
            return Err(io::Error::other(text.clone()));
        }
        *self.0.place.lock().unwrap() = Some((registry.try_clone()?, token));
        Ok(())
    }

    fn reregister(&mut self, registry: &Registry, token: Token, _: Interest) -> io::Result<()> {
        *self.0.place.lock().unwrap() = Some((registry.try_clone()?, token));
        Ok(())
    }

    fn deregister(&mut self, _: &Registry) -> io::Result<()> {
        self.0.deregistered.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// A socket that is readable and writable, so the kernel has an event for it as soon as it is registered, without any delay.
struct Trigger {
    socket: mio::net::TcpStream,
    _peer: TcpStream,
    known: bool,
}

impl Trigger {
    fn new() -> Self {
        let (socket, mut peer) = pair();
        peer.write_all(&[1]).unwrap();
        // Returns when the byte is there.
        socket.peek(&mut [0]).unwrap();
        socket.set_nonblocking(true).unwrap();
        Self { socket: mio::net::TcpStream::from_std(socket), _peer: peer, known: false }
    }

    fn fire(&mut self, registry: &Registry, token: Token, interest: Interest) {
        if mem::replace(&mut self.known, true) {
            registry.reregister(&mut self.socket, token, interest).unwrap();
        } else {
            registry.register(&mut self.socket, token, interest).unwrap();
        }
    }
}

fn panics() {
    // hermetic: the panic is what is tested
    panic!("a task that has an `Io` panics");
}

fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let one = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (other, _) = listener.accept().unwrap();
    (one, other)
}

fn registered() -> (Line, Arc<Io<Line>>) {
    let line = Line::default();
    let io = Arc::new(Io::new(line.clone()).expect("`Io::new` registers the source"));
    assert!(line.token().is_some(), "`Io::new` returned, and the source is not registered.");
    (line, io)
}

/// A task that waits for one event.
fn waits(io: &Arc<Io<Line>>, way: Way) -> ProbeHandle {
    let future = way.waits(io);
    let (task, probe) = Probe::new(async move { future.await.unwrap() });
    spawn(task);
    probe
}

/// Whether it returns in its first poll. Nobody may be waiting for the same.
fn is_ready(io: &Arc<Io<Line>>, way: Way) -> bool {
    match poll_once(&mut way.waits(io), Waker::noop()) {
        Poll::Ready(Ok(())) => true,
        Poll::Ready(Err(error)) => panic!("`{}` returned an error, and its executor runs: {error}", way.name),
        Poll::Pending => false,
    }
}

fn check_ready(io: &Arc<Io<Line>>, way: Way, told: &str) {
    assert!(
        is_ready(io, way),
        "{told}, and `{}` does not return now. The event will not come again: it has to be remembered.",
        way.name
    );
}

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(60);

fn sleeps<T: Send + 'static>(blocked: &Blocked<T>) {
    let rest = blocked.rest(WINDOW);
    assert!(
        matches!(rest, Rest::Asleep),
        "Nothing happens: no event, no timer, no wake. {}",
        match rest {
            Rest::Naps { naps, within } => format!(
                "The executor's thread got up {naps} times within {} ms. Let it wait until something happens.",
                within.as_millis()
            ),
            Rest::Awake { .. } =>
                "The executor's thread keeps a core busy. Let it wait in `mio::Poll::poll`.".to_owned(),
            Rest::Polled { .. } => "The future was polled again.".to_owned(),
            Rest::InPoll => "The executor's thread waits inside of a poll.".to_owned(),
            Rest::Over | Rest::Asleep =>
                "`block_on` returned or panicked, and its future is not done.".to_owned(),
        }
    );
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
