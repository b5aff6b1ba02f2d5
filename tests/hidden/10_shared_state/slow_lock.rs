//! Hidden tests of `slow_lock`: who waits for a fetch and who does not, and what the cache has afterwards.

use std::collections::{BTreeSet, HashMap};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::{Cache, Store};
use testkit::{
    Call, Ended, InFlight, Log, Timeline, assert_send, check_eq, handed_on, in_words, jostle, panic_of, pick,
    stage, together, vt,
};
use tokio::time::{sleep, timeout};

/// While one price is being fetched, others are fetched, too, any number of them.
#[test]
fn other_prices_are_fetched_meanwhile() {
    one_price();
    for count in [3, number(200..=300)] {
        let (depot, cache) = (Depot::new(HOUR), Arc::new(Cache::default()));
        let calls = run((0..count).map(|article| depot.ask(&cache, article)));
        for call in &calls {
            call.check("`price`");
        }
        let most = depot.inside.max();
        let slowest = calls.iter().map(|call| call.after).max().unwrap_or_default();
        assert!(
            most == count as usize,
            "{count} callers asked for {count} prices at the same time. At most {most} of them were being fetched at a time, \
             and the last caller had its price after {}; a fetch takes {}. The others stood in line: something is held \
             during a fetch that they need.",
            in_words(slowest),
            in_words(HOUR)
        );
        assert!(
            slowest < HOUR + TICK,
            "{count} prices were being fetched at the same time, which takes {}. The last caller had its price after {}.",
            in_words(HOUR),
            in_words(slowest)
        );
        for (call, article) in calls.into_iter().zip(0..) {
            depot.check(call, article);
        }
    }
}

/// One caller that is alone.
fn one_price() {
    let depot = Depot::new(HOUR);
    let call = run([depot.ask(&Arc::new(Cache::default()), 5)]).remove(0);
    assert!(
        call.ended != Ended::Stuck || depot.begun.is_empty(),
        "One caller asked for one price, and `price` never returned. The fetch was over, and nobody else used the cache: \
         `price` waits for a lock that it holds itself."
    );
    depot.check(call, 5);
}

/// While one price is being fetched, prices that are in the cache are there at once.
#[test]
fn the_cache_answers_meanwhile() {
    let (depot, cache) = (Depot::new(HOUR), Arc::new(Cache::default()));
    run([depot.ask(&cache, 1)]);
    let known = async { depot.slept(HOUR / 4).await.price(&cache, 1).await };
    let waited = beside_a_fetch(&depot, &cache, known);
    let fetched = depot.begun.count("1");
    assert!(
        fetched == 1,
        "A price had been fetched, and was asked for again while another one was being fetched. It was fetched a second time: \
         what is fetched has to be kept."
    );
    assert!(
        waited.is_zero(),
        "A price that is in the cache was asked for while another one was being fetched. The answer came {} later: the cache \
         is locked during a fetch.",
        in_words(waited)
    );
}

/// While a price is being fetched, `update` puts prices into the cache at once: others, and the same one.
#[test]
fn updates_go_on_meanwhile() {
    for article in [1, 2] {
        let (depot, cache) = (Depot::new(HOUR), Arc::new(Cache::default()));
        let price = pick(1_000..=9_999);
        let update = async {
            let update = depot.slept(HOUR / 4).await.update(&cache, article, price).await;
            let read = depot.price(&cache, article).await;
            (update.0 + read.0, read.1)
        };
        let read = Arc::new(Mutex::new(0));
        let noted = async {
            let (waited, price) = update.await;
            *read.lock().unwrap() = price;
            (waited, price)
        };
        let waited = beside_a_fetch(&depot, &cache, noted);
        let which = if article == 2 { "the same price" } else { "another one" };
        assert!(
            waited.is_zero(),
            "`update` was called for a price, and the price was asked for, while {which} was being fetched. The answer came {} \
             later: `update` or `price` waits for a fetch that it does not need.",
            in_words(waited)
        );
        let read = *read.lock().unwrap();
        check_eq!(
            read,
            price,
            "`update` put the price {price} into the cache while {which} was being fetched. Asked for it right after that, \
             `price` returned {read}."
        );
    }
}

