//! Hidden tests of `unroll_async_fn`: how many polls and wakes a `Total` needs, and which child is polled when.

use std::cell::Cell;
use std::pin::Pin;
use std::sync::Once;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::Total;
use testkit::{
    CountingWaker, Script, ScriptProbe, Signal, Step, Timeline, Wake, panic_of, pick, poll_once, rt, settle,
    stage, vt,
};
use tokio::time::sleep;

/// When neither child has to wait, one poll is enough, and nothing is woken.
#[test]
fn nothing_to_wait_for_needs_one_poll() {
    rt(async {
        let (price, tax) = (number(), number());
        let waker = CountingWaker::new();
        let mut total = drawn(child("price", 0, price), child("tax", 0, tax)).await;
        let answer = poll(&mut total, &waker.waker());
        let wakes = waker.wakes();
        match answer {
            Poll::Ready(found) => check_sum(found, price, tax),
            Poll::Pending if wakes == 0 => panic!(
                "Nothing was waiting, so nobody will wake you. Price and tax were there at the first poll, and `Total` \
                 returned `Pending`."
            ),
            Poll::Pending => panic!(
                "{wakes} extra wake: work that can go on must go on in the same poll. Price and tax were there at the \
                 first poll, and `Total` returned `Pending`."
            ),
        }
        check_no_wake_at_the_end(&waker, 0);
    });
}

/// The tax is not polled before the price is there, and a child that is done is left alone.
#[test]
fn one_child_after_the_other() {
    vt(async {
        let numbers = [number(), number()];
        let events = [Signal::new(), Signal::new()];
        let [price, tax] = [("price", 0), ("tax", 1)].map(|(name, n)| {
            Script::new(name, [Step::Pend(Wake::Later(events[n].clone())), Step::Ready(numbers[n])])
        });
        let children = [("price", price.probe()), ("tax", tax.probe())];
        let mut total = drawn(price, tax).await;
        let mut waker = CountingWaker::new();

        let mut answer = poll(&mut total, &waker.waker());
        for (n, (name, child)) in children.iter().enumerate() {
            if n == 0 {
                assert!(
                    child.polls() > 0,
                    "The price was not polled in the first poll of `Total`. The function awaits it first."
                );
                assert!(
                    children[1].1.polls() == 0,
                    "The tax was polled while the price was not there. That is a join; two `.await`s in a row are a \
                     sequence."
                );
            } else {
                assert!(
                    child.polls() > 0,
                    "The price is there, but the tax was not polled in the same poll: `Total` returned `Pending`, {}.",
                    who_wakes(waker.wakes())
                );
            }
            check_waits(&answer, name, 2 * n + 1, &waker);
            // A poll for nothing, by another task.
            let before = waker;
            waker = CountingWaker::new();
            answer = poll(&mut total, &waker.waker());
            check_waits(&answer, name, 2 * n + 2, &waker);
            assert!(
                n == 1 || children[1].1.polls() == 0,
                "The tax was polled while the price was not there. That is a join; two `.await`s in a row are \
                 a sequence."
            );
            // It may take days.
            sleep(Duration::from_secs(86_400 * pick(1..=9))).await;
            let woken = before.wakes() + waker.wakes();
            assert!(
                woken == 0,
                "Days passed in which the {name} was not there, and the task was woken (wakes: {woken}, wanted \
                 0). The {name} has the waker, and calls it."
            );
            let woken_before = before.wakes();
            events[n].fire();
            let [wrong, right] = [before.wakes() - woken_before, waker.wakes()];
            assert!(
                right > 0 || wrong == 0,
                "Two tasks polled `Total`, one after the other. The {name} came and woke the first task, not the one \
                 that polled last. Each poll brings a waker: pass on the waker of the current poll, each time."
            );
            assert!(
                right > 0,
                "The {name} came, but the task of `Total` was not woken. The children need its waker: pass the context \
                 on, in each poll."
            );
            waker = CountingWaker::new();
            answer = poll(&mut total, &waker.waker());
        }
        match answer {
            Poll::Ready(found) => check_sum(found, numbers[0], numbers[1]),
            Poll::Pending => {
                panic!(
                    "Price and tax are there, and `Total` returned `Pending`, {}.",
                    who_wakes(waker.wakes())
                )
            }
        }
        check_no_wake_at_the_end(&waker, 0);
    });
}

