use super::*;
use crate::verdict::{Broken, Place, Timeline};
use crate::workbook::{HiddenTests, Implementation, sample_exercise, sample_exercise_with};

fn exercise() -> Exercise {
    sample_exercise("lazy_call", &["first", "second"])
}

fn compiled(end: CompileEnd) -> Compiled {
    Compiled { end, diagnostics: Vec::new(), took: Duration::from_millis(70) }
}

fn run(test: &str, report: Option<Report>, end: End) -> Run {
    Run {
        test: test.into(),
        report,
        end,
        stage: None,
        measured: false,
        closing: false,
        clock_held: false,
        cpu: None,
        memory: None,
        timeline: None,
        output: String::new(),
        took: Duration::from_millis(3),
    }
}

fn passed(test: &str) -> Run {
    run(test, Some(Report::Passed), End::Exited(0))
}

fn seen(runs: Vec<Run>) -> Evidence {
    Evidence::Seen {
        submission: vec![compiled(CompileEnd::Succeeded)],
        review: Some("line 7: odd".into()),
        hidden: Some(compiled(CompileEnd::Succeeded)),
        runs,
        attempts: Vec::new(),
        testing: Duration::from_millis(5),
        total: Duration::from_millis(300),
    }
}

/// The hidden tests were not even compiled.
fn unlinked(submission: Vec<Compiled>) -> Evidence {
    Evidence::Seen {
        submission,
        review: None,
        hidden: None,
        runs: Vec::new(),
        attempts: Vec::new(),
        testing: Duration::ZERO,
        total: Duration::ZERO,
    }
}

fn statuses(verdict: &Verdict) -> Vec<Status> {
    verdict.tests.iter().map(|test| test.status).collect()
}

fn hang(kind: HangKind) -> Hang {
    Hang {
        kind,
        stage: Some("polled once".into()),
        cpu_seconds: 9.8,
        threads: 2,
        printing: false,
        proven: false,
    }
}

#[test]
fn passed_needs_every_test_of_the_exercise() {
    let verdict = judge(&exercise(), &seen(vec![passed("second"), passed("first")]));
    assert_eq!(verdict.kind, Kind::Passed);
    assert_eq!(verdict.review.as_deref(), Some("line 7: odd"));
    let verdict = judge(&exercise(), &seen(vec![passed("first")]));
    assert_eq!((verdict.kind, statuses(&verdict)), (Kind::Failed, vec![Status::Passed, Status::NotRun]));
}

#[test]
fn a_test_that_the_exercise_does_not_have_counts_for_nothing() {
    let verdict = judge(&exercise(), &seen(vec![passed("first"), passed("invented")]));
    assert_eq!(verdict.kind, Kind::Failed);
    assert_eq!(verdict.tests.len(), 2);
}

#[test]
fn exit_code_zero_without_a_report_is_a_crash() {
    let verdict = judge(&exercise(), &seen(vec![passed("first"), run("second", None, End::Exited(0))]));
    assert_eq!((verdict.kind, statuses(&verdict)), (Kind::Crashed, vec![Status::Passed, Status::Crashed]));
    assert!(verdict.tests[1].message.contains("exit code 0"));
}

#[test]
fn a_report_of_success_counts_only_if_the_process_then_ends_well() {
    for end in [End::Exited(1), End::Signalled(6), End::Hung(Duration::from_secs(10), hang(HangKind::Parked))]
    {
        let verdict =
            judge(&exercise(), &seen(vec![passed("first"), run("second", Some(Report::Passed), end)]));
        assert_ne!(verdict.kind, Kind::Passed);
    }
}

#[test]
fn a_hang_is_named_before_a_crash_and_a_crash_before_a_failure() {
    let failed = run("first", Some(Report::Failed { message: "no".into(), place: None }), End::Exited(101));
    let crashed = run("second", None, End::Signalled(6));
    assert_eq!(judge(&exercise(), &seen(vec![failed.clone(), crashed.clone()])).kind, Kind::Crashed);
    let hung = run("second", None, End::Hung(Duration::from_secs(10), hang(HangKind::Spinning)));
    assert_eq!(judge(&exercise(), &seen(vec![failed.clone(), hung])).kind, Kind::Hung);
    assert_eq!(judge(&exercise(), &seen(vec![failed, passed("second")])).kind, Kind::Failed);
}

