//! The hidden tests of an exercise: their names, read from their source and never from a run, and the program that
//! the grader makes of them.
//!
//! A test is a function, which is run, or a module that must not compile, which is a crate of its own to the compiler.

use std::mem::take;
use std::ops::Range;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::punctuated::Punctuated;

/// The hidden tests of one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenTests {
    /// The text of the file as its author wrote it.
    pub source: String,
    /// The tests that must all report, in source order.
    pub tests: Vec<HiddenTest>,
}

/// One test function, or a module that must not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenTest {
    /// The function's name, or the module's.
    pub name: String,
    /// Its doc comment, if any: what it is about, in a line for the learner.
    pub about: Option<String>,
    /// For a module that must not compile: how the compiler must refuse it. A function has none: it is run.
    pub refusal: Option<Refusal>,
    /// What is between the braces of its body, in the file's text.
    body: Range<usize>,
    /// Its `#[test]`, `#[tokio::test(…)]` or `#[must_not_compile(…)]`, and what stands there instead in the grader's program.
    attribute: Replacement,
}

/// How the compiler must refuse a text: `#[must_not_compile(code = "E0277", says = "…")]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The codes of the error, any of them; `-` for an error without a code.
    pub codes: Vec<String>,
    /// What must stand in the compiler's message as well.
    pub message: Option<String>,
    /// What a learner is told when the text does compile.
    pub says: String,
}

/// What sets a text that must not compile apart from its twin, which must: `#[cfg(refused)]`.
pub const REFUSED: &str = "refused";

#[derive(Debug, Clone, PartialEq, Eq)]
struct Replacement {
    start: usize,
    end: usize,
    text: String,
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
        replacements.sort_by_key(|replacement| replacement.start);
        let mut text = String::with_capacity(self.source.len() + 64 * (self.tests.len() + 1));
        let mut copied = 0;
        for replacement in &replacements {
            text.push_str(&self.source[copied..replacement.start]);
            text.push_str(&replacement.text);
            copied = replacement.end;
        }
        text.push_str(&self.source[copied..]);
        text
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

/// The head of a function or a module at the top level of a file.
struct Item {
    attributes: Vec<Attribute>,
    is_async: bool,
    is_module: bool,
    name: Ident,
    /// What is between the braces of its body.
    body: Range<usize>,
    /// Whether a word of its body is [`REFUSED`]. Of a function nobody asks.
    is_set_apart: bool,
}

/// An attribute, and where it stands from its `#` to its `]`.
struct Attribute {
    span: Range<usize>,
    line: usize,
    content: TokenStream,
}

fn items(tokens: TokenStream) -> Vec<Item> {
    let mut found = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut attributes = Vec::new();
    // What has been seen of the item that the next token belongs to could be the head of a function or a module.
    let (mut is_head, mut is_async) = (true, false);
    // The next braces are the body of the last one.
    let mut in_item = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(hash) if is_head && hash.as_char() == '#' => {
                if let Some(TokenTree::Group(group)) =
                    tokens.next_if(|next| matches!(next, TokenTree::Group(_)))
                {
                    attributes.push(Attribute {
                        span: hash.span().byte_range().start..group.span().byte_range().end,
                        line: line(hash.span()),
                        content: group.stream(),
                    });
                }
            }
            TokenTree::Ident(ident) if is_head => match ident.to_string().as_str() {
                "pub" | "const" | "unsafe" | "extern" => {}
                "async" => is_async = true,
                keyword @ ("fn" | "mod") => {
                    if let Some(TokenTree::Ident(name)) = tokens.next() {
                        found.push(Item {
                            attributes: take(&mut attributes),
                            is_async,
                            is_module: keyword == "mod",
                            name,
                            body: 0..0,
                            is_set_apart: false,
                        });
                        in_item = true;
                    }
                    is_head = false;
                }
                _ => is_head = false,
            },
            // `pub(crate)` and `extern "C"`.
            TokenTree::Literal(_) if is_head => {}
            TokenTree::Group(group) if is_head && group.delimiter() == Delimiter::Parenthesis => {}
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                if let Some(item) = found.last_mut().filter(|_| take(&mut in_item)) {
                    item.body = group.span_open().byte_range().end..group.span_close().byte_range().start;
                    item.is_set_apart = item.is_module && mentions_refused(group.stream());
                }
                (is_head, is_async) = (true, false);
                attributes.clear();
            }
            TokenTree::Punct(end) if end.as_char() == ';' => {
                (is_head, is_async, in_item) = (true, false, false);
                attributes.clear();
            }
            _ => is_head = false,
        }
    }
    found
}

