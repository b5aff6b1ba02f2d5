//! How the compiler must refuse a module of the hidden tests: `#[must_not_compile(…)]`.

use proc_macro2::{TokenStream, TokenTree};
use syn::punctuated::Punctuated;

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

/// Whether a word of these is [`REFUSED`].
pub(super) fn is_mentioned(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => is_mentioned(group.stream()),
        TokenTree::Ident(word) => word == REFUSED,
        _ => false,
    })
}

/// Reads `#[must_not_compile(code = "E0277", says = "…")]` of a module.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(meta: &syn::Meta, module: &str, is_set_apart: bool) -> Result<Refusal, String> {
    const FORM: &str = "write `#[must_not_compile(code = \"E0277\", says = \"…\")]`";
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
            ("code", syn::Expr::Array(several)) => codes.extend(several.elems.iter().filter_map(literal)),
            ("code", one) => codes.extend(literal(one)),
            ("message", one) => message = literal(one),
            ("says", one) => says = literal(one),
            _ => {
                let known = "`code`, `message` and `says`";
                return Err(format!("`{key}` is not a key of `#[must_not_compile]`, which has {known}"));
            }
        }
    }
    let says = says.filter(|says| !says.trim().is_empty());
    let (false, Some(says)) = (codes.is_empty(), says) else {
        let problem = "`#[must_not_compile]` needs a `code`, and what it `says` if the text does compile";
        return Err(format!("{problem}; {FORM}"));
    };
    if message.is_none() && codes.iter().any(|code| code == "-") {
        let problem = "an error without a code can be any error; add `message = \"…\"`, a part of the compiler's first line";
        return Err(problem.to_owned());
    }
    if !is_set_apart {
        return Err(format!(
            "`{module}` has no line with `#[cfg({REFUSED})]`: without such lines it must compile, and with them it must not"
        ));
    }
    Ok(Refusal { codes, message, says })
}

/// The text of a literal.
pub(super) fn literal(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(attribute: &str, is_set_apart: bool) -> String {
        read(&syn::parse_str(attribute).unwrap(), "b", is_set_apart).unwrap_err()
    }

    #[test]
    fn what_must_not_compile_says_how_it_is_refused() {
        for (arguments, part) in [
            ("", "does not say how it is refused"),
            ("(E0277)", "cannot be read: expected `=`"),
            ("(code = \"E0277\", says = \"It compiles.\", text = \"\")", "`text` is not a key"),
            ("(says = \"It compiles.\")", "needs a `code`"),
            ("(code = \"E0277\", says = \" \")", "needs a `code`"),
            ("(code = 277, says = \"It compiles.\")", "needs a `code`"),
            ("(code = \"-\", says = \"It compiles.\")", "add `message = \"…\"`"),
        ] {
            let problem = problem(&format!("must_not_compile{arguments}"), true);
            assert!(problem.contains(part), "{arguments}: {problem}");
        }
        let same = problem("must_not_compile(code = \"E0277\", says = \"It compiles.\")", false);
        assert!(same.contains("`b` has no line with `#[cfg(refused)]`"), "{same}");
    }

    #[test]
    fn what_sets_it_apart_is_found_at_any_depth() {
        let is_mentioned = |text: &str| is_mentioned(text.parse().unwrap());
        assert!(is_mentioned("fn a() { if b { #[cfg(refused)] c(); } }"));
        assert!(!is_mentioned("fn a() { c(\"refused\"); }"));
    }
}
