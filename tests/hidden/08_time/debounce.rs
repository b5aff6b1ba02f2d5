//! Hidden tests of `debounce`: which drafts are saved, when, and what it costs.

use std::cell::RefCell;
use std::time::Duration;

use exercise::autosave;
use testkit::{Timeline, handed_on, in_words, panic_of, pick, settle, side_by_side, stage, timed, vt};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

/// While the author types, nothing is saved; after a pause, the newest draft is.
#[test]
fn only_the_newest_draft_is_saved() {
    let quiet = pick(300..=600);
    let (second, third) = (quiet * pick(30..=60) / 100, quiet * pick(80..=95) / 100);
    check(&write(ms(quiet), &[0, second, third], third + 10 * quiet));
}

/// The author may type for a long time; every pause of `quiet` saves one draft, also after a month of silence.
#[test]
fn each_pause_saves_once() {
    let quiet = pick(300..=600);
    let month = 30 * 24 * 3_600_000;
    let beginnings = [0, 3 * quiet, 3 * quiet + month, 5 * quiet + month + pick(100..=200)];
    let keystrokes: Vec<_> = beginnings.iter().flat_map(|at| [at + 5, at + 6, at + quiet / 2]).collect();
    check(&write(ms(quiet), &keystrokes, 20 * quiet + 2 * month));
}

/// When the channel is closed, the draft that is not saved yet is saved at once; if there is none, there is nothing to do.
#[test]
fn closing_saves_at_once() {
    let quiet = pick(300..=600);
    let cases: [(&[u64], u64); 6] = [
        (&[0, 10], quiet / 2),
        (&[7], 7),
        (&[0, quiet / 2, 3 * quiet, 4 * quiet - 9], 4 * quiet),
        (&[0], quiet + 5),
        (&[], quiet * 3),
        (&[], 0),
    ];
    for (keystrokes, close) in cases {
        check(&write(ms(quiet), keystrokes, close));
    }
}

/// Hundreds of keystrokes in a row: none of them makes the author wait, and there are no hundreds of tasks.
#[test]
fn typing_may_go_on_and_on() {
    let quiet = pick(300..=600);
    let mut now = 0;
    let slowly: Vec<_> = (0..400)
        .map(|n| {
            now += quiet - 20 - n % 50;
            now
        })
        .collect();
    check(&write(ms(quiet), &slowly, now + 3 * quiet));
    let at_once: Vec<_> = (0..600).map(|n| n / 100).collect();
    check(&write(ms(quiet), &at_once, 30 * quiet));
}

/// Every draft counts: an empty one, and one that is equal to the draft before it.
#[test]
fn every_draft_counts() {
    let quiet = pick(300..=600);
    let apart: Vec<_> = (0..5).map(|n| n * 2 * quiet).collect();
    let text = format!("Dear {}", pick(1..=9_999));
    let texts = [&text, "", "", &text, &text].map(str::to_owned);
    check(&write_these(ms(quiet), &apart, &texts, 20 * quiet));
    let together = [0, quiet / 2, quiet + 9];
    check(&write_these(ms(quiet), &together, &[text.clone(), text.clone(), text.clone()], 20 * quiet));
    check(&write_these(ms(quiet), &together, &[text, String::new(), String::new()], quiet + 20));
}

/// The pause may be as short as a millisecond or as long as a month.
#[test]
fn any_times() {
    let month = 30 * 24 * 3_600_000 + pick(1..=999);
    check(&write(ms(1), &[0, 2, 4, 4], 9));
    check(&write(ms(month), &[0, month - 2, 2 * month - 5], 4 * month));
    check(&write(ms(month), &[0, 5], month / 2));
}

/// Another task may go on with `autosave`, and two authors do not hold each other up.
#[test]
fn calls_are_independent() {
    let (hour, day) = (Duration::from_secs(3600), Duration::from_secs(24 * 3600));
    // With a draft that waits to be saved, and a channel that is closed later.
    let editor = |closes: Duration| {
        let (keyboard, drafts) = mpsc::channel(4);
        keyboard.try_send("Dear".to_owned()).expect("there is room for four");
        (drafts, async move {
            sleep(closes).await;
            drop(keyboard);
        })
    };
    stage("another task goes on with `autosave`");
    let outcome = panic_of(|| {
        vt(async {
            let (drafts, closing) = editor(day);
            tokio::spawn(closing);
            handed_on("`autosave`", 16, autosave(drafts, hour, |_| ())).await;
        })
    });
    if let Err(text) = outcome {
        panic!("{text}");
    }
    stage("`autosave` has been called twice; one channel is closed much earlier than the other one");
    let outcome = panic_of(|| {
        vt(async {
            let ((slow, closing_slow), (quick, closing_quick)) = (editor(day), editor(ms(9)));
            tokio::spawn(closing_slow);
            tokio::spawn(closing_quick);
            let calls = (autosave(slow, hour, |_| ()), autosave(quick, ms(3), |_| ()));
            side_by_side("`autosave`", 24, calls.0, calls.1).await;
        })
    });
    if let Err(text) = outcome {
        panic!("{text}");
    }
}

