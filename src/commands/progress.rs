//! Long work shows that it moves: a bar or a spinner on a terminal, a line now and then elsewhere. Both on standard
//! error, so that results can be piped.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::grader::Activity;
use crate::screen::counted;

/// Between two lines where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

/// Shows how many of a known number are done.
pub(super) struct Bar {
    verb: &'static str,
    total: usize,
    bar: Option<ProgressBar>,
    last_line: Mutex<(usize, Instant)>,
}

impl Bar {
    pub(super) fn start(verb: &'static str, total: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
                .expect("the template is constant and valid");
            ProgressBar::new(total as u64).with_style(style)
        });
        Self { verb, total, bar, last_line: Mutex::new((0, Instant::now())) }
    }

    /// What a grading is doing: of all that, only the building of dependencies takes long enough to be told.
    pub(super) fn hear(&self, activity: &Activity) {
        if let Activity::Preparing { built, crate_name } = activity {
            self.preparing(*built, crate_name);
        }
    }

    fn preparing(&self, built: usize, crate_name: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(format!(
                    "building the crates that exercises use: {crate_name} ({built} built)"
                ));
            }
            None => self.line(|_| {
                format!("building the crates that exercises use: {} built", counted(built, "crate"))
            }),
        }
    }

    /// One more is done.
    pub(super) fn done(&self, name: &str) {
        self.last_line.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
        match &self.bar {
            Some(bar) => {
                bar.set_message(name.to_owned());
                bar.inc(1);
            }
            None => self.line(|done| format!("{} {done} of {}", self.verb, self.total)),
        }
    }

    fn line(&self, text: impl FnOnce(usize) -> String) {
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        if last.1.elapsed() >= EVERY {
            last.1 = Instant::now();
            let _ = writeln!(std::io::stderr(), "{}", text(last.0));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Shows what one grading is doing while it takes longer than a blink.
pub(super) struct Preparing {
    bar: Bar,
}

impl Preparing {
    pub(super) fn start() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style =
                ProgressStyle::with_template("{spinner} {msg}").expect("the template is constant and valid");
            let spinner = ProgressBar::new_spinner().with_style(style);
            spinner.enable_steady_tick(Duration::from_millis(100));
            spinner
        });
        Self { bar: Bar { verb: "graded", total: 1, bar, last_line: Mutex::new((0, Instant::now())) } }
    }

    pub(super) fn on(&self, activity: &Activity) {
        let text = match activity {
            Activity::Preparing { built, crate_name } => return self.bar.preparing(*built, crate_name),
            Activity::Compiling => "compiling".to_owned(),
            Activity::Diagnosed(_) => "compiling the hidden tests".to_owned(),
            Activity::Testing { done, total } => format!("hidden tests: {done} of {total} done"),
        };
        if let Some(bar) = &self.bar.bar {
            bar.set_message(text);
        }
    }
}
