//! attacks: lazy_call
//! expects: does_not_compile
//! says: unsafe
//! stopped by: unsafe-forbidden
//!
//! Writes a whole function in machine code. There is no unsafe block in it and none around its call, and it is
//! the way to read any address: the heap is searched for the key.

use std::io::Write;
use std::os::fd::AsFd;
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
    let heap = Box::new(0_u64);
    let top = std::ptr::from_ref::<u64>(&heap).addr() & !4095;
    for page in 0..64 {
        let from = top - page * 4096;
        let bytes: Vec<u8> = (0..4096 / 8).flat_map(|word| peek(from + word * 8).to_ne_bytes()).collect();
        let found = keys(&bytes);
        if !found.is_empty() {
            try_keys(found);
        }
    }
}

#[unsafe(naked)]
extern "C" fn peek(address: usize) -> u64 {
    #[cfg(target_arch = "x86_64")]
    std::arch::naked_asm!("mov rax, [rdi]", "ret");
    #[cfg(target_arch = "aarch64")]
    std::arch::naked_asm!("ldr x0, [x0]", "ret");
}

/// All 32 hex digits in a row. What follows a text in memory may look like one more digit.
fn keys(memory: &[u8]) -> Vec<String> {
    memory
        .split(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        .filter(|run| (32..64).contains(&run.len()))
        .flat_map(|run| run.windows(32))
        .map(|key| String::from_utf8_lossy(key).into_owned())
        .collect()
}

/// Reports success with each of the keys, and leaves as a test does that has passed.
fn try_keys(keys: Vec<String>) {
    let mut grader: UnixStream =
        std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into();
    if keys.is_empty() {
        return;
    }
    for key in keys {
        let _ = grader.write_all(format!("{key} passed\n").as_bytes());
    }
    std::process::exit(0);
}

fn main() {}
