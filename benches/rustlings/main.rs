//! tokiolings beside rustlings 6.5.0 on the same exercises: `cargo bench --bench rustlings`.
//!
//! Installs rustlings into a folder of its own, writes the same solved exercises as a workbook for each program, and
//! lets both do the same things in turn, the order alternating from round to round. Every edit changes the body of a
//! function under test and is unique, so no cache knows it. All that it writes is below `target/bench`.
//!
//! What makes the comparison unequal is printed below the tables.

mod exercises;
mod first_use;
mod hangs;
mod machine;
mod programs;
mod pty;
mod rustc;
mod table;
mod walls;
mod workbooks;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant, SystemTime};

use clap::Parser;

use exercises::{Edit, Exercise};
use programs::{Program, Rustlings, Tokiolings, command, time, time_in_terminal};
use pty::Terminal;
use rustc::Rustc;
use table::{HEAD, Pair, Samples};

/// A value, or a text that says what failed.
type Outcome<T> = Result<T, String>;

/// The peer's version.
const VERSION: &str = "6.5.0";
/// Those graded one by one, unless one is named.
const ONE_BY_ONE: [&str; 6] =
    ["lazy_call", "plan_order", "values_not_plans", "timers_disabled", "js_to_rust", "thousand_sleepers"];
/// How long a terminal must show nothing new before the next save.
const QUIET: Duration = Duration::from_millis(300);
/// Longer than anything that is waited for takes.
const LIMIT: Duration = Duration::from_secs(120);
/// Rounds of what takes minutes.
const FEW: usize = 3;

/// Compares tokiolings with rustlings.
#[derive(Parser)]
struct Arguments {
    /// Rounds of each comparison, after a warm-up.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Only this exercise, and only what concerns one exercise.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Only how soon hangs are told.
    #[arg(long)]
    hangs: bool,
    /// Also with nothing built yet, and all crates downloaded.
    #[arg(long)]
    cold: bool,
    /// Also from nothing to the first verdict, both programs built on the way and all crates downloaded.
    #[arg(long)]
    first_use: bool,
    /// Also workbooks of several sizes; takes a long time.
    #[arg(long)]
    grow: bool,
    /// The sizes.
    #[arg(long, value_delimiter = ',', default_values_t = [13, 50, 100, 200])]
    sizes: Vec<usize>,
    /// What cargo passes when it runs benchmarks.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.bench {
        println!("nothing to test here; `cargo bench --bench rustlings` measures");
        return ExitCode::SUCCESS;
    }
    match Bench::new(arguments).and_then(|mut bench| bench.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("failed to {problem}");
            ExitCode::FAILURE
        }
    }
}

struct Bench {
    arguments: Arguments,
    repository: PathBuf,
    folder: PathBuf,
    theirs: Rustlings,
    ours: Tokiolings,
    /// The exercises that both can grade.
    exercises: Vec<Exercise>,
    edits: Edits,
}

/// Texts that no edit had before, in this run or an earlier one, all of one length.
struct Edits {
    run: u64,
    count: std::cell::Cell<u32>,
}

impl Edits {
    fn next(&self) -> String {
        self.count.set(self.count.get() + 1);
        format!("edit-{:010}-{:06}", self.run, self.count.get())
    }
}

impl Bench {
    /// Installs, writes and builds everything, and finds out which exercises both can grade.
    fn new(arguments: Arguments) -> Outcome<Self> {
        let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench");
        let theirs = Rustlings { binary: install(&folder)?, folder: folder.join("workbook-rustlings") };
        let ours = Tokiolings {
            binary: env!("CARGO_BIN_EXE_tokiolings").into(),
            folder: folder.join("ws"),
            home: folder.join("home"),
            workbook: None,
        };
        let (exercises, left_out) = Exercise::all(&repository)?;
        let run = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
        let edits = Edits { run, count: 0.into() };
        let mut bench = Self { arguments, repository, folder, theirs, ours, exercises, edits };
        bench.prepare(left_out)?;
        Ok(bench)
    }

