//! Names in the order in which people look for them: "Zoë" beside "Zoe", and capitals beside small letters.

use std::cmp::Ordering;

use feruca::{Collator, Tailoring};

/// Sorts by names, as the Unicode Collation Algorithm does with CLDR's root order. Names that are alike in it stand in the
/// order of their bytes, so that every machine finds one order.
pub(super) fn by_name<T>(items: &mut [T], name: impl Fn(&T) -> &str) {
    let mut collator = Collator::new(Tailoring::default(), false, true);
    items.sort_by(|a, b| collator.collate(name(a), name(b)));
}

/// The names that people take for another one of these: they differ in nothing but capitals, or in how accents are
/// encoded. Each group in order, by places in `names`.
pub(super) fn alike(names: &[&str]) -> Vec<Vec<usize>> {
    let mut collator = Collator::new(Tailoring::default(), false, false);
    let mut folded: Vec<(usize, String)> =
        names.iter().enumerate().map(|(at, name)| (at, name.to_lowercase())).collect();
    folded.sort_by(|(_, a), (_, b)| collator.collate(a, b));
    let groups = folded.chunk_by(|(_, a), (_, b)| collator.collate(a, b) == Ordering::Equal);
    groups.filter(|group| group.len() > 1).map(|group| group.iter().map(|(at, _)| *at).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_where_people_look_for_them() {
        let mut names =
            ["zoe", "[abc]", "Émile", "ann", "Öz", "Zoë", "=1+1", "emil", "Ann", "Zoe", "10", "李"];
        by_name(&mut names, |name| name);
        assert_eq!(
            names,
            ["[abc]", "=1+1", "10", "ann", "Ann", "emil", "Émile", "Öz", "zoe", "Zoe", "Zoë", "李"]
        );
    }

    #[test]
    fn one_order_wherever_the_names_came_from() {
        // Equal to the algorithm, and two names all the same.
        let [composed, apart] = ["Zo\u{eb}", "Zoe\u{308}"];
        let (mut one, mut other) = ([composed, apart], [apart, composed]);
        by_name(&mut one, |name| name);
        by_name(&mut other, |name| name);
        assert_eq!(one, other);
    }

    #[test]
    fn names_that_are_taken_for_each_other_are_found() {
        let names = ["Ann", "Bob", "ann", "Zo\u{eb}", "Zoe", "zoe\u{308}", "ANN", "An n"];
        assert_eq!(alike(&names), [vec![0, 2, 6], vec![3, 5]]);
        assert_eq!(alike(&["a", "b"]), Vec::<Vec<usize>>::new());
    }
}
