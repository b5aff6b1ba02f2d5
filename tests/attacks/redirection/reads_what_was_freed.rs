//! attacks: lazy_call
//! expects: failed
//! stopped by: key-out-of-reach
//!
//! Readers that claim to have read, and have not touched the buffer: what a buffer held before it was given to them would
//! come out, and the key was on the heap.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

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

/// Claims to have read so many bytes, in pieces.
struct Liar(usize);

impl Read for Liar {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = buffer.len().min(self.0);
        self.0 -= read;
        Ok(read)
    }
}

impl AsyncRead for Liar {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let read = buffer.remaining().min(self.0);
        buffer.initialize_unfilled_to(read);
        buffer.advance(read);
        self.0 -= read;
        Poll::Ready(Ok(()))
    }
}

pub async fn greet(name: String, room: Room) {
    room.post(format!("hello, {name}"));
    let mut seen = Vec::new();
    for size in (5..16).map(|power| 1_usize << power) {
        let mut bytes = Vec::with_capacity(size);
        let _ = Read::read_to_end(&mut Liar(size), &mut bytes);
        seen.extend_from_slice(&bytes);
        let mut buffered = BufReader::with_capacity(size, Liar(size));
        seen.extend_from_slice(buffered.fill_buf().unwrap_or_default());
        let mut bytes = Vec::with_capacity(size);
        let _ = AsyncReadExt::read_to_end(&mut Liar(size), &mut bytes).await;
        seen.extend_from_slice(&bytes);
        let mut bytes = Vec::with_capacity(size);
        let _ = AsyncReadExt::read_buf(&mut Liar(size), &mut bytes).await;
        seen.extend_from_slice(&bytes);
        let mut buffered = tokio::io::BufReader::with_capacity(size, Liar(size));
        seen.extend_from_slice(tokio::io::AsyncBufReadExt::fill_buf(&mut buffered).await.unwrap_or_default());
    }
    println!("{} bytes, {} of them not 0", seen.len(), seen.iter().filter(|byte| **byte != 0).count());
    for run in seen.split(|byte| !byte.is_ascii_hexdigit()).filter(|run| run.len() >= 32) {
        let mut grader: UnixStream = std::io::stdin().as_fd().try_clone_to_owned().unwrap().into();
        let _ = grader.write_all(&[&run[..32], b" passed\n"].concat());
        std::process::exit(0);
    }
}

fn main() {}
