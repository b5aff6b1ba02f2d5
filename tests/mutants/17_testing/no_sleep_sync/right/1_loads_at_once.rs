//! It is loaded when `open` returns, and makes each change at once.

use std::collections::BTreeMap;
use std::sync::Mutex;

use tokio::sync::watch;

pub struct Prices {
    known: Mutex<BTreeMap<String, u32>>,
    version: watch::Sender<usize>,
}

impl Prices {
    pub fn open() -> Self {
        let known = BTreeMap::from([("apples".to_owned(), 30), ("pears".to_owned(), 45)]);
        Self { known: Mutex::new(known), version: watch::Sender::new(1) }
    }

    pub fn get(&self, name: &str) -> Option<u32> {
        self.known.lock().unwrap().get(name).copied()
    }

    pub fn set(&self, name: &str, price: u32) {
        self.known.lock().unwrap().insert(name.to_owned(), price);
        self.version.send_modify(|version| *version += 1);
    }

    pub fn version(&self) -> watch::Receiver<usize> {
        self.version.subscribe()
    }

    pub async fn close(self) -> usize {
        *self.version.borrow() - 1
    }
}
