//! Hidden tests of `multiplexed_client`: what the server gets, and which answer each call returns.

use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::Client;
use testkit::{
    Log, Timeline, Unrest, check_eq, counted, handed_on, in_words, panic_of, pick, settle, silence, stage,
    to_its_end, vt,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, duplex};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// All questions are sent before any answer is there: two of them, ten, hundreds.
#[test]
fn questions_do_not_wait_for_answers() {
    for count in [2, 10, number(300..=400)] {
        stage(format!("{count} calls of `ask` at the same time"));
        run(async |shop| {
            let (client, mut server) = shop.connect(4_096);
            let calls: Vec<_> = (0..count).map(|n| shop.ask(&client, format!("question {n}"))).collect();
            let mut messages = Vec::new();
            while messages.len() < count {
                let Some(message) = server.receive().await else { break };
                messages.push(message);
            }
            shop.check_restless();
            assert!(
                messages.len() == count,
                "{count} calls of `ask` began at the same time, and the server answered none until it had all questions. It got {}. Each \
                 call sends its question right away, and does not wait for the answers to others.",
                counted(messages.len(), "question")
            );
            let mut numbers: Vec<_> = messages.iter().map(|message| message.number).collect();
            numbers.sort_unstable();
            let twice = numbers.windows(2).find(|pair| pair[0] == pair[1]);
            assert!(
                twice.is_none(),
                "{count} questions waited for their answers, and two of them had the number {}. The answer to one of them cannot be told from \
                 the answer to the other.",
                twice.map_or(0, |pair| pair[0])
            );
            // In an order of its own.
            messages.rotate_left(number(0..=1));
            messages.reverse();
            for message in &messages {
                server.answer(message.number, &answer_to(&message.text)).await;
            }
            for (n, call) in calls.into_iter().enumerate() {
                shop.check(&format!("question {n}"), call, "The server answered in another order.").await;
            }
        });
    }
}

