//! What is found in a text, and where.

use std::collections::BTreeSet;

use super::super::tokens::{Text, Token};
use super::lifetimes::{
    borrowed, bounds, closures, for_any, opaque, projections, qualified, self_tied, tied,
    two_lifetimes_as_a_value,
};
use super::shape::Shape;
use super::traits::{Traits, aliased, conditional, implying, implying_functions, objects, pointers};

/// Everything that is refused, and where.
pub(in crate::grader::compile) fn refused(text: &Text) -> Vec<(usize, Shape)> {
    let traits = Traits::of(text);
    let mut found = Vec::new();
    tied(text, &mut found);
    bounds(text, &mut found);
    borrowed(text, &mut found);
    projections(text, &mut found);
    let mut add = |shape, places: Vec<usize>| found.extend(places.into_iter().map(|at| (at, shape)));
    add(Shape::SelfTied, self_tied(text, true));
    add(Shape::Opaque, opaque(text));
    add(Shape::Object, objects(text, &traits.blanket));
    add(Shape::SuperBound, objects(text, &traits.bounding));
    add(Shape::Aliased, aliased(text));
    add(Shape::Conditional, conditional(text));
    add(Shape::Pointer, pointers(text));
    add(Shape::Implying, implying(text));
    add(Shape::Implying, implying_functions(text));
    add(Shape::Macro, macros(text));
    add(Shape::Elsewhere, elsewhere(text));
    found
}

/// What might hide a hole that is not known here: where, and what it is.
pub(in crate::grader::compile) fn doubtful(text: &Text) -> Option<(usize, &'static str)> {
    let traits = Traits::of(text);
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    let mut add = |what, places: Vec<usize>| found.extend(places.into_iter().map(|at| (at, what)));
    add("`dyn` of a trait of its own with associated types", objects(text, &traits.associated));
    add("an `impl` of a trait with associated types for every `T: ?Sized`", traits.blankets);
    add("a method that gives a lifetime of its type out as that of `&self`", self_tied(text, false));
    add("a function with two lifetimes, used as a value", two_lifetimes_as_a_value(text));
    add("`for<…>`", for_any(text));
    add("an associated type by way of its trait, `<… as …>::…`", qualified(text));
    add("a closure with a lifetime in what it returns", closures(text));
    found.into_iter().min()
}

/// What macros of a text's own may not write, nor be given: they could put it in another order.
const ITEMS: &[&str] = &[
    "dyn",
    "enum",
    "extern",
    "fn",
    "impl",
    "macro_rules",
    "mod",
    "struct",
    "trait",
    "type",
    "union",
    "use",
    "where",
];

/// Macros of the text's own that write items, or are given lifetimes: what they make of it is not seen here.
fn macros(text: &Text) -> Vec<usize> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for at in 0..text.tokens.len() {
        if text.is_word(at, "macro_rules") && text.is_sign(at + 1, '!') {
            names.extend(text.word(at + 2));
        }
    }
    loop {
        let known = names.len();
        let others: Vec<&str> =
            text.renamed().filter(|(name, _)| names.contains(name)).map(|(_, other)| other).collect();
        names.extend(others);
        if names.len() == known {
            break;
        }
    }
    let hides = |at: usize| match &text.tokens[at] {
        Token::Word(word) => {
            ITEMS.contains(&word.as_str()) || word == "lifetime" && text.is_sign(at - 1, ':')
        }
        Token::Lifetime(_) => {
            let jumps =
                matches!(text.before(at), Some(Token::Word(word)) if word == "break" || word == "continue");
            let label = text.is_sign(at + 1, ':')
                && matches!(text.get(at + 2), Some(Token::Word(word)) if ["loop", "while", "for"].contains(&word.as_str()));
            !(jumps || label)
        }
        // `<$t as …>`, and `<$($t)*>::…`.
        Token::Sign('<') => text.angles(at).is_some_and(|list| {
            let path = text.get(list.end + 1) == Some(&Token::Path)
                && !matches!(text.before(at), Some(Token::Word(_) | Token::Path));
            path || text.outer(list).into_iter().any(|at| text.is_word(at, "as"))
        }),
        _ => false,
    };
    let mut found = Vec::new();
    for at in 0..text.tokens.len() {
        let defined = text.is_word(at, "macro_rules") && text.is_sign(at + 1, '!');
        let called = text.word(at).is_some_and(|word| names.contains(word)) && text.is_sign(at + 1, '!');
        let open = at + if defined { 3 } else { 2 };
        if (defined || called) && matches!(text.get(open), Some(Token::Open(_))) {
            found.extend(text.inside(open).find(|at| hides(*at)));
        }
    }
    found
}

/// `include!(…)`, `mod name;`.
fn elsewhere(text: &Text) -> Vec<usize> {
    let is_one = |at: &usize| {
        let included = text.is_word(*at, "include")
            && (text.is_sign(*at + 1, '!')
                || text.is_word(*at + 1, "as")
                || text.before(*at) == Some(&Token::Path));
        let module = text.is_word(*at, "mod") && text.word(*at + 1).is_some() && text.is_sign(*at + 2, ';');
        included || module
    };
    (0..text.tokens.len()).filter(is_one).collect()
}
