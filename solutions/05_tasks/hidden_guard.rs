//! An outbox collects mails. `drain` sends them, the oldest first, and others may put more in meanwhile.
//!
//! Where the guard was: `outbox.mails.lock().unwrap()` is a value without a name, a temporary. In the head of a `while
//! let` (or an `if let` or a `match`), temporaries live as long as the body does, because what was matched could borrow
//! from them. So the lock was held during each `send`. If the compiler had allowed that, `put` would have blocked its
//! thread until the mail was sent.
//!
//! In a `let` statement, temporaries end at the semicolon. So a separate statement takes the mail, and the guard is
//! gone before the wait. `let Some(mail) = … else { break };` does the same in one line. Edition 2024 has changed only
//! one thing here: the temporaries of an `if let` end before its `else`.

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
    loop {
        // The guard lives only to the end of this statement.
        let next = outbox.mails.lock().unwrap().pop_front();
        let Some(mail) = next else { break };
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
