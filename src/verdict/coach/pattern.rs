//! The pattern language of the coach's data file: plain text, `…` for any text of a line, `{}` for the text to keep.

use serde::Deserialize;

/// Any text of one line, also none.
const ANY: char = '…';
/// The text to keep: of one line, and not empty.
const HOLE: &str = "{}";

/// One pattern.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern {
    parts: Vec<Part>,
    source: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Any,
    Hole,
}

impl From<String> for Pattern {
    fn from(source: String) -> Self {
        let mut parts = Vec::new();
        for (index, piece) in source.split(ANY).enumerate() {
            if index > 0 {
                parts.push(Part::Any);
            }
            for (index, text) in piece.split(HOLE).enumerate() {
                if index > 0 {
                    parts.push(Part::Hole);
                }
                if !text.is_empty() {
                    parts.push(Part::Text(text.to_owned()));
                }
            }
        }
        Self { parts, source }
    }
}

impl Pattern {
    /// As it stands in the data file.
    #[cfg(test)]
    pub(super) fn as_str(&self) -> &str {
        &self.source
    }

    /// How many holes it has.
    #[cfg(test)]
    pub(super) fn holes(&self) -> usize {
        self.parts.iter().filter(|part| **part == Part::Hole).count()
    }

    /// Whether it is somewhere in the text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.starts(text).any(|start| follow(&self.parts, &text[start..]).is_some())
    }

    /// Whether the text begins with it.
    pub(super) fn begins(&self, text: &str) -> bool {
        follow(&self.parts, text).is_some()
    }

    /// What stands in the hole, where the pattern first fits.
    pub(super) fn capture<'a>(&self, text: &'a str) -> Option<&'a str> {
        self.starts(text).find_map(|start| follow(&self.parts, &text[start..]).flatten())
    }

    /// Where it could begin: where its first text stands, or else anywhere.
    fn starts<'a>(&'a self, text: &'a str) -> Box<dyn Iterator<Item = usize> + 'a> {
        match self.parts.first() {
            Some(Part::Text(first)) => Box::new(text.match_indices(first.as_str()).map(|(start, _)| start)),
            _ => Box::new(text.char_indices().map(|(start, _)| start)),
        }
    }
}

/// Whether the text begins with these parts; inside, what stood in the hole.
fn follow<'a>(parts: &[Part], text: &'a str) -> Option<Option<&'a str>> {
    let Some((part, rest)) = parts.split_first() else { return Some(None) };
    match part {
        Part::Text(expected) => follow(rest, text.strip_prefix(expected.as_str())?),
        Part::Any => ends(text).find_map(|end| follow(rest, &text[end..])),
        // At its end, a pattern takes the rest of the line and not its first character.
        Part::Hole if rest.is_empty() => text.lines().next().filter(|line| !line.is_empty()).map(Some),
        Part::Hole => ends(text)
            .filter(|end| *end > 0)
            .find_map(|end| follow(rest, &text[end..]).map(|_| Some(&text[..end]))),
    }
}

/// The places where a stretch of this line could end, nearest first.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let line = text.find('\n').unwrap_or(text.len());
    text[..line].char_indices().map(|(end, _)| end).chain([line])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::from(text.to_owned())
    }

    #[test]
    fn a_hole_takes_the_shortest_text_of_one_line() {
        assert_eq!(pattern("`{}` is").capture("the `a` is, the `b` is"), Some("a"));
        assert_eq!(pattern("with `{}` maybe").capture("here, with `mut x` maybe used"), Some("mut x"));
        assert_eq!(pattern("`{}` is").capture("`a\n` is"), None);
        assert_eq!(pattern("`{}`").capture("``"), None);
        assert_eq!(pattern("at {}").capture("at a.rs:1\nand on"), Some("a.rs:1"));
    }

    #[test]
    fn an_ellipsis_skips_text_of_one_line() {
        assert_eq!(pattern("Id(…), \"{}\"").capture("Panic(Id(3), \"boom\", ...)"), Some("boom"));
        assert!(pattern("…: Elapsed(())").begins("called `unwrap()`: Elapsed(())"));
        assert!(!pattern("…: Elapsed(())").begins("called\n: Elapsed(())"));
        assert!(pattern("a…c").is_in("xx ac"));
    }

    #[test]
    fn plain_text_is_plain() {
        assert!(pattern("(?.*)[").is_in("so (?.*)[ it is"));
        assert!(!pattern("b").begins("ab"));
        assert_eq!(pattern("no hole").capture("no hole"), None);
    }
}
