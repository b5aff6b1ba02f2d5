//! The attack corpus, `tests/attacks`: submissions that want to be `passed` without solving their exercise, to be
//! `broken` so that they cost nothing, or to harm the machine. Each has the verdict that it must get, and leaves nothing
//! behind. They run on this machine only, under the grader.
//!
//! In every run some of those that each defence stops are tried, others each day; all of them by
//! `cargo test --test attacks -- --ignored`. With `--nocapture` it says how many there are, and where the table of them is.
//! `TOKIOLINGS_ATTACK=part_of_a_name` picks some of them, `TOKIOLINGS_DEFENCE=key` those that this defence stops: take
//! the defence out of the grader, and they get through.
//!
//! An attack whose harm would not show in a verdict (reading a file, reaching the network) solves its exercise exactly
//! when it gets through, so that `passed` is the alarm for all of them.

#[path = "attacks/corpus.rs"]
mod corpus;
#[path = "sample/day.rs"]
mod day;
#[path = "attacks/remains.rs"]
mod remains;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use tokiolings::grader::walls::Confinement;
use tokiolings::grader::{Grader, Home, Options, Source};
use tokiolings::verdict::{Kind, Verdict};
use tokiolings::workbook::{Exercise, Workbook};

use corpus::{Attack, HEADS, Words};
use day::Day;

/// The walls that the grader below builds around what it runs. Where the machine has none, attacks that need them are not
/// tried: they would get through, and some of them would take the machine along.
static WALLS: LazyLock<Option<Confinement>> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let probed = runtime.block_on(Confinement::probe(PathBuf::from(env!("CARGO_BIN_EXE_tokiolings"))));
    probed.inspect_err(|missing| println!("not confined: {missing:?}")).ok()
});

/// At least so many attacks under each head, and under the first four together.
const EACH: usize = 15;
const ALL: usize = 60;

/// A verdict has at most a hundred diagnostics of twice 16 KiB, and no more of a test's output than that.
const LONGEST: usize = 4 << 20;

/// Compile-time attacks end here. Honest submissions need a second, and wait for others on a busy machine.
const COMPILE_LIMIT: Duration = Duration::from_secs(20);

static GRADER: LazyLock<Grader> = LazyLock::new(|| {
    let workbook = Workbook::read(&root()).unwrap_or_else(|faults| panic!("failed to {faults}"));
    let options = Options {
        cache: false,
        compile_limit: COMPILE_LIMIT,
        confinement: WALLS.clone(),
        ..Options::default()
    };
    Grader::new(Arc::new(workbook), Home::at(home()), options)
});

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("attacks-home")
}

/// So many attacks for each defence are tried in every run.
const SAMPLE: usize = 2;

#[test]
fn some_attacks_on_each_defence_get_the_verdicts_that_they_must_get() {
    let day = Day::today();
    try_them(|attacks| {
        let mut drawn = BTreeSet::new();
        for defence in corpus::DEFENCES {
            // One that something else would stop as well says less about it.
            let stops = |attack: &&Attack| attack.stopped_by.iter().any(|by| by == defence);
            let mut of_defence: Vec<&Attack> = attacks.iter().filter(stops).collect();
            of_defence.sort_by_key(|attack| attack.stopped_by.len());
            let alone = of_defence.iter().take_while(|attack| attack.stopped_by.len() == 1).count();
            of_defence.truncate(alone.max(SAMPLE));
            let (sample, _) = day.split(of_defence, SAMPLE, |attack| attack.id());
            drawn.extend(sample.into_iter().map(Attack::id));
        }
        attacks.retain(|attack| drawn.contains(&attack.id()));
    });
}

#[test]
#[ignore = "all of them: six minutes of both cores"]
fn all_attacks_get_the_verdicts_that_they_must_get() {
    try_them(|_| {});
}

