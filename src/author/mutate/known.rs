//! Which mutants are recorded as equivalent, and which records fit no mutant any more.

use super::Mutant;
use crate::workbook::{Equivalent, Fault};

/// The records of one solution, matched with its mutants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<'a> {
    /// The record of each mutant that has one.
    pub records: Vec<Option<&'a Equivalent>>,
    /// What is wrong with the records that name no mutant, or not one alone.
    pub faults: Vec<Fault>,
}

/// Finds the mutant of each record.
#[must_use]
pub fn known<'a>(mutants: &[Mutant], records: &'a [Equivalent]) -> Known<'a> {
    let mut known = Known { records: vec![None; mutants.len()], faults: Vec::new() };
    for record in records {
        let problem = match find(mutants, record) {
            Ok(index) => match known.records[index].replace(record) {
                Some(other) => format!("names the same mutant as line {}; delete one of them", other.line),
                None => continue,
            },
            Err(problem) => problem,
        };
        known.faults.push(Fault { file: record.file.clone(), line: Some(record.line), problem });
    }
    known
}

fn find(mutants: &[Mutant], record: &Equivalent) -> Result<usize, String> {
    let all: Vec<usize> = (0..mutants.len()).collect();
    let of_operator = narrowed(&all, |index| mutants[index].operator.as_str() == record.operator);
    let within = narrowed(&of_operator, |index| mutants[index].within == record.within);
    let before = narrowed(&within, |index| mutants[index].before == record.before);
    let fitting = narrowed(&before, |index| mutants[index].after == record.after);
    let nothing =
        |what: String| format!("{what}; the solution or the mutants have changed: fix it or delete it");
    if of_operator.is_empty() {
        return Err(nothing(format!("the solution has no mutant by `{}`", record.operator)));
    }
    if within.is_empty() {
        return Err(nothing(format!("no mutant by `{}` is in `{}`", record.operator, record.within)));
    }
    if before.is_empty() {
        return Err(nothing(format!("no such mutant touches `{}`", record.before)));
    }
    match (fitting.as_slice(), record.nth) {
        ([], _) if record.after.is_empty() => {
            Err(nothing(format!("no such mutant leaves out `{}`", record.before)))
        }
        ([], _) => Err(nothing(format!("no such mutant makes `{}` of it", record.after))),
        ([only], None) => Ok(*only),
        (several, Some(nth)) => several.get(nth.wrapping_sub(1)).copied().ok_or_else(|| {
            nothing(format!("`nth` is {nth}, but the number of such mutants is {}", several.len()))
        }),
        (several, None) => {
            let lines: Vec<String> = several.iter().map(|index| mutants[*index].line.to_string()).collect();
            Err(format!(
                "fits {} mutants, at lines {} of the solution; say which with `nth = 1`, `nth = 2`, …",
                several.len(),
                lines.join(" and ")
            ))
        }
    }
}

fn narrowed(of: &[usize], keep: impl Fn(usize) -> bool) -> Vec<usize> {
    of.iter().copied().filter(|index| keep(*index)).collect()
}

/// Which of the mutants that a record could not tell apart this one is, from 1; `None` when there is no other.
#[must_use]
pub fn nth(mutants: &[Mutant], index: usize) -> Option<usize> {
    let alike = |other: &Mutant| {
        let Mutant { operator, within, before, after, .. } = &mutants[index];
        (operator, within, before, after) == (&other.operator, &other.within, &other.before, &other.after)
    };
    let of = |mutants: &[Mutant]| mutants.iter().filter(|other| alike(other)).count();
    (of(mutants) > 1).then(|| 1 + of(&mutants[..index]))
}
