//! Hidden tests of `block_on_bridge`: what is seen from outside.

use std::collections::HashSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};
// hermetic: how long wrong answers are watched for what they do too often; right ones never do it
use std::time::{Duration, Instant};

use exercise::{Api, Client};
use testkit::{Effort, Script, Signal, Step, Wake, compete, panic_of, pick, stage};
use tokio::runtime::{Handle, Id, RuntimeFlavor};
use tokio::time::sleep;

/// What a call of the API is to do.
#[derive(Clone)]
enum Wait {
    /// Is ready at once.
    Nothing,
    /// Waits for a timer of 1 ms.
    Timer,
    /// Waits for this event; document 0 for a timer of 1 ms, document 2 for nothing.
    Event(Signal),
    /// Waits for so many days, or as long as one can wait in a test where the clock cannot be skipped.
    Days(u64),
    /// Panics.
    Panic,
}

/// An API that notes where each call was carried out.
#[derive(Clone)]
struct Archive {
    salt: u64,
    wait: Wait,
    calls: Arc<Mutex<Vec<Call>>>,
}

#[derive(Clone)]
struct Call {
    id: u32,
    runtime: Option<Id>,
    timer: Result<(), String>,
    socket: Result<(), String>,
    thread: ThreadId,
    polls: usize,
    done: bool,
}

/// A call that waits once needs two polls. One that is polled so often while it waits returns at once.
const CIRCLES: usize = 500;

impl Archive {
    fn new(wait: Wait) -> Self {
        Self { salt: pick(0..=9_999), wait, calls: Arc::default() }
    }

    /// One document is empty, one is large.
    fn text(&self, id: u32) -> String {
        match id {
            0 => String::new(),
            u32::MAX => format!("{:05}", self.salt).repeat(20_000),
            _ => format!("document {id}, revision {}", (self.salt + u64::from(id)) % 10_000),
        }
    }

    /// What has been asked for so far; does not return when the calls had no full runtime around them.
    fn calls(&self) -> Vec<Call> {
        let calls = self.calls.lock().unwrap().clone();
        for call in &calls {
            assert!(
                call.runtime.is_some(),
                "`api.get` needs Tokio's reactor; your loop has none.\n\
                 Polling a future is only half of a runtime: the other half wakes it when a timer or a socket is ready."
            );
            if let Err(text) = &call.timer {
                panic!(
                    "`api.get` needs a timer, and your runtime was built without one.\n\
                     A `Builder` starts with every driver off.\nTokio's panic: {text}"
                );
            }
            if let Err(text) = &call.socket {
                panic!(
                    "`api.get` needs a socket, and your runtime was built without its I/O driver.\n\
                     A `Builder` starts with every driver off.\nTokio's panic: {text}"
                );
            }
        }
        calls
    }

    /// The latest call so far.
    fn latest(&self) -> Option<Call> {
        self.calls.lock().unwrap().last().cloned()
    }
}

impl Api for Archive {
    async fn get(&self, id: u32) -> String {
        let runtime = Handle::try_current();
        let timer = match runtime {
            Ok(_) => panic_of(|| sleep(Duration::from_millis(1))).map(Some),
            Err(_) => Ok(None),
        };
        // A socket costs the system more than a timer does: the first calls tell.
        let is_early = self.calls.lock().unwrap().len() < 10;
        let socket = match runtime {
            Ok(_) if is_early => panic_of(tokio::net::UnixStream::pair).map(|_| ()),
            _ => Ok(()),
        };
        let number = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(Call {
                id,
                runtime: runtime.as_ref().ok().map(Handle::id),
                timer: timer.as_ref().map(|_| ()).map_err(Clone::clone),
                socket,
                thread: thread::current().id(),
                polls: 0,
                done: false,
            });
            calls.len() - 1
        };
        // Whoever does not take the answer would ask for ever.
        let asked_again = self.calls.lock().unwrap().iter().filter(|call| call.id == id).count() > 20;
        let mut waiting = pin!(async {
            let (Ok(Some(timer)), Ok(runtime)) = (timer, runtime) else { return };
            match &self.wait {
                Wait::Nothing => {}
                Wait::Timer => {
                    stage("`api.get` is waiting for a timer of 1 ms");
                    timer.await;
                }
                Wait::Event(_) if id == 0 => timer.await,
                Wait::Event(_) if id == 2 => {}
                Wait::Event(event) => {
                    Script::new("document", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]).await;
                }
                Wait::Days(days) => {
                    stage("`api.get` is waiting, for days if the clock can be skipped");
                    if runtime.runtime_flavor() == RuntimeFlavor::CurrentThread
                        && panic_of(tokio::time::pause).is_ok()
                    {
                        sleep(Duration::from_secs(days * 24 * 60 * 60)).await;
                        tokio::time::resume();
                    } else {
                        // hermetic: a right answer waits as long as it takes; one that gives up earlier is seen
                        sleep(Duration::from_millis(120)).await;
                    }
                }
                // hermetic: the panic is what is tested
                Wait::Panic => panic!("the archive is on fire"),
            }
        });
        poll_fn(|cx| {
            let polls = {
                let mut calls = self.calls.lock().unwrap();
                calls[number].polls += 1;
                calls[number].polls
            };
            if polls > CIRCLES || asked_again { Poll::Ready(()) } else { waiting.as_mut().poll(cx) }
        })
        .await;
        self.calls.lock().unwrap()[number].done = true;
        if asked_again { "the last one".to_owned() } else { self.text(id) }
    }
}