/// The answer with the number of a question goes to the call that asked it, in whatever order and in whatever pieces.
#[test]
fn each_call_gets_its_own_answer() {
    stage("the server answers in another order");
    for order in [[1, 0, 2], [2, 1, 0], [1, 2, 0]] {
        run(async |shop| {
            let (client, mut server) = shop.connect(1_024);
            let (calls, messages) = shop.three(&client, &mut server).await;
            for n in order {
                server.answer(messages[n].number, &answer_to(&messages[n].text)).await;
            }
            for (n, call) in calls.into_iter().enumerate() {
                shop.check(&messages[n].text, call, "The server answered in another order.").await;
            }
        });
    }

    stage("another call begins while some still wait");
    run(async |shop| {
        let (client, mut server) = shop.connect(1_024);
        let (calls, messages) = shop.three(&client, &mut server).await;
        let mut calls = calls.into_iter();
        server.answer(messages[0].number, &answer_to(&messages[0].text)).await;
        shop.check(&messages[0].text, calls.next().expect("three"), "Two others still waited.").await;
        let later = shop.ask(&client, "the fourth question");
        let Some(message) = server.receive().await else {
            panic!("Two calls waited for their answers, and a third one began. Its question never came.");
        };
        let waits = messages[1..].iter().any(|other| other.number == message.number);
        assert!(
            !waits,
            "Two questions waited for their answers, one of them with the number {0}, and another one was sent with the number {0}. The \
             answer to one of them cannot be told from the answer to the other.",
            message.number
        );
        server.answer(message.number, &answer_to(&message.text)).await;
        shop.check("the fourth question", later, "Two others still waited.").await;
        for (message, call) in messages[1..].iter().zip(calls) {
            server.answer(message.number, &answer_to(&message.text)).await;
            shop.check(&message.text, call, "It was answered last.").await;
        }
    });

    stage("half of an answer is there when another call begins");
    for cut in [1, 3, 4, 6, 8, 10] {
        run(async |shop| {
            let (client, mut server) = shop.connect(1_024);
            let first = shop.ask(&client, "is there tea");
            let message = server.expect_question().await;
            let answer = encode(message.number, &answer_to(&message.text));
            server.write(&answer[..cut]).await;
            settle().await;
            let second = shop.ask(&client, "is there milk");
            let other = server.expect_question().await;
            server.write(&answer[cut..]).await;
            server.answer(other.number, &answer_to(&other.text)).await;
            let told = format!("{} of an answer had come when another call began.", counted(cut, "byte"));
            shop.check("is there tea", first, &told).await;
            shop.check("is there milk", second, &told).await;
        });
    }

    stage("answers in small pieces, and several in one");
    for size in [1, 7, 4_096] {
        run(async |shop| {
            let (client, mut server) = shop.connect(size);
            let (calls, messages) = shop.three(&client, &mut server).await;
            let all: Vec<_> = messages
                .iter()
                .rev()
                .flat_map(|message| encode(message.number, &answer_to(&message.text)))
                .collect();
            server.write(&all).await;
            for (message, call) in messages.iter().zip(calls) {
                shop.check(&message.text, call, "The answers came in one piece, or byte by byte.").await;
            }
        });
    }

    stage("texts of any length, and equal ones");
    run(async |shop| {
        let (client, mut server) = shop.connect(100);
        let long = "long ".repeat(number(9_000..=15_000));
        for text in ["", "0", "zwölf Äpfel", long.as_str()] {
            let calls = [shop.ask(&client, text), shop.ask(&client, text)];
            let messages = [server.expect_question().await, server.expect_question().await];
            for message in &messages {
                assert!(
                    message.text == text,
                    "A call asked a question of {} bytes, and the server got one of {} bytes, or another one.",
                    text.len(),
                    message.text.len()
                );
            }
            // Two equal questions with different answers; one of them is empty.
            let second = format!("the second answer to {text}");
            for (message, answer) in messages.iter().zip(["", &second]) {
                server.answer(message.number, answer).await;
            }
            let mut found = Vec::new();
            for call in calls {
                let answer = shop.ended(call, "The server answered both questions. A call").await.unwrap_or_else(|error| {
                    panic!(
                        "Two calls asked the same, in {} bytes. The server answered both, and one call returned an error ({error}).",
                        text.len()
                    )
                });
                found.push(answer);
            }
            // Nobody can say which of the two came first.
            found.sort_unstable();
            let lengths: Vec<_> = found.iter().map(String::len).collect();
            assert!(
                found == ["", &second],
                "Two calls asked the same, in {} bytes. One answer was empty, and the other one had {} bytes. The calls returned {} and {} \
                 bytes. Each call has a question and an answer of its own, also if the texts are equal, or empty.",
                text.len(),
                second.len(),
                lengths[0],
                lengths[1]
            );
        }
    });
}

