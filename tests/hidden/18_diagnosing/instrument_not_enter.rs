//! Hidden tests of `instrument_not_enter`: a layer of our own notes in which span `request` each event is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use exercise::{Backend, book};
use testkit::{Lane, Timeline, counted, handed_on, in_words, panic_of, pick, side_by_side, stage, timed, vt};
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, timeout};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber, info, info_span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

/// Two requests and more that take turns on one thread: each event is in the span of its own request.
#[test]
fn each_event_is_in_the_span_of_its_request() {
    for way in [Way::OneTask, Way::Tasks] {
        for waits in [[30, 100], [100, 30], [50, 50]] {
            let office = Office::new(requests(waits));
            office.run(way);
            office.check_events(About::Request);
        }
        let office = Office::new(requests([90, 20, 60, 20, 1]));
        office.run(way);
        office.check_events(About::Request);
    }
    let office = Office::new(requests([pick(20..=90)]));
    office.run(Way::OneTask);
    office.check_events(About::Request);
    let office = Office::new(requests(vec![40; pick(100..=150) as usize]));
    office.run(Way::Tasks);
    office.check_events(About::Request);
}

/// Events of other tasks are in no such span, also after a request that was cancelled or panicked.
#[test]
fn nothing_else_is_in_there() {
    for way in [Way::OneTask, Way::Tasks] {
        for waits in [vec![60], vec![30, 100], vec![100, 30]] {
            let office = Office::new(requests(waits));
            office.run(way);
            office.check_events(About::Others);
        }
    }
    for ends in [Ends::Cancelled, Ends::Panics] {
        let mut all = requests([30, 80, 50]);
        all[1].ends = ends;
        let office = Office::new(all);
        office.run(Way::Tasks);
        office.check_events(About::Others);
        office.check_events(About::Request);
    }
}

/// The task that sends the mail belongs to the request that has spawned it, also long after `book` has returned.
#[test]
fn the_mail_belongs_to_the_request() {
    for way in [Way::OneTask, Way::Tasks] {
        for mails in [[5, 5], [1_000, 40], [40, 3_600_000]] {
            let mut all = requests([30, 20]);
            for (request, mail) in all.iter_mut().zip(mails) {
                request.mail = Duration::from_millis(mail);
            }
            let office = Office::new(all);
            office.run(way);
            office.check_events(About::Mail);
        }
    }
}

/// Each request has one span, and its field `id` is the number of the request.
#[test]
fn one_span_for_each_request() {
    let same = pick(1_000..=9_999);
    for ids in [vec![0], vec![u64::MAX, 0], vec![same, same, same + 1], vec![1; 4]] {
        let mut all = requests(vec![40; ids.len()]);
        for (request, id) in all.iter_mut().zip(&ids) {
            request.id = *id;
        }
        let office = Office::new(all);
        office.run(Way::OneTask);
        office.check_spans(&ids);
        office.check_events(About::Request);
        office.check_events(About::Mail);
    }
}

/// Requests run side by side.
#[test]
fn calls_run_side_by_side() {
    let call = |wait: u64| {
        let office = Office::new(requests([wait]));
        async move {
            let _ = office.call(0).await;
        }
    };
    stage("two calls of `book` are under way");
    if let Err(text) = panic_of(|| vt(side_by_side("`book`", 40, call(3_600_000), call(50)))) {
        panic!("{text}");
    }
    stage("another task goes on with `book`");
    if let Err(text) = panic_of(|| vt(handed_on("`book`", 40, call(3_600_000)))) {
        panic!("{text}");
    }
}

