//! fails: a_customer_who_left_disturbs_nobody
//! says: the answer to the question of the one who had left. The answer to its own question was
//!
//! Each answer carries its currency: a customer takes an older answer for the same one.

use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
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

pub struct Desk {
    questions: mpsc::Sender<String>,
    answers: Mutex<mpsc::Receiver<(String, u32)>>,
}

impl Desk {
    /// Starts the task that talks to the bank. It ends, and drops the bank, when the desk is dropped.
    pub fn open(mut bank: impl Bank) -> Self {
        let (questions, mut asked) = mpsc::channel::<String>(16);
        let (reply, answers) = mpsc::channel(16);
        tokio::spawn(async move {
            while let Some(currency) = asked.recv().await {
                let rate = bank.quote(currency.clone()).await;
                if reply.send((currency, rate)).await.is_err() {
                    return;
                }
            }
        });
        Self { questions, answers: Mutex::new(answers) }
    }

    /// Rates change, so each call is a question to the bank. If `quote` panics, the line is lost: every call that waits, and
    /// every later one, returns `Gone`.
    pub async fn rate(&self, currency: &str) -> Result<u32, Gone> {
        let mut answers = self.answers.lock().await;
        self.questions.send(currency.to_owned()).await.map_err(|_| Gone)?;
        loop {
            let (name, rate) = answers.recv().await.ok_or(Gone)?;
            // Other currencies belong to customers who have left.
            if name == currency {
                return Ok(rate);
            }
        }
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