/// A call that is dropped, before, while or after its question is sent, is no trouble for the others.
#[test]
fn a_dropped_call_disturbs_nobody() {
    stage("a call is dropped while it waits, and its answer comes all the same");
    for dropped in [0, 1, 2] {
        run(async |shop| {
            let (client, mut server) = shop.connect(1_024);
            let (mut calls, messages) = shop.three(&client, &mut server).await;
            shop.cancel(calls.remove(dropped)).await;
            let told = "Another call had been dropped, and its answer came first.";
            for n in [dropped, 2, 1, 0] {
                server.answer(messages[n].number, &answer_to(&messages[n].text)).await;
            }
            for (message, call) in
                messages.iter().enumerate().filter(|(n, _)| *n != dropped).map(|(_, m)| m).zip(calls)
            {
                shop.check(&message.text, call, told).await;
            }
            let later = shop.ask(&client, "is there cake");
            let message = server.expect_question().await;
            server.answer(message.number, &answer_to(&message.text)).await;
            shop.check("is there cake", later, told).await;
        });
    }

    // With room for less than a message, a call is dropped in the middle of it.
    for room in [1, 5, 8, 11, 4_096] {
        stage(format!("a call is dropped after its first poll, with room for {room} bytes on the way"));
        run(async |shop| {
            let (client, mut server) = shop.connect(room);
            shop.drop_after_a_poll(&client, "is there sugar").await;
            settle().await;
            let next = shop.ask(&client, "is there tea");
            let told = format!(
                "Another call had been dropped after its first poll, when there was room for {} on the way.",
                counted(room, "byte")
            );
            // The dropped question may come, or not.
            let mut messages: Vec<Message> = Vec::new();
            while messages.last().is_none_or(|message| message.text != "is there tea") {
                let Some(message) = server.receive().await else {
                    panic!(
                        "{told} Then \"is there tea\" was asked, and 300 days later it had not come to the server, or not as a whole. A message is \
                         written whole, also if its caller is gone."
                    );
                };
                assert!(
                    ["is there sugar", "is there tea"].contains(&message.text.as_str()) && messages.len() < 2,
                    "{told} Then the server got a message that nobody had sent: the number {}, and {}. A message is written whole, or the \
                     server takes the next one for the rest of it.",
                    message.number,
                    short(&message.text)
                );
                messages.push(message);
            }
            for message in &messages {
                server.answer(message.number, &answer_to(&message.text)).await;
            }
            shop.check("is there tea", next, &told).await;
        });
    }

    stage("a call is dropped when half of an answer is there");
    for own in [true, false] {
        run(async |shop| {
            let (client, mut server) = shop.connect(1_024);
            let (mut calls, messages) = shop.three(&client, &mut server).await;
            // The first caller is the one that leaves. The answer is its own, or that of the second one.
            let bytes = [0, 1].map(|n| encode(messages[n].number, &answer_to(&messages[n].text)));
            let (begun, other) = if own { (&bytes[0], &bytes[1]) } else { (&bytes[1], &bytes[0]) };
            server.write(&begun[..9]).await;
            settle().await;
            shop.cancel(calls.remove(0)).await;
            server.write(&begun[9..]).await;
            server.write(other).await;
            server.answer(messages[2].number, &answer_to(&messages[2].text)).await;
            let told = "Another call had been dropped when the first half of an answer had come.";
            for (message, call) in messages[1..].iter().zip(calls) {
                shop.check(&message.text, call, told).await;
            }
        });
    }
}

/// `waiting` counts the questions that wait, and no others.
#[test]
fn nothing_of_a_dropped_call_stays() {
    for count in [1, 2, number(50..=99)] {
        stage(format!("{} wait, and some leave", counted(count, "call")));
        run(async |shop| {
            let (client, mut server) = shop.connect(4_096);
            shop.check_waiting(&client, 0, "Nobody had asked anything.").await;
            let mut calls: Vec<_> = (0..count).map(|n| shop.ask(&client, format!("question {n}"))).collect();
            let mut messages = Vec::new();
            for _ in 0..count {
                messages.push(server.expect_question().await);
            }
            let told = format!("The server had {}, and had answered none.", counted(count, "question"));
            shop.check_waiting(&client, count, &told).await;
            let leave = count.div_ceil(2);
            for _ in 0..leave {
                shop.cancel(calls.remove(0)).await;
            }
            let told = format!(
                "{} waited, and then {} dropped.",
                counted(count, "call"),
                match leave {
                    1 => "1 was".to_owned(),
                    n => format!("{n} were"),
                }
            );
            shop.check_waiting(&client, count - leave, &told).await;
            for message in &messages {
                server.answer(message.number, &answer_to(&message.text)).await;
            }
            for (message, call) in messages[leave..].iter().zip(calls) {
                shop.check(&message.text, call, "Others had been dropped.").await;
            }
            let told = format!(
                "{} had been asked and answered, also those whose callers had been dropped.",
                counted(count, "question")
            );
            shop.check_waiting(&client, 0, &told).await;
        });
    }

    stage("hundreds of calls are dropped after their first poll");
    run(async |shop| {
        let (client, mut server) = shop.connect(4_096);
        let count = number(200..=300);
        for _ in 0..count {
            shop.drop_after_a_poll(&client, "is there sugar").await;
        }
        let told = format!("{count} calls had been polled once, and then dropped.");
        shop.check_waiting(&client, 0, &told).await;
        let call = shop.ask(&client, "is there tea");
        loop {
            let message = server.expect_question().await;
            server.answer(message.number, &answer_to(&message.text)).await;
            if message.text == "is there tea" {
                break;
            }
        }
        shop.check("is there tea", call, &told).await;
        shop.check_waiting(&client, 0, &told).await;
    });
}

