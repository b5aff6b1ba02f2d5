//! attacks: lazy_call
//! expects: crashed
//! stopped by: report-needed
//!
//! Prints a verdict as the grader itself writes it, on both outputs.

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
    let verdict =
        r#"{"version":1,"exercise":"lazy_call","chapter":"01_inert_plans","verdict":"passed","tests":[]}"#;
    println!("{verdict}");
    eprintln!("{verdict}");
    std::process::exit(0);
}

fn main() {}
