//! Hidden tests of `backpressure`: how many rows are in memory, when each is read and uploaded, and whether all of them are.

use std::panic::resume_unwind;
use std::pin::{Pin, pin};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Archive, ROOM, Table, export};
use testkit::{
    Backlog, Gate, Lane, Log, Timeline, Unrest, check_eq, handed_on, in_words, panic_of, pick, side_by_side,
    silence, stage, to_its_end, vt,
};
use tokio::select;
use tokio::task::yield_now;
use tokio::time::sleep;

/// At no time are more rows in memory than there is room for.
#[test]
fn the_rows_have_room_in_memory() {
    check_eq!(
        ROOM,
        MEMORY,
        "The machine has room for {MEMORY} rows. Changing `ROOM` does not give it more memory."
    );
    for (upload, count) in [(seconds(2..=9), pick(50..=70)), (millis(3..=9), pick(300..=500))] {
        let house = House::new();
        let outcome = house.run(house.table(count, Duration::ZERO), house.archive(upload));
        house.check(&outcome, count);
    }
}

/// While a row is being uploaded, others are read; and each is uploaded as soon as the one before it is done.
#[test]
fn reading_goes_on_during_an_upload() {
    stage("the first upload takes a month");
    let house = House::new();
    let month = Duration::from_secs(30 * 24 * 3600);
    let archive = Cloud { first: Some(month), ..house.archive(millis(3..=9)) };
    let outcome = house.run(house.table(40, Duration::ZERO), archive);
    let read = house.read.timed().iter().filter(|(_, at)| *at < month).count();
    assert!(
        read > 1 || house.uploaded.is_empty(),
        "The upload of the first row took 30 days, and meanwhile {} rows were read. While a row is being uploaded, the next ones are \
         read.",
        read.saturating_sub(1)
    );
    house.check(&outcome, 40);

    for (read, upload) in
        [(seconds(2..=9), millis(3..=9)), (millis(3..=9), seconds(2..=9)), (seconds(3..=4), seconds(3..=4))]
    {
        stage(format!("reading a row takes {}, and uploading it takes {}", in_words(read), in_words(upload)));
        let (house, count) = (House::new(), pick(20..=30));
        let outcome = house.run(house.table(count, read), house.archive(upload));
        house.check(&outcome, count);
        // Reading never waits for an upload here, unless it takes longer than the reading itself.
        let (slower, quicker) = (read.max(upload), read.min(upload));
        let due = slower * u32::try_from(count).expect("fifty at most") + quicker;
        let took = house.uploaded.timed().last().map_or(Duration::ZERO, |(_, at)| *at);
        assert!(
            took < due + GRAIN,
            "The export of {count} rows took {}, where reading a row takes {} and an upload takes {}: {} would have been enough. \
             While a row is being uploaded, the next ones are read.",
            in_words(took),
            in_words(read),
            in_words(upload),
            in_words(due)
        );
    }
}

/// Every row is uploaded, once, in its place: none, one, hundreds, empty ones and equal ones.
#[test]
fn every_row_is_uploaded() {
    for count in [0, 1, 2, 500] {
        stage(format!("the table has {count} rows"));
        let house = House::new();
        let outcome = house.run(house.table(count, Duration::ZERO), house.archive(Duration::ZERO));
        house.check(&outcome, count);
    }
    stage("some rows are empty, and some are equal");
    let house = House::new();
    let rows: Vec<String> = ["", "4711;2", "4711;2", "", "", "4711;2"].map(str::to_owned).into();
    let table = Rows { rows: rows.clone().into_iter(), ..house.table(0, Duration::ZERO) };
    let outcome = house.run(table, house.archive(seconds(2..=9)));
    house.check_end(&outcome);
    check_eq!(house.uploaded.events(), rows, "A row is a row, also if it is empty or equal to another one.");
}