/// Two clients share neither numbers nor answers, and the trouble of one is not the trouble of the other.
#[test]
fn two_clients_know_nothing_of_each_other() {
    stage("two clients with a server each");
    run(async |shop| {
        let ((one, mut server), (other, mut neighbor)) = (shop.connect(1_024), shop.connect(1_024));
        let (calls, messages) = shop.three(&one, &mut server).await;
        shop.check_waiting(&other, 0, "Another client had three calls that waited, and this one had none.")
            .await;
        let (others, theirs) = shop.three(&other, &mut neighbor).await;
        for message in &theirs {
            neighbor.answer(message.number, &answer_to(&message.text)).await;
        }
        for (message, call) in theirs.iter().zip(others) {
            shop.check(&message.text, call, "Another client's calls waited for another server.").await;
        }
        drop(neighbor);
        settle().await;
        for message in &messages {
            server.answer(message.number, &answer_to(&message.text)).await;
        }
        for (message, call) in messages.iter().zip(calls) {
            shop.check(&message.text, call, "Another client has lost its connection.").await;
        }
    });
}

/// When the connection is lost, each call that waits returns an error, and so does every later one.
#[test]
fn a_lost_connection_is_an_error_for_everybody() {
    let ways = [
        "the server closed the connection",
        "the server closed the connection in the middle of an answer",
        "the server ended its side, and still read",
        "reading failed",
        "an answer was not text",
        "writing failed, and the server was silent",
    ];
    for (way, lost) in ways.into_iter().enumerate() {
        for count in [1, 2, number(20..=60)] {
            stage(format!(
                "{} while {} waiting",
                lost,
                match count {
                    1 => "1 call is".to_owned(),
                    n => format!("{n} calls are"),
                }
            ));
            run(async |shop| {
                let (client, mut server) = shop.connect(4_096);
                let mut calls: Vec<_> =
                    (0..=count).map(|n| shop.ask(&client, format!("question {n}"))).collect();
                let mut messages = Vec::new();
                for _ in 0..=count {
                    messages.push(server.expect_question().await);
                }
                let answered = calls.remove(0);
                let answer = encode(messages[0].number, &answer_to(&messages[0].text));
                let half = encode(messages[1].number, &answer_to(&messages[1].text));
                let mut kept = None;
                match way {
                    0 => {
                        server.write(&answer).await;
                        drop(server);
                    }
                    1 => {
                        server.write(&[&answer, &half[..number(1..=12)]].concat()).await;
                        drop(server);
                    }
                    2 => {
                        server.write(&answer).await;
                        server.end().await;
                        kept = Some(server);
                    }
                    3 => {
                        server.write(&answer).await;
                        settle().await;
                        server.wire.read_fails.store(true, Ordering::SeqCst);
                        server.write(b"x").await;
                        kept = Some(server);
                    }
                    4 => {
                        let mut broken = encode(messages[1].number, "tea");
                        broken[8] = 0xff;
                        server.write(&[answer, broken].concat()).await;
                        kept = Some(server);
                    }
                    _ => {
                        server.write(&answer).await;
                        settle().await;
                        server.wire.write_fails.store(true, Ordering::SeqCst);
                        calls.push(shop.ask(&client, "the last question"));
                        kept = Some(server);
                    }
                }
                let told = format!("After that, {lost}.");
                shop.check("question 0", answered, &told).await;
                let lost = upper(lost);
                for call in calls {
                    let ended = shop.ended(call, &format!("{lost}. A call that waited for its answer")).await;
                    assert!(
                        ended.is_err(),
                        "{lost}, and a call that waited for its answer returned `Ok`. There was no answer to its question."
                    );
                }
                settle().await;
                for later in ["is anybody there", "is anybody there still"] {
                    let start = Instant::now();
                    let call = shop.ask(&client, later);
                    let ended = shop.ended(call, &format!("{lost}. A call that began after that")).await;
                    let took = start.elapsed();
                    assert!(
                        ended.is_err(),
                        "{lost}, and a call that began after that returned `Ok`. Nobody could have answered it."
                    );
                    assert!(
                        took <= GRAIN,
                        "{lost}, and a call that began after that returned an error {} later. There is nothing to wait for.",
                        in_words(took)
                    );
                }
                shop.check_waiting(&client, 0, &format!("{lost}, and every call had returned.")).await;
                drop(kept);
            });
        }
    }
}

