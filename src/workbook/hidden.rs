//! The hidden tests of an exercise: their names, read from their source and never from a run, and the program that
//! the grader makes of them.
//!
//! A test is a function, which is run, or a module that must not compile, which is a crate of its own to the compiler. Where the
//! learner writes the tests, it is an implementation that they are run against. An exercise that builds on another one has that
//! one's tests as well, in a module with the name of that step.

use std::ops::Range;
use std::sync::OnceLock;

use proc_macro2::{Span, TokenStream, TokenTree};

use super::implementation::Implementation;
use super::items::{Attribute, Item, items, line};
use super::refusal::{self, Refusal};

/// The hidden tests of one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenTests {
    /// The text of the file as its author wrote it, and behind it the files of the steps that it builds on, a module each.
    pub source: String,
    /// The names of these modules.
    past: Vec<String>,
    /// Read when they are first asked for: a learner waits for the first screen, which asks for none.
    tests: OnceLock<Vec<HiddenTest>>,
}

/// One test function, a module that must not compile, or an implementation that a learner's tests are run against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenTest {
    /// The function's name, the module's, or the implementation's; behind the step's name and `::` if it comes from a step before.
    pub name: String,
    /// The first line of its doc comment, to the end of the sentence: what it is about, for the learner.
    pub about: Option<String>,
    /// For a module that must not compile: how the compiler must refuse it. A function has none: it is run.
    pub refusal: Option<Refusal>,
    /// For an implementation: what the learner's tests must say about it.
    pub implementation: Option<Implementation>,
    /// What is between the braces of its body, in the file's text.
    body: Range<usize>,
    /// Its `#[test]`, `#[tokio::test(…)]` or `#[must_not_compile(…)]`, and what stands there instead in the grader's program.
    attribute: Replacement,
    /// Its `pub`, or the place for one, where the program's `main` could not see it otherwise.
    visibility: Option<Replacement>,
}

