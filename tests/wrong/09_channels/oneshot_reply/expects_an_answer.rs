//! fails: a_lost_line_is_gone_for_everybody
//! says: The bank panicked, and so did the call of the customer whose question it was. That the line is
//!
//! Panics when the line is lost.

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

struct Question {
    currency: String,
    reply: oneshot::Sender<u32>,
}

pub struct Desk {
    questions: mpsc::Sender<Question>,
}

impl Desk {
    /// Starts the task that talks to the bank. It ends, and drops the bank, when the desk is dropped.
    pub fn open(mut bank: impl Bank) -> Self {
        let (questions, mut asked) = mpsc::channel::<Question>(16);
        tokio::spawn(async move {
            while let Some(Question { currency, reply }) = asked.recv().await {
                let rate = bank.quote(currency).await;
                // Fails if the customer has left. The next one is still waiting.
                let _ = reply.send(rate);
            }
        });
        Self { questions }
    }

    /// Rates change, so each call is a question to the bank. If `quote` panics, the line is lost: every call that waits, and
    /// every later one, returns `Gone`.
    pub async fn rate(&self, currency: &str) -> Result<u32, Gone> {
        let (reply, answer) = oneshot::channel();
        let question = Question { currency: currency.to_owned(), reply };
        self.questions.send(question).await.map_err(|_| Gone)?;
        Ok(answer.await.expect("the bank answers"))
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