/// Who waits, for a place or for a row, sleeps as long as it takes.
#[test]
fn waiting_costs_nothing() {
    let (house, count) = (House::new(), 3 * MEMORY);
    let (upload, last) = (Gate::new(), Gate::new());
    let table = Rows { gate: Some(last.clone()), ..house.table(count as u64, Duration::ZERO) };
    let archive = Cloud { gate: Some(upload.clone()), ..house.archive(millis(3..=9)) };
    stage("an upload takes a month, and then the last row does not come for a month");
    let hour = Duration::from_secs(3600);
    let run = house.carry_out(async {
        let mut exporting = pin!(export(table, archive));
        let (mut quiet, mut seen) = (Vec::new(), (0, 0));
        for gate in [&upload, &last] {
            let silent = async {
                turns().await;
                (silence().await, (house.read.len(), house.uploaded.len()))
            };
            let Some((kept, so_far)) = beside(exporting.as_mut(), silent).await else { break };
            quiet.push(kept);
            seen = so_far;
            if kept.is_err() {
                break;
            }
            gate.open();
            // Within an hour, everything that is there is uploaded.
            if beside(exporting.as_mut(), sleep(hour)).await.is_none() {
                break;
            }
        }
        (quiet, seen)
    });
    let (quiet, (read, uploaded)) = match run {
        Ok(seen) => seen,
        Err(unrest) => {
            house.check(&Err(unrest), count as u64);
            return;
        }
    };
    let when = [
        "While a row was being uploaded and the memory was full",
        "While all rows so far were uploaded and the next one was not there yet",
    ];
    for (quiet, when) in quiet.into_iter().zip(when) {
        match quiet {
            Ok(()) => {}
            Err(Unrest::Naps(time)) => panic!(
                "{when}, your code kept waking up within {} to look. A `send` that waits is woken by the `recv` that makes \
                 room, and a `recv` that waits by the next `send`.",
                in_words(time)
            ),
            Err(_) => panic!("{when}, your code did not come to rest. {ASKS}"),
        }
    }
    assert!(
        uploaded == read,
        "{read} rows had been read, and the next one did not come for a month. Of those, {uploaded} were uploaded meanwhile. A row is \
         uploaded as soon as the one before it is done, and not only when others have been read."
    );
    house.check(&Ok(()), count as u64);
}

/// If reading panics, so does `export`.
#[test]
fn half_an_export_does_not_look_complete() {
    for count in [0, 3, 40] {
        let house = House::new();
        let table = Rows { panics: true, ..house.table(count, millis(1..=3)) };
        stage(format!("`next` panics behind {count} rows"));
        match panic_of(|| house.run(table, house.archive(millis(3..=9)))) {
            Err(text) if text.contains(BROKEN) || text.starts_with(PANICKED) => {}
            Err(text) => panic!("{text}"),
            Ok(outcome) => {
                house.check_unrest(&outcome);
                panic!(
                    "`next` panicked after {count} rows, and `export` returned as if the table had ended there. The reader's panic drops its \
                     sender, too; only the handle of its task knows what has happened."
                );
            }
        }
    }
}

/// `export` may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let house = House::new();
    let (table, archive) = (house.table(40, millis(1..=3)), house.archive(millis(3..=9)));
    stage("another task goes on with `export`");
    let run = panic_of(|| vt(to_its_end(POLLS, handed_on("`export`", 400, export(table, archive)))).0);
    house.check(&run.unwrap_or_else(|text| panic!("{text}")), 40);
}

/// Exports at the same time do not wait for each other.
#[test]
fn each_export_has_its_own_memory() {
    let (many, other) = ([(); 4].map(|()| House::new()), House::new());
    let [first, second, third, fourth] =
        many.each_ref().map(|one| export(one.table(40, Duration::ZERO), one.archive(seconds(5..=7))));
    let slow = async { tokio::join!(first, second, third, fourth) };
    let quick = export(other.table(40, Duration::ZERO), other.archive(millis(3..=9)));
    stage("five exports are under way, four slow ones and a quick one");
    let run = panic_of(|| vt(to_its_end(POLLS, side_by_side("`export`", 2_000, slow, quick))).0);
    let outcome = run.unwrap_or_else(|text| panic!("{text}")).map(drop);
    for one in &many {
        one.check(&outcome, 40);
    }
    other.check(&Ok(()), 40);
    let took = other.uploaded.timed().last().map_or(Duration::ZERO, |(_, at)| *at);
    assert!(
        took < Duration::from_secs(1),
        "Several exports were under way at the same time, and the uploads of one took 9 ms each at most. Its 40 rows took {}: it waited for the \
         rows of the others.",
        in_words(took)
    );
}

/// Where rows come from and go to, and what was seen of them.
struct House {
    home: ThreadId,
    memory: Backlog,
    /// Rows, when they were read, when their upload began, and when it was done.
    read: Log,
    begun: Log,
    uploaded: Log,
    /// Exports that have returned.
    over: Log,
    strangers: Log,
    timeline: Timeline,
}

