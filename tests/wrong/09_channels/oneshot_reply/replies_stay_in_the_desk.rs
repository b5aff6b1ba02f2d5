//! fails: a_lost_line_is_gone_for_everybody
//! says: later. When nobody is left who could answer, a customer gets `Gone`
//!
//! The reply senders wait in a list of the desk, and nobody drops them when the line is lost.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
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

type Waiting = Arc<Mutex<VecDeque<oneshot::Sender<u32>>>>;

pub struct Desk {
    questions: mpsc::UnboundedSender<String>,
    waiting: Waiting,
}

impl Desk {
    /// Starts the task that talks to the bank. It ends, and drops the bank, when the desk is dropped.
    pub fn open(mut bank: impl Bank) -> Self {
        let (questions, mut asked) = mpsc::unbounded_channel();
        let waiting = Waiting::default();
        let replies = waiting.clone();
        tokio::spawn(async move {
            while let Some(currency) = asked.recv().await {
                let rate = bank.quote(currency).await;
                let reply = replies.lock().unwrap().pop_front();
                if let Some(reply) = reply {
                    let _ = reply.send(rate);
                }
            }
        });
        Self { questions, waiting }
    }

    /// Rates change, so each call is a question to the bank. If `quote` panics, the line is lost: every call that waits, and
    /// every later one, returns `Gone`.
    pub async fn rate(&self, currency: &str) -> Result<u32, Gone> {
        let (reply, answer) = oneshot::channel();
        self.waiting.lock().unwrap().push_back(reply);
        self.questions.send(currency.to_owned()).map_err(|_| Gone)?;
        answer.await.map_err(|_| Gone)
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
