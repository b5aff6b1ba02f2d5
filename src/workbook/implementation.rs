//! An implementation that a learner's tests are run against, where the learner writes the tests: right, or with a fault
//! that they must find. Its first lines say so: `//! It never doubles its pause.`, `//! says: …`.

/// What a learner's tests must say about an implementation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Implementation {
    /// It is right: every test passes on it.
    Right,
    /// It has a fault: a test fails on it.
    Mutant {
        /// What a learner is told when every test passes on it. [`TESTS`] stands for those tests.
        says: String,
        /// What a learner is told when a test waits forever on it, where that is not good enough.
        hangs: Option<String>,
    },
}

/// Stands for the learner's tests in what a mutant says: "all of your 3 tests".
pub const TESTS: &str = "{tests}";

/// Where implementations lie, below a workbook's root.
pub(super) const FOLDER: &str = "tests/mutants";

/// The name of an implementation as a test. Digits at the head of a file's name are for its place among the others.
pub(super) fn name(prefix: &str, file: &str) -> String {
    format!("{prefix}_{}", file.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_'))
}

/// What the first lines of an implementation say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Header {
    /// What it does, in a line.
    about: String,
    says: String,
    hangs: String,
}

impl Header {
    /// Reads the lines `//! …` at the head of a file. A line goes on with the sentence before it; an empty one ends it.
    fn read(text: &str) -> Self {
        let mut header = Self::default();
        let mut part = 0;
        for line in text.lines().map_while(|line| line.strip_prefix("//!")) {
            let line = line.trim();
            let (next, line) = match line.split_once(':') {
                Some(("says", rest)) => (1, rest.trim()),
                Some(("hangs", rest)) => (2, rest.trim()),
                _ => (part, line),
            };
            part = next;
            let text = [&mut header.about, &mut header.says, &mut header.hangs].into_iter().nth(part);
            let Some(text) = text else { continue };
            if line.is_empty() && !text.is_empty() {
                text.push('\n');
            } else {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
        header
    }
}

/// What a file's first lines make of it: what it does, and what the learner's tests must say about it.
///
/// # Errors
/// What they lack.
pub(super) fn read(text: &str, is_right: bool) -> Result<(String, Implementation), String> {
    let Header { about, says, hangs } = Header::read(text);
    if about.is_empty() {
        let what = if is_right { "it does differently" } else { "its fault is" };
        return Err(format!("its first line must say what {what}: `//! It …`"));
    }
    if is_right {
        if !says.is_empty() || !hangs.is_empty() {
            return Err("a right implementation has nothing to say; remove `says:` and `hangs:`".to_owned());
        }
        return Ok((about, Implementation::Right));
    }
    if !says.lines().next().is_some_and(|first| first.contains(TESTS)) {
        return Err(format!(
            "a mutant says what learners read if all their tests pass on it, with `{TESTS}` for the tests in its \
             first sentence: `//! says: A retry that never waits passed {TESTS}.`"
        ));
    }
    let hangs = (!hangs.is_empty()).then_some(hangs);
    Ok((about, Implementation::Mutant { says, hangs }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_say_what_it_is() {
        let text = "//! It never\n//! waits.\n//! says: A retry passed {tests}.\n//! Look\n//!\n//! again.\n//! hangs: No end.\nfn a() {}\n";
        let (about, mutant) = read(text, false).unwrap();
        assert_eq!(about, "It never waits.");
        let says = "A retry passed {tests}. Look\nagain.".to_owned();
        assert_eq!(mutant, Implementation::Mutant { says, hangs: Some("No end.".to_owned()) });
        assert_eq!(
            read("//! It is late.\n\n//! says: no\n", true),
            Ok(("It is late.".to_owned(), Implementation::Right))
        );
    }

    #[test]
    fn what_is_missing_is_told() {
        for (text, is_right, part) in [
            ("fn a() {}", true, "what it does differently"),
            ("//! says: x {tests}", false, "what its fault is"),
            ("//! It is late.\n//! says: {tests}", true, "has nothing to say"),
            ("//! It is late.", false, "a mutant says"),
            ("//! It is late.\n//! says: It passed.\n//!\n//! {tests}", false, "in its first sentence"),
        ] {
            let problem = read(text, is_right).unwrap_err();
            assert!(problem.contains(part), "{text}: {problem}");
        }
    }
}
