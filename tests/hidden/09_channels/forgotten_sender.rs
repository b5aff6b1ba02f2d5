//! Hidden tests of `forgotten_sender`: when `collect` returns, with which articles, and what its reader does meanwhile.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Feed, Reader};
use testkit::{
    Gate, Lane, Log, Timeline, Unrest, check_eq, handed_on, in_words, panic_of, pick, side_by_side, silence,
    stage, to_its_end, vt,
};
use tokio::task::yield_now;
use tokio::time::sleep;

/// `collect` returns all articles as soon as the last feed has ended, in the order in which they came in.
#[test]
fn it_returns_when_the_last_feed_has_ended() {
    // The last feed to end is the first one, the last one, and one that has been silent for most of a year.
    for pauses in [
        vec![vec![hours(2), hours(7)], vec![hours(1), hours(4), hours(1)], vec![hours(3)]],
        vec![vec![hours(1)], vec![hours(2), hours(9), millis()]],
        vec![vec![millis(), millis()], vec![millis(), long()], vec![hours(1), hours(2)]],
    ] {
        let station = Station::new();
        let feeds = pauses.into_iter().map(|pauses| station.feed(pauses)).collect();
        station.check(&station.run(feeds));
    }
}

/// A feed is read from `add` on, not only when `collect` is called; and one may be added when all others have ended.
#[test]
fn feeds_are_read_from_the_beginning() {
    let station = Station::new();
    let (first, second) = (station.feed(vec![hours(1), hours(3)]), station.feed(vec![hours(2)]));
    let (third, days) = (station.feed(vec![millis()]), Duration::from_secs(4 * 24 * 3600));
    stage("two feeds have been added, and `collect` has not been called yet");
    let seen = station.carry_out(async {
        let mut reader = Reader::open();
        station.add(&mut reader, first);
        station.add(&mut reader, second);
        sleep(days).await;
        stage("both feeds have ended, and a third one is added");
        station.add(&mut reader, third);
        station.timeline.lane("collect").watch(reader.collect()).await
    });
    station.check(&seen);
}

/// A feed that panics has ended; what it gave before counts, and the others go on.
#[test]
fn a_feed_that_panics_has_ended() {
    for (broken, articles) in [(vec![1], 2), (vec![0], 0), (vec![2], 1), (vec![0, 1, 2], 2)] {
        let station = Station::new();
        let feeds = (0..3).map(|n| {
            let feed = station.feed((0..articles).map(|_| hours(2)).collect());
            Site { panics: broken.contains(&n), ..feed }
        });
        let feeds = feeds.collect();
        stage("of three feeds, some panic");
        let names: Vec<String> = broken.iter().map(|n| (n + 1).to_string()).collect();
        let said = match &names[..] {
            [one] => format!("Feed {one} of 3 panicked"),
            _ => "All 3 feeds panicked".to_owned(),
        };
        let seen = match panic_of(|| station.run(feeds)) {
            Ok(seen) => seen,
            Err(text) if text.contains(BROKEN) => panic!(
                "{said}, and `collect` panicked with it. A feed that panics has ended, and the articles of all feeds count."
            ),
            Err(text) => panic!("{text}"),
        };
        if let Err(Unrest::Asleep) = seen.outcome {
            panic!(
                "{said}, the others have ended, and `collect` still waits 700 days later. A feed that panics has ended, too, and its \
                 task has no chance to say so: all that a panic does is to drop what the task owns."
            );
        }
        station.check(&seen);
    }
}

/// None, one, hundreds; an empty article and equal ones; thousands at once.
#[test]
fn any_number_of_feeds_and_articles_is_right() {
    let station = Station::new();
    stage("there is no feed");
    let seen = station.run(Vec::new());
    if let Err(Unrest::Asleep) = seen.outcome {
        panic!(
            "No feed was added, and `collect` still waits. There is no feed left that could send, so it returns at once."
        );
    }
    station.check(&seen);

    let station = Station::new();
    stage("there is one feed, and it has no articles");
    station.check(&station.run(vec![station.feed(Vec::new())]));

    let station = Station::new();
    stage("articles are empty, or equal to others");
    let equal = ["", "storm", "storm", "", "storm"].map(|text| (millis(), text.to_owned()));
    let feeds = vec![station.site(equal.clone().into()), station.site(equal.into())];
    station.check(&station.run(feeds));

    let station = Station::new();
    stage("a feed has thousands of articles at once");
    let feeds = vec![
        station.feed(vec![hours(1)]),
        station.feed(vec![Duration::ZERO; BURST]),
        station.feed(vec![millis()]),
    ];
    station.check(&station.run(feeds));

    let station = Station::new();
    stage("there are hundreds of feeds");
    let feeds = (0..pick(200..=300)).map(|n| station.feed(vec![hours(1 + n % 3); (n % 4) as usize]));
    let feeds = feeds.collect();
    station.check(&station.run(feeds));
}