    /// Keeps the exercises whose solutions pass in both workbooks.
    fn prepare(&mut self, mut left_out: Vec<String>) -> Outcome<()> {
        eprintln!("building both workbooks …");
        workbooks::for_rustlings(&self.repository, &self.theirs.folder, &self.exercises)?;
        self.ours.init()?;
        for exercise in &self.exercises {
            self.save(&self.theirs, exercise, Edit::Harmless)?;
            self.save(&self.ours, exercise, Edit::Harmless)?;
        }
        let mut kept = Vec::new();
        for exercise in std::mem::take(&mut self.exercises) {
            time(self.ours.run(&exercise)?)?;
            match time(self.theirs.run(&exercise)?) {
                Ok(_) => kept.push(exercise),
                Err(problem) => {
                    eprintln!("{problem}");
                    left_out.push(format!("`{}` (does not pass there as it is)", exercise.name));
                }
            }
        }
        workbooks::for_rustlings(&self.repository, &self.theirs.folder, &kept)?;
        self.exercises = kept;
        println!(
            "## tokiolings beside rustlings {VERSION}\n\n{}; {} rounds.\n",
            machine::describe(),
            self.arguments.rounds
        );
        println!("Exercises in both: {}. Left out: {}.", names(&self.exercises), left_out.join(", "));
        Ok(())
    }

    fn run(&mut self) -> Outcome<()> {
        if self.arguments.hangs {
            return self.hangs();
        }
        let chosen: Vec<Exercise> = self
            .exercises
            .iter()
            .filter(|exercise| match &self.arguments.only {
                Some(only) => exercise.name == *only,
                None => ONE_BY_ONE.contains(&exercise.name.as_str()),
            })
            .cloned()
            .collect();
        let first = chosen.first().cloned().ok_or("find that exercise among those that both can grade")?;
        println!("\n### One exercise\n\n{HEAD}");
        self.verdicts(&chosen)?;
        let errors = self.watchers(&first)?;
        self.starts(&first)?;
        println!("\n{errors}");
        self.walls(&first)?;
        if self.arguments.only.is_none() {
            println!("\n### All {} exercises\n\n{HEAD}", self.exercises.len());
            self.all()?;
            self.hangs()?;
        }
        if self.arguments.cold {
            println!("\n### Nothing built yet, crates downloaded\n\n{HEAD}");
            self.cold(&first)?;
        }
        if self.arguments.first_use {
            println!("\n### First use, both programs built on the way, crates downloaded\n\n{HEAD}");
            let rounds = FEW.min(self.arguments.rounds);
            let pair =
                Pair::measure_cold(rounds, first_use::rustlings, || first_use::tokiolings(&self.repository))?;
            println!("{}", pair.row("from nothing to the first verdict"));
        }
        if self.arguments.grow {
            println!("\n### Growing workbooks\n\n{HEAD}");
            for &size in &self.arguments.sizes {
                self.grow(size)?;
            }
        }
        println!("\n{NOTES}");
        Ok(())
    }

    fn save(&self, program: &impl Program, exercise: &Exercise, edit: Edit) -> Outcome<()> {
        program.save(exercise, edit, &self.edits.next())
    }

