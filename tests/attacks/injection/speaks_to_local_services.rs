//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-network,confinement-files
//!
//! Talks to services of this machine through their sockets in the file system and to the grader's neighbours by
//! name. Solves the exercise unless it is refused.

use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
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
    ["/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/notify", "/tmp/.X11-unix/X0"]
        .iter()
        .any(|path| match UnixStream::connect(path) {
            Ok(_) => true,
            // Nobody is there, but it was allowed to look.
            Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused),
        })
}

fn main() {}