/// A price that came in while the same one was being fetched is newer, and stays.
#[test]
fn a_newer_price_stays() {
    let newer = pick(1_000..=9_999);
    let (depot, cache) = (Depot::new(HOUR), Arc::new(Cache::default()));
    let update = async { depot.slept(HOUR / 4).await.update(&cache, 2, newer).await };
    beside_a_fetch(&depot, &cache, update);
    let call = run([depot.ask(&cache, 2)]).remove(0);
    let (older, found) = (depot.price_of(2), call.returned("`price`"));
    assert!(
        found != older,
        "While the price {older} was being fetched, `update` put a newer one into the cache: {newer}. Later the cache had \
         {older} again: the older price has overwritten the newer one. After the wait, look again before you insert."
    );
    check_eq!(
        found,
        newer,
        "While the price {older} was being fetched, `update` put a newer one into the cache: {newer}. Later the cache had \
         {found}."
    );
    // Of other articles, all stay, and also those that were being fetched at the same time.
    let (depot, cache) = (Depot::new(HOUR), Arc::new(Cache::default()));
    let update = async { depot.slept(HOUR / 4).await.update(&cache, 9, 77).await };
    beside_a_fetch(&depot, &cache, update);
    run((3..6).map(|article| depot.ask(&cache, article)));
    let fetched = depot.begun.len();
    let calls = run([2, 3, 4, 5].map(|article| depot.ask(&cache, article)));
    let again = depot.begun.len() - fetched;
    assert!(
        again == 0,
        "Four prices had been fetched, three of them at the same time, and `update` had put in another one. Then the four were \
         asked for again, and {again} of them had to be fetched again: the cache has lost them."
    );
    drop(calls);
    let kept = run([depot.ask(&cache, 9)]).remove(0).returned("`price`");
    check_eq!(
        kept,
        77,
        "`update` put the price 77 into the cache while another price was being fetched. Later it had {kept}."
    );
}

/// What was fetched once comes from the cache, whatever it is.
#[test]
fn a_price_that_is_known_is_not_fetched() {
    let (depot, cache) = (Depot::new(HOUR), Arc::new(Cache::default()));
    for (article, price) in [(0, pick(1..=999)), (1, 0), (2, u64::MAX), (3, 5), (4, 5), (u32::MAX, 1)] {
        depot.prices.lock().unwrap().insert(article, price);
        for (times, said) in [(1, "the first time"), (2, "the second time"), (3, "the third time")] {
            let call = run([depot.ask(&cache, article)]).remove(0);
            let found = call.clone().returned("`price`");
            check_eq!(
                found,
                price,
                "The price of article {article} is {price}. {said}, `price` returned {found}."
            );
            let fetched = depot.begun.count(&article.to_string());
            assert!(
                fetched == 1,
                "A price ({price}) was asked for {said}, and has been fetched {fetched} times by now. Fetch what is missing, and \
                 keep it."
            );
            assert!(
                times == 1 || call.after.is_zero(),
                "A price ({price}) that is in the cache was returned after {}.",
                in_words(call.after)
            );
        }
        // The store has another price from now on; the cache has this one until it is updated.
        depot.prices.lock().unwrap().insert(article, price ^ 1);
        run([depot.ask(&cache, article)]);
    }
    for (article, price) in [(1, pick(1..=99)), (7, 0), (0, 0), (1, 0)] {
        let fetched = depot.begun.len();
        vt(cache.update(article, price));
        let found = run([depot.ask(&cache, article)]).remove(0).returned("`price`");
        check_eq!(found, price, "`update` put in {price}, and `price` returned {found} after it.");
        assert!(
            depot.begun.len() == fetched,
            "`update` put a price ({price}) into the cache, and `price` fetched it all the same."
        );
    }
}

/// `price` returns when the price is there: not before, and not later.
#[test]
fn it_returns_when_the_price_is_there() {
    let year = Duration::from_secs(pick(26_000_000..=34_000_000));
    for takes in [Duration::from_millis(pick(1..=3)), year] {
        let depot = Depot::new(takes);
        let call = run([depot.ask(&Arc::new(Cache::default()), 5)]).remove(0);
        let after = call.after;
        assert!(
            after >= takes,
            "`price` {}. The store needs {} for its answer.",
            call.how(),
            in_words(takes)
        );
        let (begun, done) = (depot.begun.timed()[0].1, depot.done.timed()[0].1);
        assert!(
            begun.is_zero(),
            "The store was asked {} after `price` was called. There is nothing to wait for before that.",
            in_words(begun)
        );
        check_eq!(
            after,
            done,
            "The store answered after {}, and `price` returned {} later. There is nothing else to wait for.",
            in_words(done),
            in_words(after.saturating_sub(done))
        );
        depot.check(call, 5);
    }
}

