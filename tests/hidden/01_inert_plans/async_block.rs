//! Hidden tests of `async_block`: when the scanner is used, and what becomes of its line.

use std::future::Ready;
use std::num::ParseIntError;

use exercise::count_bottles;
use testkit::{Log, check_eq, panic_of, pick, settle, vt};

/// Making the plan, and dropping it, does not touch the scanner.
#[test]
fn making_the_plan_scans_nothing() {
    for line in ["4", "four"] {
        let scans = Log::new();
        let (made, _) = vt(async {
            let made = panic_of(|| drop(count_bottles("cellar", scanner(line, &scans))));
            // A task that was spawned by the call would have its turn here.
            settle().await;
            made
        });
        assert!(
            scans.is_empty(),
            "`count_bottles` did its work at call time. The returned future must be inert. Here nobody awaited it, and \
             the scanner was used."
        );
        if let Err(text) = made {
            panic!("`count_bottles` panicked when it was called, before anybody awaited its plan: {text}");
        }
    }
}

/// Awaiting the plan scans one line and reports twelve bottles a box.
#[test]
fn awaiting_scans_once_and_counts() {
    for (shelf, padding) in [("cellar", ["", ""]), ("attic", [" ", "\n"])] {
        let boxes = pick(2..=900);
        let line = format!("{}{boxes}{}", padding[0], padding[1]);
        let report = format!("{}: {} bottles", shelf.to_uppercase(), 12 * boxes);
        let scans = Log::new();
        let outcome = count(shelf, &line, &scans);
        let times = scans.len();
        assert!(
            times == 1,
            "Awaiting the plan used the scanner {times} times. One await carries the plan out once, and that needs \
             one line."
        );
        check_eq!(
            outcome,
            Ok(report),
            "The scanner read {line:?} boxes on the shelf {shelf:?}, but the plan came to another report."
        );
    }
}

/// A line that is no number comes back as the error of the plan.
#[test]
fn a_bad_line_comes_back_as_an_error() {
    for line in ["four", ""] {
        let scans = Log::new();
        let outcome = panic_of(|| count("attic", line, &scans));
        match outcome {
            Ok(Err(_)) => (),
            Ok(Ok(report)) => panic!(
                "Bad input must come back as `Err`. The scanner read {line:?}, and the plan reported {report:?}."
            ),
            Err(text) if text.starts_with('`') => panic!("{text}"),
            Err(text) => panic!(
                "Bad input must come back as `Err`. The scanner read {line:?}, and you answered with a panic. Whoever \
                 awaits the plan cannot go on. ({text})"
            ),
        }
    }
}

/// A scanner that reads `line` and writes down each use. It can be sent anywhere.
fn scanner(line: &str, scans: &Log) -> impl Fn() -> String + Send + Sync + use<> {
    let (line, scans) = (line.to_owned(), scans.clone());
    move || {
        scans.push("scan");
        line.clone()
    }
}

fn count(shelf: &str, line: &str, scans: &Log) -> Result<String, ParseIntError> {
    let (outcome, _) = vt(async { Called(count_bottles(shelf, scanner(line, scans))).plan().await });
    outcome
}

/// What a call of `count_bottles` gave. A plan is taken as it is; anything else gets a message instead of a compile
/// error.
struct Called<T>(T);

impl<F: Future<Output = Result<String, ParseIntError>>> Called<F> {
    fn plan(self) -> F {
        self.0
    }
}

#[allow(dead_code, reason = "only answers without a plan need it")]
trait NoPlan {
    fn plan(self) -> Ready<Result<String, ParseIntError>>;
}

impl<T> NoPlan for Called<T> {
    fn plan(self) -> Ready<Result<String, ParseIntError>> {
        panic!(
            "`count_bottles` must hand out a plan, and the `Result` is what the plan comes to. You did the work in the \
             call."
        );
    }
}
