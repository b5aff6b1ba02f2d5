//! Each check knows those before it, and the trait of the list has two methods.

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

/// What a call through `dyn` returns.
type Found<'a> = Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;

trait Chain: Send + Sync {
    fn find<'a>(&'a self, order: &'a Order) -> Found<'a>;
}

struct Nobody;

impl Chain for Nobody {
    fn find<'a>(&'a self, _: &'a Order) -> Found<'a> {
        Box::pin(std::future::ready(None))
    }
}

struct Link<C> {
    before: Box<dyn Chain>,
    check: C,
}

impl<C: Check> Chain for Link<C> {
    fn find<'a>(&'a self, order: &'a Order) -> Found<'a> {
        Box::pin(async move {
            match self.before.find(order).await {
                None => self.check.run(order).await,
                found => found,
            }
        })
    }
}

pub struct Checks {
    chain: Box<dyn Chain>,
}

impl Default for Checks {
    fn default() -> Self {
        Self { chain: Box::new(Nobody) }
    }
}

impl Checks {
    pub fn add(&mut self, check: impl Check) {
        let before = std::mem::replace(&mut self.chain, Box::new(Nobody));
        self.chain = Box::new(Link { before, check });
    }

    /// Orders are checked in tasks, many at the same time. If a check panics, so does `objection`.
    pub async fn objection(&self, order: &Order) -> Option<String> {
        self.chain.find(order).await
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
