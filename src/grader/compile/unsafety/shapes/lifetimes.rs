//! Shapes in which a lifetime is taken for a longer one.

use std::collections::{BTreeMap, BTreeSet};
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
            Kind::Data | Kind::Trait => item.bounds.iter().any(|(_, by)| text.is_static(by.clone())),
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

/// `T::Item` among what a function is given, or a type holds, where `T` lasts longer than that and no bound says it of
/// `T::Item`.
pub(super) fn projections(text: &Text, found: &mut Vec<(usize, Shape)>) {
    let holders = holders(text);
    for item in text.of(Kind::Data) {
        let mut lasting =
            item.bounds.iter().filter(|(what, by)| what.len() == 1 && text.is_static(by.clone()));
        let lasting: BTreeSet<&str> =
            lasting.by_ref().filter_map(|(what, _)| text.word(what.start)).collect();
        let written = |name: &str| is_bounded(text, &[item], name, true);
        found.extend(
            (item.rest.start..item.all.end)
                .filter(|at| {
                    projection(text, *at, &lasting).is_some_and(|name| !written(name))
                        || holds_one(text, *at, &lasting, &holders)
                })
                .map(|at| (at, Shape::Projection)),
        );
    }
    let giving: BTreeSet<&str> =
        text.of(Kind::Trait).map(|item| item.name.as_str()).filter(|name| holders.contains(name)).collect();
    let with_objects = with_objects(text);
    let demanding = demanding(text);
    let lasts = |item: &Item| {
        // What is behind a `dyn` lasts as long as its lifetime says, written or not; so does what a thread is given.
        let has =
            |is_such: &dyn Fn(&str) -> bool| item.head.clone().any(|at| text.word(at).is_some_and(is_such));
        let for_ever = text.lifetimes(item.head.clone()).any(|name| name == "static")
            || has(&|word| text.lasting.contains(word) || demanding.contains(word));
        (for_ever, has(&|word| with_objects.contains(word)))
    };
    // Of an `impl` or a trait, once for all of its functions.
    let mut known: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
    let mut looked_at: BTreeSet<(usize, bool)> = BTreeSet::new();
    for function in
        text.of(Kind::Fn).filter(|function| matches!(text.get(function.head.end), Some(Token::Open(_))))
    {
        let around = text.around(function);
        let mut lasting = lasts(function);
        if let Some(around) = around {
            let (for_ever, as_long) = *known.entry(around.head.start).or_insert_with(|| lasts(around));
            lasting = (lasting.0 || for_ever, lasting.1 || as_long);
        }
        let (for_ever, as_long) = lasting;
        if !for_ever && !as_long {
            continue;
        }
        let items: Vec<&Item> = [function].into_iter().chain(around).collect();
        let types: BTreeSet<&str> =
            items.iter().flat_map(|item| &item.types).map(String::as_str).chain(["Self"]).collect();
        let around = around.filter(|around| looked_at.insert((around.head.start, for_ever)));
        let given = [function].into_iter().chain(around).flat_map(|item| given(text, item));
        let places = given.filter(|at| {
            let named =
                projection(text, *at, &types).filter(|name| !is_bounded(text, &items, name, for_ever));
            named.is_some()
                || holds_one(text, *at, &types, &holders)
                || text.word(*at).is_some_and(|word| giving.contains(word))
        });
        found.extend(places.map(|at| (at, Shape::Projection)));
    }
}

/// Types and traits that have a `dyn` in them, or a thread's scope: what is in there lasts as long as a lifetime says, and
/// is not seen any more.
pub(super) fn with_objects(text: &Text) -> BTreeSet<&str> {
    text.naming(|item| item.all.clone().any(|at| text.is_word(at, "dyn")), &["dyn", "Scope"])
}

/// Whether a bound says of an associated type how long it lasts: for ever, or at least for some time.
fn is_bounded(text: &Text, items: &[&Item], name: &str, for_ever: bool) -> bool {
    items.iter().flat_map(|item| &item.bounds).any(|(what, by)| {
        what.len() > 1
            && text.is_word(what.end - 1, name)
            && (text.is_static(by.clone()) || !for_ever && text.lifetimes(by.clone()).next().is_some())
    })
}

