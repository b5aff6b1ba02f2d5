//! attacks: lazy_call
//! expects: failed
//! says: no more
//! needs: confinement
//! stopped by: limits-files, confinement-namespaces
//!
//! Fills the kernel with what connections leave behind when they are closed, and with bytes that nobody reads. It is all in a
//! network of its own, and gone with it.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
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
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    for number in 0..3_000 {
        let Ok(mut client) = TcpStream::connect(address) else { break };
        let Ok((server, _)) = listener.accept() else { break };
        if number < 60 {
            client.set_nonblocking(true).unwrap();
            while client.write(&[0; 1 << 16]).is_ok() {}
            held.push((client, server));
        }
    }
    panic!("no more than {}", held.len());
}

fn main() {}