/// While the feeds are silent, everybody sleeps; and so does a feed's task while nobody collects.
#[test]
fn silence_costs_nothing() {
    let station = Station::new();
    let feed = station.feed(vec![Duration::ZERO; 300]);
    stage("a feed has 300 articles at once, and `collect` is called a month later");
    let seen = station.carry_out(async {
        let mut reader = Reader::open();
        station.add(&mut reader, feed);
        turns().await;
        let quiet = silence().await;
        station.called.push("collect");
        (quiet, reader.collect().await)
    });
    station.check_silence("Nobody called `collect` for a month", seen);

    let station = Station::new();
    let (gate, first) = (Gate::new(), station.feed(vec![millis()]));
    let second = Site { gate: Some(gate.clone()), ..station.feed(vec![millis()]) };
    stage("one feed has ended, and the other one is silent for a month");
    let seen = station.carry_out(async {
        let mut reader = Reader::open();
        station.add(&mut reader, first);
        station.add(&mut reader, second);
        let (articles, quiet) = tokio::join!(reader.collect(), async {
            sleep(hours(1)).await;
            turns().await;
            let quiet = silence().await;
            gate.open();
            quiet
        });
        (quiet, articles)
    });
    station.check_silence("One feed had ended, and the other one was silent for a month", seen);
}

/// `collect` may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let station = Station::new();
    let feeds = [station.feed(vec![hours(1), hours(2)]), station.feed(vec![hours(2)])];
    stage("another task goes on with `collect`");
    let run = panic_of(|| {
        vt(async {
            let mut reader = Reader::open();
            feeds.into_iter().for_each(|feed| reader.add(feed));
            handed_on("`collect`", 40, reader.collect()).await
        })
        .0
    });
    let articles = run.unwrap_or_else(|text| panic!("{text}"));
    check_eq!(
        articles,
        station.came.events(),
        "`collect` was polled by two tasks, and articles are missing."
    );
}

/// Two readers know nothing of each other.
#[test]
fn each_reader_has_articles_of_its_own() {
    let (one, other) = (Station::new(), Station::new());
    let feeds = (one.feed(vec![hours(1), long()]), other.feed(vec![millis(), hours(2)]));
    stage("two readers collect at the same time");
    let run = panic_of(|| {
        vt(async {
            let (mut slow, mut quick) = (Reader::open(), Reader::open());
            slow.add(feeds.0);
            quick.add(feeds.1);
            side_by_side("`collect`", 40, slow.collect(), quick.collect()).await
        })
        .0
    });
    let (slow, quick) = run.unwrap_or_else(|text| panic!("{text}"));
    for (found, station, which) in [(slow, one, "first"), (quick, other, "second")] {
        check_eq!(
            found,
            station.came.events(),
            "Two readers collected at the same time, and the {which} one returned other articles than those of its own feed."
        );
    }
}

/// Where feeds come from, and what was seen of them.
struct Station {
    home: ThreadId,
    /// Articles, as they were handed out.
    came: Log,
    /// Feeds, by number, as they were added.
    added: Log,
    /// Feeds that were asked for the first time, by number.
    asked: Log,
    ended: Log,
    /// Where `collect` is called late.
    called: Log,
    /// Feeds that were read on another thread.
    strangers: Log,
    timeline: Timeline,
    feeds: Cell<usize>,
    articles: Cell<usize>,
}

/// What came of a call of `collect`.
struct Seen<T> {
    outcome: Result<T, Unrest>,
    /// When it was over.
    at: Duration,
}

impl Station {
    fn new() -> Self {
        let [came, added, asked, ended, called, strangers] = [(); 6].map(|()| Log::new());
        let timeline = Timeline::new();
        timeline.lane("collect");
        let home = thread::current().id();
        Self {
            home,
            came,
            added,
            asked,
            ended,
            called,
            strangers,
            timeline,
            feeds: Cell::new(0),
            articles: Cell::new(0),
        }
    }

    /// A feed with a pause before each of its articles, and one more before its end.
    fn feed(&self, pauses: Vec<Duration>) -> Site {
        let name = pick(1_000..=9_999);
        self.site(pauses.into_iter().zip(1..).map(|(pause, n)| (pause, format!("{name}-{n}"))).collect())
    }