/// A fetch that is dropped half-way, or panics, holds up no other.
#[test]
fn others_go_on_after_a_drop_or_a_panic() {
    for panics in [false, true] {
        stage("a fetch is given up half-way");
        let (good, bad, cache) =
            (Depot::new(HOUR), Depot { panics, ..Depot::new(HOUR) }, Arc::new(Cache::default()));
        let limit = if panics { 2 * HOUR } else { HOUR / 2 };
        let first = bad.ask(&cache, 1);
        let first = async move { timeout(limit, first).await.unwrap_or_default() };
        let others = [(1, HOUR / 4), (2, HOUR / 4), (1, 9 * HOUR)].map(|(article, wait)| {
            let call = good.ask(&cache, article);
            Box::pin(async move {
                sleep(wait).await;
                call.await
            }) as Asking
        });
        let calls = run([Box::pin(first) as Asking].into_iter().chain(others));
        assert!(
            !panics || matches!(calls[0].ended, Ended::Panicked(_)),
            "A fetch panicked, and `price` {} all the same. The panic has to go on to its caller.",
            calls[0].how()
        );
        let what = if panics { "panicked" } else { "was dropped" };
        for (call, (article, latest, said)) in calls.into_iter().skip(1).zip([
            (1, 3 * HOUR, "the same price"),
            (2, 2 * HOUR, "another price"),
            (1, 10 * HOUR, "the same price, later,"),
        ]) {
            assert!(
                call.after < latest && matches!(call.ended, Ended::Returned(_)),
                "A caller of `price` {what} during its fetch. Another one wanted {said}, and `price` {}. What one caller leaves behind must \
                 not hold up others.",
                call.how()
            );
            good.check(call, article);
        }
    }
}

/// Two caches know nothing of each other.
#[test]
fn caches_know_nothing_of_each_other() {
    let depots = [Depot::new(HOUR), Depot::new(HOUR)];
    let caches = [Arc::new(Cache::default()), Arc::new(Cache::default())];
    for round in ["at the same time", "once more"] {
        let calls = run([0, 1].map(|n| depots[n].ask(&caches[n], 1)));
        for (call, depot) in calls.into_iter().zip(&depots) {
            assert!(
                call.after < HOUR + TICK,
                "Two caches were asked for a price {round}, and one waited for the other."
            );
            depot.check(call, 1);
        }
    }
}

/// Several threads use a cache, and no older price overwrites a newer one.
#[test]
fn threads_do_not_overwrite_a_newer_price() {
    stage("several threads ask for prices and update them");
    let (cache, next, updated) = (Cache::default(), AtomicU32::new(0), Mutex::new(Vec::new()));
    let asked = Mutex::new(BTreeSet::new());
    let ask = async || {
        let article = next.fetch_add(1, Ordering::Relaxed);
        asked.lock().unwrap().insert(article);
        cache.price(article, &Instantly).await;
        asked.lock().unwrap().remove(&article);
    };
    // All that somebody asks for just now.
    let update = async || {
        let asked = asked.lock().unwrap().clone();
        for article in asked {
            cache.update(article, NEWER).await;
            updated.lock().unwrap().push(article);
        }
    };
    if let Err(jostled) = jostle(ask, update) {
        panic!("Several threads used the cache, and {jostled}.");
    }
    let updated = updated.into_inner().unwrap();
    let overwritten = vt(async {
        let mut overwritten = 0;
        for article in &updated {
            overwritten += usize::from(cache.price(*article, &Instantly).await != NEWER);
        }
        overwritten
    });
    let overwritten = overwritten.0;
    assert!(
        overwritten == 0,
        "Several threads asked for prices and updated them. Of {} updates, {overwritten} were overwritten by an older price. \
         Another thread came in between looking and inserting: both belong in one locked section.",
        updated.len()
    );
}

/// `price` may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    // This is what `tokio::spawn` asks of a future.
    assert_send(&Cache::default().update(1, 1));
    stage("another task goes on with `price`");
    let call = Depot::new(HOUR).ask(&Arc::new(Cache::default()), 1);
    if let Err(text) = panic_of(|| vt(handed_on("`price`", POLLS, call))) {
        panic!("{text}");
    }
}