#[test]
fn a_hang_says_the_exercises_words_first_then_what_was_seen() {
    let mut exercise = exercise();
    exercise.parked = Some("Nobody will call the waker.".into());
    let end = End::Hung(Duration::from_secs(10), hang(HangKind::Parked));
    let verdict = judge(&exercise, &seen(vec![passed("first"), run("second", None, end)]));
    let message = &verdict.tests[1].message;
    assert!(message.starts_with("Nobody will call the waker.\nHangs asleep"), "{message}");
    assert!(
        message.contains("Stopped after 10 s, of which its 2 threads used the CPU for 9.8 s."),
        "{message}"
    );
    assert!(message.ends_with("Last checkpoint reached: polled once"), "{message}");
    assert_eq!(verdict.tests[1].hang.as_ref().map(|hang| hang.kind), Some(HangKind::Parked));
}

#[test]
fn a_failure_names_the_place_when_it_is_the_learners() {
    let report = Report::Failed { message: "boom".into(), place: Some("exercises/c/e.rs:3:5".into()) };
    let verdict =
        judge(&exercise(), &seen(vec![passed("first"), run("second", Some(report), End::Exited(101))]));
    assert_eq!(verdict.tests[1].message, "boom\n(your code panicked at exercises/c/e.rs:3:5)");
}

#[test]
fn what_does_not_compile_runs_nothing_and_says_errors_first() {
    let diagnostic = |level, message: &str| Diagnostic {
        level,
        code: None,
        message: message.into(),
        place: None,
        rendered: String::new(),
        coach: None,
    };
    let mut failed = compiled(CompileEnd::Failed);
    failed.diagnostics = vec![diagnostic(Level::Warning, "w"), diagnostic(Level::Error, "e")];
    let evidence = unlinked(vec![failed]);
    let verdict = judge(&exercise(), &evidence);
    assert_eq!((verdict.kind, statuses(&verdict)), (Kind::DoesNotCompile, vec![Status::NotRun; 2]));
    assert_eq!(verdict.diagnostics[0].message, "e");
}

#[test]
fn a_compiler_that_was_stopped_or_died_is_not_our_fault() {
    for end in
        [CompileEnd::TimedOut(Duration::from_secs(60)), CompileEnd::Crashed("the compiler died".into())]
    {
        let evidence = unlinked(vec![compiled(end)]);
        let verdict = judge(&exercise(), &evidence);
        assert_eq!(verdict.kind, Kind::DoesNotCompile);
        assert_eq!(verdict.diagnostics.len(), 1);
    }
}

#[test]
fn broken_says_what_and_the_remedy_and_blames_no_test() {
    let broken = Broken { problem: "no linker".into(), remedy: "install one".into() };
    let verdict = judge(&exercise(), &Evidence::Broken(broken.clone()));
    assert_eq!((verdict.kind, verdict.broken.as_ref()), (Kind::Broken, Some(&broken)));
    assert_eq!(statuses(&verdict), vec![Status::NotRun; 2]);
}

#[test]
fn no_evidence_at_all_is_never_passed() {
    let evidence = unlinked(Vec::new());
    assert_eq!(judge(&exercise(), &evidence).kind, Kind::DoesNotCompile);
    let none = sample_exercise("empty", &[]);
    assert_eq!(judge(&none, &seen(Vec::new())).kind, Kind::Failed);
}

#[test]
fn a_stack_overflow_is_told_from_other_aborts() {
    let mut overflow = run("second", None, End::Signalled(6));
    overflow.output = "thread 'main' has overflowed its stack\n".into();
    let verdict = judge(&exercise(), &seen(vec![passed("first"), overflow]));
    assert!(verdict.tests[1].message.starts_with("The stack overflowed"));
}

#[test]
fn memory_that_was_refused_is_named_with_the_limit() {
    let message = |memory| {
        let mut aborted = run("second", None, End::Signalled(6));
        aborted.output = "memory allocation of 42949672960 bytes failed\n".into();
        aborted.memory = memory;
        judge(&exercise(), &seen(vec![passed("first"), aborted])).tests[1].message.clone()
    };
    let told = message(Some(2 << 30));
    assert!(told.starts_with("Out of memory: your code asked for 40 GiB at once"), "{told}");
    assert!(told.contains("A test may use 2 GiB in total."), "{told}");
    assert!(message(None).contains("more than this machine had left"));
    assert_eq!([size(1_572_864), size(2_000), size(7)], ["1.5 MiB", "1.9 KiB", "7 bytes"]);
}