    fn site(&self, articles: Vec<(Duration, String)>) -> Site {
        self.feeds.set(self.feeds.get() + 1);
        self.articles.set(self.articles.get() + articles.len());
        let number = self.feeds.get();
        let lane = if number < 7 { format!("feed {number}") } else { "more feeds".to_owned() };
        Site {
            number,
            articles: articles.into(),
            gate: None,
            panics: false,
            asked: false,
            home: self.home,
            logs: [&self.came, &self.asked, &self.ended, &self.strangers].map(Log::clone),
            lane: self.timeline.lane(lane),
        }
    }

    fn add(&self, reader: &mut Reader, feed: Site) {
        self.added.push(feed.number.to_string());
        reader.add(feed);
    }

    /// Adds the feeds and collects at once.
    fn run(&self, feeds: Vec<Site>) -> Seen<Vec<String>> {
        stage(format!("{} feeds have been added, and `collect` has been called", feeds.len()));
        self.carry_out(async {
            let mut reader = Reader::open();
            feeds.into_iter().for_each(|feed| self.add(&mut reader, feed));
            self.timeline.lane("collect").watch(reader.collect()).await
        })
    }

    fn carry_out<T>(&self, collecting: impl Future<Output = T>) -> Seen<T> {
        // More than a reader needs that is woken for each article and at the end of each feed.
        let polls = 1_000 + 2 * (self.articles.get() + self.feeds.get());
        let run = panic_of(|| vt(to_its_end(polls, collecting)));
        assert!(
            self.strangers.is_empty(),
            "{} of {} feeds were read on another thread than the runtime's. Spawn a task for each; tasks share the thread.",
            self.strangers.len(),
            self.feeds.get()
        );
        match run {
            Ok((outcome, at)) => Seen { outcome, at },
            Err(text) if text.contains("within a runtime") => panic!(
                "`collect` blocks the thread that the runtime is running on, and the tasks that read the feeds need it, too. \
                 Await `recv` in place of `blocking_recv`. ({text})"
            ),
            Err(text) => panic!("`collect` panicked: {text}"),
        }
    }

    /// Checks that nobody woke up in a silence, and what `collect` returned after it.
    fn check_silence(&self, what: &str, seen: Seen<(Result<(), Unrest>, Vec<String>)>) {
        match &seen.outcome {
            Ok((Err(Unrest::Naps(time)), _)) => panic!(
                "{what}, and within {} your code kept waking up to look. A `send` that waits is woken by the next `recv`, and a `recv` by the \
                 next `send` or by the end of the last sender.",
                in_words(*time)
            ),
            Ok((Err(_), _)) => panic!("{what}, and your code did not come to rest. {ASKS}"),
            Ok((Ok(()), _)) | Err(_) => {}
        }
        self.check(&Seen { outcome: seen.outcome.map(|(_, articles)| articles), at: seen.at });
    }

