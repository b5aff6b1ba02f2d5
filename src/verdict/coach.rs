//! The coach: what a compiler's message or a panic means in the workbook's words, added to rustc's own.
//!
//! All texts are in `coach.toml`; here is only how they are chosen. Pure: the same message always gets the same words.

mod marks;
mod pattern;
mod situation;
#[cfg(test)]
mod tests;

use super::Diagnostic;
use situation::{SITUATIONS, Situation};

/// Two or three sentences about a message of the compiler, naming what the learner wrote; `None` when the coach does
/// not know the situation.
#[must_use]
pub fn explain(diagnostic: &Diagnostic) -> Option<String> {
    let text = format!("{}\n{}", diagnostic.message, diagnostic.rendered);
    SITUATIONS
        .iter()
        .filter(|situation| situation.is_about(diagnostic, &text))
        .find_map(|situation| situation.fill(&text))
}

/// What the coach says about a panic of the standard library or of Tokio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PanicWords {
    /// The test's message is that panic, and nothing else: the first of these sentences says it better.
    Reported(String),
    /// The test has words of its own, and the panic stands in what its process printed.
    Printed(String),
}

impl PanicWords {
    /// The sentences.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Reported(words) | Self::Printed(words) => words,
        }
    }
}

/// Two or three sentences about a panic of the standard library or of Tokio that ended a test; `None` when the coach
/// does not know it, or when the test's own message deals with it.
///
/// `message` is what the test reported, `output` what its process printed: a panic in a task or in a thread of the
/// learner's is only there.
#[must_use]
pub fn explain_panic(message: &str, output: &str) -> Option<PanicWords> {
    let text = format!("{message}\n{output}\n");
    // Both end with a line feed, so that a pattern can ask for the end of a line.
    let (message, output) = (&text[..=message.len()], &text[message.len() + 1..]);
    let about = |panics: &[&str], situation: &Situation| panics.iter().any(|panic| situation.fits(panic));
    let (reported, printed) = (panics_of_message(message), panics_of_output(output));
    let fill = |situation: &Situation| situation.fill(&text);
    let of_message = SITUATIONS.iter().filter(|situation| about(&reported, situation)).find_map(fill);
    // A test that quotes the panic somewhere in its own words has said what there is to say.
    let of_output =
        || SITUATIONS.iter().filter(|it| about(&printed, it) && !it.is_quoted_in(message)).find_map(fill);
    of_message.map(PanicWords::Reported).or_else(|| of_output().map(PanicWords::Printed))
}

/// What `unwrap` says before the error.
const UNWRAP: &str = "called `Result::unwrap()` on an `Err` value";

/// A longer text before an error is no `expect` of a learner's.
const LONGEST_EXPECT: usize = 80;

impl Situation {
    fn is_about(&self, diagnostic: &Diagnostic, text: &str) -> bool {
        let code = diagnostic.code.as_deref().unwrap_or("none");
        let wordings = self.wording.as_slice();
        self.code.as_slice().iter().any(|known| known == code || known == "any")
            && (wordings.is_empty() || wordings.iter().any(|pattern| pattern.is_in(text)))
            && self.message.as_slice().iter().all(|pattern| pattern.is_in(text))
    }

    /// Whether this is the text of its panic.
    fn fits(&self, panic: &str) -> bool {
        self.panic.as_slice().iter().any(|pattern| pattern.begins(panic))
            || unwrapped(panic)
                .any(|error| self.unwrapped.as_slice().iter().any(|pattern| pattern.begins(error)))
    }

    fn is_quoted_in(&self, message: &str) -> bool {
        let patterns = [self.panic.as_slice(), self.unwrapped.as_slice()].concat();
        patterns.iter().any(|pattern| pattern.is_in(message))
    }
}

/// Where a panic's own text may begin in a test's message: at its start, or behind one sentence of the test's that says
/// no more than that something panicked. A test with more to say has explained it.
fn panics_of_message(message: &str) -> Vec<&str> {
    let generic = |words: &str| words.contains("panicked") && is_one_sentence(words);
    let first = message.lines().next().unwrap_or_default();
    let behind_colon = first.split_once(": ").filter(|(words, _)| generic(words));
    let next_line = message.split_once('\n').filter(|(words, _)| generic(words) && !words.contains(": "));
    [message]
        .into_iter()
        .chain(behind_colon.map(|(words, _)| &message[words.len() + ": ".len()..]))
        .chain(next_line.map(|(_, rest)| rest))
        .collect()
}

/// The error behind the words of an `unwrap` or an `expect`, wherever those may end.
fn unwrapped(panic: &str) -> impl Iterator<Item = &str> {
    let first = panic.lines().next().unwrap_or_default();
    first.match_indices(": ").filter_map(move |(at, colon)| {
        let words = &first[..at];
        let expect = is_one_sentence(words) && !words.contains('(') && words.len() <= LONGEST_EXPECT;
        (words == UNWRAP || expect).then(|| &panic[at + colon.len()..])
    })
}

fn is_one_sentence(words: &str) -> bool {
    ![". ", "? ", "! "].iter().any(|end| words.contains(end))
}

/// The texts of the panics that a process printed, and its last words about its stack.
fn panics_of_output(output: &str) -> Vec<&str> {
    let mut panics = Vec::new();
    let mut start = 0;
    for line in output.split_inclusive('\n') {
        if line.contains("panicked at ") {
            panics.push(&output[start + line.len()..]);
        } else if line.starts_with("thread '") {
            panics.push(&output[start..]);
        }
        start += line.len();
    }
    panics
}
