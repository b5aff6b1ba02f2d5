//! Hidden tests of `actor_cycle`: busy days, how much is taken in, whose receipt it is, and how the shop ends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use exercise::{Receipt, Shop};
use testkit::{
    DropLog, Gate, Lane, Log, Timeline, check_eq, handed_on, in_words, pick, settle, stage, vt, within_polls,
};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// On a busy day, more orders come in than the mailboxes can hold. All are charged, and `place` waits meanwhile.
#[test]
fn a_busy_day_is_charged() {
    for capacity in [3, number(pick(4..=9)), 1] {
        let count = number(pick(70..=90)) + 10 * capacity;
        let line = Line::new(Duration::from_secs(1));
        day(async {
            let shop = line.open(capacity);
            let (orders, mut receipts) = (orders(count), Vec::new());
            for cents in &orders {
                let taken_in = receipts.len();
                let placed = line.customer.watch(shop.place(*cents));
                let Some(receipt) = in_time(placed).await else {
                    panic!(
                        "With room for {capacity} in each mailbox, {taken_in} of {count} orders were taken in and {} charged. Now \
                         nothing moves: `place` waits for room, and {}. Actors that wait for room in each other's \
                         mailbox make a ring, and when all mailboxes are full, nobody takes anything out.",
                        match line.charged.len() {
                            1 => "1 was".to_owned(),
                            charged => format!("{charged} were"),
                        },
                        line.bank_is()
                    );
                };
                receipts.push(receipt);
                line.check_held(capacity, &mut receipts);
            }
            line.check_all(&orders, receipts).await;
        });
    }
}

/// When the last handle is dropped, both tasks end, on a quiet day as well.
#[test]
fn the_shop_ends_with_its_last_handle() {
    for count in [1, 0, 2] {
        let line = Line::new(Duration::from_secs(1));
        day(async {
            let shop = line.open(2);
            let second = shop.clone();
            let orders = orders(count);
            for cents in &orders {
                let receipt = in_time(shop.place(*cents)).await.unwrap_or_else(|| stuck(&line));
                line.check_receipts(&[*cents], vec![receipt]).await;
            }
            drop(shop);
            settle().await;
            let cents = pick(1..=99_999);
            let receipt = in_time(second.place(cents)).await.unwrap_or_else(|| stuck(&line));
            let receipt = in_time(receipt).await;
            assert!(
                matches!(receipt, Some(Ok(_))),
                "A `Shop` and its clone were there. One was dropped, and the other one placed an order, which has no receipt. The \
                 shop ends with its last handle."
            );
            drop(second);
            settle().await;
            let tasks = alive();
            assert!(
                tasks == 0 && !line.closed.is_empty(),
                "All orders were charged, and then the last `Shop` was dropped. {}. A mailbox ends when its last sender is \
                 dropped, so an actor never sees that end while it owns a sender of its own mailbox, or waits for an actor that \
                 owns one.",
                match tasks {
                    0 => "The tasks have ended, and the bank is still there".to_owned(),
                    1 => "1 task is left, and waits".to_owned(),
                    _ => format!("{tasks} tasks are left, and wait"),
                }
            );
        });
    }
}

/// Orders that were taken in are charged, even if nobody has a handle any more. Then the tasks end.
#[test]
fn orders_taken_in_are_charged_after_the_end() {
    for (capacity, count) in [(1, 1), (1, 2), (5, number(pick(4..=6))), (2, 0)] {
        let line = Line::new(Duration::from_secs(1));
        day(async {
            let shop = line.open(capacity);
            let (orders, mut receipts) = (orders(count), Vec::new());
            for cents in &orders {
                receipts.push(in_time(shop.place(*cents)).await.unwrap_or_else(|| stuck(&line)));
            }
            drop(shop);
            let mut answers = Vec::new();
            for receipt in receipts {
                answers.push(in_time(receipt).await);
            }
            let (charged, answered) =
                (line.charged.len(), answers.iter().filter(|answer| matches!(answer, Some(Ok(_)))).count());
            let taken_in = counted(count);
            assert!(
                charged == count,
                "{taken_in} taken in, and then the last `Shop` was dropped. {charged} of {count} were charged. What was taken in is \
                 charged, even if nobody has a handle any more."
            );
            assert!(
                answered == count,
                "{taken_in} taken in, and then the last `Shop` was dropped. All were charged, and {answered} of {count} receipts have \
                 arrived."
            );
            settle().await;
            let tasks = alive();
            assert!(
                tasks == 0,
                "{taken_in} taken in, the last `Shop` was dropped, and all orders were charged. {tasks} of its tasks are left, and wait."
            );
        });
    }
}

