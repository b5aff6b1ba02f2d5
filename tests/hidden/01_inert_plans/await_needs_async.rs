//! Hidden tests of `await_needs_async`: what `total` hands to its caller, and how it waits for the shop.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use exercise::total;
use testkit::{Log, Probe, ProbeHandle, check_eq, panic_of, pick, vt};

/// `total` is the shop's price plus the shop's tax, whatever they are.
#[test]
fn the_total_follows_the_prices() {
    let (price, tax) = (pick(100..=999), pick(10..=99));
    let cheap = run(&Stall::new(price, tax));
    let dear = run(&Stall::new(price * 50, tax * 50));
    assert!(
        cheap != dear,
        "Prices changed, your total did not. The shop has to be asked, and its answers awaited."
    );
    check_eq!(u64::from(cheap), price + tax, "`total` has to be price plus tax.");
    check_eq!(u64::from(dear), (price + tax) * 50, "`total` has to be price plus tax.");
}

/// Calling `total` builds a plan and asks nobody anything.
#[test]
fn total_hands_out_a_plan() {
    let stall = Stall::new(pick(100..=999), pick(10..=99));
    let asked = stall.asked.clone();
    // Inside an engine, as a caller of `total` would be. A panic of the call is told apart below.
    let (called, _) = vt(async { panic_of(|| Called(total(&stall, "green tea"), asked.clone()).plan()) });
    let plan = match called {
        Ok(Ok(plan)) => plan,
        Ok(Err(problem)) => panic!("{problem}"),
        Err(text) if is_second_engine(&text) => panic!("{SECOND_ENGINE}"),
        Err(text) => panic!("`total` panicked when it was called, before anybody awaited its plan: {text}"),
    };
    let asked = asked.events();
    drop(plan);
    assert!(
        asked.is_empty(),
        "`total` asked for {asked:?} before anybody awaited it. A call must only build the plan."
    );
}

/// While the shop is thinking, `total` gives the thread back to the engine.
#[test]
fn total_gives_the_thread_back() {
    let stall = Stall::new(pick(100..=999), pick(10..=99));
    let asked = stall.asked.clone();
    let run = panic_of(|| {
        vt(async {
            let plan = Called(total(&stall, "green tea"), asked).plan()?;
            let (plan, probe) = Probe::new(plan);
            stall.turns.watch(probe);
            plan.await;
            Ok::<(), String>(())
        })
    });
    explain(run);
    assert!(
        !stall.answered.is_empty(),
        "No answer of the shop was awaited, so there was nothing to wait for. `total` has to await both answers."
    );
    assert!(
        !stall.turns.kept(),
        "The shop was not ready, and `total` kept the thread until it was. Everybody else on that thread had to \
         stand still. `.await` gives the thread back while it waits."
    );
}

const SECOND_ENGINE: &str =
    "`total` must hand its caller a future. You started a second engine inside the first one.";

/// A shop that needs a few turns for each answer.
struct Stall {
    price: u32,
    tax: u32,
    asked: Log,
    answered: Log,
    turns: Turns,
}

impl Stall {
    fn new(price: u64, tax: u64) -> Self {
        let [price, tax] =
            [price, tax].map(|cents| u32::try_from(cents).expect("it was picked small enough"));
        Self { price, tax, asked: Log::new(), answered: Log::new(), turns: Turns::default() }
    }
}

impl exercise::Shop for Stall {
    async fn price(&self, _item: &str) -> u32 {
        self.asked.push("price");
        self.turns.think(2).await;
        self.answered.push("price");
        self.price
    }

    async fn tax(&self, _item: &str) -> u32 {
        self.asked.push("tax");
        self.turns.think(3).await;
        self.answered.push("tax");
        self.tax
    }
}

/// Answers that need a few turns, and what they see of the plan that awaits them.
#[derive(Clone, Default)]
struct Turns(Arc<Mutex<Watched>>);

#[derive(Default)]
struct Watched {
    plan: Option<ProbeHandle>,
    kept: bool,
}

impl Turns {
    /// From now on, each turn is compared with the polls of this plan.
    fn watch(&self, plan: ProbeHandle) {
        self.0.lock().unwrap().plan = Some(plan);
    }

    /// Whether an answer was polled twice within one poll of the plan: then the plan kept the thread.
    fn kept(&self) -> bool {
        self.0.lock().unwrap().kept
    }

    /// Is `Pending` `turns` times. Wakes itself at once, so that even a home-made engine gets to the end.
    async fn think(&self, mut turns: usize) {
        let mut last = None;
        poll_fn(|context| {
            let mut watched = self.0.lock().unwrap();
            let poll = watched.plan.as_ref().map(ProbeHandle::polls);
            watched.kept |= poll.is_some() && poll == last;
            last = poll;
            if turns == 0 {
                return Poll::Ready(());
            }
            turns -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

fn run(stall: &Stall) -> u32 {
    let asked = stall.asked.clone();
    explain(panic_of(|| {
        vt(async {
            let plan = Called(total(stall, "green tea"), asked).plan()?;
            Ok::<u32, String>(plan.await)
        })
    }))
}

fn explain<T, D>(run: Result<(Result<T, String>, D), String>) -> T {
    match run {
        Ok((Ok(value), _)) => value,
        Ok((Err(problem), _)) => panic!("{problem}"),
        Err(text) if is_second_engine(&text) => {
            panic!(
                "You started a second engine inside the first one. `total` is being carried out by an engine already, and \
             `.await` hands it the next plan."
            )
        }
        Err(text) => panic!("`total` panicked before it was done: {text}"),
    }
}

/// Whether a panic is Tokio's, about an engine that was started inside another.
fn is_second_engine(panic: &str) -> bool {
    panic.contains("from within a runtime") || panic.contains("can call blocking only")
}

/// What a call of `total` gave. A plan is taken as it is; anything else gets a message instead of a compile error.
#[allow(dead_code, reason = "only answers without a plan need it")]
struct Called<T>(T, Log);

impl<F: Future<Output = u32>> Called<F> {
    #[expect(clippy::unnecessary_wraps, reason = "has the shape of `NoPlan::plan`, which it stands before")]
    fn plan(self) -> Result<F, String> {
        Ok(self.0)
    }
}

#[allow(dead_code, reason = "only answers without a plan need it")]
trait NoPlan: Sized {
    fn plan(self) -> Result<std::future::Ready<u32>, String>;
}

impl<T> NoPlan for Called<T> {
    fn plan(self) -> Result<std::future::Ready<u32>, String> {
        let Self(_, asked) = self;
        if !asked.is_empty() {
            return Err(SECOND_ENGINE.to_owned());
        }
        Err("`total` must hand its caller a future: the shop is far away, and only a plan can wait for it."
            .to_owned())
    }
}
