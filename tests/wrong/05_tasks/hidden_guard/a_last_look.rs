//! fails: one_mail_goes_out_after_another
//! says: There is nothing else to wait for

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

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
    for _ in 0..2 {
        loop {
            let Some(mail) = outbox.mails.lock().unwrap().pop_front() else { break };
            line.send(mail).await;
        }
        // Perhaps somebody puts one more in.
        tokio::time::sleep(Duration::from_millis(50)).await;
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