impl House {
    fn new() -> Self {
        let [read, begun, uploaded, over, strangers] = [(); 5].map(|()| Log::new());
        let (memory, timeline) = (Backlog::new(), Timeline::new());
        for lane in ["export", "read", "upload"] {
            timeline.lane(lane);
        }
        Self { home: thread::current().id(), memory, read, begun, uploaded, over, strangers, timeline }
    }

    /// A table of so many rows, each of which takes this long to be read.
    fn table(&self, count: u64, takes: Duration) -> Rows {
        let first = pick(1_000..=99_999);
        let rows: Vec<String> = (0..count).map(|n| format!("order {};{}", first + n, n % 7)).collect();
        Rows {
            rows: rows.into_iter(),
            takes,
            gate: None,
            panics: false,
            home: self.home,
            memory: self.memory.clone(),
            read: self.read.clone(),
            strangers: self.strangers.clone(),
            lane: self.timeline.lane("read"),
        }
    }

    /// An archive that takes this long for each row.
    fn archive(&self, takes: Duration) -> Cloud {
        Cloud {
            takes,
            first: None,
            gate: None,
            home: self.home,
            memory: self.memory.clone(),
            begun: self.begun.clone(),
            uploaded: self.uploaded.clone(),
            strangers: self.strangers.clone(),
            lane: self.timeline.lane("upload"),
        }
    }

    fn run(&self, table: Rows, archive: Cloud) -> Result<(), Unrest> {
        stage("`export` has been called");
        self.carry_out(async {
            self.timeline.lane("export").watch(export(table, archive)).await;
            self.over.push("export");
        })
    }

    fn carry_out<T>(&self, exporting: impl Future<Output = T>) -> Result<T, Unrest> {
        let run = panic_of(|| vt(to_its_end(POLLS, exporting)).0);
        assert!(
            self.strangers.is_empty(),
            "A row was read or uploaded on another thread than the runtime's. Both halves wait most of the time: two tasks share \
             one thread."
        );
        run.unwrap_or_else(|text| panic!("{PANICKED} {text}"))
    }

    /// Checks everything that is true of each export.
    fn check(&self, outcome: &Result<(), Unrest>, count: u64) {
        self.check_end(outcome);
        let most = self.memory.max();
        assert!(
            most <= MEMORY,
            "{most} rows were in memory at once, and there is room for {MEMORY}. {}",
            if most <= MEMORY + 2 {
                "The places of a queue are not all: a row that waits for a place is in memory, and so is the one that is being uploaded."
            } else {
                "When the memory is full, reading has to wait until a row has been uploaded."
            }
        );
        let (read, begun, uploaded) = (self.read.timed(), self.begun.timed(), self.uploaded.timed());
        check_eq!(
            read.len() as u64,
            count,
            "The table has {count} rows, and `export` returned when {} of them had been read.",
            read.len()
        );
        for (n, (row, at)) in begun.iter().enumerate() {
            assert!(
                *row == read[n].0,
                "Upload {} was that of {row:?}, where {:?} was next. Rows are uploaded in their order.",
                n + 1,
                read[n].0
            );
            let before = n.checked_sub(1).map_or(Duration::ZERO, |before| uploaded[before].1);
            let due = read[n].1.max(before);
            assert!(
                *at < due + GRAIN,
                "Row {} had been read after {}, the upload before it was done after {}, and its own upload began {} later. A row is \
                 uploaded as soon as the one before it is done.",
                n + 1,
                in_words(read[n].1),
                in_words(before),
                in_words(*at - due)
            );
        }
        self.check_return();
    }

    /// Checks that it came to its end, and that no row is missing by then.
    fn check_end(&self, outcome: &Result<(), Unrest>) {
        self.check_unrest(outcome);
        let (read, uploaded) = (self.read.len(), self.uploaded.len());
        if uploaded < read {
            let (mut known, rows) = (self.uploaded.events().into_iter(), self.read.events());
            let n = rows.iter().position(|row| known.next().as_ref() != Some(row)).expect("one is missing");
            let rule = if rows[n].is_empty() || n > 0 && rows[n] == rows[n - 1] {
                "A row is a row, also if it is empty or equal to another one."
            } else {
                "When there is no room, reading waits; no row is thrown away."
            };
            panic!(
                "{read} rows were read, and `export` returned when {uploaded} of them had been uploaded. The first one that is missing is \
                 row {}, {:?}. {rule}",
                n + 1,
                rows[n]
            );
        }
        check_eq!(
            uploaded,
            read,
            "{read} rows were read, and {uploaded} were uploaded. Each one is uploaded once, also if it is empty or equal to another."
        );
    }

