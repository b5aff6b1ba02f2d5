//! An outbox collects mails. `drain` sends them one after another, the oldest first, and
//! returns when the outbox is empty. While it sends a mail, anybody may put more in, even
//! code that is not async, and `drain` sends those too. Several calls of `drain` may empty
//! the same outbox at once; each mail still goes out only once.
//!
//! The compiler says "future cannot be sent between threads safely": a guard of the lock is
//! alive while `send` waits. But no variable holds a guard.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

#[derive(Default)]
pub struct Outbox {
    mails: Mutex<VecDeque<String>>,
}

impl Outbox {
    pub fn put(&self, mail: String) {
        self.mails.lock().unwrap().push_back(mail);
    }
}

/// Sends mails, slowly. Tests bring their own.
pub trait Line: Send + Sync + 'static {
    fn send(&self, mail: String) -> impl Future<Output = ()> + Send;
}

pub async fn drain<L: Line>(outbox: Arc<Outbox>, line: Arc<L>) {
    while let Some(mail) = outbox.mails.lock().unwrap().pop_front() {
        line.send(mail).await;
    }
}

struct Pigeon;

impl Line for Pigeon {
    async fn send(&self, mail: String) {
        tokio::task::yield_now().await;
        println!("sent: {mail}");
    }
}

#[tokio::main]
async fn main() {
    let outbox = Arc::new(Outbox::default());
    outbox.put("hello".to_owned());
    outbox.put("how are you?".to_owned());
    tokio::spawn(drain(outbox, Arc::new(Pigeon))).await.expect("draining does not panic");
}