/// `book` returns the price as soon as the backend has it. The mail is sent after that.
#[test]
fn nobody_waits_for_the_mail() {
    let month = 30 * 24 * 3_600_000;
    for (wait, mail) in [(0, 50), (50, 3_600_000), (3_600_000, 0), (month, month), (0, 0)] {
        let mut all = requests([wait, wait + 10]);
        for request in &mut all {
            request.mail = Duration::from_millis(mail);
        }
        let office = Office::new(all);
        office.run(Way::OneTask);
        office.check_calls();
    }
    for price in [0, u64::MAX] {
        let mut all = requests([20, 30]);
        all[1].price = price;
        let office = Office::new(all);
        office.run(Way::OneTask);
        office.check_calls();
    }
    // One mail does not wait for another one, and fails alone.
    let mut all = requests(vec![30; pick(20..=40) as usize]);
    for request in &mut all {
        request.mail = Duration::from_millis(3_600_000);
    }
    all[1].ends = Ends::MailPanics;
    let office = Office::new(all);
    office.run(Way::OneTask);
    office.check_calls();
}

/// One request.
#[derive(Clone)]
struct Request {
    id: u64,
    price: u64,
    /// How long the backend needs for the price.
    wait: Duration,
    /// How long it needs for the mail.
    mail: Duration,
    ends: Ends,
}

#[derive(Clone, Copy, PartialEq)]
enum Ends {
    Well,
    /// Dropped half-way through its wait.
    Cancelled,
    /// The backend panics after half of the wait.
    Panics,
    /// It is booked, and the mail panics half-way.
    MailPanics,
}

fn requests(waits: impl IntoIterator<Item = u64>) -> Vec<Request> {
    let (id, price) = (pick(100..=900), pick(1_000..=9_000));
    (0..)
        .zip(waits)
        .map(|(number, wait)| Request {
            id: id + 7 * number,
            price: price + 13 * number,
            wait: Duration::from_millis(wait),
            mail: Duration::from_millis(20),
            ends: Ends::Well,
        })
        .collect()
}

/// Who polls the requests.
#[derive(Clone, Copy)]
enum Way {
    OneTask,
    Tasks,
}

/// Which events a check is about.
#[derive(Clone, Copy, PartialEq)]
enum About {
    Request,
    Mail,
    Others,
}

/// All requests of a case, and what was recorded.
#[derive(Clone)]
struct Office {
    requests: Vec<Request>,
    seen: Arc<Mutex<Seen>>,
    timeline: Timeline,
}

#[derive(Default)]
struct Seen {
    spans: Vec<Span>,
    events: Vec<Recorded>,
    /// The spans `request` that are entered just now, by their numbers.
    entered: Vec<usize>,
    /// Whether `book` returned `Pending` from inside of its span.
    left_entered: bool,
    /// When each call began.
    began: BTreeMap<usize, Instant>,
    returned: Vec<(usize, Duration, u64)>,
    mails: Vec<(usize, Duration, u64, u64)>,
}

/// A span with the name `request`.
struct Span {
    id: Option<String>,
}

/// An event.
struct Recorded {
    text: String,
    /// The number of the call that it belongs to, if it is known: from the backend, or by its price.
    call: Option<usize>,
    about: About,
    /// The span `request` that it is in.
    span: Option<usize>,
    /// The names of the spans that it is in.
    names: Vec<&'static str>,
    at: Instant,
}

