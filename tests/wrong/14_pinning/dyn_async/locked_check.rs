//! fails: orders_do_not_wait_for_each_other
//! says: An order waits for its own checks, and for no other order
//!
//! Orders are checked many at the same time: the lock of a check is held across its await, so other orders wait for it.

use std::pin::Pin;
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

type Found<'a> = Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;

trait DynCheck: Send + Sync {
    fn run_boxed<'a>(&'a self, order: &'a Order) -> Found<'a>;
}

impl<C: Check> DynCheck for C {
    fn run_boxed<'a>(&'a self, order: &'a Order) -> Found<'a> {
        Box::pin(self.run(order))
    }
}

#[derive(Default)]
pub struct Checks {
    list: Vec<tokio::sync::Mutex<Box<dyn DynCheck>>>,
}

impl Checks {
    pub fn add(&mut self, check: impl Check) {
        self.list.push(tokio::sync::Mutex::new(Box::new(check)));
    }

    /// Orders are checked in tasks, many at the same time. If a check panics, so does `objection`.
    pub async fn objection(&self, order: &Order) -> Option<String> {
        for check in &self.list {
            let check = check.lock().await;
            let found = check.run_boxed(order).await;
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
