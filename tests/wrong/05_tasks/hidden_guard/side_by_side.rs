//! fails: mails_go_out_in_order
//! says: Up to 3 of 3 mails were being sent

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

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
        let mut tasks = JoinSet::new();
        for mail in outbox.mails.lock().unwrap().drain(..) {
            let line = line.clone();
            tasks.spawn(async move { line.send(mail).await });
        }
        if tasks.is_empty() {
            return;
        }
        tasks.join_all().await;
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