#[test]
fn a_runtime_that_waits_at_its_end_is_told_from_a_test_that_waits() {
    let exercise = Exercise { parked: Some("Nobody calls the waker.".into()), ..exercise() };
    let message = |closing| {
        let mut hung = run("second", None, End::Hung(Duration::from_secs(10), hang(HangKind::Parked)));
        hung.closing = closing;
        judge(&exercise, &seen(vec![passed("first"), hung])).tests[1].message.clone()
    };
    assert!(message(true).starts_with("Hangs at its end: the test was done"), "{}", message(true));
    assert!(!message(true).contains("Nobody calls the waker."));
    assert!(message(false).starts_with("Nobody calls the waker.\nHangs asleep"), "{}", message(false));
}

#[test]
fn a_blocking_call_that_holds_the_clock_is_told_before_what_the_exercise_guesses() {
    let (parked, spinning) =
        (Some("Nobody calls the waker.".into()), Some("`poll` does not come back.".into()));
    let exercise = Exercise { parked, spinning, ..exercise() };
    let message = |kind, closing| {
        let mut hung = run("second", None, End::Hung(Duration::from_secs(10), hang(kind)));
        (hung.closing, hung.clock_held) = (closing, true);
        judge(&exercise, &seen(vec![passed("first"), hung])).tests[1].message.clone()
    };
    let parked = message(HangKind::Parked, false);
    assert!(parked.starts_with("Hangs asleep: a blocking call has not returned"), "{parked}");
    assert!(!parked.contains("Nobody calls the waker.") && !parked.contains("every thread"), "{parked}");
    // Who burns the CPU need not be the blocking call.
    let spinning = message(HangKind::Spinning, false);
    assert!(spinning.starts_with("`poll` does not come back.\nHangs busy"), "{spinning}");
    assert!(spinning.contains("\nA blocking call had not returned either"), "{spinning}");
    assert!(message(HangKind::Parked, true).starts_with("Hangs at its end"));
}

#[test]
fn one_that_prints_without_end_is_told_so() {
    let printing = Hang { printing: true, ..hang(HangKind::Spinning) };
    let hung = run("second", None, End::Hung(Duration::from_secs(10), printing));
    let verdict = judge(&exercise(), &seen(vec![passed("first"), hung]));
    assert!(verdict.tests[1].message.starts_with("Prints forever"), "{}", verdict.tests[1].message);
}

#[test]
fn a_recording_is_kept_whatever_came_of_the_test() {
    let mut timeline = Timeline::default();
    timeline.add_lane("kettle");
    let runs = [passed("first"), Run { report: None, end: End::Signalled(9), ..passed("second") }];
    let verdict =
        judge(&exercise(), &seen(runs.map(|run| Run { timeline: Some(timeline.clone()), ..run }).to_vec()));
    assert!(verdict.tests.iter().all(|test| test.timeline.as_ref() == Some(&timeline)));
}

#[test]
fn the_coach_speaks_first_where_a_test_reports_a_bare_panic_of_tokio() {
    let raw = "there is no reactor running, must be called from the context of a Tokio 1.x runtime";
    let message = |text: &str| {
        let report = Report::Failed { message: text.to_owned(), place: None };
        let failed = run("first", Some(report), End::Exited(101));
        judge(&exercise(), &seen(vec![failed, passed("second")])).tests[0].message.clone()
    };
    for text in [raw.to_owned(), format!("`load` panicked before it was done: {raw}")] {
        let message = message(&text);
        let lines: Vec<&str> = message.lines().collect();
        assert!(lines[0].starts_with("A timer, a socket or `spawn` looked for a Tokio runtime"), "{message}");
        assert_eq!((lines[1], lines.len()), (text.as_str(), 3), "{message}");
    }
    let own = format!("The page was fetched before `run` had an engine. It was {raw}");
    assert_eq!(message(&own), own);
}