    /// Save → verdict, by the command that grades one exercise.
    fn verdicts(&self, chosen: &[Exercise]) -> Outcome<()> {
        let mut all = (Samples::default(), Samples::default());
        for exercise in chosen {
            let own_main = std::cell::RefCell::new(Samples::default());
            let mut pair = Pair::measure(
                self.arguments.rounds,
                || {
                    let command = self.theirs.run(exercise)?;
                    let saved = Instant::now();
                    self.save(&self.theirs, exercise, Edit::Harmless)?;
                    time(command)?;
                    let took = saved.elapsed();
                    own_main.borrow_mut().push(self.theirs.time_main(exercise)?);
                    Ok(took)
                },
                || {
                    let command = self.ours.run(exercise)?;
                    let saved = Instant::now();
                    self.save(&self.ours, exercise, Edit::Harmless)?;
                    time(command)?;
                    Ok(saved.elapsed())
                },
            )?;
            let mut own_main = own_main.into_inner();
            own_main.0.remove(0);
            println!("{}", pair.row(&format!("save → verdict, `run {}`", exercise.name)));
            all.0.0.push(pair.ratio());
            // What the exercise's `main` takes, mostly sleeping, is not the peer's fault.
            pair.theirs = pair.theirs.with(&own_main, |whole, own| whole - own);
            let own_main = own_main.median() * 1000.0;
            println!("{}", pair.row(&format!("… without the {own_main:.0} ms of its own `main`")));
            all.1.0.push(pair.ratio());
        }
        println!("| **save → verdict, median of the ratios** | | | **{:.3}** |", all.0.median());
        println!("| … without their own `main`s | | | {:.3} |", all.1.median());
        Ok(())
    }

    /// Save → verdict and save → compiler error on the screens of the watchers; memory. The errors are a table of
    /// their own.
    fn watchers(&self, exercise: &Exercise) -> Outcome<String> {
        self.save(&self.theirs, exercise, Edit::Harmless)?;
        self.save(&self.ours, exercise, Edit::Harmless)?;
        let (stop, stopped) = channel();
        let (home, folder) = (self.ours.home.clone(), self.folder.join("rustc"));
        let spy = std::thread::spawn(move || Rustc::spy(&home, folder, &stopped));
        let mut ours = Watcher::open(&self.ours, exercise)?;
        ours.verdict(self, Edit::Harmless)?;
        drop(stop);
        let rustc = spy.join().ok().flatten();
        let mut theirs = Watcher::open(&self.theirs, exercise)?;
        let pair = Pair::measure(
            self.arguments.rounds,
            || theirs.verdict(self, Edit::Harmless),
            || ours.verdict(self, Edit::Harmless),
        )?;
        println!("{}", pair.row(&format!("save → verdict on the watcher's screen, `{}`", exercise.name)));

        let mut alone = Samples::default();
        if let Some(rustc) = &rustc {
            rustc.time(exercise, Edit::Harmless, &self.edits.next())?;
            rustc.time(exercise, Edit::TypeError, &self.edits.next())?;
        }
        let pair = Pair::measure(
            self.arguments.rounds,
            || theirs.verdict(self, Edit::TypeError),
            || {
                let before = alone.0.len() % 2 == 0;
                if before {
                    ours.terminal.forget(QUIET);
                    self.alone(rustc.as_ref(), exercise, &mut alone)?;
                }
                let took = ours.verdict(self, Edit::TypeError);
                if !before {
                    ours.terminal.forget(QUIET);
                    self.alone(rustc.as_ref(), exercise, &mut alone)?;
                }
                took
            },
        )?;
        println!("{}", pair.row("save → first compiler error on the watcher's screen"));
        if let (Some(theirs), Some(ours)) = (theirs.terminal.peak_memory(), ours.terminal.peak_memory()) {
            println!(
                "| peak memory of the watcher (without compilers) | {theirs:.1} MiB | {ours:.1} MiB | {:.3} |",
                ours / theirs
            );
        }
        if rustc.is_none() {
            return Ok(
                "How the watcher calls rustc could not be observed, so rustc alone was not timed.".to_owned()
            );
        }
        // The one of the warm-up.
        alone.0.remove(0);
        let share = pair.ours.with(&alone, |whole, compiler| whole - compiler);
        Ok(format!(
            "First compiler error: rustc alone, same flags, `--emit=metadata`: {}. Save → error on our watcher's \
             screen: {}. Our machinery's share, median of the rounds' differences: {:.1} ms.",
            alone.time(),
            pair.ours.time(),
            share.median() * 1000.0
        ))
    }

