//! The coach's data file: situations, how each is recognised, and what is said about it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::marks::marked;
use super::pattern::Pattern;

/// The texts; its own head says how it is written.
const SOURCE: &str = include_str!("../coach.toml");

/// All situations, most specific first.
pub(super) static SITUATIONS: LazyLock<Vec<Situation>> =
    LazyLock::new(|| read(SOURCE).expect("coach.toml is read by the tests"));

/// Longer names and types are not repeated: the compiler has shown them, and in a sentence they only obstruct.
const LONGEST: usize = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    situation: Vec<Situation>,
}

/// One thing that can happen to a learner.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Situation {
    /// Its name, for the tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "names the entry for those who edit the file"))]
    pub(super) id: String,
    /// Codes of rustc or names of lints, any of which will do; `none` for messages without one, `any` for all.
    #[serde(default)]
    pub(super) code: Many<String>,
    /// Texts with which a panic begins, any of which will do.
    #[serde(default)]
    pub(super) panic: Many<Pattern>,
    /// Errors that were unwrapped, as Rust prints them, any of which will do.
    #[serde(default)]
    pub(super) unwrapped: Many<Pattern>,
    /// What must be in the compiler's message too, all of it.
    #[serde(default)]
    pub(super) message: Many<Pattern>,
    /// Texts of which one must be in the compiler's message too: compilers word it differently.
    #[serde(default)]
    pub(super) wording: Many<Pattern>,
    /// What is said.
    pub(super) says: String,
    /// Where the words for the placeholders come from.
    #[serde(default)]
    pub(super) capture: BTreeMap<String, Capture>,
}

/// Where the words for one placeholder come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Capture {
    /// The first of these that fits.
    #[serde(default)]
    pub(super) find: Many<Pattern>,
    /// The source text with this label.
    pub(super) marked: Option<String>,
    /// The number of the line with this label.
    pub(super) line: Option<String>,
    /// What to say when nothing was found; `None` when the situation is another one then.
    #[serde(rename = "else")]
    pub(super) otherwise: Option<String>,
}

/// One value, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Many<T> {
    /// One.
    One(T),
    /// A list.
    List(Vec<T>),
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl<T> Many<T> {
    pub(super) fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::List(list) => list,
        }
    }
}

/// Reads a data file.
pub(super) fn read(source: &str) -> Result<Vec<Situation>, toml::de::Error> {
    toml::from_str::<File>(source).map(|file| file.situation)
}

impl Situation {
    /// What is said, with the learner's own words from `text` in the placeholders; `None` when something is missing that
    /// this situation cannot do without.
    pub(super) fn fill(&self, text: &str) -> Option<String> {
        // The file wraps its paragraphs; the screen does that by itself.
        let mut says = self.says.split_whitespace().collect::<Vec<_>>().join(" ");
        for (name, capture) in &self.capture {
            let found = capture.found(text);
            if found.is_none() && capture.otherwise.is_none() {
                return None;
            }
            let words = found.as_deref().and_then(|found| capture.shown(found));
            let placeholder = format!("{{{name}}}");
            while let Some(at) = says.find(&placeholder) {
                let mut words = words.clone().or_else(|| capture.otherwise.clone())?;
                if starts_sentence(&says[..at]) {
                    words = capitalised(&words);
                }
                says.replace_range(at..at + placeholder.len(), &words);
            }
        }
        Some(says)
    }
}

impl Capture {
    /// What the compiler or the panic has at this place.
    fn found(&self, text: &str) -> Option<String> {
        if let Some(label) = &self.line {
            return marked(text, label).map(|marked| format!("line {}", marked.line));
        }
        let Some(label) = &self.marked else { return first(self.find.as_slice(), text) };
        let marked = marked(text, label)?.text;
        match self.find.as_slice() {
            [] => Some(marked),
            patterns => first(patterns, &marked),
        }
    }

    /// How that reads in a sentence; `None` when it does not.
    fn shown(&self, found: &str) -> Option<String> {
        if self.line.is_some() {
            return Some(found.to_owned());
        }
        let found = found.trim().trim_end_matches([':', ';']);
        let found = found.strip_prefix("mut ").unwrap_or(found);
        let balanced = |open: char, close: char| found.matches(open).count() == found.matches(close).count();
        let reads_well = !found.is_empty()
            && found.chars().count() <= LONGEST
            // Braces are rustc's own names, `{integer}` and `{async block@…}`; dots stand for what it has left out.
            && !found.contains(['`', '{', '}', '…'])
            && !found.contains("...")
            && balanced('(', ')')
            && balanced('[', ']');
        reads_well.then(|| format!("`{found}`"))
    }
}

fn first(patterns: &[Pattern], text: &str) -> Option<String> {
    patterns.iter().find_map(|pattern| pattern.capture(text)).map(str::to_owned)
}

fn starts_sentence(before: &str) -> bool {
    before.is_empty() || before.ends_with(". ") || before.ends_with("? ")
}

fn capitalised(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
