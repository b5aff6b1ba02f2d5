//! Hidden tests of `register_then_check`.

use std::sync::{Arc, Mutex};
use std::task::Waker;

use exercise::{Page, Printer};
use testkit::{CountingWaker, poll_once, stage};

/// Whenever the page comes out, the task finds out: the poll sees it, or the waker is called.
#[test]
fn no_moment_is_missed() {
    // The page comes out in the middle of a poll, the first or the second: after so many steps of it (asking and registering
    // have two steps each, cloning a waker one). 20 are more than any poll has.
    for (before, moment) in (0..40).map(|number| (number / 20, number % 20)) {
        stage("the page comes out in the middle of a poll");
        let printer = Scripted::new();
        let task = CountingWaker::new();
        task.on_clone({
            let printer = printer.clone();
            move || printer.step()
        });
        let mut page = Page(printer.clone());
        for _ in 0..before {
            // By another task, which has given up since.
            let ready = poll_once(&mut page, &CountingWaker::new().waker()).is_ready();
            printer.is_asked_in_circles();
            assert!(!ready, "The page was not out yet, but the future was `Ready`.");
        }
        printer.comes_out_at(moment);
        let ready = poll_once(&mut page, &task.waker()).is_ready();
        printer.is_asked_in_circles();
        if !printer.is_out() {
            // The poll was over earlier. The page comes out after it.
            assert!(!ready, "The page was not out yet, but the future was `Ready`.");
            printer.come_out();
        }
        assert!(
            ready || task.wakes() > 0 || printer.has_been_told(),
            "The page came out {}, but nothing woke the task: this poll had returned `Pending`, and left no waker with \
             the printer. Each poll has to leave its own.",
            printer.when()
        );
        assert!(
            ready || task.wakes() > 0 || printer.has_been_asked(),
            "The page came out {}, but nothing woke the task: the poll returned `Pending` without asking whether the \
             page is out.",
            printer.when()
        );
        // The printer keeps none when the page is out.
        assert!(
            ready || task.wakes() > 0 || task.live_clones() == 0,
            "The page came out {}, the poll returned `Pending`, and the printer called no waker. You also keep a waker \
             yourself: calling it on a timer is too late now, and wakes the task for nothing while there is no page. \
             An answer from before you left the waker is out of date.",
            printer.when()
        );
        assert!(
            ready || task.wakes() > 0,
            "The page came out {}, the poll returned `Pending`, and nothing woke the task: it sleeps forever. An \
             answer from before you left the waker is out of date.",
            printer.when()
        );
        if !ready {
            let ready = poll_once(&mut page, &task.waker()).is_ready();
            assert!(
                ready,
                "The page was out, the task was woken and polled again, but the poll was `Pending`."
            );
        }
    }
}

/// While the page is not out, the task sleeps: nothing wakes it, however often it is polled.
#[test]
fn nobody_is_woken_without_an_event() {
    let printer = Scripted::new();
    let (first, second) = (CountingWaker::new(), CountingWaker::new());
    let mut page = Page(printer.clone());
    for (polls, task) in [&first, &first, &second, &second].into_iter().enumerate() {
        let ready = poll_once(&mut page, &task.waker()).is_ready();
        printer.is_asked_in_circles();
        assert!(!ready, "The page was not out yet, but the future was `Ready`.");
        let wakes = first.wakes() + second.wakes();
        assert!(
            wakes == 0,
            "busy loop (wakes without an event: {wakes}, by poll number {}). A task that wakes itself to be safe is polled \
             at once, and again, and never sleeps.",
            polls + 1
        );
    }
    printer.come_out();
    let wakes = second.wakes();
    assert!(
        wakes == 1,
        "The task moved, and the page came out: the task that polled last was woken {wakes} times. The printer was told \
         of another waker, or of none."
    );
    assert!(poll_once(&mut page, &second.waker()).is_ready(), "The page is out, but the poll was `Pending`.");
}