/// An exercise with a text that must not compile.
fn with_a_text() -> Exercise {
    let source = "#[must_not_compile(code = \"-\", message = \"between threads\", says = \"It compiles.\")]\n\
                mod text { #[cfg(refused)] use std::rc::Rc; }\n#[test]\nfn first() {}\n";
    sample_exercise_with("lazy_call", source.to_owned())
}

/// The first test passes, and the compiler ended like that with the text.
fn attempted(end: CompileEnd, errors: &[(Option<&str>, &str)]) -> Verdict {
    let diagnostics = errors.iter().map(|(code, message)| {
        let place = Place { file: "hidden_tests.rs".into(), line: 4, column: 1 };
        Diagnostic::error(*code, *message, place)
    });
    let compiled = Compiled { diagnostics: diagnostics.collect(), ..compiled(end) };
    let mut evidence = seen(vec![passed("first")]);
    if let Evidence::Seen { attempts, .. } = &mut evidence {
        attempts.push(Attempt { test: "text".into(), compiled });
    }
    judge(&with_a_text(), &evidence)
}

#[test]
fn a_text_that_must_not_compile_passes_when_the_compiler_refuses_it_for_the_reason_that_is_meant() {
    let meant = (None, "future cannot be sent between threads safely");
    let verdict = attempted(CompileEnd::Failed, &[(Some("E0599"), "no method"), meant]);
    assert_eq!((verdict.kind, statuses(&verdict)), (Kind::Passed, vec![Status::Passed, Status::Passed]));
    assert_eq!(verdict.diagnostics, []);
    assert_eq!(verdict.seconds.compile, 0.21);
}

#[test]
fn a_text_that_compiles_is_a_failed_test_with_its_authors_words() {
    let verdict = attempted(CompileEnd::Succeeded, &[]);
    assert_eq!((verdict.kind, statuses(&verdict)), (Kind::Failed, vec![Status::Failed, Status::Passed]));
    assert_eq!(verdict.tests[0].message, "It compiles.");
}

#[test]
fn a_text_that_is_refused_for_another_reason_is_not_refused() {
    for other in [(Some("E0432"), "unresolved import between threads"), (None, "expected one of `;`")] {
        let verdict = attempted(CompileEnd::Failed, &[other]);
        assert_eq!((verdict.kind, verdict.tests[0].status), (Kind::Failed, Status::Failed), "{other:?}");
        let message = &verdict.tests[0].message;
        assert!(
            message.contains(other.1) && message.contains("expected: error: between threads"),
            "{message}"
        );
    }
}

#[test]
fn a_compiler_that_was_stopped_has_not_refused() {
    for end in
        [CompileEnd::TimedOut(Duration::from_secs(60)), CompileEnd::Crashed("the compiler died".into())]
    {
        let verdict = attempted(end, &[]);
        assert_eq!((verdict.kind, verdict.tests[0].status), (Kind::DoesNotCompile, Status::NotRun));
        assert_eq!(verdict.diagnostics.len(), 1);
    }
    let verdict = judge(&with_a_text(), &seen(vec![passed("first")]));
    assert_eq!((verdict.kind, verdict.tests[0].status), (Kind::Failed, Status::NotRun), "nobody has looked");
}

fn learners_tests() -> Exercise {
    let says = "A retry that never waits passed {tests}.\nLook at the clock.".to_owned();
    let mutant = |hangs| Implementation::Mutant { says: says.clone(), hangs };
    let hangs = Some("{tests} waits forever for a retry that never returns.".to_owned());
    let of = [
        ("as_given", "It is the one in your file.", Implementation::Right),
        ("mutant_never_waits", "It never waits.", mutant(None)),
        ("mutant_never_returns", "It never returns.", mutant(hangs)),
    ];
    let mut exercise = exercise();
    exercise.subject = Some("retry".to_owned());
    let tests = of.into_iter().map(|(name, about, implementation)| {
        let mut test = sample_exercise("e", &[name]).hidden.tests()[0].clone();
        (test.about, test.implementation) = (Some(about.to_owned()), Some(implementation));
        test
    });
    exercise.hidden = HiddenTests::of(String::new(), tests.collect());
    exercise
}

