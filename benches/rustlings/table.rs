//! What was measured, as medians, minima and ratios.

use std::time::Duration;

use crate::Outcome;

/// Measurements of one thing, in rounds: seconds, or MiB.
#[derive(Clone, Default)]
pub(crate) struct Samples(pub(crate) Vec<f64>);

impl Samples {
    pub(crate) fn push(&mut self, took: Duration) {
        self.0.push(took.as_secs_f64());
    }

    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        match sorted.len() {
            0 => f64::NAN,
            n if n % 2 == 1 => sorted[n / 2],
            n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
        }
    }

    pub(crate) fn min(&self) -> f64 {
        self.0.iter().copied().fold(f64::NAN, f64::min)
    }

    /// One sample a round: what `combine` makes of the two of that round.
    pub(crate) fn with(&self, other: &Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| combine(*a, *b)).collect())
    }

    /// Median and minimum, in milliseconds or seconds.
    pub(crate) fn time(&self) -> String {
        if self.0.is_empty() {
            return "–".to_owned();
        }
        format!("{} ({})", seconds(self.median()), seconds(self.min()))
    }
}

fn seconds(seconds: f64) -> String {
    if seconds.abs() < 1.0 { format!("{:.0} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
}

/// The same thing done by both, in turn.
#[derive(Default)]
pub(crate) struct Pair {
    pub(crate) theirs: Samples,
    pub(crate) ours: Samples,
}

impl Pair {
    /// Does both in each round, the order alternating, after a round that does not count.
    pub(crate) fn measure(
        rounds: usize,
        mut theirs: impl FnMut() -> Outcome<Duration>,
        mut ours: impl FnMut() -> Outcome<Duration>,
    ) -> Outcome<Self> {
        theirs()?;
        ours()?;
        Self::measure_cold(rounds, theirs, ours)
    }

    /// The same without a round that does not count.
    pub(crate) fn measure_cold(
        rounds: usize,
        mut theirs: impl FnMut() -> Outcome<Duration>,
        mut ours: impl FnMut() -> Outcome<Duration>,
    ) -> Outcome<Self> {
        let mut pair = Self::default();
        for round in 0..rounds {
            if round % 2 == 0 {
                pair.theirs.push(theirs()?);
                pair.ours.push(ours()?);
            } else {
                pair.ours.push(ours()?);
                pair.theirs.push(theirs()?);
            }
        }
        Ok(pair)
    }

    /// The median of the rounds' ratios, ours to theirs.
    pub(crate) fn ratio(&self) -> f64 {
        self.ours.with(&self.theirs, |ours, theirs| ours / theirs).median()
    }

    /// A row of a table of differences: the median of those of the rounds.
    pub(crate) fn cost(&self, what: &str) -> String {
        let more = self.ours.with(&self.theirs, |ours, theirs| ours - theirs).median();
        format!("| {what} | {} | {} | {} |", self.theirs.time(), self.ours.time(), seconds(more))
    }

    /// A row of the table.
    pub(crate) fn row(&self, what: &str) -> String {
        format!("| {what} | {} | {} | {:.3} |", self.theirs.time(), self.ours.time(), self.ratio())
    }
}

/// The head of a table of [`Pair::cost`]s.
pub(crate) const WALLS_HEAD: &str =
    "| median (minimum) | without walls | behind walls | difference |\n|---|---:|---:|---:|";

/// The head of a table of [`Pair::row`]s.
pub(crate) const HEAD: &str =
    "| median (minimum) | rustlings 6.5.0 | tokiolings | ratio |\n|---|---:|---:|---:|";