/// A client of this archive.
fn client(archive: &Archive) -> Client<Archive> {
    Client::new(archive.clone()).expect("a runtime can be built")
}

/// Loads `id`; a panic becomes a failure that starts with what happened.
fn load(client: &Client<Archive>, archive: &Archive, id: u32) -> String {
    panic_of(|| client.load(id)).unwrap_or_else(|text| tell(archive, id, &text))
}

/// Tells of a panic of `load`.
fn tell(archive: &Archive, id: u32, text: &str) -> ! {
    archive.calls();
    if text.contains("being shutdown") {
        panic!(
            "The runtime was gone when `load` was called: a `Handle` does not keep its runtime alive.\n\
             The client has to own the `Runtime`.\nTokio's panic: {text}"
        );
    }
    if text.contains("no reactor running") {
        panic!(
            "`load` looked for a runtime around its caller, but there is none (\"there is no reactor running\").\n\
             The caller is plain blocking code; the client has to bring the runtime.\n\
             Tokio's panic: {text}"
        );
    }
    if archive.latest().is_some_and(|call| !call.done) {
        panic!(
            "`load({id})` gave up while `api.get({id})` was still waiting: it panicked.\n\
             `load` blocks until the document is there, however long that takes.\nThe panic: {text}"
        );
    }
    panic!("`load({id})` panicked: {text}")
}

/// A text that may be long.
fn shown(text: &str) -> String {
    if text.len() > 60 { format!("{} bytes", text.len()) } else { format!("{text:?}") }
}

/// `load` blocks until the document is there, and returns its text.
#[test]
fn load_returns_the_text() {
    let archive = Archive::new(Wait::Timer);
    let client = client(&archive);
    assert!(archive.calls().is_empty(), "`Client::new` called the API. Nobody had asked for a document yet.");
    for id in [7, 1, 0, u32::MAX] {
        let text = load(&client, &archive, id);
        let calls = archive.calls();
        let times = calls.iter().filter(|call| call.id == id).count();
        assert!(
            times != 0,
            "`load({id})` returned {}, but `api.get({id})` never ran: calling `get` only makes a future.",
            shown(&text)
        );
        assert!(times == 1, "`load({id})` ran `api.get({id})` {times} times instead of once.");
        assert!(
            calls.iter().all(|call| call.done),
            "`load({id})` returned {} while `api.get({id})` was still waiting for a timer of 1 ms.\n\
             `load` blocks until the document is there.",
            shown(&text)
        );
        let expected = archive.text(id);
        assert!(
            text == expected,
            "`load({id})` did not return what `api.get({id})` returned.\n   expected: {}\n   found: {}",
            shown(&expected),
            shown(&text)
        );
    }
}

/// All calls of one client run on the same runtime, whichever thread they come from.
#[test]
fn all_calls_share_one_runtime() {
    let archive = Archive::new(Wait::Timer);
    let client = client(&archive);
    let runtime_of_latest = || archive.calls().last().and_then(|call| call.runtime);
    load(&client, &archive, 1);
    let first = runtime_of_latest();
    load(&client, &archive, 2);
    let second = runtime_of_latest();
    assert!(archive.calls().len() == 2, "Two calls of `load` ran `api.get` {} times.", archive.calls().len());
    assert!(
        first == second,
        "Two calls ran on two different runtimes.\n\
         Each one was built for a single call and thrown away, with every connection that the API kept on it."
    );
    for id in 3..6 {
        let loaded = thread::scope(|scope| scope.spawn(|| panic_of(|| client.load(id))).join());
        if let Ok(Err(text)) = loaded {
            archive.calls();
            panic!("`load({id})` panicked on a thread that had not called it before: {text}");
        }
        assert!(
            runtime_of_latest() == first,
            "A call from another thread ran on another runtime than the calls before it.\n\
             All calls of a client share one runtime, with the connections that the API keeps on it."
        );
    }
}

