//! Hidden tests of `pin_projection`: which futures a `Metered` takes, what it counts, what it costs, and what it hands on.

use std::cell::Cell;
use std::future::{Future, pending, poll_fn, ready};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::Metered;
use testkit::{
    CountingWaker, DropLog, Log, Script, Step, Wake, allocations, assert_send, check_eq, counted, handed_on,
    panic_of, pick, stage, timed, vt,
};
use tokio::time::sleep;

/// `polls` counts each poll of the future inside, and nothing else. Each poll of the `Metered` polls it once.
#[test]
fn each_poll_counts_once() {
    let pending = pick(3..=9) as usize;
    let steps = (0..pending).map(|_| Step::Pend(Wake::Never)).chain([Step::Ready(0)]);
    let script = Script::new("request", steps);
    let probe = script.probe();
    let counter = CountingWaker::new();
    let waker = counter.waker();
    let mut metered = pin!(Metered::new(script));
    let polls = metered.polls();
    check_eq!(polls, 0, "Nobody has polled the `Metered` yet, and `polls` says {polls}.");
    for number in 1..=pending + 1 {
        let polled = poll(metered.as_mut(), &waker);
        let inside = probe.polls();
        assert!(
            inside == number,
            "The `Metered` was polled {}, and it polled the future inside {}. Each poll of the one is one poll of the other.",
            counted(number, "time"),
            counted(inside, "time")
        );
        let polls = metered.polls();
        check_eq!(
            polls as usize,
            inside,
            "The future inside was polled {} and is {}, and `polls` says {polls}. Each poll counts, also the one in which it is \
             ready.",
            counted(inside, "time"),
            if polled.is_ready() { "ready" } else { "pending" }
        );
        let due = if number > pending { Poll::Ready(0) } else { Poll::Pending };
        check_eq!(polled, due, "The future inside returned one thing, and the `Metered` another.");
        assert!(
            counter.wakes() == 0,
            "The future inside woke nobody, and the task was woken {} in poll {number}: the `Metered` wakes it. Then the task is polled \
             again for nothing.",
            counted(counter.wakes(), "time")
        );
    }
    assert!(!probe.moved(), "The future inside was moved between two polls.");
}

/// The future inside gets the waker of each poll.
#[test]
fn the_waker_is_handed_down() {
    let script = Script::new("request", [Step::<()>::Pend(Wake::Never)]);
    let probe = script.probe();
    let mut metered = pin!(Metered::new(script));
    for number in 1..=3 {
        stage(format!("poll {number} of a `Metered`, of which the future inside is pending"));
        let waker = CountingWaker::new().waker();
        let _ = poll(metered.as_mut(), &waker);
        assert!(
            probe.polled_with(&waker),
            "In poll {number}, the `Metered` was given a waker, and polled the future inside with another one. So what happens in there \
             does not wake the task that waits for it now. Hand down the context that `poll` gets."
        );
    }
}

/// A `Metered` allocates nothing: not when it is made, and not when it is polled.
#[test]
fn it_allocates_nothing() {
    let (metered, made) = allocations(|| Metered::new(nap_without_memory(3)));
    let rule =
        "There are thousands of requests in a second: the future inside belongs in the `Metered` itself.";
    assert!(made.count == 0, "`Metered::new` allocated {}. {rule}", counted(made.count, "time"));
    let mut metered = pin!(metered);
    for number in 1..=4 {
        let (_, made) = allocations(|| poll(metered.as_mut(), Waker::noop()));
        assert!(
            made.count == 0,
            "Poll {number} of a `Metered` allocated {}, and the future inside allocates nothing. {rule}",
            counted(made.count, "time")
        );
    }
}

/// Each `Metered` counts for itself.
#[test]
fn each_counts_for_itself() {
    let (mut often, mut once) = (pin!(Metered::new(pending::<()>())), pin!(Metered::new(pending::<()>())));
    let many = pick(70_000..=80_000);
    for _ in 0..many {
        let _ = poll(often.as_mut(), Waker::noop());
    }
    let _ = poll(once.as_mut(), Waker::noop());
    let never = Metered::new(ready(7));
    let found = [often.polls(), once.polls(), never.polls()].map(u64::from);
    let [first, second, third] = found;
    check_eq!(
        found,
        [many, 1, 0],
        "Three futures were polled {many} times, once and never, and their `polls` say {first}, {second} and {third}. Each \
         `Metered` counts for itself."
    );
}

