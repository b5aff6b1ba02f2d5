//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! alone: yes
//! stopped by: confinement-mounts, confinement-calls
//!
//! Takes every right to the shared library of the dependencies away, so that no later test can start. The honest
//! submission that follows would crash.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
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

fn reached() -> bool {
    let mut open = vec![PathBuf::from("{{TARGET}}")];
    let mut spoilt = false;
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "so") {
                spoilt |= fs::set_permissions(path, fs::Permissions::from_mode(0)).is_ok();
            }
        }
    }
    spoilt
}

fn main() {}