/// While the bank is busy, the mailbox takes `capacity` orders. When the shop holds as many as it may, `place` waits.
#[test]
fn the_mailbox_takes_its_orders() {
    for capacity in [1, number(pick(20..=60))] {
        let line = Line::new(Duration::from_secs(1));
        let opened = Gate::new();
        *lock(&line.gate) = Some(opened.clone());
        day(async {
            let shop = line.open(capacity);
            let count = 6 * capacity + 20;
            let orders = orders(count);
            let taken_in = Arc::new(Mutex::new(Vec::new()));
            let placing = tokio::spawn({
                let (shop, orders, taken_in) = (shop.clone(), orders.clone(), taken_in.clone());
                async move {
                    for cents in orders {
                        let receipt = shop.place(cents).await;
                        lock(&taken_in).push(receipt);
                    }
                }
            });
            settle().await;
            let held = lock(&taken_in).len();
            line.check_held(capacity, &mut lock(&taken_in));
            assert!(
                held >= capacity,
                "The bank was busy with the first order. The desk's mailbox has room for {capacity}, and {held} were taken in: \
                 `place` waits until the order has room, and not until it is charged."
            );
            sleep(months()).await;
            line.check_held(capacity, &mut lock(&taken_in));
            opened.open();
            if !matches!(in_time(placing).await, Some(Ok(()))) {
                stuck(&line);
            }
            let receipts = std::mem::take(&mut *lock(&taken_in));
            line.check_all(&orders, receipts).await;
        });
    }
}

/// Many customers come at once, and each gets the receipt of their own order.
#[test]
fn each_customer_gets_their_receipt() {
    // The first code is 0: a code like any other.
    let line = Line { base: 0, ..Line::new(Duration::from_millis(pick(2..=900))) };
    day(async {
        let shop = line.open(2);
        let orders = orders(number(pick(100..=150)));
        let mut customers = JoinSet::new();
        for cents in orders.clone() {
            let shop = shop.clone();
            customers.spawn(async move { (cents, shop.place(cents).await.await) });
        }
        let mut numbers = Vec::new();
        while let Some(customer) = in_time(customers.join_next()).await.unwrap_or_else(|| stuck(&line)) {
            let (cents, receipt) = customer.unwrap_or_else(|error| panic!("`place` panicked: {error}"));
            let Ok(Receipt { number, code }) = receipt else {
                panic!(
                    "One of {} customers who came at once has no receipt for {cents} cents.",
                    orders.len()
                );
            };
            check_eq!(
                line.cents_of(code),
                Some(cents),
                "A customer paid {cents} cents and got the receipt of somebody else. Each receipt is for the order that was charged."
            );
            numbers.push(number);
        }
        numbers.sort_unstable();
        let all: Vec<_> = (1..=orders.len() as u64).collect();
        check_eq!(
            numbers,
            all,
            "{} orders were charged, and their numbers are not 1, 2, 3 and so on.",
            orders.len()
        );
    });
}

