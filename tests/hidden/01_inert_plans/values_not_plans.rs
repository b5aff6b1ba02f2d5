//! Hidden tests of `values_not_plans`: which requests are made, and what becomes of their answers.

use std::future::{Ready, poll_fn, ready};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use exercise::load_names;
use testkit::{Log, Probe, ProbeHandle, check_eq, panic_of, pick, vt};

/// One request for each id, carried out to its end; the names come back.
#[test]
fn each_id_is_fetched_once() {
    for (ids, realm) in [([7, 3, 11, 5, 2], "moon"), ([40, 10, 30, 20, 50], "mars")] {
        let api = Service::new(realm);
        let names = load(&api, &ids);
        let ran = ids.iter().filter(|id| api.answered.count(&id.to_string()) > 0).count();
        assert!(
            ran == ids.len(),
            "{ran} of {} bodies ran. Calling `fetch` builds a plan; each plan has to be awaited to get its name.",
            ids.len()
        );
        for id in ids {
            let times = api.asked.count(&id.to_string());
            assert!(times == 1, "id {id} was fetched {times} times. One plan for each id is enough.");
        }
        let mut sorted = names;
        sorted.sort();
        let mut expected: Vec<String> = ids.iter().map(|&id| api.name(id)).collect();
        expected.sort();
        check_eq!(
            sorted,
            expected,
            "The requests were made, but what you returned is not what the API answered."
        );
    }
}

/// The first name belongs to the first id, also when its answer comes last.
#[test]
fn names_come_in_the_order_of_the_ids() {
    let ids = [9, 4, 6, 1];
    let api = Service::new("venus");
    let names = load(&api, &ids);
    let expected: Vec<String> = ids.iter().map(|&id| api.name(id)).collect();
    check_eq!(names, expected, "The names have to come back in the order of the ids.");
    let nobody = load(&api, &[]);
    assert!(nobody.is_empty(), "Without ids there are no names, but you returned {nobody:?}.");
}

/// While the API is busy, `load_names` gives the thread back to the engine.
#[test]
fn load_names_gives_the_thread_back() {
    let api = Service::new("pluto");
    let run = panic_of(|| {
        vt(async {
            let (plan, probe) = Probe::new(Called(load_names(&api, &[2, 1]), api.asked.clone()).names());
            api.turns.watch(probe);
            plan.await
        })
    });
    explain(run);
    assert!(
        !api.answered.is_empty(),
        "0 of 2 bodies ran, so there was nothing to wait for. A plan does its work when it is awaited."
    );
    assert!(
        !api.turns.kept(),
        "The API was busy, and `load_names` kept the thread until it was not: you ran an engine of your own inside \
         the engine. `.await` gives the thread back while it waits."
    );
}

/// An API that writes down which requests were begun and which were answered. The larger the id, the more turns the
/// answer needs.
struct Service {
    realm: String,
    asked: Log,
    answered: Log,
    turns: Turns,
}

impl Service {
    fn new(realm: &str) -> Self {
        let realm = format!("{realm}{}", pick(10..=99));
        Self { realm, asked: Log::new(), answered: Log::new(), turns: Turns::default() }
    }

    fn name(&self, id: u32) -> String {
        format!("{}-{}", self.realm, id * 3)
    }
}

impl exercise::Api for Service {
    async fn fetch(&self, id: u32) -> String {
        self.asked.push(id.to_string());
        self.turns.think(id).await;
        self.answered.push(id.to_string());
        self.name(id)
    }
}

/// Answers that need a few turns, and what they see of the plan that awaits them.
#[derive(Clone, Default)]
struct Turns(Arc<Mutex<Watched>>);

#[derive(Default)]
struct Watched {
    plan: Option<ProbeHandle>,
    kept: bool,
}

impl Turns {
    /// From now on, each turn is compared with the polls of this plan.
    fn watch(&self, plan: ProbeHandle) {
        self.0.lock().unwrap().plan = Some(plan);
    }

    /// Whether an answer was polled twice within one poll of the plan: then the plan kept the thread.
    fn kept(&self) -> bool {
        self.0.lock().unwrap().kept
    }

    /// Is `Pending` `turns` times. Wakes itself at once, so that even a home-made engine gets to the end.
    async fn think(&self, mut turns: u32) {
        let mut last = None;
        poll_fn(|context| {
            let mut watched = self.0.lock().unwrap();
            let poll = watched.plan.as_ref().map(ProbeHandle::polls);
            watched.kept |= poll.is_some() && poll == last;
            last = poll;
            if turns == 0 {
                return Poll::Ready(());
            }
            turns -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

fn load(api: &Service, ids: &[u32]) -> Vec<String> {
    explain(panic_of(|| vt(async { Called(load_names(api, ids), api.asked.clone()).names().await })))
}

fn explain<T, D>(run: Result<(Result<T, String>, D), String>) -> T {
    match run {
        Ok((Ok(value), _)) => value,
        Ok((Err(problem), _)) => panic!("{problem}"),
        Err(text) if text.contains("from within a runtime") || text.contains("can call blocking only") => {
            panic!(
                "You started a second engine inside the first one. `load_names` is being carried out by an engine already, \
             and `.await` hands it the next plan."
            )
        }
        Err(text) => panic!("`load_names` panicked before it was done: {text}"),
    }
}

/// What a call of `load_names` gave, with the log of the requests. Names are taken as they are; plans in the place of
/// names get a message instead of a compile error.
#[allow(dead_code, reason = "only answers without names need it")]
struct Called<T>(T, Log);

impl<F: Future<Output = Vec<String>>> Called<F> {
    async fn names(self) -> Result<Vec<String>, String> {
        Ok(self.0.await)
    }
}

#[allow(dead_code, reason = "only answers without names need it")]
trait PlansLater {
    fn names(self) -> impl Future<Output = Result<Vec<String>, String>>;
}

impl<P: Future<Output = String>, F: Future<Output = Vec<P>>> PlansLater for Called<F> {
    async fn names(self) -> Result<Vec<String>, String> {
        Err(plans(self.0.await.len(), &self.1))
    }
}

#[allow(dead_code, reason = "only answers without names need it")]
trait PlansNow {
    fn names(self) -> Ready<Result<Vec<String>, String>>;
}

impl<P: Future<Output = String>> PlansNow for Called<Vec<P>> {
    fn names(self) -> Ready<Result<Vec<String>, String>> {
        ready(Err(plans(self.0.len(), &self.1)))
    }
}

#[allow(dead_code, reason = "only answers without names need it")]
trait NamesNow {
    fn names(self) -> Ready<Result<Vec<String>, String>>;
}

impl NamesNow for Called<Vec<String>> {
    fn names(self) -> Ready<Result<Vec<String>, String>> {
        let problem = if self.1.is_empty() {
            "`load_names` must hand its caller a future: the API is far away, and only a plan can wait for it."
        } else {
            "`load_names` must hand its caller a future. You started a second engine inside the first one."
        };
        ready(Err(problem.to_owned()))
    }
}

#[allow(dead_code, reason = "only answers without names need it")]
fn plans(count: usize, asked: &Log) -> String {
    let made = asked.len();
    format!(
        "You returned {count} plans; {made} requests were made. The caller wants names: await each plan for its name."
    )
}