/// What a learner's tests came to: up to the one that failed, or all of them.
fn tried(test: &str, failed: Option<(&str, &str)>) -> Run {
    let (stage, report, end) = match failed {
        Some((name, message)) => {
            let report =
                Report::Failed { message: message.to_owned(), place: Some("exercises/a.rs:3:5".to_owned()) };
            (format!("`{name}`"), report, End::Exited(101))
        }
        None => ("all of your 3 tests".to_owned(), Report::Passed, End::Exited(0)),
    };
    Run { stage: Some(stage), ..run(test, Some(report), end) }
}

#[test]
fn a_learners_tests_must_pass_on_what_is_right_and_fail_on_each_mutant() {
    let exercise = learners_tests();
    let killed = || tried("mutant_never_returns", Some(("b", "no")));
    let good = vec![tried("as_given", None), tried("mutant_never_waits", Some(("a", "no"))), killed()];
    let verdict = judge(&exercise, &seen(good));
    assert_eq!(verdict.kind, Kind::Passed, "{verdict:#?}");
    assert!(verdict.tests.iter().all(|test| test.message.is_empty()));

    let all_pass = vec![tried("as_given", None), tried("mutant_never_waits", None), killed()];
    let verdict = judge(&exercise, &seen(all_pass));
    assert_eq!(statuses(&verdict), [Status::Passed, Status::Failed, Status::Passed]);
    assert_eq!(
        verdict.tests[1].message,
        "A retry that never waits passed all of your 3 tests.\nLook at the clock."
    );

    let too_strict = vec![
        tried("as_given", Some(("a", "left: 1"))),
        tried("mutant_never_waits", Some(("a", "no"))),
        killed(),
    ];
    let verdict = judge(&exercise, &seen(too_strict));
    assert_eq!(statuses(&verdict), [Status::Failed, Status::Passed, Status::Passed]);
    assert_eq!(
        verdict.tests[0].message,
        "Your test `a` fails on a correct implementation. It is the one in your file.\nleft: 1\n(your code panicked at \
         exercises/a.rs:3:5)"
    );
}

#[test]
fn a_learners_test_that_hangs_has_found_a_mutant_unless_it_must_say_why() {
    let exercise = learners_tests();
    let hung = |test: &str| Run {
        stage: Some("`b`".to_owned()),
        ..run(test, None, End::Hung(Duration::from_secs(1), hang(HangKind::Parked)))
    };
    let runs = ["as_given", "mutant_never_waits", "mutant_never_returns"].map(hung).to_vec();
    let verdict = judge(&exercise, &seen(runs));
    assert_eq!(statuses(&verdict), [Status::Hung, Status::Passed, Status::Hung]);
    let first = |at: usize| verdict.tests[at].message.lines().next().unwrap_or_default();
    assert_eq!(
        first(0),
        "Your test `b` does not end on a correct implementation. It is the one in your file."
    );
    assert_eq!(first(2), "`b` waits forever for a retry that never returns.");
    assert!(verdict.tests[0].hang.is_some() && verdict.tests[1].hang.is_none());
}

#[test]
fn a_learners_test_that_ends_the_process_or_waits_for_the_clock_has_found_nothing() {
    let exercise = learners_tests();
    for end in [End::Exited(101), End::Exited(0), End::Signalled(6)] {
        let runs = vec![tried("as_given", None), run("mutant_never_waits", None, end.clone())];
        let verdict = judge(&exercise, &seen(runs));
        assert_eq!(verdict.tests[1].status, Status::Crashed, "{end:?}");
    }
    let left = Run { end: End::Exited(7), ..tried("mutant_never_waits", None) };
    let verdict = judge(&exercise, &seen(vec![tried("as_given", None), left]));
    assert_eq!(verdict.tests[1].status, Status::Crashed, "all returned, and then the process was ended");
    let waited = |test: &str| Run {
        stage: Some("`slow`".to_owned()),
        ..run(test, None, End::Waited(Duration::from_millis(2140)))
    };
    let verdict = judge(&exercise, &seen(vec![waited("as_given"), waited("mutant_never_waits")]));
    assert_eq!(statuses(&verdict), [Status::Failed, Status::Failed, Status::NotRun]);
    for test in &verdict.tests[..2] {
        assert!(
            test.message.starts_with("Your test `slow` waits in real time: it slept for 2 s"),
            "{test:?}"
        );
    }
}
