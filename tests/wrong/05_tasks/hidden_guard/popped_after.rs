//! fails: several_drains_share_an_outbox
//! says: While it was being sent, another call still found it in the outbox
//!
//! The mail stays in front until it was sent: two drains of one outbox side by side send the same mail twice, and
//! the second pop throws away a mail that was put in meanwhile and never sent.

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
        let oldest = outbox.mails.lock().unwrap().front().cloned();
        let Some(mail) = oldest else { break };
        line.send(mail).await;
        outbox.mails.lock().unwrap().pop_front();
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
