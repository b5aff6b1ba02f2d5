//! Hidden tests of `recursion`: which pages are sent, in which order, what a refusal does, and how often `upload` allocates.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use exercise::{Page, Refused, Server, upload};
use testkit::{
    Seen, Services, allocations_of, assert_send, check_eq, counted, handed_on, in_words, pick, side_by_side,
    vt,
};

/// Every page is sent: first a page, then the pages below it, each with all that is below itself.
#[test]
fn the_whole_site_in_its_order() {
    for site in [tree("/", &[2, 3, 2]), uneven(), tree("/", &[pick(3..=5) as usize, 0]), tree("/", &[])] {
        Web::new(&site, |_| ms(pick(1..=90))).check(&site);
    }
}

/// A page is sent when the one before it has been answered, however long that takes.
#[test]
fn one_page_after_another() {
    let site = uneven();
    let long = Duration::from_secs(pick(20..=30) * 24 * 3600);
    Web::new(&site, |place| if place % 3 == 1 { long } else { ms(1) }).check(&site);
    Web::new(&site, |_| Duration::ZERO).check(&site);
}

/// When a page is refused, `upload` returns that, and nothing else is sent.
#[test]
fn a_refusal_ends_it() {
    let site = uneven();
    let count = paths(&site).len();
    for place in [count / 2, 0, count - 1, pick(1..=count as u64 - 2) as usize] {
        let mut web = Web::new(&site, |_| ms(pick(1..=9)));
        web.answers[place] = Err(pick(400..=599) as u16);
        web.check(&site);
    }
}

/// Pages of 0 bytes count, and huge ones, and pages with equal paths.
#[test]
fn every_page_counts() {
    let site = uneven();
    let mut web = Web::new(&site, |_| ms(1));
    for (place, answer) in web.answers.iter_mut().enumerate() {
        *answer = Ok([0, pick(5_000_000_000..=9_000_000_000), 1][place % 3]);
    }
    web.check(&site);
    let mut empty = Web::new(&site, |_| ms(1));
    empty.answers.fill(Ok(0));
    empty.check(&site);
    let same = || Page { path: "/index".to_owned(), below: Vec::new() };
    let site = Page { path: "/index".to_owned(), below: vec![same(), same()] };
    Web::new(&site, |_| ms(2)).check(&site);
}

/// Hundreds of pages, one below the other.
#[test]
fn a_deep_site() {
    let mut site = tree("/deepest", &[2]);
    for level in 0..pick(250..=300) {
        let aside = Page { path: format!("/aside-{level}"), below: Vec::new() };
        site = Page { path: format!("/level-{level}"), below: vec![site, aside] };
    }
    Web::new(&site, |_| ms(1)).check(&site);
}

/// `upload` allocates at most once for each page that has pages below it.
#[test]
fn memory_only_for_pages_with_pages_below() {
    let (wide, leaves) = (pick(30..=40) as usize, pick(10..=15) as usize);
    let site = tree("/", &[wide, leaves]);
    let (pages, inner) = (paths(&site).len(), wide + 1);
    let server = Quiet(AtomicUsize::new(0));
    let ((outcome, made), _) = vt(allocations_of(upload(&site, &server)));
    check_eq!(outcome, Ok(7 * pages as u64), "The site has {pages} pages with 7 bytes each.");
    let said = format!(
        "`upload` allocated {}, for a site with {pages} pages, of which {inner} have pages below them",
        counted(made.count, "time")
    );
    let rule = "A page that has no pages below it needs no memory, and any other page needs it once at most.";
    assert!(
        made.count < pages - inner,
        "{said}: so often that it was also done where a page has no pages below it. {rule} Each `Box::pin` allocates when it runs: \
         let only those pages come to it that have pages below them."
    );
    assert!(made.count <= inner, "{said}. {rule}");
}

/// When `upload` is dropped, nothing else is sent.
#[test]
fn an_upload_may_be_dropped() {
    let site = tree("/", &[3, 3]);
    let web = Web::new(&site, |_| ms(100));
    let after = pick(2..=6);
    let left = web.services.dropped_after(ms(after * 100 + 50), upload(&site, &web));
    let sent = web.services.all().len();
    assert!(
        left.is_empty(),
        "`upload` was dropped while page {} was being sent, and the future of that request has not been dropped.",
        after + 1
    );
    check_eq!(sent as u64, after + 1, "`upload` was dropped while page {} was being sent.", after + 1);
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let site = uneven();
    let web = Web::new(&site, |_| ms(40));
    let future = upload(&site, &web);
    assert_send(&future);
    let (outcome, _) = vt(handed_on("`upload`", 90, future));
    check_eq!(outcome, web.outcome(), "Another task went on with `upload`.");
}

/// A small site does not wait for a large one.
#[test]
fn two_uploads() {
    let [large, small] = [tree("/", &[4, 4]), tree("/", &[1])];
    let [slow, quick] = [(&large, 900), (&small, 1)].map(|(site, wait)| Web::new(site, move |_| ms(wait)));
    let (outcomes, _) = vt(side_by_side("`upload`", 200, upload(&large, &slow), upload(&small, &quick)));
    check_eq!(outcomes, (slow.outcome(), quick.outcome()), "Two uploads were under way at the same time.");
}

/// A server that takes its time for each request, and says what it is told to say.
struct Web {
    services: Services,
    /// For each page in the order of the upload.
    waits: Vec<Duration>,
    answers: Vec<Result<u64, u16>>,
    asked: AtomicUsize,
}

