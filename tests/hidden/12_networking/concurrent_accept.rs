//! Hidden tests of `concurrent_accept`: whether one till ever waits for another.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Acceptor, Prices, serve};
use testkit::{Lane, Log, Timeline, Unrest, counted, in_words, pick, settle, silence, stage, to_its_end, vt};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// A till that says nothing, or hundreds of them, and another one gets its price.
#[test]
fn a_silent_till_delays_nobody() {
    // More than a pool of any usual size.
    for silent in [1, 2, number(1_030..=1_200)] {
        stage(format!("{} and another one asks", are_silent(silent)));
        let shop = Shop::new();
        let (first, second, third) = (shop.article(0), shop.article(0), shop.article(0));
        shop.run(async |street| {
            let mut quiet: Vec<_> = (0..silent).map(|n| street.till(n + 1)).collect();
            settle().await;
            let mut asks = street.till(silent + 1);
            let reply = asks.ask(&first.name).await;
            let told = format!("{}. Another till asked for the price of {}", are_silent(silent), first.name);
            street.check(&told, &reply, &first, DELAYED).await;

            // The one that was silent is still there, now …
            let reply = quiet[0].ask(&second.name).await;
            let told = format!(
                "A till was connected and silent while {} came. Then it asked for the price of {}",
                counted(silent, "other till"),
                second.name
            );
            street.check(&told, &reply, &second, "Every till that is connected is served.").await;

            // … and in a month.
            shop.rest("Tills were connected and silent", silence().await);
            let reply = quiet[0].ask(&third.name).await;
            let told = format!(
                "A till was connected and said nothing for a month. Then it asked for the price of {}",
                third.name
            );
            street.check(&told, &reply, &third, "A till may be silent as long as it likes.").await;
        });
    }
}

/// A price that takes its time is a matter of the till that asked for it.
#[test]
fn a_slow_price_delays_nobody() {
    for count in [2, number(150..=250)] {
        stage(format!("{count} tills ask at the same time"));
        let shop = Shop::new();
        // The first one waits for ten minutes, and each of the others for less than a second.
        let articles: Vec<_> =
            (0..count).map(|n| shop.article(if n == 0 { 600_000 } else { pick(2..=900) })).collect();
        shop.run(async |street| {
            let start = Instant::now();
            let mut asking = Vec::new();
            for (n, article) in articles.iter().enumerate() {
                let (mut till, name) = (street.till(n + 1), article.name.clone());
                asking.push(tokio::spawn(async move {
                    let reply = till.ask(&name).await;
                    (reply, start.elapsed(), till)
                }));
            }
            // The quick ones first: they tell more.
            for (n, till) in asking.into_iter().enumerate().rev() {
                let (reply, took, _till) = till.await.expect("a till does not panic");
                let article = &articles[n];
                let told = format!(
                    "{count} tills asked at the same time. Till {} asked for {}",
                    n + 1,
                    article.name
                );
                street.check(&told, &reply, article, DELAYED).await;
                assert!(
                    took <= article.takes + GRAIN,
                    "{told} and got its price after {}. For that, `price` needed {}. {DELAYED}",
                    in_words(took),
                    in_words(article.takes)
                );
            }
        });
    }
}

