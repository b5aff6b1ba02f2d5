//! A share of a cohort for one machine of several. Pure: every machine finds the same shares from the same names.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::str::FromStr;

use super::model::{Cohort, Found, Share};
use super::roster::Roster;

/// `K/N`: the K-th of N shares, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    number: usize,
    of: usize,
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("write K/N with K from 1 to N, as in 2/4".to_owned()),
        }
    }
}

impl std::fmt::Display for Partition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// What each learner cost in a former run, in microseconds.
pub type Costs = BTreeMap<String, u64>;

/// What each learner of a former run cost. A text that several handed in was graded once: they share its cost.
#[must_use]
pub fn costs(cohort: &Cohort) -> Costs {
    let mut holders = vec![0_u64; cohort.submissions.len()];
    let texts = |learner: usize| {
        let cells = cohort.learners[learner].cells.as_deref().unwrap_or_default();
        cells.iter().filter_map(|cell| match cell.found {
            Found::Text(at) => Some(at as usize),
            Found::Missing | Found::Unreadable(_) => None,
        })
    };
    let everybody = 0..cohort.learners.len();
    everybody.clone().flat_map(texts).for_each(|at| holders[at] += 1);
    let share = |at: usize| (cohort.submissions[at].seconds.max(0.0) * 1e6) as u64 / holders[at];
    everybody.map(|at| (cohort.learners[at].name.clone(), texts(at).map(share).sum())).collect()
}

impl Partition {
    /// The share's number, from 1, and how many there are.
    #[must_use]
    pub fn share(self) -> (usize, usize) {
        (self.number, self.of)
    }

    /// The learners of this share, with everybody's names noted.
    #[must_use]
    pub fn of(self, roster: Roster, costs: Option<&Costs>) -> Roster {
        let everybody: Vec<String> = roster.places.iter().map(|place| place.name.clone()).collect();
        let shares = deal(&everybody, self.of, costs);
        let mine = roster.places.into_iter().zip(shares).filter(|(_, share)| share + 1 == self.number);
        Roster {
            carried: roster.carried,
            places: mine.map(|(place, _)| place).collect(),
            notes: roster.notes,
            share: Some(Share { number: self.number, of: self.of, everybody }),
        }
    }
}

/// Everybody's share, from 0: as many learners in each as in any other; or, where costs are known, the most expensive
/// first, each to the share that has the least to do so far.
fn deal(names: &[String], shares: usize, costs: Option<&Costs>) -> Vec<usize> {
    let mean = costs.filter(|costs| !costs.is_empty()).map_or(0, |costs| {
        let sum: u64 = costs.values().sum();
        sum / costs.len() as u64
    });
    let cost = |name: &String| costs.map_or(0, |costs| costs.get(name).copied().unwrap_or(mean));
    let mut order: Vec<usize> = (0..names.len()).collect();
    // By hash where costs are equal: in a sorted roster neighbours may have much in common.
    order.sort_by_cached_key(|at| {
        (Reverse(cost(&names[*at])), *blake3::hash(names[*at].as_bytes()).as_bytes())
    });
    let mut loads = vec![(0_u64, 0_usize); shares];
    let mut dealt = vec![0; names.len()];
    for at in order {
        let least = (0..shares).min_by_key(|share| loads[*share]).unwrap_or_default();
        loads[least].0 += cost(&names[at]);
        loads[least].1 += 1;
        dealt[at] = least;
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("learner {number:04}")).collect()
    }

    fn sizes(dealt: &[usize], shares: usize) -> Vec<usize> {
        (0..shares).map(|share| dealt.iter().filter(|of| **of == share).count()).collect()
    }

    #[test]
    fn shares_cover_everybody_once_and_are_of_one_size() {
        assert_eq!(sizes(&deal(&names(302), 4, None), 4), [76, 76, 75, 75]);
        assert_eq!(sizes(&deal(&names(2), 3, None), 3), [1, 1, 0]);
        assert_eq!(deal(&names(0), 3, None), [0; 0]);
        assert_eq!(deal(&names(50), 7, None), deal(&names(50), 7, None));
    }

    #[test]
    fn known_costs_are_balanced_and_newcomers_cost_what_others_do() {
        let names = names(6);
        let costs: Costs = names.iter().cloned().zip([60, 30, 20, 10, 0]).collect();
        let dealt = deal(&names, 2, Some(&costs));
        let load = |share: usize| -> u64 {
            let mine = names.iter().zip(&dealt).filter(|(_, of)| **of == share);
            mine.map(|(name, _)| costs.get(name).copied().unwrap_or(24)).sum()
        };
        // The best there is of 144: the mean of the five known is 24.
        assert_eq!((load(0).max(load(1)), load(0) + load(1)), (74, 144));
        assert_eq!(sizes(&deal(&names, 3, Some(&Costs::new())), 3), [2, 2, 2], "no costs: equal sizes");
    }

    #[test]
    fn a_partition_is_k_of_n_from_one() {
        assert_eq!("2/4".parse(), Ok(Partition { number: 2, of: 4 }));
        for bad in ["0/4", "5/4", "4", "a/b", "1/0", "-1/4", "1/4/5", ""] {
            assert!(bad.parse::<Partition>().is_err(), "{bad}");
        }
    }
}
