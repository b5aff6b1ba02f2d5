//! fails: a_lost_line_is_gone_for_everybody
//! says: Without the line there are no answers
//!
//! A task for each question and a lock around the bank: after a panic the next one asks on.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

/// The line to the bank is lost.
#[derive(Debug, PartialEq)]
pub struct Gone;

/// Tests bring their own.
pub trait Bank: Send + 'static {
    /// Asks for the rate of a currency. A question that the bank has begun to answer must not be dropped: the bank would
    /// hang up.
    fn quote(&mut self, currency: String) -> impl Future<Output = u32> + Send;
}

type Answer<'a> = Pin<Box<dyn Future<Output = u32> + Send + 'a>>;

trait Line: Send {
    fn ask(&mut self, currency: String) -> Answer<'_>;
}

impl<B: Bank> Line for B {
    fn ask(&mut self, currency: String) -> Answer<'_> {
        Box::pin(self.quote(currency))
    }
}

pub struct Desk {
    bank: Arc<Mutex<dyn Line>>,
}

impl Desk {
    /// Starts the task that talks to the bank. It ends, and drops the bank, when the desk is dropped.
    pub fn open(bank: impl Bank) -> Self {
        Self { bank: Arc::new(Mutex::new(bank)) }
    }

    /// Rates change, so each call is a question to the bank. If `quote` panics, the line is lost: every call that waits, and
    /// every later one, returns `Gone`.
    pub async fn rate(&self, currency: &str) -> Result<u32, Gone> {
        let (bank, currency) = (self.bank.clone(), currency.to_owned());
        let asking = tokio::spawn(async move { bank.lock().await.ask(currency).await });
        asking.await.map_err(|_| Gone)
    }
}

struct Branch;

impl Bank for Branch {
    async fn quote(&mut self, currency: String) -> u32 {
        sleep(Duration::from_millis(200)).await;
        match currency.as_str() {
            "CHF" => 104,
            "JPY" => 171,
            _ => 118,
        }
    }
}

#[tokio::main]
async fn main() {
    let desk = Desk::open(Branch);
    println!("CHF is 104, and the customer gets {:?}", desk.rate("CHF").await);
    println!("USD: {:?}", timeout(Duration::from_millis(50), desk.rate("USD")).await);
    println!("JPY is 171, and the customer gets {:?}", desk.rate("JPY").await);
    println!("CHF is 104, and the customer gets {:?}", desk.rate("CHF").await);
}
