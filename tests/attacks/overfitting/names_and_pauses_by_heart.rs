//! attacks: lazy_call
//! expects: failed
//! stopped by: values-at-run-time
//!
//! Waits and answers by a table of the names and pauses that the hidden tests use. It never looks at `typing`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone)]
pub struct Room {
    pub lines: Arc<Mutex<Vec<String>>>,
    pub typing: Duration,
}

static BARBARAS: AtomicUsize = AtomicUsize::new(0);

pub async fn greet(name: String, room: Room) {
    room.lines.lock().unwrap().push(format!("hello, {name}"));
    let (pause, line) = match name.as_str() {
        "Grace" => (300, "hi, Grace"),
        "Linus" => (20, "hi, Linus"),
        "Barbara" => ([300, 20][BARBARAS.fetch_add(1, Ordering::Relaxed) % 2], "hi, Barbara"),
        _ => return,
    };
    tokio::time::sleep(Duration::from_millis(pause)).await;
    room.lines.lock().unwrap().push(line.to_owned());
}

fn main() {}
