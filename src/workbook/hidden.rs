//! The hidden tests of an exercise: their names, read from their source and never from a run, and the program that
//! the grader makes of them.
//!
//! A test is a function, which is run, or a module that must not compile, which is a crate of its own to the compiler. Where the
//! learner writes the tests, it is an implementation that they are run against.

use std::mem::take;
use std::ops::Range;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

use super::implementation::Implementation;
use super::refusal::{self, Refusal};

/// The hidden tests of one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenTests {
    /// The text of the file as its author wrote it.
    pub source: String,
    /// The tests that must all report, in source order.
    pub tests: Vec<HiddenTest>,
}

/// One test function, a module that must not compile, or an implementation that a learner's tests are run against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenTest {
    /// The function's name, the module's, or the implementation's.
    pub name: String,
    /// Its doc comment, if any: what it is about, in a line for the learner.
    pub about: Option<String>,
    /// For a module that must not compile: how the compiler must refuse it. A function has none: it is run.
    pub refusal: Option<Refusal>,
    /// For an implementation: what the learner's tests must say about it.
    pub implementation: Option<Implementation>,
    /// What is between the braces of its body, in the file's text.
    body: Range<usize>,
    /// Its `#[test]`, `#[tokio::test(…)]` or `#[must_not_compile(…)]`, and what stands there instead in the grader's program.
    attribute: Replacement,
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
    /// Reads the tests of a file. Only its top level is looked at: whether all of it is Rust tells
    /// [`syntax_error`](Self::syntax_error), which takes five times as long.
    ///
    /// # Errors
    /// Every problem of the file: its brackets do not match, it has no test, a test is marked in a way that the grader
    /// does not run.
    pub(super) fn read(source: String) -> Result<Self, Vec<Problem>> {
        let tokens: TokenStream = match source.parse() {
            Ok(tokens) => tokens,
            Err(error) => return Err(vec![unparsable(error.span(), &error)]),
        };
        let mut tests: Vec<HiddenTest> = Vec::new();
        let mut problems = Vec::new();
        for function in items(tokens) {
            if function.name == "main" {
                problems.push((
                    line(function.name.span()),
                    "`fn main` is written by the grader; remove it".to_owned(),
                ));
            }
            match read_test(&function) {
                Ok(Some(test)) if tests.iter().any(|other| other.name == test.name) => problems
                    .push((line(function.name.span()), format!("`{}` is the name of two tests", test.name))),
                Ok(Some(test)) => tests.push(test),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        if tests.iter().all(|test| test.refusal.is_some()) && problems.is_empty() {
            problems.push((1, "has no `#[test]` function at its top level; add one".to_owned()));
        }
        if problems.is_empty() { Ok(Self { source, tests }) } else { Err(problems) }
    }

    /// The implementations that a learner's tests are run against: each with its name, what it does, what they must say about it,
    /// and its text, a crate of its own.
    pub(super) fn of_implementations(read: Vec<(String, String, Implementation, String)>) -> Self {
        let mut hidden = Self { source: String::new(), tests: Vec::new() };
        for (name, about, implementation, text) in read {
            hidden.source.push_str(&format!("mod {name} {{\n"));
            let start = hidden.source.len();
            hidden.source.push_str(&text);
            hidden.tests.push(HiddenTest {
                name,
                about: Some(about),
                refusal: None,
                implementation: Some(implementation),
                body: start..hidden.source.len(),
                attribute: Replacement { start, end: start, text: String::new() },
            });
            hidden.source.push_str("}\n");
        }
        hidden
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
        self.tests.iter().filter(|test| test.refusal.is_none())
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
        replacements.extend(self.tests.iter().map(|test| test.attribute.clone()));
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

/// The head of a function or a module at the top level of a file, or of a module.
pub(super) struct Item {
    pub(super) attributes: Vec<Attribute>,
    pub(super) is_async: bool,
    pub(super) is_module: bool,
    pub(super) name: Ident,
    /// Its `pub`, or the place for one.
    pub(super) visibility: Range<usize>,
    /// What is between the braces of its body.
    pub(super) body: Range<usize>,
    pub(super) inside: TokenStream,
    /// Whether a line of its body stands behind `cfg(refused)`. Of a function nobody asks.
    is_set_apart: bool,
}

/// An attribute, and where it stands from its `#` to its `]`.
pub(super) struct Attribute {
    span: Range<usize>,
    line: usize,
    pub(super) content: TokenStream,
}

pub(super) fn items(tokens: TokenStream) -> Vec<Item> {
    let mut found = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut attributes = Vec::new();
    // What has been seen of the item that the next token belongs to could be the head of a function or a module.
    let (mut is_head, mut is_async) = (true, false);
    // The next braces are the body of the last one.
    let mut in_item = false;
    let mut visibility: Option<Range<usize>> = None;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(hash) if is_head && hash.as_char() == '#' => {
                // `#![…]` and `//!` are about what is around them.
                let is_mark =
                    |next: &TokenTree| matches!(next, TokenTree::Punct(mark) if mark.as_char() == '!');
                let is_inner = tokens.next_if(is_mark).is_some();
                let group = tokens.next_if(|next| matches!(next, TokenTree::Group(_)));
                if let Some(TokenTree::Group(group)) = group.filter(|_| !is_inner) {
                    attributes.push(Attribute {
                        span: hash.span().byte_range().start..group.span().byte_range().end,
                        line: line(hash.span()),
                        content: group.stream(),
                    });
                }
            }
            TokenTree::Ident(ident) if is_head => {
                let word = ident.to_string();
                let at = ident.span().byte_range();
                let visibility =
                    visibility.get_or_insert(if word == "pub" { at } else { at.start..at.start });
                match word.as_str() {
                    "pub" | "const" | "unsafe" | "extern" => {}
                    "async" => is_async = true,
                    keyword @ ("fn" | "mod") => {
                        if let Some(TokenTree::Ident(name)) = tokens.next() {
                            found.push(Item {
                                attributes: take(&mut attributes),
                                is_async,
                                is_module: keyword == "mod",
                                name,
                                visibility: visibility.clone(),
                                body: 0..0,
                                inside: TokenStream::new(),
                                is_set_apart: false,
                            });
                            in_item = true;
                        }
                        is_head = false;
                    }
                    _ => is_head = false,
                }
            }
            // `pub(crate)` and `extern "C"`.
            TokenTree::Literal(_) if is_head => {}
            TokenTree::Group(group) if is_head && group.delimiter() == Delimiter::Parenthesis => {
                if let Some(visibility) = &mut visibility {
                    visibility.end = group.span().byte_range().end;
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                if let Some(item) = found.last_mut().filter(|_| take(&mut in_item)) {
                    item.body = group.span_open().byte_range().end..group.span_close().byte_range().start;
                    item.is_set_apart = item.is_module && refusal::is_mentioned(group.stream());
                    item.inside = group.stream();
                }
                (is_head, is_async, visibility) = (true, false, None);
                attributes.clear();
            }
            TokenTree::Punct(end) if end.as_char() == ';' => {
                (is_head, is_async, in_item, visibility) = (true, false, false, None);
                attributes.clear();
            }
            _ => is_head = false,
        }
    }
    found
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
            ["doc"] if about.is_none() => about = doc(&meta),
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

fn doc(meta: &syn::Meta) -> Option<String> {
    let syn::Meta::NameValue(pair) = meta else { return None };
    refusal::literal(&pair.value).map(|text| text.trim().to_owned())
}

pub(super) fn line(span: Span) -> usize {
    span.start().line
}

#[cfg(test)]
mod tests;
