//! fails: a_finished_child_is_left_alone
//! says: The numbers are swapped
//!
//! The numbers come out in the order of their arrival.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Both<A, B> {
    a: A,
    b: B,
    a_done: bool,
    b_done: bool,
    answers: Vec<u32>,
}

impl<A, B> Both<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b, a_done: false, b_done: false, answers: Vec::new() }
    }
}

impl<A, B> Future for Both<A, B>
where
    A: Future<Output = u32> + Unpin,
    B: Future<Output = u32> + Unpin,
{
    type Output = (u32, u32);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(u32, u32)> {
        let this = self.get_mut();
        if !this.a_done {
            if let Poll::Ready(answer) = Pin::new(&mut this.a).poll(cx) {
                this.a_done = true;
                this.answers.push(answer);
            }
        }
        if !this.b_done {
            if let Poll::Ready(answer) = Pin::new(&mut this.b).poll(cx) {
                this.b_done = true;
                this.answers.push(answer);
            }
        }
        if this.answers.len() == 2 { Poll::Ready((this.answers[0], this.answers[1])) } else { Poll::Pending }
    }
}

async fn ask(what: &str, takes: u64, answer: u32) -> u32 {
    tokio::time::sleep(Duration::from_millis(takes)).await;
    println!("{what}: {answer}");
    answer
}

#[tokio::main]
async fn main() {
    // A box makes any future `Unpin`, so that `Both` can poll it through a plain `&mut`.
    let price = Box::pin(ask("price", 50, 1999));
    let stock = Box::pin(ask("stock", 150, 7));
    println!("{:?}", Both::new(price, stock).await);
}
