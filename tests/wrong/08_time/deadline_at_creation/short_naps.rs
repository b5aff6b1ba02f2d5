//! fails: the_answer_can_be_read
//! says: it wakes up again and again to check

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
    let shown = Instant::now();
    while shown.elapsed() < reading_time {
        sleep(Duration::from_millis(10)).await;
    }
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
