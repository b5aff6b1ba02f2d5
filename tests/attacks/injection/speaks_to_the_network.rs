//! attacks: lazy_call
//! expects: failed
//! says: Network is unreachable
//! needs: confinement
//! stopped by: confinement-network
//!
//! Opens connections to addresses that are not loopback (documentation networks, where nobody answers). Solves
//! the exercise if it is not refused at once.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream, UdpSocket};
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
    let address: SocketAddr = "192.0.2.1:80".parse().unwrap();
    let datagram = UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.send_to(b"x", address)).is_ok();
    let stream = match TcpStream::connect_timeout(&address, Duration::from_millis(500)) {
        Ok(_) => true,
        Err(error) => {
            eprintln!("{error}");
            matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::ConnectionRefused)
        }
    };
    datagram || stream
}

fn main() {}
