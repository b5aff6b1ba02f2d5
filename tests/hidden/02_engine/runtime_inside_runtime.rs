//! Hidden tests of `runtime_inside_runtime`: what is seen from outside.

use std::collections::HashSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};
use std::time::Duration;

use testkit::{Gate, panic_of, pick, stage};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::{LocalSet, yield_now};
use tokio::time::{Instant, sleep};

/// So many polls without an event are no accident; an `invoice` that makes more of them is stopped.
const CIRCLES: usize = 500;

fn some_rate() -> u32 {
    u32::try_from(pick(1..=999_999)).expect("it was picked small enough")
}

/// What was seen of an invoice and of its rate.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// How often `invoice` was polled, and how often the rate.
    invoice_polls: usize,
    rate_polls: usize,
    rate_ready: bool,
    circling: bool,
    /// The threads that polled the rate.
    threads: HashSet<ThreadId>,
}

impl Seen {
    /// Watches how the rate is polled; one that is polled in circles is stopped.
    async fn rate(self, rate: impl Future<Output = u32> + Send) -> u32 {
        let mut rate = pin!(rate);
        poll_fn(|cx| {
            {
                let mut state = self.0.lock().unwrap();
                state.rate_polls += 1;
                state.threads.insert(thread::current().id());
                if state.rate_polls > CIRCLES {
                    state.circling = true;
                    return Poll::Ready(0);
                }
            }
            let poll = rate.as_mut().poll(cx);
            self.0.lock().unwrap().rate_ready |= poll.is_ready();
            poll
        })
        .await
    }

    /// Watches how `invoice` is polled; one that is polled in circles is stopped, and writes nothing.
    async fn invoice(self, invoice: impl Future<Output = String>) -> Option<String> {
        let mut invoice = pin!(invoice);
        poll_fn(|cx| {
            {
                let mut state = self.0.lock().unwrap();
                state.invoice_polls += 1;
                if state.invoice_polls > CIRCLES {
                    state.circling = true;
                    return Poll::Ready(None);
                }
            }
            invoice.as_mut().poll(cx).map(Some)
        })
        .await
    }
}

/// Runs `test` on one thread, with a clock that skips every wait; tells how many threads the runtime had to start beside
/// it. A panic of the learner's code becomes a failure that starts with what happened.
fn on_one_thread<T>(seen: &Seen, test: impl Future<Output = T>) -> (T, usize) {
    let started = Arc::new(AtomicUsize::new(0));
    let rt = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .on_thread_start({
            let started = started.clone();
            move || {
                started.fetch_add(1, Ordering::SeqCst);
            }
        })
        .build()
        .expect("a runtime can be built");
    let outcome = panic_of(|| rt.block_on(test));
    let (ready, polls) = {
        let state = seen.0.lock().unwrap();
        (state.rate_ready, state.rate_polls)
    };
    match outcome {
        Ok(value) => {
            // Whatever still blocks one of its threads.
            rt.shutdown_background();
            (value, started.load(Ordering::SeqCst))
        }
        Err(text) if text.contains("Cannot start a runtime from within a runtime") => panic!(
            "`invoice` called `block_on` on a thread that already drives a runtime.\n\
             Tokio refuses: a blocked thread drives nothing, not even the task that supplies the rate.\n\
             Tokio's panic: {text}"
        ),
        Err(text) if text.contains("can call blocking only") => panic!(
            "`block_in_place` hands the other tasks to another worker thread, and this runtime has no other thread.\n\
             Nothing has to block here: `invoice` is async.\nTokio's panic: {text}"
        ),
        Err(text) if !ready && !text.contains("okio") => panic!(
            "`invoice` had polled the rate {}, the rate was not there yet, and `invoice` gave up with a panic.\n\
             The line has to wait for the rate, however late it comes.\n   the panic: \"{text}\"",
            times(polls)
        ),
        Err(text) => panic!("`invoice` panicked: {text}"),
    }
}

/// Fails unless `invoice` waited on the one thread that there is, without asking in circles.
fn check_wait(seen: &Seen, threads_started: usize, home: ThreadId) {
    let state = seen.0.lock().unwrap();
    let foreign = state.threads.iter().filter(|thread| **thread != home).count();
    let threads = threads_started.max(foreign);
    assert!(
        threads == 0,
        "{threads} more thread{} to wait for the rate. This program has only one thread.\n\
         Hundreds of invoices wait at a time; a parked future takes no thread to wait.",
        if threads == 1 { " was started" } else { "s were started" }
    );
    assert!(
        !state.circling,
        "While the rate was on its way, `invoice` was polled {} and the rate {}, but nothing had happened in \
         between.\n\
         Return to the executor until there is something to do: that is what `.await` does.",
        times(state.invoice_polls),
        times(state.rate_polls)
    );
    assert!(
        state.invoice_polls <= FEW && state.rate_polls <= FEW,
        "One rate came, and `invoice` was polled {} for it, the rate {}.\n\
         A future is polled when its waker has been called. Checking in a loop whether the rate is there keeps the \
         only thread busy.",
        times(state.invoice_polls),
        times(state.rate_polls)
    );
}