/// Customers who do not wait for their receipt, or give up while they wait for room, disturb nobody.
#[test]
fn customers_may_leave() {
    let line = Line::new(Duration::from_secs(1));
    day(async {
        let shop = line.open(1);
        let orders = orders(30);
        let mut receipts = Vec::new();
        let mut charged = Vec::new();
        for (n, cents) in orders.iter().enumerate() {
            if n % 5 == 2 {
                // Gives up at once if there is no room.
                let placed = timeout(Duration::ZERO, shop.place(1_000_000 + *cents % 1000)).await;
                if let Ok(receipt) = placed {
                    charged.push(1_000_000 + *cents % 1000);
                    receipts.push(receipt);
                }
                continue;
            }
            let receipt = in_time(shop.place(*cents)).await.unwrap_or_else(|| stuck(&line));
            charged.push(*cents);
            // Every third one leaves without the receipt.
            if n % 3 == 0 {
                drop(receipt);
                let (gone, nobody) = oneshot::channel();
                drop(gone);
                receipts.push(nobody);
            } else {
                receipts.push(receipt);
            }
        }
        drop(shop);
        let mut number = 0;
        let mut lost = 0;
        for (receipt, cents) in receipts.into_iter().zip(&charged) {
            number += 1;
            match in_time(receipt).await {
                Some(Ok(receipt)) => {
                    check_eq!(
                        receipt.number,
                        number,
                        "Some customers gave up while they waited for room in the mailbox. Order number {number} that was taken in \
                         has the number {}. A customer who gives up has no order, and takes no number.",
                        receipt.number
                    );
                    check_eq!(line.cents_of(receipt.code), Some(*cents), "A receipt is for another order.");
                }
                Some(Err(_)) => lost += 1,
                None => stuck(&line),
            }
        }
        settle().await;
        let (all, done) = (charged.len(), line.charged.len());
        assert!(
            done == all,
            "{all} orders were taken in, some of them from customers who left without their receipt. The bank charged \
             {done}. A customer who leaves disturbs nobody else."
        );
        check_eq!(
            lost,
            LEFT,
            "{all} orders were charged, some of them for customers who had left. Others have no receipt, either."
        );
    });
}

/// Of 30 customers, so many leave without their receipt: every third one, unless they give up before.
const LEFT: usize = 8;

/// The bank takes as long as it takes. The actors sleep meanwhile, and the next order is charged at once.
#[test]
fn everybody_sleeps_meanwhile() {
    let line = Line::new(Duration::from_secs(pick(2_000_000..=3_000_000)));
    day(async {
        let shop = line.open(1);
        let orders = orders(6);
        let (start, rests) = (Instant::now(), Handle::current().metrics().worker_park_count(0));
        let mut receipts = Vec::new();
        for cents in &orders {
            let placed = within_polls(20, shop.place(*cents));
            let Some(receipt) = in_time(placed).await.unwrap_or_else(|| stuck(&line)) else {
                panic!("`place` was polled 20 times while it waited for room: it asks again and again.");
            };
            receipts.push(receipt);
        }
        line.check_receipts(&orders, receipts).await;
        let (took, needed) = (start.elapsed(), line.takes * 6);
        assert!(
            took < needed + Duration::from_millis(12),
            "The bank needs {} for each of 6 orders, and everything took {}. The next order is charged as soon as the bank is free.",
            in_words(line.takes),
            in_words(took)
        );
        let times = Handle::current().metrics().worker_park_count(0) - rests;
        assert!(
            times < 300,
            "The bank charged 6 orders, and needed {} for each. Meanwhile the thread was woken {times} times: an actor looks again \
             and again. `send`, `recv` and `reserve` wake a task when there is something to do.",
            in_words(line.takes)
        );
    });
}

/// Between two orders nothing happens, for months perhaps. Then the next one is charged at once.
#[test]
fn a_quiet_shop_sleeps() {
    let line = Line::new(Duration::from_millis(1));
    day(async {
        let shop = line.open(3);
        for quiet in [Duration::from_millis(1), Duration::from_secs(2), months(), hours(30)] {
            let rests = Handle::current().metrics().worker_park_count(0);
            sleep(quiet).await;
            settle().await;
            let times = Handle::current().metrics().worker_park_count(0) - rests;
            assert!(
                times < 60,
                "Nobody placed an order for {}, and meanwhile the thread was woken {times} times: an actor looks again and again. `recv` \
                 wakes a task when there is a message.",
                in_words(quiet)
            );
            let (orders, start) = (orders(3), Instant::now());
            let mut receipts = Vec::new();
            for cents in &orders {
                receipts.push(in_time(shop.place(*cents)).await.unwrap_or_else(|| stuck(&line)));
            }
            line.check_receipts(&orders, receipts).await;
            let took = start.elapsed();
            assert!(
                took < Duration::from_millis(8),
                "The shop was quiet for {}. Then 3 orders came at once, the bank needed 1 ms for each, and the last receipt was there \
                 after {}. An actor takes the next message when it is there.",
                in_words(quiet),
                in_words(took)
            );
        }
    });
}

