//! What a hidden test recorded: who was polled, woken and dropped when, in virtual time.

use serde::{Deserialize, Serialize};

use super::sanitize;

/// As many as testkit sends; a recording in a file may claim more.
const LANES: usize = 24;
const MOMENTS: usize = 500;
/// Characters of a lane's name and of a mark's text.
const TEXT: usize = 60;

/// A recording in lanes. Whatever it is made from, it holds: each moment is of a lane that there is, time never goes
/// back, and no text has a character that a terminal would obey.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    lanes: Vec<String>,
    moments: Vec<Moment>,
    stopped: bool,
}

/// Something that happened in a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Index of the lane.
    pub lane: usize,
    /// Virtual time since the start of the recording, in microseconds.
    pub at: u64,
    /// What it was.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A poll began.
    Poll,
    /// It gave `Pending`.
    Pending,
    /// It gave `Ready`.
    Ready,
    /// It panicked.
    Panicked,
    /// The waker was called.
    Wake,
    /// The future was dropped, finished or not.
    Drop,
    /// Something that the test has a name for.
    Mark(String),
}

impl Timeline {
    /// The lanes' names, from top to bottom.
    #[must_use]
    pub fn lanes(&self) -> &[String] {
        &self.lanes
    }

    /// What happened, in order.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// Whether it ended before the test did, because it was full.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// Adds a lane below the others.
    pub fn add_lane(&mut self, name: &str) {
        if self.lanes.len() < LANES {
            self.lanes.push(plain(name));
        } else {
            self.stopped = true;
        }
    }

    /// Adds a moment behind the others. One of a lane that there is not is left out.
    pub fn add(&mut self, lane: usize, at: u64, what: What) {
        if lane >= self.lanes.len() {
            return;
        }
        if self.moments.len() == MOMENTS {
            self.stopped = true;
            return;
        }
        let at = at.max(self.moments.last().map_or(0, |last| last.at));
        let what = match what {
            What::Mark(text) => What::Mark(plain(&text)),
            what => what,
        };
        self.moments.push(Moment { lane, at, what });
    }

    /// Notes that it ended before the test did.
    pub fn stop(&mut self) {
        self.stopped = true;
    }
}

fn plain(text: &str) -> String {
    sanitize(text).replace(['\n', '\t'], " ").chars().take(TEXT).collect()
}

impl What {
    /// Its name in JSON and between testkit and the grader.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Panicked => "panicked",
            Self::Wake => "wake",
            Self::Drop => "drop",
            Self::Mark(_) => "mark",
        }
    }

    /// By that name; `text` is that of a mark.
    #[must_use]
    pub fn named(name: &str, text: &str) -> Option<Self> {
        [Self::Poll, Self::Pending, Self::Ready, Self::Panicked, Self::Wake, Self::Drop]
            .into_iter()
            .chain([Self::Mark(text.to_owned())])
            .find(|what| what.as_str() == name)
    }
}

/// A timeline in JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct WireTimeline {
    lanes: Vec<String>,
    events: Vec<WireMoment>,
    complete: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct WireMoment {
    lane: usize,
    microseconds: u64,
    event: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl From<&Timeline> for WireTimeline {
    fn from(timeline: &Timeline) -> Self {
        let event = |moment: &Moment| WireMoment {
            lane: moment.lane,
            microseconds: moment.at,
            event: moment.what.as_str().to_owned(),
            text: match &moment.what {
                What::Mark(text) => Some(text.clone()),
                _ => None,
            },
        };
        Self {
            lanes: timeline.lanes.clone(),
            events: timeline.moments.iter().map(event).collect(),
            complete: !timeline.stopped,
        }
    }
}

impl From<WireTimeline> for Timeline {
    fn from(wire: WireTimeline) -> Self {
        let mut timeline = Self::default();
        for lane in &wire.lanes {
            timeline.add_lane(lane);
        }
        for event in wire.events {
            if let Some(what) = What::named(&event.event, &event.text.unwrap_or_default()) {
                timeline.add(event.lane, event.microseconds, what);
            }
        }
        timeline.stopped |= !wire.complete;
        timeline
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_added_it_can_be_drawn() {
        let mut timeline = Timeline::default();
        timeline.add(0, 0, What::Poll);
        timeline.add_lane("\u{1b}[31mred\u{1b}[0m\tand\nlong");
        timeline.add(0, 20, What::Poll);
        timeline.add(0, 10, What::Mark("a\nb".into()));
        timeline.add(1, 30, What::Wake);
        assert_eq!(timeline.lanes(), ["red and long"]);
        assert_eq!(
            timeline.moments(),
            [
                Moment { lane: 0, at: 20, what: What::Poll },
                Moment { lane: 0, at: 20, what: What::Mark("a b".into()) }
            ]
        );
        assert!(!timeline.stopped());
    }

    #[test]
    fn it_has_an_end() {
        let mut timeline = Timeline::default();
        for _ in 0..=MOMENTS {
            timeline.add_lane("x");
            timeline.add(0, u64::MAX, What::Wake);
        }
        assert_eq!((timeline.lanes().len(), timeline.moments().len()), (LANES, MOMENTS));
        assert!(timeline.stopped());
    }
}
