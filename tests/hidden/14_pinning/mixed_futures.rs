//! Hidden tests of `mixed_futures`: which futures a page takes, when its parts are polled, and in which order their texts
//! are returned.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use exercise::Page;
use testkit::{
    Called, Services, assert_send, check_eq, counted, handed_on, in_words, panic_of, pick, settle,
    side_by_side, stage, vt,
};
use tokio::task::yield_now;

/// Parts of five kinds are on one page, and it takes as long as its slowest part, whichever that is.
#[test]
fn parts_of_all_kinds_wait_side_by_side() {
    let [short, middle, slow] = [pick(40..=90), pick(100..=190), pick(200..=900)].map(ms);
    for slowest in 0..5 {
        let waits = (0..5).map(|place| if place == slowest { slow } else { [short, middle][place % 2] });
        Start::new(waits.map(|wait| vec![wait]).collect()).call().check_waits();
    }
}

/// The texts come in the order in which the parts were added, whichever is ready first. Empty and equal texts count.
#[test]
fn texts_have_the_order_of_add() {
    let count = pick(7..=12);
    let backwards = (0..count).map(|place| vec![ms((count - place) * 10)]).collect();
    Start::new(backwards).check();
    let waits = (0..count).map(|place| vec![ms(place * 7 % 11)]).collect();
    Start {
        texts: (0..count).map(|place| ["b", "b", "", "a"][place as usize % 4].to_owned()).collect(),
        ..Start::new(waits)
    }
    .check();
    let long = "rain\n".repeat(pick(10_000..=20_000) as usize);
    Start { texts: vec![long, String::new()], ..Start::new(vec![vec![ms(9)], vec![ms(3)]]) }.check();
}

/// `add` stores a part, also where no runtime is running, and nobody polls it before `load`.
#[test]
fn add_starts_nothing() {
    let start = Start::new(vec![vec![ms(10)], vec![ms(20)], vec![]]);
    stage("`add` is called without a runtime");
    drop(start.page());
    let start = Start::new(vec![vec![ms(10)], vec![ms(20)], vec![]]);
    stage("`add` is called on a runtime, and `load` is not called yet");
    vt(async {
        let page = start.page();
        settle().await;
        let begun = start.services.all().iter().filter(|seen| seen.begun.is_some()).count();
        assert!(
            begun == 0,
            "Three parts were added, and {begun} of them were polled before `load` was called. `add` only stores a part: a page that \
             is never loaded must not do any work."
        );
        drop(page);
    });
}

/// A page may have no part, one, or hundreds.
#[test]
fn hundreds_of_parts() {
    for count in [0, 1, pick(200..=300)] {
        Start::new((0..count).map(|_| vec![ms(pick(1..=900))]).collect()).check();
    }
}

/// Each part goes on whenever it can; it may be ready at once, or after months.
#[test]
fn no_part_stands_still() {
    let long = Duration::from_secs(pick(100..=200) * 24 * 3600);
    let step = ms(pick(30..=50));
    Start::new(vec![vec![], vec![long], vec![ms(1); 40], vec![step; 20], vec![step * 3; 7], vec![]]).check();
    Start::new(vec![vec![]; 5]).check();
}

/// When `load` is dropped, or a page that was not loaded, its parts are dropped, too.
#[test]
fn dropped_parts() {
    let waits = || (1..=5).map(|place| vec![ms(place * 100)]).collect();
    let start = Start::new(waits());
    drop(start.page());
    let left = start.services.all().iter().filter(|seen| seen.dropped.is_none()).count();
    assert!(left == 0, "A page with 5 parts was dropped, and {left} of the parts still exist.");
    let start = Start::new(waits());
    let after = ms(pick(210..=290));
    let left = start.services.dropped_after(after, start.page().load());
    assert!(
        left.is_empty(),
        "`load` was dropped after {}, and {} of 5 parts run on, though nobody waits for this page any more: a task whose handle \
         has been dropped is not stopped.",
        in_words(after),
        left.len()
    );
}

/// A page is loaded by a task on a runtime with several threads, and made on any thread.
#[test]
fn a_task_loads_it_on_several_threads() {
    let text = format!("Oslo: {} mm", pick(1..=99));
    let part = {
        let text = text.clone();
        async move {
            yield_now().await;
            text
        }
    };
    let made = thread::spawn(|| {
        let mut page = Page::empty();
        page.add(part);
        page.add(ready("inbox".to_owned()));
        page
    });
    let page = made.join().expect("`add` does not panic");
    assert_send(&page);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime can be built");
    let texts = runtime.block_on(async { tokio::spawn(page.load()).await });
    check_eq!(
        texts.expect("`load` does not panic"),
        [text, "inbox".to_owned()],
        "A task loaded the page on a runtime with two threads."
    );
}

/// `load` may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let start = Start::new((1..=5).map(|place| vec![ms(place * 30)]).collect());
    let (texts, _) = vt(handed_on("`load`", 60, start.page().load()));
    check_eq!(texts, start.texts, "Another task went on with `load`.");
}

/// A quick page does not wait for a slow one.
#[test]
fn two_pages() {
    let [slow, quick] = [ms(pick(500..=900)), ms(3)].map(|wait| Start::new(vec![vec![wait]; 5]));
    let (texts, _) = vt(side_by_side("`load`", 60, slow.page().load(), quick.page().load()));
    check_eq!(texts, (slow.texts, quick.texts), "Two pages were loaded at the same time.");
}

