//! Shapes in which an associated type is taken for another one.

use std::collections::BTreeSet;

use crate::grader::compile::unsafety::tokens::{Item, Kind, Text, Token};

/// Traits of the text's own, by what they are like, with all that have one of them as a supertrait.
pub(super) struct Traits {
    /// They have associated types.
    pub(super) associated: BTreeSet<String>,
    /// … and an `impl` for every `T: ?Sized`.
    pub(super) blanket: BTreeSet<String>,
    /// Where those are.
    pub(super) blankets: Vec<usize>,
    /// They bound an associated type of a supertrait: `trait Sub: Super<Item: Copy>`.
    pub(super) bounding: BTreeSet<String>,
}

impl Traits {
    pub(super) fn of(text: &Text) -> Self {
        let named = |traits: Vec<&Item>| -> BTreeSet<String> {
            traits.into_iter().map(|item| item.name.clone()).collect()
        };
        let has_types = |item: &Item| item.body.clone().any(|at| text.is_word(at, "type"));
        let bounds_types = |item: &Item| {
            let lists =
                item.rest.clone().filter(|at| text.is_sign(*at, '<')).filter_map(|at| text.angles(at));
            lists.into_iter().any(|list| {
                text.outer(list).into_iter().any(|at| text.word(at).is_some() && text.is_sign(at + 1, ':'))
            })
        };
        let associated =
            with_subtraits(text, named(text.of(Kind::Trait).filter(|item| has_types(item)).collect()));
        let bounding = named(text.of(Kind::Trait).filter(|item| bounds_types(item)).collect());
        let mut blanket = BTreeSet::new();
        let mut blankets = Vec::new();
        for item in text.of(Kind::Impl) {
            let outer = text.outer(item.rest.clone());
            let Some(at) = outer.iter().position(|at| is_for(text, *at)) else {
                continue;
            };
            let of: Option<&str> = outer[..at].iter().rev().find_map(|at| text.word(*at));
            let itself = outer[at] + 1..text.type_end(outer[at] + 1);
            let every = itself.len() == 1
                && text.word(itself.start).is_some_and(|name| item.types.iter().any(|own| own == name));
            let unsized_too =
                item.head.clone().any(|at| text.is_sign(at, '?') && text.is_word(at + 1, "Sized"));
            if every
                && unsized_too
                && let Some(of) = of.filter(|of| associated.contains(*of))
            {
                blanket.insert(of.to_owned());
                blankets.push(item.head.start);
            }
        }
        Self {
            blanket: with_subtraits(text, blanket),
            bounding: with_subtraits(text, bounding),
            associated,
            blankets,
        }
    }
}

/// The `for` of an `impl`, and not that of `for<'a>`.
fn is_for(text: &Text, at: usize) -> bool {
    let declares = text.is_sign(at + 1, '<') && matches!(text.get(at + 2), Some(Token::Lifetime(_)));
    text.is_word(at, "for") && !declares
}

/// Adds the traits that have one of these as a supertrait, and other names of them.
fn with_subtraits(text: &Text, mut names: BTreeSet<String>) -> BTreeSet<String> {
    loop {
        let known = names.len();
        for item in text.of(Kind::Trait) {
            if item.rest.clone().any(|at| text.word(at).is_some_and(|word| names.contains(word))) {
                names.insert(item.name.clone());
            }
        }
        for at in 0..text.tokens.len() {
            if text.is_word(at, "as")
                && text
                    .before(at)
                    .is_some_and(|token| matches!(token, Token::Word(word) if names.contains(word)))
                && let Some(other) = text.word(at + 1)
            {
                names.insert(other.to_owned());
            }
        }
        if names.len() == known {
            return names;
        }
    }
}

/// `dyn` of one of these traits.
pub(super) fn objects(text: &Text, traits: &BTreeSet<String>) -> Vec<usize> {
    let is_one = |at: &usize| {
        text.is_word(*at, "dyn") && {
            let bounds = text.outer(*at + 1..text.type_end(*at + 1));
            bounds.into_iter().any(|at| text.word(at).is_some_and(|word| traits.contains(word)))
        }
    };
    (0..text.tokens.len()).filter(is_one).collect()
}

/// Aliases of associated types: `type Name = <… as …>::…`.
fn aliases(text: &Text) -> BTreeSet<&str> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    loop {
        let known = names.len();
        for item in text.of(Kind::Type) {
            let equals = text.outer(item.rest.clone()).into_iter().find(|at| text.is_sign(*at, '='));
            let is_one = equals.is_some_and(|at| {
                text.is_sign(at + 1, '<') || text.word(at + 1).is_some_and(|word| names.contains(word))
            });
            if is_one && !text.of(Kind::Impl).any(|outer| outer.body.contains(&item.head.start)) {
                names.insert(&item.name);
            }
        }
        if names.len() == known {
            return names;
        }
    }
}

/// `impl Trait for <… as …>::…`, or for an alias of it.
pub(super) fn aliased(text: &Text) -> Vec<usize> {
    let aliases = aliases(text);
    let is_one = |item: &&Item| {
        let outer = text.outer(item.rest.clone());
        let at = outer.into_iter().find(|at| is_for(text, *at));
        at.is_some_and(|at| {
            text.is_sign(at + 1, '<')
                || text.is_sign(at + 2, '!')
                || text.word(at + 1).is_some_and(|word| aliases.contains(word))
        })
    };
    text.of(Kind::Impl).filter(is_one).map(|item| item.head.start).collect()
}

/// `type Name: … where T: 'static`, of a trait; `where Self: 'a` is what lending iterators have.
pub(super) fn conditional(text: &Text) -> Vec<usize> {
    let in_a_trait = |item: &&Item| text.of(Kind::Trait).any(|outer| outer.body.contains(&item.head.start));
    let is_one = |item: &&Item| {
        let outer = text.outer(item.rest.clone());
        let condition = outer.into_iter().find(|at| text.is_word(*at, "where"));
        condition.is_some_and(|condition| {
            item.bounds.iter().any(|(what, by)| {
                what.start > condition
                    && !text.is_word(what.start, "Self")
                    && text.lifetimes(by.clone()).next().is_some()
            })
        })
    };
    text.of(Kind::Type).filter(in_a_trait).filter(is_one).map(|item| item.head.start).collect()
}

/// Whether this names a type, a trait or a parameter, and not a module.
fn is_type(text: &Text, at: usize) -> bool {
    text.word(at).is_some_and(|word| word.starts_with(char::is_uppercase))
}

/// `fn(<… as …>::…)`, `fn(T::…)`, or with an alias of that.
pub(super) fn pointers(text: &Text) -> Vec<usize> {
    let aliases = aliases(text);
    let is_one = |at: &usize| {
        text.is_word(*at, "fn") && text.get(*at + 1) == Some(&Token::Open('(')) && {
            text.inside(*at + 1).any(|at| {
                text.word(at).is_some_and(|word| aliases.contains(word))
                    || is_type(text, at) && text.get(at + 1) == Some(&Token::Path) && is_type(text, at + 2)
                    || text.is_sign(at, '<')
                        && text
                            .angles(at)
                            .is_some_and(|list| text.outer(list).into_iter().any(|at| text.is_word(at, "as")))
            })
        }
    };
    (0..text.tokens.len()).filter(is_one).collect()
}
