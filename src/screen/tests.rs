//! What a learner sees, as snapshots of plain text.

pub(super) mod sample;

use crate::verdict::{Broken, HangKind, Kind, Verdict};

use super::colour::{Colour, paint_all};
use super::watch::{Body, Doing, ExerciseView, Notice, View, frame, page, scroll_limit};
use super::*;
use sample::{exercise, view};

/// Snapshots stand with those of the other tests.
pub(super) fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.remove_input_file();
    settings.bind(|| insta::assert_snapshot!(format!("screen__{name}"), text));
}

pub(super) fn plain(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text().trim_end().to_owned() + "\n").collect()
}

fn show(name: &str, view: &View<'_>, width: usize, height: usize) {
    let lines = frame(view, width, height);
    assert_eq!(lines.len(), height);
    assert!(lines.iter().all(|line| line.width() <= width), "{}", plain(&lines));
    snapshot(name, &plain(&lines));
}

/// The screens that most learners meet: narrow, usual and wide, plain and coloured.
fn everywhere(name: &str, view: &View<'_>, heights: [usize; 3]) {
    for (width, height) in [40, 80, 160].into_iter().zip(heights) {
        show(&format!("{name}_{width}"), view, width, height);
        let lines = frame(view, width, height);
        let painted = paint_all(&lines, Colour::On).replace('\u{1b}', "␛");
        let trimmed: String = painted.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        snapshot(&format!("{name}_{width}_coloured"), &trimmed);
    }
}

fn graded(verdict: &Verdict, hints: usize) -> ExerciseView<'_> {
    ExerciseView { hints, verdict: Some(verdict), ..sample::ungraded() }
}