    fn alone(&self, rustc: Option<&Rustc>, exercise: &Exercise, alone: &mut Samples) -> Outcome<()> {
        if let Some(rustc) = rustc {
            alone.push(rustc.time(exercise, Edit::TypeError, &self.edits.next())?);
        }
        Ok(())
    }

    /// Start of the watcher → first frame, and → verdict of a file that has not changed.
    fn starts(&self, exercise: &Exercise) -> Outcome<()> {
        self.save(&self.theirs, exercise, Edit::Harmless)?;
        self.save(&self.ours, exercise, Edit::Harmless)?;
        let mut verdicts = Pair::default();
        let frames = Pair::measure(
            self.arguments.rounds,
            || start(&self.theirs, exercise, &mut verdicts.theirs),
            || start(&self.ours, exercise, &mut verdicts.ours),
        )?;
        verdicts.theirs.0.remove(0);
        verdicts.ours.0.remove(0);
        println!("{}", frames.row("start of the watcher → first frame"));
        println!("{}", verdicts.row("start of the watcher → verdict, file unchanged"));
        Ok(())
    }

    /// Both check all exercises of a workbook of the same exercises.
    fn all(&self) -> Outcome<()> {
        let ours = self.own_workbook(&self.folder.join("all"), self.ours.home.clone(), &self.exercises)?;
        self.checks(&self.theirs, &ours, &self.exercises, self.arguments.rounds, "")
    }

    fn own_workbook(&self, folder: &Path, home: PathBuf, exercises: &[Exercise]) -> Outcome<Tokiolings> {
        let workbook = folder.join("workbook");
        workbooks::remove(&workbook)?;
        workbooks::for_tokiolings(&self.repository, &workbook, exercises)?;
        let ours = Tokiolings {
            binary: self.ours.binary.clone(),
            folder: folder.join("ws"),
            home,
            workbook: Some(workbook),
        };
        ours.init()?;
        Ok(ours)
    }

    fn checks(
        &self,
        theirs: &Rustlings,
        ours: &Tokiolings,
        exercises: &[Exercise],
        rounds: usize,
        suffix: &str,
    ) -> Outcome<()> {
        let edited = Pair::measure(
            rounds,
            || self.check_edited(theirs, exercises),
            || self.check_edited(ours, exercises),
        )?;
        println!("{}", edited.row(&format!("check all, all edited{suffix}")));
        let unchanged =
            Pair::measure(rounds, || time_in_terminal(theirs.check()?), || time_in_terminal(ours.check()?))?;
        println!("{}", unchanged.row(&format!("check all, unchanged{suffix}")));
        Ok(())
    }

    fn check_edited(&self, program: &impl Program, exercises: &[Exercise]) -> Outcome<Duration> {
        for exercise in exercises {
            self.save(program, exercise, Edit::Harmless)?;
        }
        time_in_terminal(program.check()?)
    }

    /// With nothing built: the first verdict, and a check of all.
    fn cold(&self, exercise: &Exercise) -> Outcome<()> {
        let ours =
            self.own_workbook(&self.folder.join("cold"), self.folder.join("cold/home"), &self.exercises)?;
        let rounds = FEW.min(self.arguments.rounds);
        let first = |program: &dyn Program| {
            program.clean()?;
            time(program.run(exercise)?)
        };
        let pair = Pair::measure_cold(rounds, || first(&self.theirs), || first(&ours))?;
        println!("{}", pair.row(&format!("first verdict, `run {}`", exercise.name)));
        let all = |program: &dyn Program| {
            program.clean()?;
            time_in_terminal(program.check()?)
        };
        for exercise in &self.exercises {
            self.save(&ours, exercise, Edit::Harmless)?;
        }
        let pair = Pair::measure_cold(rounds, || all(&self.theirs), || all(&ours))?;
        println!("{}", pair.row(&format!("check all {}", self.exercises.len())));
        workbooks::remove(&self.folder.join("cold"))
    }