/// The client reads answers also while it cannot write.
#[test]
fn answers_are_read_while_a_question_waits() {
    stage("the server reads nothing while it sends a long answer");
    for length in [500, number(20_000..=50_000)] {
        run(async |shop| {
            let (client, mut server) = shop.connect(64);
            let questions = ["first", "second"].map(|name| format!("{name} {}", "x".repeat(length)));
            let first = shop.ask(&client, questions[0].clone());
            let message = server.expect_question().await;
            let second = shop.ask(&client, questions[1].clone());
            settle().await;
            let long = "y".repeat(length);
            let sent = timeout(NEVER, server.stream.write_all(&encode(message.number, &long))).await;
            assert!(
                matches!(sent, Ok(Ok(()))),
                "The server was sending an answer of {length} bytes, and read no question meanwhile. Your client was sending a question, and \
                 read no answer meanwhile. Both waited forever. Reading must not wait for writing."
            );
            let found = shop
                .ended(first, "The server had sent an answer. Its call")
                .await
                .expect("the connection is well");
            assert!(
                found == long,
                "The answer had {length} bytes, and `ask` returned {} bytes, or others.",
                found.len()
            );
            let message = server.expect_question().await;
            server.answer(message.number, &answer_to(&message.text)).await;
            shop.check(
                &questions[1],
                second,
                "The server had read nothing while it was sending a long answer.",
            )
            .await;
        });
    }
}

/// When the client is dropped, so is the connection.
#[test]
fn dropping_the_client_closes_the_connection() {
    for (calls, what) in
        [(0, "was never used"), (2, "had asked two questions"), (3, "had a call that was dropped half-way")]
    {
        stage(format!("a client is dropped that {what}"));
        run(async |shop| {
            // With so little room, a dropped question cannot be written.
            let (client, mut server) = shop.connect(if calls == 3 { 8 } else { 1_024 });
            if calls == 3 {
                shop.drop_after_a_poll(&client, "is there tea, and how many bags of it").await;
            }
            for n in 0..calls % 3 {
                let call = shop.ask(&client, format!("question {n}"));
                let message = server.expect_question().await;
                server.answer(message.number, &answer_to(&message.text)).await;
                shop.check(&format!("question {n}"), call, "").await;
            }
            settle().await;
            assert!(
                server.wire.dropped.is_empty(),
                "The client {what} and was still there, and its connection had been dropped already."
            );
            drop(client);
            settle().await;
            sleep(Duration::from_secs(60)).await;
            assert!(
                !server.wire.dropped.is_empty(),
                "The client {what}, and was dropped. A minute later its connection had not been closed: something still owns it, for example a \
                 task that waits for the next answer."
            );
        });
    }
}

