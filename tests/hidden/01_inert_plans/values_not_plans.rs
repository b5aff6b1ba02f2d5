//! Hidden tests of `values_not_plans`: which requests are made, and what becomes of their answers.

use std::collections::HashMap;
use std::future::{Ready, poll_fn, ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use exercise::load_names;
use testkit::{Impatience, Log, Patience, check_eq, panic_of, pick, vt};

/// Each id gets one request, which runs to its end, and the names come back.
#[test]
fn each_id_is_fetched_once() {
    for (ids, realm) in [([7, 3, 11, 5, 2], "moon"), ([40, 10, 30, 20, 50], "mars")] {
        let api = Service::new(realm);
        let (names, _) = load(&api, &ids);
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

/// The first name belongs to the first id, even if its answer comes last.
#[test]
fn names_come_in_the_order_of_the_ids() {
    let ids = [9, 4, 6, 1];
    for slowest_first in [true, false] {
        let slow = |id: u32| u64::from(if slowest_first { id } else { 10 - id });
        let takes = ids.iter().map(|&id| (id, Duration::from_millis(slow(id) * 10))).collect();
        let api = Service { takes, ..Service::new("venus") };
        api.check_names(&load(&api, &ids).0, &ids);
    }
}

/// `load_names` waits for each answer, a millisecond or days.
#[test]
fn each_answer_is_waited_for() {
    let soon = || Duration::from_millis(pick(1..=3));
    let late = || Duration::from_secs(pick(2..=9) * 24 * 60 * 60);
    for [first, second] in [[soon(), soon()], [soon(), late()], [late(), soon()], [late(), late()]] {
        let api = Service { takes: HashMap::from([(2, first), (1, second)]), ..Service::new("pluto") };
        let (names, took) = load(&api, &[2, 1]);
        api.check_names(&names, &[2, 1]);
        // Tokio's clock counts whole milliseconds and may round up.
        assert!(
            took <= first + second + Duration::from_millis(4),
            "`load_names` took {}, and the answers take {} and {}. `.await` goes on as soon as an answer is there.",
            spelled(took),
            spelled(first),
            spelled(second)
        );
    }
}

/// No ids, one id, or hundreds: there are as many names as ids.
#[test]
fn there_are_as_many_names_as_ids() {
    for count in [0, 1, 2, u32::try_from(pick(300..=400)).expect("it is small")] {
        let api = Service::new("pallas");
        // From high to low, so that sorted names are in another order.
        let ids: Vec<u32> = (0..count).rev().map(|number| number * 7).collect();
        api.check_names(&load(&api, &ids).0, &ids);
    }
}

/// An id may come twice, two ids may have the same name, and a name may be empty, whenever its answer comes.
#[test]
fn equal_and_empty_names_are_names() {
    for ids in [&[0, 8, 3, u32::MAX, 5][..], &[0], &[8, 3], &[6, 6], &[8, 6, 8, 0, 6]] {
        // An empty name may come before all others, after them, or with them.
        for [empty, other] in [[1, 1], [1, 5], [5, 1]] {
            let named = [(0, ""), (8, "Ada"), (3, "Ada"), (u32::MAX, ""), (5, "None")];
            let late = |name: &str| Duration::from_millis(if name.is_empty() { empty } else { other });
            let takes = HashMap::from(named.map(|(id, name)| (id, late(name))));
            let names = HashMap::from(named.map(|(id, name)| (id, name.to_owned())));
            let api = Service { names, takes, ..Service::new("ceres") };
            api.check_names(&load(&api, ids).0, ids);
        }
    }
}

/// The API may know a name at once: then its future is ready at the first poll.
#[test]
fn an_answer_that_is_there_at_once_is_taken() {
    for takes in [[0, 0, 0], [0, 5, 0], [5, 0, 5]] {
        let ids = [7, 4, 9];
        let takes = HashMap::from([0, 1, 2].map(|place| (ids[place], Duration::from_millis(takes[place]))));
        let api = Service { takes, ..Service::new("vesta") };
        api.check_names(&load(&api, &ids).0, &ids);
    }
}

/// `load_names` may move to another task: the answer wakes the task that polled it last.
#[test]
fn load_names_goes_on_in_another_task() {
    let ids = [3, 8];
    let takes = HashMap::from(ids.map(|id| (id, Duration::from_secs(5))));
    let api = Service { takes, ..Service::new("juno") };
    let waited = panic_of(|| {
        vt(async {
            let plan = Called(load_names(&api, &ids), &api).names();
            api.patience.pass_on(polls_for(ids.len()), plan).await
        })
        .0
    });
    if let Ok(Err(Impatience::Stuck)) = waited {
        panic!(
            "`load_names` was polled by one task after another. Its answer came, and the newest task, which waits for \
             it, was not woken. `.await` wakes the task that polled last."
        );
    }
    let names = api.explain(waited, &ids);
    api.check_names(&names, &ids);
}

/// Whether names were loaded in this program, and each was asked for.
static LOADED_BEFORE: AtomicBool = AtomicBool::new(false);

fn comes_twice(ids: &[u32]) -> bool {
    ids.iter().enumerate().any(|(place, id)| ids[..place].contains(id))
}

fn spelled_ids(ids: &[u32]) -> String {
    if ids.len() > 5 { format!("{} ids", ids.len()) } else { format!("the ids {ids:?}") }
}

/// An answer needs two polls, when they come one after the other.
fn polls_for(answers: usize) -> usize {
    4 * answers + 16
}

/// An API that is far away, and writes down which requests were planned, begun and answered.
struct Service {
    realm: String,
    /// Of ids that have a name of their own.
    names: HashMap<u32, String>,
    /// How long the answers are under way; 1 ms for all others. With no time at all, a plan is ready at its first poll.
    takes: HashMap<u32, Duration>,
    called: Log,
    asked: Log,
    answered: Log,
    /// Plans that were polled after their end.
    used_up: Log,
    patience: Patience,
}

impl Service {
    fn new(realm: &str) -> Self {
        Self {
            realm: format!("{realm}{}", pick(10..=99)),
            names: HashMap::new(),
            takes: HashMap::new(),
            called: Log::new(),
            asked: Log::new(),
            answered: Log::new(),
            used_up: Log::new(),
            patience: Patience::new(),
        }
    }

    fn name(&self, id: u32) -> String {
        self.names.get(&id).cloned().unwrap_or_else(|| format!("{}-{}", self.realm, u64::from(id) * 3))
    }

    fn check_names(&self, found: &[String], ids: &[u32]) {
        let expected: Vec<String> = ids.iter().map(|&id| self.name(id)).collect();
        assert!(
            found.len() == ids.len(),
            "`load_names` returned {} {} for {}. Each id has its name, {}.\n   expected: {expected:?}\n   found: {found:?}",
            found.len(),
            if found.len() == 1 { "name" } else { "names" },
            spelled_ids(ids),
            if comes_twice(ids) {
                "even when it comes a second time"
            } else {
                "even when it is empty, or equal to another"
            }
        );
        let sorted = |names: &[String]| {
            let mut names = names.to_vec();
            names.sort();
            names
        };
        check_eq!(
            sorted(found),
            sorted(&expected),
            "The requests were made, but what you returned is not what the API answered."
        );
        if let Some(place) = (0..ids.len()).find(|&place| found[place] != expected[place]) {
            let other =
                ids.iter().find(|&&id| self.name(id) == found[place]).expect("it is one of their names");
            panic!(
                "Place {} of the list belongs to the id {}, and the name of the id {other} came back there. The names \
                 have to come back in the order of the ids.\n   expected: {expected:?}\n   found: {found:?}",
                place + 1,
                ids[place]
            );
        }
    }

    /// The names, or what went wrong on the way to them.
    fn explain(
        &self,
        run: Result<Result<Result<Vec<String>, String>, Impatience>, String>,
        ids: &[u32],
    ) -> Vec<String> {
        let waited = match run {
            Ok(Ok(Err(problem))) => panic!("{problem}"),
            Ok(Ok(Ok(names))) => Ok(names),
            Ok(Err(impatience)) => Err(impatience),
            Err(text) if text.contains("can call blocking only") => panic!(
                "`block_in_place` blocks the thread until the API answers, and all futures share that one thread here. \
                 `.await` waits for an answer and gives the thread back; the closure of `map` cannot do that, a loop \
                 can. ({text})"
            ),
            Err(_) if !self.used_up.is_empty() => panic!(
                "The future for the {} was polled again after it was ready. It gives out its output once, with the \
                 poll that is `Ready`: keep it, and poll only the futures that are not done.",
                self.used_up.events()[0]
            ),
            Err(text) if text.contains("resumed after completion") => panic!(
                "A future was polled again after it was ready. It gives out its output once, with the poll that is \
                 `Ready`: keep it, and poll only the futures that are not done. ({text})"
            ),
            Err(text) => panic!("`load_names` panicked before it was done: {text}"),
        };
        assert!(
            waited != Err(Impatience::Kept),
            "The API was busy, and `load_names` kept the thread until it was not: you ran your own executor inside the \
             runtime. `.await` gives the thread back while it waits."
        );
        let number = ids.len();
        for id in ids {
            let times = self.asked.count(&id.to_string());
            let wanted = ids.iter().filter(|other| *other == id).count();
            let why = if self.answered.count(&id.to_string()) < times {
                "Asking again drops the answer that is on its way."
            } else {
                "One future for each id is enough."
            };
            // An id that comes twice may be asked for once.
            assert!(times <= wanted, "id {id} was fetched {times} times. {why}");
        }
        let of = |log: &Log| ids.iter().filter(|id| log.count(&id.to_string()) > 0).count();
        let (called, asked, answered) = (of(&self.called), of(&self.asked), of(&self.answered));
        let names = waited.unwrap_or_else(|impatience| match impatience {
            Impatience::Restless => panic!(
                "`load_names` was polled {} times, and {answered} of {number} answers had come: it kept checking \
                 whether they were there. An answer wakes it when it comes; until then, `load_names` has nothing to \
                 do.",
                self.patience.polls()
            ),
            _ if number == 0 => panic!(
                "`load_names` was called without any ids, and never finished. There is no answer to wait for, so \
                 nothing will wake it: return an empty list at once."
            ),
            _ => panic!(
                "`load_names` never finished. {answered} of {number} answers came, and nothing will wake it."
            ),
        });
        assert!(
            called == number || !LOADED_BEFORE.load(Ordering::SeqCst),
            "`load_names` called `fetch` for {called} of {number} ids. When it was called before, it did so for each \
             id. In every call, the names have to come from the API that was passed in."
        );
        assert!(
            called == number,
            "`load_names` called `fetch` for {called} of {number} ids. Each name has to come from the API."
        );
        assert!(
            asked == number,
            "{asked} of {number} requests were made. Calling `fetch` builds a future; await each future to get its \
             name."
        );
        assert!(
            answered == number,
            "`load_names` returned {} names when {answered} of {number} answers had come. An answer that is not there \
             yet has to be awaited, for as long as it takes.",
            names.len()
        );
        if number > 0 {
            LOADED_BEFORE.store(true, Ordering::SeqCst);
        }
        names
    }
}

impl exercise::Api for Service {
    fn fetch(&self, id: u32) -> impl Future<Output = String> {
        self.called.push(id.to_string());
        let mut over = false;
        let mut request = Box::pin(async move {
            self.asked.push(id.to_string());
            let takes = self.takes.get(&id).copied().unwrap_or(Duration::from_millis(1));
            if !takes.is_zero() {
                self.patience.answer(takes).await;
            }
            self.answered.push(id.to_string());
            self.name(id)
        });
        poll_fn(move |context| {
            if over {
                self.used_up.push(format!("id {id}, whose name is {:?},", self.name(id)));
            }
            let poll = request.as_mut().poll(context);
            over = poll.is_ready();
            poll
        })
    }
}

/// The names that were loaded, and how long it took.
fn load(api: &Service, ids: &[u32]) -> (Vec<String>, Duration) {
    let mut took = Duration::ZERO;
    let run = panic_of(|| {
        let (waited, time) = vt(api
            .patience
            .watch(polls_for(ids.len()), async { Called(load_names(api, ids), api).names().await }));
        took = time;
        waited
    });
    (api.explain(run, ids), took)
}

fn spelled(time: Duration) -> String {
    match time.as_secs() / (24 * 60 * 60) {
        0 => format!("{} ms", time.as_millis()),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// What a call of `load_names` gave, with the API that was asked. Names are taken as they are; plans in the place of
/// names get a message instead of a compile error.
#[allow(dead_code, reason = "only answers without names need it")]
struct Called<'a, T>(T, &'a Service);

impl<F: Future<Output = Vec<String>>> Called<'_, F> {
    async fn names(self) -> Result<Vec<String>, String> {
        Ok(self.0.await)
    }
}

#[allow(dead_code, reason = "only answers without names need it")]
trait PlansLater {
    fn names(self) -> impl Future<Output = Result<Vec<String>, String>>;
}

impl<P: Future<Output = String>, F: Future<Output = Vec<P>>> PlansLater for Called<'_, F> {
    async fn names(self) -> Result<Vec<String>, String> {
        Err(plans(self.0.await.len(), self.1))
    }
}

#[allow(dead_code, reason = "only answers without names need it")]
trait PlansNow {
    fn names(self) -> Ready<Result<Vec<String>, String>>;
}

impl<P: Future<Output = String>> PlansNow for Called<'_, Vec<P>> {
    fn names(self) -> Ready<Result<Vec<String>, String>> {
        ready(Err(plans(self.0.len(), self.1)))
    }
}

#[allow(dead_code, reason = "only answers without names need it")]
trait NamesNow {
    fn names(self) -> Ready<Result<Vec<String>, String>>;
}

impl NamesNow for Called<'_, Vec<String>> {
    fn names(self) -> Ready<Result<Vec<String>, String>> {
        let problem = "`load_names` must hand its caller a future: the API is far away, and only a future can wait for \
                       it.";
        ready(Err(problem.to_owned()))
    }
}

#[allow(dead_code, reason = "only answers without names need it")]
fn plans(count: usize, api: &Service) -> String {
    let made = api.asked.len();
    format!(
        "You returned {count} futures; {made} requests were made. The caller wants names: await each future to get its \
         name."
    )
}