type Asking = Pin<Box<dyn Future<Output = u64> + Send>>;

const HOUR: Duration = Duration::from_secs(3600);
/// Tokio's clock counts whole milliseconds and may round up.
const TICK: Duration = Duration::from_millis(2);
/// A caller waits for one fetch; where it waits for another one's in vain, for two.
const POLLS: usize = 30;
const NEWER: u64 = 1;

fn number(range: std::ops::RangeInclusive<u64>) -> u32 {
    u32::try_from(pick(range)).expect("it was picked small enough")
}

/// Lets callers ask, all at the same time.
fn run<F>(calls: impl IntoIterator<Item = F>) -> Vec<Call<u64>>
where
    F: Future<Output = u64> + Send + 'static,
{
    stage("prices are asked for");
    let timeline = Timeline::new();
    let calls = calls.into_iter().zip(1..).map(|(call, n)| {
        timeline.lane(if n < 7 { format!("caller {n}") } else { "more callers".to_owned() }).watch(call)
    });
    vt(together(POLLS, calls.collect::<Vec<_>>())).0
}

/// Has article 2 fetched, and something else done meanwhile; tells how long that waited.
fn beside_a_fetch<T>(
    depot: &Depot,
    cache: &Arc<Cache>,
    other: impl Future<Output = (Duration, T)>,
) -> Duration {
    stage("a price is being fetched, and something else is done");
    let timeline = Timeline::new();
    let (fetch, other) =
        (timeline.lane("a fetch").watch(depot.ask(cache, 2)), timeline.lane("meanwhile").watch(other));
    let (calls, other) = vt(async {
        let forever = 400 * 24 * HOUR;
        tokio::join!(together(POLLS, [fetch]), timeout(forever, other))
    })
    .0;
    for call in calls {
        call.returned("`price`");
    }
    let Ok((waited, _)) = other else {
        panic!(
            "While one price was being fetched, another caller of the cache never got on, not even when the fetch was over."
        )
    };
    waited
}

/// A store, and what was seen of it.
#[derive(Clone)]
struct Depot {
    takes: Duration,
    panics: bool,
    base: u64,
    /// Prices that follow no rule.
    prices: Arc<Mutex<HashMap<u32, u64>>>,
    begun: Log,
    done: Log,
    inside: InFlight,
}

impl Depot {
    fn new(takes: Duration) -> Self {
        let base = pick(10_000..=99_999);
        Self {
            takes,
            panics: false,
            base,
            prices: Arc::default(),
            begun: Log::new(),
            done: Log::new(),
            inside: InFlight::new(),
        }
    }

    fn price_of(&self, article: u32) -> u64 {
        let known = self.prices.lock().unwrap().get(&article).copied();
        known.unwrap_or(self.base + u64::from(article) * 3)
    }

    fn ask(&self, cache: &Arc<Cache>, article: u32) -> impl Future<Output = u64> + Send + 'static + use<> {
        let (cache, depot) = (cache.clone(), self.clone());
        async move { cache.price(article, &depot).await }
    }

    fn check(&self, call: Call<u64>, article: u32) {
        let (found, right) = (call.returned("`price`"), self.price_of(article));
        check_eq!(
            found,
            right,
            "The store says that article {article} costs {right}, and `price` returned {found}."
        );
    }

    async fn slept(&self, time: Duration) -> &Self {
        sleep(time).await;
        self
    }

    /// How long it took, and the price.
    async fn price(&self, cache: &Cache, article: u32) -> (Duration, u64) {
        let start = tokio::time::Instant::now();
        let price = cache.price(article, self).await;
        (start.elapsed(), price)
    }

    /// How long it took.
    async fn update(&self, cache: &Cache, article: u32, price: u64) -> (Duration, ()) {
        let start = tokio::time::Instant::now();
        cache.update(article, price).await;
        (start.elapsed(), ())
    }
}

impl Store for Depot {
    async fn fetch(&self, article: u32) -> u64 {
        let price = self.price_of(article);
        self.begun.push(article.to_string());
        let _inside = self.inside.enter();
        sleep(self.takes).await;
        if self.panics {
            resume_unwind(Box::new("the store is closed"));
        }
        self.done.push(article.to_string());
        price
    }
}

/// A store that answers at once, on any thread.
struct Instantly;

impl Store for Instantly {
    async fn fetch(&self, _: u32) -> u64 {
        NEWER - 1
    }
}
