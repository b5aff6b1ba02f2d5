//! Hidden tests of `bounded_fanout`: how many requests are under way, when the next one begins, when a row is saved, and how far
//! the ids are read.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use exercise::{Api, backfill};
use testkit::{Seen, Services, handed_on, in_words, pick, side_by_side, vt};

/// No more requests are under way than the partner allows, however long they take.
#[test]
fn no_more_requests_than_allowed() {
    let days = Duration::from_secs(pick(200 * 24 * 3600..=300 * 24 * 3600));
    for limit in [picked(3..=9), 1, 2] {
        for times in [mixed_times(6 * limit + 5), vec![days; 2 * limit]] {
            let run = Run::of(limit, &times);
            let most = run.services.most();
            assert!(
                most <= limit,
                "{most} requests were under way at the same time, and the limit is {limit}. There were {} ids.",
                run.jobs.len()
            );
        }
    }
}

/// As long as there are ids left, every slot is used.
#[test]
fn no_slot_stays_free() {
    for limit in [picked(3..=9), 2, 1] {
        let run = Run::of(limit, &mixed_times(6 * limit + 5));
        run.check_slots();
    }
}

/// A request that takes months holds up its own slot, and no other.
#[test]
fn a_slow_request_holds_up_nobody() {
    let limit = picked(3..=9);
    for place in [0, limit - 1, 2 * limit] {
        let mut times = mixed_times(5 * limit);
        times[place] = Duration::from_secs(pick(200 * 24 * 3600..=300 * 24 * 3600));
        let run = Run::of(limit, &times);
        run.check_slots();
        run.check_rows();
    }
}

/// A row is saved at the moment when it arrives.
#[test]
fn each_row_is_saved_as_it_arrives() {
    for limit in [picked(3..=9), 1, 50] {
        let run = Run::of(limit, &mixed_times(30));
        run.check_rows();
        let all = run.services.all();
        let done: HashMap<_, _> = all.iter().map(|seen| (&seen.name[..], seen.done)).collect();
        for Saved { id, at, .. } in &run.saved {
            let done = done[&format!("id {id}")[..]].unwrap_or_default();
            assert!(
                *at <= done + GRAIN,
                "The row of id {id} arrived after {}, and `backfill` saved it after {}. Save each row as soon as it arrives: until \
                 then it takes memory.",
                in_words(done),
                in_words(*at)
            );
        }
    }
}

/// The ids are read as there is room for their requests.
#[test]
fn the_ids_are_read_one_at_a_time() {
    for limit in [picked(3..=9), 1] {
        let run = Run::of(limit, &mixed_times(5 * limit + picked(30..=50)));
        let far = run.reads.iter().filter(|read| read.ids > read.done + limit + 1);
        if let Some(Read { ids, done }) = far.max_by_key(|read| read.ids - read.done) {
            panic!(
                "`backfill` had read {ids} ids when {done} requests were done, and the limit is {limit}. In a file with millions of \
                 lines, it reads an id when there is room for its request, and one id ahead at most."
            );
        }
    }
}

/// Every id has a row, also if it comes twice, and also if the row is empty.
#[test]
fn every_id_is_fetched_and_saved() {
    let id = pick(10..=u64::MAX - 1);
    let rows = [
        (id, "x"),
        (id, "x"),
        (0, ""),
        (u64::MAX, "same"),
        (1, "same"),
        (2, ""),
        (0, ""),
        (0, ""),
        (id, "x"),
    ];
    for limit in [1, 2, 3, 50] {
        let job =
            |(n, (id, row)): (u64, (u64, &str))| Job { id, row: row.to_owned(), takes: millis(7 * n % 5) };
        let run = Run::jobs(limit, (0..).zip(rows).map(job).collect());
        run.check_rows();
    }
}

/// There may be no ids at all, fewer than the limit, or many more.
#[test]
fn any_number_of_ids() {
    let many = picked(120..=150);
    for (limit, count) in
        [(3, 0), (3, 1), (4, 3), (4, 4), (4, 5), (10_000, many), (picked(20..=90), many), (1, 50)]
    {
        let run = Run::of(limit, &mixed_times(count));
        run.check_slots();
        run.check_rows();
    }
}

