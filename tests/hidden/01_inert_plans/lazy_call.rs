//! Hidden tests of `lazy_call`: who says what in the room, and when.

use std::sync::{Arc, Mutex, TryLockError};
use std::time::Duration;

use exercise::{Room, greet};
use testkit::{Impatience, Patience, check_eq, panic_of, pick, settle, vt};
use tokio::time::sleep;

/// "hello" and "hi" are both in the room when `greet` is done.
#[test]
fn hi_is_heard() {
    for (name, typing) in [("Grace", pick(1..=3)), ("Linus", pick(300..=900)), ("", pick(10..=90))] {
        let name = format!("{name} {}", pick(10..=99));
        let seen = watch(&name, Duration::from_millis(typing));
        let hello = format!("hello, {name}");
        let hi = format!("hi, {name}");
        let said = seen.later.iter().filter(|line| **line == hi).count();

        assert!(
            said > 0 || seen.took.is_zero(),
            "\"hi\" was never said: `greet` was done after {}, and the bot types for {typing} ms. The future of \
             `say_hi` was dropped half-way.",
            spelled(seen.took)
        );
        assert!(
            said > 0,
            "\"hi\" was never said: calling `say_hi` built a future, and the future was dropped. A future that is \
             dropped still runs nothing, with or without the warning."
        );
        assert!(
            seen.at_return.contains(&hi) || seen.took.is_zero(),
            "`greet` returned after {}, and \"hi\" came later. It waited, but for something else: you started \"hi\", \
             and nothing waits for it.",
            spelled(seen.took)
        );
        assert!(
            seen.at_return.contains(&hi),
            "`greet` returned before \"hi\". You started it, but nothing waits for it."
        );
        assert!(
            said == 1,
            "\"hi\" was said {said} times. Every call of `say_hi` builds a new future; one is enough."
        );
        assert!(
            seen.later.contains(&hello),
            "\"hello\" was never said to {name:?}. In the room: {:?}.",
            seen.later
        );
        assert!(
            seen.later.first() == Some(&hello),
            "\"hi\" came before \"hello\". A future runs where it is awaited, not where it is built."
        );
        check_eq!(seen.later, vec![hello, hi], "The room does not show the two lines of the bot.");
    }
}

/// The room decides how long the bot types.
#[test]
fn the_room_says_how_long_the_bot_types() {
    // All short: whoever blocks the thread does so in real time.
    let typings = [pick(10..=90), pick(1..=3), pick(200..=900)].map(Duration::from_millis);
    let took = typings.map(|typing| watch("Barbara", typing).took);
    assert!(
        took.iter().any(|took| !took.is_zero()),
        "The bot did not wait as a future waits: `greet` was done after 0 ms of the runtime's time, but the bot types \
         for {}. You left the waiting out, or you blocked the thread.",
        spelled(typings[0])
    );
    assert!(
        took[0] != took[1] || took[1] != took[2],
        "`greet` took {} for a bot that types for {}, and just as long for one that types for {}. `room.typing` says \
         how long the bot of a room types.",
        spelled(took[0]),
        spelled(typings[0]),
        spelled(typings[2])
    );
}

/// "hello" is in the room before the bot types, and others can use the room while it types.
#[test]
fn hello_comes_before_the_typing() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(pick(200..=900)) };
    vt(async {
        let others = room.clone();
        let look = tokio::spawn(async move {
            // `greet` has had its first poll.
            settle().await;
            match others.lines.try_lock() {
                Ok(lines) => Some(lines.clone()),
                Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner().clone()),
                Err(TryLockError::WouldBlock) => None,
            }
        });
        let patience = Patience::new();
        tokio::select! {
            biased;
            waited = patience.watch(POLLS, plan_of("Edsger", &room)) => assert!(waited.is_ok(), "{RESTLESS}"),
            said = look => {
                let said = said.expect("a look does not panic");
                let said = said.unwrap_or_else(|| panic!("{LOCKED}"));
                check_eq!(
                    said,
                    ["hello, Edsger"],
                    "While the bot was typing, there were {} lines in the room. \"hello\" comes first, then the bot types, \
                     then \"hi\" comes.",
                    said.len()
                );
            }
        }
    });
}

/// The bot types first and says "hi" after that.
#[test]
fn hi_comes_after_the_typing() {
    for typing in [pick(2..=3), pick(200..=900)] {
        let room = Room { lines: Arc::default(), typing: Duration::from_millis(typing) };
        vt(async {
            // Given up a millisecond too early; what `greet` did until then is in the room.
            let most = Duration::from_millis(typing - 1);
            let _ = tokio::time::timeout(most, Patience::new().watch(POLLS, plan_of("Edsger", &room))).await;
        });
        let said = lines(&room);
        assert!(
            !said.iter().any(|line| line == "hi, Edsger"),
            "\"hi\" was said while the bot was still typing: it types for {typing} ms, and they had not passed when \
             \"hi\" was in the room. Wait first, then post the line."
        );
    }
}

