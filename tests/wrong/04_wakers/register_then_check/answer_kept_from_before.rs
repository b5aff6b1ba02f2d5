//! fails: no_moment_is_missed
//! says: An answer from before you left the waker is out of date

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
        let done = self.0.is_done();
        self.0.wake_when_done(context.waker());
        if done { Poll::Ready(()) } else { Poll::Pending }
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