/// What the head of an item is given: all but what it returns, and what it only sets bounds to.
fn given(text: &Text, item: &Item) -> Vec<usize> {
    let outer = text.outer(item.rest.clone());
    let find = |token: &Token| outer.iter().copied().find(|at| text.tokens[*at] == *token);
    let condition = find(&Token::Word("where".to_owned())).unwrap_or(item.head.end);
    let returned = find(&Token::Arrow).unwrap_or(condition);
    let bounded = |at: usize| item.bounds.iter().any(|(what, _)| what.contains(&at));
    item.head.clone().filter(|at| !(returned..condition).contains(at) && !bounded(*at)).collect()
}

/// Types that want one of their parameters to last for ever, and traits that say so of an associated type.
fn demanding(text: &Text) -> BTreeSet<&str> {
    let is_one = |item: &&Item| match item.kind {
        Kind::Data => item.bounds.iter().any(|(_, by)| text.is_static(by.clone())),
        Kind::Trait => text
            .of(Kind::Type)
            .any(|inner| item.body.contains(&inner.head.start) && text.is_static(inner.rest.clone())),
        Kind::Type => text.lifetimes(item.rest.clone()).any(|name| name == "static"),
        _ => false,
    };
    text.items.iter().filter(is_one).map(|item| item.name.as_str()).chain(["LocalKey"]).collect()
}

/// What a function is given.
pub(super) fn parameters(text: &Text, function: &Item) -> Range<usize> {
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
        Token::Sign('<') => {
            let list = text.angles(at)?;
            let cast = text.outer(list.clone()).into_iter().find(|at| text.is_word(*at, "as"))?;
            (list.start..cast).any(of).then_some(list.end + 1)?
        }
        _ => return None,
    };
    if text.get(end) != Some(&Token::Path) {
        return None;
    }
    text.word(end + 1).filter(|name| name.starts_with(char::is_uppercase))
}

/// Types that hold an associated type of a parameter, and traits that give one; neither shows it where it is named.
fn holders(text: &Text) -> BTreeSet<&str> {
    let of_its_own = |item: &Item| {
        let types: BTreeSet<&str> = item.types.iter().map(String::as_str).chain(["Self"]).collect();
        item.all.clone().any(|at| projection(text, at, &types).is_some())
    };
    text.naming(of_its_own, &["Peekable", "Flatten", "FlatMap"])
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
        let Some(outer) = text.around(function) else {
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
pub(super) fn is_a_value(text: &Text, name: &str, of_a_type: bool) -> bool {
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
        text.is_static(bounds.clone())
            && is_returned(text, *at)
            && (text.lifetimes(bounds.clone()).any(|name| name != "static")
                || holds_what_may_end(text, bounds.clone())
                || {
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

/// Whether there is a type parameter that nothing says to be `'static`, or an associated type of one.
fn holds_what_may_end(text: &Text, range: Range<usize>) -> bool {
    let around = text.items.iter().filter(|item| matches!(item.kind, Kind::Fn | Kind::Impl | Kind::Trait));
    let around: Vec<&Item> = around.filter(|item| item.all.contains(&range.start)).collect();
    let types: BTreeSet<&str> = around.iter().flat_map(|item| &item.types).map(String::as_str).collect();
    let lasts = |name: &str| {
        around
            .iter()
            .flat_map(|item| &item.bounds)
            .any(|(what, by)| what.len() == 1 && text.is_word(what.start, name) && text.is_static(by.clone()))
    };
    range.into_iter().any(|at| match projection(text, at, &types) {
        Some(name) => !is_bounded(text, &around, name, true),
        None => text.word(at).is_some_and(|word| types.contains(word) && !lasts(word)),
    })
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

pub(super) fn for_any(text: &Text) -> Vec<usize> {
    (0..text.tokens.len()).filter(|at| text.is_word(*at, "for") && text.is_sign(*at + 1, '<')).collect()
}

/// `<… as Trait>::Name`, where the trait is the text's own.
pub(super) fn qualified(text: &Text) -> Vec<usize> {
    let traits: BTreeSet<&str> = text.of(Kind::Trait).map(|item| item.name.as_str()).collect();
    let is_one = |at: &usize| {
        text.angles(*at).is_some_and(|list| {
            let end = list.end + 1;
            let cast = text.outer(list.clone()).into_iter().find(|at| text.is_word(*at, "as"));
            text.get(end) == Some(&Token::Path)
                && text.word(end + 1).is_some_and(|name| name.starts_with(char::is_uppercase))
                && cast.is_some_and(|at| {
                    (at..list.end).any(|at| text.word(at).is_some_and(|word| traits.contains(word)))
                })
        })
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