/// A span as a person would say it.
fn human(span: Duration) -> String {
    const DAY: u64 = 24 * 60 * 60;
    match span.as_secs() {
        seconds if seconds / DAY == 1 => "1 day".to_owned(),
        seconds @ DAY.. => format!("{} days", seconds / DAY),
        _ => format!("{} ms", span.as_millis()),
    }
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// A rate that is waited for once takes two polls.
const FEW: usize = 4;

/// Fails unless the line is that of this customer and this rate.
fn check_line(seen: &Seen, line: Option<&str>, customer: &str, rate: u32) {
    let line = line.expect("an invoice that was stopped has been told");
    let (ready, polls) = {
        let state = seen.0.lock().unwrap();
        (state.rate_ready, state.rate_polls)
    };
    assert!(
        ready || polls > 0,
        "The rate of this invoice is {rate}, and nobody asked for it: its future was polled 0 times. `invoice` wrote {line:?}.\n\
         The line has to wait for the rate that `invoice` was given."
    );
    assert!(
        ready,
        "`invoice` was done before the rate was there: it wrote {line:?}.\n\
         The line has to wait for the rate, however late it comes."
    );
    let expected = format!("{customer} pays at {rate}");
    assert!(
        line == expected,
        "The rate is {rate}, but the invoice says something else.\n   expected: {expected:?}\n   found: {line:?}"
    );
}

/// The rate comes from a task that runs on the same thread as `invoice`.
#[test]
fn the_rate_comes_from_a_task_on_the_same_thread() {
    quick_wait();
}

/// Another task publishes the rate, after a few dozen turns: at first it has to be waited for.
fn quick_wait() {
    let (seen, rate) = (Seen::default(), some_rate());
    let watched = seen.clone();
    let (line, threads) = on_one_thread(&seen, async move {
        let (publish, published) = oneshot::channel();
        tokio::spawn(async move {
            for _ in 0..50 {
                yield_now().await;
            }
            stage("the other task has published the rate");
            let _ = publish.send(rate);
        });
        let wanted = watched.clone().rate(async move {
            stage("`invoice` is waiting for a rate that another task of this thread publishes");
            published.await.unwrap_or(0)
        });
        watched.invoice(exercise::invoice("Ada", wanted)).await
    });
    check_wait(&seen, threads, thread::current().id());
    check_line(&seen, line.as_deref(), "Ada", rate);
}

/// A rate that is already known is written down as well, whatever it is.
#[test]
fn a_known_rate_is_written_down() {
    let mut earlier = None;
    for (customer, rate) in [("Grace", some_rate()), ("", 0), ("Ada & sons", u32::MAX)] {
        let seen = Seen::default();
        let watched = seen.clone();
        let (line, _) = on_one_thread(&seen, async move {
            let wanted = watched.clone().rate(async move { rate });
            watched.invoice(exercise::invoice(customer, wanted)).await
        });
        let earlier = earlier.replace(rate);
        if let Some(earlier) =
            earlier.filter(|rate| line.as_ref() == Some(&format!("{customer} pays at {rate}")))
        {
            panic!(
                "Two invoices, one after the other: the rate of the first is {earlier}, that of the second {rate}, and both were \
                 written at {earlier}.\n\
                 Each invoice waits for the rate that it was given."
            );
        }
        check_line(&seen, line.as_deref(), customer, rate);
    }
}

/// The line is there when the rate is, after milliseconds or after months.
#[test]
fn the_line_waits_however_late_the_rate_is() {
    quick_wait();
    let day = 24 * 60 * 60 * 1000;
    // The longest first: however long somebody naps, so many naps are told as circles.
    for late in [pick(100..=300) * day, pick(1..=3), pick(600..=900)].map(Duration::from_millis) {
        stage("the rate comes later, by a clock that skips every wait");
        let (seen, rate) = (Seen::default(), some_rate());
        let watched = seen.clone();
        let (outcome, threads) = on_one_thread(&seen, async move {
            let start = Instant::now();
            let (publish, published) = oneshot::channel();
            tokio::spawn(async move {
                sleep(late).await;
                let _ = publish.send(rate);
            });
            let wanted = watched.clone().rate(async move { published.await.unwrap_or(0) });
            let line = watched.invoice(exercise::invoice("Ada", wanted)).await;
            (line, start.elapsed())
        });
        let (line, took) = outcome;
        check_wait(&seen, threads, thread::current().id());
        assert!(
            took >= late,
            "The rate comes after {}. `invoice` gave up after {}, and wrote {:?}.\n\
             The line has to wait for the rate, however late it comes.",
            human(late),
            human(took),
            line.unwrap_or_default()
        );
        check_line(&seen, line.as_deref(), "Ada", rate);
        assert!(
            took <= late + Duration::from_millis(2),
            "The rate came after {}, and the line only after {}.",
            human(late),
            human(took)
        );
    }
}

/// Hundreds of invoices wait at once, and each gets its own rate.
#[test]
fn hundreds_of_invoices_wait_at_once() {
    const INVOICES: u32 = 300;
    quick_wait();
    stage("300 invoices are waiting; their rates come one by one, the last one first");
    let first = some_rate();
    let (asked, late): (Arc<Mutex<HashSet<u32>>>, Arc<Mutex<Option<u32>>>) = Default::default();
    let asked_at_first = Arc::new(AtomicUsize::new(0));
    let (asking, at_first, latecomer) = (asked.clone(), asked_at_first.clone(), late.clone());
    let (lines, threads) = on_one_thread(&Seen::default(), async move {
        let lines: Arc<Mutex<Vec<(u32, String)>>> = Arc::default();
        let invoices = LocalSet::new();
        let gates: Vec<Gate> = (0..INVOICES).map(|_| Gate::new()).collect();
        for (n, gate) in (0..INVOICES).zip(&gates) {
            let (gate, lines, asking) = (gate.clone(), lines.clone(), asking.clone());
            invoices.spawn_local(async move {
                let customer = format!("customer {n}");
                let rate = async move {
                    asking.lock().unwrap().insert(n);
                    gate.wait().await;
                    first + n
                };
                let line = exercise::invoice(&customer, rate).await;
                lines.lock().unwrap().push((n, line));
            });
        }
        let written = lines.clone();
        tokio::spawn(async move {
            // On a clock that skips every wait, a millisecond is over when everybody else is parked.
            sleep(Duration::from_millis(1)).await;
            at_first.store(asking.lock().unwrap().len(), Ordering::SeqCst);
            for (n, gate) in (0..INVOICES).zip(&gates).rev() {
                gate.open();
                sleep(Duration::from_millis(1)).await;
                let is_there = written.lock().unwrap().iter().any(|(number, _)| *number == n);
                if !is_there {
                    latecomer.lock().unwrap().get_or_insert(n);
                }
            }
        });
        invoices.await;
        let lines = std::mem::take(&mut *lines.lock().unwrap());
        lines
    });
    assert!(
        threads == 0,
        "{INVOICES} invoices were waiting, and {threads} more threads were started for them.\n\
         A parked future takes no thread to wait."
    );
    let asked_at_first = asked_at_first.load(Ordering::SeqCst);
    assert!(
        asked_at_first == INVOICES as usize,
        "{INVOICES} invoices were waiting at a time, and {asked_at_first} of them had asked for their rate: the others waited \
         for those.\n\
         A parked future costs next to nothing. There is no reason to let only some of them wait."
    );
    let late = *late.lock().unwrap();
    if let Some(n) = late {
        panic!(
            "{INVOICES} invoices were waiting. The rate of invoice {n} was there, and all others were parked, but its \
             line had not been written.\n\
             The line is there as soon as its own rate is known."
        );
    }
    for (n, line) in &lines {
        let expected = format!("customer {n} pays at {}", first + n);
        assert!(
            *line == expected,
            "{INVOICES} invoices were waiting, each for its own rate, but one says something else.\n   \
             expected: {expected:?}\n   found: {line:?}"
        );
    }
    assert!(
        lines.len() == INVOICES as usize,
        "{INVOICES} invoices were waiting, and {} lines were written.",
        lines.len()
    );
}

/// Without the rate there is no line.
#[test]
fn no_rate_is_made_up() {
    let written = panic_of(|| {
        testkit::rt(async {
            // hermetic: the panic is what is tested
            let rate = async { panic!("the bank is on fire") };
            exercise::invoice("Ada", rate).await
        })
    });
    if let Ok(line) = written {
        panic!(
            "`rate` panicked, and `invoice` wrote {line:?}.\n\
             Nobody has published that rate. Without a rate there is no line."
        );
    }
}