/// Tries those that `choose` leaves.
fn try_them(choose: impl FnOnce(&mut Vec<Attack>)) {
    let chosen = std::env::var("TOKIOLINGS_ATTACK").unwrap_or_default();
    let defence = std::env::var("TOKIOLINGS_DEFENCE").ok();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let target = runtime.block_on(GRADER.target_folder()).expect("there is a compiler");
    // Where the user's own cargo builds in another way, nothing that it could take is there.
    let target = target.unwrap_or_else(|| home().join("dependencies"));
    let words = Words::new(root(), home(), target);
    let mut attacks = corpus::read(&root().join("tests/attacks"), &words);
    if chosen.is_empty() && defence.is_none() {
        check_corpus(&attacks);
        choose(&mut attacks);
    }
    let stops = |attack: &Attack| defence.as_ref().is_none_or(|defence| attack.stopped_by.contains(defence));
    attacks.retain(|attack| attack.id().contains(&chosen) && stops(attack));
    let (attacks, skipped): (Vec<Attack>, Vec<Attack>) =
        attacks.into_iter().partition(|attack| WALLS.is_some() || !attack.needs_confinement);
    let exercises: BTreeMap<String, Arc<Exercise>> =
        GRADER.workbook().exercises().map(|e| (e.name.clone(), e.clone())).collect();

    let mut complaints = Vec::new();
    let mut passed = 0;
    let mut table = String::new();
    for (attack, verdict) in runtime.block_on(grade_all(&attacks, &exercises, &mut complaints)) {
        passed += usize::from(verdict.passed());
        let took = verdict.seconds.total;
        table.push_str(&format!("{:60} {:16} {took:6.2} s\n", attack.id(), verdict.kind.as_str()));
        let mut complaint = complain(attack, &verdict);
        if !complaint.is_empty() && !verdict.passed() {
            // On a busy machine another limit may have been the first. What gets through, gets through every time.
            println!("{}, once more: it was {}", attack.id(), verdict.kind.as_str());
            let again = runtime.block_on(grade(attack, &exercises[&attack.exercise]));
            passed += usize::from(again.passed());
            complaint = complain(attack, &again);
        }
        complaints.extend(complaint);
    }
    complaints.extend(runtime.block_on(remains::complain(&home(), &words.mark)));
    if defence.is_some() && !complaints.is_empty() {
        // What gets through without it may have spoilt the folders that the next run would find.
        let _ = fs::remove_dir_all(home().join("builds"));
    }

    for head in HEADS {
        let of_head = |list: &[Attack]| list.iter().filter(|attack| attack.head == *head).count();
        println!("{head}: {} tried, {} skipped", of_head(&attacks), of_head(&skipped));
    }
    for attack in &skipped {
        println!("skipped, needs confinement: {}", attack.id());
    }
    // Not on the output: there it would bury the complaints.
    let written = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("attacks.txt");
    fs::write(&written, table).expect("the folder for tests is writable");
    println!(
        "{} attacks tried, {passed} passed; each with its verdict: {}",
        attacks.len(),
        written.display()
    );
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn check_corpus(attacks: &[Attack]) {
    let count = |head: &str| attacks.iter().filter(|attack| attack.head == head).count();
    for head in HEADS {
        assert!(count(head) >= EACH, "{} attacks under {head}, of at least {EACH}", count(head));
    }
    let heads = attacks.len() - count("limits");
    assert!(heads >= ALL, "{heads} attacks that try to pass, of at least {ALL}");
    for defence in corpus::DEFENCES {
        let attacked = attacks.iter().any(|attack| attack.stopped_by.iter().any(|name| name == defence));
        assert!(attacked, "no attack is stopped by `{defence}`: add one, or drop it from the list");
    }
}

/// Side by side, except for those that want a build folder for themselves.
async fn grade_all<'a>(
    attacks: &'a [Attack],
    exercises: &BTreeMap<String, Arc<Exercise>>,
    complaints: &mut Vec<String>,
) -> Vec<(&'a Attack, Verdict)> {
    let find = |attack: &Attack| {
        let found = exercises.get(&attack.exercise);
        found.unwrap_or_else(|| panic!("{}: no exercise `{}`", attack.id(), attack.exercise)).clone()
    };
    let (alone, beside): (Vec<_>, Vec<_>) = attacks.iter().partition(|attack| attack.alone);
    let mut graded: Vec<_> = stream::iter(beside)
        .map(|attack| {
            let exercise = find(attack);
            async move { (attack, grade(attack, &exercise).await) }
        })
        .buffer_unordered(4)
        .collect()
        .await;
    for attack in alone {
        let exercise = find(attack);
        // The second time in the folder that the first has left.
        for _ in 0..2 {
            graded.push((attack, grade(attack, &exercise).await));
        }
        let solution = GRADER.grade(&exercise, &Source::Text(exercise.solution.clone()), &|_| {}).await;
        if !solution.passed() {
            complaints.push(format!(
                "{} harms others: after it, the solution of {} is {}:\n{}",
                attack.id(),
                attack.exercise,
                solution.kind.as_str(),
                short(&said(&solution))
            ));
            // What is spoilt would spoil the next run, too.
            let _ = fs::remove_dir_all(home().join("builds"));
        }
    }
    graded
}

