//! The loop with fakes around it, on a clock that tests turn: what happens, and in which order.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use tokio::time::{Instant, sleep, sleep_until};

use super::*;
use crate::verdict::{Kind, Seconds, Status, TestResult, Verdict};
use crate::watch::event::Key;
use crate::watch::sample;

/// What happened, in order, with virtual milliseconds since the start.
#[derive(Clone)]
struct Log {
    start: Instant,
    lines: Rc<RefCell<Vec<(u128, String)>>>,
}

impl Log {
    fn new() -> Self {
        Self { start: Instant::now(), lines: Rc::default() }
    }

    fn note(&self, line: impl Into<String>) {
        self.lines.borrow_mut().push((self.start.elapsed().as_millis(), line.into()));
    }

    /// Everything but drawings.
    fn deeds(&self) -> Vec<String> {
        let lines = self.lines.borrow();
        let deeds = lines.iter().filter(|(_, line)| !line.starts_with("draw"));
        deeds.map(|(at, line)| format!("{at} {line}")).collect()
    }

    fn draws(&self) -> Vec<(u128, String)> {
        let lines = self.lines.borrow();
        lines.iter().filter(|(_, line)| line.starts_with("draw")).cloned().collect()
    }
}

/// Grades in 1000 virtual milliseconds; every second grading passes, beginning with the second.
struct FakeWorld {
    log: Log,
    progress: Progress,
    gradings: RefCell<u32>,
    disk_full: bool,
}

/// Notes that a grading was dropped before its end.
struct Alive(Log, bool);

impl Drop for Alive {
    fn drop(&mut self) {
        if self.1 {
            self.0.note("grading killed");
        }
    }
}

impl World for FakeWorld {
    fn grade(
        &self,
        name: &str,
        activity: impl Fn(Activity) + Send + Sync + 'static,
    ) -> Option<impl Future<Output = Graded> + 'static> {
        *self.gradings.borrow_mut() += 1;
        let passes = self.gradings.borrow().is_multiple_of(2);
        let (log, name) = (self.log.clone(), name.to_owned());
        log.note(format!("grade {name}"));
        Some(async move {
            let mut alive = Alive(log, true);
            activity(Activity::Compiling);
            sleep(Duration::from_millis(1000)).await;
            activity(Activity::Testing { done: 1, total: 1 });
            alive.1 = false;
            Graded { verdict: verdict(&name, passes), source: Some("hash".into()) }
        })
    }

    fn save(&mut self, changes: &[Change]) -> Result<Progress, String> {
        self.log.note(format!("save {changes:?}"));
        if self.disk_full {
            return Err("Your progress could not be saved: the disk is full.".into());
        }
        let workbook = sample::workbook();
        let now = std::time::SystemTime::UNIX_EPOCH;
        changes.iter().for_each(|change| change.apply(&mut self.progress, &workbook, now));
        Ok(self.progress.clone())
    }

    fn reset(&mut self, name: &str) -> Result<Restored, String> {
        self.log.note(format!("reset {name}"));
        Ok(Restored::Backup("backup.rs".into()))
    }

    fn point(&mut self, name: &str) -> Result<(), String> {
        self.log.note(format!("point {name}"));
        Ok(())
    }

    fn path_of(&self, name: &str) -> Option<PathBuf> {
        Some(PathBuf::from(name))
    }

    fn prepare(&self) -> impl Future<Output = ()> + 'static {
        self.log.note("prepare");
        std::future::ready(())
    }
}

fn verdict(name: &str, passes: bool) -> Verdict {
    let (kind, status) = if passes { (Kind::Passed, Status::Passed) } else { (Kind::Failed, Status::Failed) };
    Verdict {
        exercise: name.into(),
        chapter: "01_one".into(),
        kind,
        diagnostics: Vec::new(),
        tests: vec![TestResult {
            name: "speaks".into(),
            status,
            message: String::new(),
            output: String::new(),
            seconds: 0.0,
            hang: None,
            timeline: None,
        }],
        broken: None,
        seconds: Seconds::default(),
    }
}

struct FakeDisplay(Log);

impl Display for FakeDisplay {
    fn draw(&mut self, frame: &[Line]) -> io::Result<()> {
        let text: Vec<String> = frame.iter().map(Line::text).collect();
        self.0.note(format!("draw {}", text.join("\n")));
        Ok(())
    }

    fn forget(&mut self) {
        self.0.note("forget the screen");
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.0.note("suspend");
        Ok(())
    }
}