fn mentions_refused(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions_refused(group.stream()),
        TokenTree::Ident(word) => word == REFUSED,
        _ => false,
    })
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
                let problem = |problem| (attr.line, problem);
                refusal = Some(read_refusal(&meta, function).map_err(problem)?);
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
        body: function.body.clone(),
        attribute,
    }))
}

/// Reads `#[must_not_compile(code = "E0277", says = "…")]`.
fn read_refusal(meta: &syn::Meta, item: &Item) -> Result<Refusal, String> {
    const FORM: &str = "write `#[must_not_compile(code = \"E0277\", says = \"…\")]`";
    if !item.is_module {
        return Err(
            "`#[must_not_compile]` belongs on a module, which is compiled as a crate of its own".to_owned()
        );
    }
    let pairs = match meta {
        syn::Meta::List(list) => list
            .parse_args_with(Punctuated::<syn::MetaNameValue, syn::Token![,]>::parse_terminated)
            .map_err(|error| format!("`#[must_not_compile]` cannot be read: {error}; {FORM}"))?,
        _ => return Err(format!("`#[must_not_compile]` does not say how it is refused; {FORM}")),
    };
    let (mut codes, mut message, mut says) = (Vec::new(), None, None);
    for syn::MetaNameValue { path, value, .. } in pairs {
        let key = path.get_ident().map(ToString::to_string).unwrap_or_default();
        match (key.as_str(), &value) {
            ("code", syn::Expr::Array(several)) => codes.extend(several.elems.iter().filter_map(text)),
            ("code", one) => codes.extend(text(one)),
            ("message", one) => message = text(one),
            ("says", one) => says = text(one),
            _ => {
                let known = "`code`, `message` and `says`";
                return Err(format!("`{key}` is not a key of `#[must_not_compile]`, which has {known}"));
            }
        }
    }
    let says = says.filter(|says| !says.trim().is_empty());
    let (false, Some(says)) = (codes.is_empty(), says) else {
        let problem = "`#[must_not_compile]` needs a `code`, and what it `says` when the text does compile";
        return Err(format!("{problem}; {FORM}"));
    };
    if message.is_none() && codes.iter().any(|code| code == "-") {
        let problem = "an error without a code can be any error; add `message = \"…\"`, a part of the compiler's first line";
        return Err(problem.to_owned());
    }
    if !item.is_set_apart {
        return Err(format!(
            "`{}` has no line with `#[cfg({REFUSED})]`: without such lines it must compile, and with them it must not",
            item.name
        ));
    }
    Ok(Refusal { codes, message, says })
}

