//! A recording as a table: one slot for each thing worth a column, one cell in it for each lane.

use crate::screen::line::Role;
use crate::verdict::{Moment, Timeline, What};

/// What a lane shows in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    Nothing,
    Polled,
    Asleep,
    /// Its waker is called.
    Woken,
    /// Between the wake and the poll.
    Waiting,
    Done,
    Dropped,
    Panicked,
    /// In a poll when the test ends.
    Stuck,
    /// Asleep when the test ends.
    Forgotten,
    /// Not over when the recording stops, which is before the test ends.
    Cut,
    /// By its number in the list of marks.
    Mark(usize),
}

impl Glyph {
    /// Signs and what they mean, in the order in which they are explained.
    pub(super) const EXPLAINED: [(Self, &str); 10] = [
        (Self::Polled, "polled"),
        (Self::Asleep, "asleep"),
        (Self::Woken, "woken"),
        (Self::Waiting, "woken, not polled yet"),
        (Self::Done, "done"),
        (Self::Dropped, "dropped before it was done"),
        (Self::Panicked, "panicked"),
        (Self::Forgotten, "still asleep: nothing woke it"),
        (Self::Stuck, "its last poll did not return"),
        (Self::Cut, "goes on"),
    ];

    pub(super) fn sign(self) -> char {
        match self {
            Self::Nothing => ' ',
            Self::Polled => '█',
            Self::Asleep => '─',
            Self::Woken => '▲',
            Self::Waiting => '·',
            Self::Done => '✓',
            Self::Dropped => '✗',
            Self::Panicked => '!',
            Self::Stuck => '>',
            Self::Forgotten => '?',
            Self::Cut => '…',
            Self::Mark(number) => {
                u8::try_from(number).ok().filter(|n| *n < 26).map_or('*', |n| char::from(b'a' + n))
            }
        }
    }

    pub(super) fn role(self) -> Role {
        match self {
            Self::Nothing | Self::Waiting => Role::Plain,
            Self::Asleep | Self::Cut => Role::Dim,
            Self::Polled => Role::Key,
            Self::Woken | Self::Forgotten => Role::Warn,
            Self::Done => Role::Good,
            Self::Dropped | Self::Panicked | Self::Stuck => Role::Bad,
            Self::Mark(_) => Role::Code,
        }
    }

    /// Which one is seen when several share a column.
    pub(super) fn weight(self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Asleep => 1,
            Self::Waiting => 2,
            Self::Woken => 3,
            Self::Polled => 4,
            Self::Stuck | Self::Forgotten | Self::Cut => 5,
            Self::Mark(_) => 6,
            Self::Done => 7,
            Self::Dropped | Self::Panicked => 8,
        }
    }
}

/// Something that needs a column of its own.
#[derive(Debug)]
pub(super) struct Slot {
    /// Microseconds of virtual time.
    pub(super) at: u64,
    /// What each lane was doing until then.
    pub(super) before: Vec<Glyph>,
    /// What each lane shows here.
    pub(super) cells: Vec<Glyph>,
    /// The lanes that something happened to here were woken, and nothing else.
    wakes: bool,
}

#[derive(Debug)]
pub(super) struct Lane {
    pub(super) name: String,
    pub(super) polls: usize,
}

#[derive(Debug)]
pub(super) struct Trace {
    pub(super) lanes: Vec<Lane>,
    pub(super) slots: Vec<Slot>,
    /// What each lane was doing when the recording ended.
    pub(super) end: Vec<Glyph>,
    /// The texts of marks, each once.
    pub(super) marks: Vec<String>,
}

/// What a lane is doing.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// Polls that go on; more than one only when something is very wrong.
    polling: usize,
    /// First polled, and neither done nor dropped.
    begun: bool,
    woken: bool,
    /// Done, so that its drop tells nothing new.
    over: bool,
}

impl State {
    fn glyph(self) -> Glyph {
        match self {
            Self { polling: 1.., .. } => Glyph::Polled,
            Self { begun: false, .. } => Glyph::Nothing,
            Self { woken: true, .. } => Glyph::Waiting,
            _ => Glyph::Asleep,
        }
    }

    /// What the lane shows of this event. `None` when it only ends what was.
    fn on(&mut self, what: &What, mark: impl FnOnce(&str) -> Glyph) -> Option<Glyph> {
        match what {
            What::Poll => {
                *self = Self { polling: self.polling + 1, begun: true, woken: false, over: false };
                Some(Glyph::Polled)
            }
            What::Pending => {
                self.polling = self.polling.saturating_sub(1);
                None
            }
            What::Ready => {
                *self = Self { over: true, ..Self::default() };
                Some(Glyph::Done)
            }
            What::Panicked => {
                *self = Self { over: true, ..Self::default() };
                Some(Glyph::Panicked)
            }
            // Nobody polls again what is over, and one wake is as good as two.
            What::Wake if self.over || self.woken => None,
            What::Wake => {
                self.woken = true;
                Some(Glyph::Woken)
            }
            What::Drop => {
                let told = self.over || !self.begun;
                *self = Self::default();
                (!told).then_some(Glyph::Dropped)
            }
            What::Mark(text) => Some(mark(text)),
        }
    }
}

impl Trace {
    pub(super) fn of(timeline: &Timeline) -> Self {
        let lanes = timeline.lanes().iter().map(|name| Lane { name: name.clone(), polls: 0 }).collect();
        let mut trace = Self { lanes, slots: Vec::new(), end: Vec::new(), marks: Vec::new() };
        let mut states = vec![State::default(); timeline.lanes().len()];
        for Moment { lane, at, what } in timeline.moments() {
            trace.lanes[*lane].polls += usize::from(*what == What::Poll);
            let before: Vec<Glyph> = states.iter().map(|state| state.glyph()).collect();
            let marks = &mut trace.marks;
            let shown = states[*lane].on(what, |text| Glyph::Mark(number_of(marks, text)));
            if let Some(glyph) = shown {
                trace.show(*lane, *at, before, glyph);
            }
        }
        let still = |state: &State| match state.glyph() {
            Glyph::Nothing => Glyph::Nothing,
            _ if timeline.stopped() => Glyph::Cut,
            Glyph::Polled => Glyph::Stuck,
            Glyph::Asleep => Glyph::Forgotten,
            other => other,
        };
        trace.end = states.iter().map(still).collect();
        trace
    }

    fn show(&mut self, lane: usize, at: u64, before: Vec<Glyph>, glyph: Glyph) {
        let wakes = glyph == Glyph::Woken;
        match self.slots.last_mut() {
            // A wake that is passed on from lane to lane is one thing that happens.
            Some(last) if wakes && last.wakes && last.at == at => last.cells[lane] = glyph,
            _ => {
                let mut cells = before.clone();
                cells[lane] = glyph;
                self.slots.push(Slot { at, before, cells, wakes });
            }
        }
    }

    /// Whether something goes on when the recording ends.
    pub(super) fn open_ended(&self) -> bool {
        self.end.iter().any(|glyph| *glyph != Glyph::Nothing)
    }
}

fn number_of(marks: &mut Vec<String>, text: &str) -> usize {
    marks.iter().position(|mark| mark == text).unwrap_or_else(|| {
        marks.push(text.to_owned());
        marks.len() - 1
    })
}
