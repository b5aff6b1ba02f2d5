//! Hidden tests of `pin_to_reuse`: how often the report is ordered, when the customer is told to wait, and when the report is
//! delivered.

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

use exercise::{Archive, deliver};
use testkit::{Called, Log, Services, check_eq, counted, handed_on, in_words, pick, side_by_side, vt};

/// The archive gets one order, however long its report takes.
#[test]
fn the_report_is_ordered_once() {
    let patience = pick(400..=900);
    for takes in [patience * 5 + patience / 3, patience / 2] {
        Order::new(patience, [ms(takes)]).call().check_orders();
    }
}

/// `please_wait` is called after each `patience`, counted from the call, and at no other time.
#[test]
fn the_customer_is_told_each_time() {
    let patience = pick(100..=600);
    for waits in [2, 1, 0, pick(40..=60), 7, pick(300..=400)] {
        Order::new(patience, [ms(patience * waits + pick(10..=90))]).check();
    }
}

/// The report is there after a millisecond, after months, or at once.
#[test]
fn it_waits_as_long_as_it_takes() {
    let day = 24 * 3_600_000;
    let long = pick(100 * day..=200 * day);
    Order::new(long, [ms(long * 3 + day)]).check();
    Order::new(60 * day, [ms(pick(day..=2 * day))]).check();
    Order::new(pick(3..=9), [ms(1)]).check();
    Order::new(pick(3..=900), []).check();
}

/// Work of many steps goes on in each of them, also while the customer is told to wait.
#[test]
fn the_archive_works_in_many_steps() {
    let step = pick(21..=39);
    Order::new(step * 10 + 5, (0..100).map(|_| ms(step))).check();
    Order::new(step * 3 - 7, (0..9).map(|_| ms(step))).check();
}

/// A report is a report, also an empty one, and so is the one with number 0.
#[test]
fn every_report_is_delivered() {
    let patience = pick(100..=900);
    for text in [String::new(), "0".to_owned(), "line\n".repeat(pick(20_000..=30_000) as usize)] {
        for takes in [patience * 2 + 7, patience / 2] {
            for number in [0, pick(1..=99_999), u64::MAX] {
                Order { number, text: text.clone(), ..Order::new(patience, [ms(takes)]) }.check();
            }
        }
    }
}

/// When `deliver` is dropped, the archive's future is dropped, too.
#[test]
fn a_customer_who_leaves() {
    let patience = pick(100..=500);
    for after in [patience * 3 + patience / 2, patience / 2] {
        let order = Order::new(patience, [ms(patience * 9)]);
        let vault = order.vault();
        let left =
            vault.services.dropped_after(ms(after), deliver(&vault, order.number, order.patience, || {}));
        assert!(
            left.is_empty(),
            "The customer left after {}: `deliver` was dropped, and the archive's future still exists: nobody has dropped it. The \
             archive works on, for nobody. A future that is pinned belongs to somebody, and is dropped with its owner.",
            in_words(ms(after))
        );
    }
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let order = Order::new(pick(100..=900), [ms(2_500), ms(40)]);
    let vault = order.vault();
    let (text, _) = vt(handed_on("`deliver`", 60, deliver(&vault, order.number, order.patience, || {})));
    check_eq!(text, order.text, "Another task went on with `deliver`, and another report was delivered.");
}

/// A customer with a quick report does not wait for one with a slow report.
#[test]
fn two_customers() {
    let [slow, quick] = [ms(pick(5_000..=9_000)), ms(pick(3..=50))].map(|takes| Order::new(800, [takes]));
    let vaults = [slow.vault(), quick.vault()];
    let call = |order: &Order, vault| deliver(vault, order.number, order.patience, || {});
    let calls = async {
        let slow = async { call(&slow, &vaults[0]).await };
        let quick = async { call(&quick, &vaults[1]).await };
        side_by_side("`deliver`", 60, slow, quick).await
    };
    let (found, _) = vt(calls);
    check_eq!(found, (slow.text, quick.text), "Two reports were under way at once, and were mixed up.");
}

/// A report, how long the archive takes for it, and how patient the customer is.
struct Order {
    number: u64,
    text: String,
    patience: Duration,
    steps: Vec<Duration>,
}

impl Order {
    fn new(patience: u64, steps: impl IntoIterator<Item = Duration>) -> Self {
        let number = pick(1..=99_999);
        let text = format!("report {number}: {}", pick(1..=99_999));
        Self { number, text, patience: ms(patience), steps: steps.into_iter().collect() }
    }

    fn vault(&self) -> Vault {
        Vault {
            services: Services::new("deliver"),
            steps: self.steps.clone(),
            text: self.text.clone(),
            ordered: Cell::default(),
            _not_send: PhantomData,
        }
    }

