//! A text as a row of tokens, and the items in it. Nothing here recurses: how deep groups stand in each other is up to the
//! submission, and the stack is ours.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use proc_macro2::{Delimiter, LineColumn, Spacing, TokenStream, TokenTree, token_stream};
use unicode_normalization::UnicodeNormalization;

/// Longer texts are not looked at, and refused: some looks take the square of it. Answers have some hundreds.
pub(super) const MOST_TOKENS: usize = 20_000;

/// One token; groups are taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    /// Without its `'`.
    Lifetime(String),
    /// `->`
    Arrow,
    /// `=>`
    FatArrow,
    /// `::`
    Path,
    Sign(char),
    Open(char),
    Close,
    Literal,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Fn,
    Impl,
    Trait,
    /// `struct`, `enum`.
    Data,
    /// An alias, or an associated type.
    Type,
}

/// An item: what it declares, and where its parts are.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// From its keyword to its body, or to its end.
    pub(super) head: Range<usize>,
    /// From the end of its generics to its body, or to its end.
    pub(super) rest: Range<usize>,
    /// Between its braces.
    pub(super) body: Range<usize>,
    /// All of it.
    pub(super) all: Range<usize>,
    pub(super) lifetimes: Vec<String>,
    pub(super) types: Vec<String>,
    /// What is bounded, and by what: the parameters of its generics, and its `where`.
    pub(super) bounds: Vec<(Range<usize>, Range<usize>)>,
}

/// All of a text.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) tokens: Vec<Token>,
    places: Vec<LineColumn>,
    /// Where a group ends that opens here.
    closes: Vec<usize>,
    pub(super) items: Vec<Item>,
    /// Traits that only what is `'static` has.
    pub(super) lasting: BTreeSet<String>,
}

impl Text {
    pub(super) fn new(stream: TokenStream) -> Self {
        let mut text = Self {
            tokens: Vec::new(),
            places: Vec::new(),
            closes: Vec::new(),
            items: Vec::new(),
            lasting: BTreeSet::new(),
        };
        text.flatten(stream);
        if text.tokens.len() > MOST_TOKENS {
            return text;
        }
        text.items = (0..text.tokens.len()).filter_map(|at| text.item(at)).collect();
        let of_its_own = text.of(Kind::Trait).filter(|item| text.says_static(item.rest.clone()));
        let names = of_its_own.map(|item| item.name.clone()).chain(["Any".to_owned()]).collect();
        text.lasting = text.with_subtraits(names);
        text
    }

    fn says_static(&self, bounds: Range<usize>) -> bool {
        self.outer(bounds).into_iter().any(|at| self.lifetime(at) == Some("static"))
    }

    /// Whether `'static` is one of these bounds, and not only somewhere in them; or a trait that asks for it.
    pub(super) fn is_static(&self, bounds: Range<usize>) -> bool {
        self.outer(bounds).into_iter().any(|at| {
            self.lifetime(at) == Some("static")
                || self.word(at).is_some_and(|word| self.lasting.contains(word))
        })
    }

    /// Adds the traits that have one of these as a supertrait, and other names of them.
    pub(super) fn with_subtraits(&self, mut names: BTreeSet<String>) -> BTreeSet<String> {
        loop {
            let known = names.len();
            for item in self.of(Kind::Trait) {
                if item.rest.clone().any(|at| self.word(at).is_some_and(|word| names.contains(word))) {
                    names.insert(item.name.clone());
                }
            }
            let renamed = self.renamed().filter(|(name, _)| names.contains(*name));
            let others: Vec<String> = renamed.map(|(_, other)| other.to_owned()).collect();
            names.extend(others);
            if names.len() == known {
                return names;
            }
        }
    }