async fn grade(attack: &Attack, exercise: &Arc<Exercise>) -> Verdict {
    let source = match String::from_utf8(attack.source.clone()) {
        Ok(text) => Source::Text(text),
        Err(bytes) => {
            let folder = home().join("sources");
            fs::create_dir_all(&folder).expect("the grader's folder is writable");
            let path = folder.join(format!("{}.rs", attack.name));
            fs::write(&path, bytes.into_bytes()).expect("the grader's folder is writable");
            Source::Path(path)
        }
    };
    GRADER.grade(exercise, &source, &|_| {}).await
}

fn complain(attack: &Attack, verdict: &Verdict) -> Vec<String> {
    let said = said(verdict);
    let mut complaints = Vec::new();
    let mut wrong = |what: String| {
        complaints.push(format!(
            "{} {what} (stopped by {}):\n{}",
            attack.id(),
            attack.stopped_by.join(", "),
            short(&said)
        ));
    };
    if verdict.passed() {
        wrong("PASSED".to_owned());
    } else if verdict.kind == Kind::Broken {
        wrong("is broken: the machine is said to be at fault".to_owned());
    } else if !attack.expects.iter().any(|expected| expected == verdict.kind.as_str()) {
        wrong(format!("is {}, expected {}", verdict.kind.as_str(), attack.expects.join(" or ")));
    } else if let Some(says) = &attack.says
        && !said.contains(says)
    {
        wrong(format!("does not say {says:?}"));
    }
    if said.len() > LONGEST {
        wrong(format!("says {} MB", said.len() >> 20));
    }
    for secret in attack.hides.iter().filter(|secret| said.contains(*secret)) {
        wrong(format!("shows {secret:?}"));
    }
    let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t' || ('\u{202a}'..='\u{202e}').contains(&c);
    if let Some(control) = said.chars().find(|c| obeyed(*c)) {
        wrong(format!("lets {control:?} through"));
    }
    complaints
}

/// Everything that a learner or a teacher would read.
fn said(verdict: &Verdict) -> String {
    let mut text = String::new();
    for diagnostic in &verdict.diagnostics {
        let code = diagnostic.code.as_deref().unwrap_or("-");
        text.push_str(&format!("[{code}] {}\n{}\n", diagnostic.message, diagnostic.rendered));
    }
    for test in &verdict.tests {
        text.push_str(&format!("{} {}: {}\n", test.status.as_str(), test.name, test.message));
    }
    for test in &verdict.tests {
        text.push_str(&test.output);
    }
    if let Some(broken) = &verdict.broken {
        text.push_str(&format!("{} ({})\n", broken.problem, broken.remedy));
    }
    text
}

fn short(text: &str) -> String {
    text.chars().take(1500).collect()
}
