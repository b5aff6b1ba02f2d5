//! fails: a_task_may_wait_for_two_pages
//! says: printers got its waker. Each page has to leave it with its own printer

// Each printer has to be given the waker; it is left only if it is another one than the last time, for whatever page that was.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// The driver of a printer. Tests bring their own.
pub trait Printer {
    /// Whether the page is out.
    fn is_done(&self) -> bool;
    /// Keeps this waker, in place of the one before, and calls it at the moment when the page comes
    /// out. When the page is out already, that moment is over, and nobody is woken.
    fn wake_when_done(&self, waker: &Waker);
}

pub struct Page<P>(pub P);

/// The waker that was left last.
static LAST: std::sync::Mutex<Option<Waker>> = std::sync::Mutex::new(None);

impl<P: Printer> Future for Page<P> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let waker = context.waker();
        let known = LAST.lock().unwrap().as_ref().is_some_and(|last| last.will_wake(waker));
        if !known {
            self.0.wake_when_done(waker);
            *LAST.lock().unwrap() = Some(waker.clone());
        }
        if self.0.is_done() { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// A printer that takes its time: the page comes out just after it was first asked about.
#[derive(Default)]
struct OldPrinter {
    done: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Printer for OldPrinter {
    fn is_done(&self) -> bool {
        let was_done = self.done.replace(true);
        if !was_done {
            println!("printer: here is your page");
            self.waker.take().into_iter().for_each(Waker::wake);
        }
        was_done
    }

    fn wake_when_done(&self, waker: &Waker) {
        if !self.done.get() {
            self.waker.replace(Some(waker.clone()));
        }
    }
}

#[tokio::main]
async fn main() {
    let task = tokio::spawn(Page(OldPrinter::default()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("task: have I got it? {}", task.is_finished());
}