/// Each `Pending` of a child is one `Pending` of `Total`, and the rest goes on in the same poll.
#[test]
fn only_the_waits_of_children_cost_a_poll() {
    rt(async {
        for (price_waits, tax_waits) in [(1, 0), (0, 1), (2, 3), (300, 0), (0, 300), (150, 150)] {
            let (price, tax) = (number(), number());
            let (a, b) = (child("price", price_waits, price), child("tax", tax_waits, tax));
            let (price_probe, tax_probe) = (a.probe(), b.probe());
            let waits = price_waits + tax_waits;
            let mut total: Pin<Box<dyn Future<Output = u32>>> =
                if waits > 10 { Box::pin(made(a, b).await) } else { Box::pin(drawn(a, b).await) };
            let waker = CountingWaker::new();
            for n in 1..=waits {
                if let Poll::Ready(found) = poll(&mut total, &waker.waker()) {
                    panic!(
                        "`Total` returned `Ready` with {found} in poll {n}, and its children had to wait {}. When a \
                         child returns `Pending`, so does the `async fn`, and it does not poll again in the same poll.",
                        times(waits)
                    );
                }
                // Each child wakes its task itself when it has to wait.
                let waited = price_probe.polls().min(price_waits) + tax_probe.polls().min(tax_waits);
                let wakes = waker.wakes();
                assert!(
                    waited >= n,
                    "`Total` returned `Pending` in poll {n}, and no child had to wait in that poll. Nothing was \
                     waiting, {}.",
                    if wakes > waited {
                        "so there is nothing to be woken for: go on in the same poll"
                    } else {
                        "so nobody will wake you"
                    }
                );
                assert!(
                    waited == n,
                    "By poll {n} of `Total`, its children had returned `Pending` {}. Two `.await`s in a row are a \
                     sequence: one child is polled at a time, and once in each poll.",
                    times(waited)
                );
                assert!(
                    wakes >= waited,
                    "A child returned `Pending` in poll {n} and called the waker that it was given, but the task of \
                     `Total` was not woken. The children need its waker: pass the context on, in each poll."
                );
                assert!(
                    wakes == waited,
                    "A child had to wait in poll {n} and took care of its wake, but `Total` asked to be polled again, \
                     too (wakes so far: {wakes}, wanted {waited}). When you wait for a child, the child takes care of \
                     the wake."
                );
            }
            let before = waker.wakes();
            match poll(&mut total, &waker.waker()) {
                Poll::Ready(found) => check_sum(found, price, tax),
                Poll::Pending if waker.wakes() > before => panic!(
                    "{} extra wake: work that can go on must go on in the same poll. The children had to wait \
                     {}, and `Total` was not ready at poll {}.",
                    waker.wakes() - before,
                    times(waits),
                    waits + 1
                ),
                Poll::Pending => panic!(
                    "Nothing was waiting, so nobody will wake you. The children had to wait {}, and `Total` returned \
                     `Pending` in poll {}.",
                    times(waits),
                    waits + 1
                ),
            }
            check_no_wake_at_the_end(&waker, before);
        }
    });
}

/// Any number may be the price or the tax, even 0.
#[test]
fn any_number_is_a_number() {
    rt(async {
        for (price, tax) in
            [(0, number()), (number(), 0), (0, 0), (u32::MAX, 0), (0, u32::MAX), (1, u32::MAX - 1), (7, 7)]
        {
            for waits in [(0, 0), (1, 1), (0, 1), (1, 0)] {
                // The same with numbers that nobody could take for something else: what goes wrong there as well is not
                // about the numbers.
                let usual = outcome_of(number(), number(), waits).await.is_ok();
                let told = outcome_of(price, tax, waits).await.err().filter(|_| usual);
                assert!(
                    told.is_none(),
                    "The price is {price}, the tax is {tax}, and {} With other numbers it works: every `u32` may come \
                     out of a child, so none of them can mean \"not there yet\".",
                    told.unwrap_or_default()
                );
            }
        }
    });
}

