//! fails: mails_put_in_meanwhile_go_out_too
//! says: : the oldest first
//!
//! The rest is put back behind the mails that came in meanwhile: the oldest is not sent first any more.

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
        let mut mails = std::mem::take(&mut *outbox.mails.lock().unwrap());
        let Some(mail) = mails.pop_front() else { break };
        line.send(mail).await;
        outbox.mails.lock().unwrap().append(&mut mails);
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
