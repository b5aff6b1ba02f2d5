//! Hidden tests of `not_send_across_await`: what the bill says, and whether `serve` can go on on another thread.

use std::task::{Poll, Waker};
use std::thread;

use exercise::serve;
use testkit::{Log, assert_send, assert_static, check_eq, panic_of, pick, poll_once, rt, stage, vt};

/// The kitchen gets the dish, and the bill names it with its price.
#[test]
fn the_bill_names_dish_and_price() {
    let table = pick(10..=99);
    for (order, dish) in [
        (format!("  Soup {table} "), format!("soup {table}")),
        (format!("TEA{table}"), format!("tea{table}")),
    ] {
        let kitchen = Galley::new();
        let cents = kitchen.cents;
        let cooked = kitchen.cooked.clone();
        let bill = match panic_of(|| vt(serve(kitchen, order.clone()))) {
            Ok((bill, _)) => bill,
            Err(text) if text.contains("from within a runtime") => panic!(
                "You started a second engine inside the first one: `serve` is being carried out by an engine already, \
                 and `.await` is how it waits."
            ),
            Err(text) => panic!("`serve` panicked before the bill was written: {text}"),
        };
        check_eq!(cooked.events(), [&*dish], "The order was {order:?}; the kitchen cooked something else.");
        check_eq!(
            bill,
            format!("{dish}: {cents} cents"),
            "The order was {order:?}; the bill says something else."
        );
    }
}

/// While the kitchen cooks, `serve` gives its thread back, and another thread may take it up again.
#[test]
fn another_thread_may_go_on() {
    let kitchen = Galley::new();
    let bill = format!("cake: {} cents", kitchen.cents);
    let plan = serve(kitchen, "Cake".to_owned());
    // This is what `tokio::spawn` asks of a future.
    assert_send(&plan);
    assert_static(&plan);

    let mut plan = Box::pin(plan);
    let first = match panic_of(|| poll_once(&mut plan, Waker::noop())) {
        Ok(first) => first,
        Err(text) => panic!("`serve` panicked when it was polled for the first time: {text}"),
    };
    assert!(
        first == Poll::Pending,
        "The dish was not ready, and `serve` kept its thread until it was. Nothing is alive across an await where \
         nothing is awaited, but now every other table stands still meanwhile."
    );
    stage("begun on one thread, goes on on another one");
    match thread::spawn(move || panic_of(|| rt(plan))).join().expect("a panic is caught inside") {
        Ok(found) => check_eq!(found, bill, "On the second thread, the bill says something else."),
        Err(text) => panic!("`serve` panicked when another thread went on with it: {text}"),
    }
}

/// A kitchen that needs a few turns for each dish. It wakes its caller at once, so that even a home-made engine gets
/// its dish.
struct Galley {
    cents: u64,
    cooked: Log,
}

impl Galley {
    fn new() -> Self {
        Self { cents: pick(200..=900), cooked: Log::new() }
    }
}

impl exercise::Kitchen for Galley {
    async fn cook(&self, dish: &str) -> u32 {
        self.cooked.push(dish);
        let mut turns = 3;
        std::future::poll_fn(|context| {
            if turns == 0 {
                return Poll::Ready(());
            }
            turns -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        u32::try_from(self.cents).expect("it was picked small enough")
    }
}
