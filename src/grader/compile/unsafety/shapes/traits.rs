//! Shapes in which an associated type is taken for another one.

use std::collections::BTreeSet;
use std::ops::Range;

use super::lifetimes::{is_a_value, parameters, with_objects};
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
            text.with_subtraits(named(text.of(Kind::Trait).filter(|item| has_types(item)).collect()));
        let bounding = named(text.of(Kind::Trait).filter(|item| bounds_types(item)).collect());
        let mut blanket = BTreeSet::new();
        let mut blankets = Vec::new();
        for item in text.of(Kind::Impl) {
            let outer = text.outer(item.rest.clone());
            let Some(at) = outer.iter().position(|at| is_for(text, *at)) else {
                continue;
            };
            let of: Option<&str> = outer[..at].iter().rev().find_map(|at| text.word(*at));
            let itself = without_parentheses(text, outer[at] + 1..text.type_end(outer[at] + 1));
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
            blanket: text.with_subtraits(blanket),
            bounding: text.with_subtraits(bounding),
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

/// `((T))` is `T`.
fn without_parentheses(text: &Text, mut range: Range<usize>) -> Range<usize> {
    while text.get(range.start) == Some(&Token::Open('(')) && text.skip(range.start) == range.end {
        range = text.inside(range.start);
    }
    range
}

/// `dyn` of one of these traits.
pub(super) fn objects(text: &Text, traits: &BTreeSet<String>) -> Vec<usize> {
    let is_one = |at: &usize| {
        text.is_word(*at, "dyn")
            && (*at + 1..text.type_end(*at + 1))
                .any(|at| text.word(at).is_some_and(|word| traits.contains(word)))
    };
    (0..text.tokens.len()).filter(is_one).collect()
}

/// `<… as …>::…`, or one of these aliases, in a range.
fn projected(text: &Text, range: Range<usize>, aliases: &BTreeSet<&str>) -> bool {
    range.into_iter().any(|at| {
        text.word(at).is_some_and(|word| aliases.contains(word))
            || text
                .angles(at)
                .is_some_and(|list| text.outer(list).into_iter().any(|at| text.is_word(at, "as")))
    })
}

/// Aliases of associated types: `type Name = <… as …>::…`.
fn aliases(text: &Text) -> BTreeSet<&str> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    loop {
        let known = names.len();
        for item in text.of(Kind::Type) {
            let equals = text.outer(item.rest.clone()).into_iter().find(|at| text.is_sign(*at, '='));
            let is_one = equals.is_some_and(|at| projected(text, at + 1..item.rest.end, &names));
            if is_one && !text.of(Kind::Impl).any(|outer| outer.body.contains(&item.head.start)) {
                names.insert(&item.name);
            }
        }
        if names.len() == known {
            return names;
        }
    }
}

/// An `impl` whose trait or type has `<… as …>::…` in it, or an alias of that.
pub(super) fn aliased(text: &Text) -> Vec<usize> {
    let aliases = aliases(text);
    let told = pointers(text);
    let is_one = |item: &&Item| {
        let outer = text.outer(item.rest.clone());
        let end = outer.iter().copied().find(|at| text.is_word(*at, "where")).unwrap_or(item.rest.end);
        let of_a_trait = outer.iter().any(|at| is_for(text, *at));
        let mut itself = item.rest.start..end;
        of_a_trait
            && !told.iter().any(|at| itself.contains(at))
            && (projected(text, itself.clone(), &aliases) || itself.any(|at| text.is_sign(at, '!')))
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
                    && (text.lifetimes(by.clone()).next().is_some() || text.is_static(by.clone()))
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
        is_pointer(text, *at) && {
            let short = |at: usize| {
                is_type(text, at) && text.get(at + 1) == Some(&Token::Path) && is_type(text, at + 2)
            };
            projected(text, text.inside(*at + 1), &aliases) || text.inside(*at + 1).any(short)
        }
    };
    (0..text.tokens.len()).filter(is_one).collect()
}

/// `fn(…)`, the type.
fn is_pointer(text: &Text, at: usize) -> bool {
    text.is_word(at, "fn") && text.get(at + 1) == Some(&Token::Open('('))
}