    /// Checks what `collect` returned, and when.
    fn check(&self, seen: &Seen<Vec<String>>) {
        let (all, came) = (self.came.events(), self.came.timed());
        let (feeds, ended) = (self.feeds.get(), self.ended.timed());
        let last = ended.last().map_or(Duration::ZERO, |(_, at)| *at);
        if let Ok(articles) = &seen.outcome
            && ended.len() < feeds
        {
            panic!(
                "`collect` returned after {}, with {} articles: {} of {feeds} feeds had not ended, and {} had not even been asked \
                 for an article. An empty queue is not the end, and neither is a silence.",
                in_words(seen.at),
                articles.len(),
                feeds - ended.len(),
                feeds - self.asked.len()
            );
        }
        for (feed, added) in self.added.timed() {
            let first = self.asked.timed().into_iter().find(|(asked, _)| *asked == feed);
            let Some((_, asked)) = first else { continue };
            assert!(
                asked < added + GRAIN,
                "Feed {feed} was added after {}, and asked for its first article {} later. Each feed is read from `add` on, in a \
                 task of its own: it waits neither for another feed nor for `collect`.",
                in_words(added),
                in_words(asked - added)
            );
        }
        let articles = match &seen.outcome {
            Ok(articles) => articles,
            Err(Unrest::Polled(polls)) => {
                panic!("`collect` was polled {polls} times, for {} articles. {ASKS}", all.len())
            }
            Err(Unrest::Awake) => panic!("Your code never came to rest while feeds were silent. {ASKS}"),
            Err(Unrest::Naps(time)) => panic!(
                "For {}, nothing happened, and your code kept waking up to look. {ASKS}",
                in_words(*time)
            ),
            Err(Unrest::Asleep) => {
                let asked = self.asked.len();
                assert!(
                    asked == feeds,
                    "{feeds} feeds were added, {asked} of them were asked for articles, and `collect` waits forever. Each feed \
                     is read in a task of its own."
                );
                assert!(
                    ended.len() == feeds,
                    "{} articles came in, and then nothing happened any more: {} of {feeds} feeds have not ended, their tasks \
                     wait, and so does `collect`. A `send` that finds no room waits until `recv` takes something out.",
                    all.len(),
                    feeds - ended.len()
                );
                panic!(
                    "The last of {feeds} feeds ended after {}, all {} articles have come in, and `collect` still waits 700 days later. \
                     `recv` returns `None` when every sender has been dropped, wherever it is kept.",
                    in_words(last),
                    all.len()
                )
            }
        };
        assert!(
            articles.len() >= all.len(),
            "{} articles came in, and `collect` returned {} of them: {} are lost. Each one counts, also if it is empty or equal \
             to another, and however many come at once.",
            all.len(),
            articles.len(),
            all.len() - articles.len()
        );
        if let Some(place) = articles.iter().zip(&all).position(|(found, came)| found != came) {
            let (mut found, mut expected) = (articles.clone(), all.clone());
            found.sort_unstable();
            expected.sort_unstable();
            check_eq!(found, expected, "What `collect` returned is not what the feeds had.");
            panic!(
                "Article {} is {:?}, and came in after {}; the one that came in at this place, after {}, is {:?}. Articles \
                 are returned in the order in which they came in, whatever feed they are from.",
                place + 1,
                articles[place],
                in_words(came.iter().find(|(text, _)| *text == articles[place]).map_or(last, |(_, at)| *at)),
                in_words(came[place].1),
                all[place]
            );
        }
        check_eq!(articles.len(), all.len(), "`collect` returned more articles than came in.");
        // Not before it was called.
        let last = self.called.timed().last().map_or(last, |(_, at)| last.max(*at));
        assert!(
            seen.at < last + GRAIN,
            "The last feed ended after {}, and `collect` returned after {}, {} later. It has to return as soon as the last feed \
             has ended.",
            in_words(last),
            in_words(seen.at),
            in_words(seen.at - last)
        );
    }
}

/// A feed. After its last article it ends or panics.
struct Site {
    number: usize,
    articles: VecDeque<(Duration, String)>,
    /// Where it waits before its first article.
    gate: Option<Gate>,
    panics: bool,
    asked: bool,
    home: ThreadId,
    logs: [Log; 4],
    lane: Lane,
}

impl Feed for Site {
    async fn next(&mut self) -> Option<String> {
        let [came, asked, ended, strangers] = &self.logs;
        if !self.asked {
            self.asked = true;
            asked.push(self.number.to_string());
        }
        if thread::current().id() != self.home {
            strangers.push("a feed");
            return None;
        }
        if let Some(gate) = self.gate.take() {
            self.lane.watch(gate.wait()).await;
        }
        let Some((pause, article)) = self.articles.pop_front() else {
            self.lane.mark(if self.panics { "panics" } else { "ends" });
            ended.push(self.number.to_string());
            if self.panics {
                resume_unwind(Box::new(BROKEN));
            }
            return None;
        };
        if !pause.is_zero() {
            self.lane.watch(sleep(pause)).await;
        }
        came.push(article.clone());
        Some(article)
    }
}

/// What a broken feed says.
const BROKEN: &str = "the feed is broken";

const ASKS: &str = "It asks again and again. Await `recv`: it is woken by the next `send`, and by the end of the last sender.";

/// More articles at once than any queue has room for that one would think of.
const BURST: usize = 12_000;

/// Gives everybody else a few turns, without any time passing.
async fn turns() {
    for _ in 0..50 {
        yield_now().await;
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

/// Longer than any guess.
fn long() -> Duration {
    Duration::from_millis(pick(300 * 24 * 3_600_000..=360 * 24 * 3_600_000))
}

/// Shorter than any guess.
fn millis() -> Duration {
    Duration::from_millis(pick(3..=9))
}

/// So many hours, and a bit, as no guess would have it.
fn hours(hours: u64) -> Duration {
    Duration::from_secs(3600 * hours) + Duration::from_millis(pick(1_001..=999_999))
}
