//! A client of the stock server. All parts of a shop share one connection to it. Each question has
//! a number, and the answer to it has the same number: the server answers in any order.
//!
//! - `ask` sends its question right away, whether or not others still wait for their answers, and
//!   returns the answer with the number of its question.
//! - A call of `ask` may be dropped at any time. No other call notices, and nothing stays behind:
//!   `waiting` no longer counts it, and its answer, if it still comes, is ignored.
//! - The server may stop reading questions until somebody reads its answers.
//! - The connection is lost when reading or writing fails, or when the server ends it. Then each
//!   call that waits returns an error, and so does every later call, at once.
//! - Dropping the client closes the connection.
//!
//! So far ten questions take ten round trips. And after somebody gave up waiting, others get errors.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

/// A connection of any kind. Tests bring their own.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for T {}

pub struct Client {
    line: Mutex<Line>,
}

struct Line {
    connection: Box<dyn Connection>,
    last_number: u32,
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        Self { line: Mutex::new(Line { connection: Box::new(connection), last_number: 0 }) }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        let mut line = self.line.lock().await;
        line.last_number += 1;
        let number = line.last_number;
        send(&mut line.connection, number, question).await?;
        let (answered, answer) = receive(&mut line.connection).await?;
        if answered != number {
            return Err(io::Error::new(ErrorKind::InvalidData, "the answer to another question"));
        }
        Ok(answer)
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        usize::from(self.line.try_lock().is_err())
    }
}

/// Sends a message: its number, the length of its text, and the text. This part is right.
async fn send(to: &mut (impl AsyncWrite + Unpin), number: u32, text: &str) -> io::Result<()> {
    to.write_u32(number).await?;
    to.write_u32(text.len() as u32).await?;
    to.write_all(text.as_bytes()).await?;
    to.flush().await
}

/// Receives a message. This part is right, too.
async fn receive(from: &mut (impl AsyncRead + Unpin)) -> io::Result<(u32, String)> {
    let number = from.read_u32().await?;
    let length = from.read_u32().await?;
    let mut text = vec![0; length as usize];
    from.read_exact(&mut text).await?;
    let text = String::from_utf8(text).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
    Ok((number, text))
}

/// A server that needs 200 ms for an answer, and less for tea.
async fn stock_server(connection: impl Connection) -> io::Result<()> {
    let (mut reading, writing) = tokio::io::split(connection);
    let writing = Arc::new(Mutex::new(writing));
    loop {
        let (number, question) = receive(&mut reading).await?;
        let writing = writing.clone();
        tokio::spawn(async move {
            sleep(Duration::from_millis(if question == "tea" { 50 } else { 200 })).await;
            send(&mut *writing.lock().await, number, &format!("{} of {question}", question.len())).await
        });
    }
}

#[tokio::main]
async fn main() {
    let (ours, theirs) = duplex(1024);
    tokio::spawn(stock_server(theirs));
    let client = Client::new(ours);
    let start = Instant::now();
    let (coffee, tea, cocoa) = tokio::join!(client.ask("coffee"), client.ask("tea"), client.ask("cocoa"));
    println!("{coffee:?}, {tea:?}, {cocoa:?} after {:?}", start.elapsed());

    let gave_up = timeout(Duration::from_millis(10), client.ask("tea")).await;
    println!("tea: {gave_up:?}, coffee: {:?}", client.ask("coffee").await);
}
