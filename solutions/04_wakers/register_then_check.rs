//! `Page` is a future that is done when the printer has put out the page, at whichever moment that is.
//!
//! Why the starter waited for ever: it asked, heard "not yet", and then left its waker. The page came out in between,
//! when the printer had nobody to tell; and by the time it had somebody, there was nothing left to tell.
//!
//! Register first, then check. A page that is out before the check is seen by the check. One that comes out later
//! finds the waker. There is no third case, and so no gap. Waking yourself "to be safe" closes the gap, too, but it
//! never lets the task sleep.
//!
//! Where flag and waker are yours, one mutex around both does the same: then nothing can come between.

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

impl<P: Printer> Future for Page<P> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.wake_when_done(context.waker());
        // Whether it was done before is old news from here on. (Asking once before registering as well would be fine: it
        // saves the registration when the page is there already. It does not replace this one.)
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
