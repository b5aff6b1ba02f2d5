//! What lies where in a build folder.

/// Below a build folder: where a submission is compiled, where hidden tests are, and those of them that must not compile.
pub(in crate::grader) const SUBMISSION: &str = "submission";
pub(in crate::grader) const HIDDEN: &str = "hidden";
pub(in crate::grader) const REFUSABLE: &str = "refusable";
/// Where the implementations for learners' tests are compiled, and where the copies of a learner's file with them are.
pub(in crate::grader) const IMPLEMENTATIONS: &str = "implementations";
pub(in crate::grader) const TRIAL: &str = "trial";
/// The root of the crate of those copies.
pub(in crate::grader) const TRIAL_FILE: &str = "trial.rs";
/// Where the program of hidden tests is put when it is whole: nothing else is ever there.
pub(in crate::grader) const TESTS: &str = "tests";
/// What is written there.
pub(in crate::grader) const LIBRARY: &str = "libexercise.rlib";
pub(in crate::grader) const PROGRAM: &str = "program";
pub(in crate::grader) const HIDDEN_PROGRAM: &str = "hidden_tests";
pub(in crate::grader) const METADATA: &str = "librefusable.rmeta";

/// The name that the hidden tests' source has in every grading; it never reaches a learner.
pub(in crate::grader) const HIDDEN_FILE: &str = "hidden_tests.rs";

/// What the name of a copy of a learner's file begins with; [`COPY_DIGITS`] hex digits follow. It is a folder as well.
pub(in crate::grader) const COPY: &str = "copy_";
pub(in crate::grader) const COPY_DIGITS: usize = 16;

/// A text in which the files of copies have the name of the learner's file.
pub(in crate::grader) fn without_copies(text: &str) -> String {
    let mut parts = text.split(COPY);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let folder = part.split_at_checked(COPY_DIGITS).and_then(|(name, rest)| {
            let is_name = name.bytes().all(|byte| byte.is_ascii_hexdigit());
            rest.strip_prefix(['/', '\\']).filter(|_| is_name)
        });
        match folder {
            Some(rest) => plain.push_str(rest),
            None => {
                plain.push_str(COPY);
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_copy_is_left_out_and_nothing_else() {
        let text =
            "at copy_0123456789abcdef/exercises/a.rs:3, copy_0123456789abcdef::tests, copy_of/a, copy_";
        let plain = "at exercises/a.rs:3, copy_0123456789abcdef::tests, copy_of/a, copy_";
        assert_eq!(without_copies(text), plain);
    }
}