/// Calls from several threads at once share the runtime, and no call waits for the document of another.
#[test]
fn calls_at_the_same_time_share_the_runtime() {
    let event = Signal::new();
    let archive = Archive::new(Wait::Event(event.clone()));
    let client = client(&archive);
    load(&client, &archive, 0);
    let call = |id| archive.calls.lock().unwrap().iter().find(|call| call.id == id).cloned();
    let (early, outcomes) = thread::scope(|scope| {
        stage("`load(1)` has been called; `api.get(1)` waits for an event");
        let first = scope.spawn(|| panic_of(|| client.load(1)));
        // hermetic: waits for the first poll, which always comes, or for the end
        while call(1).is_none_or(|call| call.polls == 0) && !first.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        stage("`load(1)` waits; `load(2)`, on another thread, has all that it needs");
        let second = scope.spawn(|| panic_of(|| client.load(2)));
        let begun = || call(2).is_some() || second.is_finished();
        // hermetic: a call that waits for nobody begins at once; one that does not is given the time of a busy machine
        for patience in 0..100 {
            if begun() {
                break;
            }
            if patience < 50 {
                thread::sleep(Duration::from_millis(1));
            } else {
                compete(Duration::from_millis(2));
            }
        }
        let early = begun();
        event.fire();
        (early, [first.join(), second.join()])
    });
    for (id, outcome) in (1..).zip(outcomes) {
        if let Ok(Err(text)) = outcome {
            tell(&archive, id, &text);
        }
    }
    archive.calls();
    assert!(
        early,
        "`load(1)` was waiting for its document, and `load(2)`, called on another thread, had to wait with it: \
         `api.get(2)` ran only when document 1 was there.\n\
         No call waits for the document of another. `Runtime::block_on` takes `&self`, from any number of threads at \
         once: a runtime needs no lock around it."
    );
    let [first, second] = [1, 2].map(|id| call(id).and_then(|call| call.runtime));
    assert!(
        first == second,
        "Two calls at the same time, from two threads, ran on two different runtimes.\n\
         All calls of a client share one runtime, with the connections that the API keeps on it."
    );
}

/// Many calls may wait at the same time, each on its own thread.
#[test]
fn many_calls_wait_side_by_side() {
    let many = u32::try_from(pick(80..=120)).expect("it is small");
    let event = Signal::new();
    let archive = Archive::new(Wait::Event(event.clone()));
    let client = &client(&archive);
    load(client, &archive, 0);
    stage("many threads have called `load`; their documents wait for an event");
    let calls = || archive.calls.lock().unwrap().iter().filter(|call| call.id > 2 && call.polls > 0).count();
    let begun = thread::scope(|scope| {
        let loading: Vec<_> =
            (3..3 + many).map(|id| scope.spawn(move || panic_of(|| client.load(id)))).collect();
        let (mut begun, mut patience) = (calls(), 0);
        // hermetic: a call that waits for nobody begins at once; as long as others begin, and for the time of a busy machine,
        // it is waited for
        while begun < loading.len() && patience < 70 {
            if patience < 50 {
                thread::sleep(Duration::from_millis(1));
            } else {
                compete(Duration::from_millis(2));
            }
            patience = if calls() > begun { 0 } else { patience + 1 };
            begun = calls();
        }
        event.fire();
        for (id, loading) in (3..).zip(loading) {
            if let Ok(Err(text)) = loading.join() {
                tell(&archive, id, &text);
            }
        }
        begun
    });
    archive.calls();
    assert!(
        begun == many as usize,
        "{many} threads had called `load`, but only {begun} of the calls had begun: the others waited for the \
         documents of those.\n\
         No call waits for the document of another, however many there are."
    );
}

/// A thousand calls do not start a thread each.
#[test]
fn no_call_starts_a_thread() {
    const CALLS: usize = 1000;
    let archive = Archive::new(Wait::Nothing);
    let client = client(&archive);
    for id in 1..=2 {
        load(&client, &archive, id);
    }
    let one_runtime = archive.calls().windows(2).all(|pair| pair[0].runtime == pair[1].runtime);
    if !one_runtime {
        // The test before this one tells.
        return;
    }
    for id in 3..=CALLS as u32 {
        load(&client, &archive, id);
    }
    let calls = archive.calls();
    let threads: HashSet<ThreadId> = calls.iter().map(|call| call.thread).collect();
    assert!(
        threads.len() < CALLS,
        "{CALLS} calls ran on {} threads: each call started one.\n\
         `block_on` runs a future on the thread that calls it.",
        threads.len()
    );
}

