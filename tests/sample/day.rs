//! A sample of what is too much for every run: another one each day, so that in time all of it is run everywhere.

use std::time::{SystemTime, UNIX_EPOCH};

/// What is drawn from.
#[derive(Debug, Clone)]
pub(crate) struct Day(String);

impl Day {
    /// Today, or what `TOKIOLINGS_SAMPLE` says, to draw the same again. Prints which it is.
    pub(crate) fn today() -> Self {
        let days = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() / 86_400);
        let day = std::env::var("TOKIOLINGS_SAMPLE").unwrap_or_else(|_| days().to_string());
        println!("a sample; TOKIOLINGS_SAMPLE={day} draws the same again");
        Self(day)
    }

    /// So many of them, or all if there are no more, and the others; both in their own order.
    pub(crate) fn split<T>(
        &self,
        from: Vec<T>,
        count: usize,
        name: impl Fn(&T) -> String,
    ) -> (Vec<T>, Vec<T>) {
        let rank = |item: &T| *blake3::hash(format!("{} {}", self.0, name(item)).as_bytes()).as_bytes();
        let mut ranks: Vec<_> = from.iter().map(rank).collect();
        ranks.sort_unstable();
        match ranks.get(count) {
            Some(first_out) => from.into_iter().partition(|item| rank(item) < *first_out),
            None => (from, Vec::new()),
        }
    }
}
