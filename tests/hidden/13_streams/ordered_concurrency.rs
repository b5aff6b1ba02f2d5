//! Hidden tests of `ordered_concurrency`: how many segments are in hand, when each is requested, and in which order and when the
//! player gets them.

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use exercise::{Cdn, segments};
use futures::Stream;
use testkit::{Services, check_eq, counted, handed_on, in_words, pick, side_by_side, stage, vt};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// As many segments are fetched at the same time as may be in hand.
#[test]
fn the_segments_in_hand_are_fetched_side_by_side() {
    for most in [picked(3..=7), 2] {
        let film = Film::new(most, &mixed_times(6 * most + 2));
        film.play(|_| Duration::ZERO);
        film.check_requests();
        film.check_the_player();
    }
}

/// The player gets the segments in the order of the playlist, also if a later one arrives first.
#[test]
fn they_come_in_order() {
    let most = picked(3..=7);
    let times: Vec<_> = (0..4 * most as u64).map(|n| millis(900 - 20 * n - pick(0..=9))).collect();
    for times in [times, mixed_times(5 * most)] {
        let film = Film::new(most, &times);
        film.play(|_| Duration::ZERO);
        film.check_order();
        film.check_the_player();
    }
}

/// No more segments are in hand than allowed, not even behind a slow one.
#[test]
fn no_more_in_hand_than_allowed() {
    for most in [picked(3..=7), 1, 2] {
        for slow in [0, most, 2 * most + 1] {
            let mut times = mixed_times(8 * most + 4);
            times[slow] = Duration::from_secs(pick(20..=90));
            let film = Film::new(most, &times);
            film.play(|_| Duration::ZERO);
            film.check_hand();
            film.check_requests();
            film.check_order();
        }
    }
}

/// In a live film, a segment is requested when it is named, and the player does not wait for the next name.
#[test]
fn a_live_film_does_not_wait() {
    let most = picked(3..=5);
    let mut names = Vec::new();
    let mut at = Duration::ZERO;
    for (n, takes) in mixed_times(12).into_iter().enumerate() {
        // Some come one by one, some come together, and once there is a long break.
        at += [millis(pick(150..=300)), Duration::ZERO, millis(20)][n % 3];
        at += if n == 7 { Duration::from_secs(3600) } else { Duration::ZERO };
        names.push((at, takes));
    }
    let film = Film::live(most, &names);
    film.play(|_| Duration::ZERO);
    film.check_requests();
    film.check_the_player();
    film.check_hand();
}

/// Until the player asks for the first segment, nothing is taken or requested.
#[test]
fn nothing_happens_before_it_is_asked() {
    let film = Film::new(3, &mixed_times(9));
    stage("`segments` has been called, and nobody has asked for a segment");
    let called = film.services.call(9, async {
        let stream = segments(film.playlist(), film.most, film.cdn());
        sleep(Duration::from_secs(3600)).await;
        drop(stream);
    });
    let (taken, asked) = (film.seen().taken, film.services.all().len());
    assert!(
        taken == 0 && asked == 0 && called.left.is_empty(),
        "For an hour, nobody asked for a segment. `segments` had taken {} out of the playlist and made {}. A stream does nothing \
         before it is polled.",
        counted(taken, "name"),
        counted(asked, "request")
    );
}

/// A player that is busy between two segments still gets all of them in order, and no more are in hand than allowed.
#[test]
fn the_player_may_be_busy() {
    for most in [picked(3..=7), 1] {
        let film = Film::new(most, &mixed_times(4 * most + 3));
        let pause = millis(pick(200..=400));
        film.play(|n| if n % 3 == 1 { pause } else { Duration::ZERO });
        film.check_hand();
        film.check_order();
    }
}

/// Every segment is yielded: empty ones, equal ones, and those of a name that comes twice.
#[test]
fn every_segment_is_yielded() {
    let name = format!("segment {}", pick(10..=99_999));
    let list = [(&name[..], "x"), ("", ""), ("a", "x"), (&name, "x"), (&name, "x"), ("", ""), ("b", "")];
    for most in [1, 2, 50] {
        let film = Film::named(most, list.map(|(name, data)| (name.to_owned(), data.to_owned(), millis(5))));
        film.play(|_| Duration::ZERO);
        film.check_order();
        film.check_hand();
    }
}

