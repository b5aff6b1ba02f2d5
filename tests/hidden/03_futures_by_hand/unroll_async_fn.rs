//! Hidden tests of `unroll_async_fn`: how many polls and wakes a `Total` needs, and which child is polled when.

use std::hash::{BuildHasher, RandomState};
use std::task::{Poll, Waker};

use exercise::Total;
use testkit::{CountingWaker, Script, Step, Timeline, Wake, check_eq, panic_of, poll_once, stage};

/// When neither child has to wait, one poll is enough, and nobody is woken.
#[test]
fn nothing_to_wait_for_needs_one_poll() {
    let (price, tax) = (pick(), pick());
    let waker = CountingWaker::new();
    let answer = poll(&mut total(child("price", 0, price), child("tax", 0, tax)), &waker.waker());
    let wakes = waker.wakes();
    match answer {
        Poll::Ready(found) => check_eq!(found, price + tax, "`Total` is not the sum of price and tax."),
        Poll::Pending if wakes == 0 => panic!(
            "Nothing was waiting, so nobody will wake you. Price and tax were there at the first poll, and `Total` said \
             `Pending` between the two."
        ),
        Poll::Pending => panic!(
            "{wakes} extra wake: work that can go on must go on in the same poll. Price and tax were there, and `Total` \
             said `Pending` between the two."
        ),
    }
    assert!(
        wakes == 0,
        "`Total` is done, and woke its task (wakes: {wakes}, wanted 0): there is nothing to poll for."
    );
}

/// Each `Pending` of a child is one `Pending` of `Total`, and the rest goes on in the same poll.
#[test]
fn only_the_waits_of_children_cost_a_poll() {
    for (price_waits, tax_waits) in [(1, 0), (0, 1), (2, 3)] {
        let (price, tax) = (pick(), pick());
        let mut total = total(child("price", price_waits, price), child("tax", tax_waits, tax));
        let waker = CountingWaker::new();
        let waits = price_waits + tax_waits;
        for n in 1..=waits {
            let answer = poll(&mut total, &waker.waker());
            assert!(
                answer.is_pending(),
                "`Total` said `Ready` in poll {n}, and its children had to wait {}. When a child says \
                 `Pending`, so does the `async fn`, and it does not ask again in the same poll.",
                times(waits)
            );
            let wakes = waker.wakes();
            assert!(
                wakes >= n,
                "Nothing was waiting, so nobody will wake you: `Total` said `Pending` in poll {n}, and no child had \
                 asked it to wait."
            );
            assert!(
                wakes == n,
                "{} extra wake: work that can go on must go on in the same poll. After poll {n} the task was woken \
                 {}, by its children only {}.",
                wakes - n,
                times(wakes),
                times(n)
            );
        }
        match poll(&mut total, &waker.waker()) {
            Poll::Ready(found) => check_eq!(found, price + tax, "`Total` is not the sum of price and tax."),
            Poll::Pending if waker.wakes() > waits => panic!(
                "{} extra wake: work that can go on must go on in the same poll. The children had to wait {}, and \
                 `Total` was not ready at poll {}.",
                waker.wakes() - waits,
                times(waits),
                waits + 1
            ),
            Poll::Pending => panic!(
                "Nothing was waiting, so nobody will wake you. The children had to wait {}, and `Total` said `Pending` \
                 in poll {}.",
                times(waits),
                waits + 1
            ),
        }
    }
}

/// The tax is not asked for before the price is there, and a child that is done is left alone.
#[test]
fn one_child_after_the_other() {
    let price = Script::new("price", [Step::Pend(Wake::Never), Step::Ready(pick())]);
    let tax = Script::new("tax", [Step::Pend(Wake::Never), Step::Ready(pick())]);
    let children = [("price", price.probe()), ("tax", tax.probe())];
    let mut total = total(price, tax);
    let waker = CountingWaker::new();

    let mut answer = poll(&mut total, &waker.waker());
    assert!(
        children[1].1.polls() == 0 || children[0].1.polls() > 1,
        "The tax was polled while the price was not there. That is a join; two `.await`s in a row are a sequence."
    );
    for (name, child) in &children {
        let polls = child.polls();
        assert!(
            polls > 0,
            "The price is there, and the tax was not asked for in the same poll. Nothing was waiting, so nobody will \
             wake you."
        );
        assert!(
            polls == 1 && answer.is_pending(),
            "The {name} said `Pending`, and you asked it again in the same poll. Nothing had changed: say `Pending` \
             too, and the {name} wakes the task."
        );
        let before = waker.wakes();
        if let Some(waker) = child.last_waker() {
            waker.wake();
        }
        assert!(
            waker.wakes() > before,
            "The {name} came, and the task of `Total` was not woken. The children need its waker: hand the context \
             down."
        );
        answer = poll(&mut total, &waker.waker());
    }
    assert!(answer.is_ready(), "Price and tax are there, and `Total` said `Pending`. Nobody will wake it.");
    let polls = children[0].1.polls();
    assert!(polls == 2, "The price was polled {polls} times. It was `Ready` at the second one.");
}

/// Has to wait some times, and is ready then.
fn child(name: &str, waits: usize, number: u32) -> Script<u32> {
    let waits = (0..waits).map(|_| Step::Pend(Wake::Itself));
    Script::new(name, waits.chain([Step::Ready(number)]))
}

fn pick() -> u32 {
    (RandomState::new().hash_one(()) % 1_000_000) as u32 + 1
}

fn total(price: Script<u32>, tax: Script<u32>) -> impl Future<Output = u32> + Unpin {
    let probes = [("price", price.probe()), ("tax", tax.probe())];
    let timeline = Timeline::new();
    let lane = timeline.lane("Total");
    let (price, tax) = (timeline.lane("price").watch(price), timeline.lane("tax").watch(tax));
    let total =
        panic_of(|| Total::new(price, tax)).unwrap_or_else(|text| panic!("`Total::new` panicked: {text}"));
    for (name, probe) in probes {
        assert!(
            probe.polls() == 0,
            "`Total::new` polled the {name}. A plan does nothing before it is polled."
        );
    }
    lane.watch(total)
}

fn poll(total: &mut (impl Future<Output = u32> + Unpin), waker: &Waker) -> Poll<u32> {
    stage("`Total` is being polled");
    match panic_of(|| poll_once(total, waker)) {
        Ok(answer) => answer,
        Err(text) if text.contains("was polled after it returned `Ready`") => {
            let text = text.replace("`Script`", "The future");
            panic!("{text} `Total` has to remember that it is past that `.await`, and what came out of it.")
        }
        Err(text) => panic!("`Total` panicked when it was polled: {text}"),
    }
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