/// A start page: what its parts wait for, and what they say.
struct Start {
    services: Services,
    waits: Vec<Vec<Duration>>,
    texts: Vec<String>,
}

impl Start {
    fn new(waits: Vec<Vec<Duration>>) -> Self {
        let base = pick(100..=999);
        let texts = (0..waits.len()).map(|place| format!("part {}", base - place as u64 % 50)).collect();
        Self { services: Services::new("load"), waits, texts }
    }

    /// The page, with parts of five kinds.
    fn page(&self) -> Page {
        panic_of(|| self.parts()).unwrap_or_else(|text| {
            let words = if text.contains("no reactor running") {
                "`add` was called where no runtime is running, and panicked. It only stores the part, and needs no runtime for that."
            } else {
                "`add` panicked. It only stores the part."
            };
            panic!("{words} ({text})")
        })
    }

    fn parts(&self) -> Page {
        let mut page = Page::empty();
        for (place, (waits, text)) in self.waits.iter().zip(&self.texts).enumerate() {
            let request = self.services.request(format!("part {}", place + 1), waits.clone(), text.clone());
            match place % 5 {
                0 => page.add(async move { request.await }),
                1 => page.add(ask(request, String::new())),
                2 => page.add(request),
                3 => page.add(ByHand(request)),
                _ => page.add(async move {
                    // A large one.
                    let kept = [1; 500];
                    request.await.repeat(kept[place])
                }),
            }
        }
        page
    }

    /// Has the page loaded, and looks at all that a learner can get wrong.
    fn check(&self) {
        let loaded = self.call();
        loaded.check_waits();
        loaded.check_texts();
    }

    fn call(&self) -> Loaded<'_> {
        let (count, page) = (self.waits.len(), self.page());
        let steps = self.waits.iter().map(Vec::len).sum::<usize>();
        Loaded { start: self, called: self.services.call(4 * (count + steps) + 40, page.load()) }
    }
}

/// A page that has been loaded.
struct Loaded<'a> {
    start: &'a Start,
    called: Called<Vec<String>>,
}

impl Loaded<'_> {
    fn check_waits(&self) {
        let Loaded { start, called } = self;
        let (took, seen, count) = (in_words(called.took), start.services.all(), start.waits.len());
        let needs: Vec<Duration> = start.waits.iter().map(|waits| waits.iter().sum()).collect();
        let slowest = needs.iter().max().copied().unwrap_or_default();
        let words = in_words(slowest);

        let late: Vec<_> = seen.iter().filter(|seen| seen.begun > Some(GRAIN)).collect();
        if let Some(first) = late.first() {
            let begun = first.begun.unwrap_or_default();
            let sum = needs.iter().sum::<Duration>();
            let why = if count > 1 && called.took + GRAIN * count as u32 > sum {
                "The parts ran one after another: an `.await` waits for one future, and the others stand still."
            } else {
                "All parts of a page wait side by side, from the call of `load` on."
            };
            panic!(
                "The page took {took}, and its slowest part takes {words}. Of {}, {} had not begun when `load` was polled for the \
                 first time: `{}` began after {}. {why}",
                counted(count, "part"),
                late.len(),
                first.name,
                in_words(begun)
            );
        }
        let not_done = seen.iter().find(|seen| seen.done.is_none());
        if let Some(seen) = not_done {
            panic!(
                "`load` returned after {took}, and `{}` was not ready. A page shows every part.",
                seen.name
            );
        }
        if let Some(seen) =
            seen.iter().find(|seen| called.took > slowest + GRAIN && !seen.stood_still.is_zero())
        {
            panic!(
                "The page took {took}, and its slowest part takes {words}. `{}` stood still for {}: it could have gone on, and nobody \
                 polled it.",
                seen.name,
                in_words(seen.stood_still)
            );
        }
        assert!(
            called.took < slowest + GRAIN,
            "All parts were ready after {words}, and `load` returned after {took}: too late."
        );
    }

    fn check_texts(&self) {
        let Loaded { start, called } = self;
        let count = start.waits.len();
        check_eq!(
            called.output.len(),
            count,
            "The page has {}, and `load` returned {}. An empty text is a text, and so is one that another part has, too.",
            counted(count, "part"),
            counted(called.output.len(), "text")
        );
        let (mut found, mut due) = (called.output.clone(), start.texts.clone());
        found.sort_unstable();
        due.sort_unstable();
        check_eq!(found, due, "`load` returned other texts than those of the parts.");
        let mut pairs = (1..).zip(called.output.iter().zip(&start.texts));
        if let Some((place, (found, due))) = pairs.find(|(_, (found, due))| found != due) {
            let short = |text: &str| text.chars().take(20).collect::<String>();
            panic!(
                "`load` returned the texts in another order than that in which the parts were added: text {place} is {:?}, and \
                 part {place} says {:?}.",
                short(found),
                short(due)
            );
        }
    }
}

/// A request as `Services` makes it.
type Request = Pin<Box<dyn Future<Output = String> + Send>>;

async fn ask(request: Request, mut before: String) -> String {
    before.push_str(&request.await);
    before
}

/// A future that was written by hand, and can be moved.
struct ByHand(Request);

impl Future for ByHand {
    type Output = String;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        self.0.as_mut().poll(cx)
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
