//! fails: right_loads_at_once
//! says: Your test `every_version_is_seen` fails on a correct implementation. It is loaded when `open`
//!
//! Over-specifies the receiver: it has to see each version with changed(), though it may miss some.

mod prices {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use tokio::sync::{mpsc, watch};
    use tokio::task::JoinHandle;
    use tokio::time::sleep;

    /// A price list. It knows nothing until it has loaded apples for 30 and pears for 45. Whatever it does takes a
    /// while.
    pub struct Prices {
        known: Arc<Mutex<BTreeMap<String, u32>>>,
        changes: mpsc::UnboundedSender<(String, u32)>,
        version: watch::Receiver<usize>,
        work: JoinHandle<usize>,
    }

    impl Prices {
        /// Begins to load the list. It is loaded when this returns, or some time later.
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
                while let Some((name, price)) = queue.recv().await {
                    sleep(Duration::from_millis(5)).await;
                    list.lock().unwrap().insert(name, price);
                    applied += 1;
                    told.send_replace(1 + applied);
                }
                applied
            });
            Self { known, changes, version, work }
        }

        /// The price of an article as it is known at this moment.
        pub fn get(&self, name: &str) -> Option<u32> {
            self.known.lock().unwrap().get(name).copied()
        }

        /// Asks for a change. It is made at once, or some time later, but not before the list is loaded, nor before
        /// the changes that were asked for earlier.
        pub fn set(&self, name: &str, price: u32) {
            let _ = self.changes.send((name.to_owned(), price));
        }

        /// The version of the list: 0 as long as it is not loaded, then 1, and one more with each change that has
        /// been made. When a receiver shows a version, `get` has its prices. A receiver may miss versions in
        /// between.
        pub fn version(&self) -> watch::Receiver<usize> {
            self.version.clone()
        }

        /// Makes the changes that have been asked for, ends the task, and returns how many changes there were in
        /// all.
        pub async fn close(self) -> usize {
            drop(self.changes);
            self.work.await.unwrap()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::prices::Prices;

    const PATIENCE: Duration = Duration::from_secs(3600);

    #[tokio::test(start_paused = true)]
    async fn every_version_is_seen() {
        let prices = Prices::open();
        let mut version = prices.version();
        timeout(PATIENCE, version.changed()).await.unwrap().unwrap();
        assert_eq!(*version.borrow_and_update(), 1);
        assert_eq!(prices.get("apples"), Some(30));
        assert_eq!(prices.get("pears"), Some(45));
        prices.set("apples", 31);
        prices.set("apples", 32);
        prices.set("plums", 33);
        timeout(PATIENCE, version.changed()).await.unwrap().unwrap();
        assert_eq!(*version.borrow_and_update(), 2);
        assert_eq!(prices.get("apples"), Some(31));
        timeout(PATIENCE, version.changed()).await.unwrap().unwrap();
        assert_eq!(*version.borrow_and_update(), 3);
        assert_eq!(prices.get("apples"), Some(32));
        timeout(PATIENCE, version.changed()).await.unwrap().unwrap();
        assert_eq!(*version.borrow_and_update(), 4);
        assert_eq!(prices.get("plums"), Some(33));
        assert_eq!(timeout(PATIENCE, prices.close()).await.unwrap(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn close_makes_the_changes() {
        let prices = Prices::open();
        let version = prices.version();
        prices.set("apples", 35);
        prices.set("pears", 50);
        assert_eq!(timeout(PATIENCE, prices.close()).await.unwrap(), 2);
        assert_eq!(*version.borrow(), 3);
    }
}

#[tokio::main]
async fn main() {
    let prices = prices::Prices::open();
    let mut version = prices.version();
    version.wait_for(|version| *version > 0).await.unwrap();
    prices.set("apples", 35);
    version.changed().await.unwrap();
    println!("apples cost {:?}", prices.get("apples"));
    println!("{} change", prices.close().await);
}
