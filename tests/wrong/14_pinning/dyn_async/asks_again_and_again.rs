//! fails: the_first_objection_counts
//! says: asks again and again
//!
//! Polls with a waker that wakes nobody, and yields.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::sleep;

/// It can hold thousands of items, so nobody makes a copy of it.
pub struct Order {
    pub customer: String,
    pub cents: Vec<u64>,
}

/// Other teams write these, each with an `async fn run`, as `CreditLimit` below has it.
pub trait Check: Send + Sync + 'static {
    /// What is wrong with the order; `None` if nothing is.
    fn run(&self, order: &Order) -> impl Future<Output = Option<String>> + Send;
}

/// What every call through `dyn` returns. The future borrows the check and the order: `'a` is as long as both are there.
type Run<'a> = Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;

/// A check as the list sees it: each call returns two pointers, whatever future is behind them.
trait DynCheck: Send + Sync {
    fn run_boxed<'a>(&'a self, order: &'a Order) -> Run<'a>;
}

impl<C: Check> DynCheck for C {
    fn run_boxed<'a>(&'a self, order: &'a Order) -> Run<'a> {
        Box::pin(self.run(order))
    }
}

#[derive(Default)]
pub struct Checks {
    list: Vec<Box<dyn DynCheck>>,
}

impl Checks {
    pub fn add(&mut self, check: impl Check) {
        self.list.push(Box::new(check));
    }

    /// Orders are checked in tasks, many at the same time. If a check panics, so does `objection`.
    pub async fn objection(&self, order: &Order) -> Option<String> {
        for check in &self.list {
            let mut run = check.run_boxed(order);
            let found = loop {
                let poll = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                match poll {
                    Poll::Ready(found) => break found,
                    Poll::Pending => tokio::task::yield_now().await,
                }
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

struct CreditLimit {
    cents: u64,
}

impl Check for CreditLimit {
    async fn run(&self, order: &Order) -> Option<String> {
        sleep(Duration::from_millis(200)).await;
        let sum: u64 = order.cents.iter().sum();
        (sum > self.cents).then(|| format!("{} may not owe {sum} cents", order.customer))
    }
}

struct KnownCustomer;

impl Check for KnownCustomer {
    async fn run(&self, order: &Order) -> Option<String> {
        sleep(Duration::from_millis(100)).await;
        order.customer.is_empty().then(|| "nobody has ordered this".to_owned())
    }
}

fn main() {
    let mut checks = Checks::default();
    checks.add(KnownCustomer);
    checks.add(CreditLimit { cents: 10_000 });

    let runtime = tokio::runtime::Runtime::new().expect("the system has room for a runtime");
    let order = Order { customer: "Ada".to_owned(), cents: vec![7_000, 4_500] };
    println!("{:?}", runtime.block_on(checks.objection(&order)));
}