/// Requests may all take the same time, or no time at all.
#[test]
fn requests_may_be_done_at_the_same_moment() {
    for takes in [millis(pick(5..=50)), Duration::ZERO] {
        for limit in [1, 4] {
            let run = Run::of(limit, &vec![takes; 5 * limit + 2]);
            let most = run.services.most();
            assert!(
                most <= limit,
                "{most} requests were under way at the same time, and the limit is {limit}."
            );
            run.check_slots();
            run.check_rows();
        }
    }
}

/// A caller that drops it half-way cancels what is under way.
#[test]
fn dropping_it_cancels_its_requests() {
    let services = Services::new("backfill");
    let jobs = jobs(&vec![millis(pick(500..=900)); 10]);
    let ids: Vec<_> = jobs.iter().map(|job| job.id).collect();
    let partner = Partner::new(&services, jobs);
    let left =
        services.dropped_after(millis(pick(10..=90)), backfill(ids.into_iter(), 3, partner, |_, _| {}));
    assert!(
        left.is_empty(),
        "The caller dropped `backfill` half-way, and {} of its requests were still under way afterwards. What `backfill` has \
         started ends with it.",
        left.len()
    );
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let (services, jobs) = (Services::new("backfill"), jobs(&[30, 20, 10, 20, 30].map(millis)));
    let ids: Vec<_> = jobs.iter().map(|job| job.id).collect();
    let partner = Partner::new(&services, jobs);
    vt(async { handed_on("`backfill`", 40, backfill(ids.into_iter(), 2, partner, |_, _| {})).await });
}

/// Two backfills may run at the same time, each with its own limit.
#[test]
fn calls_do_not_wait_for_each_other() {
    let [slow, quick] = [millis(pick(500..=900)), millis(3)].map(|wait| async move {
        let (services, jobs) = (Services::new("backfill"), jobs(&[wait; 4]));
        let ids: Vec<_> = jobs.iter().map(|job| job.id).collect();
        backfill(ids.into_iter(), 2, Partner::new(&services, jobs), |_, _| {}).await;
    });
    vt(side_by_side("`backfill`", 40, slow, quick));
}

/// An id, its row, and how long the request takes.
#[derive(Clone, Debug)]
struct Job {
    id: u64,
    row: String,
    takes: Duration,
}

/// Has a job for every id; the same id has the same row each time.
struct Partner {
    services: Services,
    jobs: Vec<Job>,
}

impl Partner {
    fn new(services: &Services, jobs: Vec<Job>) -> Arc<Self> {
        Arc::new(Self { services: services.clone(), jobs })
    }
}

impl Api for Partner {
    fn fetch(&self, id: u64) -> impl Future<Output = String> + Send {
        let job = self.jobs.iter().find(|job| job.id == id);
        let wait = job.map(|job| job.takes).filter(|wait| !wait.is_zero());
        let row = job.map_or_else(|| "no such id".to_owned(), |job| job.row.clone());
        self.services.request(format!("id {id}"), wait, row)
    }
}

/// A backfill that has come to its end.
struct Run {
    limit: usize,
    jobs: Vec<Job>,
    services: Services,
    saved: Vec<Saved>,
    reads: Vec<Read>,
}

struct Saved {
    id: u64,
    row: String,
    at: Duration,
}

/// How many ids had been read, and how many requests were done then.
struct Read {
    ids: usize,
    done: usize,
}

impl Run {
    fn of(limit: usize, times: &[Duration]) -> Self {
        Self::jobs(limit, jobs(times))
    }

    fn jobs(limit: usize, jobs: Vec<Job>) -> Self {
        let services = Services::new("backfill");
        let (saved, reads) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
        let read = Cell::new(0);
        let ids = jobs.iter().map(|job| {
            read.set(read.get() + 1);
            reads.borrow_mut().push(Read { ids: read.get(), done: services.done() });
            job.id
        });
        let partner = Partner::new(&services, jobs.clone());
        let save = |id, row| saved.borrow_mut().push(Saved { id, row, at: services.now() });
        services.call(4 * jobs.len() + 20, backfill(ids, limit, partner, save));
        let (saved, reads) = (saved.into_inner(), reads.into_inner());
        Self { limit, jobs, services, saved, reads }
    }