/// A till that leaves in the middle of a line, or at whose article `price` panics, is no trouble for the others.
#[test]
fn one_tills_trouble_is_its_own() {
    let troubles = [
        "left without a word",
        "left in the middle of a line",
        "asked, and left before the price was there",
        "asked for an article at which `price` panics",
    ];
    for (kind, trouble) in troubles.into_iter().enumerate() {
        stage(format!("a till {trouble}"));
        let shop = Shop::new();
        let (slow, broken) = (shop.article(1_000), shop.broken());
        let mut next = 2;
        shop.run(async |street| {
            let mut well = street.till(1);
            settle().await;
            for round in 1..=number(2..=9) {
                let mut odd = street.till(next);
                next += 2;
                settle().await;
                match kind {
                    0 => {}
                    1 => odd.say("te").await,
                    2 => odd.say(&format!("{}\n", slow.name)).await,
                    _ => odd.say(&format!("{}\n", broken.name)).await,
                }
                settle().await;
                drop(odd);
                sleep(Duration::from_secs(3)).await;
                // One that was there before, and one that comes now.
                let told = match round {
                    1 => format!("A till {trouble}."),
                    _ => format!("{round} tills {trouble}."),
                };
                let mut new = street.till(next - 1);
                for (till, who) in [
                    (&mut well, "A till that had been connected before"),
                    (&mut new, "A till that came after that"),
                ] {
                    let article = shop.article(0);
                    let reply = till.ask(&article.name).await;
                    let told = format!("{told} {who} asked for the price of {}", article.name);
                    street
                        .check(
                            &told,
                            &reply,
                            &article,
                            "What happens to one till is no concern of the others.",
                        )
                        .await;
                }
            }
        });
    }
}

/// When `accept` fails, `serve` returns that error, whether tills are connected or not.
#[test]
fn an_accept_error_is_returned_at_once() {
    let kinds =
        [ErrorKind::ConnectionAborted, ErrorKind::PermissionDenied, ErrorKind::OutOfMemory, ErrorKind::Other];
    for connected in [0, 1, number(5..=20)] {
        let (kind, text) = (kinds[number(0..=3)], format!("trouble {}", pick(1_000..=9_999)));
        stage("`accept` fails");
        let shop = Shop::new();
        shop.run(async |street| {
            let _tills: Vec<_> = (0..connected).map(|n| street.till(n + 1)).collect();
            settle().await;
            street.come(Err(io::Error::new(kind, text.clone())));
            settle().await;
            sleep(GRAIN).await;
            let told = format!("{} connected, and `accept` failed with {text:?}.", are(connected));
            let Some(ended) = street.ended().await else {
                panic!(
                    "{told} `serve` had not returned 2 ms later. It returns that error at once, and waits for nobody: the program ends then."
                );
            };
            match ended {
                Ended::Error(found) if found.kind() == kind && found.to_string() == text => {}
                Ended::Error(found) => {
                    panic!("{told} `serve` returned another error, {found:?}. It returns the one of `accept`.")
                }
                other => panic!("{told} {}. It returns the error of `accept`.", other.how()),
            }
        });
    }
}

/// While nobody asks, nothing runs.
#[test]
fn waiting_costs_nothing() {
    for connected in [0, 3] {
        stage("nobody asks for anything");
        let shop = Shop::new();
        shop.run(async |street| {
            let _tills: Vec<_> = (0..connected).map(|n| street.till(n + 1)).collect();
            settle().await;
            shop.rest(&format!("{} connected and silent", are(connected)), silence().await);
            assert!(
                street.ended().await.is_none(),
                "Nobody asked, and `serve` has returned. It serves until `accept` fails."
            );
        });
    }
}

const DELAYED: &str = "No till waits for another one.";

/// More than a till would wait.
const NEVER: Duration = Duration::from_secs(300 * 86_400);

/// Tokio's clock counts milliseconds, and rounds up.
const GRAIN: Duration = Duration::from_millis(2);

/// More polls than a test's own part needs.
const POLLS: usize = 100_000;

/// Tills with a lane of their own in the drawing.
const LANES: usize = 5;

fn number(range: std::ops::RangeInclusive<u64>) -> usize {
    pick(range).try_into().expect("small")
}

fn are(tills: usize) -> String {
    match tills {
        0 => "No till was".to_owned(),
        1 => "1 till was".to_owned(),
        n => format!("{n} tills were"),
    }
}

fn are_silent(tills: usize) -> String {
    format!("{} connected and silent", are(tills))
}

/// What an article is called, what it costs, and how long `price` needs.
#[derive(Clone)]
struct Article {
    name: String,
    cents: u32,
    takes: Duration,
    broken: bool,
}