    /// Checks that it returned with the last upload.
    fn check_return(&self) {
        let last = self.uploaded.timed().last().map_or(Duration::ZERO, |(_, at)| *at);
        if let Some((_, over)) = self.over.timed().last() {
            assert!(
                *over < last + GRAIN,
                "The last row was up after {}, and `export` returned {} later. Nothing is left to wait for.",
                in_words(last),
                in_words(*over - last)
            );
        }
    }

    fn check_unrest(&self, outcome: &Result<(), Unrest>) {
        let (read, uploaded) = (self.read.len(), self.uploaded.len());
        match outcome {
            Ok(()) => {}
            Err(Unrest::Asleep) => panic!(
                "{read} rows were read, {uploaded} were uploaded, and then nothing happened any more: `export` waits, and nobody is left \
                 who would wake it."
            ),
            Err(Unrest::Naps(time)) => panic!(
                "For {}, no row was read or uploaded, and your code kept waking up to look. {ASKS}",
                in_words(*time)
            ),
            Err(_) => panic!(
                "{read} rows were read, {uploaded} were uploaded, and then your code did not come to rest, so that no upload could go on. \
                 {ASKS}"
            ),
        }
    }
}

/// A table.
struct Rows {
    rows: std::vec::IntoIter<String>,
    takes: Duration,
    /// What the last row waits for.
    gate: Option<Gate>,
    /// Behind the last row.
    panics: bool,
    home: ThreadId,
    memory: Backlog,
    read: Log,
    strangers: Log,
    lane: Lane,
}

impl Table for Rows {
    async fn next(&mut self) -> Option<String> {
        if thread::current().id() != self.home {
            self.strangers.push("a table");
            return None;
        }
        if self.rows.len() == 1
            && let Some(gate) = &self.gate
        {
            self.lane.watch(gate.wait()).await;
        }
        if !self.takes.is_zero() && self.rows.len() > 0 {
            self.lane.watch(sleep(self.takes)).await;
        }
        let row = self.rows.next();
        if let Some(row) = &row {
            self.memory.push();
            self.read.push(row);
        } else if self.panics {
            self.lane.mark("panics");
            resume_unwind(Box::new(BROKEN));
        }
        row
    }
}

/// An archive.
struct Cloud {
    takes: Duration,
    /// How long the first upload takes, if not as long as the others.
    first: Option<Duration>,
    /// What the first upload waits for.
    gate: Option<Gate>,
    home: ThreadId,
    memory: Backlog,
    begun: Log,
    uploaded: Log,
    strangers: Log,
    lane: Lane,
}

impl Archive for Cloud {
    async fn upload(&mut self, row: String) {
        if thread::current().id() != self.home {
            self.strangers.push("an archive");
            return;
        }
        self.begun.push(&row);
        if let Some(gate) = self.gate.take() {
            self.lane.watch(gate.wait()).await;
        }
        let takes = self.first.take().unwrap_or(self.takes);
        if takes.is_zero() {
            yield_now().await;
        } else {
            self.lane.watch(sleep(takes)).await;
        }
        self.uploaded.push(row);
        self.memory.pop();
    }
}

/// The room that the task speaks of.
const MEMORY: usize = 16;

/// What a broken table says.
const BROKEN: &str = "the table is broken";

/// How the message about a panic of `export` begins.
const PANICKED: &str = "`export` panicked:";

const ASKS: &str = "It asks again and again. Await `send` and `recv`: each of them is woken by the other.";

/// More polls than an export needs that is woken twice for each of hundreds of rows.
const POLLS: usize = 3_000;

/// Carries `other` out while `main` goes on. `None` if `main` was over first.
async fn beside<T>(main: Pin<&mut impl Future>, other: impl Future<Output = T>) -> Option<T> {
    select! {
        biased;
        output = other => Some(output),
        _ = main => None,
    }
}

/// Gives everybody else a few turns, without any time passing.
async fn turns() {
    for _ in 0..50 {
        yield_now().await;
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn seconds(range: std::ops::RangeInclusive<u64>) -> Duration {
    Duration::from_millis(1_000 * pick(range) + pick(1..=999))
}

fn millis(range: std::ops::RangeInclusive<u64>) -> Duration {
    Duration::from_millis(pick(range))
}
