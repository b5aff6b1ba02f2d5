//! Hidden tests of `await_needs_async`: what `total` hands to its caller, and how it waits for the shop.

use std::future::poll_fn;
use std::time::Duration;

use exercise::total;
use testkit::{Impatience, Log, Patience, panic_of, pick, vt};

/// `total` is the shop's price plus the shop's tax, whatever they are.
#[test]
fn the_total_follows_the_prices() {
    let (price, tax) = (pick(100..=999), pick(10..=99));
    let [cheap, dear] = [1, 50].map(|times| {
        let stall = Stall::new(price * times, tax * times);
        (bill(&stall, "green tea").0, stall)
    });
    assert!(
        cheap.0 != dear.0,
        "Prices changed, your total did not. The shop has to be asked, and its answers awaited."
    );
    for (found, stall) in [cheap, dear] {
        stall.check_sum(found);
    }
}

/// Calling `total` makes a future and asks the shop for nothing.
#[test]
fn total_hands_out_a_plan() {
    let stall = Stall::new(pick(100..=999), pick(10..=99));
    // Inside an engine, as a caller of `total` would be. A panic of the call is told apart below.
    let (called, _) = vt(async { panic_of(|| Called(total(&stall, "green tea"), &stall).plan()) });
    let plan = match called {
        Ok(Ok(plan)) => plan,
        Ok(Err(problem)) => panic!("{problem}"),
        Err(text) => panicked(&text),
    };
    let asked = stall.asked.events();
    drop(plan);
    assert!(
        asked.is_empty(),
        "`total` asked for {asked:?} before anybody awaited it. The call must only build the future."
    );
}

/// `total` waits until both answers are there, after a millisecond or after days, and asks for each once.
#[test]
fn both_answers_are_waited_for() {
    let soon = || Duration::from_millis(pick(1..=3));
    let late = || Duration::from_secs(pick(2..=9) * 24 * 60 * 60);
    for takes in [[soon(), soon()], [soon(), late()], [late(), soon()], [late(), late()]] {
        let stall = Stall { takes, ..Stall::new(pick(100..=999), pick(10..=99)) };
        let (found, took) = bill(&stall, "oolong");
        stall.check_sum(found);
        // Tokio's clock counts whole milliseconds and may round up.
        let most = takes[0] + takes[1] + Duration::from_millis(4);
        assert!(
            took <= most,
            "`total` took {}, and the shop's answers take {} and {}. `.await` goes on as soon as an answer is there.",
            spelled(took),
            spelled(takes[0]),
            spelled(takes[1])
        );
    }
}

/// Free, tax-free and very expensive items have a total, too, whichever answer comes first. The shop is asked about the
/// right item.
#[test]
fn every_amount_counts() {
    let (some, tax, max) = (pick(100..=999), pick(10..=99), u64::from(u32::MAX));
    for (price, tax) in [(0, tax), (some, 0), (0, 0), (some, some), (max - tax, tax), (0, max)] {
        for takes in [[1, 2], [2, 1]].map(|takes| takes.map(Duration::from_millis)) {
            let stall = Stall { takes, ..Stall::new(price, tax) };
            let item = ["", "green tea", "pu'er 茶"][usize::try_from(price % 3).expect("it is small")];
            let (found, _) = bill(&stall, item);
            stall.check_sum(found);
            for asked_about in stall.items.events() {
                assert!(
                    asked_about == item,
                    "`total` was called for {item:?}, and it asked the shop about {asked_about:?}."
                );
            }
        }
    }
}

/// The shop may know an answer at once: then its future is ready at the first poll.
#[test]
fn an_answer_that_is_there_at_once_is_taken() {
    for takes in [[0, 0], [0, 5], [5, 0]].map(|takes| takes.map(Duration::from_millis)) {
        let stall = Stall { takes, ..Stall::new(pick(100..=999), pick(10..=99)) };
        stall.check_sum(bill(&stall, "oolong").0);
    }
}

/// `total` may move to another task: the answer wakes the task that polled it last.
#[test]
fn total_goes_on_in_another_task() {
    let stall = Stall { takes: [Duration::from_secs(5); 2], ..Stall::new(pick(100..=999), pick(10..=99)) };
    let waited = panic_of(|| {
        vt(async {
            let plan = Called(total(&stall, "sencha"), &stall).plan()?;
            Ok(stall.patience.pass_on(POLLS, plan).await)
        })
        .0
    });
    if let Ok(Ok(Err(Impatience::Stuck))) = waited {
        panic!(
            "`total` was polled by one task after another. Its answer came, and the newest task, which waits for it, \
             was not woken. `.await` wakes the task that polled last."
        );
    }
    stall.check_sum(stall.explain(waited));
}

/// Two answers need five polls, when they come one after the other.
const POLLS: usize = 16;

/// A shop that is far away.
struct Stall {
    price: u64,
    tax: u64,
    /// How long the answers for the price and for the tax are under way. With no time at all, a plan is ready at its first
    /// poll.
    takes: [Duration; 2],
    called: Log,
    asked: Log,
    answered: Log,
    /// Plans that were polled after their end.
    used_up: Log,
    items: Log,
    patience: Patience,
}

impl Stall {
    fn new(price: u64, tax: u64) -> Self {
        Self {
            price,
            tax,
            takes: [1, 2].map(Duration::from_millis),
            called: Log::new(),
            asked: Log::new(),
            answered: Log::new(),
            used_up: Log::new(),
            items: Log::new(),
            patience: Patience::new(),
        }
    }

