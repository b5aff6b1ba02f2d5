//! The harness end to end: a real process, with a socket as its standard input.

#![expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

const KEY: &str = "0123456789abcdef0123456789ABCDEF";
/// What drawn values start from.
const START: &str = "0123456789abcdef";

/// A program of `examples/`, which `cargo test` builds next to this one.
fn example(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.set_file_name("examples");
    path.push(name);
    assert!(
        path.exists(),
        "{} is not built; run `cargo build --examples` or the whole `cargo test`",
        path.display()
    );
    path
}

fn start(input: &str) -> (Child, UnixStream) {
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    ours.write_all(input.as_bytes()).unwrap();
    let child = Command::new(example("hidden_tests"))
        .env("RUST_BACKTRACE", "0")
        .stdin(OwnedFd::from(theirs))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    (child, ours)
}

struct Seen {
    /// What came over the socket, a line each, without what any test says: that it began, and what it used.
    lines: Vec<String>,
    usual: Vec<String>,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Seen {
    /// The frames that carry the key, without it; not those of a runtime that shuts down, which any test with one sends.
    fn frames(&self) -> Vec<&str> {
        let frames = self.lines.iter().filter_map(|line| line.strip_prefix(KEY)?.strip_prefix(' '));
        frames.filter(|frame| !matches!(*frame, "closing" | "closed")).collect()
    }

    /// Message and place of the only frame.
    fn failure(&self) -> (&str, &str) {
        assert_eq!((self.frames().len(), self.code), (1, Some(101)), "{:?} {}", self.lines, self.stderr);
        let failed = self.frames()[0].strip_prefix("failed ").unwrap();
        failed.split_once('\t').unwrap()
    }
}

fn send(input: &str) -> Seen {
    let (child, socket) = start(input);
    socket.shutdown(std::net::Shutdown::Write).unwrap();
    // A child that leaves something unread resets the socket, after what it has sent.
    let lines =
        thread::spawn(move || BufReader::new(socket).lines().map_while(Result::ok).collect::<Vec<_>>());
    let output = child.wait_with_output().unwrap();
    let is_usual = |line: &String| {
        let frame = line.strip_prefix(KEY).and_then(|frame| frame.strip_prefix(' ')).unwrap_or_default();
        frame == "began" || frame.starts_with("used ")
    };
    let (usual, lines) = lines.join().unwrap().into_iter().partition(is_usual);
    Seen {
        lines,
        usual,
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn run(test: &str) -> Seen {
    send(&format!("{KEY} {START} {test}\n"))
}

fn learner(place: &str) -> bool {
    place.contains("exercises/learner.rs:")
}

#[test]
fn a_test_that_returns_has_passed() {
    for test in ["passes", "returns_ok"] {
        let seen = run(test);
        assert_eq!((seen.frames(), seen.code, seen.stderr.as_str()), (vec!["passed"], Some(0), ""));
    }
    assert_eq!(run("passes").stdout, "printed\n");
}

#[test]
fn a_test_says_when_it_begins_and_what_it_has_used() {
    let seen = run("passes");
    assert_eq!(seen.usual[0], format!("{KEY} began"));
    if cfg!(target_os = "linux") {
        let [_, used] = seen.usual.as_slice() else { panic!("{:?}", seen.usual) };
        let microseconds = used.rsplit_once(' ').unwrap().1;
        assert!(microseconds.parse::<u64>().is_ok(), "{used}");
    }
}

#[test]
fn who_measures_effort_says_so_once() {
    assert_eq!(run("measures").frames(), ["measured", "passed"]);
}

#[test]
fn a_failed_assertion_is_told_escaped_and_without_the_tests_place() {
    let seen = run("fails_in_test");
    assert_eq!(seen.failure(), ("`write_audit` ran 2 times.\\n\\tback\\\\slash\\r", ""));
    assert_eq!(seen.stderr, "");
}

#[test]
fn a_panic_of_the_learners_code_has_its_place() {
    let seen = run("fails_in_learner");
    let (message, place) = seen.failure();
    assert_eq!(message, "attempt to divide by zero");
    assert!(place.ends_with("exercises/learner.rs:10:5"), "{place}");
}

#[test]
fn a_script_polled_too_often_points_at_the_learners_poll() {
    let seen = run("fails_in_script");
    let (message, place) = seen.failure();
    assert_eq!(message, "`Script` A was polled after it returned `Ready`.");
    assert!(learner(place), "{place}");
}

#[test]
fn a_panic_in_a_library_has_no_place() {
    let seen = run("fails_in_library");
    let (message, place) = seen.failure();
    assert!(message.starts_with("Cannot start a runtime from within a runtime"), "{message}");
    assert_eq!(place, "");
}

#[test]
fn an_error_is_a_failure() {
    let seen = run("returns_error");
    assert_eq!(seen.failure(), ("The test stopped at an error: ParseIntError { kind: InvalidDigit }", ""));
}

#[test]
fn leaving_early_with_code_0_reports_nothing() {
    let seen = run("exits_early");
    assert_eq!((seen.lines.len(), seen.code), (0, Some(0)));
    assert!(seen.stdout.contains("passed"));
}

#[test]
fn forged_frames_lack_the_key() {
    let seen = run("forges");
    assert_eq!((seen.lines.len(), seen.code), (4, Some(0)));
    assert!(seen.frames().is_empty(), "{:?}", seen.lines);
}

#[test]
fn a_replaced_hook_costs_the_place_and_nothing_else() {
    let seen = run("replaces_hook");
    assert_eq!(seen.failure(), ("told all the same", ""));
    assert_eq!(seen.stdout, "hook of my own\n");
}

#[test]
fn a_learners_tests_run_one_after_the_other_until_one_fails() {
    let seen = run("learners_pass");
    assert_eq!(seen.frames(), ["stage `passes`", "stage `needs_luck`", "stage both of your tests", "passed"]);
    assert_eq!((seen.code, seen.stderr.as_str()), (Some(0), ""));
    assert_eq!(run("one_passes").frames(), ["stage `needs_luck`", "stage your only test", "passed"]);
    let seen = run("learners_fail");
    let ["stage `needs_luck`", "stage `fails`", failed] = seen.frames()[..] else {
        panic!("{:?}", seen.lines)
    };
    assert!(failed.starts_with("failed attempt to divide by zero\t") && learner(failed), "{failed}");
    let failed = |test: &str| run(test).frames()[1].to_owned();
    assert!(failed("learners_do_not_panic").starts_with("failed It did not panic"));
    assert!(failed("learners_panic_otherwise").starts_with("failed It panicked with other words"));
}

#[test]
fn panics_that_do_not_end_the_test_are_printed() {
    for (test, text) in [("task_panics", "lost in a task"), ("thread_panics", "lost in a thread")] {
        let seen = run(test);
        assert_eq!(seen.frames(), ["passed"]);
        assert!(seen.stderr.contains(text) && learner(&seen.stderr), "{}", seen.stderr);
    }
    let seen = run("caught_panic_then_failure");
    assert_eq!(seen.failure(), ("the second is the one that counts", ""));
    assert!(seen.stderr.contains("caught") && !seen.stderr.contains("second"), "{}", seen.stderr);
}

#[test]
fn a_panic_of_the_tests_own_code_that_fails_nothing_is_told_with_its_place() {
    let seen = run("assertions_are_lost");
    let [in_task, in_thread, in_call, "passed"] = seen.frames()[..] else { panic!("{:?}", seen.lines) };
    assert!(in_task.starts_with("lost assertion `left == right` failed: two\\tshares\\n"), "{in_task}");
    assert!(in_thread.starts_with("lost in a thread\t"), "{in_thread}");
    assert!(in_call.starts_with("lost in a task of a call\t"), "{in_call}");
    for frame in [in_task, in_thread, in_call] {
        let (_, place) = frame.rsplit_once('\t').unwrap();
        assert!(place.contains("hidden_tests.rs:"), "{place}");
    }
    assert!(seen.stderr.contains("in a thread") && !seen.stderr.contains("of a call"), "{}", seen.stderr);
    assert_eq!(run("assertions_are_looked_at").frames(), ["passed"]);
}

#[test]
fn a_paused_clock_that_a_blocking_call_holds_is_told_once() {
    assert_eq!(run("calls_block").frames(), ["held", "released", "passed"]);
    assert_eq!(run("calls_block_in_real_time").frames(), ["passed"]);
}

#[test]
fn a_resumed_panic_keeps_its_text_and_place() {
    let seen = run("task_panic_is_resumed");
    let (message, place) = seen.failure();
    assert_eq!(message, "from a task");
    assert!(learner(place), "{place}");
}

#[test]
fn a_foreign_panic_value_is_never_dropped() {
    let seen = run("panics_with_trap");
    assert_eq!(seen.failure(), ("a panic whose value is not text", ""));
    assert_eq!(seen.stdout, "");
}

#[test]
fn a_huge_message_is_capped_at_both_ends() {
    let seen = run("huge");
    let (message, _) = seen.failure();
    assert!(message.len() < 65 * 1024, "{}", message.len());
    assert!(message.starts_with("headéé") && message.ends_with("éétail"));
}

#[test]
fn frames_arrive_whole_when_the_learner_changes_the_sockets_mode() {
    let seen = run("huge_nonblocking");
    let frames = seen.frames();
    assert_eq!((frames.len(), seen.lines.len()), (65, 65));
    assert!(frames[..64].iter().all(|frame| frame.len() == "stage ".len() + 60_000));
    assert!(frames[64].starts_with("failed all of it arrived\t"));
}

#[test]
fn stages_are_there_before_a_hanging_test_is_killed() {
    let (mut child, socket) = start(&format!("{KEY} {START} hangs\n"));
    let mut lines = BufReader::new(socket).lines();
    assert_eq!(lines.next().unwrap().unwrap(), format!("{KEY} began"));
    assert_eq!(lines.next().unwrap().unwrap(), format!("{KEY} stage starting"));
    assert_eq!(lines.next().unwrap().unwrap(), format!("{KEY} stage polled once;\\nnow the event fires"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(lines.next().is_none());
}

#[test]
fn exactly_one_line_is_read() {
    let seen = send(&format!("{KEY} {START} reads_input\nfor the learner\n"));
    assert_eq!((seen.frames(), seen.stdout.as_str()), (vec!["passed"], "input: \"for the learner\\n\"\n"));
}

#[test]
fn drawn_values_follow_from_the_order() {
    let drawn = |start: &str| send(&format!("{KEY} {start} draws\n")).stdout;
    assert_eq!(drawn(START), drawn(START));
    assert_ne!(drawn(START), drawn("fedcba9876543210"));
    let values = drawn(START);
    assert_ne!(values.lines().next(), values.lines().nth(1));
}

#[test]
fn a_process_runs_one_test() {
    let other = KEY.replace('0', "1");
    let seen = send(&format!("{KEY} {START} runs_harness_again\n{other} {START} passes\n"));
    assert_eq!(seen.lines, [format!("{KEY} passed")]);
    assert!(seen.stderr.contains("has been run in this process already"), "{}", seen.stderr);
}

#[test]
fn the_learners_program_is_run_by_the_grader_and_its_answer_is_read() {
    let (child, socket) = start(&format!("{KEY} {START} runs_program\n"));
    let mut lines = BufReader::new(socket.try_clone().unwrap()).lines();
    let mut next = || lines.next().unwrap().unwrap();
    assert_eq!(next(), format!("{KEY} began"));
    assert_eq!(next(), format!("{KEY} run 2\tone\\ttwo\tthree\tNAME\tvalue"));
    (&socket).write_all(b"3\tline 1\\nline 2\\n\tto\\\\stderr\n").unwrap();
    assert!(!cfg!(target_os = "linux") || next().starts_with(&format!("{KEY} used ")));
    assert_eq!(next(), format!("{KEY} passed"));
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
}

#[test]
fn a_grader_that_is_gone_runs_no_program() {
    let seen = run("runs_program");
    assert_eq!(seen.code, Some(101), "{}", seen.stderr);
}

#[test]
fn a_grader_that_is_gone_changes_no_exit_code() {
    for (test, code) in [("passes", 0), ("fails_in_test", 101)] {
        let (child, socket) = start(&format!("{KEY} {START} {test}\n"));
        drop(socket);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_bad_order_is_refused_before_any_test() {
    let long = format!("{KEY} {START} {}\n", "x".repeat(100_000));
    let orders = [
        ("", "failed to read the order"),
        ("no newline", "failed to read the order"),
        (&long, "failed to read the order"),
        ("\n", "not `<key> <start> <test name>`"),
        ("passes\n", "not `<key> <start> <test name>`"),
        (&format!("{KEY} passes\n"), "not `<key> <start> <test name>`"),
        (&format!("{KEY} 0123 passes\n"), "16 hex digits"),
        (&format!("{KEY} +123456789abcdef passes\n"), "16 hex digits"),
        (&format!("0123 {START} passes\n"), "32 hex digits"),
        (&format!("0123456789abcdef0123456789abcdeg {START} passes\n"), "32 hex digits"),
        (&format!("{KEY} {START} nothing\n"), "no test `nothing`"),
    ];
    for (order, problem) in orders {
        let seen = send(order);
        assert_eq!((seen.code, seen.lines.len(), seen.stdout.as_str()), (Some(2), 0, ""), "{order:?}");
        assert!(seen.stderr.contains(problem), "{order:?}: {}", seen.stderr);
    }
}

#[test]
fn standard_input_that_is_no_socket_is_refused() {
    let (reader, mut writer) = io::pipe().unwrap();
    writer.write_all(format!("{KEY} {START} passes\n").as_bytes()).unwrap();
    for input in [Stdio::null(), Stdio::from(reader)] {
        let mut child = Command::new(example("hidden_tests"))
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut text = String::new();
        child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(2));
        assert!(text.contains("started by tokiolings"), "{text}");
    }
}

#[test]
fn a_recording_is_sent_as_it_grows_and_only_the_newest() {
    let seen = run("records");
    assert_eq!(
        seen.frames(),
        [
            "timeline new",
            "timeline lane\tolder",
            "timeline new",
            "timeline lane\tthe\\tpage",
            "timeline 0\t0\tpoll\t",
            "timeline 0\t0\tmark\tspinner\\nshown",
            "timeline 0\t0\tready\t",
            "timeline 0\t0\tdrop\t",
            "failed told after the recording\t",
        ]
    );
}
