//! Pages that are read from their first line to their last.

use super::super::book::printed;
use super::super::help::{KeyHelp, help};
use super::super::line::Line;
use super::super::watch::{Body, body};

/// Side by side is for eyes: from this width on, differences stand in two columns.
const NARROW: usize = 90;

/// The whole page.
pub(super) fn page(shown: &Body<'_>, width: usize) -> Vec<Line> {
    match shown {
        Body::Help(keys) => typed(keys, width),
        Body::Solution { .. } => body(shown, width.min(NARROW)).0,
        // The step below it has its own turn.
        Body::Welcome { text, .. } => body(&Body::Welcome { text, first: None }, width).0,
        Body::Book(view) => printed(view.text, width),
        Body::Ending(text) => printed(text, width),
        _ => body(shown, width).0,
    }
}

fn typed(keys: &[KeyHelp], width: usize) -> Vec<Line> {
    let mut lines = help(keys, width);
    let how = "Type a key, or its word, and press Enter: h and hint are the same. An empty line is the key enter. The name \
               of a step leads to it. The program that you run (p) gets no input.";
    lines.push(Line::blank());
    lines.extend(Line::from(how).wrap(width, 0));
    lines
}
