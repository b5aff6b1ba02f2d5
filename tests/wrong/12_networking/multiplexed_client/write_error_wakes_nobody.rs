//! fails: a_lost_connection_is_an_error_for_everybody
//! says: later. A call of `ask` waits for its answer or for the end of the connection, and returns in
//!
//! Lost when reading or writing fails. Then each call that waits returns an error: after an error of writing only the later calls do.

use std::collections::HashMap;

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

pub struct Client {
    shared: Shared,
    questions: Questions,
    reader: JoinHandle<()>,
    writer: JoinHandle<()>,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.reader.abort();
        self.writer.abort();
    }
}

type Questions = mpsc::UnboundedSender<(u32, String)>;

#[derive(Default)]
struct State {
    waiting: HashMap<u32, oneshot::Sender<String>>,
    last_number: u32,
    lost: bool,
}

#[derive(Clone, Default)]
struct Shared(Arc<std::sync::Mutex<State>>);

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Wakes everybody who waits.
    fn lose(&self) {
        let mut state = self.state();
        state.lost = true;
        state.waiting.clear();
    }
}

struct Entry<'a> {
    shared: &'a Shared,
    number: u32,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.shared.state().waiting.remove(&self.number);
    }
}

fn lost() -> io::Error {
    io::Error::new(ErrorKind::ConnectionAborted, "the connection is lost")
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        let shared = Shared::default();
        let (questions, queue) = mpsc::unbounded_channel();
        let (reading, writing) = tokio::io::split(connection);
        let reader = tokio::spawn({
            let shared = shared.clone();
            async move {
                let _ = read(reading, &shared).await;
                shared.lose();
            }
        });
        // When this one ends, its end of the queue is gone, and `ask` notices that.
        let writer = tokio::spawn(async move {
            let _ = write(writing, queue).await;
        });
        Self { shared, questions, reader, writer }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        let (sender, answer) = oneshot::channel();
        let number = {
            let mut state = self.shared.state();
            if state.lost {
                return Err(lost());
            }
            state.last_number = state.last_number.wrapping_add(1);
            let number = state.last_number;
            state.waiting.insert(number, sender);
            number
        };
        let _entry = Entry { shared: &self.shared, number };
        self.questions.send((number, question.to_string())).map_err(|_| lost())?;
        answer.await.map_err(|_| lost())
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        self.shared.state().waiting.len()
    }
}

async fn read(mut from: impl AsyncRead + Unpin, shared: &Shared) -> io::Result<()> {
    loop {
        let (number, answer) = receive(&mut from).await?;
        let sender = shared.state().waiting.remove(&number);
        if let Some(sender) = sender {
            let _ = sender.send(answer);
        }
    }
}

async fn write(
    mut to: impl AsyncWrite + Unpin,
    mut questions: mpsc::UnboundedReceiver<(u32, String)>,
) -> io::Result<()> {
    while let Some((number, question)) = questions.recv().await {
        send(&mut to, number, &question).await?;
    }
    Ok(())
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