impl HiddenTest {
    /// Whether it comes from a step that the exercise builds on.
    #[must_use]
    pub fn is_of_a_step_before(&self) -> bool {
        self.name.contains("::")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Replacement {
    /// A text with these pieces replaced. No two of them overlap.
    pub(super) fn all(mut replacements: Vec<Self>, source: &str) -> String {
        replacements.sort_by_key(|replacement| replacement.start);
        let mut text = String::with_capacity(source.len() + 64 * (replacements.len() + 1));
        let mut copied = 0;
        for replacement in &replacements {
            text.push_str(&source[copied..replacement.start]);
            text.push_str(&replacement.text);
            copied = replacement.end;
        }
        text.push_str(&source[copied..]);
        text
    }
}

/// What is wrong with a hidden tests file: line (from 1) and problem.
pub(super) type Problem = (usize, String);

impl HiddenTests {
    /// Reads the tests of a file and of the steps that it builds on, each with its name and its own file. Only the top level is
    /// looked at: whether all of it is Rust tells [`syntax_error`](Self::syntax_error), which takes five times as long.
    ///
    /// # Errors
    /// Every problem of the file: its brackets do not match, it has no test, a test is marked in a way that the grader
    /// does not run. Problems of the steps before are found where they are read.
    pub(super) fn read(own: &str, past: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let hidden = Self::trusted(own, past);
        let (tests, mut problems) = hidden.find();
        let last = own.lines().count();
        problems.retain(|(line, _)| *line <= last);
        if tests.iter().all(|test| test.refusal.is_some() || test.is_of_a_step_before())
            && problems.is_empty()
        {
            problems.push((1, "has no `#[test]` function at its top level; add one".to_owned()));
        }
        // What was found is kept.
        let _ = hidden.tests.set(tests);
        if problems.is_empty() { Ok(hidden) } else { Err(problems) }
    }

    /// The same for files that are known to be without problems, as those of the built-in workbook are. Nothing is read until
    /// somebody asks for a test.
    pub(super) fn trusted(own: &str, past: &[(String, String)]) -> Self {
        let mut source = own.to_owned();
        for (step, text) in past {
            source.push_str(&format!("\nmod {step} {{\n{text}}}\n"));
        }
        let past = past.iter().map(|(step, _)| step.clone()).collect();
        Self { source, past, tests: OnceLock::new() }
    }

    /// The tests that must all report: in source order, and those of the steps before behind them.
    pub fn tests(&self) -> &[HiddenTest] {
        self.tests.get_or_init(|| self.find().0)
    }

    /// The tests of the text, and what is wrong with it.
    fn find(&self) -> (Vec<HiddenTest>, Vec<Problem>) {
        let tokens: TokenStream = match self.source.parse() {
            Ok(tokens) => tokens,
            Err(error) => return (Vec::new(), vec![unparsable(error.span(), &error)]),
        };
        let (mut tests, mut problems) = (Vec::new(), Vec::new());
        let mut past = Vec::new();
        for item in items(tokens) {
            let name = item.name.to_string();
            if item.is_module && self.past.contains(&name) {
                past.push((name, item.inside));
            } else {
                item.read_into(None, &mut tests, &mut problems);
            }
        }
        for (step, tokens) in past {
            for item in items(tokens) {
                item.read_into(Some(&step), &mut tests, &mut problems);
            }
        }
        (tests, problems)
    }

    /// The implementations that a learner's tests are run against: each with its name, what it does, what they must say about it,
    /// and its text, a crate of its own.
    pub(super) fn of_implementations(read: Vec<(String, String, Implementation, String)>) -> Self {
        let (mut source, mut tests) = (String::new(), Vec::new());
        for (name, about, implementation, text) in read {
            source.push_str(&format!("mod {name} {{\n"));
            let start = source.len();
            source.push_str(&text);
            tests.push(HiddenTest {
                name,
                about: Some(about),
                refusal: None,
                implementation: Some(implementation),
                body: start..source.len(),
                attribute: Replacement { start, end: start, text: String::new() },
                visibility: None,
            });
            source.push_str("}\n");
        }
        Self::of(source, tests)
    }

    /// These tests, in a text that is not read.
    pub(crate) fn of(source: String, tests: Vec<HiddenTest>) -> Self {
        Self { source, past: Vec::new(), tests: OnceLock::from(tests) }
    }

    /// An implementation as it was written.
    #[must_use]
    pub fn implementation(&self, test: &HiddenTest) -> &str {
        self.source.get(test.body.clone()).unwrap_or_default()
    }

    /// The body of one of these tests, without the indentation of its lines and the blank ones around them.
    #[must_use]
    pub fn body(&self, test: &HiddenTest) -> String {
        let text = self.source.get(test.body.clone()).unwrap_or_default();
        if !text.contains('\n') {
            return text.trim().to_owned();
        }
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        // What stands behind the opening brace has no indentation.
        let depth = |line: &&str| line.len() - line.trim_start().len();
        let least = lines.iter().skip(1).filter(|line| !line.is_empty()).map(depth).min().unwrap_or(0);
        let lines = lines.iter().map(|line| line.get(least.min(depth(line))..).unwrap_or_default());
        lines.collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
    }

    /// A module that must not compile, as a crate of its own in which every line has the number that it has in the file.
    #[must_use]
    pub fn text(&self, test: &HiddenTest) -> String {
        let before = self.source.get(..test.body.start).unwrap_or_default();
        let body = self.source.get(test.body.clone()).unwrap_or_default();
        format!("{}{body}\n", "\n".repeat(before.matches('\n').count()))
    }

    /// The tests that are run, each in a process of its own.
    pub fn functions(&self) -> impl Iterator<Item = &HiddenTest> {
        self.tests().iter().filter(|test| test.refusal.is_none())
    }

    /// Where and why the file is not Rust: line (from 1) and problem.
    #[must_use]
    pub fn syntax_error(&self) -> Option<(usize, String)> {
        syn::parse_file(&self.source).err().map(|error| unparsable(error.span(), &error))
    }

    /// The program that runs one test per process: the author's file, line for line, with a `main` behind it that
    /// hands the tests to `testkit::harness`.
    ///
    /// libtest is left out on purpose: its verdict is the exit code and a line of printed text, and any code in the
    /// process can forge both.
    #[must_use]
    pub fn program(&self) -> String {
        let mut program = self.rewritten(Vec::new());
        program.push_str("\nfn main() -> ::std::process::ExitCode {\n    ::testkit::harness::main(&[\n");
        program.push_str(&self.list(str::to_owned));
        program.push_str("    ])\n}\n");
        program
    }

    /// The same tests as the text of a module of a larger program, next to those of other submissions: the submission
    /// has the name `submission` there. [`larger_program`](Self::larger_program) puts such modules together.
    #[must_use]
    pub fn module(&self, module: &str, submission: &str) -> String {
        let renamed = self.mentions().into_iter().map(|(start, end)| Replacement {
            start,
            end,
            text: submission.to_owned(),
        });
        let mut text = self.rewritten(renamed.collect());
        text.push_str(&format!("\npub(crate) const {LIST}: &[::testkit::harness::Test<'static>] = &[\n"));
        text.push_str(&self.list(|test| Self::name_in(module, test)));
        text.push_str("];\n");
        text
    }

    /// The program of these modules, each with the file that holds it.
    #[must_use]
    pub fn larger_program(modules: &[(&str, &str)]) -> String {
        let mut program = String::new();
        for (module, file) in modules {
            program.push_str(&format!("#[path = \"{file}\"]\nmod {module};\n"));
        }
        program.push_str("fn main() -> ::std::process::ExitCode {\n    ::testkit::harness::main(&[\n");
        for (module, _) in modules {
            program.push_str(&format!("        {module}::{LIST},\n"));
        }
        program.push_str("    ].concat())\n}\n");
        program
    }

    /// The name of a test of a module in a larger program.
    #[must_use]
    pub fn name_in(module: &str, test: &str) -> String {
        format!("{module}::{test}")
    }

    /// The entries for the harness.
    fn list(&self, name_of: impl Fn(&str) -> String) -> String {
        let entry = |HiddenTest { name, .. }: &HiddenTest| {
            let shown = name_of(name);
            format!("        (\"{shown}\", || ::testkit::harness::Outcome::into_result({name}())),\n")
        };
        self.functions().map(entry).collect()
    }

    /// The author's text with the tests' attributes, and what else is given, replaced.
    fn rewritten(&self, mut replacements: Vec<Replacement>) -> String {
        for test in self.tests() {
            replacements
                .extend([Some(test.attribute.clone()), test.visibility.clone()].into_iter().flatten());
        }
        Replacement::all(replacements, &self.source)
    }

    /// Where the text names the submission's crate: `exercise` at the head of a path.
    fn mentions(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        // It has been parsed before.
        if let Ok(tokens) = self.source.parse() {
            find_mentions(tokens, &mut found);
        }
        found
    }
}

/// The list of tests in a module of a larger program.
const LIST: &str = "TOKIOLINGS_TESTS";

fn find_mentions(tokens: TokenStream, found: &mut Vec<(usize, usize)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let colons = |at: usize| {
        let is_colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == ':');
        is_colon(at) && is_colon(at + 1)
    };
    let word = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    };
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => find_mentions(group.stream(), found),
            TokenTree::Ident(ident) if ident == "exercise" => {
                // `a::exercise` is something else; `::exercise` is the crate.
                let below = at >= 3 && colons(at - 2) && word(at - 3).is_some_and(|word| word != "use");
                let imported = at > 0 && matches!(word(at - 1).as_deref(), Some("use" | "crate"));
                if !below && (colons(at + 1) || imported) {
                    let range = ident.span().byte_range();
                    found.push((range.start, range.end));
                }
            }
            _ => {}
        }
    }
}