    /// Has the report delivered, and looks at all that a learner can get wrong.
    fn check(&self) {
        self.call().check();
    }

    fn call(&self) -> Seen<'_> {
        let (vault, told) = (self.vault(), Log::new());
        let takes = self.steps.iter().sum();
        let most = self.due(takes).len() + 9;
        let please_wait = || {
            told.push("please wait");
            let done = vault.services.seen("report").done.filter(|_| told.len() > most);
            assert!(
                done.is_none(),
                "The report was there after {}, and `deliver` goes on: `please_wait` was called {} times. With the report, \
                 `deliver` returns.",
                in_words(takes),
                told.len()
            );
        };
        let call = deliver(&vault, self.number, self.patience, please_wait);
        let called =
            vault.services.try_call(2 * (most + self.steps.len()) + 20, call).unwrap_or_else(|text| {
                let words = if text.starts_with("The report") { "" } else { "`deliver` panicked: " };
                panic!("{words}{text}")
            });
        let told = told.timed().into_iter().map(|(_, at)| at).collect();
        Seen { order: self, vault, takes, called, told }
    }

    /// When the customer is to be told to wait.
    fn due(&self, takes: Duration) -> Vec<Duration> {
        (1_u32..).map(|n| self.patience * n).take_while(|at| *at < takes).collect()
    }
}

/// A call that has returned.
struct Seen<'a> {
    order: &'a Order,
    vault: Vault,
    /// How long the archive needs.
    takes: Duration,
    called: Called<String>,
    /// When `please_wait` was called.
    told: Vec<Duration>,
}

impl Seen<'_> {
    fn check_orders(&self) {
        let (orders, took) = (self.vault.services.made("report"), in_words(self.called.took));
        assert!(
            orders < 2,
            "`deliver` ordered the report {orders} times from the archive: again when the first `patience`, {}, was over. Each order \
             starts from the beginning. Order once, keep that future, and go on polling it.",
            in_words(self.order.patience)
        );
        assert!(orders == 1, "`deliver` returned after {took}, and the report was never ordered.");
        check_eq!(self.vault.ordered.get(), Some(self.order.number), "`deliver` ordered another report.");
    }

    fn check(&self) {
        self.check_orders();
        let Seen { order, takes, called, .. } = self;
        let [patience, takes_words, took] = [order.patience, *takes, called.took].map(in_words);
        let stood_still = self.vault.services.seen("report").stood_still;
        let late = called.took > *takes + GRAIN;
        assert!(
            !late || stood_still.is_zero(),
            "The report takes {takes_words}, and `deliver` returned after {took}: for {} the report could have gone on, and nobody \
             polled it. While the report is not there, its future has to be able to wake you.",
            in_words(stood_still)
        );
        assert!(!late, "The report takes {takes_words}, and `deliver` returned after {took}: too late.");
        assert!(
            called.took + GRAIN > *takes,
            "`deliver` returned after {took}, and the report takes {takes_words}, with a `patience` of {patience}. It waits for the \
             report as long as it takes, and returns nothing else."
        );
        let due = order.due(*takes);
        let close = |(found, due): (&Duration, &Duration)| found.abs_diff(*due) < GRAIN;
        assert!(
            self.told.len() == due.len() && self.told.iter().zip(&due).all(close),
            "The report takes {takes_words}, and `patience` is {patience}. `please_wait` was {}, and should have been {}. It is \
             called each time that another `patience` has passed, counted from the call.",
            times(&self.told),
            times(&due)
        );
        check_eq!(called.output, order.text, "`deliver` returned another text than that of the archive.");
    }
}

/// Makes reports in steps. It must stay on its thread.
struct Vault {
    services: Services,
    steps: Vec<Duration>,
    text: String,
    ordered: Cell<Option<u64>>,
    _not_send: PhantomData<Rc<()>>,
}

impl Archive for Vault {
    fn report(&self, number: u64) -> impl Future<Output = String> {
        // A second report is there at once: it is seen that there was one, and the call ends.
        let steps = if self.ordered.get().is_some() { Vec::new() } else { self.steps.clone() };
        self.ordered.set(Some(number));
        let request = self.services.request("report", steps, self.text.clone());
        async move { request.await }
    }
}

/// How often, and when: the first few.
fn times(at: &[Duration]) -> String {
    let shown: Vec<_> = at.iter().take(4).map(|time| in_words(*time)).collect();
    let and = if at.len() > shown.len() { ", …" } else { "" };
    match at.len() {
        0 => "never called".to_owned(),
        1 => format!("called once, after {}", shown[0]),
        count => format!("called {}, after {}{and}", counted(count, "time"), shown.join(", ")),
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
