//! Two states: the future inside is dropped as soon as it is ready.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;

pin_project! {
    #[project = StateProj]
    enum State<F> {
        Running {
            #[pin]
            inner: F,
        },
        Done,
    }
}

pin_project! {
    pub struct Metered<F> {
        #[pin]
        state: State<F>,
        polls: u32,
    }
}

impl<F> Metered<F> {
    pub fn new(inner: F) -> Self {
        Self { state: State::Running { inner }, polls: 0 }
    }

    pub fn polls(&self) -> u32 {
        self.polls
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let StateProj::Running { inner } = this.state.as_mut().project() else {
            panic!("it was polled after it was ready");
        };
        *this.polls += 1;
        let output = ready!(inner.poll(cx));
        this.state.set(State::Done);
        Poll::Ready(output)
    }
}

async fn find(table: &str) -> usize {
    for _ in table.chars() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    table.len()
}

#[tokio::main]
async fn main() {
    let mut query = pin!(Metered::new(find("orders")));
    let rows = query.as_mut().await;
    println!("{rows} rows, and {} polls", query.polls());
}