/// `place` may be polled by one task, and from then on by another; and shops know nothing of each other.
#[test]
fn shops_are_apart() {
    let (slow, quick) = (Line::new(months()), Line::new(Duration::from_secs(1)));
    day(async {
        let mut busy = Vec::new();
        for _ in 0..5 {
            let shop = slow.open(1);
            // Takes orders in until there is no room, and waits in `place` then.
            busy.push(tokio::spawn(async move {
                for cents in 0..20 {
                    drop(shop.place(cents).await);
                }
            }));
        }
        settle().await;
        let shop = quick.open(1);
        let orders = orders(40);
        let mut receipts = Vec::new();
        for cents in &orders {
            let placed = handed_on("`place`", 20, shop.place(*cents));
            receipts.push(in_time(placed).await.unwrap_or_else(|| stuck(&quick)));
        }
        quick.check_receipts(&orders, receipts).await;
        assert!(
            slow.charged.is_empty(),
            "There are six shops. The banks of five were busy with their first orders, and the 40 orders of the sixth had to wait for \
             them."
        );
        busy.iter().for_each(tokio::task::JoinHandle::abort);
    });
}

/// Something that a right answer is done with; `None` when nothing moves any more.
async fn in_time<F: Future>(future: F) -> Option<F::Output> {
    timeout(YEARS, future).await.ok()
}

fn stuck(line: &Line) -> ! {
    panic!(
        "{} charged. Then nothing moves any more, a customer still waits, and {}. Actors must not wait for each other in a ring.",
        counted(line.charged.len()),
        line.bank_is()
    )
}

fn counted(orders: usize) -> String {
    if orders == 1 { "1 order was".to_owned() } else { format!("{orders} orders were") }
}

fn alive() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// Runs a day in a shop.
fn day(run: impl Future<Output = ()>) {
    stage("the shop is open");
    vt(run);
}

/// The line to the bank, and what was seen of it.
struct Line {
    takes: Duration,
    /// Opens when the bank is ready for its first order, if there is one.
    gate: Arc<Mutex<Option<Gate>>>,
    /// Cents that the bank was asked for, in order, and those that it has charged.
    asked: Arc<Mutex<Vec<u64>>>,
    charged: Log,
    closed: Log,
    base: u64,
    customer: Lane,
    bank: Lane,
}

impl Line {
    fn new(takes: Duration) -> Self {
        let timeline = Timeline::new();
        Self {
            takes,
            gate: Arc::default(),
            asked: Arc::default(),
            charged: Log::new(),
            closed: Log::new(),
            base: pick(10_000..=99_999),
            customer: timeline.lane("customer"),
            bank: timeline.lane("bank"),
        }
    }

    fn open(&self, capacity: usize) -> Shop {
        let bank = Bank {
            takes: self.takes,
            gate: self.gate.clone(),
            asked: self.asked.clone(),
            charged: self.charged.clone(),
            base: self.base,
            lane: self.bank.clone(),
            _open: DropLog::new(&self.closed, "line"),
        };
        Shop::open(capacity, bank)
    }

