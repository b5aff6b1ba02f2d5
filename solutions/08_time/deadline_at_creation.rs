//! A payment terminal asks the bank, shows its answer for `reading_time`, and clears the display again.
//!
//! Why the answer was gone too soon: `sleep(reading_time)` sets a deadline, and sets it when it is called. The call came
//! before the bank was asked, so the time that the bank took was time that the customer did not have. "Futures are lazy"
//! is true, and did not help: lazy means that nobody waits before the `.await`. The deadline is data, and was computed long
//! before.
//!
//! There are other ways to set the deadline after the answer: `sleep_until(Instant::now() + reading_time)`, a pinned `Sleep`
//! that is `reset`, or an `async` block, `let reading = async { sleep(reading_time).await };`, which calls `sleep` when it is
//! polled for the first time. Where a timer is made once and used many times, take `reset`. Here the plain call is enough.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Tests bring their own bank and their own display.
pub trait Bank {
    fn charge(&self, cents: u64) -> impl Future<Output = String>;
}

pub trait Display {
    fn show(&self, text: &str);
    fn clear(&self);
}

pub async fn checkout(
    bank: &impl Bank,
    display: &impl Display,
    cents: u64,
    reading_time: Duration,
) -> String {
    let answer = bank.charge(cents).await;
    display.show(&answer);
    // Called here, so the deadline counts from here.
    sleep(reading_time).await;
    display.clear();
    answer
}

/// A bank at the other end of a line that takes this long.
struct Line(Duration);

impl Bank for Line {
    async fn charge(&self, cents: u64) -> String {
        sleep(self.0).await;
        format!("{cents} cents: approved")
    }
}

struct Screen(Instant);

impl Display for Screen {
    fn show(&self, text: &str) {
        println!("{:>6} ms  {text}", self.0.elapsed().as_millis());
    }

    fn clear(&self) {
        println!("{:>6} ms  ---", self.0.elapsed().as_millis());
    }
}

#[tokio::main]
async fn main() {
    for line in [100, 500, 2000] {
        println!("the line takes {line} ms:");
        let (bank, display) = (Line(Duration::from_millis(line)), Screen(Instant::now()));
        checkout(&bank, &display, 1290, Duration::from_millis(1000)).await;
    }
}
