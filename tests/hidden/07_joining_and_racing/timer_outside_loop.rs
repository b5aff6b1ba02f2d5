//! Hidden tests of `timer_outside_loop`: when a search ends, and with which offers.

use std::time::Duration;

use exercise::collect;
use testkit::{
    Impatience, Lane, Patience, Timeline, check_eq, handed_on, in_words, panic_of, pick, side_by_side, stage,
    vt,
};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep_until};

/// The budget is for the whole search, however many offers come in meanwhile.
#[test]
fn the_budget_is_for_the_whole_search() {
    for before in [pick(3..=5), 1, pick(8..=12)] {
        let gap = pick(300..=900);
        let search = Search::every(ms(gap), 30, ms(before * gap + gap / 2));
        search.check(&search.run());
    }
}

/// When all shops have answered, the search is over.
#[test]
fn it_ends_when_all_shops_have_answered() {
    for budget in [ms(pick(9_000..=20_000)), days(pick(40..=90))] {
        let gap = pick(300..=900);
        let search = Search { closes: ms(5 * gap + 70), ..Search::every(ms(gap), 5, budget) };
        search.check(&search.run());
        // All at the same moment: when the first offer is received, the channel is closed.
        let at_once = Search { arrive: vec![ms(gap); 5], closes: ms(gap), ..search };
        at_once.check(&at_once.run());
    }
}

/// It ends when its time is up and no offer comes in, too.
#[test]
fn it_ends_in_silence() {
    let budget = pick(1_000..=3_000);
    for arrive in [vec![budget / 3, 5 * budget], vec![], vec![4 * budget]] {
        let search = Search {
            prices: prices(arrive.len()),
            arrive: arrive.into_iter().map(ms).collect(),
            closes: ms(9 * budget),
            budget: ms(budget),
        };
        search.check(&search.run());
    }
}

/// A budget may be nothing, a millisecond or months; there may be no offer, one for nothing, or hundreds.
#[test]
fn any_number_and_any_time() {
    let many = usize::try_from(pick(140..=180)).expect("it was picked small enough");
    for search in [
        Search::every(ms(10), 0, ms(0)),
        Search::every(ms(10), 3, ms(1)),
        Search::every(ms(4), many, ms(4 * many as u64 - 2)),
        Search { closes: ms(4 * many as u64 + 2), ..Search::every(ms(4), many, days(300)) },
        Search::every(days(20), 5, days(70)),
        Search { closes: ms(0), ..Search::every(ms(1), 0, days(9)) },
    ] {
        search.check(&search.run());
    }
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `collect`");
    let search = Search::every(ms(200), 4, ms(pick(2_000..=3_000)));
    for closes in [ms(1_000), ms(9_000)] {
        let outcome = panic_of(|| {
            vt(async {
                let offers = Search { closes, ..search.clone() }.open(&Timeline::new().lane("shops"));
                handed_on("`collect`", 30, collect(offers, search.budget)).await
            })
        });
        let (found, _) = outcome.unwrap_or_else(|text| panic!("{text}"));
        check_eq!(
            found,
            search.prices,
            "Another task went on with `collect`, and other offers were returned."
        );
    }
}

/// Two searches at the same time are independent of each other.
#[test]
fn two_searches_do_not_wait_for_each_other() {
    stage("`collect` has been called twice, with a long budget and with a short one");
    let long = Search::every(ms(700), 30, ms(pick(9_000..=10_000)));
    let short = Search::every(ms(70), 30, ms(pick(500..=550)));
    let outcome = panic_of(|| {
        vt(async {
            let call = |search: &Search| collect(search.open(&Timeline::new().lane("shops")), search.budget);
            side_by_side("`collect`", 90, call(&long), call(&short)).await
        })
    });
    let (found, _) = outcome.unwrap_or_else(|text| panic!("{text}"));
    check_eq!(
        found,
        (long.due(), short.due()),
        "Two searches were under way at the same time, and their offers are not the ones of their own shops."
    );
}

/// What the shops offer, and when.
#[derive(Clone)]
struct Search {
    prices: Vec<u64>,
    /// When each offer arrives.
    arrive: Vec<Duration>,
    closes: Duration,
    budget: Duration,
}

/// What became of a search.
struct Seen {
    outcome: Result<Vec<u64>, Impatience>,
    took: Duration,
    polls: usize,
}

impl Search {
    /// One offer after each gap. The channel stays open long after the last one, and longer than the budget lasts.
    fn every(gap: Duration, count: usize, budget: Duration) -> Self {
        let arrive: Vec<_> = (0..count)
            .scan(Duration::ZERO, |at, _| {
                *at += gap;
                Some(*at)
            })
            .collect();
        let closes = arrive.last().copied().unwrap_or_default() + 4 * budget.min(days(60)) + ms(5_000);
        Self { prices: prices(count), arrive, closes, budget }
    }

    fn ends(&self) -> Duration {
        self.budget.min(self.closes)
    }

    /// The offers that arrive before the end.
    fn due(&self) -> Vec<u64> {
        let in_time = self.arrive.iter().zip(&self.prices).filter(|(at, _)| **at < self.budget);
        in_time.map(|(_, price)| *price).collect()
    }

    /// Opens the shops on this runtime.
    fn open(&self, lane: &Lane) -> Receiver<u64> {
        let (send, offers) = channel(self.prices.len().max(1));
        if self.closes > Duration::ZERO {
            tokio::spawn(lane.watch(self.clone().answer(send, Instant::now(), lane.clone())));
        }
        offers
    }