/// A sum that is too large for a `u32` is not replaced by another number.
#[test]
fn no_total_is_made_up() {
    rt(async {
        for (price, tax) in [(u32::MAX, number()), (number(), u32::MAX)] {
            let mut total = made(child("price", 0, price), child("tax", 0, tax)).await;
            // With overflow checks, `+` panics here; without them, it wraps around. Both is fine.
            let answer = panic_of(|| poll_once(&mut total, Waker::noop()));
            if let Ok(Poll::Ready(found)) = answer {
                assert!(
                    found == price.wrapping_add(tax),
                    "The price is {price}, the tax is {tax}, and `Total` was ready with {found}. The sum is too \
                     large for a `u32`: `price + tax` panics, or wraps around to {} where overflow is not \
                     checked, and `Total` has to do the same.",
                    price.wrapping_add(tax)
                );
            }
        }
    });
}

/// Two of them side by side share nothing.
#[test]
fn two_of_them_keep_apart() {
    rt(async {
        let numbers = [(number(), number()), (number() + 1_000_000, number() + 1_000_000)];
        let mut totals = Vec::new();
        for (price, tax) in numbers {
            totals.push(made(child("price", 0, price), child("tax", 1, tax)).await);
        }
        for total in &mut totals {
            if let Poll::Ready(found) = poll(total, Waker::noop()) {
                panic!(
                    "Two `Total`s were under way, and one was ready with {found} before its tax was there."
                );
            }
        }
        for (total, (price, tax)) in totals.iter_mut().zip(numbers).rev() {
            match poll(total, Waker::noop()) {
                Poll::Ready(found) => assert!(
                    found == price + tax,
                    "Two `Total`s were under way. One had the price {price} and the tax {tax}, and was ready \
                     with {found}. Each has its own state: keep it in the struct."
                ),
                Poll::Pending => panic!(
                    "Two `Total`s were under way. One has its price and its tax, and returned `Pending`. Each has its \
                     own state: keep it in the struct."
                ),
            }
        }
    });
}

/// When `Total` is dropped half-way, its children are dropped, too.
#[test]
fn dropped_half_way_it_takes_its_children_along() {
    rt(async {
        for polls in [0, 1, 2] {
            let (price, tax) = (child("price", 1, number()), child("tax", 2, number()));
            let children = [("price", price.probe()), ("tax", tax.probe())];
            let mut total = made(price, tax).await;
            let task = CountingWaker::new();
            for _ in 0..polls {
                let _ = poll(&mut total, &task.waker());
            }
            drop(total);
            settle().await;
            for (name, child) in children {
                assert!(
                    child.dropped(),
                    "`Total` was dropped after {polls} polls, but the future of the {name} is still there. Dropping a \
                     future drops what it holds."
                );
            }
            let kept = task.live_clones();
            assert!(
                kept == 0,
                "`Total` was dropped, and something besides its children keeps a waker of the task ({kept}, wanted 0). \
                 The children wake the task; you need no thread or timer for that."
            );
        }
    });
}

/// A child has to wait: so does `Total`, and it leaves the waking to the child.
fn check_waits(answer: &Poll<u32>, name: &str, n: usize, waker: &CountingWaker) {
    if let Poll::Ready(found) = answer {
        panic!("`Total` returned `Ready` with {found} in poll {n}, and the {name} was not there.");
    }
    let wakes = waker.wakes();
    assert!(
        wakes == 0,
        "The {name} is not there, and `Total` asked to be polled again in poll {n}: this is a busy loop \
         (wakes: {wakes}, wanted 0). The {name} has the waker, and calls it."
    );
}

fn check_no_wake_at_the_end(waker: &CountingWaker, before: usize) {
    let wakes = waker.wakes() - before;
    assert!(
        wakes == 0,
        "`Total` is done, and woke its task (wakes: {wakes}, wanted 0): there is nothing to poll for."
    );
}

fn check_sum(found: u32, price: u32, tax: u32) {
    assert!(
        found == price + tax,
        "`Total` is not the sum of price and tax. The price is {price}, the tax is {tax}, and it was ready \
         with {found}."
    );
}

fn who_wakes(wakes: usize) -> &'static str {
    if wakes == 0 {
        "and nobody will wake it"
    } else {
        "and asked to be polled again: go on in the same poll"
    }
}