/// A `Metered` takes the future of an `async fn` as it is, and gives its output.
#[test]
fn it_takes_an_async_fn() {
    for naps in [pick(3..=9), 0, 1] {
        let row = format!("row {}", pick(100..=999));
        let (output, polls) = carry_out(|| query(naps, &row));
        check_eq!(output, row, "The future inside resolved to another output than the `Metered` around it.");
        check_eq!(
            u64::from(polls),
            naps + 1,
            "The future of an `async fn` waited {}, one after another, and `polls` says {polls}.",
            counted(naps as usize, "time")
        );
    }
}

/// Any future may be inside: one that borrows, one that stays on its thread, a box, a timer, a `Metered`.
#[test]
fn any_future_may_be_inside() {
    let name = format!("orders {}", pick(1..=999));
    let shared = Rc::new(Cell::new(0));
    let borrows = async {
        shared.set(shared.get() + 1);
        sleep(Duration::from_millis(5)).await;
        shared.set(shared.get() + 1);
        &*name
    };
    check_eq!(carry_out(|| borrows), (&*name, 2), "It borrows a text, and is polled twice.");
    check_eq!(shared.get(), 2, "It runs to its end.");
    check_eq!(carry_out(|| ready(())), ((), 1), "It is ready in its first poll.");
    check_eq!(
        carry_out(|| sleep(Duration::from_secs(pick(86_400..=9_999_999)))),
        ((), 2),
        "It is a long timer."
    );
    let boxed: Pin<Box<dyn Future<Output = Result<(), String>>>> = Box::pin(ready(Err(String::new())));
    check_eq!(carry_out(|| boxed), (Err(String::new()), 1), "It is a box, and resolves to an error.");
    let nested = Metered::new(Metered::new(query(3, "row")));
    check_eq!(carry_out(|| nested), ("row".to_owned(), 4), "It is a `Metered` around a `Metered`.");
}

/// A task may have it, if it may have the future inside.
#[test]
fn a_task_may_have_it() {
    let answer = format!("row {}", pick(100..=999));
    let expected = answer.clone();
    let metered = Metered::new(async move {
        sleep(Duration::from_millis(3)).await;
        answer
    });
    assert_send(&metered);
    let (output, _) = vt(async { tokio::spawn(metered).await });
    check_eq!(output.expect("it does not panic"), expected, "A task awaited a `Metered`.");
}

/// One task may poll a `Metered`, and another one go on with it.
#[test]
fn another_task_may_go_on() {
    let (output, _) = vt(handed_on("A `Metered`", 9, Metered::new(query(2, "row"))));
    check_eq!(output, "row", "Another task went on with a `Metered`.");
}

/// The future inside is dropped with the `Metered` around it, polled or not.
#[test]
fn it_drops_what_is_inside() {
    for polls in [0, 1, 3] {
        let log = Log::new();
        let inside = DropLog::new(&log, "request");
        {
            let mut metered = pin!(Metered::new(async move {
                let _inside = inside;
                pending::<()>().await;
            }));
            for _ in 0..polls {
                let _ = poll(metered.as_mut(), Waker::noop());
            }
            check_eq!(
                log.len(),
                0,
                "The `Metered` was polled {}, and has dropped the future inside.",
                counted(polls, "time")
            );
        }
        check_eq!(
            log.count("dropped request"),
            1,
            "A `Metered` was polled {} and dropped. How often was the future inside dropped?",
            counted(polls, "time")
        );
    }
}

/// One poll, with this waker.
fn poll<F: Future>(metered: Pin<&mut Metered<F>>, waker: &Waker) -> Poll<F::Output> {
    Future::poll(metered, &mut Context::from_waker(waker))
}

/// Awaits it to its end in virtual time: the output of the `Metered`, and the count.
#[track_caller]
fn carry_out<F: Future>(future: impl FnOnce() -> F) -> (F::Output, u32) {
    let outcome = panic_of(|| {
        vt(async {
            let mut metered = pin!(Metered::new(future()));
            let output = timed("A `Metered`", 60, metered.as_mut()).await?.output;
            Ok::<_, String>((output, metered.polls()))
        })
        .0
    });
    outcome.and_then(|outcome| outcome).unwrap_or_else(|text| panic!("{text}"))
}

/// Waits so many times, and then resolves to the row.
async fn query(naps: u64, row: &str) -> String {
    let naps: Vec<_> = (0..naps).map(|_| Duration::from_millis(pick(1..=900))).collect();
    for nap in &naps {
        sleep(*nap).await;
    }
    row.to_owned()
}

/// Is pending so many times, and allocates nothing.
async fn nap_without_memory(naps: usize) -> usize {
    let list = [1_usize; 40];
    let kept = &list[..naps];
    let mut left = naps;
    poll_fn(|_| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        Poll::Pending
    })
    .await;
    kept.len()
}
