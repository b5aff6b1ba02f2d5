//! An outbox collects mails. `drain` sends them, the oldest first, and others may put more in meanwhile.
//!
//! Where the guard was: `outbox.mails.lock().unwrap()` is a value without a name, a temporary. In the head of a
//! `while let` (an `if let` or a `match` is the same) temporaries live as long as the body does, because what was matched
//! could borrow from them. So the lock was held during each `send`. Had the compiler let it pass, `put` would have
//! blocked its thread until the mail was sent.
//!
//! In a `let` statement, temporaries end at the semicolon. So the mail is taken in a statement of its own, and the guard
//! is gone before the wait. `let Some(mail) = … else { break };` does the same in one line. In one thing only edition 2024
//! has changed this: the temporaries of an `if let` end before its `else`.

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

/// The way out, which is slow. Tests bring their own.
pub trait Line: Send + Sync + 'static {
    fn send(&self, mail: String) -> impl Future<Output = ()> + Send;
}

pub async fn drain<L: Line>(outbox: Arc<Outbox>, line: Arc<L>) {
    loop {
        // The guard lives to the end of this statement and no longer.
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