/// The prices, and what was seen of the server.
struct Shop {
    home: ThreadId,
    articles: Mutex<HashMap<String, Article>>,
    accepted: Log,
    strangers: Log,
    timeline: Timeline,
}

impl Shop {
    fn new() -> Arc<Self> {
        let timeline = Timeline::new();
        timeline.lane("accept");
        let [accepted, strangers] = [(); 2].map(|()| Log::new());
        Arc::new(Self {
            home: thread::current().id(),
            articles: Mutex::default(),
            accepted,
            strangers,
            timeline,
        })
    }

    /// An article whose price takes so many milliseconds.
    fn article(&self, millis: u64) -> Article {
        self.add(Duration::from_millis(millis), false)
    }

    fn broken(&self) -> Article {
        self.add(Duration::ZERO, true)
    }

    fn add(&self, takes: Duration, broken: bool) -> Article {
        let mut articles = self.articles.lock().unwrap();
        // Free articles are articles, too.
        let cents = if articles.len() % 5 == 3 { 0 } else { pick(1..=4_000_000_000) as u32 };
        let name = format!("article {}", 100 * articles.len() as u64 + pick(10..=99));
        let article = Article { name: name.clone(), cents, takes, broken };
        articles.insert(name, article.clone());
        article
    }

    /// Opens the shop, and carries the day out.
    fn run(self: &Arc<Self>, day: impl AsyncFnOnce(&mut Street)) {
        let run = vt(async {
            let (queue, clients) = mpsc::unbounded_channel();
            let door = Door { clients, shop: self.clone(), lane: self.timeline.lane("accept") };
            let serving = Some(tokio::spawn(serve(door, Arc::new(Board(self.clone())))));
            let mut street = Street { queue, serving, came: 0, shop: self.clone() };
            to_its_end(POLLS, async {
                day(&mut street).await;
            })
            .await
        });
        self.check_threads();
        self.rest("The shop was open", run.0);
    }

    fn check_threads(&self) {
        assert!(
            self.strangers.is_empty(),
            "`price` was called on another thread than the runtime's. A till that waits needs no thread: the runtime is there, spawn \
             a task on it."
        );
    }

    /// Makes sure that nothing ran when nothing happened.
    fn rest(&self, told: &str, rest: Result<(), Unrest>) {
        match rest {
            Ok(()) => {}
            Err(Unrest::Naps(time)) => panic!(
                "{told}, and nothing happened. Within {}, your code kept waking up by the clock to look. A task that waits is woken \
                 when there is something to do.",
                in_words(time)
            ),
            Err(_) => panic!(
                "{told}, and your code never came to rest: it asks again and again. A task that waits returns `Pending`, and is woken \
                 when there is something to do."
            ),
        }
    }
}

/// What `serve` waits at.
struct Door {
    clients: mpsc::UnboundedReceiver<io::Result<DuplexStream>>,
    shop: Arc<Shop>,
    lane: Lane,
}

impl Acceptor<DuplexStream> for Door {
    async fn accept(&mut self) -> io::Result<DuplexStream> {
        let lane = self.lane.clone();
        let accepted = lane.watch(self.clients.recv()).await;
        let Some(accepted) = accepted else { std::future::pending().await };
        self.shop.accepted.push("one");
        accepted
    }
}

struct Board(Arc<Shop>);

impl Prices for Board {
    async fn price(&self, article: &str) -> u32 {
        let shop = &self.0;
        if thread::current().id() != shop.home {
            // Virtual time is not for other threads.
            shop.strangers.push(article);
            return 0;
        }
        let article = shop.articles.lock().unwrap().get(article).cloned();
        let Some(article) = article else { return 0 };
        // hermetic: the panic is what is tested
        assert!(!article.broken, "the database has no such article");
        if !article.takes.is_zero() {
            sleep(article.takes).await;
        }
        article.cents
    }
}

