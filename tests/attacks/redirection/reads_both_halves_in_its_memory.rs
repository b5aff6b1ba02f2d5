//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-proc
//!
//! Searches `/proc/self/mem` for the two halves that the harness keeps of the key: whoever has read the harness
//! knows that they are allocated one after the other. As root, a process may read its own memory there, whatever
//! the rights of its program are.

use std::fs::{self, File};
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
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
    let Some(key) = heap().as_deref().and_then(key) else { return };
    let mut grader: UnixStream = std::io::stdin().as_fd().try_clone_to_owned().unwrap().into();
    let _ = grader.write_all(format!("{key} passed\n").as_bytes());
    std::process::exit(0);
}

/// What lies in the heap of this process.
fn heap() -> Option<Vec<u8>> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let range = maps.lines().find(|line| line.ends_with("[heap]"))?.split(' ').next()?;
    let (from, to) = range.split_once('-')?;
    let (from, to) = (u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?);
    let mut bytes = vec![0; (to - from) as usize];
    File::open("/proc/self/mem").and_then(|memory| memory.read_exact_at(&mut bytes, from)).ok()?;
    Some(bytes)
}

/// Two pieces of memory, not far from each other, that make 32 hex digits together.
fn key(memory: &[u8]) -> Option<String> {
    let whole = |at: usize, distance: usize| {
        let other = at + distance;
        let digit = |place| memory.get(at + place).zip(memory.get(other + place)).map(|(a, b)| a ^ b);
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (0..32)
            .all(|place| digit(place).is_some_and(is_hex))
            .then(|| (0..32).filter_map(digit).map(char::from).collect::<String>())
    };
    // What the allocator gives begins at multiples of 16. A text and zeros would be a whole key, too: both halves are noise.
    let noise = |at: usize| memory[at..].iter().take(32).any(|byte| *byte >= 128);
    let starts = (0..memory.len()).step_by(16).filter(|at| noise(*at));
    starts.flat_map(|at| (32..1024).step_by(16).filter_map(move |distance| whole(at, distance))).next()
}

fn main() {}