/// The playlist may be empty, shorter than `most` or very long, and `most` may be 1 or 1,000.
#[test]
fn any_number() {
    let many = picked(120..=150);
    for (most, count) in
        [(3, 0), (3, 1), (1, 1), (4, 3), (4, 4), (4, 5), (1_000, many), (picked(20..=90), many), (1, 40)]
    {
        stage(format!("`most` is {most}, and the playlist has {}", counted(count, "name")));
        let film = Film::new(most, &mixed_times(count));
        film.play(|_| Duration::ZERO);
        film.check_requests();
        film.check_the_player();
        film.check_hand();
    }
}

/// A request may take months, or no time at all.
#[test]
fn any_times() {
    let month = Duration::from_secs(pick(20..=40) * 24 * 3600);
    let most = picked(2..=5);
    for times in
        [vec![Duration::ZERO; 30], vec![millis(7); 30], vec![millis(1), month, millis(3), month, millis(2)]]
    {
        let film = Film::new(most, &times);
        film.play(|_| Duration::ZERO);
        film.check_requests();
        film.check_the_player();
        film.check_hand();
    }
}

/// When the player goes away half-way, the requests end.
#[test]
fn dropping_it_cancels_its_requests() {
    let film = Film::new(3, &[millis(pick(20..=90)), millis(700), millis(800), millis(900), millis(400)]);
    let left = film.services.dropped_after(millis(pick(110..=300)), film.watch(|_| Duration::ZERO));
    assert!(
        left.is_empty(),
        "The stream was dropped half-way, and {} still under way afterwards. What a stream has started ends with it.",
        if left.len() == 1 { "1 request was".to_owned() } else { format!("{} requests were", left.len()) }
    );
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with the stream");
    let film = Film::new(3, &mixed_times(9));
    vt(async { handed_on("The stream of `segments`", 400, film.watch(|_| Duration::ZERO)).await });
    film.check_order();
}

/// Two films do not wait for each other.
#[test]
fn films_are_independent() {
    stage("two films are played at the same time, a slow one and a quick one");
    let (slow, quick) = (Film::new(2, &[millis(pick(500..=900)); 4]), Film::new(2, &[millis(3); 4]));
    vt(side_by_side("`segments`", 400, slow.watch(|_| Duration::ZERO), quick.watch(|_| Duration::ZERO)));
    quick.check_order();
    slow.check_order();
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(1);

/// A playlist, the servers, and what was seen of a film that was played.
struct Film {
    most: usize,
    segments: Vec<Segment>,
    services: Services,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Clone)]
struct Segment {
    name: String,
    data: String,
    takes: Duration,
    /// When its name is in the playlist.
    named: Duration,
}

#[derive(Default)]
struct Seen {
    /// Names that were taken out of the playlist.
    taken: usize,
    over: bool,
    after_the_end: bool,
    /// What the player got, and when.
    got: Vec<(String, Duration)>,
    /// The most that were in hand, and how many requests were under way then.
    most: usize,
    requests: usize,
}

impl Film {
    fn new(most: usize, times: &[Duration]) -> Self {
        Self::live(most, &times.iter().map(|takes| (Duration::ZERO, *takes)).collect::<Vec<_>>())
    }

    /// When each name comes, and how long its request takes.
    fn live(most: usize, times: &[(Duration, Duration)]) -> Self {
        let base = pick(1_000..=99_999);
        let segment = |(n, &(named, takes)): (u64, _)| Segment {
            name: format!("segment {n}"),
            data: format!("data {}", base + n),
            takes,
            named,
        };
        Self::of(most, (1..).zip(times).map(segment).collect())
    }

    fn named(most: usize, list: impl IntoIterator<Item = (String, String, Duration)>) -> Self {
        let segment = |(name, data, takes)| Segment { name, data, takes, named: Duration::ZERO };
        Self::of(most, list.into_iter().map(segment).collect())
    }

