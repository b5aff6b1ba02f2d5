use super::super::sample;
use super::super::wire::write_json;
use super::*;
use crate::verdict::Kind;

/// The sample, as the shares with these learners would hold it.
fn parts(shares: &[&[usize]]) -> Vec<Part> {
    let whole = sample::cohort();
    let everybody: Vec<String> = whole.learners.iter().map(|learner| learner.name.clone()).collect();
    let part = |(at, learners): (usize, &&[usize])| {
        let mut cohort = sample::cohort();
        cohort.learners = learners.iter().map(|at| whole.learners[*at].clone()).collect();
        let used = |text: u32| {
            let cells =
                cohort.learners.iter().flat_map(|learner| learner.cells.as_deref().unwrap_or_default());
            cells.into_iter().any(|cell| cell.found == Found::Text(text))
        };
        let kept: Vec<u32> = (0..4).filter(|text| used(*text)).collect();
        for cell in cohort.learners.iter_mut().filter_map(|learner| learner.cells.as_mut().ok()).flatten() {
            if let Found::Text(text) = &mut cell.found {
                *text = (0..).zip(&kept).find(|(_, old)| *old == text).expect("kept").0;
            }
        }
        cohort.submissions = kept.iter().map(|text| whole.submissions[*text as usize].clone()).collect();
        cohort.share = Some(Share { number: at + 1, of: shares.len(), everybody: everybody.clone() });
        Part { file: format!("{}.json", at + 1), cohort }
    };
    shares.iter().enumerate().map(part).collect()
}

fn refused(parts: Vec<Part>) -> Vec<String> {
    match merge(parts) {
        Err(Error::Merge(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

#[test]
fn shares_in_any_order_become_what_one_run_would_have_found() {
    let mut shares = parts(&[&[4, 1], &[0, 3], &[2]]);
    shares.rotate_left(1);
    let (mut merged, doubts) = merge(shares).unwrap();
    assert_eq!(doubts, [""; 0]);
    assert_eq!((merged.run.seconds, merged.run.graded), (1800.0, 12));
    merged.run = sample::cohort().run;
    assert_eq!(merged, sample::cohort());
    let text = |cohort: &Cohort| {
        let mut bytes = Vec::new();
        write_json(cohort, &mut bytes).unwrap();
        bytes
    };
    assert_eq!(text(&merged), text(&sample::cohort()));
}

#[test]
fn a_whole_cohort_alone_is_itself() {
    let whole = || Part { file: "whole.json".into(), cohort: sample::cohort() };
    assert_eq!(merge(vec![whole()]).unwrap().0, sample::cohort());
    assert!(refused(vec![whole(), whole()])[0].contains("whole.json is a whole cohort"));
}

#[test]
fn an_overlap_names_files_and_learners() {
    let mut shares = parts(&[&[0, 1, 2], &[2, 3, 4]]);
    assert_eq!(refused(shares.clone()), ["1.json and 2.json both contain `alice`"]);
    shares[1] = Part { file: "copy.json".into(), ..shares[0].clone() };
    let problems = refused(shares);
    assert_eq!(problems[0], "1.json and copy.json are both share 1/2");
    assert_eq!(problems[1], "1.json and copy.json both contain `<script>alert(1)</script>`, `=1+1`, `alice`");
    assert_eq!(problems[2..], ["no file is share 2/2", "no file contains `broken`, `carol`"]);
}

#[test]
fn a_gap_names_shares_and_learners() {
    let mut shares = parts(&[&[0, 1], &[2, 3], &[4]]);
    shares.remove(1);
    assert_eq!(refused(shares), ["no file is share 2/3", "no file contains `alice`, `broken`"]);
    assert_eq!(refused(parts(&[&[0, 1, 2, 3], &[]])), ["no file contains `carol`"]);
}

#[test]
fn what_was_not_graded_by_the_same_means_is_not_joined() {
    let spoilt = |change: fn(&mut Cohort)| {
        let mut shares = parts(&[&[0, 1], &[2, 3, 4]]);
        change(&mut shares[1].cohort);
        refused(shares).join("\n")
    };
    assert_eq!(
        spoilt(|cohort| cohort.workbook = "4567".into()),
        "1.json: workbook `A <small> workbook` 0123, but 2.json: `A <small> workbook` 4567"
    );
    assert!(spoilt(|cohort| cohort.tool = "9.9.9".into()).contains("tokiolings 1.2.3, but 2.json: 9.9.9"));
    assert!(spoilt(|cohort| cohort.confined = false).contains("confined, but 2.json: unconfined"));
    assert!(spoilt(|cohort| cohort.share = None).contains("share of 2, but 2.json: a whole cohort"));
    let other = spoilt(|cohort| cohort.share.as_mut().unwrap().everybody.push("zoe".into()));
    assert_eq!(other, "2.json has learners that 1.json does not have: `zoe`");
}

#[test]
fn of_two_judgements_the_repeatable_one_is_kept_and_said() {
    for swap in [false, true] {
        let mut shares = parts(&[&[0, 1], &[2, 3, 4]]);
        let hung = usize::from(swap);
        let at = shares[hung].cohort.submissions.iter().position(|graded| graded.hash == "bbbb").unwrap();
        shares[hung].cohort.submissions[at].kind = Kind::Hung;
        let (merged, doubts) = merge(shares).unwrap();
        assert_eq!(merged.submissions, sample::cohort().submissions);
        let said =
            if swap { "first hung in 2.json, passed before" } else { "first passed in 2.json, hung before" };
        assert_eq!(doubts, [said]);
    }
}

#[test]
fn many_names_are_cut_short() {
    assert_eq!(named(&["a", "b", "c", "d", "e", "f", "g"]), "`a`, `b`, `c`, `d`, `e` and 2 more");
}
