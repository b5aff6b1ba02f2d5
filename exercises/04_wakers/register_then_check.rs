//! `Page` is a future that is ready when the printer has printed the page. The printer works independently and
//! finishes at any moment: before you ask, after it, or in between.
//!
//! In `cargo run` the page lies in the tray, but a task still waits for it.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// The driver of a printer. The tests use their own.
pub trait Printer {
    /// Whether the page is out.
    fn is_done(&self) -> bool;
    /// Keeps this waker instead of the one before, and calls it at the moment when the page comes
    /// out. If the page is already out, that moment is over, and nothing is woken.
    fn wake_when_done(&self, waker: &Waker);
}

pub struct Page<P>(pub P);

impl<P: Printer> Future for Page<P> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0.is_done() {
            return Poll::Ready(());
        }
        self.0.wake_when_done(context.waker());
        Poll::Pending
    }
}

/// A slow printer: the page comes out just after the first time that you ask for it.
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