/// What goes wrong with these numbers, told as the rest of a sentence.
async fn outcome_of(price: u32, tax: u32, (price_waits, tax_waits): (usize, usize)) -> Result<(), String> {
    let (a, b) = (child("price", price_waits, price), child("tax", tax_waits, tax));
    let children = [("price", a.probe()), ("tax", b.probe())];
    let mut total = made(a, b).await;
    let polls = price_waits + tax_waits + 1;
    for n in 1..=polls {
        ASKED.set(0);
        match panic_of(|| poll_once(&mut total, Waker::noop())) {
            Ok(Poll::Ready(found)) if n < polls => {
                return Err(format!("`Total` was ready with {found} too early."));
            }
            Ok(Poll::Ready(found)) if found != price + tax => {
                return Err(format!("`Total` was ready with {found}."));
            }
            Ok(Poll::Pending) if n == polls => {
                return Err("`Total` returned `Pending` when both were there.".to_owned());
            }
            Ok(_) => {}
            Err(text) => {
                let again = children.iter().find(|(_, child)| child.polled_after_ready());
                return Err(match again {
                    Some((name, _)) => format!("the {name} was polled again after it was `Ready`."),
                    None => format!("`Total` panicked ({text})."),
                });
            }
        }
    }
    Ok(())
}

/// Has to wait some times, and is ready then.
fn child(name: &str, waits: usize, number: u32) -> Script<u32> {
    let waits = (0..waits).map(|_| Step::Pend(Wake::Itself));
    Script::new(name, waits.chain([Step::Ready(number)]))
}

fn number() -> u32 {
    pick(1..=1_000_000) as u32
}

thread_local! {
    /// How often children were polled since the current poll of `Total` began.
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

const ASK_LIMIT: u32 = 1_000;
const ASKED_TOO_OFTEN: &str = "children were polled in a circle";

/// Puts an end to a poll that asks its children in a circle.
struct Child(Script<u32>);

impl Future for Child {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        ASKED.set(ASKED.get() + 1);
        assert!(ASKED.get() <= ASK_LIMIT, "{ASKED_TOO_OFTEN}");
        Pin::new(&mut self.0).poll(cx)
    }
}

/// With a drawing for the learner.
async fn drawn(price: Script<u32>, tax: Script<u32>) -> impl Future<Output = u32> + Unpin {
    let probes = [price.probe(), tax.probe()];
    let timeline = Timeline::new();
    let lane = timeline.lane("Total");
    let (price, tax) = (timeline.lane("price").watch(Child(price)), timeline.lane("tax").watch(Child(tax)));
    lane.watch(unpolled(|| Total::new(price, tax), probes).await)
}

async fn made(price: Script<u32>, tax: Script<u32>) -> impl Future<Output = u32> + Unpin {
    let probes = [price.probe(), tax.probe()];
    unpolled(|| Total::new(Child(price), Child(tax)), probes).await
}

async fn unpolled<F>(new: impl FnOnce() -> F, probes: [ScriptProbe; 2]) -> F {
    let total = panic_of(new).unwrap_or_else(|text| panic!("`Total::new` panicked: {text}"));
    let polls = |probe: &ScriptProbe| probe.polls();
    let [price_at_once, tax_at_once] = probes.each_ref().map(polls);
    settle().await;
    let [price, tax] = probes.each_ref().map(polls);
    for (name, at_once, polls) in [("price", price_at_once, price), ("tax", tax_at_once, tax)] {
        assert!(at_once == 0, "`Total::new` polled the {name}. A future does nothing before it is polled.");
        assert!(
            polls == 0,
            "The {name} was polled before anybody polled `Total`: `Total::new` spawned it as a task. `Total` polls its \
             children itself, in the task that polls it."
        );
    }
    total
}

static STAGE: Once = Once::new();

fn poll(total: &mut (impl Future<Output = u32> + Unpin + ?Sized), waker: &Waker) -> Poll<u32> {
    // Once: a grader that is slow to read would hold up thousands of them.
    STAGE.call_once(|| stage("`Total` is being polled"));
    ASKED.set(0);
    match panic_of(|| poll_once(total, waker)) {
        Ok(answer) => answer,
        Err(text) if text == ASKED_TOO_OFTEN => panic!(
            "A child returned `Pending`, and `Total` polled it again in the same poll, {} times and more. Nothing had \
             changed: return `Pending`, too, and the child wakes the task.",
            ASK_LIMIT / 2
        ),
        Err(text) if text.contains("was polled after it returned `Ready`") => {
            let text = text.replace("`Script`", "The future");
            panic!("{text} `Total` has to remember that it is past that `.await`, and what it returned.")
        }
        Err(text) => panic!("`Total` panicked: {text}"),
    }
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
