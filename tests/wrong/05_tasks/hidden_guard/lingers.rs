//! fails: one_mail_goes_out_after_another
//! says: ms later. It returns when the outbox is empty, and does not wait for more mails

// Returns when the outbox is empty; this one waits a millisecond more, for a straggler.

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
        let mail = outbox.mails.lock().unwrap().pop_front();
        if let Some(mail) = mail {
            line.send(mail).await;
            continue;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        if outbox.mails.lock().unwrap().is_empty() {
            return;
        }
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