/// Events at given virtual milliseconds; `None` is a save.
struct Script<T> {
    start: Instant,
    left: VecDeque<(u64, T)>,
}

impl<T> Script<T> {
    fn new(events: impl IntoIterator<Item = (u64, T)>) -> Self {
        Self { start: Instant::now(), left: events.into_iter().collect() }
    }

    async fn next(&mut self) -> T {
        match self.left.front() {
            Some((at, _)) => sleep_until(self.start + Duration::from_millis(*at)).await,
            None => std::future::pending().await,
        }
        self.left.pop_front().expect("there is a front").1
    }
}

impl Input for Script<Event> {
    async fn next(&mut self) -> Event {
        Script::next(self).await
    }
}

struct FakeSaves {
    log: Log,
    saves: Script<Save>,
    warning: Option<String>,
}

impl Saves for FakeSaves {
    fn watch(&mut self, path: Option<&Path>) -> Option<String> {
        self.log.note(format!("watch {}", path.map_or("nothing".into(), |path| path.display().to_string())));
        self.warning.take()
    }

    async fn next(&mut self) -> Save {
        Script::next(&mut self.saves).await
    }
}

struct Case {
    log: Log,
    keys: Vec<(u64, Event)>,
    saves: Vec<(u64, Save)>,
    disk_full: bool,
    warning: Option<String>,
}

impl Case {
    fn new(keys: &[(u64, char)], saves: &[u64]) -> Self {
        Self {
            log: Log::new(),
            keys: keys.iter().map(|&(at, key)| (at, Event::Key(Key::Char(key)))).collect(),
            saves: saves.iter().map(|&at| (at, Save::Changed)).collect(),
            disk_full: false,
            warning: None,
        }
    }

