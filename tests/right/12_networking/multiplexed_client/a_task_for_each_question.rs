//! A task writes each question under a lock, so the caller may go; a `watch` says that the connection is lost.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::task::AbortHandle;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::time::{Instant, sleep, timeout};

/// A connection of any kind. Tests bring their own.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for T {}

pub struct Client {
    writing: Arc<tokio::sync::Mutex<Box<dyn AsyncWrite + Send + Unpin>>>,
    answers: Arc<Mutex<HashMap<u32, oneshot::Sender<String>>>>,
    lost: Arc<watch::Sender<bool>>,
    last_number: AtomicU32,
    reader: AbortHandle,
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        let (mut reading, writing) = tokio::io::split(connection);
        let answers = Arc::new(Mutex::new(HashMap::<u32, oneshot::Sender<String>>::new()));
        let lost = Arc::new(watch::Sender::new(false));
        let (callers, ended) = (answers.clone(), lost.clone());
        let reader = tokio::spawn(async move {
            let mut stop = ended.subscribe();
            tokio::select! {
                _ = stop.wait_for(|lost| *lost) => {}
                () = async {
                    while let Ok((number, answer)) = receive(&mut reading).await {
                        let caller = callers.lock().unwrap().remove(&number);
                        caller.map(|caller| caller.send(answer));
                    }
                } => {}
            }
            ended.send_replace(true);
        });
        Self {
            writing: Arc::new(tokio::sync::Mutex::new(Box::new(writing))),
            answers,
            lost,
            last_number: AtomicU32::new(7),
            reader: reader.abort_handle(),
        }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        let mut lost = self.lost.subscribe();
        let number = self.last_number.fetch_add(1, Ordering::Relaxed);
        let (caller, answer) = oneshot::channel();
        self.answers.lock().unwrap().insert(number, caller);
        let _leaves = Leaves(&self.answers, number);
        let (writing, failed, question) = (self.writing.clone(), self.lost.clone(), question.to_owned());
        if *lost.borrow() {
            return Err(ErrorKind::NotConnected.into());
        }
        tokio::spawn(async move {
            let mut stop = failed.subscribe();
            let sent = tokio::select! {
                _ = stop.wait_for(|lost| *lost) => return,
                sent = async { send(&mut *writing.lock().await, number, &question).await } => sent,
            };
            if sent.is_err() {
                failed.send_replace(true);
            }
        });
        tokio::select! {
            biased;
            answer = answer => answer.map_err(|_| ErrorKind::NotConnected.into()),
            _ = lost.wait_for(|lost| *lost) => Err(ErrorKind::NotConnected.into()),
        }
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        self.answers.lock().unwrap().len()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Ends the tasks that are still writing, too.
        self.lost.send_replace(true);
        self.reader.abort();
    }
}

struct Leaves<'a>(&'a Mutex<HashMap<u32, oneshot::Sender<String>>>, u32);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().remove(&self.1);
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
