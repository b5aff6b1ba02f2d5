//! fails: each_call_gets_its_own_answer
//! says: the answer to

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

/// A connection of any kind. Tests bring their own.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for T {}

pub struct Client {
    writing: Mutex<Box<dyn AsyncWrite + Send + Unpin>>,
    reading: Mutex<Box<dyn AsyncRead + Send + Unpin>>,
    last_number: AtomicU32,
    waiting: AtomicUsize,
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        let (reading, writing) = tokio::io::split(connection);
        Self {
            writing: Mutex::new(Box::new(writing)),
            reading: Mutex::new(Box::new(reading)),
            last_number: AtomicU32::new(0),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _count = Count(&self.waiting);
        let number = self.last_number.fetch_add(1, Ordering::SeqCst);
        send(&mut *self.writing.lock().await, number, question).await?;
        let (_, answer) = receive(&mut *self.reading.lock().await).await?;
        Ok(answer)
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }
}

struct Count<'a>(&'a AtomicUsize);

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
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
