//! The tests that a learner has written: found in the text and never by a run, and the crate that the grader makes of them.
//!
//! The learner's file comes with an implementation, in a module of its own: the subject. For each hidden implementation the
//! crate has a copy of the file, in which the subject hands on what that implementation has. All of a copy's lines stay
//! where they are.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};

use super::hidden::{Replacement, replacement, tokio_main};
use super::items::{Attribute, Item, items, line};
use super::refusal::literal;

/// A learner's file with its tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnersTests {
    source: String,
    tests: Vec<LearnersTest>,
    /// What is between the braces of the subject.
    subject: Range<usize>,
    /// What makes the tests functions that can be called from outside.
    opened: Vec<Replacement>,
    /// Where the file names its own crate.
    mentions: Vec<Mention>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct LearnersTest {
    /// Below the file: `tests::waits_longer`.
    path: String,
    /// What a panic that it must end with says; a part of it.
    panics: Option<String>,
}

/// The word `crate`, and whether it is the whole of a `pub(crate)`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mention {
    place: Range<usize>,
    is_visibility: bool,
}

/// A copy of the learner's file in the crate.
#[derive(Debug, Clone, Copy)]
pub struct FileCopy<'a> {
    /// The module that it is, and the name of the implementation's crate. It tells nothing about the implementation.
    pub module: &'a str,
    /// The file that holds it.
    pub file: &'a str,
}

impl LearnersTests {
    /// The body of a module of that name at the top level of a file.
    pub(super) fn given<'s>(source: &'s str, subject: &str) -> Option<&'s str> {
        let top = items(source.parse().ok()?);
        let item = top.into_iter().find(|item| is_module(item, subject))?;
        source.get(item.body)
    }

    /// Reads the tests of a file that compiles.
    ///
    /// # Errors
    /// Why they cannot be run against other implementations: line (from 1) and problem.
    pub fn read(source: &str, subject: &str) -> Result<Self, (usize, String)> {
        let tokens: TokenStream =
            source.parse().map_err(|error: proc_macro2::LexError| (line(error.span()), error.to_string()))?;
        let top = items(tokens.clone());
        let Some(given) = top.iter().find(|item| is_module(item, subject)) else {
            let problem = format!(
                "`mod {subject} {{ … }}` is missing: your tests run against other implementations that replace it. \
                 Keep it as it was in the starter"
            );
            return Err((1, problem));
        };
        let mut inside = Found::default();
        inside.look(&items(given.inside.clone()), &mut Vec::new());
        if !inside.tests.is_empty() {
            let problem = format!(
                "tests inside `mod {subject}` do not run: other implementations replace the whole module. Move your \
                 tests out of it"
            );
            return Err((line(given.name.span()), problem));
        }
        let mut found = Found::default();
        found.look(&top, &mut Vec::new());
        if found.tests.is_empty() {
            let problem =
                "there is no test to run: write at least one `#[test]` or `#[tokio::test]` function";
            return Err((1, problem.to_owned()));
        }
        let subject = given.body.clone();
        let mut mentions = Vec::new();
        find_crate(tokens, &mut mentions);
        let replaced = |at: usize| {
            subject.contains(&at) || found.opened.iter().any(|piece| (piece.start..piece.end).contains(&at))
        };
        mentions.retain(|mention| !replaced(mention.place.start));
        Ok(Self { source: source.to_owned(), tests: found.tests, subject, opened: found.opened, mentions })
    }

    /// A copy of the file, with an implementation in the place of the subject.
    #[must_use]
    pub fn copy(&self, module: &str) -> String {
        let lines = self.source[self.subject.clone()].matches('\n').count();
        let subject = Replacement {
            start: self.subject.start,
            end: self.subject.end,
            text: format!(" pub use ::{module}::*; {}", "\n".repeat(lines)),
        };
        let own = self.mentions.iter().map(|Mention { place, is_visibility }| Replacement {
            start: place.start,
            end: place.end,
            text: format!("{}crate::{module}", if *is_visibility { "in " } else { "" }),
        });
        Replacement::all(self.opened.iter().cloned().chain([subject]).chain(own).collect(), &self.source)
    }

    /// The root of the crate, for these copies: it lists the tests of each.
    #[must_use]
    pub fn library(&self, copies: &[FileCopy<'_>]) -> String {
        let mut text = OUTCOME.to_owned();
        for FileCopy { module, file } in copies {
            text.push_str(&format!("#[path = {file:?}]\nmod {module};\n"));
            text.push_str(&format!("pub const {}: &[Tried] = &[\n", list_of(module)));
            for LearnersTest { path, panics } in &self.tests {
                let name = path.strip_prefix("tests::").unwrap_or(path);
                text.push_str(&format!(
                    "    ({name:?}, {panics:?}, || Outcome::into_result({module}::{path}())),\n"
                ));
            }
            text.push_str("];\n");
        }
        text
    }

    /// The program that runs all tests of one copy per process: a name for the harness with each copy's module.
    #[must_use]
    pub fn program(names: &[(&str, &str)]) -> String {
        let mut program =
            "fn main() -> ::std::process::ExitCode {\n    ::testkit::harness::main(&[\n".to_owned();
        for (name, module) in names {
            let list = list_of(module);
            program
                .push_str(&format!("        ({name:?}, || ::testkit::harness::each(exercise::{list})),\n"));
        }
        program.push_str("    ])\n}\n");
        program
    }
}

