//! Which file names what of which other file: as much of Rust's modules as this house uses, read from tokens, so that
//! paths inside of macros count as well. Unit tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The modules of the library, by their paths below `crate`.
pub(crate) struct House {
    modules: BTreeMap<Name, Module>,
}

/// A path below `crate`.
type Name = Vec<String>;

struct Module {
    /// Relative to the root of the package.
    file: PathBuf,
    /// The page of a folder that has no code: modules, imports and what hands names on.
    hands_on: bool,
    /// What a name that stands in this module means, by `use`.
    imports: BTreeMap<String, Name>,
    /// What its text names, as it was written, and the line.
    named: Vec<(Name, usize)>,
}

/// One place where a file names something of another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    /// The file that names it.
    pub(crate) from: PathBuf,
    /// The file that defines it.
    pub(crate) to: PathBuf,
    /// Counted from 1.
    pub(crate) line: usize,
    /// What is named, as it was written.
    pub(crate) what: String,
}

impl House {
    /// Reads the library below `root`, from `src/lib.rs` on.
    pub(crate) fn read(root: &Path) -> Self {
        let mut house = Self { modules: BTreeMap::new() };
        house.enter(root, Name::new(), Path::new("src/lib.rs"));
        house
    }

    fn enter(&mut self, root: &Path, name: Name, file: &Path) {
        let text = fs::read_to_string(root.join(file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let stream = text.parse().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let found = Found::read(stream);
        let is_folder = file.ends_with("mod.rs") || file.ends_with("lib.rs");
        let below =
            if is_folder { file.parent().expect("in src").to_path_buf() } else { file.with_extension("") };
        for child in &found.children {
            let mut path = name.clone();
            path.push(child.clone());
            let (flat, folder) = (below.join(format!("{child}.rs")), below.join(child).join("mod.rs"));
            self.enter(root, path, if root.join(&flat).is_file() { &flat } else { &folder });
        }
        let named = found.named.iter().chain(found.imports.iter().map(|(_, used)| used)).cloned().collect();
        let mut module = Module {
            file: file.to_path_buf(),
            hands_on: is_folder && found.hands_on,
            imports: BTreeMap::new(),
            named,
        };
        for (alias, (path, _)) in found.imports {
            if let Some(absolute) = self.absolute(&name, &module, &path) {
                module.imports.insert(alias, absolute);
            }
        }
        self.modules.insert(name, module);
    }

    /// A path of `module` from `crate` on; nothing for those of other crates.
    fn absolute(&self, here: &[String], module: &Module, path: &[String]) -> Option<Name> {
        let child = |name: &String| self.modules.contains_key(&[here, std::slice::from_ref(name)].concat());
        let (first, mut rest) = path.split_first()?;
        let mut start = match first.as_str() {
            "crate" => Name::new(),
            "self" => here.to_vec(),
            "super" => here[..here.len().checked_sub(1)?].to_vec(),
            _ if child(first) => [here, std::slice::from_ref(first)].concat(),
            _ => module.imports.get(first)?.clone(),
        };
        while let Some(("super", after)) = rest.split_first().map(|(first, after)| (first.as_str(), after)) {
            start.pop()?;
            rest = after;
        }
        start.extend_from_slice(rest);
        Some(start)
    }

    /// The module that defines what a path from `crate` on leads to.
    fn definer(&self, path: &[String]) -> &Module {
        let mut path = path.to_vec();
        // More names than that are not handed on one after the other.
        for _ in 0..32 {
            let depth = (0..=path.len()).rev().find(|&depth| self.modules.contains_key(&path[..depth]));
            let depth = depth.expect("the crate's root is a module");
            let module = &self.modules[&path[..depth]];
            match path.get(depth).and_then(|name| module.imports.get(name)) {
                Some(elsewhere) => path = [elsewhere.as_slice(), &path[depth + 1..]].concat(),
                None => return module,
            }
        }
        panic!("{} is handed on in a circle", path.join("::"))
    }

    /// All imports between files that hold more than other modules.
    pub(crate) fn imports(&self) -> BTreeSet<Import> {
        let mut found = BTreeSet::new();
        for (here, module) in self.modules.iter().filter(|(_, module)| !module.hands_on) {
            for (path, line) in &module.named {
                let Some(absolute) = self.absolute(here, module, path) else { continue };
                let definer = self.definer(&absolute);
                if !definer.hands_on && definer.file != module.file {
                    let (from, to) = (module.file.clone(), definer.file.clone());
                    found.insert(Import { from, to, line: *line, what: path.join("::") });
                }
            }
        }
        found
    }

    /// Files named `mod.rs` that hold more than modules and the names that they hand on.
    pub(crate) fn folders_with_logic(&self) -> Vec<&Path> {
        let all = self.modules.values().filter(|module| !module.hands_on).map(|module| module.file.as_path());
        all.filter(|file| file.ends_with("mod.rs") || file.ends_with("lib.rs")).collect()
    }
}

/// Files that import each other, each reached from each.
pub(crate) fn circles(imports: &BTreeSet<Import>) -> Vec<BTreeSet<&Path>> {
    let mut next: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
    for import in imports {
        next.entry(&import.from).or_default().insert(&import.to);
    }
    let reached: BTreeMap<&Path, BTreeSet<&Path>> =
        next.keys().map(|&from| (from, reach(&next, from))).collect();
    let mut found = Vec::new();
    for (from, ends) in &reached {
        let back = |end: &&Path| reached.get(end).is_some_and(|ends| ends.contains(from));
        let circle: BTreeSet<&Path> = ends.iter().copied().filter(back).collect();
        if !circle.is_empty() && !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}

fn reach<'a>(next: &BTreeMap<&'a Path, BTreeSet<&'a Path>>, from: &Path) -> BTreeSet<&'a Path> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        let fresh = next.get(file).into_iter().flatten().filter(|to| reached.insert(**to));
        open.extend(fresh.copied().collect::<Vec<_>>());
    }
    reached
}

/// What the tokens of one file hold.
struct Found {
    children: Vec<String>,
    /// The name in this module, and what it was imported as.
    imports: Vec<(String, (Name, usize))>,
    named: Vec<(Name, usize)>,
    hands_on: bool,
}

/// A token and its line; brackets are tokens like others.
type Token = (String, usize);

impl Found {
    fn read(stream: TokenStream) -> Self {
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        let mut found = Self { children: Vec::new(), imports: Vec::new(), named: Vec::new(), hands_on: true };
        let mut rest = tokens.as_slice();
        while let Some(((text, line), after)) = rest.split_first() {
            rest = match text.as_str() {
                "#" if starts(rest, &["#", "[", "cfg", "(", "test", ")", "]"]) => after_item(&rest[7..]),
                "#" => after_brackets(&after[usize::from(starts(after, &["!"]))..]),
                "mod" if starts(&after[1..], &[";"]) => {
                    found.children.push(after[0].0.clone());
                    &after[2..]
                }
                "use" => {
                    let after = found.tree(after, &[]);
                    after.strip_prefix_token(";")
                }
                "pub" if starts(after, &["("]) => after_brackets(after),
                "pub" => after,
                _ => {
                    found.hands_on = false;
                    found.path(text, *line, after)
                }
            };
        }
        found
    }