/// More tasks than any answer needs that does not start one for each draft.
const FEW_TASKS: usize = 20;

/// A call that has returned. Times are those since the call.
struct Seen {
    quiet: Duration,
    typed: Vec<(String, Duration)>,
    close: Duration,
    saved: Vec<(String, Duration)>,
    typist: Typist,
    took: Duration,
    longest_poll: Duration,
}

/// What the author has noticed.
#[derive(Clone, Copy, Default)]
struct Typist {
    /// The first keystroke that had to wait, and for how long.
    waited: Option<(usize, Duration)>,
    most_tasks: usize,
}

/// Types drafts that are all different at these milliseconds, and closes the channel.
fn write(quiet: Duration, at: &[u64], close: u64) -> Seen {
    let base = pick(1..=9_999);
    let texts: Vec<_> = (1..=at.len()).map(|number| format!("Dear {base}, draft {number}")).collect();
    write_these(quiet, at, &texts, close)
}

fn write_these(quiet: Duration, at: &[u64], texts: &[String], close: u64) -> Seen {
    let timeline = Timeline::new();
    let (lane, keyboard_lane, disk) =
        (timeline.lane("autosave"), timeline.lane("keyboard"), timeline.lane("disk"));
    let typed: Vec<_> = texts.iter().cloned().zip(at.iter().map(|&at| ms(at))).collect();
    let (close, script) = (ms(close), typed.clone());
    let saved = RefCell::new(Vec::new());
    stage(format!("{} drafts are typed, `quiet` is {}", at.len(), say(quiet)));
    let polls = 4 * at.len() + 16;
    let outcome = panic_of(|| {
        vt(async {
            let start = Instant::now();
            // Room for one: the keyboard notices when drafts are not taken out.
            let (keyboard, drafts) = mpsc::channel(1);
            let typing = tokio::spawn(async move {
                let mut typist = Typist::default();
                for (number, (text, at)) in (1..).zip(script) {
                    sleep_until(start + at).await;
                    keyboard_lane.mark("typed");
                    if keyboard.send(text).await.is_err() {
                        // It has returned; that is told elsewhere.
                        return typist;
                    }
                    let waited = start.elapsed().saturating_sub(at);
                    if !waited.is_zero() {
                        typist.waited.get_or_insert((number, waited));
                    }
                    if number % 100 == 0 {
                        settle().await;
                        let tasks = Handle::current().metrics().num_alive_tasks();
                        typist.most_tasks = typist.most_tasks.max(tasks);
                    }
                }
                sleep_until(start + close).await;
                keyboard_lane.mark("closed");
                typist
            });
            let save = |draft| {
                disk.mark("saved");
                saved.borrow_mut().push((draft, start.elapsed()));
            };
            let call = timed("`autosave`", polls, lane.watch(autosave(drafts, quiet, save))).await?;
            let typist = typing.await.expect("the keyboard does not panic");
            Ok::<_, String>((call, typist))
        })
        .0
    });
    let (call, typist) = outcome.and_then(|outcome| outcome).unwrap_or_else(|text| panic!("{text}"));
    let (took, longest_poll) = (call.took, call.longest_poll);
    Seen { quiet, typed, close, saved: saved.into_inner(), typist, took, longest_poll }
}

fn check(seen: &Seen) {
    seen.check_saved();
    seen.check_end();
    seen.check_cost();
}

impl Seen {
    /// The numbers of the drafts that should be saved, from 1, and when.
    fn due(&self) -> Vec<(usize, Duration)> {
        let mut due = Vec::new();
        for (place, (_, at)) in self.typed.iter().enumerate() {
            let next = self.typed.get(place + 1).map_or(Duration::MAX, |(_, next)| *next);
            let over = *at + self.quiet;
            if over < next {
                due.push((place + 1, over.min(self.close)));
            }
        }
        due
    }