    fn bank_is(&self) -> &'static str {
        if lock(&self.asked).len() > self.charged.len() {
            "the bank is busy"
        } else {
            "the bank has nothing to do"
        }
    }

    /// What was charged for this code.
    fn cents_of(&self, code: u64) -> Option<u64> {
        let number = usize::try_from(code.checked_sub(self.base)?).ok()?;
        lock(&self.asked).get(number / 7).copied().filter(|_| number % 7 == 0)
    }

    /// Checks that the shop does not hold too many of these orders.
    fn check_held(&self, capacity: usize, receipts: &mut [oneshot::Receiver<Receipt>]) {
        let (taken_in, charged) = (receipts.len(), self.charged.len());
        let (held, most) = (taken_in - charged, 4 * capacity + 4);
        if held <= most {
            return;
        }
        // Nobody else takes a receipt that is there, and the test is over anyway.
        let lost = receipts.iter_mut().filter_map(|receipt| receipt.try_recv().err());
        let lost = lost.filter(|error| *error == TryRecvError::Closed).count();
        assert!(
            lost == 0,
            "With room for {capacity} in each mailbox, {taken_in} orders were taken in when the bank had charged {charged}. {lost} of \
             them are lost: no receipt will come, because their customers' `oneshot` was dropped on the way. A message that finds \
             no room has to wait for it."
        );
        panic!(
            "With room for {capacity} in each mailbox, {taken_in} orders were taken in when the bank had charged {charged}. So {held} \
             wait in the shop, and {most} are allowed. More room only moves the day on which a ring stops, and without a bound nothing \
             slows the customers down: `place` has to wait."
        );
    }

    /// Checks the receipts of a customer, and returns their numbers.
    async fn check_receipts(&self, orders: &[u64], receipts: Vec<oneshot::Receiver<Receipt>>) -> Vec<u64> {
        let mut numbers = Vec::new();
        for (receipt, cents) in receipts.into_iter().zip(orders) {
            let Some(receipt) = in_time(receipt).await else {
                assert!(
                    self.charged.len() < orders.len(),
                    "{} charged, and a customer still waits for the receipt: nothing moves any more. A receipt follows when its order is \
                     charged, whatever else an actor waits for.",
                    counted(orders.len())
                );
                stuck(self)
            };
            let Ok(Receipt { number, code }) = receipt else {
                panic!(
                    "{} orders were taken in, and for the one of {cents} cents no receipt will come: its customer's `oneshot` was \
                     dropped on the way. A message that finds no room has to wait for it.",
                    orders.len()
                );
            };
            numbers.push(number);
            check_eq!(
                self.cents_of(code),
                Some(*cents),
                "A customer paid {cents} cents and got the receipt of another order."
            );
        }
        numbers
    }

    /// Checks the orders of a shop that has a single customer.
    async fn check_all(&self, orders: &[u64], receipts: Vec<oneshot::Receiver<Receipt>>) {
        let numbers = self.check_receipts(orders, receipts).await;
        let asked = lock(&self.asked).clone();
        let odd = asked.iter().zip(orders).position(|(asked, order)| asked != order);
        if let Some(place) = odd {
            panic!(
                "Order number {} was for {} cents, and the bank charged {} cents then. Orders are charged in the order in which they \
                 were taken in.",
                place + 1,
                orders[place],
                asked[place]
            );
        }
        check_eq!(
            asked.len(),
            orders.len(),
            "{} orders were taken in, and the bank charged {}.",
            orders.len(),
            asked.len()
        );
        let odd = numbers.iter().zip(1..).find(|(number, wanted)| *number != wanted);
        if let Some((number, wanted)) = odd {
            panic!(
                "Order number {wanted} of {} has a receipt with the number {number}. The desk numbers orders from 1 on, as it takes \
                 them in.",
                orders.len()
            );
        }
    }
}

struct Bank {
    takes: Duration,
    gate: Arc<Mutex<Option<Gate>>>,
    asked: Arc<Mutex<Vec<u64>>>,
    charged: Log,
    base: u64,
    lane: Lane,
    _open: DropLog,
}

impl exercise::Bank for Bank {
    async fn charge(&mut self, cents: u64) -> u64 {
        let number = {
            let mut asked = lock(&self.asked);
            asked.push(cents);
            asked.len() - 1
        };
        self.lane.mark(format!("charges {cents}"));
        let gate = lock(&self.gate).clone();
        if let Some(gate) = gate {
            gate.wait().await;
        }
        sleep(self.takes).await;
        self.charged.push("an order");
        self.base + 7 * number as u64
    }
}

/// Orders that are known at run time only, with a free one, equal ones, and a large one.
fn orders(count: usize) -> Vec<u64> {
    let base = pick(100..=9_999);
    (0..count as u64).map(|n| if n % 7 < 3 { [base, 0, base][n as usize % 7] } else { base + n }).collect()
}

/// Locks, also after a panic of the code under test.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn number(picked: u64) -> usize {
    usize::try_from(picked).expect("it was picked small enough")
}

fn hours(hours: u64) -> Duration {
    Duration::from_secs(3600 * hours)
}

/// Longer than any guess.
fn months() -> Duration {
    Duration::from_secs(pick(100 * 24 * 3600..=150 * 24 * 3600))
}

/// More than all waits of a test together: with virtual time, it costs nothing.
const YEARS: Duration = Duration::from_secs(600 * 24 * 3600);
