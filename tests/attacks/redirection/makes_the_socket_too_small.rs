//! attacks: lazy_call
//! expects: crashed|failed|hung
//! stopped by: key
//!
//! Gives the harness's socket the smallest buffer and the shortest patience that there are, through types of another
//! family, and keeps it full: the report should be cut in two behind its key, and what stands between is "passed".

use std::io::Write;
use std::net::TcpStream;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpSocket;

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
    let socket = || std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open");
    let small = TcpSocket::from_std_stream(TcpStream::from(socket()));
    println!("{:?}", small.set_send_buffer_size(1));
    let mut grader = UnixStream::from(socket());
    println!("{:?}", grader.set_write_timeout(Some(Duration::from_micros(1))));
    for _ in 0..4 {
        let mut grader = grader.try_clone().expect("there is room for a descriptor");
        std::thread::spawn(move || {
            loop {
                let _ = grader.write_all(b" passed\n passed\n");
            }
        });
    }
    let _ = grader.write_all(b" passed\n");
    // Long enough to be cut: what a panic says is part of the report.
    panic!("{}", "\n passed\n".repeat(8_000));
}

fn main() {}
