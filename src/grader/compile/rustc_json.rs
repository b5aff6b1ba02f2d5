//! rustc's JSON messages → diagnostics about the learner's file.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::grader::bench::layout::{HIDDEN_FILE, without_copies};
use crate::system::paths::with_slashes;
use crate::verdict::{Diagnostic, Level, Place, sanitize};

/// One message of the compiler that concerns us.
#[derive(Debug)]
pub(in crate::grader) struct Message(Wire);

/// What rustc writes of a message, as far as we read it.
///
/// `cargo_metadata` has a type for it that reads the whole backtrace of macros, by recursion: how deep that goes is up
/// to the submission, and the stack is ours.
#[derive(Debug, Deserialize)]
struct Wire {
    #[serde(rename = "$message_type")]
    kind: Option<String>,
    message: String,
    code: Option<Code>,
    level: String,
    spans: Vec<Span>,
    children: Vec<Child>,
    rendered: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Child {
    spans: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct Span {
    #[serde(deserialize_with = "path")]
    file_name: String,
    line_start: usize,
    column_start: usize,
    is_primary: bool,
    label: Option<String>,
    /// The macro call that it comes from, unread.
    expansion: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Expansion {
    span: Span,
}

/// rustc joins what it was given with the system's separators.
fn path<'de, D: Deserializer<'de>>(text: D) -> Result<String, D::Error> {
    String::deserialize(text).map(|path| with_slashes(&path))
}

/// Longer texts are cut: a macro can make rustc print its whole expansion.
const MAX_TEXT: usize = 16 * 1024;

/// The codes of rustc for crates that are not there, of another compiler, or damaged.
const ABOUT_CRATES: &[&str] =
    &["E0460", "E0461", "E0462", "E0463", "E0464", "E0514", "E0519", "E0523", "E0786"];

/// Macros of dependencies that call each other are followed outwards so far: rustc's own limit, unless a file raises it.
const MOST_CALLS: usize = 128;

impl Message {
    /// Reads one line of `--error-format=json`; `None` for lines that are no diagnostics of their own (artifact
    /// notices, "aborting due to 2 previous errors").
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let diagnostic: Wire = serde_json::from_slice(line).ok()?;
        if diagnostic.kind.as_ref().is_some_and(|kind| kind != "diagnostic") {
            return None;
        }
        let summary = diagnostic.spans.is_empty()
            && diagnostic.code.is_none()
            && (diagnostic.message.starts_with("aborting due to")
                || diagnostic.message.ends_with("warnings emitted")
                || diagnostic.message.ends_with("warning emitted"));
        (!summary && diagnostic.level != "failure-note").then_some(Self(diagnostic))
    }

    /// About the submission itself: rustc's own words.
    pub(super) fn of_submission(&self) -> Diagnostic {
        let place = self.0.spans.iter().find(|span| span.is_primary).map(place);
        Diagnostic {
            level: level(&self.0.level),
            code: self.0.code.as_ref().map(|code| code.code.clone()),
            message: cut(&self.0.message),
            place,
            rendered: cut(&without_files(self.0.rendered.as_deref().unwrap_or(&self.0.message))),
            coach: None,
        }
    }

    /// About the hidden tests against the submission: what the file lacks, without a line of the tests' code.
    pub(super) fn of_hidden_tests(&self) -> Diagnostic {
        let code = self.0.code.as_ref().map(|code| code.code.clone());
        let message = cut(&self.0.message);
        let mut rendered = match &code {
            Some(code) => format!("error[{code}]: {message}\n"),
            None => format!("error: {message}\n"),
        };
        // Two types say what does not fit, and nothing of how the tests ask for it.
        let primary = self.0.spans.iter().find(|span| span.is_primary);
        let types =
            primary.and_then(|span| span.label.as_deref()).filter(|label| label.starts_with("expected `"));
        if let Some(types) = types {
            rendered.push_str(&format!("  = {}\n", cut(types)));
        }
        let mut first_place = None;
        let spans = self.0.spans.iter().chain(self.0.children.iter().flat_map(|child| &child.spans));
        for span in spans
            .filter(|span| !span.file_name.ends_with(HIDDEN_FILE) && span.file_name.starts_with("exercises/"))
        {
            let place = place(span);
            let label = span.label.as_deref().map(|label| format!(": {}", cut(label))).unwrap_or_default();
            rendered.push_str(&format!("  --> {}:{}:{}{label}\n", place.file, place.line, place.column));
            first_place.get_or_insert(place);
        }
        rendered.push_str(if self.is_about_threads() {
            "  = Either the hidden tests move this future between threads, or your file asks them for one that can \
             be moved (`Send`). A future takes everything along that is alive across an `.await`.\n"
        } else {
            "  = The hidden tests use your file as a library: keep the names, the parameters and the return types of \
             its public items as the starter has them.\n"
        });
        Diagnostic {
            level: Level::Error,
            code,
            message: format!("your file compiles, but the hidden tests cannot use it: {message}"),
            place: first_place,
            rendered,
            coach: None,
        }
    }

    /// About a copy of the learner's file, which compiles as it is, with another implementation in the place of this module.
    pub(super) fn of_trial(&self, subject: &str) -> Diagnostic {
        let own = self.of_submission();
        // In a copy, as in the file, all lines are where they are.
        let plain = |place: Place| Place { file: without_copies(&place.file), ..place };
        let place = own.place.map(plain).filter(|place| place.file.starts_with("exercises/"));
        let code = own.code.as_ref().map(|code| format!("[{code}]")).unwrap_or_default();
        let mut rendered = format!("error{code}: {}\n", own.message);
        if let Some(place) = &place {
            rendered.push_str(&format!("  --> {}:{}:{}\n", place.file, place.line, place.column));
        }
        rendered.push_str(&format!(
            "  = Other implementations replace `mod {subject}`. They have its original public items, and nothing \
             else.\n"
        ));
        let message = format!(
            "your tests compile, but not with another implementation of `mod {subject}`: {}",
            own.message
        );
        Diagnostic { message, place, rendered, ..own }
    }

    fn is_about_threads(&self) -> bool {
        self.0.message.contains("between threads safely")
    }

    /// The files that it points into.
    pub(in crate::grader) fn files(&self) -> impl Iterator<Item = &str> {
        let spans = self.0.spans.iter().chain(self.0.children.iter().flat_map(|child| &child.spans));
        spans.map(|span| span.file_name.as_str())
    }

    /// Whether it is an error.
    pub(in crate::grader) fn is_error(&self) -> bool {
        level(&self.0.level) == Level::Error
    }

    /// rustc's own first line.
    pub(super) fn text(&self) -> &str {
        &self.0.message
    }

    /// Whether it may be about what the compiler was given besides the text: a crate, the standard library, the linker.
    /// A text can have the same said about itself (`extern crate nothing;`), so this decides nothing yet.
    pub(super) fn is_doubtful(&self) -> bool {
        let code = self.0.code.as_ref().map(|code| code.code.as_str());
        let of_a_crate = ["extern location for ", "only metadata stub found for ", "can't find crate for "];
        self.is_error()
            && (code.is_some_and(|code| ABOUT_CRATES.contains(&code))
                || of_a_crate.iter().any(|words| self.0.message.starts_with(words))
                || self.0.message.starts_with("linking with")
                || self.without_code().is_some())
    }

    /// rustc's text, when the message points at no code at all: then it is about the machine or the command, not
    /// about what someone wrote.
    pub(super) fn without_code(&self) -> Option<&str> {
        (self.is_error() && self.0.spans.is_empty() && self.0.code.is_none()).then_some(&self.0.message)
    }
}

fn level(level: &str) -> Level {
    match level {
        // A crash of the compiler is told in a message, too.
        "error" | "error: internal compiler error" => Level::Error,
        "warning" => Level::Warning,
        _ => Level::Note,
    }
}

/// The place in the learner's file that a span stands for: inside a macro of a dependency, where it was called.
fn place(span: &Span) -> Place {
    let at = |span: &Span| Place {
        file: sanitize(&span.file_name),
        line: span.line_start,
        column: span.column_start,
    };
    let mut found = at(span);
    let mut outer = span.expansion.clone();
    for _ in 0..MOST_CALLS {
        if found.file.starts_with("exercises/") {
            break;
        }
        let Some(call) = outer.and_then(|text| serde_json::from_str::<Expansion>(text.get()).ok()) else {
            break;
        };
        found = at(&call.span);
        outer = call.span.expansion;
    }
    found
}

/// A message without the notes about a file that rustc has written a long type to: it lies in a folder of the grader.
fn without_files(rendered: &str) -> String {
    let about_a_file = |line: &str| {
        line.contains("= note: the full name for the type has been written to")
            || line.contains("= note: the full type name has been written to")
            || line.contains("= note: consider using `--verbose` to print the full type name to the console")
    };
    rendered.split_inclusive('\n').filter(|line| !about_a_file(line)).collect()
}

fn cut(text: &str) -> String {
    let clean = sanitize(text);
    if clean.len() <= MAX_TEXT {
        return clean;
    }
    let end = clean.floor_char_boundary(MAX_TEXT);
    format!("{}\n… {} bytes left out …\n", &clean[..end], clean.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNRESOLVED: &str = r#"{"$message_type":"diagnostic","message":"unresolved import `exercise::greet`","code":{"code":"E0432","explanation":""},"level":"error","spans":[{"file_name":"hidden_tests.rs","byte_start":4,"byte_end":19,"line_start":1,"line_end":1,"column_start":5,"column_end":20,"is_primary":true,"text":[{"text":"use exercise::greet;","highlight_start":5,"highlight_end":20}],"label":"no `greet` in the root","suggested_replacement":null,"suggestion_applicability":null,"expansion":null}],"children":[],"rendered":"error[E0432]: unresolved import `exercise::greet`\n --> hidden_tests.rs:1:5\n"}"#;

    #[test]
    fn a_message_about_hidden_tests_shows_none_of_their_code() {
        let diagnostic = Message::read(UNRESOLVED.as_bytes()).unwrap().of_hidden_tests();
        assert_eq!(diagnostic.code.as_deref(), Some("E0432"));
        assert_eq!(diagnostic.place, None);
        assert!(!diagnostic.rendered.contains("hidden_tests.rs"), "{}", diagnostic.rendered);
        assert!(diagnostic.rendered.contains("keep the names"));
    }

    #[test]
    fn a_message_about_threads_does_not_claim_who_asks_for_them() {
        let line = UNRESOLVED
            .replace("unresolved import `exercise::greet`", "future cannot be sent between threads safely");
        let rendered = Message::read(line.as_bytes()).unwrap().of_hidden_tests().rendered;
        assert!(
            rendered.contains("or your file asks them for one") && !rendered.contains("keep the names"),
            "{rendered}"
        );
    }

    #[test]
    fn the_two_types_that_do_not_fit_are_named_and_nothing_else() {
        let labelled = |label: &str| {
            let line = UNRESOLVED.replace("no `greet` in the root", label);
            Message::read(line.as_bytes()).unwrap().of_hidden_tests().rendered
        };
        assert!(
            labelled("expected `String`, found future").contains("  = expected `String`, found future\n")
        );
        assert!(!labelled("no `greet` in the root").contains("in the root"));
    }

    /// UNRESOLVED from inside so many calls of a dependency's macros, the outermost of them in the learner's file.
    fn expanded(calls: usize) -> String {
        let span = |file: &str, expansion: &str| {
            format!(
                r#"{{"file_name":"{file}","line_start":7,"column_start":5,"is_primary":true,"label":null,"expansion":{expansion}}}"#
            )
        };
        let mut innermost = span("exercises/a/b.rs", "null");
        for _ in 0..calls {
            innermost = span("tokio/macros.rs", &format!(r#"{{"span":{innermost},"macro_decl_name":"m!"}}"#));
        }
        format!(
            r#"{{"$message_type":"diagnostic","message":"m","code":null,"level":"error","spans":[{innermost}],"children":[],"rendered":"m"}}"#
        )
    }

    #[test]
    fn an_error_inside_a_macro_of_a_dependency_is_where_the_learner_called_it() {
        let place = |calls| Message::read(expanded(calls).as_bytes()).unwrap().of_submission().place.unwrap();
        assert_eq!((place(2).file.as_str(), place(2).line), ("exercises/a/b.rs", 7));
        assert_eq!(place(MOST_CALLS).file, "exercises/a/b.rs");
    }

    #[test]
    fn calls_in_calls_cost_no_stack() {
        assert!(Message::read(expanded(5_000).as_bytes()).is_some());
    }

    #[test]
    fn a_file_that_only_the_grader_can_see_is_not_named() {
        let rendered = "error: x\n   = note: the full name for the type has been written to 'exercise.long-type-1.txt'\n   = \
                        note: consider using `--verbose` to print the full type name to the console\n   = help: y\n";
        assert_eq!(without_files(rendered), "error: x\n   = help: y\n");
    }

    #[test]
    fn notices_and_summaries_are_no_diagnostics() {
        for line in [
            r#"{"$message_type":"artifact","artifact":"libexercise.rmeta","emit":"metadata"}"#,
            r#"{"$message_type":"diagnostic","message":"aborting due to 1 previous error","code":null,"level":"error","spans":[],"children":[],"rendered":"x"}"#,
            r#"{"$message_type":"diagnostic","message":"2 warnings emitted","code":null,"level":"warning","spans":[],"children":[],"rendered":"x"}"#,
            "no json at all",
        ] {
            assert!(Message::read(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn an_error_without_code_or_place_is_about_the_machine() {
        let line = r#"{"$message_type":"diagnostic","message":"linker `cc` not found","code":null,"level":"error","spans":[],"children":[],"rendered":"x"}"#;
        assert_eq!(Message::read(line.as_bytes()).unwrap().without_code(), Some("linker `cc` not found"));
        assert_eq!(Message::read(UNRESOLVED.as_bytes()).unwrap().without_code(), None);
    }
}
