//! A slot and a waker under one mutex for each question; the other half tells when it is dropped.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use tokio::sync::mpsc;
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

#[derive(Default)]
struct Slot {
    answer: Option<Result<u32, Gone>>,
    waker: Option<Waker>,
}

/// The half that gives the answer. Dropped without one, it answers that the line is gone.
struct Reply(Arc<Mutex<Slot>>);

impl Reply {
    fn put(&self, answer: Result<u32, Gone>) {
        let waker = {
            let mut slot = self.0.lock().unwrap();
            slot.answer.get_or_insert(answer);
            slot.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.put(Err(Gone));
    }
}

pub struct Desk {
    questions: mpsc::UnboundedSender<(String, Reply)>,
}

impl Desk {
    /// Starts the task that talks to the bank. It ends, and drops the bank, when the desk is dropped.
    pub fn open(mut bank: impl Bank) -> Self {
        let (questions, mut asked) = mpsc::unbounded_channel::<(String, Reply)>();
        tokio::spawn(async move {
            while let Some((currency, reply)) = asked.recv().await {
                reply.put(Ok(bank.quote(currency).await));
            }
        });
        Self { questions }
    }

    /// Rates change, so each call is a question to the bank. If `quote` panics, the line is lost: every call that waits, and
    /// every later one, returns `Gone`.
    pub async fn rate(&self, currency: &str) -> Result<u32, Gone> {
        let slot = Arc::new(Mutex::new(Slot::default()));
        let question = (currency.to_owned(), Reply(slot.clone()));
        self.questions.send(question).map_err(|_| Gone)?;
        poll_fn(|context| {
            let waker = context.waker().clone();
            let mut slot = slot.lock().unwrap();
            match slot.answer.take() {
                Some(answer) => Poll::Ready(answer),
                None => {
                    slot.waker = Some(waker);
                    Poll::Pending
                }
            }
        })
        .await
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