/// While the document is on its way, the calling thread sleeps.
#[test]
fn the_thread_sleeps_until_the_document_is_there() {
    let event = Signal::new();
    let archive = Archive::new(Wait::Event(event.clone()));
    let client = client(&archive);
    // What does well once may do worse the second time.
    load(&client, &archive, 0);
    let polls = || archive.latest().filter(|call| call.id == 1).map_or(0, |call| call.polls);
    thread::scope(|scope| {
        stage("`load` has been called");
        let blocked = scope.spawn(|| panic_of(|| client.load(1)));
        // hermetic: waits for the first poll, which always comes, or for the end
        while polls() == 0 && !blocked.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        // What the runtime has to do at its start is over.
        compete(Duration::from_millis(5));

        stage("`api.get` is waiting for an event that has not come");
        let before = Effort::of_others();
        let naps =
            || before.and_then(|before| Effort::of_others().map(|now| now.since(before).naps)).unwrap_or(0);
        let start = Instant::now();
        // Whoever gets up to look is watched for longer: on a busy machine it cannot do so as often as it would.
        let is_watched =
            || start.elapsed() < WINDOW || (FEW..MANY).contains(&naps()) && start.elapsed() < 10 * WINDOW;
        while is_watched() && polls() < 2 && !blocked.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        let naps = naps();
        let burned = before.filter(|_| polls() < 2 && !blocked.is_finished()).and_then(|before| {
            compete(3 * BUSY);
            Effort::of_others().map(|now| now.since(before).cpu)
        });
        let (early, seen) = (blocked.is_finished(), polls());
        event.fire();
        if let Ok(Err(text)) = blocked.join() {
            tell(&archive, 1, &text);
        }
        archive.calls();
        assert!(
            seen < 2,
            "`load` polled the future of `api.get` {seen} times, but nothing had happened in between.\n\
             A runtime polls a future when its waker has been called; until then the thread sleeps."
        );
        assert!(
            !early,
            "`load` was over while `api.get` was still waiting for its document.\n\
             `load` blocks until the document is there, however long that takes."
        );
        let burned = burned.unwrap_or_default();
        assert!(
            burned < BUSY,
            "{} ms of CPU were burned while `api.get` waited and nothing happened.\n\
             The thread that calls `load` should sleep until the document is there.",
            burned.as_millis()
        );
        assert!(
            naps < MANY,
            "While `api.get` waited and nothing happened, a thread woke up {naps} times to check.\n\
             The thread that calls `load` should sleep until the document is there.",
        );
    });
}

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(100);

/// CPU time that no sleeping thread uses.
const BUSY: Duration = Duration::from_millis(5);

/// A runtime's threads may get up now and then for reasons of their own.
const FEW: u64 = 3;
const MANY: u64 = 8;

/// A document may take days.
#[test]
fn load_waits_however_long_it_takes() {
    let archive = Archive::new(Wait::Days(pick(100..=200)));
    let client = client(&archive);
    let text = load(&client, &archive, 5);
    if let Some(call) = archive.calls().last() {
        assert!(
            call.done,
            "`load(5)` gave up: it returned {text:?} while `api.get(5)` was still waiting for its document.\n\
             `load` blocks until the document is there, however long that takes."
        );
        assert!(
            call.polls <= CIRCLES,
            "`load(5)` polled the future of `api.get` more than {CIRCLES} times while it waited for one event.\n\
             A runtime polls a future when its waker has been called; until then the thread sleeps."
        );
    }
    let expected = archive.text(5);
    assert!(
        text == expected,
        "`load(5)` did not return what `api.get(5)` returned.\n   expected: {expected:?}\n   found: {text:?}"
    );
}

/// If `get` panics there is no document, and `load` does not make one up.
#[test]
fn no_document_is_made_up() {
    let archive = Archive::new(Wait::Panic);
    let client = client(&archive);
    let loaded = panic_of(|| client.load(9));
    archive.calls();
    if let Ok(text) = loaded {
        panic!(
            "`api.get(9)` panicked, and `load(9)` returned {}.\n\
             There is no such document. Let the panic through: `load` has no text to return.",
            shown(&text)
        );
    }
}
