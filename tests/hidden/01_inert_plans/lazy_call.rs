//! Hidden tests of `lazy_call`: who says what in the room, and when.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::{Room, greet};
use testkit::{check_eq, panic_of, pick, settle, vt};

/// "hello" and "hi" are both in the room at the moment `greet` is done.
#[test]
fn hi_is_heard() {
    for (name, typing) in [("Grace", pick(200..=900)), ("Linus", pick(10..=90))] {
        let typing = Duration::from_millis(typing);
        let name = format!("{name} {}", pick(10..=99));
        let seen = watch(&name, typing);
        let hello = format!("hello, {name}");
        let hi = format!("hi, {name}");
        let said = seen.later.iter().filter(|line| **line == hi).count();

        assert!(
            said > 0,
            "\"hi\" was never said: calling `say_hi` built a plan, and the plan was dropped. \
             A future that is dropped still runs nothing, with or without the warning."
        );
        assert!(
            seen.at_return.contains(&hi),
            "`greet` returned before \"hi\". You started it, nobody waits for it."
        );
        assert!(
            said == 1,
            "\"hi\" was said {said} times. Every call of `say_hi` builds a plan of its own; one of them is enough."
        );
        assert!(
            seen.later.first() == Some(&hello),
            "\"hi\" came before \"hello\". A plan is carried out where it is awaited, not where you think of it."
        );
        check_eq!(seen.later, vec![hello, hi], "The room does not show the two lines of the bot.");
    }
}

/// `greet` takes as long as saying "hi" takes: not less, not more.
#[test]
fn greet_ends_when_hi_is_said() {
    for typing in [pick(200..=900), pick(10..=90)] {
        let seen = watch("Barbara", Duration::from_millis(typing));
        let took = seen.took.as_millis();
        let typing = u128::from(typing);
        let heard = seen.at_return.iter().filter(|line| *line == "hi, Barbara").count();

        assert!(
            took >= typing || heard > 0,
            "`greet` was done after {took} ms, but the bot types for {typing} ms before it says \"hi\": \
             nobody waited for that plan."
        );
        assert!(
            took >= typing,
            "The bot did not wait as a future waits: `greet` was done after {took} ms of the engine's time, and the \
             bot types for {typing} ms. You left the waiting out, or you blocked the thread."
        );
        // Tokio's clock counts whole milliseconds and may round up.
        let in_time = took <= typing + 5;
        assert!(
            in_time || heard != 1,
            "`greet` took {took} ms, and saying \"hi\" takes {typing} ms. You waited by the clock, and a clock only \
             guesses. `.await` goes on as soon as the plan is carried out."
        );
        assert!(in_time, "`greet` took {took} ms, and saying \"hi\" once takes {typing} ms.");
    }
}

/// The bot types first, and says "hi" after it.
#[test]
fn hi_comes_after_the_typing() {
    for typing in [pick(200..=900), pick(10..=90)] {
        let room = Room { lines: Arc::default(), typing: Duration::from_millis(typing) };
        vt(async {
            // Given up a millisecond too early; what `greet` did until then is in the room.
            let most = Duration::from_millis(typing - 1);
            let _ = tokio::time::timeout(most, plan_of("Edsger", &room)).await;
        });
        let said = lines(&room);
        assert!(
            !said.iter().any(|line| line == "hi, Edsger"),
            "\"hi\" was said while the bot was still typing. Two awaits and calls in a row happen in the order in which \
             they stand: first the wait, then the line."
        );
    }
}

/// `greet` is a plan as well: nobody awaits it, nothing is said.
#[test]
fn greet_is_a_plan_too() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(20) };
    vt(async {
        drop(plan_of("Ken", &room));
        tokio::time::sleep(Duration::from_secs(1)).await;
        settle().await;
    });
    let said = lines(&room);
    assert!(
        said.is_empty(),
        "Nobody awaited `greet`, yet it said {said:?}. A call must only build the plan; the work belongs inside it."
    );
}

/// What a run of `greet` left in the room.
struct Seen {
    at_return: Vec<String>,
    later: Vec<String>,
    /// Virtual time until `greet` was done.
    took: Duration,
}

fn watch(name: &str, typing: Duration) -> Seen {
    let room = Room { lines: Arc::default(), typing };
    let run = panic_of(|| {
        vt(async {
            let start = tokio::time::Instant::now();
            plan_of(name, &room).await;
            let (took, at_return) = (start.elapsed(), lines(&room));
            // A task that was left behind has all the time that it may want.
            tokio::time::sleep(Duration::from_secs(60)).await;
            settle().await;
            Seen { at_return, later: lines(&room), took }
        })
    });
    match run {
        Ok((seen, _)) => seen,
        Err(text) if text.contains("from within a runtime") => panic!(
            "You started a second engine inside the first one: `greet` is being carried out by an engine already, and \
             `.await` hands it the next plan."
        ),
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
