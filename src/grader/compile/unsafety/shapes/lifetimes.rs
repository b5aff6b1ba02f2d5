//! Shapes in which a lifetime is taken for a longer one.

use std::collections::BTreeSet;
use std::ops::Range;

use super::shape::Shape;
use crate::grader::compile::unsafety::tokens::{Item, Kind, Text, Token};

/// `&'a …'b…` and `Name<'a, …'b…>` where no bound is written.
pub(super) fn tied(text: &Text, found: &mut Vec<(usize, Shape)>) {
    for at in 0..text.tokens.len() {
        let tied = match &text.tokens[at] {
            Token::Sign('&') => text.lifetime(at + 1).is_some_and(|outer| {
                let inner = at + 2..text.type_end(at + 2);
                let mut others = text.lifetimes(inner.clone());
                others.any(|other| is_free(text, at, outer, other, false))
                    || outer == "static" && is_returned(text, at) && has_elided(text, inner)
            }),
            Token::Sign('<') if is_list_of_arguments(text, at) => text.angles(at).is_some_and(|list| {
                let parts = text.parts(list.clone());
                let mut alone =
                    parts.iter().filter(|part| part.len() == 1).filter_map(|part| text.lifetime(part.start));
                alone.any(|outer| {
                    text.lifetimes(list.clone()).any(|other| is_free(text, at, outer, other, true))
                        || outer == "static" && is_returned(text, at) && has_elided(text, list.clone())
                })
            }),
            _ => false,
        };
        if tied {
            found.push((at, Shape::Tied));
        }
    }
}

/// Whether two lifetimes of one type stand in no relation that is written: `inner` outlives `outer`, or, where it is not
/// known which is which, either.
fn is_free(text: &Text, at: usize, outer: &str, inner: &str, either: bool) -> bool {
    if outer == inner || inner == "static" {
        return false;
    }
    if outer == "static" {
        return true;
    }
    let (Some(of_outer), Some(of_inner)) = (text.declares(at, outer), text.declares(at, inner)) else {
        return true;
    };
    let item = &text.items[of_outer.max(of_inner)];
    // A type may hold both; what counts is where it is used.
    if item.kind == Kind::Data {
        return false;
    }
    let says = |long: &str, short: &str| {
        item.bounds.iter().any(|(what, by)| {
            what.len() == 1
                && text.lifetime(what.start) == Some(long)
                && text.lifetimes(by.clone()).any(|by| by == short)
        })
    };
    !(says(inner, outer) || either && says(outer, inner))
}

/// Whether a `<` begins what a type or a trait is given, and not what an item or a `for` declares.
fn is_list_of_arguments(text: &Text, at: usize) -> bool {
    match text.before(at) {
        Some(Token::Path) => true,
        Some(Token::Word(word)) if word == "for" || word == "impl" || word == "use" => false,
        Some(Token::Word(_)) => {
            let declares = |word: &str| ["fn", "struct", "enum", "union", "trait", "type"].contains(&word);
            !at.checked_sub(2).and_then(|at| text.word(at)).is_some_and(declares)
        }
        _ => false,
    }
}

fn has_sign(text: &Text, range: Range<usize>, sign: char) -> bool {
    range.into_iter().any(|at| text.is_sign(at, sign))
}

/// Whether there is a reference without a lifetime, or `'_`.
fn has_elided(text: &Text, range: Range<usize>) -> bool {
    range.into_iter().any(|at| match &text.tokens[at] {
        Token::Lifetime(name) => name == "_",
        Token::Sign('&') => !matches!(text.get(at + 1), Some(Token::Lifetime(_))),
        _ => false,
    })
}

/// Whether a place is in what a function, a function pointer or a closure returns.
fn is_returned(text: &Text, place: usize) -> bool {
    (0..place).any(|at| text.tokens[at] == Token::Arrow && text.type_end(at + 1) > place)
}

/// `'b: 'static`.
pub(super) fn bounds(text: &Text, found: &mut Vec<(usize, Shape)>) {
    for at in 0..text.tokens.len() {
        if text.lifetime(at).is_none() || !text.is_sign(at + 1, ':') {
            continue;
        }
        // Labels are followed by what is no lifetime.
        let mut by = at + 2;
        while let Some(name) = text.lifetime(by) {
            if name == "static" {
                found.push((at, Shape::Lasting));
            }
            by += if text.is_sign(by + 1, '+') { 2 } else { 1 };
        }
    }
}

