//! One actor owns all: it reads and writes through buffers of its own, with calls that are cancel safe.

use std::collections::{HashMap, VecDeque};
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::time::{Instant, sleep, timeout};

/// A connection of any kind. Tests bring their own.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for T {}

enum Message {
    Ask { question: String, number: u32, caller: oneshot::Sender<String> },
    Forget(u32),
}

pub struct Client {
    actor: mpsc::UnboundedSender<Message>,
    waiting: Arc<AtomicUsize>,
    last_number: AtomicU32,
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        let (actor, messages) = mpsc::unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let count = waiting.clone();
        tokio::spawn(async move {
            let _ = run(connection, messages, &count).await;
            count.store(0, Ordering::SeqCst);
        });
        Self { actor, waiting, last_number: AtomicU32::new(0) }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        let number = self.last_number.fetch_add(1, Ordering::Relaxed);
        let (caller, answer) = oneshot::channel();
        let gone = |_| io::Error::from(ErrorKind::BrokenPipe);
        self.actor.send(Message::Ask { question: question.to_owned(), number, caller }).map_err(gone)?;
        let _forget = Forget(&self.actor, number);
        answer.await.map_err(|_| ErrorKind::BrokenPipe.into())
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }
}

struct Forget<'a>(&'a mpsc::UnboundedSender<Message>, u32);

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        let _ = self.0.send(Message::Forget(self.1));
    }
}

/// Ends when the client is dropped, and when the connection is lost.
async fn run(
    connection: impl Connection,
    mut messages: mpsc::UnboundedReceiver<Message>,
    count: &AtomicUsize,
) -> io::Result<()> {
    let (mut reading, mut writing) = tokio::io::split(connection);
    let mut callers = HashMap::new();
    let (mut outgoing, mut incoming) = (VecDeque::new(), Vec::new());
    loop {
        tokio::select! {
            message = messages.recv() => match message {
                None => return Ok(()),
                Some(Message::Forget(number)) => drop(callers.remove(&number)),
                Some(Message::Ask { question, number, caller }) => {
                    outgoing.extend(number.to_be_bytes());
                    outgoing.extend((question.len() as u32).to_be_bytes());
                    outgoing.extend(question.into_bytes());
                    callers.insert(number, caller);
                }
            },
            written = writing.write(outgoing.as_slices().0), if !outgoing.is_empty() => {
                let written = written?;
                if written == 0 {
                    return Err(ErrorKind::WriteZero.into());
                }
                outgoing.drain(..written);
            }
            read = reading.read_buf(&mut incoming) => {
                if read? == 0 {
                    return Ok(());
                }
                while let Some((number, answer)) = take_message(&mut incoming)? {
                    if let Some(caller) = callers.remove(&number) {
                        let _: Result<(), String> = oneshot::Sender::send(caller, answer);
                    }
                }
            }
        }
        count.store(callers.len(), Ordering::SeqCst);
    }
}

fn take_message(bytes: &mut Vec<u8>) -> io::Result<Option<(u32, String)>> {
    let Some((head, rest)) = bytes.split_at_checked(8) else { return Ok(None) };
    let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (number, length) = (word(0), word(4) as usize);
    let Some(text) = rest.get(..length) else { return Ok(None) };
    let text = String::from_utf8(text.to_vec()).map_err(|_| io::Error::from(ErrorKind::InvalidData))?;
    bytes.drain(..8 + length);
    Ok(Some((number, text)))
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
