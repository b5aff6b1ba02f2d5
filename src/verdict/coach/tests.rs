use std::collections::BTreeSet;

use super::pattern::Pattern;
use super::situation::{Capture, SITUATIONS, Situation, read};
use super::*;
use crate::verdict::Level;

/// How a sentence with the next step begins.
const NEXT_STEPS: &[&str] =
    &["Look", "Find", "Ask", "Read", "Compare", "Decide", "Follow", "Check", "Trace", "Count"];

/// More is not read: it stands below a screen of the compiler's words.
const LONGEST_TEXT: usize = 420;

/// What is wrong with a data file.
fn faults(situations: &[Situation]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    for (index, situation) in situations.iter().enumerate() {
        let mut found = Vec::new();
        if !ids.insert(&situation.id) {
            found.push("the id is used twice".to_owned());
        }
        let panics = [situation.panic.as_slice(), situation.unwrapped.as_slice()].concat();
        let kinds = [situation.code.as_slice().is_empty(), situation.panic.as_slice().is_empty()];
        let kinds = kinds.into_iter().chain([situation.unwrapped.as_slice().is_empty()]);
        if kinds.filter(|empty| !empty).count() != 1 {
            found.push("it needs one of `code`, `panic` and `unwrapped`".to_owned());
        }
        if panics.iter().any(|pattern| pattern.holes() > 0) {
            found.push("the text of a panic has no `{}`; `capture` does that".to_owned());
        }
        let of_a_compiler = [&situation.message, &situation.wording];
        if situation.code.as_slice().is_empty()
            && of_a_compiler.iter().any(|texts| !texts.as_slice().is_empty())
        {
            found.push("`message` needs a `code`".to_owned());
        }
        found.extend(text_faults(&situation.says));
        found.extend(placeholder_faults(situation));
        if let Some(earlier) = situations[..index].iter().find(|earlier| shadows(earlier, situation)) {
            found.push(format!("it can never speak: `{}` before it fits whenever it does", earlier.id));
        }
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", situation.id)));
    }
    faults
}

fn text_faults(says: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let text = says.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        faults.push(format!("`says` has {length} characters, but {LONGEST_TEXT} is all that anybody reads"));
    }
    let sentences: Vec<&str> =
        text.split(". ").flat_map(|part| part.split("? ")).flat_map(|part| part.split("; ")).collect();
    let last = &sentences[sentences.len().saturating_sub(2)..];
    let verb = |sentence: &&str| sentence.split(' ').next().unwrap_or_default().to_lowercase();
    if !last.iter().any(|sentence| NEXT_STEPS.iter().any(|step| step.to_lowercase() == verb(sentence))) {
        faults.push(format!("`says` names no next step: begin its last sentence with one of {NEXT_STEPS:?}"));
    }
    if !text.ends_with(['.', '?']) {
        faults.push("`says` does not end a sentence".to_owned());
    }
    faults
}

fn placeholder_faults(situation: &Situation) -> Vec<String> {
    let mut faults = Vec::new();
    for piece in situation.says.split('{').skip(1) {
        let name = piece.split('}').next().unwrap_or_default();
        if !situation.capture.contains_key(name) {
            faults.push(format!("nothing says what to put at `{{{name}}}`"));
        }
    }
    for (name, capture) in &situation.capture {
        let used = situation.says.contains(&format!("{{{name}}}"));
        if !used && capture.otherwise.is_some() {
            faults.push(format!("`{name}` is never used"));
        }
        faults.extend(capture_faults(capture).into_iter().map(|fault| format!("`{name}` {fault}")));
    }
    faults
}

fn capture_faults(capture: &Capture) -> Vec<&'static str> {
    let mut faults = Vec::new();
    let patterns = capture.find.as_slice();
    match (&capture.marked, &capture.line) {
        (None, None) if patterns.is_empty() => faults.push("needs `find`, `marked` or `line`"),
        (Some(_), Some(_)) => faults.push("has both `marked` and `line`"),
        (None, Some(_)) if !patterns.is_empty() => faults.push("has both `find` and `line`"),
        _ => {}
    }
    if patterns.iter().any(|pattern| pattern.holes() != 1) {
        faults.push("has a pattern without exactly one `{}`");
    }
    if capture.otherwise.as_ref().is_some_and(|otherwise| otherwise.trim().is_empty()) {
        faults.push("has an empty `else`");
    }
    faults
}