fn text(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn replacement(attr: &Attribute, text: String) -> Replacement {
    Replacement { start: attr.span.start, end: attr.span.end, text }
}

/// `#[tokio::test(…)]` without `--test` removes its function; `#[tokio::main(…)]` builds the same runtime, but for
/// the default flavour.
fn tokio_main(meta: &syn::Meta) -> String {
    let arguments = match meta {
        syn::Meta::List(list) => list.tokens.to_string(),
        _ => String::new(),
    };
    let flavor = if arguments.contains("flavor") { "" } else { "flavor = \"current_thread\", " };
    format!("#[::tokio::main({flavor}{arguments})]")
}

fn doc(meta: &syn::Meta) -> Option<String> {
    let syn::Meta::NameValue(pair) = meta else { return None };
    text(&pair.value).map(|text| text.trim().to_owned())
}

fn line(span: Span) -> usize {
    span.start().line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_source_order_with_their_first_doc_line() {
        let hidden = HiddenTests::read(
            "use exercise::f;\n/// It is heard.\n/// More.\n#[test]\nfn heard() {}\nfn helper() {}\n#[test]\nfn again() {}\n".into(),
        )
        .unwrap();
        let tests: Vec<_> = hidden.tests.iter().map(|t| (t.name.as_str(), t.about.as_deref())).collect();
        assert_eq!(tests, [("heard", Some("It is heard.")), ("again", None)]);
    }

    #[test]
    fn the_body_of_a_test_is_as_its_author_wrote_it() {
        let source = "fn other() { 1 }\nstruct S { a: u8 }\n#[test]\nfn a() -> Result<(), S> {\n    let é = \"}\";\n\n    if f() {\n        g(é);\n    }\n}\n#[test]\nfn b() { f() }\n#[test]\nfn c() {}\n";
        let hidden = HiddenTests::read(source.into()).unwrap();
        let bodies: Vec<_> = hidden.tests.iter().map(|test| hidden.body(test)).collect();
        assert_eq!(bodies, ["let é = \"}\";\n\nif f() {\n    g(é);\n}", "f()", ""]);
    }

    #[test]
    fn the_program_keeps_every_line_where_it_was() {
        let source = "#[test]\nfn a() {\n    assert!(true);\n}\n\n#[tokio::test(start_paused = true)]\nasync fn b() {}\n";
        let program = HiddenTests::read(source.into()).unwrap().program();
        let lines: Vec<_> = program.lines().collect();
        assert_eq!(lines[1], "fn a() {");
        assert_eq!(lines[5], "#[::tokio::main(flavor = \"current_thread\", start_paused = true)]");
        assert_eq!(lines[6], "async fn b() {}");
        assert!(program.contains("(\"a\", || ::testkit::harness::Outcome::into_result(a())),"));
        assert!(syn::parse_file(&program).is_ok(), "{program}");
    }

    #[test]
    fn a_module_names_its_own_submission_and_nothing_else() {
        let source = "use exercise::{f, g};\nuse ::exercise::h;\nmod exercises { pub fn exercise() {} }\nfn helper(exercise: u32) -> u32 { assert_eq!(exercise::f(), 1); exercises::exercise(); exercise }\n#[test]\nfn a() {}\n";
        let hidden = HiddenTests::read(source.into()).unwrap();
        let module = hidden.module("m", "other");
        assert!(module.starts_with(
            "use other::{f, g};\nuse ::other::h;\nmod exercises { pub fn exercise() {} }\nfn helper(exercise: u32) -> u32 { assert_eq!(other::f(), 1); exercises::exercise(); exercise }\n"
        ), "{module}");
        assert!(module.contains("(\"m::a\", ||"), "{module}");
        assert!(syn::parse_file(&module).is_ok(), "{module}");
        assert!(syn::parse_file(&HiddenTests::larger_program(&[("m", "m/x.rs")])).is_ok());
    }

    const TEXT: &str = "use exercise::f;\n/// It is refused.\n#[must_not_compile(code = [\"E0277\", \"-\"], message = \"between threads\", says = \"It compiles.\\nMore.\")]\nmod with_an_rc {\n    use exercise::Store;\n    #[cfg(refused)]\n    use std::rc::Rc;\n}\n#[test]\nfn a() {}\nmod helpers {\n    #[test]\n    fn none() {}\n}\n";

    #[test]
    fn a_module_that_must_not_compile_is_a_test_that_is_not_run() {
        let hidden = HiddenTests::read(TEXT.into()).unwrap();
        let [text, function] = hidden.tests.as_slice() else { panic!("{:?}", hidden.tests) };
        assert_eq!((text.name.as_str(), text.about.as_deref()), ("with_an_rc", Some("It is refused.")));
        assert_eq!(
            text.refusal,
            Some(Refusal {
                codes: vec!["E0277".into(), "-".into()],
                message: Some("between threads".into()),
                says: "It compiles.\nMore.".into()
            })
        );
        assert_eq!((function.name.as_str(), &function.refusal), ("a", &None));
        assert_eq!(hidden.functions().collect::<Vec<_>>(), [function]);
        assert_eq!(hidden.syntax_error(), None);
    }

    #[test]
    fn what_must_not_compile_is_a_crate_by_itself_and_its_twin_a_part_of_the_program() {
        let hidden = HiddenTests::read(TEXT.into()).unwrap();
        let text = hidden.text(&hidden.tests[0]);
        assert_eq!(text, "\n\n\n\n    use exercise::Store;\n    #[cfg(refused)]\n    use std::rc::Rc;\n\n");
        assert!(hidden.body(&hidden.tests[0]).starts_with("use exercise::Store;\n#[cfg(refused)]"));
        for program in [hidden.program(), hidden.module("m", "other")] {
            assert!(
                program.contains("\n\nmod with_an_rc {") && !program.contains("must_not_compile"),
                "{program}"
            );
            assert!(!program.contains("with_an_rc\", ||") && !program.contains("with_an_rc()"), "{program}");
            assert!(syn::parse_file(&program).is_ok(), "{program}");
        }
        assert!(hidden.module("m", "other").contains("{\n    use other::Store;"));
    }

    #[test]
    fn what_must_not_compile_says_how_it_is_refused() {
        let says = "code = \"E0277\", says = \"It compiles.\"";
        let refused = "#[cfg(refused)] use a::b;";
        let bad = [
            (format!("#[must_not_compile({says})]\nfn b() {{}}"), "belongs on a module"),
            (format!("#[must_not_compile]\nmod b {{ {refused} }}"), "does not say how it is refused"),
            (format!("#[must_not_compile(E0277)]\nmod b {{ {refused} }}"), "cannot be read: expected `=`"),
            (
                format!("#[must_not_compile({says}, text = \"\")]\nmod b {{ {refused} }}"),
                "`text` is not a key",
            ),
            (
                format!("#[must_not_compile(says = \"It compiles.\")]\nmod b {{ {refused} }}"),
                "needs a `code`",
            ),
            (
                format!("#[must_not_compile(code = \"E0277\", says = \" \")]\nmod b {{ {refused} }}"),
                "needs a `code`",
            ),
            (
                format!("#[must_not_compile(code = \"-\", says = \"It compiles.\")]\nmod b {{ {refused} }}"),
                "add `message = \"…\"`",
            ),
            (
                format!("#[must_not_compile({says})]\nmod b {{ use a::b; }}"),
                "`b` has no line with `#[cfg(refused)]`",
            ),
            (format!("#[must_not_compile({says})]\nmod a {{ {refused} }}"), "`a` is the name of two tests"),
            (format!("#[test]\nmod b {{ {refused} }}"), "a module is not a test"),
        ];
        for (text, part) in bad {
            let problems = HiddenTests::read(format!("#[test]\nfn a() {{}}\n{text}\n")).unwrap_err();
            assert!(problems.iter().any(|(_, problem)| problem.contains(part)), "{text}: {problems:?}");
        }
        let alone = format!("#[must_not_compile({says})]\nmod b {{ {refused} }}");
        assert!(HiddenTests::read(alone).unwrap_err()[0].1.contains("has no `#[test]` function"));
    }

    #[test]
    fn every_problem_of_a_file_is_reported() {
        let source = "#[test]\n#[ignore]\nfn a() {}\n#[test]\nasync fn b() {}\nfn main() {}\n";
        let problems = HiddenTests::read(source.into()).unwrap_err();
        let lines: Vec<_> = problems.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 5, 6]);
    }

    #[test]
    fn a_file_without_tests_or_syntax_is_refused() {
        assert!(HiddenTests::read("fn helper() {}".into()).is_err());
        assert!(HiddenTests::read("fn (".into()).is_err());
        let hidden = HiddenTests::read("#[test]\nfn a() {\n    let = 1;\n}\n".into()).unwrap();
        assert_eq!(hidden.syntax_error().map(|(line, _)| line), Some(3));
    }

    #[test]
    fn a_function_is_found_whatever_stands_before_and_in_it() {
        let hidden = HiddenTests::read(
            "#![allow(dead_code)]\nuse a::b;\nconst F: fn() = inner;\nstatic S: [fn(); 1] = [inner];\n\
             struct P(fn(u8));\nimpl P { #[test] fn method() {} }\nmod m { #[test] fn inside() {} }\n\
             macro_rules! x { () => { #[test] fn made() {} } }\nfn inner() { #[test] fn nested() {} }\n\
             #[derive(Debug)] struct Q<const N: usize> where [(); N]: Sized;\n\
             #[test] pub(crate) fn a() -> impl Fn(u8) -> u8 { |n| n }\n\
             #[tokio::test]\n#[allow(unused)]\npub async fn b<T>() where T: Copy {}\n\
             #[test] extern \"C\" fn c() {}\n#[test] const fn d() {}\n"
                .into(),
        )
        .unwrap();
        let names: Vec<_> = hidden.tests.iter().map(|test| test.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
        assert_eq!(hidden.syntax_error(), None);
        assert!(syn::parse_file(&hidden.program()).is_ok(), "{}", hidden.program());
    }
}