fn grading(stage: Stage<'_>) -> Option<Doing<'_>> {
    Some(Doing { stage, diagnosed: None, tick: 3 })
}

#[test]
fn the_first_step_while_it_is_graded() {
    let failed = sample::failed();
    let body = ExerciseView {
        doing: grading(Stage::Preparing { built: 12, crate_name: "tokio" }),
        ..sample::ungraded()
    };
    show("first_step_80", &view(Body::Exercise(body)), 80, 20);
    let fresh = ExerciseView { fresh: true, ..graded(&failed, 0) };
    everywhere("task", &view(Body::Exercise(fresh)), [60, 44, 38]);
    show("first_step_40", &view(Body::Exercise(body)), 40, 24);
}

#[test]
fn the_welcome() {
    let text = "Welcome! Every step is a small broken program, and you fix it.\n\n1. Open the file that is named on \
                the screen in your editor.\n2. Change it and save: **each save is graded at once**.\n";
    everywhere("welcome", &view(Body::Welcome { text, first: Some(sample::ungraded()) }), [24, 18, 18]);
}

#[test]
fn a_compile_error() {
    let verdict = sample::compile_error();
    everywhere("compile_error", &view(Body::Exercise(graded(&verdict, 0))), [50, 34, 32]);
}

#[test]
fn failing_tests_with_hints() {
    let verdict = sample::failed();
    let mut seen = view(Body::Exercise(graded(&verdict, 2)));
    everywhere("failed", &seen, [56, 40, 36]);
    let notice = Notice { role: Role::Warn, text: "Not solved yet. Press n again to skip it.".into() };
    seen.notices = vec![notice.clone()];
    seen.scroll = 7;
    show("failed_scrolled_80", &seen, 80, 24);
}

#[test]
fn what_several_tests_or_messages_have_to_say_is_said_once() {
    let mut failed = sample::failed();
    failed.tests[2].message = failed.tests[0].message.clone();
    let text = plain(&super::verdict(&failed, &exercise(), 80));
    assert!(text.contains("✗ hi_is_heard\n✗ order_is_kept\n"), "{text}");
    assert_eq!(text.matches("never reached the log").count(), 1, "{text}");
    let mut errors = sample::compile_error();
    let mut elsewhere = errors.diagnostics[0].clone();
    elsewhere.place.as_mut().unwrap().line += 1;
    errors.diagnostics.insert(1, elsewhere);
    let text = plain(&diagnosed(&errors.diagnostics, 80));
    assert_eq!(text.matches("error[E0728]").count(), 2, "{text}");
    assert_eq!(text.matches("hands the thread back").count(), 1, "{text}");
}

#[test]
fn of_several_reasons_for_one_place_the_first_is_shown_and_the_others_are_counted() {
    let mut errors = sample::compile_error();
    let again = errors.diagnostics[0].clone();
    errors.diagnostics.splice(1..1, [again.clone(), again]);
    let text = plain(&diagnosed(&errors.diagnostics, 80));
    assert_eq!(text.matches("error[E0728]").count(), 1, "{text}");
    assert!(text.contains("2 more errors point at the same place, for other reasons;"), "{text}");
}

#[test]
fn an_older_verdict_is_dimmed_while_the_next_one_is_made() {
    let verdict = sample::failed();
    let body = ExerciseView { doing: grading(Stage::Testing { done: 1, total: 3 }), ..graded(&verdict, 0) };
    show("regrading_80", &view(Body::Exercise(body)), 80, 24);
    let lines = frame(&view(Body::Exercise(body)), 80, 24);
    let old = lines.iter().find(|line| line.text().contains("nothing_runs")).unwrap();
    assert!(old.spans.iter().all(|span| matches!(span.role, Role::Dim | Role::Plain)), "{old:?}");
}

#[test]
fn errors_are_shown_before_the_verdict_is_there() {
    let old = sample::failed();
    let new = sample::compile_error();
    let doing = Doing { stage: Stage::Compiling, diagnosed: Some(&new.diagnostics), tick: 0 };
    let body = ExerciseView { doing: Some(doing), ..graded(&old, 0) };
    let text = plain(&frame(&view(Body::Exercise(body)), 80, 40));
    assert!(text.contains("Compiling…"), "{text}");
    assert!(text.contains("error[E0728]"), "{text}");
    assert!(!text.contains("nothing_runs"), "{text}");
}

#[test]
fn each_kind_of_hang() {
    for (name, kind) in
        [("parked", HangKind::Parked), ("spinning", HangKind::Spinning), ("unknown", HangKind::Unknown)]
    {
        let verdict = sample::hung(kind);
        let view = view(Body::Exercise(graded(&verdict, 0)));
        if kind == HangKind::Parked {
            everywhere("hung_parked", &view, [30, 24, 22]);
        } else {
            show(&format!("hung_{name}_80"), &view, 80, 24);
        }
    }
}

#[test]
fn several_hangs_are_counted() {
    let mut verdict = sample::hung(HangKind::Spinning);
    verdict.tests.push(verdict.tests[0].clone());
    let text = headline(&verdict).text();
    assert!(
        text.starts_with("Hangs, busy: hi_is_heard and 1 more were stopped at the time limit."),
        "{text}"
    );
}

#[test]
fn two_hidden_tests_are_both_and_what_was_known_took_no_time() {
    let mut verdict = sample::passed();
    assert_eq!(headline(&verdict).wrap(80, 2)[0].text(), "Solved! All 3 hidden tests pass. 0.22 s");
    verdict.tests.pop();
    verdict.seconds.total = 0.004;
    assert_eq!(headline(&verdict).text(), "Solved! Both hidden tests pass.");
}

#[test]
fn on_a_narrow_screen_names_stay_whole() {
    let failed = sample::failed();
    let lines = plain(&super::verdict(&failed, &exercise(), 30));
    assert!(lines.contains("\nexercises/01_inert_plans/\n  lazy_call.rs\n"), "{lines}");
    let mut hung = sample::hung(HangKind::Parked);
    hung.tests[0].name = "a_quick_call_is_answered".into();
    let lines = plain(&super::verdict(&hung, &exercise(), 30));
    assert!(lines.contains("\n✗ a_quick_call_is_answered\n    (hangs)\n"), "{lines}");
}

#[test]
fn a_crash() {
    let verdict = sample::crashed();
    show("crashed_80", &view(Body::Exercise(graded(&verdict, 0))), 80, 30);
}

#[test]
fn solved() {
    let verdict = sample::passed();
    let mut seen = view(Body::Exercise(graded(&verdict, 0)));
    seen.heading.badge = Badge::Solved;
    seen.chapter.done += 1;
    seen.workbook.done += 1;
    let notice = Notice { role: Role::Good, text: "Press n for the next step.".into() };
    seen.notices = vec![notice.clone()];
    everywhere("passed", &seen, [20, 20, 18]);
}

#[test]
fn our_own_fault() {
    let verdict = Verdict {
        kind: Kind::Broken,
        tests: Vec::new(),
        diagnostics: Vec::new(),
        broken: Some(Broken {
            problem: "`cargo` is not there: no such file or directory".into(),
            remedy: "Install Rust from https://rustup.rs, then press r.".into(),
        }),
        ..sample::failed()
    };
    everywhere("broken", &view(Body::Exercise(graded(&verdict, 0))), [24, 20, 18]);
}

#[test]
fn a_quiz_unanswered_wrong_and_right() {
    let quiz = sample::quiz();
    let seen = |wrong: &[usize], solved| {
        let wrong = wrong.to_vec();
        let mut seen =
            view(Body::Quiz(QuizView { quiz: &quiz, order: vec![2, 0, 1], wrong, solved, ran: None }));
        seen.heading.step = &quiz.name;
        seen
    };
    show("quiz_unanswered_80", &seen(&[], false), 80, 20);
    everywhere("quiz_wrong", &seen(&[0], false), [26, 20, 20]);
    everywhere("quiz_right", &seen(&[0], true), [30, 24, 22]);
    let without_reply = plain(&frame(&seen(&[0, 1], false), 80, 20));
    assert!(without_reply.contains("\n Not 3. Look again.\n"), "{without_reply}");
}

#[test]
fn a_prediction_before_and_after_its_program_has_run() {
    let quiz = sample::prediction();
    let seen = |wrong: &[usize], solved, ran| {
        let wrong = wrong.to_vec();
        let mut seen = view(Body::Quiz(QuizView { quiz: &quiz, order: vec![2, 0, 1], wrong, solved, ran }));
        seen.heading.step = &quiz.name;
        seen
    };
    show("prediction_unanswered_80", &seen(&[], false, None), 80, 24);
    let running = Ran::Running { stage: Stage::Compiling, tick: 3 };
    show("prediction_running_80", &seen(&[0], false, Some(running)), 80, 28);
    let verdict = sample::printed("toast\ntea\n400 ms\n");
    everywhere("prediction_wrong", &seen(&[0], false, Some(Ran::Over(&verdict))), [44, 32, 32]);
    everywhere("prediction_right", &seen(&[0], true, Some(Ran::Over(&verdict))), [48, 34, 32]);
    let broken = Ran::Broken("failed to find a compiler: there is no `rustc`");
    show("prediction_broken_80", &seen(&[], true, Some(broken)), 80, 34);
}

#[test]
fn code_on_a_narrow_screen_is_broken_where_it_reads_on() {
    let mut quiz = sample::quiz();
    quiz.question = "What does this print?\n\n```rust\nlet rt = Builder::new_current_thread().build()?;\n\
                     timeout(Duration::from_millis(100), async {\n    let mut count = state.lock().unwrap();\n    \
                     std::thread::sleep(Duration::from_secs(10));\n}).await;\n```"
        .into();
    let mut seen = view(Body::Quiz(QuizView {
        quiz: &quiz,
        order: vec![2, 0, 1],
        wrong: Vec::new(),
        solved: false,
        ran: None,
    }));
    seen.heading.step = &quiz.name;
    show("quiz_code_40", &seen, 40, 28);
}

#[test]
fn the_list_of_steps() {
    let rows = sample::rows();
    let all = ListFilter::default();
    let list_of = |filter, cursor| view(Body::List(ListView { rows: sample::rows(), filter, cursor }));
    everywhere("list", &list_of(&all, 4), [26, 24, 22]);
    show("list_low_40", &list_of(&all, 7), 40, 14);
    let some = ListFilter { show: Show::Open, core_only: true, search: "CONT".into(), typing: true };
    show("list_filtered_80", &list_of(&some, 6), 80, 18);
    show("list_filtered_40", &list_of(&some, 6), 40, 18);
    let none = ListFilter { search: "no such step".into(), ..ListFilter::default() };
    show("list_empty_80", &list_of(&none, 0), 80, 16);
    snapshot("list_text_80", &plain(&list(&rows, 80)));
}

#[test]
fn a_check_of_everything() {
    let done = sample::checked();
    let under_way = Body::Checking { done: &done, total: 9, stage: Stage::Starting, tick: 1 };
    everywhere("checking", &view(under_way), [18, 16, 16]);
    snapshot("check_summary_80", &plain(&check_summary(&done, 80)));
    snapshot("check_summary_40", &plain(&check_summary(&done, 40)));
    let solved: Vec<_> = done.into_iter().filter(|checked| checked.kind == Kind::Passed).collect();
    assert_eq!(plain(&check_summary(&solved, 80)), "All solved: 2 exercises pass their hidden tests.\n");
    assert_eq!(plain(&check_summary(&solved[..1], 80)), "All solved: 1 exercise passes its hidden tests.\n");
    assert!(plain(&check_summary(&[], 80)).starts_with("There is nothing to check"));
}

#[test]
fn the_page_of_keys_and_the_farewell() {
    let seen = view(Body::Help(&sample::KEYS));
    show("help_80", &seen, 80, 24);
    show("help_40", &seen, 40, 30);
    show(
        "farewell_80",
        &view(Body::Farewell("You know how it works now.\n\nGo and build something.")),
        80,
        16,
    );
}

#[test]
fn without_a_terminal() {
    let exercise = exercise();
    snapshot("verdict_text_80", &plain(&verdict(&sample::failed(), &exercise, 80)));
    snapshot("hints_text_60", &plain(&hints(&exercise.hints, 2, 60)));
}

#[test]
fn a_narrow_and_low_terminal() {
    let verdict = sample::failed();
    let notice = Notice { role: Role::Warn, text: "Not solved yet. Press n again to skip it.".into() };
    let mut seen = view(Body::Exercise(graded(&verdict, 1)));
    seen.notices = vec![notice.clone()];
    show("narrow_40x12", &seen, 40, 12);
    show("narrow_24x8", &seen, 24, 8);
}

#[test]
fn the_solution_beside_ones_own() {
    let own = "use std::time::Duration;\n\n/// Greets.\npub async fn greet(log: &Log) {\n    let plan = say(\"hi\", log);\n    \
               plan.await;\n}\n\nfn main() {}\n";
    let reference = "use std::time::Duration;\n\n/// Greets.\npub async fn greet(log: &Log) {\n    say(\"hi\", log).await;\n\
                     }\n\nfn main() {}\n";
    everywhere("solution", &view(Body::Solution { own, reference }), [22, 20, 18]);
}

#[test]
fn the_learners_program() {
    let verdict = sample::compile_error();
    let seen = |printed: &[&'static str], left_out, stage, end| {
        let printed = printed.iter().map(|line| (*line).into()).collect();
        let name = "lazy_call";
        let (seconds, still, interrupted) = (7, None, false);
        ProgramView { name, printed, open: false, left_out, stage, tick: 2, seconds, still, interrupted, end }
    };
    fn body(program: ProgramView<'_>) -> View<'_> {
        view(Body::Program(program))
    }
    let words = [
        "main: before the call",
        "main: after the call",
        "a rather long line that some programs print to tell \
                  what they are doing, and that does not fit on a narrow screen",
    ];
    everywhere("program_running", &body(seen(&words, 12, None, None)), [22, 20, 18]);
    everywhere("program_ended", &body(seen(&words, 0, None, Some(ProgramEnd::Exited(0)))), [22, 20, 18]);
    show("program_compiling_80", &body(seen(&[], 0, Some(Stage::Compiling), None)), 80, 14);
    let stills =
        [None, Some(HangKind::Parked), Some(HangKind::Spinning), Some(HangKind::Unknown)].map(|seen_as| {
            let still = Some(Still { seconds: 12, seen: seen_as });
            let program = ProgramView { still, seconds: 65, ..seen(&[], 0, None, None) };
            plain(&super::program::program(&program, 80))
        });
    let interrupted = ProgramView { interrupted: true, ..seen(&[], 0, None, None) };
    let running = stills.concat() + &plain(&super::program::program(&interrupted, 80));
    snapshot("program_still_80", &running);
    let ends = [
        ("silent", ProgramEnd::Exited(0)),
        ("panicked", ProgramEnd::Exited(101)),
        ("code", ProgramEnd::Exited(3)),
        ("signal", ProgramEnd::Signalled(11)),
        ("stopped", ProgramEnd::Stopped),
        ("no_main", ProgramEnd::NoMain),
        ("does_not_compile", ProgramEnd::DoesNotCompile(&verdict.diagnostics)),
    ];
    let bodies = ends.map(|(name, end)| {
        let lines = frame(&body(seen(&[], 0, None, Some(end))), 80, 30);
        let shown: Vec<Line> = lines.into_iter().skip(4).take(22).collect();
        format!("{name}:\n{}\n", plain(&shown).trim_end())
    });
    snapshot("program_ends_80", &bodies.concat());
}

#[test]
fn every_size_of_screen_is_filled_exactly_and_scrolls_to_its_end() {
    let failed = sample::failed();
    let filter = ListFilter { search: "e".into(), ..ListFilter::default() };
    let list = ListView { rows: sample::rows(), filter: &filter, cursor: 3 };
    let quiz = sample::quiz();
    let notice =
        Notice { role: Role::Warn, text: "A word about what just happened, and not too short.".into() };
    let bodies = [
        Body::Exercise(graded(&failed, 3)),
        Body::List(list),
        Body::Quiz(QuizView {
            quiz: &quiz,
            order: vec![0, 1, 2],
            wrong: Vec::new(),
            solved: true,
            ran: None,
        }),
        Body::Help(&sample::KEYS),
    ];
    for body in bodies {
        let mut seen = view(body);
        seen.notices = vec![notice.clone()];
        for width in [1, 2, 7, 40, 80, 200] {
            for height in 1..60 {
                seen.scroll = usize::MAX;
                let end = frame(&seen, width, height);
                assert_eq!(end.len(), height);
                // A wide character on a screen of one column cannot be narrower than it is.
                assert!(end.iter().all(|line| line.width() <= width.max(2)), "{width}x{height}");
                seen.scroll = scroll_limit(&seen, width, height);
                assert_eq!(frame(&seen, width, height), end, "{width}x{height}");
                assert!(page(&seen, width, height) >= 1);
            }
        }
    }
}

#[test]
fn nothing_that_a_program_prints_reaches_the_terminal_as_a_command() {
    let mut verdict = sample::failed();
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\r\u{8}visible\u{202e}\u{7f}";
    for test in &mut verdict.tests {
        test.message = evil.into();
        test.output = evil.into();
    }
    for diagnostic in &mut verdict.diagnostics {
        diagnostic.rendered = evil.into();
        diagnostic.coach = Some(evil.into());
    }
    let lines = super::verdict(&verdict, &exercise(), 80);
    let text = plain(&lines);
    assert!(text.contains("visible"), "{text}");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn a_text_that_was_cut_before_is_counted_as_a_whole() {
    let mut verdict = sample::crashed();
    let lines = |from: u32| (from..from + 50).map(|line| format!("{line}\n")).collect::<String>();
    let output = format!("{}… 900 lines are left out here\n{}", lines(1), lines(951));
    for test in &mut verdict.tests {
        test.output.clone_from(&output);
    }
    let text = plain(&super::verdict(&verdict, &exercise(), 80));
    let counts: Vec<&str> = text.lines().filter(|line| line.contains("left out")).collect();
    assert!(
        counts.iter().all(|line| *line == "  … 980 lines are left out here") && !counts.is_empty(),
        "{text}"
    );
}