/// Whether `earlier` fits whenever `later` does.
fn shadows(earlier: &Situation, later: &Situation) -> bool {
    if earlier.capture.values().any(|capture| capture.otherwise.is_none()) {
        return false;
    }
    let codes = earlier.code.as_slice();
    let all_codes = !later.code.as_slice().is_empty()
        && later.code.as_slice().iter().all(|code| codes.iter().any(|known| known == code || known == "any"));
    let all_messages = earlier.wording.as_slice().is_empty()
        && earlier.message.as_slice().iter().all(|known| {
            later.message.as_slice().iter().any(|pattern| pattern.as_str().contains(known.as_str()))
        });
    let all = |earlier: &[Pattern], later: &[Pattern]| {
        !later.is_empty() && later.iter().all(|text| earlier.iter().any(|known| known.begins(text.as_str())))
    };
    all_codes && all_messages
        || all(earlier.panic.as_slice(), later.panic.as_slice())
        || all(earlier.unwrapped.as_slice(), later.unwrapped.as_slice())
}

#[test]
fn the_data_file_has_no_fault() {
    let faults = faults(&SITUATIONS);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(SITUATIONS.len() >= 34);
}

#[test]
fn faults_of_a_data_file_are_found() {
    let good = "says = \"This is so. Look there.\"\ncode = \"E1\"\n";
    let check = |rest: &str| {
        let text = format!("[[situation]]\nid = \"a\"\n{rest}");
        read(&text).map_or_else(|error| vec![error.to_string()], |situations| faults(&situations)).join("\n")
    };
    assert_eq!(check(good), "");
    let long = format!("code = \"E1\"\nsays = \"{} Look there.\"\n", "so ".repeat(200));
    let second = |first: &str, second: &str| {
        format!("{good}{first}[[situation]]\nid = \"b\"\nsays = \"So. Look there.\"\n{second}")
    };
    for (text, fault) in [
        ("says = \"So. Look there.\"\n".to_owned(), "needs one of `code`"),
        (format!("{good}panic = \"x\"\n"), "needs one of `code`"),
        (format!("{good}mesage = \"x\"\n"), "unknown field"),
        ("code = \"E1\"\nsays = \"This is so.\"\n".to_owned(), "no next step"),
        (long, "is all that anybody reads"),
        ("code = \"E1\"\nsays = \"So {name}. Look.\"\n".to_owned(), "what to put at `{name}`"),
        (format!("{good}[situation.capture]\nx = {{ find = \"{{}}\", else = \"y\" }}\n"), "never used"),
        (
            "code = \"E1\"\nsays = \"So {x}. Look.\"\n[situation.capture]\nx = { find = \"y\", else = \"y\" }\n"
                .to_owned(),
            "exactly one `{}`",
        ),
        (second("", "code = \"E1\"\n"), "b: it can never speak"),
        (second("message = \"x\"\n", "code = \"E1\"\nmessage = [\"y\", \"a x\"]\n"), "b: it can never speak"),
        (second("", "code = \"E2\"\n").replace("id = \"b\"", "id = \"a\""), "used twice"),
    ] {
        let found = check(&text);
        assert!(found.contains(fault), "{text}\nshould be faulty ({fault}), but: {found}");
    }
    assert_eq!(check(&second("message = \"x\"\n", "code = \"E1\"\n")), "");
}

fn diagnostic(code: Option<&str>, message: &str, rendered: &str) -> Diagnostic {
    Diagnostic {
        level: Level::Error,
        code: code.map(str::to_owned),
        message: message.to_owned(),
        place: None,
        rendered: rendered.to_owned(),
        coach: None,
    }
}

#[test]
fn what_is_not_known_is_not_explained() {
    assert_eq!(explain(&diagnostic(Some("E9999"), "no", "no")), None);
    assert_eq!(explain(&diagnostic(None, "expected `;`", "")), None);
    assert_eq!(explain_panic("your bot said nothing", "hello"), None);
}