/// `Lasting<&'b T>` of `struct Lasting<T: 'static>`, or of `type Lasting<T> = &'static T`.
pub(super) fn borrowed(text: &Text, found: &mut Vec<(usize, Shape)>) {
    let lasting: BTreeSet<&str> = text
        .items
        .iter()
        .filter(|item| !item.types.is_empty())
        .filter(|item| match item.kind {
            Kind::Type => text.lifetimes(item.rest.clone()).any(|name| name == "static"),
            Kind::Data | Kind::Trait => item.bounds.iter().any(|(_, by)| is_static(text, by.clone())),
            Kind::Fn | Kind::Impl => false,
        })
        .map(|item| item.name.as_str())
        .collect();
    for at in 0..text.tokens.len() {
        let named = text.word(at).is_some_and(|word| lasting.contains(word));
        let open = at + 1 + usize::from(text.get(at + 1) == Some(&Token::Path));
        if !named || !text.is_sign(open, '<') || !is_list_of_arguments(text, open) {
            continue;
        }
        if text.angles(open).is_some_and(|list| text.lifetimes(list).any(|name| name != "static")) {
            found.push((at, Shape::Borrowed));
        }
    }
}

/// Whether `'static` is one of these bounds, and not only somewhere in them.
fn is_static(text: &Text, bounds: Range<usize>) -> bool {
    text.outer(bounds).into_iter().any(|at| text.lifetime(at) == Some("static"))
}

/// `T::Item` among what a function is given, or a type holds, where `T` is `'static` and no bound says that `T::Item` is.
pub(super) fn projections(text: &Text, found: &mut Vec<(usize, Shape)>) {
    let holders = holders(text);
    for item in &text.items {
        let mut lasting: BTreeSet<&str> = item
            .bounds
            .iter()
            .filter(|(what, by)| what.len() == 1 && is_static(text, by.clone()))
            .filter_map(|(what, _)| text.word(what.start))
            .collect();
        if item.kind == Kind::Trait && is_static(text, item.rest.clone()) {
            lasting.insert("Self");
        }
        if lasting.is_empty() {
            continue;
        }
        let inner = text.of(Kind::Fn).filter(|function| item.body.contains(&function.head.start));
        let functions: Vec<&Item> = match item.kind {
            Kind::Fn => vec![item],
            Kind::Impl | Kind::Trait => inner.collect(),
            Kind::Data | Kind::Type => Vec::new(),
        };
        let places: Vec<usize> = match item.kind {
            Kind::Data => (item.rest.start..item.all.end).collect(),
            _ => functions.iter().flat_map(|function| parameters(text, function)).collect(),
        };
        let bounds: Vec<&Item> = functions.into_iter().chain([item]).collect();
        let written = |name: &str| {
            bounds.iter().flat_map(|item| &item.bounds).any(|(what, by)| {
                what.len() > 1 && text.is_word(what.end - 1, name) && is_static(text, by.clone())
            })
        };
        for at in places {
            let named = projection(text, at, &lasting).filter(|name| !written(name));
            if named.is_some() || holds_one(text, at, &lasting, &holders) {
                found.push((at, Shape::Projection));
            }
        }
    }
}

/// What a function is given.
fn parameters(text: &Text, function: &Item) -> Range<usize> {
    match text.get(function.rest.start) {
        Some(Token::Open('(')) => text.inside(function.rest.start),
        _ => 0..0,
    }
}

/// The name of an associated type of one of these: `T::Name`, `<T as Trait>::Name`.
fn projection<'t>(text: &'t Text, at: usize, of: &BTreeSet<&str>) -> Option<&'t str> {
    let of = |at: usize| text.word(at).is_some_and(|word| of.contains(word));
    let end = match &text.tokens[at] {
        Token::Word(_) if of(at) && text.before(at) != Some(&Token::Path) => at + 1,
        Token::Sign('<') if of(at + 1) && text.is_word(at + 2, "as") => text.angles(at)?.end + 1,
        _ => return None,
    };
    if text.get(end) != Some(&Token::Path) {
        return None;
    }
    text.word(end + 1).filter(|name| name.starts_with(char::is_uppercase))
}

/// Types that hold an associated type of a parameter, and do not show it where they are named.
fn holders(text: &Text) -> BTreeSet<&str> {
    let of_its_own = |item: &&Item| {
        let types = item.types.iter().map(String::as_str).collect();
        item.all.clone().any(|at| projection(text, at, &types).is_some())
    };
    let own =
        text.items.iter().filter(|item| matches!(item.kind, Kind::Data | Kind::Type)).filter(of_its_own);
    own.map(|item| item.name.as_str()).chain(["Peekable", "Flatten", "FlatMap"]).collect()
}

/// `Holder<T>`, where `T` is one of these.
fn holds_one(text: &Text, at: usize, of: &BTreeSet<&str>, holders: &BTreeSet<&str>) -> bool {
    let open = at + 1 + usize::from(text.get(at + 1) == Some(&Token::Path));
    text.word(at).is_some_and(|word| holders.contains(word))
        && text
            .angles(open)
            .is_some_and(|mut list| list.any(|at| text.word(at).is_some_and(|word| of.contains(word))))
}

