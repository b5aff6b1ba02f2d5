//! fails: many_threads_drain_an_outbox
//! says: Several threads emptied one outbox, and `drain` panicked. Between two locks, another call may take the mail that you have seen: check and take under one lock

// Several calls may empty the same outbox at once; looked at under one lock and taken under the next, the last mail may be gone, and it panics.

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
    while !outbox.mails.lock().unwrap().is_empty() {
        let mail = outbox.mails.lock().unwrap().pop_front().expect("there is one");
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
