//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-network, confinement-files
//!
//! Looks for services that go by a path or by a name without one, and for broadcasts. Solves the exercise only if it finds
//! any.

use std::net::UdpSocket;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
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
    let services = ["/run/dbus/system_bus_socket", "/run/systemd/notify", "/dev/log", "/var/run/docker.sock"];
    let broadcast = || {
        let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
        socket.set_broadcast(true).ok()?;
        socket.send_to(b"anybody?", ("255.255.255.255", 9)).ok()
    };
    services.iter().any(|path| UnixStream::connect(path).is_ok())
        || UnixListener::bind("socket").is_ok()
        || UnixDatagram::unbound().is_ok()
        || broadcast().is_some()
}

fn main() {}