/// A bot may type for no time at all. Then both lines are there at once.
#[test]
fn a_bot_without_typing_says_hi() {
    let Seen { at_return, took, due, .. } = watch("Radia", Duration::ZERO);
    check_eq!(
        at_return,
        ["hello, Radia", "hi, Radia"],
        "The bot of this room types for 0 ms, and when `greet` was done the room had {} of 2 lines. Every visitor gets both, \
         however short the typing is.",
        at_return.len()
    );
    assert!(
        took <= due,
        "The bot of this room types for 0 ms, and `greet` took {}. There is nothing to wait for.",
        spelled(took)
    );
}

/// `greet` takes as long as saying "hi" takes: no less and no more.
#[test]
fn greet_ends_when_hi_is_said() {
    // The short ones come first: whoever blocks the thread would block it for days.
    let long = pick(2..=9) * 24 * 60 * 60 * 1000;
    for typing in [pick(1..=3), pick(10..=90), pick(200..=900), long].map(Duration::from_millis) {
        let seen = watch("Barbara", typing);
        let heard = seen.at_return.iter().filter(|line| *line == "hi, Barbara").count();
        let (took, wanted) = (spelled(seen.took), spelled(typing));

        assert!(
            seen.took >= typing || heard > 0,
            "`greet` was done after {took}, but the bot types for {wanted} before it says \"hi\": nothing waited for \
             that future to finish."
        );
        assert!(
            seen.took >= typing,
            "The bot of this room types for {wanted}, and `greet` was done after {took}."
        );
        assert!(
            seen.took <= seen.due || heard != 1,
            "`greet` took {took}, and saying \"hi\" takes {}. You waited by the clock, and a clock only guesses. \
             `.await` goes on as soon as the future is done.",
            spelled(seen.due)
        );
        assert!(
            seen.took <= seen.due,
            "`greet` took {took}, and saying \"hi\" once takes {}.",
            spelled(seen.due)
        );
    }
}

/// However busy the runtime is, "hi" comes first, and then `greet` is done.
#[test]
fn greet_waits_for_hi_in_a_busy_engine() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(pick(10..=90)) };
    let (waited, _) = vt(async {
        // Enough to keep the engine busy for many rounds at the moment at which the bot has typed.
        for _ in 0..2000 {
            tokio::spawn(sleep(room.typing));
        }
        settle().await;
        (Patience::new().watch(POLLS, plan_of("Barbara", &room)).await, lines(&room))
    });
    let (waited, at_return) = waited;
    assert!(
        waited.is_err() || at_return.contains(&"hi, Barbara".to_owned()),
        "The runtime had 2000 other futures to poll when the bot had typed, so \"hi\" came a little late, and `greet` \
         had returned before it. It is done when \"hi\" is said, not when the time for it is over."
    );
    assert!(waited.is_ok(), "{RESTLESS}");
}

/// `greet` may move to another task: the task that polled it last is woken when the bot has typed.
#[test]
fn greet_goes_on_in_another_task() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(pick(200..=900)) };
    let (waited, _) = vt(Patience::new().pass_on(POLLS, plan_of("Barbara", &room)));
    assert!(
        waited != Err(Impatience::Stuck),
        "`greet` was polled by one task after another. The bot has typed, and the newest task, which waits for it, was \
         not woken. `.await` wakes the task that polled last."
    );
    assert!(waited.is_ok(), "{RESTLESS}");
}

