//! `unsafe` in any spelling. The compiler's own lint misses some (`#[unsafe(naked)]`, as of Rust 1.95), but none can
//! be written without the word.
//!
//! And the usual spelling of a known hole of the compiler (rust-lang/rust#25860), through which code without the word does
//! what `unsafe` does: a reference to a reference with two named lifetimes, `&'a &'b T`.

use proc_macro2::{LineColumn, TokenStream, TokenTree};

use crate::verdict::{Diagnostic, Place};

/// The first of them in a text that compiles, as an error; comments and strings do not count.
pub(super) fn find(text: &str, file: &str) -> Option<Diagnostic> {
    let tokens: TokenStream = text.parse().ok()?;
    let (place, message) = search(tokens)?;
    let place = Place { file: file.to_owned(), line: place.line, column: place.column + 1 };
    Some(Diagnostic::error(Some("unsafe_code"), message, place))
}

const WORD: &str = "`unsafe` is not allowed in this exercise, in any spelling";
const HOLE: &str = "a reference to a reference with two named lifetimes is not allowed in this exercise: the compiler has a \
                    hole there that gets around `unsafe` (rust-lang/rust#25860); one lifetime is enough";

/// Without recursion: how deep groups stand in each other is up to the submission, and the stack is ours.
fn search(tokens: TokenStream) -> Option<(LineColumn, &'static str)> {
    let mut groups = vec![tokens];
    let mut found: Vec<(LineColumn, &'static str)> = Vec::new();
    while let Some(group) = groups.pop() {
        let tokens: Vec<TokenTree> = group.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(word) if word == "unsafe" || word == "r#unsafe" => {
                    found.push((word.span().start(), WORD));
                }
                TokenTree::Group(group) => groups.push(group.stream()),
                TokenTree::Punct(_) if is_hole(&tokens[at..]) => found.push((token.span().start(), HOLE)),
                _ => {}
            }
        }
    }
    found.into_iter().min()
}

/// `& ' a & ' b`, with two names.
fn is_hole(tokens: &[TokenTree]) -> bool {
    let mark =
        |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == sign);
    let name = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(name)) => Some(name.to_string()),
        _ => None,
    };
    let reference = |at: usize| if mark(at, '&') && mark(at + 1, '\'') { name(at + 2) } else { None };
    match (reference(0), reference(3)) {
        (Some(outer), Some(inner)) => outer != inner,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_word_is_found_wherever_it_is_code() {
        for text in [
            "#[unsafe(naked)] pub extern \"C\" fn f() {}",
            "macro_rules! m { () => { unsafe {} } }",
            "fn f() { g(|| { unsafe { h() } }) }",
            "unsafe extern \"C\" {}",
            "fn translate<'a, 'b>(_: &'a &'b (), value: &'b str) -> &'a str { value }",
        ] {
            assert!(find(text, "e.rs").is_some(), "{text}");
        }
        let found = find("fn f() {}\n  unsafe fn g() {}\n", "e.rs").unwrap();
        let place = found.place.unwrap();
        assert_eq!((place.line, place.column), (2, 3));
    }

    #[test]
    fn groups_in_groups_cost_no_stack() {
        let deep = |word: &str| format!("m! {{ {}{word}{} }}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(find(&deep("unsafe"), "e.rs").is_some());
        assert_eq!(find(&deep("safe"), "e.rs"), None);
    }

    #[test]
    fn in_comments_and_strings_it_is_only_a_word() {
        for text in [
            "// unsafe\nfn f() {}",
            "/// unsafe\nfn f() {}",
            "fn f() -> &'static str { \"unsafe\" }",
            "fn unsafely() {}",
        ] {
            assert_eq!(find(text, "e.rs"), None, "{text}");
        }
    }
}
