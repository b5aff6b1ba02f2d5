//! fails: a_dropped_call_disturbs_nobody
//! says: dropped

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::time::{Instant, sleep, timeout};

/// A connection of any kind. Tests bring their own.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for T {}

type Answer = oneshot::Sender<String>;

/// The callers that wait, by number. `None` when the connection is lost.
type Waiting = Arc<Mutex<Option<HashMap<u32, Answer>>>>;

pub struct Client {
    waiting: Waiting,
    writing: tokio::sync::Mutex<Box<dyn AsyncWrite + Send + Unpin>>,
    last_number: AtomicU32,
    connected: AbortHandle,
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        let (reading, writing) = tokio::io::split(connection);
        let waiting: Waiting = Arc::new(Mutex::new(Some(HashMap::new())));
        let callers = waiting.clone();
        let task = tokio::spawn(async move {
            let _ = read_answers(reading, &callers).await;
            *callers.lock().unwrap() = None;
        });
        let writing = tokio::sync::Mutex::new(Box::new(writing) as Box<dyn AsyncWrite + Send + Unpin>);
        Self { waiting, writing, last_number: AtomicU32::new(0), connected: task.abort_handle() }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        let number = self.last_number.fetch_add(1, Ordering::Relaxed);
        let (caller, answer) = oneshot::channel();
        // Before the question goes out.
        self.waiting.lock().unwrap().as_mut().ok_or_else(lost)?.insert(number, caller);
        let _entry = Entry { waiting: &self.waiting, number };
        if let Err(error) = send(&mut *self.writing.lock().await, number, question).await {
            *self.waiting.lock().unwrap() = None;
            return Err(error);
        }
        answer.await.map_err(|_| lost())
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        self.waiting.lock().unwrap().as_ref().map_or(0, HashMap::len)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.connected.abort();
    }
}

/// A caller that waits. It takes its entry along when it goes.
struct Entry<'a> {
    waiting: &'a Waiting,
    number: u32,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if let Some(waiting) = self.waiting.lock().unwrap().as_mut() {
            waiting.remove(&self.number);
        }
    }
}

/// Reads answers until that fails, and gives each one to its caller.
async fn read_answers(mut from: impl AsyncRead + Unpin, waiting: &Waiting) -> io::Result<()> {
    loop {
        let (number, answer) = receive(&mut from).await?;
        let caller = waiting.lock().unwrap().as_mut().and_then(|waiting| waiting.remove(&number));
        if let Some(caller) = caller {
            // Fails if the caller has just gone.
            let _ = caller.send(answer);
        }
    }
}

fn lost() -> io::Error {
    io::Error::new(ErrorKind::ConnectionAborted, "the connection is lost")
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
    let writing = Arc::new(tokio::sync::Mutex::new(writing));
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
