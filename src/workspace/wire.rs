//! The text of the progress file, apart from the types that the program thinks in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::workspace::progress::{Mark, Progress, Record};

/// The schema version that this program writes, and the newest that it reads.
pub(super) const SCHEMA: i64 = 1;

const HEAD: &str =
    "# What you have done so far. Commit this file; tokiolings writes it, and rewrites your edits.\n";

/// The last line. TOML cut off at a line's end is still TOML, with fewer steps: this line tells that all is there.
const END: &str = "# end of progress";

/// Why a text is not a progress file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is empty, cut off, garbled or edited; the text completes "progress.toml …".
    Damaged(String),
    /// A newer program wrote it, with this schema version.
    Newer(i64),
}

#[derive(Serialize, Deserialize)]
struct File {
    schema: i64,
    learner: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    current: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    no_review: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pages: Vec<String>,
    #[serde(flatten)]
    extra: toml::Table,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    steps: BTreeMap<String, Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<EntryState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    solved_at: Option<String>,
    #[serde(default)]
    attempts: u32,
    #[serde(default)]
    hints: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    gave_up: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    answered: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hidden: Option<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    reviews: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reviewed_at: Option<String>,
    #[serde(flatten)]
    extra: toml::Table,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EntryState {
    Solved,
    Skipped,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// The file's text.
pub(super) fn write(progress: &Progress) -> String {
    let file = File {
        schema: SCHEMA,
        learner: progress.learner.clone(),
        current: progress.current.clone(),
        no_review: progress.no_review,
        pages: progress.pages.clone(),
        extra: progress.extra.clone(),
        steps: progress.records.iter().map(|(name, record)| (name.clone(), record.into())).collect(),
    };
    let body = toml::to_string(&file).expect("strings, integers, booleans and tables of them are TOML");
    format!("{HEAD}{body}\n{END}\n")
}

/// Reads the file's text.
pub(super) fn read(text: &[u8]) -> Result<Progress, Unreadable> {
    let damaged = |problem: &str| Err(Unreadable::Damaged(problem.to_owned()));
    let Ok(text) = std::str::from_utf8(text) else { return damaged("is not text") };
    if text.trim().is_empty() {
        return damaged("is empty");
    }
    // The version comes first: a newer file may be laid out in any way, its last line included.
    let version =
        toml::from_str::<toml::Table>(text).ok().and_then(|table| table.get("schema")?.as_integer());
    if let Some(newer) = version.filter(|version| *version > SCHEMA) {
        return Err(Unreadable::Newer(newer));
    }
    if text.trim_end().lines().next_back() != Some(END) {
        return damaged("is cut off: its last line is missing");
    }
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            // Without the parser's own words: they quote the file.
            return damaged(&format!("has something at line {line} that tokiolings does not write there"));
        }
    };
    if file.schema != SCHEMA {
        return damaged(&format!("has schema version {}, which does not exist", file.schema));
    }
    Ok(Progress {
        learner: file.learner,
        current: file.current,
        pages: file.pages,
        records: file.steps.into_iter().map(|(name, entry)| (name, entry.into())).collect(),
        no_review: file.no_review,
        extra: file.extra,
    })
}

impl Progress {
    /// Reads the text of a progress file that somebody else wrote.
    ///
    /// # Errors
    /// Why it is none; the text completes "progress.toml …".
    pub fn read(text: &[u8]) -> Result<Self, String> {
        read(text).map_err(|unreadable| match unreadable {
            Unreadable::Damaged(problem) => problem,
            Unreadable::Newer(version) => {
                format!("has schema version {version}, from a newer version of tokiolings")
            }
        })
    }
}

impl From<&Record> for Entry {
    fn from(record: &Record) -> Self {
        let Record {
            mark,
            solved_at,
            attempts,
            hints,
            gave_up,
            answered,
            source,
            hidden,
            reviews,
            reviewed_at,
            extra,
        } = record.clone();
        let state = mark.map(|mark| match mark {
            Mark::Solved => EntryState::Solved,
            Mark::Skipped => EntryState::Skipped,
        });
        Self {
            state,
            solved_at,
            attempts,
            hints,
            gave_up,
            answered,
            source,
            hidden,
            reviews,
            reviewed_at,
            extra,
        }
    }
}