/// A task may wait for several pages: each printer needs its waker.
#[test]
fn a_task_may_wait_for_two_pages() {
    let task = CountingWaker::new();
    let printers = [Scripted::new(), Scripted::new()];
    let mut pages = printers.clone().map(Page);
    stage("one task waits for two pages, of two printers");
    for page in &mut pages {
        let ready = poll_once(page, &task.waker()).is_ready();
        assert!(!ready, "The page was not out yet, but the future was `Ready`.");
    }
    printers.iter().for_each(Scripted::is_asked_in_circles);
    let told = printers.iter().filter(|printer| printer.has_been_told()).count();
    assert!(
        told == 2,
        "One task waits for two pages and has polled both, but only {told} of the 2 printers got its waker. Each page \
         has to leave it with its own printer."
    );
    for (done, printer) in printers.iter().enumerate() {
        printer.come_out();
        let wakes = task.wakes();
        assert!(
            wakes == done + 1,
            "One task waits for two pages, and {} of them came out: it was woken {wakes} times. Each page has to leave its \
             waker with its own printer.",
            done + 1
        );
    }
}

/// A page that came out before the first poll is found by that poll.
#[test]
fn a_page_that_is_out_is_found() {
    let printer = Scripted::new();
    printer.come_out();
    let task = CountingWaker::new();
    let ready = poll_once(&mut Page(printer.clone()), &task.waker()).is_ready();
    assert!(
        ready,
        "The page was out before the first poll, but the poll was `Pending`. Nothing will wake this task."
    );
    let wakes = task.wakes();
    assert!(
        wakes == 0,
        "The first poll found the page, but it also woke the task (wakes: {wakes}, wanted 0)."
    );
}

/// A printer whose page comes out at a certain moment.
#[derive(Clone)]
struct Scripted(Arc<Mutex<State>>);

struct State {
    out: bool,
    waker: Option<Waker>,
    steps: usize,
    at: Option<usize>,
    /// What the last step was about.
    doing: &'static str,
    came_out: &'static str,
    asked: usize,
    told: bool,
}

/// More questions in one poll than anybody has a use for.
const CIRCLES: usize = 30;

impl Scripted {
    fn new() -> Self {
        let (doing, came_out) = ("before you asked", "after the poll");
        Self(Arc::new(Mutex::new(State {
            out: false,
            waker: None,
            steps: 0,
            at: None,
            doing,
            came_out,
            asked: 0,
            told: false,
        })))
    }

    /// From now on, after so many steps.
    fn comes_out_at(&self, moment: usize) {
        let mut state = self.0.lock().unwrap();
        (state.at, state.steps, state.doing) = (Some(moment), 0, "before you asked");
        (state.asked, state.told) = (0, false);
    }

    /// Whether a waker was left since then.
    fn has_been_told(&self) -> bool {
        self.0.lock().unwrap().told
    }

    /// A moment passes; at the right one the page comes out.
    fn step(&self) {
        let now = {
            let mut state = self.0.lock().unwrap();
            let now = state.at == Some(state.steps);
            state.steps += 1;
            if now {
                state.came_out = state.doing;
            }
            now
        };
        if now {
            self.come_out();
        }
    }

    fn has_been_asked(&self) -> bool {
        self.0.lock().unwrap().asked > 0
    }

    fn come_out(&self) {
        let waker = {
            let mut state = self.0.lock().unwrap();
            state.out = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn is_out(&self) -> bool {
        self.0.lock().unwrap().out
    }

    fn when(&self) -> &'static str {
        self.0.lock().unwrap().came_out
    }

    fn is_asked_in_circles(&self) {
        let asked = self.0.lock().unwrap().asked;
        assert!(
            asked < CIRCLES,
            "`poll` asked the printer {asked} times in a loop and did not return. It must return at once: with a \
             waker, nothing has to wait inside `poll`."
        );
    }

    fn note(&self, doing: &'static str) {
        self.0.lock().unwrap().doing = doing;
    }
}

impl Printer for Scripted {
    fn is_done(&self) -> bool {
        self.step();
        let answer = {
            let mut state = self.0.lock().unwrap();
            state.asked += 1;
            // Whoever asks in circles would never come back to hear about it.
            state.out || state.asked >= CIRCLES
        };
        self.note("after you had asked");
        self.step();
        answer
    }

    fn wake_when_done(&self, waker: &Waker) {
        self.step();
        let waker = {
            let own = waker.clone();
            let mut state = self.0.lock().unwrap();
            state.told = true;
            if state.out { Some(own) } else { state.waker.replace(own) }
        };
        drop(waker);
        self.note("after you had registered");
        self.step();
    }
}