#[test]
fn a_missing_name_leaves_no_hole() {
    for situation in SITUATIONS.iter() {
        if let Some(text) = situation.fill("") {
            assert!(!text.contains(['{', '}']) || text.contains("`{"), "{}: {text}", situation.id);
        }
    }
    let said = explain(&diagnostic(Some("E0373"), "async block may outlive it", "")).unwrap();
    assert!(said.contains("It only borrows a value"), "{said}");
}

#[test]
fn an_error_of_the_hidden_tests_is_not_taken_for_the_learners() {
    let message = "your file compiles, but the hidden tests cannot use it: `u32` is not a future";
    let said = explain(&diagnostic(Some("E0277"), message, "error[E0277]: `u32` is not a future")).unwrap();
    assert!(said.starts_with("The hidden tests await what"), "{said}");
}

const NO_REACTOR: &str =
    "there is no reactor running, must be called from the context of a Tokio 1.x runtime";

#[test]
fn a_panic_is_known_alone_and_behind_a_tests_own_words() {
    for message in [
        NO_REACTOR.to_owned(),
        format!("{NO_REACTOR}\n(your code panicked at exercises/02_engine/a.rs:3:5)"),
        format!("`load` panicked before it was done: {NO_REACTOR}"),
        format!("`load` panicked instead of returning.\n{NO_REACTOR}"),
    ] {
        let said = explain_panic(&message, "").unwrap_or_else(|| panic!("{message}"));
        assert!(
            matches!(&said, PanicWords::Reported(words) if words.contains("looked for a Tokio runtime")),
            "{said:?}"
        );
    }
    let said = explain_panic(&format!("{NO_REACTOR}\n(your code panicked at exercises/a/b.rs:3:5)"), "");
    assert!(said.unwrap().text().contains("Look at `exercises/a/b.rs:3:5`"));
}

#[test]
fn what_a_test_explains_itself_is_not_explained_again() {
    let tailored = format!("You used Tokio too early (\"there is no reactor running\").\n{NO_REACTOR}");
    assert_eq!(explain_panic(&tailored, ""), None);
    let output = format!("\nthread 'main' (7) panicked at exercises/a/b.rs:3:5:\n{NO_REACTOR}\nnote: …\n");
    assert_eq!(explain_panic(&tailored, &output), None);
    let said = explain_panic("the receipt never came", &output).unwrap();
    assert!(
        matches!(&said, PanicWords::Printed(words) if words.contains("Look at `a/b.rs:3:5`")),
        "{said:?}"
    );
}

#[test]
fn prose_of_a_test_around_a_panic_is_an_explanation() {
    let unwrap = "called `Result::unwrap()` on an `Err` value: JoinError::Panic(Id(2), \"boom\", ...)";
    for message in [
        format!(
            "A job failed, and `report` panicked with it. It goes on only if your code passes it on. ({unwrap})"
        ),
        format!(
            "`query` panicked, and `balance` panicked with it. The handle has an `Err` for you.\n{unwrap}"
        ),
        format!("Your task died ({unwrap})"),
        "`fire` panicked. It may be called at any time.\ncalled `Option::unwrap()` on a `None` value"
            .to_owned(),
        "A task has no payload. You asked for one, and `report` panicked: no: JoinError::Cancelled(Id(1))"
            .to_owned(),
        "`Script` A was polled after it returned `Ready`. What it returned is yours to keep.".to_owned(),
    ] {
        assert_eq!(explain_panic(&message, ""), None, "{message}");
    }
    for message in [
        unwrap.to_owned(),
        "the coffee: JoinError::Panic(Id(2), \"boom\", ...)\n(your code panicked at exercises/a/b.rs:1:1)"
            .to_owned(),
        format!("`report` panicked before it was done: {unwrap}"),
        format!("`report` panicked.\n{unwrap}"),
    ] {
        let said = explain_panic(&message, "").unwrap_or_else(|| panic!("{message}"));
        assert!(said.text().starts_with("A task panicked with `boom`."), "{said:?}");
    }
}

#[test]
fn a_stack_overflow_is_known_from_the_output() {
    let output = "hi\nthread 'main' (12) has overflowed its stack\nfatal runtime error: stack overflow\n";
    assert!(explain_panic("The stack overflowed: …", output).unwrap().text().contains("chain of futures"));
}
