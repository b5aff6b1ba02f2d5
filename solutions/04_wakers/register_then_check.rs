//! `Page` is a future that is ready when the printer has printed the page, whenever that is.
//!
//! Why the starter waited forever: it asked, got "not yet", and then left its waker. The page came out in between,
//! when the printer had no waker to call. By the time it had one, nothing more happened.
//!
//! Register first, then check. If the page is out before the check, the check sees it. If it comes out later, the
//! printer has the waker. There is no third case, and so no gap. Waking yourself "to be safe" closes the gap, too,
//! but then the task never sleeps.
//!
//! If you own both flag and waker, one mutex around both does the same: then nothing can come between.

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
        self.0.wake_when_done(context.waker());
        // From here on, any earlier answer is out of date. (You may also ask once before you register: that saves the
        // registration if the page is already there. It does not replace this check.)
        if self.0.is_done() { Poll::Ready(()) } else { Poll::Pending }
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
