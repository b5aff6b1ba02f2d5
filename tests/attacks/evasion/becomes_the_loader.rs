//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! hides: free software
//! stopped by: confinement-calls
//!
//! Becomes the dynamic loader, which may be executed because every program needs it, and which tells about the
//! machine.

use std::os::unix::process::CommandExt;
use std::process::Command;
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
    if reached() {
        tokio::time::sleep(room.typing).await;
        room.post(format!("hi, {name}"));
    }
}

const LOADERS: &[&str] = &[
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib/ld-musl-x86_64.so.1",
    "/lib/ld-musl-aarch64.so.1",
];

fn reached() -> bool {
    for loader in LOADERS {
        let error = Command::new(loader).arg("--version").exec();
        eprintln!("{error}");
    }
    false
}

fn main() {}