/// Functions that take their type by reference, and something with a lifetime of the type, and return a reference of
/// another lifetime.
pub(super) fn self_tied(text: &Text, as_a_value: bool) -> Vec<usize> {
    let methods = text.of(Kind::Fn).filter(|function| {
        let around = text.items.iter().filter(|item| matches!(item.kind, Kind::Impl | Kind::Trait));
        let mut around = around.filter(|item| item.body.contains(&function.head.start));
        let Some(outer) = around.next_back() else {
            return false;
        };
        if outer.lifetimes.is_empty() {
            return false;
        }
        let all = parameters(text, function);
        let of_the_type = |name: &str| outer.lifetimes.iter().any(|own| own == name);
        let is_self = |at: usize| text.is_word(at, "self") || text.is_word(at, "Self");
        // The type by reference; `Self::Item` may be anything with a lifetime of the type.
        let by_reference = text.parts(all.clone()).into_iter().any(|part| {
            part.clone().any(is_self)
                && (has_sign(text, part.clone(), '&') || text.lifetimes(part).next().is_some())
        });
        let given = text.lifetimes(all.clone()).any(of_the_type)
            || all.into_iter().any(|at| text.is_word(at, "Self") && text.get(at + 1) == Some(&Token::Path));
        let heads = text.outer(function.rest.clone());
        let arrow = heads.into_iter().find(|at| text.tokens[*at] == Token::Arrow);
        let returned = arrow.map_or(0..0, |at| at + 1..text.type_end(at + 1));
        by_reference
            && given
            && (has_elided(text, returned.clone())
                || text.lifetimes(returned).any(|name| name != "static" && !of_the_type(name)))
    });
    methods
        .filter(|method| is_a_value(text, &method.name, true) == as_a_value)
        .map(|method| method.head.start)
        .collect()
}

/// Whether a function is named somewhere without being called.
fn is_a_value(text: &Text, name: &str, of_a_type: bool) -> bool {
    (0..text.tokens.len()).any(|at| {
        let before = text.before(at);
        let named = text.is_word(at, name)
            && before != Some(&Token::Word("fn".to_owned()))
            && before != Some(&Token::Sign('.'))
            && (!of_a_type || before == Some(&Token::Path));
        let turbofish = text.get(at + 1) == Some(&Token::Path) && text.is_sign(at + 2, '<');
        let end = if turbofish { text.angles(at + 2).map_or(at + 1, |list| list.end + 1) } else { at + 1 };
        named && text.get(end) != Some(&Token::Open('('))
    })
}

/// `-> impl Iterator<Item = &'a T> + 'static`.
pub(super) fn opaque(text: &Text) -> Vec<usize> {
    let is_opaque = |at: &usize| {
        if !text.is_word(*at, "impl") || text.items.iter().any(|item| item.head.start == *at) {
            return false;
        }
        let bounds = *at + 1..text.type_end(*at + 1);
        is_static(text, bounds.clone())
            && is_returned(text, *at)
            && (text.lifetimes(bounds.clone()).any(|name| name != "static") || {
                // The parameters of `impl Fn(&T)` have lifetimes of their own.
                let of_its_own = |at: usize| text.tokens[at] == Token::Open('(');
                let mut hidden = bounds.clone().filter(|at| of_its_own(*at)).map(|at| text.inside(at));
                let skipped: Vec<Range<usize>> = hidden.by_ref().collect();
                bounds.clone().any(|at| {
                    !skipped.iter().any(|group| group.contains(&at)) && has_elided(text, at..at + 1)
                })
            })
    };
    (0..text.tokens.len()).filter(is_opaque).collect()
}

pub(super) fn two_lifetimes_as_a_value(text: &Text) -> Vec<usize> {
    let without_a_bound = |item: &&Item| {
        let free =
            |name: &&String| !item.bounds.iter().any(|(what, _)| text.lifetime(what.start) == Some(name));
        item.lifetimes.iter().filter(free).count() >= 2
    };
    let functions = text.of(Kind::Fn).filter(without_a_bound);
    functions.filter(|item| is_a_value(text, &item.name, false)).map(|item| item.head.start).collect()
}

pub(super) fn two_for(text: &Text) -> Vec<usize> {
    let is_one = |at: &usize| {
        text.is_word(*at, "for")
            && text.is_sign(*at + 1, '<')
            && text.angles(*at + 1).is_some_and(|list| text.parts(list).len() >= 2)
    };
    (0..text.tokens.len()).filter(is_one).collect()
}

pub(super) fn closures(text: &Text) -> Vec<usize> {
    let is_one = |at: &usize| {
        text.tokens[*at] == Token::Arrow
            && text.before(*at) == Some(&Token::Sign('|'))
            && text.lifetimes(*at + 1..text.type_end(*at + 1)).any(|name| name != "static")
    };
    (0..text.tokens.len()).filter(is_one).collect()
}
