//! The order in which many submissions are graded.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::source::Source;
use crate::workbook::Exercise;

/// The places of submissions, dealt so that neighbours are of different exercises: each finds the build folder of its
/// exercise free, and the compiler's incremental state in it.
pub(in crate::grader) fn dealt(submissions: &[(Arc<Exercise>, Source)]) -> Vec<usize> {
    let mut rounds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut dealt = Vec::with_capacity(submissions.len());
    for (index, (exercise, _)) in submissions.iter().enumerate() {
        let round = rounds.entry(&exercise.name).or_default();
        *round += 1;
        dealt.push((*round, index));
    }
    dealt.sort_unstable();
    dealt.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sample_exercise;

    #[test]
    fn neighbours_are_of_different_exercises_as_long_as_there_are_several() {
        let of = |name: &str| (Arc::new(sample_exercise(name, &[])), Source::Text(String::new()));
        let submissions = ["a", "a", "a", "b", "b", "c"].map(of);
        assert_eq!(dealt(&submissions), [0, 3, 5, 1, 4, 2]);
        assert_eq!(dealt(&[]), [0; 0]);
    }
}
