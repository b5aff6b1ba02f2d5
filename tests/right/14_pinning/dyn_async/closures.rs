//! A list of boxed closures that own the check in an Arc and return a boxed future; no second trait.

use std::pin::Pin;
use std::sync::Arc;
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
type Run = Box<dyn Fn(&Order) -> Found<'_> + Send + Sync>;

fn start<C: Check>(check: Arc<C>, order: &Order) -> Found<'_> {
    Box::pin(async move { check.run(order).await })
}

#[derive(Default)]
pub struct Checks {
    list: Vec<Run>,
}

impl Checks {
    pub fn add(&mut self, check: impl Check) {
        let check = Arc::new(check);
        let run: Run = Box::new(move |order: &Order| start(Arc::clone(&check), order));
        self.list.push(run);
    }

    /// Orders are checked in tasks, many at the same time. If a check panics, so does `objection`.
    pub async fn objection(&self, order: &Order) -> Option<String> {
        for check in &self.list {
            let found = check(order).await;
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