/// While the server thinks, everybody sleeps, for as long as it takes.
#[test]
fn waiting_costs_nothing() {
    stage("the server thinks for a month");
    run(async |shop| {
        let (client, mut server) = shop.connect(1_024);
        let (calls, messages) = shop.three(&client, &mut server).await;
        rest("Three calls waited for their answers", silence().await);
        for message in &messages {
            server.answer(message.number, &answer_to(&message.text)).await;
        }
        for (message, call) in messages.iter().zip(calls) {
            shop.check(&message.text, call, "The server thought for a month.").await;
        }
        rest("All calls had their answers", silence().await);
    });

    stage("another task goes on with `ask`");
    run(async |shop| {
        let (client, mut server) = shop.connect(1_024);
        let serving = tokio::spawn(async move {
            let message = server.expect_question().await;
            sleep(Duration::from_secs(5)).await;
            server.answer(message.number, &answer_to(&message.text)).await;
            server
        });
        let found = handed_on("`ask`", 30, client.ask("is there tea")).await;
        let _server = serving.await.expect("the server is well");
        check_eq!(
            found.ok(),
            Some(answer_to("is there tea")),
            "Two tasks polled a call of `ask`, one after the other."
        );
    });
}

/// The answer may be there before the client has flushed the question.
#[test]
fn an_answer_may_be_very_quick() {
    stage("the server answers while the question is being flushed");
    for turns in [1, 20, 200] {
        run(async |shop| {
            let (client, mut server) = shop.connect_with(1_024, turns);
            for n in 0..3 {
                let call = shop.ask(&client, format!("question {n}"));
                let message = server.expect_question().await;
                server.answer(message.number, &answer_to(&message.text)).await;
                shop.check(
                    &format!("question {n}"),
                    call,
                    "The answer was there before the question had been flushed. A reader that finds nobody waiting for it throws it away: \
                     enter the call before its question is sent.",
                )
                .await;
            }
        });
    }
}

/// Longer than any call waits.
const NEVER: Duration = Duration::from_secs(300 * 86_400);

/// Tokio's clock counts milliseconds, and rounds up.
const GRAIN: Duration = Duration::from_millis(2);

const POLLS: usize = 100_000;

/// A call that is polled so often asks in a loop.
const CALL_POLLS: usize = 5_000;

/// Calls with a lane of their own in the drawing.
const LANES: usize = 5;

/// Longer than any message.
const LONGEST: usize = 1_000_000;

fn number(range: std::ops::RangeInclusive<u64>) -> usize {
    pick(range).try_into().expect("small")
}

/// Texts up to this length are shown.
fn short(text: &str) -> String {
    if text.len() > 60 { format!("a text of {} bytes", text.len()) } else { format!("{text:?}") }
}

fn upper(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

thread_local! {
    /// Answers are other ones in each run.
    static SALT: Cell<u64> = const { Cell::new(0) };
}

fn answer_to(question: &str) -> String {
    format!("{} for {}", SALT.get(), &question[..question.len().min(40)])
}

fn encode(number: u32, text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).expect("short");
    [&number.to_be_bytes()[..], &length.to_be_bytes()[..], text.as_bytes()].concat()
}

/// Carries a case out in virtual time.
fn run(case: impl AsyncFnOnce(&Shop)) {
    SALT.set(pick(1_000..=999_999));
    let shop = Shop { timeline: Timeline::new(), restless: Log::new(), calls: Cell::new(0) };
    let run = panic_of(|| vt(to_its_end(POLLS, case(&shop))).0);
    match run {
        Ok(unrest) => {
            shop.check_restless();
            rest("The client was there", unrest);
        }
        Err(text) if text.contains("from within a runtime") || text.contains("can call blocking only") => {
            panic!(
                "Your client blocks the only thread of the runtime to wait for something, and Tokio panics. In async code, `.await` is the way to \
             wait. ({text})"
            )
        }
        Err(text) => panic!("{text}"),
    }
}

fn rest(told: &str, rest: Result<(), Unrest>) {
    match rest {
        Ok(()) => {}
        Err(Unrest::Naps(time)) => panic!(
            "{told}, and nothing happened. Within {}, your code kept waking up by the clock to look for an answer. A call that waits is woken \
             when its answer is there.",
            in_words(time)
        ),
        Err(_) => panic!(
            "{told}, and your code never came to rest: it asks again and again. A call that waits is woken when its answer is there."
        ),
    }
}