    fn check_saved(&self) {
        let (due, quiet) = (self.due(), say(self.quiet));
        let (typed, count) = (self.typed.len(), self.saved.len());
        let kept = due.len();
        assert!(
            self.longest_poll < self.quiet || self.quiet < ms(200) || self.is_right(),
            "`autosave` kept the thread for {} in a single poll, and the author could not type meanwhile: await a timer instead of \
             blocking the thread.",
            say(self.longest_poll)
        );
        if let Some((number, times, at)) = self.saved_twice() {
            panic!(
                "Draft {number} of {typed} was saved {times} times, the last time after {}. A pause saves the newest draft once.",
                say(at)
            );
        }
        assert!(
            count < typed || kept >= count,
            "{typed} drafts were typed, and {count} were saved. With a `quiet` of {quiet}, {kept} should have been: each of the \
             others was replaced by a newer one before {quiet} were over."
        );
        for (place, &(number, at)) in due.iter().enumerate() {
            let (text, typed_at) = &self.typed[number - 1];
            let why = if at == self.close {
                format!("the channel was closed {} later", say(at.saturating_sub(*typed_at)))
            } else {
                format!("no other one came for {quiet}")
            };
            let Some((saved, saved_at)) = self.saved.get(place) else {
                panic!(
                    "Draft {number} of {typed} was never saved ({} characters, typed after {}). After it {why}.",
                    text.len(),
                    say(*typed_at)
                )
            };
            if *saved_at > at && !self.saved.iter().any(|(_, saved_at)| *saved_at == at) {
                self.check_left_out(number, at);
            }
            if saved != text {
                let which = self.typed.iter().position(|(text, _)| text == saved);
                let which = which
                    .map_or("something that nobody typed".to_owned(), |place| format!("draft {}", place + 1));
                panic!(
                    "After {}, {which} was saved; it should have been draft {number}, the newest one before a pause of {quiet}.",
                    say(*saved_at)
                );
            }
            if *saved_at == at {
                continue;
            }
            assert!(
                at != self.close || *saved_at < at,
                "Draft {number} was saved {} after the channel had been closed. There is nothing to wait for any more: it is saved \
                 at once.",
                say(saved_at.saturating_sub(at))
            );
            let newest = self.typed.iter().take_while(|(_, typed_at)| typed_at <= saved_at).count();
            let since = saved_at.saturating_sub(self.typed[newest.max(1) - 1].1);
            panic!(
                "After {}, a draft was saved, {} after keystroke {newest} of {typed}. A draft is saved when no other one has come \
                 for {quiet}: each keystroke sets a new deadline.",
                say(*saved_at),
                say(since)
            );
        }
        if let Some((text, at)) = self.saved.get(kept) {
            panic!(
                "After {}, {text:?} was saved, and no draft was due. A pause saves the newest draft once.",
                say(*at)
            );
        }
    }

    fn is_right(&self) -> bool {
        let due = self.due();
        let texts = due.iter().map(|&(number, at)| (self.typed[number - 1].0.clone(), at));
        self.saved.iter().cloned().eq(texts)
    }

    /// A draft that was typed once and saved more often: its number, how often, and when at last.
    fn saved_twice(&self) -> Option<(usize, usize, Duration)> {
        let count =
            |list: &[(String, Duration)], text: &str| list.iter().filter(|(other, _)| other == text).count();
        let (place, (text, _)) = self
            .typed
            .iter()
            .enumerate()
            .find(|(_, (text, _))| count(&self.typed, text) == 1 && count(&self.saved, text) > 1)?;
        let (_, at) = self.saved.iter().rfind(|(other, _)| other == text)?;
        Some((place + 1, count(&self.saved, text), *at))
    }

    /// Nothing was saved when this draft was due, and later something was.
    fn check_left_out(&self, number: usize, at: Duration) {
        let text = &self.typed[number - 1].0;
        let before = number.checked_sub(2).map(|place| &self.typed[place].0);
        let what = if before == Some(text) {
            "It is equal to the one before it"
        } else if text.is_empty() {
            "It is empty"
        } else {
            return;
        };
        panic!(
            "Draft {number} of {} should have been saved after {}, and was not. {what}; a draft is a draft all the same.",
            self.typed.len(),
            say(at)
        );
    }

    fn check_end(&self) {
        assert!(
            self.took >= self.close,
            "`autosave` returned after {}, and the channel was closed after {}. Until then another draft may come.",
            say(self.took),
            say(self.close)
        );
        assert!(
            self.took == self.close,
            "The channel was closed after {}, and `autosave` returned {} later.",
            say(self.close),
            say(self.took - self.close)
        );
    }

    fn check_cost(&self) {
        if let Some((number, waited)) = self.typist.waited {
            panic!(
                "The author had to wait for {} at keystroke {number}, because the channel was full. Each draft is taken out as soon \
                 as it is there.",
                say(waited)
            );
        }
        assert!(
            self.typist.most_tasks <= FEW_TASKS,
            "While {} drafts were typed, {} tasks were alive at the same time. One timer is enough: a new draft sets its deadline.",
            self.typed.len(),
            self.typist.most_tasks
        );
    }
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(30) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