    async fn answer(self, send: Sender<u64>, start: Instant, lane: Lane) {
        for (at, price) in self.arrive.into_iter().zip(self.prices) {
            sleep_until(start + at).await;
            if send.send(price).await.is_err() {
                return;
            }
            lane.mark("offer");
        }
        sleep_until(start + self.closes).await;
        lane.mark("closed");
    }

    fn run(&self) -> Seen {
        let (patience, timeline) = (Patience::new(), Timeline::new());
        let [collects, shops] = ["collect", "shops"].map(|name| timeline.lane(name));
        let most = 3 * self.prices.len() + 30;
        stage("the search has begun");
        let outcome = panic_of(|| {
            vt(async {
                let offers = self.open(&shops);
                patience.watch(most, collects.watch(collect(offers, self.budget))).await
            })
        });
        let budget = in_words(self.budget);
        let (outcome, took) =
            outcome.unwrap_or_else(|text| panic!("The budget was {budget}, and `collect` panicked: {text}"));
        Seen { outcome, took, polls: patience.polls() }
    }

    fn check(&self, seen: &Seen) {
        let (budget, polls, took) = (in_words(self.budget), seen.polls, in_words(seen.took));
        let due = self.due();
        let found = match &seen.outcome {
            Ok(found) => found,
            Err(Impatience::Stuck) => panic!(
                "The budget was {budget}, the channel was closed after {}, and `collect` still waits, 400 days later. Nothing is \
                 left that could wake it.",
                in_words(self.closes)
            ),
            Err(_) if seen.took + GRAIN > self.ends() => panic!(
                "The search was over after {}, and `collect` goes round and round: it was polled {polls} times. A channel that is \
                 closed and a timer that is over are ready in every turn.",
                in_words(self.ends())
            ),
            Err(_) => panic!(
                "`collect` was polled {polls} times, and {} offers have come in at most: it asks again and again. The channel and \
                 a timer wake it when there is something to do.",
                self.prices.len()
            ),
        };
        self.check_end(seen.took, found.len());
        assert!(
            !found.is_empty() || due.is_empty(),
            "`collect` returned in time, after {took}, and without any of the {} offers that had arrived. When the time is up, it \
             returns what it has collected by then.",
            due.len()
        );
        let times = |list: &[u64], cents: u64| list.iter().filter(|other| **other == cents).count();
        let suspects = if *found == due { &[][..] } else { &due[..] };
        for (number, cents) in (1..).zip(suspects) {
            let (came, returned) = (times(&due, *cents), times(found, *cents));
            assert!(
                returned >= came,
                "`collect` returned in time, after {took}, and offer {number} of {} is missing: {cents} cents came {came} times and \
                 were returned {returned} times. Each offer counts, also if it is 0 or equal to another one.",
                due.len()
            );
        }
        let (mut sorted, mut all) = (found.clone(), due.clone());
        sorted.sort_unstable();
        all.sort_unstable();
        check_eq!(
            sorted,
            all,
            "`collect` returned {} offers, and other ones than those that had arrived.",
            found.len()
        );
        check_eq!(*found, due, "`collect` returned the offers in another order than they had arrived in.");
    }

    /// Checks when it returned, with so many offers.
    fn check_end(&self, took: Duration, count: usize) {
        let (budget, at, closes) = (in_words(self.budget), in_words(took), in_words(self.closes));
        let ends = self.ends();
        if took + GRAIN <= ends {
            panic!(
                "The budget was {budget}, the channel was open, and `collect` returned after {at}, with {count} of {} offers. As \
                 long as there is time and the channel is open, it goes on.",
                self.due().len()
            );
        }
        if took < ends + GRAIN {
            return;
        }
        let near = |time: Duration| took.abs_diff(time) < GRAIN;
        assert!(
            self.closes >= self.budget,
            "All shops had answered after {closes}: the channel was closed. `collect` returned after {at} (the budget was \
             {budget}). With the last answer, the search is over."
        );
        if let Some(last) = count.checked_sub(1).and_then(|last| self.arrive.get(last))
            && near(*last + self.budget)
        {
            panic!(
                "The budget was {budget}, and `collect` returned after {at}: {budget} after the last of {count} offers. Each offer \
                 gave it the whole budget again. The budget is for all offers together, counted from the call."
            );
        }
        if let Some(first) = self.arrive.first()
            && near(*first + self.budget)
        {
            panic!(
                "The budget was {budget}, and `collect` returned after {at}: {budget} after the first offer. The budget is counted \
                 from the call."
            );
        }
        assert!(
            !near(self.closes),
            "The budget was {budget}, and `collect` returned after {at}, when the channel was closed, with {count} offers. When \
             the time is up, it returns what it has."
        );
        assert!(
            !self.arrive.iter().any(|arrive| near(*arrive)),
            "The budget was {budget}, and `collect` returned after {at}, when the next offer came in. Nothing woke it when the \
             time was up."
        );
        panic!("The budget was {budget}, and `collect` returned after {at}, with {count} offers.");
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn days(days: u64) -> Duration {
    Duration::from_secs(24 * 3_600 * days)
}

/// Prices that are known at run time only, in no order: with 0, with two that are equal, and with the largest that there
/// is.
fn prices(count: usize) -> Vec<u64> {
    let base = pick(1_000..=99_999);
    (0..count).map(|n| [base, base + 9, 0, base + 3, base + 3, u64::MAX, base - 1][n % 7]).collect()
}
