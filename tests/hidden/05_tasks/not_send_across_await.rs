//! Hidden tests of `not_send_across_await`: what the kitchen is asked for, what the bill says, and whether another thread
//! can continue `serve`.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::serve;
use testkit::{
    Log, assert_send, assert_static, check_eq, handed_on, in_words, panic_of, pick, side_by_side, stage, vt,
    within_polls,
};
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

/// The kitchen gets the dish, and the bill names it with its price.
#[test]
fn the_bill_names_dish_and_price() {
    let table = pick(10..=99);
    for (order, dish, cents) in [
        (format!("  Soup {table} "), format!("soup {table}"), price()),
        (format!("TEA{table}"), format!("tea{table}"), 0),
        (format!("Crêpe à l'ÉRABLE {table}"), format!("crêpe à l'érable {table}"), u32::MAX),
        // These spaces are part of the name.
        (format!(" Pea   soup\t{table} "), format!("pea   soup\t{table}"), price()),
        // A value is a value, also if it is empty.
        ("   ".to_owned(), String::new(), price()),
        (String::new(), String::new(), price()),
    ] {
        let galley = Galley::new(cents);
        let (bill, _) = order_it(&galley, &order);
        let cooked = galley.cooked.events();
        assert!(
            !cooked.is_empty(),
            "The order was {order:?}, but the kitchen was not asked. It has to cook {dish:?}, whatever the name of \
             the dish is."
        );
        check_eq!(
            cooked[0],
            dish,
            "The order was {order:?}. The kitchen was asked for {:?}, but the dish is {dish:?}.",
            cooked[0]
        );
        assert!(cooked.len() == 1, "The order was {order:?}, but the kitchen cooked {} times.", cooked.len());
        check_eq!(
            bill,
            format!("{dish}: {cents} cents"),
            "The order was {order:?}, and the dish costs {cents} cents. The bill says {bill:?} instead of {:?}.",
            format!("{dish}: {cents} cents")
        );
    }
}

/// While the kitchen cooks, `serve` gives its thread back, and another thread may continue it.
#[test]
fn another_thread_may_go_on() {
    let cents = price();
    let galley = Galley::new(cents);
    let plan = serve(galley.clone(), "Cake".to_owned());
    // This is what `tokio::spawn` asks of a future.
    assert_send(&plan);
    assert_static(&plan);

    let engine =
        Builder::new_current_thread().enable_all().build().expect("the system has room for one more runtime");
    let mut plan = Box::pin(plan);
    let mut first_poll = || galley.poll(1, plan.as_mut(), &mut Context::from_waker(Waker::noop()));
    let first = match panic_of(|| engine.block_on(async { first_poll() })) {
        Ok(first) => first,
        Err(text) => galley.explain(&text),
    };
    galley.check();
    assert!(
        first == Poll::Pending,
        "The kitchen was still cooking when `serve` was polled for the first time, but `serve` was already done: \
         {first:?}."
    );
    stage("`serve` began on one thread and continues on another one");
    galley.home_is_anywhere();
    let second = thread::scope(|scope| {
        let woken = async {
            tokio::select! {
                biased;
                // hermetic: bounds the wait for a wake that never comes
                () = sleep(Duration::from_secs(2)) => None,
                found = within_polls(POLLS, plan) => Some(found),
            }
        };
        let gone_on = || panic_of(|| engine.block_on(woken));
        scope.spawn(gone_on).join().expect("a panic is caught inside")
    });
    match second {
        Ok(Some(Some(found))) => check_eq!(
            found,
            format!("cake: {cents} cents"),
            "On a second thread, the bill says {found:?} instead of \"cake: {cents} cents\". What `serve` needs \
             after the wait has to be kept in its futures future, because it may continue on another thread."
        ),
        Ok(Some(None)) => panic!("{CIRCLES}"),
        Ok(None) => panic!(
            "`serve` began on one thread and continued on another one, but it was never woken there. From each poll \
             on, the waker that came with it counts."
        ),
        Err(text) => panic!("`serve` panicked when another thread continued it: {text}"),
    }
}

/// A dish takes a millisecond or a year, and `serve` waits for it.
#[test]
fn a_dish_takes_as_long_as_it_takes() {
    for takes in [Duration::from_millis(pick(1..=3)), Duration::from_secs(pick(26_000_000..=34_000_000))] {
        let cents = price();
        let galley = Galley { takes, ..Galley::new(cents) };
        let (bill, took) = order_it(&galley, "Stew");
        let (takes_words, took_words) = (in_words(takes), in_words(took));
        assert!(
            took >= takes,
            "The dish needs {takes_words}, but there was a bill after {took_words}: {bill:?}. There is no time \
             limit; the price comes with the dish."
        );
        check_eq!(
            bill,
            format!("stew: {cents} cents"),
            "The stew costs {cents} cents, but the bill says {bill:?}."
        );
        // Tokio's clock counts whole milliseconds and may round up.
        assert!(
            took < takes + Duration::from_millis(2),
            "The dish was ready after {takes_words}, but the bill was written after {took_words}."
        );
    }
}

/// It may be polled by one task first, and then by another.
#[test]
fn another_task_may_go_on() {
    stage("another task continues `serve`");
    let galley = Galley { takes: Duration::from_secs(3600), ..Galley::new(price()) };
    let table = galley.at_table(serve(galley.clone(), "Stew".to_owned()));
    let run = panic_of(|| vt(handed_on("`serve`", POLLS, table)));
    galley.check();
    if let Err(text) = run {
        panic!("{text}");
    }
}

