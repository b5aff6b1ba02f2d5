//! attacks: lazy_call
//! expects: failed|hung
//! needs: confinement
//! stopped by: confinement-network
//!
//! Asks for the address of a name, with a secret in it: what is asked is carried out of the machine. Solves the
//! exercise if a resolver answers at all.

use std::net::ToSocketAddrs;
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
    ("attack.invalid", 80).to_socket_addrs().is_ok()
        || std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.connect("192.0.2.1:53")).is_ok()
}

fn main() {}