    fn of(most: usize, segments: Vec<Segment>) -> Self {
        Self { most, segments, services: Services::new("segments"), seen: Arc::default() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn playlist(&self) -> Playlist {
        let names = self.segments.iter().map(|segment| (segment.named, segment.name.clone())).collect();
        Playlist { names, services: self.services.clone(), next: None, seen: Arc::clone(&self.seen) }
    }

    fn cdn(&self) -> Arc<Servers> {
        Arc::new(Servers { segments: self.segments.clone(), services: self.services.clone() })
    }

    /// Plays the film in virtual time. `pause` is what the player does after each segment, counted from 1.
    fn play(&self, pause: impl Fn(usize) -> Duration) {
        self.services.call(30 * self.segments.len() + 200, self.watch(pause));
        assert!(
            !self.seen().after_the_end,
            "`segments` polled the playlist again after it had returned `None`. A stream may panic then, or come back with more."
        );
    }

    async fn watch(&self, pause: impl Fn(usize) -> Duration) {
        let mut stream = pin!(segments(self.playlist(), self.most, self.cdn()));
        loop {
            let got = poll_fn(|cx| {
                self.look();
                let polled = stream.as_mut().poll_next(cx);
                if let Poll::Ready(Some(data)) = &polled {
                    self.seen().got.push((data.clone(), self.services.now()));
                }
                self.look();
                polled
            })
            .await;
            if got.is_none() {
                return;
            }
            let pause = pause(self.seen().got.len());
            if !pause.is_zero() {
                sleep(pause).await;
            }
        }
    }

    /// Notes how many are in hand.
    fn look(&self) {
        let requests =
            self.services.all().iter().filter(|seen| seen.begun.is_some() && seen.done.is_none()).count();
        let mut seen = self.seen();
        let in_hand = seen.taken.saturating_sub(seen.got.len());
        if in_hand > seen.most {
            (seen.most, seen.requests) = (in_hand, requests);
        }
    }

    fn check_hand(&self) {
        let (seen, most) = (self.seen(), self.most);
        let under_way = self.services.most();
        assert!(
            under_way <= most,
            "{under_way} requests were under way at the same time, so {} segments were in hand, and `most` is {most}. The playlist \
             has {}.",
            seen.most.max(under_way),
            counted(self.segments.len(), "name")
        );
        assert!(
            seen.most <= most,
            "{} segments were in hand, and `most` is {most}. Requests under way: {}. The others wait for their turn, or to be requested. A \
             segment counts from the moment when its name is taken out of the playlist until the player gets it.",
            seen.most,
            seen.requests
        );
    }

    /// Each segment is requested as soon as there is room for it.
    fn check_requests(&self) {
        let (most, count) = (self.most, self.segments.len());
        let all: HashMap<_, _> =
            self.services.all().into_iter().map(|seen| (seen.name.clone(), seen)).collect();
        let seen = self.seen();
        for (n, segment) in self.segments.iter().enumerate() {
            let Some(request) = all.get(&segment.name).filter(|request| request.begun.is_some()) else {
                panic!(
                    "The playlist has {}, and `{}` was never requested. The player got {}.",
                    counted(count, "name"),
                    segment.name,
                    counted(seen.got.len(), "segment")
                )
            };
            assert!(
                request.done.is_some(),
                "The request for `{}` was cancelled after {}, and it needs {}. Every request is given the time that it needs.",
                segment.name,
                say(request.dropped.unwrap_or_default()),
                say(segment.takes)
            );
            let before =
                n.checked_sub(most).and_then(|n| seen.got.get(n)).map_or(Duration::ZERO, |(_, at)| *at);
            let (room, begun) = (segment.named.max(before), request.begun.unwrap_or_default());
            if begun <= room + GRAIN {
                continue;
            }
            let together = self.services.most();
            assert!(
                together >= most.min(count) || segment.named > before,
                "At most {together} of {count} requests {} under way at the same time, and `most` is {most}. The segments in hand are \
                 fetched at the same time.",
                if together == 1 { "was" } else { "were" }
            );
            let others =
                all.values().filter(|other| other.begun < Some(begun) && other.done > Some(begun)).count();
            panic!(
                "`{}` was requested after {}, and it could have begun after {}: {}.{} While there is room and a name, a request begins \
                 at once.",
                segment.name,
                say(begun),
                say(room),
                if segment.named > before {
                    "then its name was in the playlist".to_owned()
                } else {
                    format!("then fewer than {most} were in hand")
                },
                if others == 0 { " Until then, none was under way." } else { "" }
            );
        }
    }

    /// The player gets each segment as soon as it has arrived and all those before it are out.
    fn check_the_player(&self) {
        self.check_order();
        let mut turn = Duration::ZERO;
        for (segment, (_, at)) in self.segments.iter().zip(&self.seen().got) {
            let done = self.services.seen(&segment.name).done.unwrap_or_default();
            turn = turn.max(done);
            if *at > turn + GRAIN {
                let all = self.services.all();
                let others =
                    all.iter().filter(|other| other.begun < Some(*at) && other.done > Some(*at)).count();
                panic!(
                    "`{}` had arrived after {}, and it was its turn after {}. The player waited for it and got it after {}.{} A segment \
                     is yielded as soon as it is there and those before it are out.",
                    segment.name,
                    say(done),
                    say(turn),
                    say(*at),
                    if others == 0 { " By then, every request that had begun was done." } else { "" }
                );
            }
            turn = *at;
        }
    }

    fn check_order(&self) {
        let seen = self.seen();
        let got: Vec<_> = seen.got.iter().map(|(data, _)| &data[..]).collect();
        for (n, (segment, data)) in self.segments.iter().zip(&got).enumerate() {
            if segment.data == *data {
                continue;
            }
            let Some(other) = self.segments.iter().find(|other| other.data == *data) else {
                panic!(
                    "Segment {} that the player got was {data:?}, and `{}` is {:?}. A segment is yielded as it was fetched.",
                    n + 1,
                    segment.name,
                    segment.data
                )
            };
            panic!(
                "Segment {} that the player got was that of {:?}, where that of {:?} was next. Each name of the playlist gives one \
                 segment, in the order of the playlist.",
                n + 1,
                other.name,
                segment.name
            );
        }
        check_eq!(
            got.len(),
            self.segments.len(),
            "The playlist has {}, and the player got {}. Each name gives one segment.",
            counted(self.segments.len(), "name"),
            counted(got.len(), "segment")
        );
    }
}

/// Names, each of which is there from some time on.
struct Playlist {
    names: VecDeque<(Duration, String)>,
    services: Services,
    next: Option<Pin<Box<Sleep>>>,
    seen: Arc<Mutex<Seen>>,
}

impl Stream for Playlist {
    type Item = String;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<String>> {
        let this = &mut *self;
        let mut seen = this.seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let Some((at, _)) = this.names.front() else {
            seen.after_the_end |= seen.over;
            seen.over = true;
            return Poll::Ready(None);
        };
        let wait = at.saturating_sub(this.services.now());
        if !wait.is_zero() {
            let next = this.next.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + wait)));
            if next.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        this.next = None;
        seen.taken += 1;
        Poll::Ready(this.names.pop_front().map(|(_, name)| name))
    }
}

struct Servers {
    segments: Vec<Segment>,
    services: Services,
}

impl Cdn for Servers {
    fn fetch(&self, name: String) -> impl Future<Output = String> + Send {
        let segment = self.segments.iter().find(|segment| segment.name == name);
        let wait = segment.map(|segment| segment.takes).filter(|takes| !takes.is_zero());
        let data = segment.map_or_else(|| "no such segment".to_owned(), |segment| segment.data.clone());
        self.services.request(name, wait, data)
    }
}

/// Times that differ from each other, short and long ones.
fn mixed_times(count: usize) -> Vec<Duration> {
    (0..count)
        .map(|n| millis([400, 30, 900, 150, 600, 10, 250][n % 7] + pick(0..=9) + n as u64 % 3))
        .collect()
}

fn picked(range: std::ops::RangeInclusive<u64>) -> usize {
    usize::try_from(pick(range)).expect("it was picked small enough")
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(1_000) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