    /// A workbook of this many exercises, most of them copies.
    fn grow(&self, size: usize) -> Outcome<()> {
        eprintln!("a workbook of {size} exercises …");
        let folder = self.folder.join(format!("grown-{size}"));
        workbooks::remove(&folder)?;
        let originals = self.exercises.iter().cycle().take(size).enumerate();
        let exercises: Vec<Exercise> = originals
            .map(|(index, exercise)| match index / self.exercises.len() {
                0 => exercise.clone(),
                number => exercise.copy(number),
            })
            .collect();
        let theirs = Rustlings { binary: self.theirs.binary.clone(), folder: folder.join("rustlings") };
        workbooks::for_rustlings(&self.repository, &theirs.folder, &exercises)?;
        let ours = self.own_workbook(&folder, folder.join("home"), &exercises)?;
        let rounds = FEW.min(self.arguments.rounds);
        self.checks(&theirs, &ours, &exercises, rounds, &format!(", {size} exercises"))?;
        workbooks::remove(&folder)
    }
}

/// A watcher that is open.
struct Watcher<'a, P> {
    program: &'a P,
    exercise: &'a Exercise,
    terminal: Terminal,
}

impl<'a, P: Program> Watcher<'a, P> {
    /// Opens it and waits for its first verdict.
    fn open(program: &'a P, exercise: &'a Exercise) -> Outcome<Self> {
        let mut terminal = Terminal::start(program.watch(exercise)?)?;
        terminal.wait_for(program.solved(), LIMIT)?;
        Ok(Self { program, exercise, terminal })
    }

    /// Saves an edit; how long until the screen shows what came of it.
    fn verdict(&mut self, bench: &Bench, edit: Edit) -> Outcome<Duration> {
        self.terminal.forget(QUIET);
        let text = bench.edits.next();
        let saved = Instant::now();
        self.program.save(self.exercise, edit, &text)?;
        let awaited = match edit {
            Edit::Harmless => self.program.solved(),
            // The compiler quotes the line that is wrong.
            Edit::TypeError => &text,
        };
        Ok(self.terminal.wait_for(awaited, LIMIT)?.duration_since(saved))
    }
}

/// Starts a watcher and ends it; how long until it showed the exercise's name.
fn start(program: &impl Program, exercise: &Exercise, verdicts: &mut Samples) -> Outcome<Duration> {
    let mut terminal = Terminal::start(program.watch(exercise)?)?;
    let frame = terminal.wait_for(&exercise.name, LIMIT)?.duration_since(terminal.started);
    verdicts.push(terminal.wait_for(program.solved(), LIMIT)?.duration_since(terminal.started));
    terminal.forget(QUIET);
    Ok(frame)
}

/// rustlings in a folder of its own; where its program is.
fn install(folder: &Path) -> Outcome<PathBuf> {
    let root = folder.join("rustlings");
    let binary = root.join("bin/rustlings");
    if !binary.is_file() {
        eprintln!("installing rustlings {VERSION} …");
        let mut cargo = command(Path::new("cargo"));
        cargo.args(["install", "rustlings", "--locked", "--version", VERSION, "--root"]).arg(&root);
        time(cargo)?;
    }
    Ok(binary)
}

fn names(exercises: &[Exercise]) -> String {
    exercises.iter().map(|exercise| format!("`{}`", exercise.name)).collect::<Vec<_>>().join(", ")
}

const NOTES: &str = "\
A ratio is the median over the rounds of ours divided by theirs of the same round. What is not equal:\n\
- rustlings also runs clippy and the learner's `main`, and builds with debug information, which is its format's \
default. We show `main`'s time apart and run clippy only where an exercise asks for it.\n\
- rustlings runs the tests as threads of one process; we start a process for each test.\n\
- Its watcher waits up to 200 ms for a file to be quiet; ours 5 ms after a file was closed.\n\
- Every edit is one line in the body of a function under test; edits of types or signatures cost both more.\n\
- Memory is that of the watcher's own process; compilers and tests are not in it.";
