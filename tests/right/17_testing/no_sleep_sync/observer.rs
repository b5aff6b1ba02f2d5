//! An observer compares each version that it sees with a model of the list; several plans of changes.

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
    use std::collections::BTreeMap;
    use std::time::Duration;

    use tokio::time::{sleep, timeout};

    use super::prices::Prices;

    const LONG: Duration = Duration::from_secs(2 * 60 * 60);
    const ARTICLES: [&str; 5] = ["apples", "pears", "plums", "nuts", "figs"];

    type Plan = &'static [(&'static str, u32)];

    const PLANS: [Plan; 6] = [
        &[],
        &[("apples", 35)],
        &[("plums", 20), ("pears", 46), ("apples", 31)],
        &[("apples", 31), ("apples", 32), ("apples", 33)],
        &[("nuts", 0), ("figs", 1), ("nuts", 2), ("figs", 3), ("pears", 4)],
        &[("figs", 1), ("apples", 2), ("figs", 3), ("apples", 4), ("figs", 5), ("apples", 6), ("plums", 7)],
    ];

    /// What is known in each version.
    fn model(plan: Plan) -> Vec<BTreeMap<&'static str, u32>> {
        let mut known = BTreeMap::from([("apples", 30), ("pears", 45)]);
        let mut versions = vec![BTreeMap::new(), known.clone()];
        for (name, price) in plan {
            known.insert(*name, *price);
            versions.push(known.clone());
        }
        versions
    }

    /// Looks at the list each time the version changes, until it is the last one.
    async fn observe(prices: &Prices, plan: Plan) {
        let versions = model(plan);
        let last = versions.len() - 1;
        let mut receiver = prices.version();
        let mut before = 0;
        loop {
            let now = *receiver.borrow_and_update();
            assert!(now >= before, "{now} after {before}");
            assert!(now <= last, "version {now} of {last}");
            for name in ARTICLES {
                let got = prices.get(name);
                // The list may be ahead of its version, but not behind.
                let possible = versions[now..].iter().any(|known| known.get(name).copied() == got);
                assert!(possible, "version {now}: {name} for {got:?}");
            }
            if now == last {
                return;
            }
            before = now;
            let next = timeout(LONG, receiver.wait_for(|version| *version != now)).await;
            assert!(next.expect("the next version never comes").is_ok(), "the task has ended");
        }
    }

    fn ask(prices: &Prices, plan: Plan) {
        for (name, price) in plan {
            prices.set(name, *price);
        }
    }

    async fn close(prices: Prices) -> usize {
        timeout(LONG * 10, prices.close()).await.expect("close never ends")
    }

    /// All that is to come has come: nothing else may change.
    async fn rest(prices: &Prices, plan: Plan) {
        sleep(LONG).await;
        let versions = model(plan);
        assert_eq!(*prices.version().borrow(), versions.len() - 1);
        let last = versions.last().unwrap();
        for name in ARTICLES {
            assert_eq!(prices.get(name), last.get(name).copied(), "{name}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn changes_after_the_list_is_loaded() {
        for plan in PLANS {
            let prices = Prices::open();
            observe(&prices, &[]).await;
            rest(&prices, &[]).await;
            ask(&prices, plan);
            observe(&prices, plan).await;
            rest(&prices, plan).await;
            assert_eq!(close(prices).await, plan.len());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn changes_before_the_list_is_loaded() {
        for plan in PLANS {
            let prices = Prices::open();
            ask(&prices, plan);
            observe(&prices, plan).await;
            rest(&prices, plan).await;
            assert_eq!(close(prices).await, plan.len());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn changes_while_somebody_watches() {
        for plan in PLANS {
            let prices = Prices::open();
            let change = async {
                for (name, price) in plan {
                    sleep(Duration::from_millis(7)).await;
                    prices.set(name, *price);
                }
            };
            tokio::join!(observe(&prices, plan), observe(&prices, plan), change);
            rest(&prices, plan).await;
            assert_eq!(close(prices).await, plan.len());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_change_after_the_other() {
        for plan in PLANS {
            let prices = Prices::open();
            observe(&prices, &[]).await;
            for made in 1..=plan.len() {
                let (name, price) = plan[made - 1];
                prices.set(name, price);
                observe(&prices, &plan[..made]).await;
                assert_eq!(prices.get(name), Some(price));
            }
            rest(&prices, plan).await;
            assert_eq!(close(prices).await, plan.len());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn close_makes_all_changes() {
        for plan in PLANS {
            for wait in [false, true] {
                let prices = Prices::open();
                if wait {
                    observe(&prices, &[]).await;
                }
                ask(&prices, plan);
                let receiver = prices.version();
                assert_eq!(close(prices).await, plan.len());
                if wait || !plan.is_empty() {
                    assert_eq!(*receiver.borrow(), 1 + plan.len());
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_list_is_loaded_as_a_whole() {
        let prices = Prices::open();
        let mut receiver = prices.version();
        let look = async {
            for _ in 0..1000 {
                let apples = prices.get("apples");
                let pears = prices.get("pears");
                assert!(apples.is_none() || pears.is_some());
                let pears = prices.get("pears");
                let apples = prices.get("apples");
                assert!(pears.is_none() || apples.is_some());
                sleep(Duration::from_millis(1)).await;
            }
        };
        look.await;
        let loaded = timeout(LONG, receiver.wait_for(|version| *version > 0)).await;
        assert!(loaded.expect("it is never loaded").is_ok());
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
