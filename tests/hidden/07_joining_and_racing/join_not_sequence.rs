//! Hidden tests of `join_not_sequence`: how long the page takes, when its requests begin, and what it shows.

use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

use exercise::{Api, HomePage, home_page};
use testkit::{Seen, Services, check_eq, handed_on, in_words, pick, side_by_side, vt};

const REQUESTS: [&str; 3] = ["user", "unread", "headlines"];

/// The page takes as long as its slowest request, whichever that is.
#[test]
fn it_takes_as_long_as_the_slowest_request() {
    let [short, middle, slow] = [pick(40..=90), pick(100..=190), pick(200..=900)].map(millis);
    for waits in [[middle, slow, short], [slow, short, middle], [short, middle, slow], [slow, slow, slow]] {
        Server::new(waits.map(|wait| vec![wait])).check();
    }
}

/// All requests go on whenever they can, from the first wait to the last.
#[test]
fn no_request_stands_still() {
    let [short, long] = [pick(50..=70), pick(100..=190)].map(millis);
    for place in 0..3 {
        let mut waits = [vec![short], vec![long; 3], vec![short; 12]];
        waits.rotate_left(place);
        Server::new(waits).check();
    }
}

/// A request may be answered at once, after a millisecond, or after months.
#[test]
fn it_waits_as_long_as_it_takes() {
    let long = Duration::from_secs(pick(200 * 24 * 3600..=300 * 24 * 3600));
    for place in 0..3 {
        let mut waits = [vec![long], vec![], vec![millis(1)]];
        waits.rotate_left(place);
        Server::new(waits).check();
    }
    Server::new([vec![], vec![], vec![]]).check();
}

/// The page shows what the server answered, also if that is 0 or empty.
#[test]
fn the_page_shows_the_answers() {
    let unread = u32::try_from(pick(1..=9_999)).expect("it was picked small enough");
    let headlines = |count| (0..count).map(|n| format!("Headline {}", n / 2)).collect::<Vec<_>>();
    for (user, unread, headlines) in [
        ("Ada", unread, headlines(3)),
        ("", 0, vec![]),
        ("0", u32::MAX, vec![String::new(), String::new()]),
        ("Ken", 0, headlines(700)),
    ] {
        let mut server = Server::new([vec![millis(3)], vec![], vec![millis(1), millis(1)]]);
        server.page = HomePage { user: user.to_owned(), unread, headlines };
        server.check();
    }
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let server = Server::new([vec![millis(30)], vec![millis(20), millis(20)], vec![millis(10)]]);
    vt(handed_on("`home_page`", 20, home_page(&server)));
}

/// Two pages may be put together at the same time.
#[test]
fn calls_do_not_wait_for_each_other() {
    let [slow, quick] =
        [millis(pick(500..=900)), millis(3)].map(|wait| Server::new([0, 1, 2].map(|_| vec![wait])));
    vt(side_by_side("`home_page`", 20, home_page(&slow), home_page(&quick)));
}

/// Answers after its waits. Like many clients, it must stay on its thread.
struct Server {
    services: Services,
    waits: [Vec<Duration>; 3],
    page: HomePage,
    _not_send: PhantomData<Rc<()>>,
}

impl Api for Server {
    fn user(&self) -> impl Future<Output = String> {
        self.services.request("user", self.waits[0].clone(), self.page.user.clone())
    }

    fn unread(&self) -> impl Future<Output = u32> {
        self.services.request("unread", self.waits[1].clone(), self.page.unread)
    }

    fn headlines(&self) -> impl Future<Output = Vec<String>> {
        self.services.request("headlines", self.waits[2].clone(), self.page.headlines.clone())
    }
}

impl Server {
    fn new(waits: [Vec<Duration>; 3]) -> Self {
        let page = HomePage { user: "Ada".to_owned(), unread: 17, headlines: vec!["Tokio".to_owned()] };
        Self { services: Services::new("home_page"), waits, page, _not_send: PhantomData }
    }

    /// Has the page put together, and looks at all that a learner can get wrong.
    fn check(&self) {
        let called = self.services.call(30, home_page(self));
        let needs = self.waits.each_ref().map(|waits| waits.iter().sum::<Duration>());
        let slowest = needs.into_iter().max().unwrap_or_default();
        let (took_words, slowest_words) = (in_words(called.took), in_words(slowest));
        let seen = REQUESTS.map(|name| self.services.seen(name));

        for (name, seen) in REQUESTS.iter().zip(&seen) {
            let made = self.services.made(name);
            assert!(
                made < 2,
                "`home_page` made the request `{name}` {made} times. The page needs one answer, so ask once."
            );
            assert!(
                seen.begun.is_some(),
                "`home_page` returned after {took_words}, and nobody ever polled the request `{name}`. A future that is not \
                 polled does nothing, so the page has no answer from it."
            );
        }
        if let Some(late) = seen.iter().find(|seen| seen.begun > Some(GRAIN)) {
            let begun = late.begun.unwrap_or_default();
            let before = seen.iter().find(|seen| seen.done == late.begun);
            let before = before.map(|seen| format!(", when `{}` was done", seen.name)).unwrap_or_default();
            panic!(
                "The page took {took_words}, and its slowest request takes {slowest_words}. The request `{}` began after {}\
                 {before}: until then, nobody had polled it. An `.await` waits for one future, and the others stand still.",
                late.name,
                in_words(begun)
            );
        }
        for (seen, needs) in seen.iter().zip(needs) {
            assert!(
                seen.done.is_some(),
                "`home_page` returned after {took_words}, and the request `{}` takes {}: there was no answer yet. The page \
                 needs every answer, however long it takes.",
                seen.name,
                in_words(needs)
            );
        }
        let late = called.took > slowest + GRAIN;
        if let Some(Seen { name, stood_still, .. }) =
            seen.iter().find(|seen| late && !seen.stood_still.is_zero())
        {
            panic!(
                "The page took {took_words}, and its slowest request takes {slowest_words}. The request `{name}` began in time, then \
                 stood still for {}: it could have gone on, and nobody polled it. Poll every request until it is ready.",
                in_words(*stood_still)
            );
        }
        assert!(
            !late,
            "All requests were done after {slowest_words}, and the page took {took_words}. Return it when the last answer is \
             there."
        );
        let (found, wanted) = (&called.output, &self.page);
        check_eq!(found.user, wanted.user, "The page shows another user than the server answered.");
        check_eq!(
            found.unread,
            wanted.unread,
            "The page shows another number of unread articles than the server answered."
        );
        check_eq!(
            found.headlines,
            wanted.headlines,
            "The page shows other headlines than the server answered."
        );
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(1);

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