/// Whether an item is a module of that name, with its body in the file.
fn is_module(item: &Item, name: &str) -> bool {
    item.is_module && item.name == name && !item.body.is_empty()
}

fn list_of(module: &str) -> String {
    module.to_uppercase()
}

/// What a test may return, as testkit has it: that crate is not for the learner's code to see.
const OUTCOME: &str = "\
pub type Tried = (&'static str, ::core::option::Option<&'static str>, fn() -> ::core::result::Result<(), ::std::string::String>);
trait Outcome {
    fn into_result(self) -> ::core::result::Result<(), ::std::string::String>;
}
impl Outcome for () {
    fn into_result(self) -> ::core::result::Result<(), ::std::string::String> {
        ::core::result::Result::Ok(())
    }
}
impl<E: ::core::fmt::Debug> Outcome for ::core::result::Result<(), E> {
    fn into_result(self) -> ::core::result::Result<(), ::std::string::String> {
        self.map_err(|error| ::std::format!(\"The test stopped at an error: {error:?}\"))
    }
}
";

/// The tests of a file, at any depth, and what opens them.
#[derive(Default)]
struct Found {
    tests: Vec<LearnersTest>,
    opened: Vec<Replacement>,
}

impl Found {
    fn look(&mut self, among: &[Item], path: &mut Vec<String>) {
        for item in among.iter().filter(|item| item.attributes.iter().all(is_in)) {
            path.push(item.name.to_string());
            let tests = self.tests.len();
            if item.is_module {
                self.look(&items(item.inside.clone()), path);
            } else if let Some((attribute, panics)) = test(item) {
                self.tests.push(LearnersTest { path: path.join("::"), panics });
                self.opened.push(attribute);
            }
            path.pop();
            if self.tests.len() > tests {
                let Range { start, end } = item.visibility;
                let text = if start == end { "pub(crate) " } else { "pub(crate)" };
                self.opened.push(Replacement { start, end, text: text.to_owned() });
            }
        }
    }
}

/// Whether an attribute leaves its item in a crate that is compiled with `--cfg test`, as far as one can see.
fn is_in(attribute: &Attribute) -> bool {
    let text = attribute.content.to_string();
    let text: String = text.split_whitespace().collect();
    !text.starts_with("cfg(") || text == "cfg(test)"
}

/// What makes a plain function of a test, and what its panic must say, if it must panic.
fn test(function: &Item) -> Option<(Replacement, Option<String>)> {
    let (mut found, mut panics) = (None, None);
    for attribute in &function.attributes {
        let Ok(meta) = syn::parse2::<syn::Meta>(attribute.content.clone()) else { continue };
        let path: Vec<String> = meta.path().segments.iter().map(|part| part.ident.to_string()).collect();
        match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["tokio", "test"] => found = Some(replacement(attribute, tokio_main(&meta))),
            // `use tokio::test;` is the only way to an `async` one that compiles.
            [.., "test"] if function.is_async => found = Some(replacement(attribute, tokio_main(&meta))),
            [.., "test"] => found = Some(replacement(attribute, String::new())),
            ["should_panic"] => panics = Some(expected(&meta)),
            ["ignore"] => return None,
            _ => {}
        }
    }
    found.map(|attribute| (attribute, panics))
}

/// The words of `#[should_panic(expected = "…")]`.
fn expected(meta: &syn::Meta) -> String {
    let value = match meta {
        syn::Meta::NameValue(pair) => Some(pair.value.clone()),
        syn::Meta::List(list) => list.parse_args::<syn::MetaNameValue>().ok().map(|pair| pair.value),
        syn::Meta::Path(_) => None,
    };
    value.as_ref().and_then(literal).unwrap_or_default()
}

/// Where a text says `crate`, but for `extern crate`.
fn find_crate(tokens: TokenStream, found: &mut Vec<Mention>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let word = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    };
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(word);
        match token {
            TokenTree::Group(group) => {
                let first = found.len();
                find_crate(group.stream(), found);
                let is_whole = group.stream().to_string() == "crate";
                if is_whole && before.as_deref() == Some("pub") {
                    found[first..].iter_mut().for_each(|mention| mention.is_visibility = true);
                }
            }
            TokenTree::Ident(ident) if ident == "crate" && before.as_deref() != Some("extern") => {
                found.push(Mention { place: ident.span().byte_range(), is_visibility: false });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
//! About it.
mod retry {
    pub fn go() {}
    pub(crate) fn helper() { crate::retry::go() }
}
use crate::retry::go;
#[cfg(test)]
mod tests {
    use super::*;
    pub(crate) struct Fake;
    #[test]
    fn one() { crate::retry::go() }
    #[tokio::test(start_paused = true)]
    async fn two() -> Result<(), String> { Ok(()) }
    pub mod deeper {
        #[test]
        #[should_panic(expected = \"no luck\")]
        pub(super) fn three() { panic!(\"no luck\") }
    }
    #[test]
    #[ignore]
    fn not_run() {}
    #[cfg(not(test))]
    mod gone { #[test] fn never() {} }
}
#[test]
fn last() {}
fn main() {}
";

    fn read(text: &str) -> LearnersTests {
        LearnersTests::read(text, "retry").unwrap()
    }

    #[test]
    fn tests_are_found_at_any_depth_and_those_that_cargo_would_not_run_are_left_out() {
        let paths: Vec<String> = read(FILE).tests.into_iter().map(|test| test.path).collect();
        assert_eq!(paths, ["tests::one", "tests::two", "tests::deeper::three", "last"]);
    }

    #[test]
    fn a_copy_has_the_implementation_in_the_place_of_the_subject_and_every_line_where_it_was() {
        let copy = read(FILE).copy("m7");
        let place = |text: &str, part: &str| {
            text.lines().position(|line| line.contains(part)).unwrap_or_else(|| panic!("{part}: {text}"))
        };
        assert!(copy.contains("mod retry { pub use ::m7::*; \n"), "{copy}");
        assert!(!copy.contains("helper"), "{copy}");
        assert!(copy.contains("use crate::m7::retry::go;"), "{copy}");
        assert!(copy.contains("pub(in crate::m7) struct Fake;"), "{copy}");
        assert!(copy.contains("pub(crate) mod tests {"), "{copy}");
        assert!(copy.contains("pub(crate) fn one() { crate::m7::retry::go() }"), "{copy}");
        let two = "#[::tokio::main(flavor = \"current_thread\", start_paused = true)]";
        assert!(copy.contains(two), "{copy}");
        assert!(copy.contains("pub(crate) mod deeper"), "{copy}");
        assert!(copy.contains("pub(crate) fn three()"), "{copy}");
        for part in ["fn one", "async fn two", "fn three", "fn main"] {
            assert_eq!(place(&copy, part), place(FILE, part), "{copy}");
        }
        syn::parse_file(&copy).unwrap();
    }

    #[test]
    fn the_root_of_the_crate_and_the_program_name_every_test_of_every_copy() {
        let tests = read(FILE);
        let copies = ["m7", "m8"].map(|module| FileCopy { module, file: "m7/exercises/a.rs" });
        let library = tests.library(&copies);
        syn::parse_file(&library).unwrap();
        assert!(library.contains("(\"one\", None, || Outcome::into_result(m8::tests::one())),"), "{library}");
        let three =
            "(\"deeper::three\", Some(\"no luck\"), || Outcome::into_result(m7::tests::deeper::three())),";
        assert!(library.contains(three), "{library}");
        let program = LearnersTests::program(&[("mutant_a", "m7")]);
        syn::parse_file(&program).unwrap();
        assert!(program.contains("(\"mutant_a\", || ::testkit::harness::each(exercise::M7)),"), "{program}");
    }

    #[test]
    fn what_keeps_tests_from_being_run_is_told() {
        for (text, line, part) in [
            ("fn main() {}", 1, "`mod retry { … }` is missing"),
            ("mod retry;\n#[test] fn a() {}", 1, "`mod retry { … }` is missing"),
            ("\nmod retry { #[cfg(test)] mod tests { #[test] fn a() {} } }", 2, "Move your tests out of it"),
            ("mod retry { fn a() {} }\nfn b() {}", 1, "there is no test"),
            ("mod retry { fn a() {} }\n#[test]\n#[ignore]\nfn b() {}", 1, "there is no test"),
        ] {
            let (at, problem) = LearnersTests::read(text, "retry").unwrap_err();
            assert_eq!(at, line, "{text}");
            assert!(problem.contains(part), "{text}: {problem}");
        }
    }

    #[test]
    fn an_async_test_under_a_plain_name_is_tokios() {
        let copy = read("mod retry { fn a() {} }\nuse tokio::test;\n#[test]\nasync fn b() {}\n").copy("m");
        assert!(copy.contains("#[::tokio::main(flavor = \"current_thread\", )]"), "{copy}");
    }
}