/// Where tills come from, and `serve` while it runs.
struct Street {
    queue: mpsc::UnboundedSender<io::Result<DuplexStream>>,
    serving: Option<JoinHandle<io::Result<()>>>,
    came: usize,
    shop: Arc<Shop>,
}

enum Ended {
    Ok,
    Error(io::Error),
    Panicked,
}

impl Ended {
    fn how(&self) -> String {
        match self {
            Self::Ok => "`serve` returned `Ok(())`".to_owned(),
            Self::Error(error) => format!("`serve` returned {error:?}"),
            Self::Panicked => "`serve` panicked".to_owned(),
        }
    }
}

impl Street {
    fn come(&mut self, client: io::Result<DuplexStream>) {
        self.came += usize::from(client.is_ok());
        // Fails when `serve` is over, and then the replies show it.
        let _ = self.queue.send(client);
    }

    /// A till that connects.
    fn till(&mut self, number: usize) -> Till {
        let (ours, theirs) = duplex(64);
        let name = if number <= LANES { format!("till {number}") } else { "more tills".to_owned() };
        let lane = self.shop.timeline.lane(name);
        lane.mark("connects");
        self.come(Ok(theirs));
        Till { stream: BufReader::new(ours), lane }
    }

    /// How `serve` has ended, if it has.
    async fn ended(&mut self) -> Option<Ended> {
        let serving = self.serving.take_if(|serving| serving.is_finished())?;
        Some(match serving.await {
            Ok(Ok(())) => Ended::Ok,
            Ok(Err(error)) => Ended::Error(error),
            Err(_) => Ended::Panicked,
        })
    }

    /// Makes sure that a till has its price.
    async fn check(&mut self, told: &str, reply: &Reply, article: &Article, rule: &str) {
        self.shop.check_threads();
        if matches!(reply, Reply::Line(line) if *line == article.cents.to_string()) {
            return;
        }
        if let Some(ended) = self.ended().await {
            panic!(
                "{told}, and got no price: {} before. It serves until `accept` fails. {rule}",
                ended.how()
            );
        }
        if matches!(reply, Reply::Nothing) && self.came == self.shop.accepted.len() {
            // Virtual time does not wait for threads. Is there one that is about to ask for the price?
            for _ in 0..60 {
                // hermetic: chooses between two messages of a test that fails either way
                thread::sleep(Duration::from_millis(5));
                self.shop.check_threads();
            }
        }
        match reply {
            Reply::Line(line) => {
                panic!("{told}, and got {line:?}. The price is {:?}.", article.cents.to_string())
            }
            Reply::Closed => panic!("{told}, and its connection had been closed. {rule}"),
            Reply::Nothing => panic!(
                "{told}, and had not got it 300 days later. {} connected, and `serve` had accepted {} of them. {rule}",
                match self.came {
                    1 => "1 till was".to_owned(),
                    n => format!("In all, {n} tills were"),
                },
                self.shop.accepted.len()
            ),
        }
    }
}

/// The till's end of a connection.
struct Till {
    stream: BufReader<DuplexStream>,
    lane: Lane,
}

enum Reply {
    Line(String),
    Closed,
    Nothing,
}

impl Till {
    async fn say(&mut self, text: &str) {
        // Fails when the connection is closed, and then the reply shows it.
        let _ = self.stream.write_all(text.as_bytes()).await;
    }

    async fn ask(&mut self, article: &str) -> Reply {
        let lane = self.lane.clone();
        lane.mark("asks");
        let mut line = String::new();
        let asked = async {
            self.say(&format!("{article}\n")).await;
            self.stream.read_line(&mut line).await
        };
        match timeout(NEVER, lane.watch(asked)).await {
            Err(_) => Reply::Nothing,
            Ok(Ok(0) | Err(_)) => Reply::Closed,
            Ok(Ok(_)) => Reply::Line(line.trim_end().to_owned()),
        }
    }
}
