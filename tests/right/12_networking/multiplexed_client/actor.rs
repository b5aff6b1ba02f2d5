//! An actor owns the map. It gets commands and answers by channels; reader and writer are tasks of their own.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

/// A connection of any kind. Tests bring their own.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for T {}

enum Event {
    Ask(u32, String, oneshot::Sender<String>),
    Leave(u32),
    Answer(u32, String),
    Lost,
}

pub struct Client {
    events: mpsc::UnboundedSender<Event>,
    last_number: AtomicU32,
    waiting: AtomicUsize,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Client {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Is dropped with the call of `ask`.
struct Waiting<'a> {
    client: &'a Client,
    number: u32,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.client.waiting.fetch_sub(1, Ordering::SeqCst);
        let _ = self.client.events.send(Event::Leave(self.number));
    }
}

fn gone<E>(_: E) -> io::Error {
    io::Error::new(ErrorKind::NotConnected, "the connection to the stock server is lost")
}

async fn act(mut events: mpsc::UnboundedReceiver<Event>, to_write: mpsc::UnboundedSender<(u32, String)>) {
    let mut askers = HashMap::new();
    while let Some(event) = events.recv().await {
        match event {
            Event::Ask(number, question, asker) => {
                askers.insert(number, asker);
                if to_write.send((number, question)).is_err() {
                    break;
                }
            }
            Event::Leave(number) => {
                askers.remove(&number);
            }
            Event::Answer(number, answer) => {
                if let Some(asker) = askers.remove(&number) {
                    let _ = asker.send(answer);
                }
            }
            Event::Lost => break,
        }
    }
    // From here on, each `send` is an error. Those that were faster are dropped.
    events.close();
    drop(askers);
    while events.recv().await.is_some() {}
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        let (mut reading, mut writing) = tokio::io::split(connection);
        let (events, events_receiver) = mpsc::unbounded_channel();
        let (to_write, mut questions) = mpsc::unbounded_channel::<(u32, String)>();
        let actor = tokio::spawn(act(events_receiver, to_write));
        let from_reader = events.clone();
        let reader = tokio::spawn(async move {
            while let Ok((number, answer)) = receive(&mut reading).await {
                if from_reader.send(Event::Answer(number, answer)).is_err() {
                    return;
                }
            }
            let _ = from_reader.send(Event::Lost);
        });
        let from_writer = events.clone();
        let writer = tokio::spawn(async move {
            while let Some((number, question)) = questions.recv().await {
                if send(&mut writing, number, &question).await.is_err() {
                    let _ = from_writer.send(Event::Lost);
                    return;
                }
            }
        });
        Self {
            events,
            last_number: AtomicU32::new(0),
            waiting: AtomicUsize::new(0),
            tasks: vec![actor, reader, writer],
        }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        let number = self.last_number.fetch_add(1, Ordering::SeqCst);
        let (asker, answer) = oneshot::channel();
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _waiting = Waiting { client: self, number };
        self.events.send(Event::Ask(number, question.to_owned(), asker)).map_err(gone)?;
        answer.await.map_err(gone)
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
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