/// What a call has returned; `None` when it was not done after 300 days.
type Called = Option<io::Result<String>>;

/// Makes clients, and watches their calls.
struct Shop {
    timeline: Timeline,
    restless: Log,
    calls: Cell<usize>,
}

impl Shop {
    /// A client and its server, with room for so many bytes in each direction.
    fn connect(&self, room: usize) -> (Arc<Client>, Server) {
        self.connect_with(room, 0)
    }

    /// As `connect`. A `flush` takes so many turns of the client.
    fn connect_with(&self, room: usize, flush_turns: usize) -> (Arc<Client>, Server) {
        let (ours, theirs) = duplex(room);
        let wire = Arc::new(WireState::default());
        let stream = Wire { stream: ours, state: wire.clone(), flush_turns, turns_left: flush_turns };
        (Arc::new(Client::new(stream)), Server { stream: theirs, wire })
    }

    /// A call in a task of its own.
    fn ask(&self, client: &Arc<Client>, question: impl Into<String>) -> JoinHandle<Called> {
        let (client, question) = (client.clone(), question.into());
        let call = self.calls.replace(self.calls.get() + 1) + 1;
        let lane = if call <= LANES { format!("call {call}") } else { "more calls".to_owned() };
        let (lane, restless) = (self.timeline.lane(lane), self.restless.clone());
        tokio::spawn(async move {
            let asked = testkit::within_polls(CALL_POLLS, lane.watch(client.ask(&question)));
            tokio::select! {
                biased;
                () = sleep(NEVER) => None,
                called = asked => {
                    if called.is_none() {
                        restless.push("one");
                    }
                    called
                }
            }
        })
    }

    /// Three calls whose questions have come to the server, in the order of the calls.
    async fn three(
        &self,
        client: &Arc<Client>,
        server: &mut Server,
    ) -> (Vec<JoinHandle<Called>>, Vec<Message>) {
        let names = ["tea", "coffee", "cocoa"];
        let calls: Vec<_> = names.iter().map(|name| self.ask(client, format!("is there {name}"))).collect();
        let mut messages = Vec::new();
        for _ in names {
            let Some(message) = server.receive().await else {
                self.check_restless();
                panic!(
                    "3 calls of `ask` began at the same time, and the server answered none until it had all questions. It got {}. Each call \
                     sends its question right away, and does not wait for the answers to others.",
                    counted(messages.len(), "question")
                );
            };
            messages.push(message);
        }
        // They may come in any order.
        let place = |message: &Message| names.iter().position(|name| message.text.ends_with(name));
        messages.sort_by_key(place);
        (calls, messages)
    }

    /// Polls a call once, and drops it.
    async fn drop_after_a_poll(&self, client: &Arc<Client>, question: &str) {
        let lane = self.timeline.lane("calls that are dropped");
        let mut call = pin!(lane.watch(client.ask(question)));
        let poll = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(
            poll.is_pending(),
            "`ask` was ready at its first poll, and nobody had answered its question."
        );
    }

    /// Drops a call.
    async fn cancel(&self, call: JoinHandle<Called>) {
        call.abort();
        // hermetic: an error is what an aborted task gives
        let _ = call.await;
        settle().await;
    }

    /// What a call has returned. `who` begins the sentence about one that has not.
    async fn ended(&self, call: JoinHandle<Called>, who: &str) -> io::Result<String> {
        match call.await {
            Ok(Some(returned)) => returned,
            Ok(None) => {
                self.check_restless();
                panic!(
                    "{who} still waited 300 days later. A call of `ask` waits for its answer or for the end of the connection, and returns in \
                     both cases."
                )
            }
            Err(error) => {
                panic!("{who} panicked. It returns its answer, or an error. ({})", panic_text(error))
            }
        }
    }