    async fn play(self) -> Log {
        let mut progress = Progress::new("seed".into());
        // No newcomer: the session starts on the step, not on the welcome.
        progress.record_attempt("first");
        let session = Session::new(Arc::new(sample::workbook()), progress.clone(), (80, 24));
        let log = self.log;
        let world =
            FakeWorld { log: log.clone(), progress, gradings: RefCell::new(0), disk_full: self.disk_full };
        let mut saves = FakeSaves { log: log.clone(), saves: Script::new(self.saves), warning: self.warning };
        let mut display = FakeDisplay(log.clone());
        let mut keys = Script::new(self.keys);
        let over = drive(session, world, &mut display, &mut saves, &mut keys);
        // A virtual day: a case whose keys do not quit fails instead of waiting for ever.
        tokio::time::timeout(Duration::from_secs(86_400), over).await.expect("the case quits").unwrap();
        log
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_frame_is_there_before_the_first_grading_has_begun_its_work() {
    let log = Case::new(&[(1, 'q')], &[]).play().await;
    assert_eq!(log.deeds(), ["0 point first", "0 watch first", "0 grade first", "1 grading killed"]);
    let (at, first) = &log.draws()[0];
    assert_eq!(*at, 0);
    assert!(first.contains("Grading…"), "{first}");
}

#[tokio::test(start_paused = true)]
async fn a_save_kills_the_grading_under_way_and_its_result_is_saved_before_it_is_drawn() {
    let log = Case::new(&[(2000, 'q')], &[300]).play().await;
    assert_eq!(
        log.deeds()[2..],
        [
            "0 grade first",
            "300 grading killed",
            "300 grade first",
            "1300 prepare",
            "1300 save [Attempt(\"first\"), Solved { name: \"first\", source: \"hash\" }]",
        ]
    );
    let lines = log.lines.borrow();
    let saved = lines.iter().position(|(_, line)| line.starts_with("save")).unwrap();
    let shown = lines.iter().position(|(_, line)| line.contains("Solved!")).unwrap();
    assert!(saved < shown);
}

#[tokio::test(start_paused = true)]
async fn the_rest_is_prepared_once_when_nobody_waits_for_the_first_verdict_any_more() {
    let log = Case::new(&[(5000, 'q')], &[500, 2000]).play().await;
    let deeds = log.deeds();
    let times: Vec<&String> = deeds.iter().filter(|deed| deed.ends_with("prepare")).collect();
    assert_eq!(times, ["1500 prepare"]);
}

#[tokio::test(start_paused = true)]
async fn the_spinner_turns_while_something_is_graded_and_rests_afterwards() {
    let log = Case::new(&[(60_000, 'q')], &[]).play().await;
    let draws = log.draws();
    let during = draws.iter().filter(|(at, _)| (1..1000).contains(at)).count();
    assert!((8..=12).contains(&during), "{during}");
    assert_eq!(draws.iter().filter(|(at, _)| *at > 1001).count(), 0);
}

#[tokio::test(start_paused = true)]
async fn keys_are_heard_while_something_is_graded() {
    let log = Case::new(&[(50, '?'), (2000, '?'), (2010, 'q')], &[]).play().await;
    assert!(log.draws().iter().any(|(at, frame)| *at == 50 && frame.contains("Keys")), "{:#?}", log.draws());
}

#[tokio::test(start_paused = true)]
async fn a_result_that_could_not_be_saved_is_never_shown_as_recorded() {
    let case = Case { disk_full: true, ..Case::new(&[(3000, 'n'), (3100, 'q')], &[100]) };
    let log = case.play().await;
    let (_, frame) = log.draws().into_iter().find(|(_, frame)| frame.contains("Solved!")).unwrap();
    assert!(frame.contains("the disk is full"), "{frame}");
    assert!(log.draws().last().unwrap().1.contains("Not solved yet"), "it stays unsolved");
}

#[tokio::test(start_paused = true)]
async fn moving_on_watches_and_grades_the_next_step() {
    let log = Case::new(&[(2000, 'n'), (2010, 'n'), (2020, 'n'), (2030, 'q')], &[100]).play().await;
    let deeds = log.deeds().join("\n");
    // A quiz has no file; skipping it leads to the next exercise.
    assert!(deeds.contains("2000 watch nothing\n2020 save"), "{deeds}");
    assert!(deeds.contains("2020 point second\n2020 watch second\n2020 grade second"), "{deeds}");
}

#[tokio::test(start_paused = true)]
async fn reset_acts_then_watches_anew_then_grades() {
    let log = Case::new(&[(2000, 'x'), (2010, 'y'), (2020, 'q')], &[]).play().await;
    let deeds = log.deeds();
    let reset = deeds.iter().position(|deed| deed.contains("reset")).unwrap();
    assert_eq!(deeds[reset..reset + 3], ["2010 reset first", "2010 watch first", "2010 grade first"]);
    assert!(log.draws().last().unwrap().1.contains("backup.rs"));
}

#[tokio::test(start_paused = true)]
async fn a_check_of_everything_grades_one_after_the_other() {
    let log = Case::new(&[(1500, 'c'), (9000, 'q')], &[]).play().await;
    let gradings: Vec<String> = log.deeds().into_iter().filter(|deed| deed.contains("grade ")).collect();
    // After it comes the quiz, the first step that is open and not an exercise that failed.
    assert_eq!(gradings, ["0 grade first", "1500 grade first", "2500 grade second", "3500 grade third"]);
    assert!(log.deeds().iter().any(|deed| deed.starts_with("4500 save")), "{:#?}", log.deeds());
}

#[tokio::test(start_paused = true)]
async fn ctrl_z_kills_the_grading_before_it_stops_and_redraws_afterwards() {
    let mut case = Case::new(&[(2000, 'q')], &[]);
    case.keys.insert(0, (500, Event::Key(Key::Suspend)));
    let log = case.play().await;
    assert_eq!(log.deeds()[2..6], ["0 grade first", "500 grading killed", "500 suspend", "500 grade first"]);
    assert_eq!(log.deeds()[6], "500 forget the screen");
}

#[tokio::test(start_paused = true)]
async fn a_file_system_that_tells_nothing_is_mentioned() {
    let warning = Some("This file system does not report saves.".to_owned());
    let log = Case { warning, ..Case::new(&[(10, 'q')], &[]) }.play().await;
    assert!(log.draws()[0].1.contains("does not report saves"), "{}", log.draws()[0].1);
}

#[tokio::test(start_paused = true)]
async fn a_screen_that_cannot_be_written_ends_the_loop() {
    struct Gone;
    impl Display for Gone {
        fn draw(&mut self, _: &[Line]) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn forget(&mut self) {}
        fn suspend(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let log = Log::new();
    let progress = Progress::new("seed".into());
    let session = Session::new(Arc::new(sample::workbook()), progress.clone(), (80, 24));
    let world = FakeWorld { log: log.clone(), progress, gradings: RefCell::new(0), disk_full: false };
    let mut saves = FakeSaves { log, saves: Script::new([]), warning: None };
    let ended = drive(session, world, &mut Gone, &mut saves, &mut Script::<Event>::new([])).await;
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}