impl Server for Web {
    fn put(&self, path: &str) -> impl Future<Output = Result<u64, Refused>> + Send {
        let place = self.asked.fetch_add(1, Ordering::SeqCst);
        let wait = self.waits.get(place).copied().unwrap_or_default();
        let answer = self.answers.get(place).copied().unwrap_or(Ok(1));
        let request = self.services.request(path, [wait], answer);
        async move { request.await.map_err(Refused) }
    }
}

impl Web {
    fn new(site: &Page, wait: impl Fn(usize) -> Duration) -> Self {
        let count = paths(site).len();
        Self {
            services: Services::new("upload"),
            waits: (0..count).map(wait).collect(),
            answers: (0..count).map(|_| Ok(pick(1..=99_999))).collect(),
            asked: AtomicUsize::new(0),
        }
    }

    /// What `upload` returns.
    fn outcome(&self) -> Result<u64, Refused> {
        self.answers.iter().copied().sum::<Result<u64, u16>>().map_err(Refused)
    }

    /// Has the site uploaded, and looks at all that a learner can get wrong.
    fn check(&self, site: &Page) {
        let paths = paths(site);
        let called = self.services.call(4 * paths.len() + 20, upload(site, self));
        let sent = self.services.all();
        let refused = self.answers.iter().position(Result::is_err);

        if let Some((before, next)) = sent.iter().zip(sent.iter().skip(1)).find(|(a, b)| b.begun < a.done) {
            panic!(
                "Two requests at the same time: `{}` was sent after {}, and `{}`, which came before it, was answered after {}. Pages \
                 are sent one after another.",
                next.name,
                in_words(next.begun.unwrap_or_default()),
                before.name,
                in_words(before.done.unwrap_or_default())
            );
        }
        if let Some(place) = refused {
            let after = sent.len().saturating_sub(place + 1);
            assert!(
                after == 0,
                "The server refused page {} of {}, and {} sent after that: `{}` was the next one. A refusal ends the upload.",
                place + 1,
                paths.len(),
                if after == 1 { "1 request was".to_owned() } else { format!("{after} requests were") },
                sent[place + 1].name
            );
        }
        let due = &paths[..refused.map_or(paths.len(), |place| place + 1)];
        let found: Vec<_> = sent.iter().map(|Seen { name, .. }| name.as_str()).collect();
        let times = |list: &[&str], path: &str| list.iter().filter(|other| **other == path).count();
        let left_out = due.iter().find(|path| times(&found, path) < times(due, path));
        if let Some(path) = left_out.filter(|_| refused.is_none()) {
            panic!(
                "{} of {} pages were sent, and `{path}` is one that was left out. Every page is sent, also if it has no bytes or the \
                 path of another one.",
                found.len(),
                due.len()
            );
        }
        if let Some(place) =
            (0..found.len().max(due.len())).find(|place| found.get(*place) != due.get(*place))
        {
            let name =
                |list: &[&str]| list.get(place).map_or("nothing".to_owned(), |path| format!("`{path}`"));
            let before = place
                .checked_sub(1)
                .map_or("At first".to_owned(), |before| format!("After `{}`", due[before]));
            panic!(
                "{before}, {} was sent, and it should have been {}. First a page, then the pages below it in their order, each \
                 followed at once by the pages below itself.",
                name(&found),
                name(due)
            );
        }
        let said = match (refused, &called.output) {
            (Some(place), Ok(_)) => {
                format!("The server refused page {}, and `upload` returned `Ok`.", place + 1)
            }
            (Some(_), Err(_)) => "`upload` returned another error than that of the server.".to_owned(),
            (None, Ok(_)) => {
                format!("{} pages were sent, and `upload` returned another number of bytes.", paths.len())
            }
            (None, Err(_)) => "The server accepted every page, and `upload` returned an error.".to_owned(),
        };
        check_eq!(called.output, self.outcome(), "{said}");
        let waits: Duration = self.waits[..due.len()].iter().sum();
        assert!(
            called.took < waits + GRAIN,
            "The server needed {} for its answers, and `upload` returned after {}. The next page is sent as soon as the one before it \
             has been answered.",
            in_words(waits),
            in_words(called.took)
        );
    }
}

/// A server that answers at once and allocates nothing.
struct Quiet(AtomicUsize);

impl Server for Quiet {
    async fn put(&self, path: &str) -> Result<u64, Refused> {
        self.0.fetch_add(path.len(), Ordering::SeqCst);
        Ok(7)
    }
}

/// A page with so many below it, each of which has so many below it, and so on.
fn tree(path: &str, widths: &[usize]) -> Page {
    let below = match widths {
        [] => Vec::new(),
        [width, rest @ ..] => {
            (1..=*width).map(|n| tree(&format!("{}/{n}", path.trim_end_matches('/')), rest)).collect()
        }
    };
    Page { path: path.to_owned(), below }
}

/// Pages with and without pages below them, next to each other, on four levels.
fn uneven() -> Page {
    let mut site = tree("/", &[4]);
    for (place, widths) in [(0, &[2][..]), (2, &[2, pick(2..=3) as usize]), (3, &[1, 1, 2])] {
        let path = site.below[place].path.clone();
        site.below[place] = tree(&path, widths);
    }
    site
}

/// The paths of a site, in the order in which they are sent.
fn paths(site: &Page) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = vec![site];
    while let Some(page) = rest.pop() {
        found.push(&*page.path);
        rest.extend(page.below.iter().rev());
    }
    found
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
