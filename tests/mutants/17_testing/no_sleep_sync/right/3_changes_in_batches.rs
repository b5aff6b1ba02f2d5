//! It makes all changes that have been asked for together, and tells only the last version.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep;

pub struct Prices {
    known: Arc<Mutex<BTreeMap<String, u32>>>,
    changes: mpsc::UnboundedSender<(String, u32)>,
    version: watch::Receiver<usize>,
    work: JoinHandle<usize>,
}

impl Prices {
    pub fn open() -> Self {
        let known = Arc::new(Mutex::new(BTreeMap::new()));
        let (changes, mut queue) = mpsc::unbounded_channel();
        let (told, version) = watch::channel(0);
        let list = Arc::clone(&known);
        let work = tokio::spawn(async move {
            sleep(Duration::from_millis(20)).await;
            list.lock().unwrap().extend([("apples".to_owned(), 30), ("pears".to_owned(), 45)]);
            told.send_replace(1);
            let mut applied = 0;
            let mut batch = Vec::new();
            while queue.recv_many(&mut batch, 1000).await > 0 {
                sleep(Duration::from_secs(90)).await;
                applied += batch.len();
                list.lock().unwrap().extend(batch.drain(..));
                told.send_replace(1 + applied);
            }
            applied
        });
        Self { known, changes, version, work }
    }

    pub fn get(&self, name: &str) -> Option<u32> {
        self.known.lock().unwrap().get(name).copied()
    }

    pub fn set(&self, name: &str, price: u32) {
        let _ = self.changes.send((name.to_owned(), price));
    }

    pub fn version(&self) -> watch::Receiver<usize> {
        self.version.clone()
    }

    pub async fn close(self) -> usize {
        drop(self.changes);
        self.work.await.unwrap()
    }
}
