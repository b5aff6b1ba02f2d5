//! Hints: one more each time.

use super::line::{Line, Role};
use super::markdown::inline;

/// One hint: `number` from 1, of `total`.
#[must_use]
pub fn hint(text: &str, number: usize, total: usize, width: usize) -> Vec<Line> {
    let lead = format!("Hint {number} of {total}: ");
    let mut lines = Vec::new();
    for (index, paragraph) in text.trim().lines().enumerate() {
        let lead = if index == 0 { lead.clone() } else { "  ".to_owned() };
        lines.extend(Line::of(Role::Warn, lead).join(inline(paragraph, Role::Plain)).wrap(width, 2));
    }
    lines
}

/// The first `taken` hints.
#[must_use]
pub fn hints(all: &[String], taken: usize, width: usize) -> Vec<Line> {
    let shown = all.iter().take(taken).enumerate();
    shown.flat_map(|(index, text)| hint(text, index + 1, all.len(), width)).collect()
}
