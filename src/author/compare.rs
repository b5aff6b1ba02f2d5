//! When two verdicts on the same text are the same.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::verdict::{Verdict, wire};

/// Everything but the times, the text that quotes them, how busy a hanging test was seen to be, and the values that
/// hidden tests pick anew in each run, which recordings are full of. What a program printed is a set of
/// lines: a test that picks how many connections break, and when, also picks how often that is printed, and in which order.
#[must_use]
pub fn comparable(verdict: &Verdict) -> Value {
    let json = wire::Verdict::from(verdict).to_json();
    let mut value: Value = serde_json::from_str(&json).expect("verdicts are valid JSON");
    strip(&mut value);
    value
}

/// Whether some verdict was found both ways. Some wrong answers race, and lose now and then; a difference between two
/// ways of grading is there every time.
#[must_use]
pub fn same(one: &[Value], other: &[Value]) -> bool {
    one.iter().any(|verdict| other.contains(verdict))
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for varying in ["seconds", "cpu_seconds", "threads", "rendered", "timeline"] {
                fields.remove(varying);
            }
            fields.values_mut().for_each(strip);
            if let Some(Value::String(printed)) = fields.get_mut("output") {
                *printed = each_line_once(printed);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::String(text) => *text = without_numbers(text),
        _ => {}
    }
}

/// The lines of a text in their alphabetical order, without doubles.
fn each_line_once(text: &str) -> String {
    let lines: BTreeSet<&str> = text.lines().collect();
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

/// The text with a `#` for every number, and for every list of numbers: how many there are can be picked, too.
pub(super) fn without_numbers(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        let part = character.is_ascii_digit() || character == '.' && plain.ends_with('#');
        match part {
            true if plain.ends_with('#') => {}
            true => plain.push('#'),
            false => plain.push(character),
        }
        if plain.ends_with("#, #") {
            plain.truncate(plain.len() - ", #".len());
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_do_not_make_a_difference_and_words_do() {
        assert_eq!(without_numbers("after 12.5 ms, 3 of 4"), "after # ms, # of #");
        assert_eq!(without_numbers("[0, 300, 600]"), without_numbers("[0, 452.5]"));
        assert_ne!(without_numbers("[0, 300]"), without_numbers("[]"));
        assert_ne!(without_numbers("v1 waits"), without_numbers("v1 runs"));
    }

    #[test]
    fn how_often_a_line_was_printed_makes_no_difference() {
        assert_eq!(each_line_once("b\na\nb\n"), each_line_once("a\nb"));
        assert_ne!(each_line_once("a\nb"), each_line_once("a\nc"));
        assert_ne!(each_line_once("a"), each_line_once(""));
    }

    #[test]
    fn one_verdict_found_both_ways_is_enough() {
        let [a, b, c] = ["a", "b", "c"].map(Value::from);
        assert!(same(&[a.clone(), b.clone()], &[c.clone(), b.clone()]));
        assert!(!same(&[a, b], &[c]));
    }
}