fn unparsable(span: Span, error: &dyn std::fmt::Display) -> Problem {
    (line(span), format!("does not parse: {error}"))
}

impl Item {
    /// Reads it into these lists if it is a test, or wrong. `step` is the step before whose tests it is one of.
    fn read_into(&self, step: Option<&str>, tests: &mut Vec<HiddenTest>, problems: &mut Vec<Problem>) {
        if self.name == "main" {
            let problem = "`fn main` is written by the grader; remove it".to_owned();
            problems.push((line(self.name.span()), problem));
        }
        match read_test(self) {
            Ok(Some(mut test)) => {
                if let Some(step) = step {
                    test.name = HiddenTests::name_in(step, &test.name);
                    let Range { start, end } = self.visibility;
                    let text = if start == end { "pub(super) " } else { "pub(super)" }.to_owned();
                    test.visibility = Some(Replacement { start, end, text });
                }
                if tests.iter().any(|other| other.name == test.name) {
                    problems
                        .push((line(self.name.span()), format!("`{}` is the name of two tests", test.name)));
                } else {
                    tests.push(test);
                }
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
}

fn read_test(function: &Item) -> Result<Option<HiddenTest>, Problem> {
    let mut attribute = None;
    let mut about = None;
    let mut refusal = None;
    for attr in &function.attributes {
        // What is no attribute at all is found by whoever compiles the file.
        let Ok(meta) = syn::parse2::<syn::Meta>(attr.content.clone()) else { continue };
        let path: Vec<String> = meta.path().segments.iter().map(|s| s.ident.to_string()).collect();
        match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["test"] => attribute = Some(replacement(attr, String::new())),
            ["tokio", "test"] => attribute = Some(replacement(attr, tokio_main(&meta))),
            ["doc"] => about = with_line(about, &meta),
            ["must_not_compile"] => {
                if !function.is_module {
                    let problem =
                        "`#[must_not_compile]` belongs on a module, which is compiled as a crate of its own";
                    return Err((attr.line, problem.to_owned()));
                }
                let read = refusal::read(&meta, &function.name.to_string(), function.is_set_apart);
                refusal = Some(read.map_err(|problem| (attr.line, problem))?);
                attribute = Some(replacement(attr, String::new()));
            }
            [name @ ("ignore" | "should_panic")] => {
                return Err((
                    attr.line,
                    format!("`#[{name}]` is not run by the grader; use testkit::panic_of to look at a panic"),
                ));
            }
            _ => {}
        }
    }
    let Some(attribute) = attribute else { return Ok(None) };
    if function.is_module && refusal.is_none() {
        let problem = "a module is not a test; write `#[test]` on a function at the top level of the file";
        return Err((line(function.name.span()), problem.to_owned()));
    }
    if attribute.text.is_empty() && function.is_async {
        return Err((
            line(function.name.span()),
            "an async test needs `#[tokio::test]`, or a block for testkit::vt".to_owned(),
        ));
    }
    Ok(Some(HiddenTest {
        name: function.name.to_string(),
        about,
        refusal,
        implementation: None,
        body: function.body.clone(),
        attribute,
        visibility: None,
    }))
}

pub(super) fn replacement(attr: &Attribute, text: String) -> Replacement {
    Replacement { start: attr.span.start, end: attr.span.end, text }
}

/// `#[tokio::test(…)]` without `--test` removes its function; `#[tokio::main(…)]` builds the same runtime, but for
/// the default flavour.
pub(super) fn tokio_main(meta: &syn::Meta) -> String {
    let arguments = match meta {
        syn::Meta::List(list) => list.tokens.to_string(),
        _ => String::new(),
    };
    let flavor = if arguments.contains("flavor") { "" } else { "flavor = \"current_thread\", " };
    format!("#[::tokio::main({flavor}{arguments})]")
}

/// What a test is about, with one more line of its doc comment: the first line, up to the end of its sentence.
fn with_line(about: Option<String>, meta: &syn::Meta) -> Option<String> {
    let syn::Meta::NameValue(pair) = meta else { return about };
    let Some(line) = refusal::literal(&pair.value) else { return about };
    let line = line.trim();
    match about {
        None => Some(line.to_owned()),
        Some(about) if line.is_empty() || about.ends_with(['.', '?', '!', ':', '…']) => Some(about),
        Some(about) => Some(format!("{about} {line}")),
    }
}

#[cfg(test)]
mod tests;
