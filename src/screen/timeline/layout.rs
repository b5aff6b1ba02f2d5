//! Which column shows what: slots side by side, and time between them where there is room.

use std::ops::Range;

use super::trace::Trace;

/// What a column shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// One slot, or several that have to share.
    Slots(Range<usize>),
    /// Time that passes before this slot.
    Gap {
        /// The slot.
        before: usize,
    },
    /// What goes on when the recording ends.
    End,
}

/// Columns for what goes on at the end.
const END: usize = 1;

#[derive(Debug)]
pub(super) struct Layout {
    columns: Vec<Place>,
}

impl Layout {
    /// The columns, at most `width` of them.
    pub(super) fn of(trace: &Trace, width: usize) -> Self {
        let end = if trace.open_ended() { END } else { 0 };
        let room = width.saturating_sub(end).max(1);
        let slots = trace.slots.len();
        let mut columns = if slots > room { squeezed(slots, room) } else { spread(trace, room) };
        columns.extend(std::iter::repeat_n(Place::End, end));
        Self { columns }
    }

    pub(super) fn columns(&self) -> &[Place] {
        &self.columns
    }

    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// How many slots share a column at most, if they have to.
    pub(super) fn shared(&self) -> Option<usize> {
        let most = self.columns.iter().filter_map(|place| match place {
            Place::Slots(slots) => Some(slots.len()),
            Place::Gap { .. } | Place::End => None,
        });
        most.max().filter(|most| *most > 1)
    }

    /// The times at which something happens, each above its first column, as far as there is room.
    pub(super) fn axis(&self, trace: &Trace) -> String {
        let mut axis = String::new();
        let mut last = None;
        for (column, place) in self.columns.iter().enumerate() {
            let Place::Slots(slots) = place else { continue };
            let Some(at) = slots.clone().map(|slot| trace.slots[slot].at).find(|at| Some(*at) > last) else {
                continue;
            };
            let label = time(at, unit(trace));
            let free = axis.is_empty() || axis.len() < column;
            if free && column + label.len() <= self.columns.len().max(label.len()) {
                axis.push_str(&" ".repeat(column - axis.len()));
                axis.push_str(&label);
            }
            last = Some(at);
        }
        axis
    }
}

/// Each column takes as many slots as the others, give or take one.
fn squeezed(slots: usize, room: usize) -> Vec<Place> {
    (0..room).map(|column| Place::Slots(column * slots / room..(column + 1) * slots / room)).collect()
}

/// Slots side by side, and what is left of the room for the time between them, in proportion.
fn spread(trace: &Trace, room: usize) -> Vec<Place> {
    let passed: Vec<u64> = std::iter::once(0)
        .chain(trace.slots.windows(2).map(|pair| pair[1].at - pair[0].at))
        .take(trace.slots.len())
        .collect();
    let steps = passed.iter().filter(|time| **time > 0).count();
    let mut left = room - trace.slots.len();
    // Short waits are waits, too: each has a few columns before the long ones have the rest.
    let least = left.checked_div(steps).unwrap_or(0).min(3);
    left -= least * steps;
    let total: u128 = passed.iter().map(|time| u128::from(*time)).sum();
    let mut columns = Vec::new();
    for (slot, time) in passed.iter().enumerate() {
        if *time > 0 {
            let share = left as u128 * u128::from(*time) / total.max(1);
            let share = usize::try_from(share).expect("a share of the room is no more than the room");
            columns.extend(std::iter::repeat_n(Place::Gap { before: slot }, least + share));
        }
        columns.push(Place::Slots(slot..slot + 1));
    }
    columns
}

/// The unit of the axis; none where a recording is so long that each time has its own.
pub(super) fn unit(trace: &Trace) -> &'static str {
    const SECOND: u64 = 1_000_000;
    match trace.slots.last().map_or(0, |last| last.at / SECOND) {
        0..10 => "ms",
        10..3600 => "s",
        3600.. => "",
    }
}

fn time(micros: u64, unit: &str) -> String {
    let millis = micros / 1000;
    match unit {
        "ms" => return millis.to_string(),
        "" if millis == 0 => return "0".to_owned(),
        "" if millis < 1000 => return format!("{millis}ms"),
        "" => {
            // `12h` or `1h30m`: what a text about it says.
            let seconds = millis / 1000;
            let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
            return parts
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(n, unit)| format!("{n}{unit}"))
                .collect();
        }
        _ => {}
    }
    let text = format!("{}.{:03}", millis / 1000, millis % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