/// Types of the standard library that may have a lifetime where none is written.
const BORROWERS: &[&str] = &[
    "Chars",
    "Cow",
    "Drain",
    "Entry",
    "Iter",
    "IterMut",
    "Lines",
    "MutexGuard",
    "Peekable",
    "Ref",
    "RefMut",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "Scope",
    "Split",
];

/// What types may have in them that does not show.
struct Hidden<'t> {
    /// They may have a lifetime where none is written.
    lifetimes: BTreeSet<&'t str>,
    /// They may be anything.
    anything: BTreeSet<&'t str>,
}

impl<'t> Hidden<'t> {
    fn of(text: &'t Text) -> Self {
        let aliases = text.of(Kind::Type).map(|item| item.name.as_str());
        let holders = text.of(Kind::Data).filter(|item| !item.lifetimes.is_empty());
        let holders = holders.map(|item| item.name.as_str());
        let parameters = text.items.iter().flat_map(|item| &item.types).map(String::as_str);
        let renamed = text.renamed().map(|(_, other)| other);
        Self {
            lifetimes: aliases.chain(holders).chain(BORROWERS.iter().copied()).collect(),
            anything: parameters.chain(renamed).chain(["Self", "_", "dyn", "impl", "fn"]).collect(),
        }
    }

    /// Whether parameters may say by their types that one lifetime outlasts another. `own` is whether `self` may.
    fn implied(&self, text: &Text, parameters: Range<usize>, own: bool) -> bool {
        let among =
            |at: usize, names: &BTreeSet<&str>| text.word(at).is_some_and(|word| names.contains(word));
        let borrowed = |at: usize| {
            text.is_sign(at, '&')
                || matches!(text.get(at), Some(Token::Lifetime(_)))
                || among(at, &self.lifetimes)
        };
        // A reference to what surely has no lifetime in it implies nothing, and neither does `Context<'_>`.
        let plain = |part: Range<usize>| {
            let colon = text.outer(part.clone()).into_iter().find(|at| text.is_sign(*at, ':'));
            let named = colon.map_or(part.start, |colon| colon + 1)..part.end;
            let mut inner = without_parentheses(text, named);
            if text.is_sign(inner.start, '&') {
                inner.start += 1;
                inner.start += usize::from(matches!(text.get(inner.start), Some(Token::Lifetime(_))));
                inner.start += usize::from(text.is_word(inner.start, "mut"));
            }
            let lent = |at: usize| text.is_word(at, "Context") || text.is_word(at, "Formatter");
            let lifetimes = inner.clone().filter(|at| borrowed(*at)).count();
            let anything = |at: usize| {
                among(at, &self.anything) || text.is_sign(at, '!') || own && text.is_word(at, "self")
            };
            lifetimes <= usize::from(inner.clone().any(lent)) && !inner.into_iter().any(anything)
        };
        let any_time = parameters.clone().any(|at| borrowed(at) || text.is_sign(at, '!'));
        any_time && text.parts(parameters).into_iter().any(|part| !plain(part))
    }
}

/// `fn(&'l &'s (), …)`, or `fn(&_, …)`: a function pointer that takes what is borrowed for any time, and a parameter of
/// it may say by its type that one lifetime outlasts another. That is believed in the function, and not looked at where
/// the function becomes a pointer.
pub(super) fn implying(text: &Text) -> Vec<usize> {
    let hidden = Hidden::of(text);
    let told = pointers(text);
    let is_one = |at: &usize| is_pointer(text, *at) && hidden.implied(text, text.inside(*at + 1), false);
    (0..text.tokens.len()).filter(|at| is_one(at) && !told.contains(at)).collect()
}

/// The same of a function that becomes a pointer where nobody has written one: beside another one, in `[one, other]`. It
/// needs a `dyn`, in which the type that is believed to last is not seen any more.
pub(super) fn implying_functions(text: &Text) -> Vec<usize> {
    let hidden = Hidden::of(text);
    let with_objects = with_objects(text);
    let is_one = |function: &&Item| {
        let own = text.around(function).is_some_and(|item| {
            item.kind == Kind::Trait || !item.lifetimes.is_empty() || !item.types.is_empty()
        });
        function.head.clone().any(|at| text.word(at).is_some_and(|word| with_objects.contains(word)))
            && hidden.implied(text, parameters(text, function), own)
            && is_a_value(text, &function.name, false)
    };
    text.of(Kind::Fn).filter(is_one).map(|function| function.head.start).collect()
}
