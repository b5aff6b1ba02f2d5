//! Answers are laid down in the map, and each caller has a `Notify` to wait at.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::time::{Instant, sleep, timeout};

/// A connection of any kind. Tests bring their own.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for T {}

#[derive(Default)]
struct Slot {
    answer: Option<String>,
    ready: Arc<Notify>,
}

#[derive(Default)]
struct Table {
    slots: BTreeMap<u32, Slot>,
    last_number: u32,
    lost: bool,
}

impl Table {
    fn lose(&mut self) {
        self.lost = true;
        for slot in self.slots.values() {
            slot.ready.notify_one();
        }
    }
}

pub struct Client {
    table: Arc<Mutex<Table>>,
    questions: Option<mpsc::UnboundedSender<(u32, String)>>,
    tasks: [JoinHandle<()>; 2],
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        let (mut reading, mut writing) = tokio::io::split(connection);
        let (questions, mut to_write) = mpsc::unbounded_channel::<(u32, String)>();
        let table = Arc::new(Mutex::new(Table::default()));
        let (answered, failed) = (table.clone(), table.clone());
        let reader = tokio::spawn(async move {
            while let Ok((number, answer)) = receive(&mut reading).await {
                if let Some(slot) = answered.lock().unwrap().slots.get_mut(&number) {
                    slot.answer = Some(answer);
                    slot.ready.notify_one();
                }
            }
            answered.lock().unwrap().lose();
        });
        let writer = tokio::spawn(async move {
            while let Some((number, question)) = to_write.recv().await {
                if send(&mut writing, number, &question).await.is_err() {
                    failed.lock().unwrap().lose();
                    return;
                }
            }
        });
        Self { table, questions: Some(questions), tasks: [reader, writer] }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        let (number, ready) = {
            let mut table = self.table.lock().unwrap();
            if table.lost {
                return Err(io::Error::other("not connected any more"));
            }
            table.last_number = table.last_number.wrapping_add(1);
            let (number, slot) = (table.last_number, Slot::default());
            let ready = slot.ready.clone();
            table.slots.insert(number, slot);
            (number, ready)
        };
        let _place = Place { table: &self.table, number };
        if let Some(questions) = &self.questions {
            let _ = questions.send((number, question.to_owned()));
        }
        ready.notified().await;
        let answer = self.table.lock().unwrap().slots.get_mut(&number).and_then(|slot| slot.answer.take());
        answer.ok_or_else(|| io::Error::other("not connected any more"))
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        let table = self.table.lock().unwrap();
        if table.lost { 0 } else { table.slots.values().filter(|slot| slot.answer.is_none()).count() }
    }
}

struct Place<'a> {
    table: &'a Mutex<Table>,
    number: u32,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.table.lock().unwrap().slots.remove(&self.number);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.questions.take();
        for task in &self.tasks {
            task.abort();
        }
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
