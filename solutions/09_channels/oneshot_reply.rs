//! A shop asks its bank for exchange rates: an actor that owns the line to the bank, and an answer for each question.
//!
//! Why customers got the wrong rates: all answers came back through one channel, and the only thing that said whose answer it
//! was, was the order. A customer who left did not take their question along. Its answer stayed in the channel, and the next
//! customer took it; from then on everybody was one answer behind. Emptying the channel first does not help, because the
//! answer may come later.
//!
//! With a oneshot channel in each question, the answer has an address. When the customer is gone, so is the receiver: `send`
//! gives the answer back, and nobody else can get it. No lock is needed around the answers, and no order.
//!
//! The ends also tell what has become of the other side. If the bank panics, the task is dropped with its receiver, with the
//! questions in it, and with their reply senders: whoever waits gets an `Err`, and so does every later `send`.
//!
//! Numbered questions work, too: each answer carries the number of its question, and a customer ignores other numbers.
//! Protocols over one wire do it like that. Inside a program a oneshot channel is the simpler address.

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
