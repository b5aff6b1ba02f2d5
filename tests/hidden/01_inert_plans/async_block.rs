//! Hidden tests of `async_block`: when the scanner is used, and what becomes of its line.

use std::future::Ready;
use std::num::ParseIntError;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use exercise::count_bottles;
use testkit::{Impatience, Log, Patience, check_eq, panic_of, pick, settle, vt};
use tokio::time::sleep;

/// Making the future and dropping it does not use the scanner.
#[test]
fn making_the_plan_scans_nothing() {
    for line in ["4", "four"] {
        let scans = Log::new();
        let (held, gone) = channel();
        let (made, _) = vt(async {
            let made = panic_of(|| drop(count_bottles("cellar", Scanner::new(line, &scans, held).scan())));
            let in_the_call = scans.len();
            // A task that was spawned by the call would have its turn here, also one that waits for the night.
            settle().await;
            sleep(Duration::from_secs(400 * 24 * 60 * 60)).await;
            settle().await;
            // hermetic: bounds the wait for a thread that holds the scanner; after a right answer, nobody holds it here
            let still_held = gone.recv_timeout(Duration::from_secs(5)) == Err(RecvTimeoutError::Timeout);
            (made, in_the_call, still_held)
        });
        let (made, in_the_call, still_held) = made;
        assert!(
            in_the_call == 0,
            "`count_bottles` did its work at call time. The returned future must do nothing until it is awaited. Here \
             nobody awaited it, and the scanner was used."
        );
        assert!(
            scans.is_empty(),
            "Nobody awaited the future, but the scanner was used: the call of `count_bottles` started a task or a \
             thread that waits for nobody. The returned future must do nothing until it is awaited."
        );
        if let Err(text) = made {
            panic!("`count_bottles` panicked when it was called, before anybody awaited its future: {text}");
        }
        assert!(
            !still_held,
            "The future was dropped, but something that the call started still holds the scanner."
        );
    }
}

/// Awaiting the future scans one line and reports twelve bottles per box, for zero boxes and for millions.
#[test]
fn awaiting_scans_once_and_counts() {
    let (some, many) = (pick(2..=900), pick(1_000_000..=300_000_000));
    for (shelf, boxes, padding) in [
        ("cellar", some, ["", ""]),
        ("attic", pick(2..=900), [" ", "\n"]),
        ("bar", many, ["", "\r\n"]),
        ("", 1, ["\t", " "]),
        ("yard", 0, ["", ""]),
    ] {
        let line = format!("{}{boxes}{}", padding[0], padding[1]);
        let report = format!("{}: {} bottles", shelf.to_uppercase(), 12 * boxes);
        let scans = Log::new();
        let outcome = count(shelf, &line, &scans);
        match outcome {
            Ok(found) => check_eq!(
                found,
                report,
                "The scanner read {line:?} boxes on the shelf {shelf:?}, but the future resolved to another report."
            ),
            Err(error) => {
                let blanks =
                    if line == boxes.to_string() { "" } else { " Blanks around the number do not count." };
                panic!(
                    "The scanner read {line:?} boxes on the shelf {shelf:?}, and the future came to an error \
                     ({error}).{blanks}"
                )
            }
        }
    }
}

/// A line that is not a number of boxes becomes the future's error.
#[test]
fn a_bad_line_comes_back_as_an_error() {
    for line in ["4x2", "four", "", "-4", " ", "4 2", "4.5", "x4", "4 boxes", "0x4"] {
        let scans = Log::new();
        let outcome = panic_of(|| count("attic", line, &scans));
        match outcome {
            Ok(Err(error)) => {
                let of_parse = line.trim().parse::<u32>().expect_err("it is no number");
                check_eq!(
                    error,
                    of_parse,
                    "The scanner read {line:?}, and the future came to another error than `parse`."
                );
            }
            Ok(Ok(report)) => panic!(
                "Bad input must come back as `Err`. The scanner read {line:?}, and the future reported {report:?}."
            ),
            Err(text) if text.starts_with('`') => panic!("{text}"),
            Err(text) => panic!(
                "Bad input must come back as `Err`. The scanner read {line:?}, and your code panicked. The code that \
                 awaits the future cannot go on. ({text})"
            ),
        }
    }
}

/// Two futures that are made by day and awaited in the opposite order each count their own shelf.
#[test]
fn two_plans_do_not_mix() {
    let [few, more] = [pick(2..=90), pick(100..=900)];
    let scans = Log::new();
    let (held, _gone) = channel();
    let [cellar, attic] = [few, more].map(|boxes| Scanner::new(&boxes.to_string(), &scans, held.clone()));
    let ((cellar, attic), _) = vt(async {
        let cellar = Called(count_bottles("cellar", cellar.scan())).plan();
        let attic = Called(count_bottles("attic", attic.scan())).plan();
        let attic = attic.await;
        (cellar.await, attic)
    });
    for (found, shelf, boxes) in [(cellar, "CELLAR", few), (attic, "ATTIC", more)] {
        check_eq!(
            found,
            Ok(format!("{shelf}: {} bottles", 12 * boxes)),
            "Two futures were made, and the one for the shelf {shelf:?} came to another report than its own scanner's."
        );
    }
}

/// Writes down each use, and is held until it is dropped.
struct Scanner {
    line: String,
    scans: Log,
    _held: Sender<()>,
}

impl Scanner {
    fn new(line: &str, scans: &Log, held: Sender<()>) -> Self {
        Self { line: line.to_owned(), scans: scans.clone(), _held: held }
    }

    /// Can be sent anywhere.
    fn scan(self) -> impl Fn() -> String + Send + Sync + use<> {
        move || {
            // The whole scanner is held, not only its fields.
            let scanner = &self;
            scanner.scans.push("scan");
            scanner.line.clone()
        }
    }
}

/// What the plan comes to.
fn count(shelf: &str, line: &str, scans: &Log) -> Result<String, ParseIntError> {
    let (held, _gone) = channel();
    let (patience, scanner) = (Patience::new(), Scanner::new(line, scans, held));
    let (outcome, took) =
        vt(async { patience.watch(16, Called(count_bottles(shelf, scanner.scan())).plan()).await });
    let outcome = outcome.unwrap_or_else(|impatience| match impatience {
        Impatience::Restless => panic!(
            "`count_bottles` returns a future that was polled {} times and is not done. It has nothing to wait for.",
            patience.polls()
        ),
        _ => panic!("`count_bottles` returns a future that never finishes, and nothing wakes it."),
    });
    let times = scans.len();
    assert!(
        times == 1,
        "`count_bottles` returns a future that used the scanner {times} times when it was awaited. One await runs the \
         future once, and that needs one line."
    );
    assert!(
        took.is_zero(),
        "`count_bottles` returns a future that took {took:?}. When it is awaited, the night has come: it should be \
         done at once."
    );
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
            "`count_bottles` must return a future that resolves to the `Result`. You did the work in the call."
        );
    }
}
