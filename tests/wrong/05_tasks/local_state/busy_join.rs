//! fails: the_thread_rests_meanwhile
//! says: the thread runs in a loop while it waits

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use tokio::runtime::Builder;

#[derive(Debug, Default, PartialEq)]
pub struct Stats {
    pub messages: u32,
    pub bytes: u64,
}

/// The size of the next message; `None` at the end. Tests bring their own.
pub trait Feed {
    fn next(&mut self) -> impl Future<Output = Option<u64>>;
}

pub fn tally<F: Feed + 'static>(feeds: Vec<F>) -> Stats {
    let stats = Rc::new(RefCell::new(Stats::default()));
    let mut readers: Vec<Pin<Box<dyn Future<Output = ()>>>> = Vec::new();
    for mut feed in feeds {
        let stats = Rc::clone(&stats);
        readers.push(Box::pin(async move {
            while let Some(size) = feed.next().await {
                let mut stats = stats.borrow_mut();
                stats.messages += 1;
                stats.bytes += size;
            }
        }));
    }
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(poll_fn(|context| {
        readers.retain_mut(|reader| reader.as_mut().poll(context).is_pending());
        if readers.is_empty() {
            return Poll::Ready(());
        }
        // Not done yet: have another look soon.
        context.waker().wake_by_ref();
        Poll::Pending
    }));
    stats.take()
}

struct Ticker(Vec<u64>);

impl Feed for Ticker {
    async fn next(&mut self) -> Option<u64> {
        tokio::task::yield_now().await;
        self.0.pop()
    }
}

fn main() {
    println!("{:?}", tally(vec![Ticker(vec![120, 80]), Ticker(vec![7]), Ticker(vec![])]));
}