    /// The types and traits of the text that are such, or name one that is, and these others.
    pub(super) fn naming<'t>(
        &'t self,
        is_such: impl Fn(&Item) -> bool,
        others: &[&'t str],
    ) -> BTreeSet<&'t str> {
        let own = || self.items.iter().filter(|item| !matches!(item.kind, Kind::Fn | Kind::Impl));
        let names: BTreeSet<&str> =
            own().map(|item| item.name.as_str()).chain(others.iter().copied()).collect();
        let mut named_by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for item in own() {
            for word in item.all.clone().filter_map(|at| self.word(at)).filter(|word| names.contains(word)) {
                named_by.entry(word).or_default().insert(&item.name);
            }
        }
        let such = own().filter(|item| is_such(item)).map(|item| item.name.as_str());
        let mut waiting: Vec<&str> = such.chain(others.iter().copied()).collect();
        let mut found = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            if found.insert(name) {
                waiting.extend(named_by.get(name).into_iter().flatten());
            }
        }
        found
    }

    /// `name as other`.
    pub(super) fn renamed(&self) -> impl Iterator<Item = (&str, &str)> {
        (1..self.tokens.len())
            .filter(|at| self.is_word(*at, "as"))
            .filter_map(|at| Some((self.word(at - 1)?, self.word(at + 1)?)))
    }

    fn flatten(&mut self, stream: TokenStream) {
        let mut groups: Vec<(usize, LineColumn, token_stream::IntoIter)> =
            vec![(usize::MAX, LineColumn { line: 1, column: 0 }, stream.into_iter())];
        // Whether the token before is a sign that touches this one.
        let mut touches = false;
        while let Some((open, end, tokens)) = groups.last_mut() {
            let Some(token) = tokens.next() else {
                let (open, end) = (*open, *end);
                groups.pop();
                if open != usize::MAX {
                    self.closes[open] = self.tokens.len();
                    self.push(Token::Close, end);
                }
                continue;
            };
            let place = token.span().start();
            let touched = std::mem::replace(&mut touches, false);
            match token {
                TokenTree::Group(group) => {
                    let sign = match group.delimiter() {
                        Delimiter::Brace => '{',
                        Delimiter::Bracket => '[',
                        Delimiter::Parenthesis | Delimiter::None => '(',
                    };
                    self.push(Token::Open(sign), place);
                    groups.push((
                        self.tokens.len() - 1,
                        group.span_close().start(),
                        group.stream().into_iter(),
                    ));
                }
                TokenTree::Ident(word) => {
                    let word = word.to_string();
                    // To the compiler, two spellings of one name are one name.
                    let word: String = word.strip_prefix("r#").unwrap_or(&word).nfc().collect();
                    match self.tokens.last_mut() {
                        Some(last) if touched && *last == Token::Sign('\'') => *last = Token::Lifetime(word),
                        _ => self.push(Token::Word(word), place),
                    }
                }
                TokenTree::Punct(sign) => {
                    touches = sign.spacing() == Spacing::Joint;
                    match (self.tokens.last_mut(), sign.as_char()) {
                        (Some(last), '>') if touched && *last == Token::Sign('-') => *last = Token::Arrow,
                        (Some(last), ':') if touched && *last == Token::Sign(':') => {
                            *last = Token::Path;
                            touches = false;
                        }
                        (Some(last), '>') if touched && *last == Token::Sign('=') => *last = Token::FatArrow,
                        (_, sign) => self.push(Token::Sign(sign), place),
                    }
                }
                TokenTree::Literal(_) => self.push(Token::Literal, place),
            }
        }
    }

    fn push(&mut self, token: Token, place: LineColumn) {
        self.tokens.push(token);
        self.places.push(place);
        self.closes.push(0);
    }

    pub(super) fn place(&self, at: usize) -> LineColumn {
        self.places[at]
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    pub(super) fn before(&self, at: usize) -> Option<&Token> {
        at.checked_sub(1).and_then(|before| self.tokens.get(before))
    }

    pub(super) fn is_sign(&self, at: usize, sign: char) -> bool {
        self.get(at) == Some(&Token::Sign(sign))
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        match self.get(at) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.word(at) == Some(word)
    }

    /// A lifetime that has a name of its own or is `'static`.
    pub(super) fn lifetime(&self, at: usize) -> Option<&str> {
        match self.get(at) {
            Some(Token::Lifetime(name)) if name != "_" => Some(name),
            _ => None,
        }
    }

    /// The lifetimes in a range.
    pub(super) fn lifetimes(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        range.filter_map(|at| self.lifetime(at))
    }

    /// Behind the token, or behind the group that it opens.
    pub(super) fn skip(&self, at: usize) -> usize {
        match self.tokens[at] {
            Token::Open(_) => self.closes[at] + 1,
            _ => at + 1,
        }
    }

    /// What is inside the group that opens here.
    pub(super) fn inside(&self, open: usize) -> Range<usize> {
        open + 1..self.closes[open]
    }

    /// What is between a `<` and its `>`; `None` where it has none.
    pub(super) fn angles(&self, open: usize) -> Option<Range<usize>> {
        if !self.is_sign(open, '<') {
            return None;
        }
        let mut depth = 0_usize;
        let mut at = open;
        while at < self.tokens.len() {
            match self.tokens[at] {
                Token::Sign('<') => depth += 1,
                Token::Sign('>') => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(open + 1..at);
                    }
                }
                Token::Sign(';') | Token::FatArrow | Token::Close => return None,
                _ => {}
            }
            at = self.skip(at);
        }
        None
    }

    /// Where the type ends that begins here.
    pub(super) fn type_end(&self, start: usize) -> usize {
        let mut depth = 0_usize;
        let mut at = start;
        while at < self.tokens.len() {
            match &self.tokens[at] {
                Token::Sign('<') => depth += 1,
                Token::Sign('>') if depth > 0 => depth -= 1,
                Token::Sign('>' | ',' | '=' | '|' | ':') if depth == 0 => break,
                Token::Sign(';') | Token::FatArrow | Token::Close => break,
                Token::Open('{') if depth == 0 => break,
                Token::Word(word) if depth == 0 && word == "where" => break,
                _ => {}
            }
            at = self.skip(at);
        }
        at
    }

    /// The places of a range that are in no group and no angles of it.
    pub(super) fn outer(&self, range: Range<usize>) -> Vec<usize> {
        let mut outer = Vec::new();
        let mut at = range.start;
        while at < range.end {
            outer.push(at);
            at = match self.angles(at) {
                Some(angles) if angles.end < range.end => angles.end + 1,
                _ => self.skip(at),
            };
        }
        outer
    }

    /// The parts of a list.
    pub(super) fn parts(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = range.start;
        for at in self.outer(range.clone()) {
            if self.is_sign(at, ',') {
                parts.push(start..at);
                start = at + 1;
            }
        }
        parts.push(start..range.end);
        parts.retain(|part| !part.is_empty());
        parts
    }

    fn item(&self, at: usize) -> Option<Item> {
        // Not `impl` in a type.
        let starts = || match self.before(at) {
            None | Some(Token::Close | Token::Sign(';') | Token::Open('{')) => true,
            Some(Token::Word(word)) => word == "unsafe" || word == "default",
            _ => false,
        };
        let named = || matches!(self.get(at + 1), Some(Token::Word(_) | Token::Sign('$')));
        let kind = match self.word(at)? {
            "fn" if named() => Kind::Fn,
            "struct" | "enum" if named() => Kind::Data,
            "trait" if named() => Kind::Trait,
            "type" if named() => Kind::Type,
            "impl" if starts() => Kind::Impl,
            _ => return None,
        };
        let mut next = at + 1;
        let mut name = String::new();
        if kind != Kind::Impl {
            next += usize::from(self.is_sign(next, '$'));
            name = self.word(next).unwrap_or_default().to_owned();
            next += 1;
        }
        let generics = self.angles(next).unwrap_or(next..next);
        let rest = if generics.is_empty() { next } else { generics.end + 1 };
        let mut end = rest;
        while end < self.tokens.len() {
            match self.tokens[end] {
                Token::Sign(';') | Token::Close => break,
                Token::Open('{') if kind != Kind::Type => break,
                _ => end = self.skip(end),
            }
        }
        let body = match self.get(end) {
            Some(Token::Open(_)) => self.inside(end),
            _ => end..end,
        };
        let mut item = Item {
            kind,
            name,
            head: at..end,
            rest: rest..end,
            all: at..body.end.max(end),
            body,
            lifetimes: Vec::new(),
            types: Vec::new(),
            bounds: Vec::new(),
        };
        self.declare(&mut item, generics);
        Some(item)
    }

    /// Reads the generics of an item, and its `where`.
    fn declare(&self, item: &mut Item, generics: Range<usize>) {
        for part in self.parts(generics) {
            let named = self.behind_attributes(part.clone());
            match self.get(named) {
                Some(Token::Lifetime(name)) => item.lifetimes.push(name.clone()),
                Some(Token::Word(name)) if name != "const" => item.types.push(name.clone()),
                _ => {}
            }
            // What has an attribute may not be there at all (`cfg`), so its bounds are not believed.
            if named == part.start {
                self.bound(item, part);
            }
        }
        let outer = self.outer(item.rest.clone());
        if let Some(at) = outer.into_iter().find(|at| self.is_word(*at, "where")) {
            for part in self.parts(at + 1..item.rest.end) {
                self.bound(item, part);
            }
        }
    }

    /// Where a part goes on behind its attributes.
    fn behind_attributes(&self, part: Range<usize>) -> usize {
        let mut at = part.start;
        while at < part.end && self.is_sign(at, '#') {
            at = self.skip(at + 1).min(part.end);
        }
        at
    }

    fn bound(&self, item: &mut Item, part: Range<usize>) {
        if let Some(colon) = self.outer(part.clone()).into_iter().find(|at| self.is_sign(*at, ':')) {
            item.bounds.push((part.start..colon, colon + 1..part.end));
        }
    }

    /// The innermost item around a place that declares a lifetime, by its index.
    pub(super) fn declares(&self, at: usize, lifetime: &str) -> Option<usize> {
        let around =
            |item: &Item| item.all.contains(&at) && item.lifetimes.iter().any(|name| name == lifetime);
        (0..self.items.len()).rev().find(|index| around(&self.items[*index]))
    }

    /// The innermost `impl` or trait that a function is in.
    pub(super) fn around(&self, function: &Item) -> Option<&Item> {
        let is_around = |item: &&Item| {
            matches!(item.kind, Kind::Impl | Kind::Trait) && item.body.contains(&function.head.start)
        };
        self.items.iter().rfind(is_around)
    }

    /// The items of a kind.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.kind == kind)
    }
}