impl From<Entry> for Record {
    fn from(entry: Entry) -> Self {
        let Entry {
            state,
            solved_at,
            attempts,
            hints,
            gave_up,
            answered,
            source,
            hidden,
            reviews,
            reviewed_at,
            extra,
        } = entry;
        let mark = state.map(|state| match state {
            EntryState::Solved => Mark::Solved,
            EntryState::Skipped => Mark::Skipped,
        });
        Self {
            mark,
            solved_at,
            attempts,
            hints,
            gave_up,
            answered,
            source,
            hidden,
            reviews,
            reviewed_at,
            extra,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture::{now, quiz};

    fn sample() -> Progress {
        let mut progress = Progress::new("c0ffee".into());
        progress.go_to("second");
        progress.see_page("01_one");
        progress.see_page("01_one");
        progress.record_attempt("first");
        progress.record_solved("first", "aa", "bb", now());
        progress.skip("third");
        progress.give_up("second");
        progress.answer_quiz(&quiz("question", "01_one"), 2, now());
        progress
    }

    #[test]
    fn the_format() {
        let expected = "\
# What you have done so far. Commit this file; tokiolings writes it, and rewrites your edits.
schema = 1
learner = \"c0ffee\"
current = \"second\"
pages = [\"01_one\"]

[steps.first]
state = \"solved\"
solved_at = \"2001-09-09T01:46:40Z\"
attempts = 1
hints = 0
source = \"aa\"
hidden = \"bb\"

[steps.question]
attempts = 1
hints = 0
answered = [2]

[steps.second]
attempts = 0
hints = 0
gave_up = true

[steps.third]
state = \"skipped\"
attempts = 0
hints = 0

# end of progress
";
        assert_eq!(write(&sample()), expected);
        assert_eq!(read(expected.as_bytes()).unwrap(), sample());
    }

    #[test]
    fn what_this_version_does_not_know_is_written_back() {
        let text = "schema = 1\nlearner = \"x\"\nmood = \"good\"\n[badges]\ngold = 3\n\
                    [steps.gone]\nstate = \"solved\"\nstars = 5\n[steps.gone.more]\ndeep = [1, 2]\n# end of progress";
        let mut progress = read(text.as_bytes()).unwrap();
        progress.record_attempt("gone");
        let again = write(&progress);
        let table: toml::Table = toml::from_str(&again).unwrap();
        assert_eq!(table["mood"].as_str(), Some("good"), "{again}");
        assert_eq!(table["badges"]["gold"].as_integer(), Some(3));
        assert_eq!(table["steps"]["gone"]["stars"].as_integer(), Some(5));
        assert_eq!(table["steps"]["gone"]["more"]["deep"].to_string(), "[1, 2]");
        assert_eq!(read(again.as_bytes()).unwrap(), progress);
    }

    #[test]
    fn names_that_toml_must_quote_survive() {
        let mut progress = Progress::new("\"quoted\" \n".into());
        progress.record_attempt("with space.and.dots");
        progress.record_attempt("");
        assert_eq!(read(write(&progress).as_bytes()).unwrap(), progress);
    }

    #[test]
    fn cut_off_anywhere_it_is_never_taken_for_whole() {
        let whole = write(&sample());
        for length in 0..whole.len() - 1 {
            let result = read(&whole.as_bytes()[..length]);
            assert!(matches!(result, Err(Unreadable::Damaged(_))), "cut off at {length}: {result:?}");
        }
    }

    #[test]
    fn a_newer_schema_is_told_apart_from_damage() {
        assert_eq!(read(b"schema = 2\nsteps = 7\n"), Err(Unreadable::Newer(2)));
        let damage = |text: &str| match read(text.as_bytes()) {
            Err(Unreadable::Damaged(problem)) => problem,
            other => panic!("{other:?}"),
        };
        assert!(damage("schema = 0\nlearner = \"x\"\n# end of progress").contains("version 0"));
        assert!(damage("learner = \"x\"\n# end of progress").contains("line 1"));
        let wrong_type = damage("schema = 1\nlearner = [\"a private word\"]\n# end of progress");
        assert!(wrong_type.contains("line 2") && !wrong_type.contains("private"), "{wrong_type}");
        assert!(damage("\n \n").contains("empty"));
        assert!(damage("<<<<<<< ours\n# end of progress").contains("line 1"));
        assert_eq!(read(b"\xff"), Err(Unreadable::Damaged("is not text".into())));
    }
}
