//! fails: a_dropped_call_disturbs_nobody
//! says: half of an answer

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

/// A connection of any kind. Tests bring their own.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for T {}

type Read = Box<dyn AsyncRead + Send + Unpin>;

pub struct Client {
    questions: mpsc::UnboundedSender<(u32, String)>,
    reading: Mutex<Read>,
    waiting: std::sync::Mutex<HashMap<u32, oneshot::Sender<String>>>,
    last_number: AtomicU32,
    writer: AbortHandle,
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        let (reading, mut writing) = tokio::io::split(connection);
        let (questions, mut to_write) = mpsc::unbounded_channel::<(u32, String)>();
        let writer = tokio::spawn(async move {
            while let Some((number, question)) = to_write.recv().await {
                if send(&mut writing, number, &question).await.is_err() {
                    return;
                }
            }
        });
        Self {
            questions,
            reading: Mutex::new(Box::new(reading)),
            waiting: Default::default(),
            last_number: AtomicU32::new(0),
            writer: writer.abort_handle(),
        }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        let number = self.last_number.fetch_add(1, Ordering::Relaxed);
        let (caller, mut answer) = oneshot::channel();
        self.waiting.lock().unwrap().insert(number, caller);
        let _entry = Entry(self, number);
        self.questions.send((number, question.to_owned())).map_err(|_| ErrorKind::BrokenPipe)?;
        loop {
            // One of the callers reads, for all of them.
            tokio::select! {
                biased;
                answer = &mut answer => return answer.map_err(|_| ErrorKind::BrokenPipe.into()),
                mut reading = self.reading.lock() => {
                    let (found, text) = receive(&mut *reading).await?;
                    if found == number {
                        return Ok(text);
                    }
                    if let Some(caller) = self.waiting.lock().unwrap().remove(&found) {
                        let _ = caller.send(text);
                    }
                }
            }
        }
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        self.waiting.lock().unwrap().len()
    }
}

struct Entry<'a>(&'a Client, u32);

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.0.waiting.lock().unwrap().remove(&self.1);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.writer.abort();
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