impl Office {
    fn new(requests: Vec<Request>) -> Self {
        Self { requests, seen: Arc::default(), timeline: Timeline::new() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lane(&self, call: usize) -> Lane {
        let name = match self.requests.get(call) {
            Some(request) if call < 8 => format!("request {}", request.id),
            Some(_) => "more requests".to_owned(),
            None => "heartbeat".to_owned(),
        };
        self.timeline.lane(name)
    }

    /// One call of `book`. The error says why it did not come to an end.
    async fn call(&self, call: usize) -> Result<(), String> {
        let request = &self.requests[call];
        let start = Instant::now();
        self.seen().began.insert(call, start);
        let backend = Desk { office: self.clone(), call };
        let mut booked = pin!(self.lane(call).watch(book(request.id, backend)));
        let watched = poll_fn(|context| {
            let before = self.seen().entered.len();
            let poll = booked.as_mut().poll(context);
            let mut seen = self.seen();
            seen.left_entered |= poll.is_pending() && seen.entered.len() > before;
            poll
        });
        let watched = timed("`book`", 40, watched);
        let ended = if request.ends == Ends::Cancelled {
            match timeout(request.wait / 2, watched).await {
                Ok(ended) => ended,
                Err(_) => return Ok(()),
            }
        } else {
            watched.await
        };
        let price = match ended {
            Err(_) if request.ends == Ends::Panics => return Ok(()),
            ended => ended?.output,
        };
        self.seen().returned.push((call, start.elapsed(), price));
        Ok(())
    }

    /// Carries all requests out, beside a task that has nothing to do with them.
    fn run(&self, way: Way) {
        for call in 0..=self.requests.len() {
            self.lane(call);
        }
        let longest =
            self.requests.iter().map(|request| request.wait + request.mail).max().unwrap_or_default();
        let log = Registry::default().with(Recorder(self.clone()));
        let ran = panic_of(|| {
            tracing::subscriber::with_default(log, || {
                vt(async {
                    info!("nobody's: the office opens");
                    let beat = tokio::spawn(async {
                        for _ in 0..50 {
                            info!("nobody's: a heartbeat");
                            sleep(Duration::from_millis(7)).await;
                        }
                    });
                    let calls = (0..self.requests.len()).map(|call| {
                        let office = self.clone();
                        Box::pin(async move { office.call(call).await })
                    });
                    let ended = match way {
                        Way::OneTask => side_by_side_in_one_task(calls.collect()).await,
                        Way::Tasks => {
                            let tasks = LocalSet::new();
                            let calls: Vec<_> = calls.map(|call| tasks.spawn_local(call)).collect();
                            tasks
                                .run_until(async {
                                    let mut ended = Ok(());
                                    for call in calls {
                                        ended = ended
                                            .and(call.await.unwrap_or_else(|error| Err(error.to_string())));
                                    }
                                    ended
                                })
                                .await
                        }
                    };
                    sleep(Duration::from_millis(20)).await;
                    beat.abort();
                    info!("nobody's: the office closes");
                    // The mails.
                    sleep(longest).await;
                    sleep(Duration::from_millis(20)).await;
                    info!("nobody's: the last one leaves");
                    ended
                })
                .0
            })
        });
        if let Err(text) | Ok(Err(text)) = ran {
            panic!("{text}");
        }
    }

    fn name(&self, call: usize) -> String {
        format!("request {}", self.requests[call].id)
    }

    /// What can be said of the span that an event is in.
    fn place(&self, seen: &Seen, event: &Recorded) -> String {
        match event.span {
            Some(span) => match &seen.spans[span].id {
                Some(id) => format!("in the span of request {id}"),
                None => "in a span `request` that has no field `id`".to_owned(),
            },
            None if event.names.is_empty() => "in no span at all".to_owned(),
            None => format!("in no span `request`, but in `{}`", event.names.join("`, `")),
        }
    }

    fn why(seen: &Seen) -> &'static str {
        if seen.left_entered {
            " `book` returned `Pending`, and its span was still entered then: whatever the thread does next is in that span."
        } else {
            ""
        }
    }

    fn check_events(&self, about: About) {
        let seen = self.seen();
        for event in seen.events.iter().filter(|event| event.about == about) {
            let text = &event.text;
            let Some(call) = event.call else {
                assert!(
                    about != About::Others || event.span.is_none(),
                    "An event of another task, \"{text}\", is {}. Only what belongs to a request is in its span.{}",
                    self.place(&seen, event),
                    Self::why(&seen)
                );
                continue;
            };
            let id = self.requests[call].id.to_string();
            let right = event.span.is_some_and(|span| seen.spans[span].id.as_ref() == Some(&id));
            if !right && event.span.is_none() {
                let none =
                    seen.events.iter().filter(|event| event.about == about && event.span.is_none()).count();
                let all = seen.events.iter().filter(|event| event.about == about).count();
                let of = if about == About::Mail { "mails" } else { "requests" };
                panic!(
                    "The event \"{text}\" of {} is {}. So {} of {} of the {of} in this run. All of them belong into a span `request`: \
                     it has to be entered whenever code of the request runs, also what that calls and spawns.",
                    self.name(call),
                    self.place(&seen, event),
                    if none == 1 { "is 1".to_owned() } else { format!("are {none}") },
                    counted(all, "event")
                );
            }
            assert!(
                right,
                "The event \"{text}\" of {} is {}. Each event belongs into the span of its own request.{}",
                self.name(call),
                self.place(&seen, event),
                Self::why(&seen)
            );
        }
        if about == About::Others {
            return;
        }
        self.check_counts(&seen, about);
    }

    /// Each call has its events in one span, which no other call has.
    fn check_own(&self, seen: &Seen) {
        let mut taken = BTreeSet::new();
        for call in 0..self.requests.len() {
            let spans: BTreeSet<usize> = seen
                .events
                .iter()
                .filter(|event| event.call == Some(call))
                .filter_map(|event| event.span)
                .filter(|span| seen.spans[*span].id == Some(self.requests[call].id.to_string()))
                .collect();
            assert!(
                spans.len() <= 1,
                "The events of {} are in {} different spans with its number. Each request has exactly one.",
                self.name(call),
                spans.len()
            );
            for span in spans {
                assert!(
                    taken.insert(span),
                    "Two requests with the number {} are in the same span. Each call of `book` has one of its own.",
                    self.requests[call].id
                );
            }
        }
    }

    /// `book`'s own events, of which some do not tell whose they are: each request has each of them once.
    fn check_counts(&self, seen: &Seen, about: About) {
        let texts: &[&str] = if about == About::Mail { &["mail sent"] } else { &["received", "booked"] };
        for text in texts {
            let expected: Vec<&Request> = self
                .requests
                .iter()
                .filter(|request| match *text {
                    "received" => true,
                    "booked" => matches!(request.ends, Ends::Well | Ends::MailPanics),
                    _ => request.ends == Ends::Well,
                })
                .collect();
            let found: Vec<&Recorded> = seen.events.iter().filter(|event| event.text == *text).collect();
            // What becomes of a request that is dropped is left open.
            let open = self.requests.iter().filter(|request| request.ends == Ends::Cancelled).count();
            assert!(
                found.len() >= expected.len() && found.len() <= expected.len() + open,
                "`book` was called {}, and the event \"{text}\" was recorded {} on the runtime's thread. Leave the events as they are, and \
                 start no threads: what matters is the span that they are in.",
                times(self.requests.len()),
                times(found.len())
            );
            if let Some(event) = found.iter().find(|event| event.span.is_none()) {
                panic!(
                    "An event \"{text}\" is {}. It belongs into the span of its request: that has to be entered whenever code of the \
                     request runs, also in the task for the mail.",
                    self.place(seen, event)
                );
            }
            for request in expected {
                let id = request.id.to_string();
                let same = self.requests.iter().filter(|other| other.id == request.id).count();
                let count = found
                    .iter()
                    .filter(|event| event.span.is_some_and(|span| seen.spans[span].id.as_ref() == Some(&id)));
                let count = count.count();
                assert!(
                    count == same,
                    "The span of request {id} has {} \"{text}\" in it, and not {same}. Each event belongs into the span of its own \
                     request.{}",
                    counted(count, "event"),
                    Self::why(seen)
                );
            }
        }
    }

    fn check_spans(&self, ids: &[u64]) {
        let seen = self.seen();
        let made: Vec<&str> = seen.spans.iter().map(|span| span.id.as_deref().unwrap_or("none")).collect();
        if let Some(id) = made.iter().find(|id| !ids.iter().any(|known| known.to_string() == **id)) {
            panic!(
                "`book` was called with the numbers {ids:?}, and a span `request` has the `id` {id}. The field is the number of the request."
            );
        }
        assert!(
            made.len() == ids.len(),
            "`book` was called {}, and {} with the name `request` {} made. Each request has exactly one, for all of its events.",
            times(ids.len()),
            counted(made.len(), "span"),
            if made.len() == 1 { "was" } else { "were" }
        );
        self.check_own(&seen);
    }

    fn check_calls(&self) {
        let seen = self.seen();
        for (call, request) in self.requests.iter().enumerate() {
            let (_, took, price) =
                seen.returned.iter().find(|(number, ..)| *number == call).expect("`book` has returned");
            assert!(
                *price == request.price,
                "The backend said that {} costs {}, and `book` returned {price}.",
                self.name(call),
                request.price
            );
            let waited = if !request.mail.is_zero() && *took >= request.wait + request.mail {
                " It does not wait for the mail."
            } else {
                " It returns as soon as the price is there."
            };
            assert!(
                *took <= request.wait + GRAIN,
                "The price was there after {}, the mail took {}, and `book` returned after {}.{waited}",
                in_words(request.wait),
                in_words(request.mail),
                in_words(*took)
            );
            let mails: Vec<_> = seen.mails.iter().filter(|(number, ..)| *number == call).collect();
            let [(_, at, id, told)] = mails[..] else {
                panic!(
                    "{} was booked, and {} sent. It gets one.",
                    self.name(call),
                    counted(mails.len(), "mail")
                );
            };
            assert!(
                (*id, *told) == (request.id, request.price),
                "The mail of {} was to tell the price {}, and told of request {id} and the price {told}.",
                self.name(call),
                request.price
            );
            assert!(
                *at <= request.wait + GRAIN,
                "{} was booked after {}, and its mail was begun after {}. A task sends it at once.",
                self.name(call),
                in_words(request.wait),
                in_words(*at)
            );
        }
        self.check_mails(&seen);
    }

    /// When the mails were sent.
    fn check_mails(&self, seen: &Seen) {
        let well: Vec<(usize, &Request)> =
            self.requests.iter().enumerate().filter(|(_, request)| request.ends == Ends::Well).collect();
        let after = |text: &str| {
            let start = seen.began.values().min().expect("`book` was called");
            let mut after: Vec<Duration> = seen
                .events
                .iter()
                .filter(|event| event.text == text)
                .map(|event| event.at - *start)
                .collect();
            after.sort();
            after
        };
        let (sent, told) = (after("the mail server has it"), after("mail sent"));
        assert!(
            sent.len() == well.len(),
            "{} begun, and {} sent. A mail takes as long as it takes, and needs no other one.",
            if well.len() == 1 { "1 mail was".to_owned() } else { format!("{} mails were", well.len()) },
            sent.len()
        );
        let mut due: Vec<Duration> = well.iter().map(|(_, request)| request.wait + request.mail).collect();
        due.sort();
        for ((due, sent), told) in due.iter().zip(sent).zip(told) {
            assert!(
                sent <= *due + GRAIN,
                "A mail should have been sent after {}, and was sent after {}. The mails do not wait for each other.",
                in_words(*due),
                in_words(sent)
            );
            assert!(
                told <= sent + GRAIN && told + GRAIN >= sent,
                "A mail was sent after {}, and \"mail sent\" was recorded after {}. It is recorded when the mail has been sent.",
                in_words(sent),
                in_words(told)
            );
        }
    }
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

type Calls = Vec<Pin<Box<dyn Future<Output = Result<(), String>>>>>;

/// Polls all of them in each poll.
async fn side_by_side_in_one_task(
    calls: Vec<Pin<Box<impl Future<Output = Result<(), String>> + 'static>>>,
) -> Result<(), String> {
    let mut calls: Calls = calls.into_iter().map(|call| call as Pin<Box<dyn Future<Output = _>>>).collect();
    let mut all = Ok(());
    poll_fn(|context| {
        calls.retain_mut(|call| match call.as_mut().poll(context) {
            Poll::Pending => true,
            Poll::Ready(ended) => {
                if all.is_ok() {
                    all = ended;
                }
                false
            }
        });
        if calls.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    all
}

/// The backend for one call of `book`.
#[derive(Clone)]
struct Desk {
    office: Office,
    call: usize,
}

impl Backend for Desk {
    async fn price(&self, _id: u64) -> u64 {
        let Request { price, wait, ends, .. } = self.office.requests[self.call];
        info!(call = self.call, "asking for the price");
        if ends == Ends::Panics {
            sleep(wait / 2).await;
            resume_unwind(Box::new("the backend is broken"));
        }
        // A library with a span in it.
        let inner = info_span!("query");
        let mut slept = pin!(sleep(wait));
        if !wait.is_zero() {
            poll_fn(|context| inner.in_scope(|| slept.as_mut().poll(context))).await;
        }
        inner.in_scope(|| info!(call = self.call, "got the price"));
        price
    }

    async fn send_mail(&self, id: u64, price: u64) {
        info!(mail_of = self.call, "sending the mail");
        let mail = self.office.requests[self.call].mail;
        {
            let mut seen = self.office.seen();
            let since = seen.began[&self.call].elapsed();
            seen.mails.push((self.call, since, id, price));
        }
        if self.office.requests[self.call].ends == Ends::MailPanics {
            sleep(mail / 2).await;
            resume_unwind(Box::new("the mail server is broken"));
        }
        if !mail.is_zero() {
            sleep(mail).await;
        }
        info!(mail_of = self.call, "the mail server has it");
    }
}

/// A layer that writes everything down.
struct Recorder(Office);

/// The number of a span `request`, kept with the span.
struct Number(usize);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().name() != "request" {
            return;
        }
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let mut seen = self.0.seen();
        seen.spans.push(Span { id: fields.id });
        let number = seen.spans.len() - 1;
        drop(seen);
        context.span(id).expect("it is new").extensions_mut().insert(Number(number));
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        record.record(&mut fields);
        if let (Some(number), Some(id)) = (number(id, &context), fields.id) {
            self.0.seen().spans[number].id = Some(id);
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        let entered = number(id, &context);
        self.0.seen().entered.extend(entered);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let Some(number) = number(id, &context) else { return };
        let mut seen = self.0.seen();
        if let Some(place) = seen.entered.iter().rposition(|entered| *entered == number) {
            seen.entered.remove(place);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let (mut span, mut names) = (None, Vec::new());
        for around in context.event_scope(event).into_iter().flatten() {
            span = span.or_else(|| around.extensions().get::<Number>().map(|number| number.0));
            names.push(around.name());
        }
        let text = fields.message.unwrap_or_default();
        let by_price = || {
            let price = fields.price.filter(|_| text == "booked")?;
            self.0.requests.iter().position(|request| request.price == price)
        };
        let call = fields.call.or(fields.mail_of).or_else(by_price);
        let about = if text.starts_with("nobody's") {
            About::Others
        } else if fields.mail_of.is_some() || text == "mail sent" {
            About::Mail
        } else {
            About::Request
        };
        let recorded = Recorded { text, call, about, span, names, at: Instant::now() };
        let mut seen = self.0.seen();
        let place = self.0.place(&seen, &recorded);
        seen.events.push(recorded);
        drop(seen);
        if about == About::Others {
            if place != "in no span at all" {
                self.0.lane(usize::MAX).mark(&place);
            }
        } else if let Some(call) = call {
            self.0.lane(call).mark(place);
        }
    }
}

fn number<S: Subscriber + for<'a> LookupSpan<'a>>(id: &Id, context: &Context<'_, S>) -> Option<usize> {
    context.span(id)?.extensions().get::<Number>().map(|number| number.0)
}

/// The fields that we know, of a span or an event. A number may be recorded as such, or as a text.
#[derive(Default)]
struct Fields {
    id: Option<String>,
    message: Option<String>,
    call: Option<usize>,
    mail_of: Option<usize>,
    price: Option<u64>,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}");
        match field.name() {
            "id" => self.id = Some(text),
            "message" => self.message = Some(text),
            "call" => self.call = text.parse().ok(),
            "mail_of" => self.mail_of = text.parse().ok(),
            "price" => self.price = text.parse().ok(),
            _ => {}
        }
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);