/// Two tables may be served at the same time: a quick dish does not wait for a slow one.
#[test]
fn calls_do_not_wait_for_each_other() {
    stage("`serve` has been called twice, with a slow dish and with a quick one");
    let takes = [Duration::from_secs(pick(26_000_000..=34_000_000)), Duration::from_millis(3)];
    let galleys = takes.map(|takes| Galley { takes, ..Galley::new(price()) });
    let [slow, quick] =
        galleys.each_ref().map(|galley| galley.at_table(serve(galley.clone(), "Stew".to_owned())));
    let run = panic_of(|| vt(side_by_side("`serve`", 2 * POLLS, slow, quick)));
    galleys.iter().for_each(Galley::check);
    if let Err(text) = run {
        panic!("{text}");
    }
}

/// Has an order served, and tells how long it took.
fn order_it(galley: &Galley, order: &str) -> (String, Duration) {
    stage("`serve` has been called");
    let table = galley.at_table(serve(galley.clone(), order.to_owned()));
    let run = panic_of(|| vt(async { timeout(FOR_EVER, within_polls(POLLS, table)).await }));
    galley.check();
    match run {
        Ok((Ok(Some(bill)), took)) => (bill, took),
        Ok((Ok(None), _)) => panic!("{CIRCLES}"),
        Ok((Err(_), _)) => {
            panic!("The dish is ready, but `serve` still waits. Nothing is left that could wake it.")
        }
        Err(text) => galley.explain(&text),
    }
}

/// Enough for whoever waits for one dish.
const POLLS: usize = 20;
const CIRCLES: &str = "`serve` was polled 20 times while the kitchen cooked one dish: it keeps asking. Await the \
                       kitchen, and you are woken when the dish is ready.";

/// More than all waits of a test together: with virtual time, it costs nothing.
const FOR_EVER: Duration = Duration::from_secs(700 * 24 * 3600);

fn price() -> u32 {
    u32::try_from(pick(200..=900)).expect("it was picked small enough")
}

/// A kitchen that needs a few turns for each dish, and then the time that it takes. In these turns it wakes its caller at
/// once: so a caller that keeps its thread comes back, and is found out before there is anything to wait for.
#[derive(Clone)]
struct Galley {
    cents: u32,
    takes: Duration,
    cooked: Log,
    watch: Arc<Watch>,
    home: Option<ThreadId>,
}

#[derive(Default)]
struct Watch {
    /// The poll of `serve` that is under way; 0 between two of them.
    polling: AtomicUsize,
    /// Whether the kitchen was asked again and again in one and the same poll of `serve`.
    kept: AtomicBool,
    /// Whether it was asked on another thread.
    elsewhere: AtomicBool,
    /// Whether it may be.
    anywhere: AtomicBool,
}

impl Galley {
    fn new(cents: u32) -> Self {
        let (takes, home) = (Duration::ZERO, Some(thread::current().id()));
        Self { cents, takes, cooked: Log::new(), watch: Arc::default(), home }
    }

    /// Carries `serve` out so that the kitchen knows which poll it is asked in.
    async fn at_table<F: Future>(&self, serving: F) -> F::Output {
        let mut serving = Box::pin(serving);
        let mut polls = 0;
        poll_fn(|context| {
            polls += 1;
            self.poll(polls, serving.as_mut(), context)
        })
        .await
    }

    fn poll<F: Future>(
        &self,
        number: usize,
        serving: Pin<&mut F>,
        context: &mut Context<'_>,
    ) -> Poll<F::Output> {
        self.watch.polling.store(number, Ordering::SeqCst);
        let poll = serving.poll(context);
        self.watch.polling.store(0, Ordering::SeqCst);
        poll
    }

    fn home_is_anywhere(&self) {
        self.watch.anywhere.store(true, Ordering::SeqCst);
    }

    fn check(&self) {
        assert!(
            !self.watch.kept.load(Ordering::SeqCst),
            "The dish was not ready, and `serve` kept its thread until it was. Without an await, nothing lives \
             across an await; but now all other tables have to wait meanwhile."
        );
        assert!(
            !self.watch.elsewhere.load(Ordering::SeqCst),
            "The kitchen was asked on a thread that was started for this one order. `serve` runs in a task: await \
             the kitchen there, and you need no other thread."
        );
    }

    fn explain<T>(&self, text: &str) -> T {
        if text.contains("from within a runtime") {
            panic!(
                "You started a second runtime inside the first one: `serve` already runs on a runtime, so wait with \
                 `.await`. ({text})"
            );
        }
        if text.contains("can call blocking only") {
            panic!(
                "`serve` keeps its thread while the kitchen cooks, and other tables need that thread. It is the only one \
                 here, so `block_in_place` panics: {text}"
            );
        }
        panic!("`serve` panicked before it was done: {text}");
    }
}

impl exercise::Kitchen for Galley {
    async fn cook(&self, dish: &str) -> u32 {
        self.cooked.push(dish);
        let watch = &self.watch;
        let (mut turns, mut last) = (3, 0);
        poll_fn(|context| {
            let (anywhere, here) = (watch.anywhere.load(Ordering::SeqCst), Some(thread::current().id()));
            watch.elsewhere.fetch_or(!anywhere && here != self.home, Ordering::SeqCst);
            let now = watch.polling.load(Ordering::SeqCst);
            watch.kept.fetch_or(now != 0 && now == last, Ordering::SeqCst);
            last = now;
            if turns == 0 {
                return Poll::Ready(());
            }
            turns -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        let found_out = watch.kept.load(Ordering::SeqCst) || watch.elsewhere.load(Ordering::SeqCst);
        if !self.takes.is_zero() && !found_out {
            sleep(self.takes).await;
        }
        self.cents
    }
}
