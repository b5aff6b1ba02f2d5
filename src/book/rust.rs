//! Rust with its comments, strings, keywords and types in elements of their own, for the eye. It need not compile: starters often do
//! not.

use std::fmt::Write as _;

use maud::Escaper;

const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false",
    "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return",
    "self", "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while",
];

/// A text as markup. Without its tags it is the text again.
pub(super) fn highlighted(text: &str) -> String {
    let mut out = String::with_capacity(2 * text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = token(rest, first);
        let (token, behind) = rest.split_at(length);
        match class {
            Some(class) => {
                out.push_str("<span class=\"");
                out.push_str(class);
                out.push_str("\">");
                escape(token, &mut out);
                out.push_str("</span>");
            }
            None => escape(token, &mut out),
        }
        rest = behind;
    }
    out
}

/// A text as markup that shows it.
pub(super) fn escape(text: &str, out: &mut String) {
    Escaper::new(out).write_str(text).expect("a string takes everything");
}

/// The class of what a text begins with, and its length in bytes.
fn token(text: &str, first: char) -> (Option<&'static str>, usize) {
    if text.starts_with("//") {
        return (Some("comment"), text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return (Some("comment"), block_comment(text));
    }
    if text.starts_with("#[") || text.starts_with("#![") {
        return (Some("attribute"), attribute(text));
    }
    if let Some(length) = string(text) {
        return (Some("string"), length);
    }
    if first == '\'' {
        return quoted(text);
    }
    if first.is_ascii_digit() {
        return (Some("number"), number(text));
    }
    if first.is_alphabetic() || first == '_' {
        let length = word(text);
        return (class_of(&text[..length], &text[length..]), length);
    }
    (None, first.len_utf8())
}

fn class_of(word: &str, behind: &str) -> Option<&'static str> {
    if KEYWORDS.contains(&word) {
        Some("keyword")
    } else if behind.starts_with('!') && !behind.starts_with("!=") {
        Some("macro")
    } else if word.starts_with(char::is_uppercase) {
        Some("type")
    } else {
        None
    }
}

fn word(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// As far as `1_000`, `0xff`, `1.5` and `2u64` go; the dots of `0..9` and of `1.max(2)` are no part of a number.
fn number(text: &str) -> usize {
    let whole = word(text);
    let fraction =
        text[whole..].strip_prefix('.').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    fraction.map_or(whole, |fraction| whole + 1 + word(fraction))
}

/// Comments stand in one another.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn attribute(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 1 => return at + 1,
            ']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a string of any kind: `"…"`, `b"…"`, `c"…"`, `r#"…"#`.
fn string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(['b', 'c']).unwrap_or(text);
    let (raw, rest) = rest.strip_prefix('r').map_or((false, rest), |rest| (true, rest));
    let inside = if raw { rest.trim_start_matches('#') } else { rest };
    let hashes = rest.len() - inside.len();
    let inside = inside.strip_prefix('"')?;
    let open = text.len() - inside.len();
    if raw {
        let close = format!("\"{}", "#".repeat(hashes));
        return Some(inside.find(&close).map_or(text.len(), |at| open + at + close.len()));
    }
    Some(closed(inside, '"').map_or(text.len(), |length| open + length))
}

/// How far it is to the closing quote and past it.
fn closed(inside: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

/// A character in quotes, or a lifetime.
fn quoted(text: &str) -> (Option<&'static str>, usize) {
    let inside = &text[1..];
    let mut chars = inside.chars();
    let is_char = inside.starts_with('\\') || (chars.next().is_some() && chars.next() == Some('\''));
    match closed(inside, '\'').filter(|_| is_char) {
        Some(length) => (Some("string"), 1 + length),
        None => (Some("type"), 1 + word(inside)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut shown = highlighted(text).replace("</span>", "}");
        for (class, sign) in [
            ("comment", "c"),
            ("attribute", "a"),
            ("string", "s"),
            ("number", "n"),
            ("keyword", "k"),
            ("macro", "m"),
            ("type", "t"),
        ] {
            shown = shown.replace(&format!("<span class=\"{class}\">"), &format!("{sign}{{"));
        }
        shown
    }

    #[test]
    fn each_kind_of_token_is_told_apart() {
        for (text, expected) in [
            ("let x = 1_000u64; // why", "k{let} x = n{1_000u64}; c{// why}"),
            ("for i in 0..9 { 1.5 }", "k{for} i k{in} n{0}..n{9} { n{1.5} }"),
            ("println!(\"{}\\\"\", a != b)", "m{println}!(s{&quot;{}\\&quot;&quot;}, a != b)"),
            (
                "fn f<'a>(c: &'a str) -> Vec<char>",
                "k{fn} f&lt;t{'a}&gt;(c: &amp;t{'a} str) -&gt; t{Vec}&lt;char&gt;",
            ),
            ("('a', '\\'', b'\\n')", "(s{'a'}, s{'\\''}, bs{'\\n'})"),
            ("/* a /* b */ c */ d", "c{/* a /* b */ c */} d"),
            ("#[cfg(test)]\nuse a;", "a{#[cfg(test)]}\nk{use} a;"),
            (
                "r#\"a \"b\" \\\"# + br\"\\\" + x",
                "s{r#&quot;a &quot;b&quot; \\&quot;#} + s{br&quot;\\&quot;} + x",
            ),
            ("r#type é_x", "r#k{type} é_x"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_left_open_goes_to_the_end_and_nothing_is_lost() {
        for text in
            ["\"open", "/* open", "r##\"open\"#", "#[open", "'", "'\\", "b", "1.", "é'é'", "'é", "\\\"'"]
        {
            let markup = highlighted(text);
            let mut plain = String::new();
            let mut rest = markup.as_str();
            while let Some((before, tag)) = rest.split_once('<') {
                plain.push_str(before);
                rest = tag.split_once('>').unwrap().1;
            }
            plain.push_str(rest);
            assert_eq!(plain.replace("&quot;", "\""), text);
        }
    }
}