    /// Makes sure that a call returned the answer to its question.
    async fn check(&self, question: &str, call: JoinHandle<Called>, told: &str) {
        let (expected, question) = (answer_to(question), short(question));
        let found = self.ended(call, &format!("The server answered {question}. {told} The call")).await;
        match found {
            Ok(answer) if answer == expected => {}
            Ok(answer) => {
                let other = answer.split_once(" for ").map(|(_, other)| other);
                match other {
                    Some(other) if answer == answer_to(other) => panic!(
                        "A call asked {question}, and got the answer to {}. {told} The number of an answer says which question it belongs to.",
                        short(other)
                    ),
                    _ => panic!(
                        "A call asked {question}, and got {}, which the server never sent. {told}",
                        short(&answer)
                    ),
                }
            }
            Err(error) => panic!(
                "A call asked {question}, the server answered, and the call returned {:?}. {told} An answer that was sent is for its caller.",
                Err::<(), _>(error)
            ),
        }
    }

    async fn check_waiting(&self, client: &Client, expected: usize, told: &str) {
        settle().await;
        let found = client.waiting();
        assert!(
            found == expected,
            "{told} `waiting` should be {expected}, and is {found}. It counts the questions whose callers are still there and have no answer."
        );
    }

    fn check_restless(&self) {
        assert!(
            self.restless.is_empty(),
            "A call of `ask` was polled {CALL_POLLS} times while it waited for its answer: it asks again and again. A call that waits is woken \
             when its answer is there."
        );
    }
}

fn panic_text(error: tokio::task::JoinError) -> String {
    match error.try_into_panic() {
        Ok(payload) => match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(other) => {
                other.downcast::<&str>().map_or_else(|_| "no text".to_owned(), |text| (*text).to_owned())
            }
        },
        Err(_) => "it was cancelled".to_owned(),
    }
}

struct Message {
    number: u32,
    text: String,
}

/// The server's end.
struct Server {
    stream: DuplexStream,
    wire: Arc<WireState>,
}

impl Server {
    /// The next question; none if none comes in 300 days, or if the connection is closed.
    async fn receive(&mut self) -> Option<Message> {
        let receive = async {
            let number = self.stream.read_u32().await.ok()?;
            let length = self.stream.read_u32().await.ok()? as usize;
            if length > LONGEST {
                return Some(Message { number, text: format!("(a text of {length} bytes)") });
            }
            let mut text = vec![0; length];
            self.stream.read_exact(&mut text).await.ok()?;
            Some(Message { number, text: String::from_utf8_lossy(&text).into_owned() })
        };
        timeout(NEVER, receive).await.ok()?
    }

    async fn expect_question(&mut self) -> Message {
        self.receive().await.unwrap_or_else(|| {
            panic!(
                "A call of `ask` began, and its question had not come to the server 300 days later, or not as a whole. Each call sends its \
                 question right away."
            )
        })
    }

    async fn answer(&mut self, number: u32, text: &str) {
        self.write(&encode(number, text)).await;
    }

    async fn write(&mut self, bytes: &[u8]) {
        // A client that is gone, or does not read, shows in what its calls return.
        let _ = timeout(NEVER, self.stream.write_all(bytes)).await;
    }

    /// Sends nothing more.
    async fn end(&mut self) {
        self.stream.shutdown().await.expect("a duplex stream can be shut down");
    }
}

/// What a test does to the client's end of a connection, and sees of it.
#[derive(Default)]
struct WireState {
    read_fails: AtomicBool,
    write_fails: AtomicBool,
    dropped: Log,
}

/// The client's end.
struct Wire {
    stream: DuplexStream,
    state: Arc<WireState>,
    flush_turns: usize,
    turns_left: usize,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.state.read_fails.load(Ordering::SeqCst) {
            return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.state.write_fails.load(Ordering::SeqCst) {
            return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.turns_left > 0 {
            self.turns_left -= 1;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.turns_left = self.flush_turns;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.state.dropped.push("the connection");
    }
}
