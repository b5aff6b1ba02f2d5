//! fails: questions_do_not_wait_for_answers
//! says: the server answered, and the call returned Err

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio::task::AbortHandle;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::time::{Instant, sleep, timeout};

/// A connection of any kind. Tests bring their own.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for T {}

type Message = (u32, String);

pub struct Client {
    answers: broadcast::Sender<Message>,
    questions: mpsc::UnboundedSender<Message>,
    last_number: AtomicU32,
    connected: AbortHandle,
}

impl Client {
    /// Is called on a runtime.
    pub fn new(connection: impl Connection) -> Self {
        let (mut reading, mut writing) = tokio::io::split(connection);
        let (questions, mut to_write) = mpsc::unbounded_channel::<Message>();
        let answers = broadcast::Sender::new(16);
        let to_all = answers.clone();
        let task = tokio::spawn(async move {
            let write = async {
                while let Some((number, question)) = to_write.recv().await {
                    send(&mut writing, number, &question).await?;
                }
                io::Result::Ok(())
            };
            let read = async {
                loop {
                    let _ = to_all.send(receive(&mut reading).await?);
                }
            };
            let _: io::Result<()> = tokio::select! { ended = write => ended, ended = read => ended };
        });
        Self { answers, questions, last_number: AtomicU32::new(0), connected: task.abort_handle() }
    }

    /// Asks the server, and returns its answer.
    pub async fn ask(&self, question: &str) -> io::Result<String> {
        let number = self.last_number.fetch_add(1, Ordering::Relaxed);
        let mut answers = self.answers.subscribe();
        let lost = || io::Error::from(ErrorKind::ConnectionAborted);
        self.questions.send((number, question.to_owned())).map_err(|_| lost())?;
        loop {
            tokio::select! {
                () = self.questions.closed() => return Err(lost()),
                answer = answers.recv() => match answer {
                    Ok((found, answer)) if found == number => return Ok(answer),
                    Ok(_) => {}
                    Err(_) => return Err(lost()),
                },
            }
        }
    }

    /// How many questions wait for their answer. The shop's dashboard shows it.
    pub fn waiting(&self) -> usize {
        self.answers.receiver_count()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.connected.abort();
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