/// Many visitors are greeted, one after another and all at once, and no visitor waits for another one's bot.
#[test]
fn every_visitor_is_greeted() {
    // Short: whoever blocks the thread does so in real time.
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(pick(2..=3)) };
    let guests: Vec<String> = (0..pick(100..=200)).map(|number| format!("guest {}", number % 90)).collect();
    vt(async {
        for name in ["Ada", "Ada", "Niklaus"] {
            let before = lines(&room).len();
            let waited = Patience::new().watch(POLLS, plan_of(name, &room)).await;
            assert!(waited.is_ok(), "{RESTLESS}");
            let newest = lines(&room).split_off(before);
            check_eq!(
                newest,
                [format!("hello, {name}"), format!("hi, {name}")],
                "A visitor came after others, and was not welcomed like the first one."
            );
        }
    });
    let before = lines(&room).len();
    let local = tokio::task::LocalSet::new();
    let (_, took) = vt(local.run_until(async {
        let mut greetings = tokio::task::JoinSet::new();
        for name in &guests {
            assert!(!matches!(room.lines.try_lock(), Err(TryLockError::WouldBlock)), "{LOCKED}");
            let greeting = plan_of(name, &room);
            greetings.spawn_local(async { Patience::new().watch(POLLS, greeting).await });
            tokio::task::yield_now().await;
        }
        while let Some(greeting) = greetings.join_next().await {
            let waited = greeting.expect("`greet` did not panic before");
            assert!(waited.is_ok(), "{RESTLESS}");
        }
    }));
    let said = lines(&room).split_off(before);
    for name in &guests {
        let wanted = guests.iter().filter(|other| *other == name).count();
        for line in [format!("hello, {name}"), format!("hi, {name}")] {
            let times = said.iter().filter(|said| **said == line).count();
            assert!(
                times == wanted,
                "{} visitors came at once, and {wanted} with the name {name:?}: {line:?} was said {times} times.",
                guests.len()
            );
        }
    }
    // Tokio's clock counts whole milliseconds and may round up.
    assert!(
        took <= room.typing + Duration::from_millis(4),
        "{} visitors came at once, each bot types for {}, and it took {}: they waited for each other.",
        guests.len(),
        spelled(room.typing),
        spelled(took)
    );
}

/// A visitor with an empty name is welcomed like any other.
#[test]
fn an_empty_name_is_a_name() {
    let said = watch("", Duration::from_millis(pick(200..=900))).later;
    check_eq!(
        said,
        ["hello, ", "hi, "],
        "A visitor with an empty name was welcomed with {} lines. Everybody gets the same two, whatever the name is.",
        said.len()
    );
}

/// `greet` is a future as well: if nobody awaits it, nothing is said.
#[test]
fn greet_is_a_plan_too() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(20) };
    vt(async {
        drop(plan_of("Ken", &room));
        settle().await;
        sleep(Duration::from_secs(24 * 60 * 60)).await;
        settle().await;
        // hermetic: bounds the wait for a thread that has a room still; after a right answer, there is none
        for _ in 0..5000 {
            if Arc::strong_count(&room.lines) == 1 {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let said = lines(&room);
    assert!(
        said.is_empty(),
        "Nobody awaited `greet`, yet it said {said:?}. The call must only build the future; the work belongs inside \
         it."
    );
}

/// A wait needs two polls, and one that is handed to a task a few more.
const POLLS: usize = 12;

const RESTLESS: &str = "`greet` was polled 12 times while the bot typed once: it kept checking whether \"hi\" was \
                        said. A task that awaits something is woken when there is something to do, and does nothing \
                        until then.";

const LOCKED: &str = "While the bot was typing, the room was locked: nobody else can say or read anything. Release the \
                      lock of `lines` before you wait.";

/// What a run of `greet` left in the room.
struct Seen {
    at_return: Vec<String>,
    later: Vec<String>,
    /// Virtual time until `greet` was done.
    took: Duration,
    /// Virtual time that a wait takes which is as long as the typing: Tokio's clock may round up.
    due: Duration,
}

fn watch(name: &str, typing: Duration) -> Seen {
    let room = Room { lines: Arc::default(), typing };
    let run = panic_of(|| {
        vt(async {
            let start = tokio::time::Instant::now();
            let due = tokio::spawn(async move {
                sleep(typing).await;
                start.elapsed()
            });
            let waited = Patience::new().watch(POLLS, plan_of(name, &room)).await;
            let (took, at_return) = (start.elapsed(), lines(&room));
            // A task that was left behind has all the time that it may want.
            let due = due.await.expect("nobody ends the clock");
            sleep(Duration::from_secs(60)).await;
            settle().await;
            (waited, Seen { at_return, later: lines(&room), took, due })
        })
    });
    match run {
        Ok(((Ok(()), seen), _)) => seen,
        Ok(((Err(Impatience::Restless), _), _)) => panic!("{RESTLESS}"),
        Ok(((Err(_), _), _)) => panic!("`greet` never finished, and nothing will wake it."),
        Err(text) => panic!("`greet` panicked before it was done: {text}"),
    }
}

/// The only place that calls `greet`: an answer cannot tell the callers apart.
fn plan_of(name: &str, room: &Room) -> impl Future<Output = ()> + use<> {
    greet(name.to_owned(), room.clone())
}

fn lines(room: &Room) -> Vec<String> {
    let lines: &Arc<Mutex<Vec<String>>> = &room.lines;
    match lines.lock() {
        Ok(lines) => lines.clone(),
        Err(poisoned) => poisoned.into_inner().clone(),
    }
}

fn spelled(time: Duration) -> String {
    match time.as_secs() / (24 * 60 * 60) {
        0 => format!("{} ms", time.as_millis()),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
