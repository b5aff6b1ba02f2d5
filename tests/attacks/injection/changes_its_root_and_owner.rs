//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-calls, confinement-mounts
//!
//! Gives files away, leaves its root folder, and makes a program that runs with its owner's rights where it stays. Solves the
//! exercise only if one of them works.

use std::fs::OpenOptions;
use std::os::unix::fs::{OpenOptionsExt, chown, chroot, lchown};
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
    let create = |path: &str| OpenOptions::new().create(true).write(true).mode(0o4755).open(path).is_ok();
    let _ = std::fs::write("own", "");
    let folders = ["/", "/tmp", "/lib", "/usr/lib", "/etc", "/dev", ".."];
    chroot(".").is_ok()
        || chown("own", Some(0), Some(0)).is_ok()
        || lchown("own", Some(1000), None).is_ok()
        || folders.iter().any(|folder| create(&format!("{folder}/tokiolings-set-id")))
}

fn main() {}