    /// A request begins when one before it is done, and not later.
    fn check_slots(&self) {
        let (limit, mut all) = (self.limit, self.services.all());
        all.sort_by_key(|seen| seen.begun);
        let mut ends: Vec<_> = all.iter().filter_map(|seen| seen.done).collect();
        ends.sort_unstable();
        let late = all.iter().enumerate().find(|(n, seen)| {
            let free = if *n < limit { Some(Duration::ZERO) } else { ends.get(n - limit).copied() };
            free.is_some_and(|free| seen.begun > Some(free + GRAIN))
        });
        let Some((n, Seen { name, begun: Some(begun), .. })) = late else { return };
        let most = self.services.most();
        assert!(
            most >= limit.min(all.len()),
            "At most {most} of {} requests were under way at the same time, and the limit is {limit}. Use every slot as long as there \
             are ids left.",
            all.len()
        );
        let free = if n < limit { Duration::ZERO } else { ends[n - limit] };
        let others = all.iter().filter(|seen| seen.begun < Some(*begun) && seen.done > Some(*begun)).count();
        let batch =
            if others == 0 { " By then all requests before it were done: none was under way." } else { "" };
        panic!(
            "The request for {name} began after {}, and a slot was free from {} on (the limit is {limit}).{batch} While ids are left, \
             a free slot is used at once.",
            in_words(*begun),
            in_words(free)
        );
    }

    /// Every id has been asked for as often as it is in the list, and every row is saved.
    fn check_rows(&self) {
        let (ids, rows, all) = (self.jobs.len(), self.saved.len(), self.services.all());
        if let Some(Seen { name, dropped, .. }) = all.iter().find(|seen| seen.done.is_none()) {
            panic!(
                "There were {ids} ids, and `backfill` saved {rows} rows. The request for {name} was cancelled after {}, before its \
                 row arrived. Every request needs its time, and `backfill` returns when all rows are saved.",
                in_words(dropped.unwrap_or_default())
            );
        }
        let row_of: HashMap<_, _> = self.jobs.iter().map(|job| (job.id, &job.row)).collect();
        for Saved { id, row, .. } in &self.saved {
            let Some(wanted) = row_of.get(id) else {
                panic!("`backfill` saved a row for id {id}, which is not in the list.")
            };
            assert!(row == *wanted, "The row of id {id} is {wanted:?}, and `backfill` saved {row:?} for it.");
        }
        let wanted = counted(self.jobs.iter().map(|job| job.id));
        let made = counted(all.iter().map(|seen| &seen.name[..]));
        let saved = counted(self.saved.iter().map(|saved| saved.id));
        for Job { id, row, .. } in &self.jobs {
            let wanted = wanted[id];
            let made = made.get(&format!("id {id}")[..]).copied().unwrap_or_default();
            assert!(
                made == wanted,
                "Id {id} is in the list {}, and `backfill` asked for it {}. Make one request for each id that you read.",
                times(wanted),
                times(made)
            );
            let saved = saved.get(id).copied().unwrap_or_default();
            assert!(
                saved == wanted,
                "Id {id} is in the list {}, and its row is {row:?}. It arrived, and `backfill` saved it {}.",
                times(wanted),
                times(saved)
            );
        }
    }
}

fn counted<T: Eq + Hash>(items: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{number} times"),
    }
}

/// Jobs with ids of their own, in no order, and a row for each.
fn jobs(times: &[Duration]) -> Vec<Job> {
    let base = pick(1_000..=999_999_999);
    let job = |(n, takes): (u64, &Duration)| {
        let id = (base + 7 * n) ^ 1;
        Job { id, row: format!("row {}", id * 3), takes: *takes }
    };
    (0..).zip(times).map(job).collect()
}

/// Times that a fixed order of slots does not fit: short and long ones, never two alike in a row.
fn mixed_times(count: usize) -> Vec<Duration> {
    (0..count as u64)
        .map(|n| millis([40, 3, 90, 15, 60, 1, 25][n as usize % 7] + pick(0..=9) + n % 3))
        .collect()
}

fn picked(range: std::ops::RangeInclusive<u64>) -> usize {
    usize::try_from(pick(range)).expect("it was picked small enough")
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(1);

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
