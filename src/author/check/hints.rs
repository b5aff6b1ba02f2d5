//! Hints: three of them, and none that gives the solution's text away.

use std::collections::BTreeSet;

/// How many hints an exercise has: a nudge, the idea, almost the answer.
pub(super) const COUNT: usize = 3;

/// A line of the solution with more words than this is not for a hint; a name, a call or an attribute is.
const HANDFUL: usize = 5;

/// The first line of the solution, from 1, that a hint has word for word and the starter does not have.
pub(super) fn leak(hint: &str, starter: &str, solution: &str) -> Option<usize> {
    let known: BTreeSet<Vec<&str>> = starter.lines().map(tokens).collect();
    let hint = tokens(hint);
    let leaks = |line: &str| {
        let line = tokens(line);
        words(&line) > HANDFUL && !known.contains(&line) && hint.windows(line.len()).any(|part| part == line)
    };
    solution.lines().position(leaks).map(|at| at + 1)
}

/// Words and signs, without what only sets code apart in a text, and without what ends a line.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let length = match rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()) {
            0 => first.len_utf8(),
            length => length,
        };
        let (token, behind) = rest.split_at(length);
        if token != "`" {
            tokens.push(token);
        }
        rest = behind.trim_start();
    }
    while matches!(tokens.last(), Some(&(";" | "," | "{"))) {
        tokens.pop();
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn words(tokens: &[&str]) -> usize {
    tokens.iter().filter(|token| token.starts_with(is_word)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTER: &str =
        "pub async fn both(tea: Tea, toast: Toast) -> (A, B) {\n    (tea.await, toast.await)\n}\n";
    const SOLUTION: &str = "pub async fn both(tea: Tea, toast: Toast) -> (A, B) {\n    let (tea, toast) = tokio::join!(tea, toast);\n    (tea, toast)\n}\n";

    #[test]
    fn a_line_of_the_solution_is_a_leak_however_it_is_set() {
        let leaks = |hint| leak(hint, STARTER, SOLUTION);
        assert_eq!(leaks("Write `let (tea, toast) = tokio::join!(tea, toast);` and be done."), Some(2));
        assert_eq!(leaks("Write let (tea,toast)=tokio :: join!( tea, toast )"), Some(2));
    }

    #[test]
    fn names_and_lines_of_the_starter_are_none() {
        let leaks = |hint| leak(hint, STARTER, SOLUTION);
        assert_eq!(leaks("`tokio::join!` takes futures and gives a tuple of what they return."), None);
        assert_eq!(leaks("Look at `pub async fn both(tea: Tea, toast: Toast) -> (A, B) {` again."), None);
        assert_eq!(leaks(""), None);
    }
}
