//! A test for each promise: paused clock, wait_for on the version with an end to the patience; changed() only to see the end of the task.

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

    use tokio::sync::watch;
    use tokio::time::{sleep, timeout};

    use super::prices::Prices;

    const PATIENCE: Duration = Duration::from_secs(10 * 60 * 60);

    async fn patiently<T>(what: impl Future<Output = T>) -> T {
        timeout(PATIENCE, what).await.expect("it never happens")
    }

    async fn reach(version: &mut watch::Receiver<usize>, wanted: usize) {
        patiently(version.wait_for(|version| *version >= wanted)).await.expect("the task has ended");
    }

    async fn loaded() -> (Prices, watch::Receiver<usize>) {
        let prices = Prices::open();
        let mut version = prices.version();
        reach(&mut version, 1).await;
        (prices, version)
    }

    fn show(version: &watch::Receiver<usize>) -> usize {
        *version.borrow()
    }

    #[tokio::test(start_paused = true)]
    async fn the_list_is_loaded() {
        let prices = Prices::open();
        let mut version = prices.version();
        assert!(show(&version) <= 1);
        assert_eq!(prices.get("plums"), None);
        reach(&mut version, 1).await;
        assert_eq!(show(&version), 1);
        assert_eq!(prices.get("apples"), Some(30));
        assert_eq!(prices.get("pears"), Some(45));
        assert_eq!(prices.get("plums"), None);
        assert_eq!(show(&prices.version()), 1);
        assert_eq!(patiently(prices.close()).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_is_made_and_told() {
        let (prices, mut version) = loaded().await;
        prices.set("apples", 35);
        reach(&mut version, 2).await;
        assert_eq!(show(&version), 2);
        assert_eq!(prices.get("apples"), Some(35));
        assert_eq!(prices.get("pears"), Some(45));
        prices.set("plums", 20);
        reach(&mut version, 3).await;
        assert_eq!(show(&version), 3);
        assert_eq!(prices.get("plums"), Some(20));
        assert_eq!(prices.get("apples"), Some(35));
        prices.set("plums", 0);
        reach(&mut version, 4).await;
        assert_eq!(show(&version), 4);
        assert_eq!(prices.get("plums"), Some(0));
        assert_eq!(patiently(prices.close()).await, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_happens_without_a_change() {
        let (prices, mut version) = loaded().await;
        sleep(PATIENCE).await;
        assert_eq!(show(&version), 1);
        prices.set("apples", 31);
        reach(&mut version, 2).await;
        sleep(PATIENCE).await;
        assert_eq!(show(&version), 2);
        assert_eq!(prices.get("apples"), Some(31));
        assert_eq!(prices.get("pears"), Some(45));
        prices.set("pears", 46);
        reach(&mut version, 3).await;
        assert_eq!(prices.get("pears"), Some(46));
        assert_eq!(patiently(prices.close()).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_before_the_list_is_loaded_is_made_later() {
        let prices = Prices::open();
        prices.set("apples", 35);
        prices.set("plums", 20);
        let mut version = prices.version();
        reach(&mut version, 1).await;
        assert_eq!(prices.get("pears"), Some(45));
        assert!(prices.get("apples").is_some());
        reach(&mut version, 2).await;
        assert_eq!(prices.get("apples"), Some(35));
        reach(&mut version, 3).await;
        assert_eq!(show(&version), 3);
        assert_eq!(prices.get("apples"), Some(35));
        assert_eq!(prices.get("pears"), Some(45));
        assert_eq!(prices.get("plums"), Some(20));
        assert_eq!(patiently(prices.close()).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn changes_are_made_in_their_order() {
        let (prices, mut version) = loaded().await;
        for price in 1..=20 {
            prices.set("apples", price);
            prices.set(&format!("article {price}"), price);
        }
        for made in 1..=20 {
            reach(&mut version, 1 + 2 * made).await;
            let made = made as u32;
            assert!(prices.get("apples").unwrap() >= made);
            assert_eq!(prices.get(&format!("article {made}")), Some(made));
        }
        assert_eq!(show(&version), 41);
        assert_eq!(prices.get("apples"), Some(20));
        assert_eq!(patiently(prices.close()).await, 40);
    }

    #[tokio::test(start_paused = true)]
    async fn no_change_overtakes_another() {
        let prices = Prices::open();
        let names = ["a", "b", "c", "d"];
        for name in names {
            prices.set(name, 1);
        }
        for _ in 0..5000 {
            // Later ones first: what is older has to be there when it is looked at afterwards.
            let known: Vec<bool> =
                ["d", "c", "b", "a", "pears"].iter().map(|name| prices.get(name).is_some()).collect();
            assert!(known.is_sorted(), "{known:?}");
            if known[0] {
                break;
            }
            sleep(Duration::from_millis(1)).await;
        }
        let mut version = prices.version();
        reach(&mut version, 5).await;
        assert!(names.iter().all(|name| prices.get(name) == Some(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn every_receiver_is_told() {
        let prices = Prices::open();
        let mut first = prices.version();
        let mut second = prices.version();
        let mut third = first.clone();
        tokio::join!(reach(&mut first, 1), reach(&mut second, 1), reach(&mut third, 1));
        let mut late = prices.version();
        assert_eq!(show(&late), 1);
        let change = async { prices.set("apples", 1) };
        tokio::join!(
            reach(&mut first, 2),
            reach(&mut second, 2),
            reach(&mut third, 2),
            reach(&mut late, 2),
            change
        );
        assert_eq!([&first, &second, &third, &late].map(show), [2; 4]);
        drop((first, second, third, late));
        prices.set("apples", 2);
        let mut version = prices.version();
        reach(&mut version, 3).await;
        assert_eq!(prices.get("apples"), Some(2));
    }

    #[tokio::test(start_paused = true)]
    async fn close_makes_the_changes_that_are_left() {
        let (prices, mut version) = loaded().await;
        prices.set("apples", 1);
        reach(&mut version, 2).await;
        for price in 2..=10 {
            prices.set("apples", price);
        }
        assert_eq!(patiently(prices.close()).await, 10);
        assert_eq!(show(&version), 11);
    }

    #[tokio::test(start_paused = true)]
    async fn close_before_the_list_is_loaded() {
        let prices = Prices::open();
        let version = prices.version();
        prices.set("apples", 1);
        prices.set("plums", 2);
        prices.set("apples", 3);
        assert_eq!(patiently(prices.close()).await, 3);
        assert_eq!(show(&version), 4);
        assert_eq!(patiently(Prices::open().close()).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn close_ends_the_task() {
        let (prices, mut version) = loaded().await;
        prices.set("apples", 1);
        assert_eq!(patiently(prices.close()).await, 1);
        patiently(async { while version.changed().await.is_ok() {} }).await;
        assert_eq!(show(&version), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn two_lists_have_nothing_in_common() {
        let (one, mut version) = loaded().await;
        let (other, other_version) = loaded().await;
        one.set("apples", 1);
        reach(&mut version, 2).await;
        sleep(PATIENCE).await;
        assert_eq!(other.get("apples"), Some(30));
        assert_eq!(show(&other_version), 1);
        assert_eq!(patiently(other.close()).await, 0);
        assert_eq!(patiently(one.close()).await, 1);
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