    /// One path of code, or one token.
    fn path<'a>(&mut self, first: &str, line: usize, mut rest: &'a [Token]) -> &'a [Token] {
        if first == "::" || first == "." {
            // What follows belongs to something else: another crate, a value, the type of a turbofish.
            return rest.get(1..).filter(|_| !starts(rest, &["<"])).unwrap_or(rest);
        }
        if !is_name(first) {
            return rest;
        }
        let mut path = vec![first.to_owned()];
        while let [(colons, _), (next, _), after @ ..] = rest
            && colons == "::"
            && is_name(next)
        {
            path.push(next.clone());
            rest = after;
        }
        if path.len() > 1 {
            self.named.push((path, line));
        }
        rest
    }

    /// What stands behind `use`, or between the braces of it.
    fn tree<'a>(&mut self, mut rest: &'a [Token], stem: &[String]) -> &'a [Token] {
        let mut path = stem.to_vec();
        loop {
            let [(text, line), after @ ..] = rest else { return rest };
            match text.as_str() {
                "::" => {
                    rest = after;
                    continue;
                }
                "{" => {
                    rest = after;
                    while !starts(rest, &["}"]) {
                        rest = self.tree(rest, &path).strip_prefix_token(",");
                    }
                    return &rest[1..];
                }
                "*" => {
                    self.named.push((path, *line));
                    return after;
                }
                "self" if !path.is_empty() => rest = after,
                _ => {
                    path.push(text.clone());
                    rest = after;
                }
            }
            if !starts(rest, &["::"]) {
                let line = *line;
                let mut alias = path.last().expect("a use names something").clone();
                if let [(word, _), (name, _), after @ ..] = rest
                    && word == "as"
                {
                    alias.clone_from(name);
                    rest = after;
                }
                self.imports.push((alias, (path, line)));
                return rest;
            }
        }
    }
}

trait Prefix {
    fn strip_prefix_token(&self, text: &str) -> &Self;
}

impl Prefix for [Token] {
    fn strip_prefix_token(&self, text: &str) -> &Self {
        &self[usize::from(starts(self, &[text]))..]
    }
}

fn starts(tokens: &[Token], with: &[&str]) -> bool {
    tokens.len() >= with.len() && tokens.iter().zip(with).all(|((text, _), with)| text == with)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The tokens behind the bracket that opens here.
fn after_brackets(tokens: &[Token]) -> &[Token] {
    let mut depth = 0;
    for (index, (text, _)) in tokens.iter().enumerate() {
        match text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &tokens[index + 1..];
        }
    }
    &[]
}

/// The tokens behind the item that begins here, its attributes included.
fn after_item(mut tokens: &[Token]) -> &[Token] {
    let mut is_use = false;
    while let [(text, _), after @ ..] = tokens {
        tokens = match text.as_str() {
            ";" => return after,
            "{" if !is_use => return after_brackets(tokens),
            "(" | "[" | "{" => after_brackets(tokens),
            _ => after,
        };
        is_use |= text == "use";
    }
    tokens
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let mut colon = false;
    for tree in stream {
        let line = tree.span().start().line;
        let was_colon = std::mem::take(&mut colon);
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                tokens.push((open.to_owned(), line));
                flatten(group.stream(), tokens);
                tokens.push((close.to_owned(), group.span_close().start().line));
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' && was_colon => {
                tokens.pop();
                tokens.push(("::".to_owned(), line));
            }
            TokenTree::Punct(punct) => {
                colon = punct.as_char() == ':';
                tokens.push((punct.as_char().to_string(), line));
            }
            TokenTree::Ident(ident) => tokens.push((ident.to_string(), line)),
            // Quotes would make names of texts.
            TokenTree::Literal(_) => tokens.push(("\"".to_owned(), line)),
        }
    }
}
