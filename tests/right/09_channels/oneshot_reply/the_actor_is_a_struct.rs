//! The actor as a struct with methods, and messages as an enum.

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

enum Message {
    Rate { currency: String, reply: oneshot::Sender<u32> },
}

struct Line<B> {
    bank: B,
    inbox: mpsc::Receiver<Message>,
}

impl<B: Bank> Line<B> {
    async fn run(mut self) {
        while let Some(message) = self.inbox.recv().await {
            self.handle(message).await;
        }
    }

    async fn handle(&mut self, message: Message) {
        match message {
            Message::Rate { currency, reply } => {
                let rate = self.bank.quote(currency).await;
                let _ = reply.send(rate);
            }
        }
    }
}

pub struct Desk {
    line: mpsc::Sender<Message>,
}

impl Desk {
    /// Starts the task that talks to the bank. It ends, and drops the bank, when the desk is dropped.
    pub fn open(bank: impl Bank) -> Self {
        let (line, inbox) = mpsc::channel(1);
        tokio::spawn(Line { bank, inbox }.run());
        Self { line }
    }

    /// Rates change, so each call is a question to the bank. If `quote` panics, the line is lost: every call that waits, and
    /// every later one, returns `Gone`.
    pub async fn rate(&self, currency: &str) -> Result<u32, Gone> {
        let (reply, answer) = oneshot::channel();
        let message = Message::Rate { currency: currency.to_owned(), reply };
        if self.line.send(message).await.is_err() {
            return Err(Gone);
        }
        answer.await.or(Err(Gone))
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