    fn answer(
        &self,
        what: &'static str,
        item: &str,
        cents: u64,
        takes: Duration,
    ) -> impl Future<Output = u32> {
        self.called.push(what);
        let item = item.to_owned();
        let mut over = false;
        let mut request = Box::pin(async move {
            self.asked.push(what);
            self.items.push(item);
            if !takes.is_zero() {
                self.patience.answer(takes).await;
            }
            self.answered.push(what);
            u32::try_from(cents).expect("it was picked small enough")
        });
        poll_fn(move |context| {
            if over {
                self.used_up.push(format!("{what}, which is {cents},"));
            }
            let poll = request.as_mut().poll(context);
            over = poll.is_ready();
            poll
        })
    }

    fn check_sum(&self, found: u32) {
        let (price, tax) = (self.price, self.tax);
        assert!(
            u64::from(found) == price + tax,
            "`total` came to {found}, for a price of {price} and a tax of {tax}. It has to be price plus tax: {}.",
            price + tax
        );
    }

    /// The total, or what went wrong on the way to it.
    fn explain(&self, run: Result<Result<Result<u32, Impatience>, String>, String>) -> u32 {
        let waited = match run {
            Ok(Ok(waited)) => waited,
            Ok(Err(problem)) => panic!("{problem}"),
            Err(_) if !self.used_up.is_empty() => panic!(
                "The future for the {} was polled again after it was ready. It gives out its output once, with the \
                 poll that is `Ready`: keep it, and poll only what is not done.",
                self.used_up.events()[0]
            ),
            Err(text) => panicked(&text),
        };
        assert!(
            waited != Err(Impatience::Kept),
            "The shop was not ready, and `total` kept the thread until it was. Nothing else on that thread could run. \
             `.await` gives the thread back while it waits."
        );
        let questions = ["price", "tax"]
            .map(|what| (what, self.called.count(what), self.asked.count(what), self.answered.count(what)));
        for (what, _, asked, answered) in questions {
            let why = if answered < asked {
                "Asking again drops the answer that is on its way."
            } else {
                "Each future that you await is a separate question."
            };
            assert!(asked <= 1, "`total` asked for the {what} {asked} times, and has to ask once. {why}");
        }
        let (answers, polls) = (self.answered.len(), self.patience.polls());
        let found = waited.unwrap_or_else(|impatience| match impatience {
            Impatience::Restless => panic!(
                "`total` was polled {polls} times while it waited for 2 answers: it kept checking whether they were \
                 there. An answer wakes it when it comes; until then, `total` has nothing to do."
            ),
            _ => panic!(
                "`total` never finished. {answers} of the shop's 2 answers came, and nothing wakes `total` any more."
            ),
        });
        for (what, called, asked, _) in questions {
            assert!(
                called > 0,
                "The price is {}, the tax is {}: `total` came to {found}, and never asked the shop for the {what}.",
                self.price,
                self.tax
            );
            assert!(
                asked > 0,
                "`total` called `{what}`, and the shop was never asked for the {what}: the call only builds a future, \
                 and nobody awaited it."
            );
        }
        assert!(
            answers == 2,
            "`total` came to {found} when {answers} of the shop's 2 answers had come. An answer that is not there yet \
             has to be awaited, for as long as it takes."
        );
        found
    }
}

impl exercise::Shop for Stall {
    fn price(&self, item: &str) -> impl Future<Output = u32> {
        self.answer("price", item, self.price, self.takes[0])
    }

    fn tax(&self, item: &str) -> impl Future<Output = u32> {
        self.answer("tax", item, self.tax, self.takes[1])
    }
}

/// The total for an item, and how long it took.
fn bill(stall: &Stall, item: &str) -> (u32, Duration) {
    let mut took = Duration::ZERO;
    let run = panic_of(|| {
        let (waited, time) = vt(async {
            let plan = Called(total(stall, item), stall).plan()?;
            Ok(stall.patience.watch(POLLS, plan).await)
        });
        took = time;
        waited
    });
    (stall.explain(run), took)
}

fn panicked(text: &str) -> ! {
    assert!(
        !text.contains("can call blocking only"),
        "`block_in_place` blocks the thread until the shop answers, and all futures share that one thread here. \
         `.await` waits for an answer and gives the thread back; it needs a future around it. ({text})"
    );
    panic!("`total` panicked before it was done: {text}")
}

fn spelled(time: Duration) -> String {
    match time.as_secs() / (24 * 60 * 60) {
        0 => format!("{} ms", time.as_millis()),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// What a call of `total` gave. A plan is taken as it is; anything else gets a message instead of a compile error.
#[allow(dead_code, reason = "only answers without a plan need it")]
struct Called<'a, T>(T, &'a Stall);

impl<F: Future<Output = u32>> Called<'_, F> {
    #[expect(clippy::unnecessary_wraps, reason = "has the shape of `NoPlan::plan`, which it stands before")]
    fn plan(self) -> Result<F, String> {
        Ok(self.0)
    }
}

#[allow(dead_code, reason = "only answers without a plan need it")]
trait NoPlan: Sized {
    fn plan(self) -> Result<std::future::Ready<u32>, String>;
}

impl<T> NoPlan for Called<'_, T> {
    fn plan(self) -> Result<std::future::Ready<u32>, String> {
        let why = if self.1.answered.is_empty() {
            "the shop is far away, and only a future can wait for it."
        } else {
            "it came back after the shop had answered, so your own executor ran the shop's futures, and blocked the \
             thread meanwhile."
        };
        Err(format!("`total` must hand its caller a future: {why}"))
    }
}
