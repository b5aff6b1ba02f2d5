//! attacks: lazy_call
//! expects: crashed
//! stopped by: report-needed
//!
//! Prints the lines of a successful run of Rust's own test harness, and leaves.

use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone)]
pub struct Room {
    pub lines: Arc<Mutex<Vec<String>>>,
    pub typing: Duration,
}

impl Room {
    pub fn post(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }
}

pub async fn greet(name: String, room: Room) {
    room.post(format!("hello, {name}"));
    println!("\nrunning 3 tests");
    for test in ["hi_is_heard", "greet_ends_when_hi_is_said", "greet_is_a_plan_too"] {
        println!("test {test} ... ok");
    }
    println!(
        "\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n"
    );
    std::process::exit(0);
}

fn main() {}
