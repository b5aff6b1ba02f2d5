//! What in the text of hidden tests makes a verdict depend on the machine: its clock, its ports, its folders.
//!
//! Now and then a test has a good reason. A comment that gives it, on the line or on those right above, is the way out:
//! `// hermetic: bounds the wait for a wake that never comes; a right answer does not get there`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One such place: its line, and what is wrong with it.
pub(super) type Dependence = (usize, String);

/// What gives a reason.
pub(super) const REASON: &str = "hermetic:";

/// Every place in a hidden tests' file that has no reason beside it.
pub(super) fn dependences(source: &str) -> Vec<Dependence> {
    // A file that does not parse has been told before.
    let Ok(tokens) = source.parse::<TokenStream>() else { return Vec::new() };
    let mut found = Vec::new();
    walk(tokens, &[], &mut found);
    found.retain(|(line, _)| !excused(source, *line));
    found.dedup();
    found
}

/// Whether a comment on this line, or in the comments and attributes right above it, gives a reason.
pub(super) fn excused(source: &str, line: usize) -> bool {
    let lines: Vec<&str> = source.lines().collect();
    let reason = |text: &str| {
        text.split_once("//")
            .and_then(|(_, comment)| comment.split_once(REASON))
            .is_some_and(|(_, why)| !why.trim().is_empty())
    };
    let here = lines.get(line.saturating_sub(1)).is_some_and(|text| reason(text));
    let above = lines[..line.saturating_sub(1).min(lines.len())].iter().rev();
    here || above
        .take_while(|text| text.trim_start().starts_with("//") || text.trim_start().starts_with("#["))
        .any(|text| reason(text))
}

/// Looks at tokens; `prefix` is the path in front of the braces that they stand in, as in `use std::time::{…}`.
fn walk(tokens: TokenStream, prefix: &[String], found: &mut Vec<Dependence>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is =
        |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == sign);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let line = token.span().start().line;
        match token {
            TokenTree::Ident(first) => {
                let mut path = prefix.to_vec();
                path.push(first.to_string());
                while is(at + 1, ':') && is(at + 2, ':') {
                    match tokens.get(at + 3) {
                        Some(TokenTree::Ident(next)) => path.push(next.to_string()),
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                            walk(group.stream(), &path, found);
                            at += 3;
                            break;
                        }
                        _ => break,
                    }
                    at += 3;
                }
                found.extend(of_path(&path).map(|problem| (line, problem)));
                let local = path.last().is_some_and(|last| last == "LOCALHOST" || last == "UNSPECIFIED");
                if local && let Some(port) = port_behind(&tokens, at) {
                    found.push((line, fixed_port(&port)));
                }
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                found.extend(of_literal(&text).map(|problem| (line, problem)));
                if is_local(text.trim_matches('"'))
                    && let Some(port) = port_behind(&tokens, at)
                {
                    found.push((line, fixed_port(&port)));
                }
            }
            TokenTree::Group(group) => {
                let numbers: String = group.stream().to_string().split_whitespace().collect();
                if group.delimiter() == Delimiter::Bracket
                    && matches!(numbers.as_str(), "127,0,0,1" | "0,0,0,0")
                    && let Some(port) = port_behind(&tokens, at)
                {
                    found.push((line, fixed_port(&port)));
                }
                walk(group.stream(), &[], found);
            }
            TokenTree::Punct(_) => {}
        }
        at += 1;
    }
}

fn of_path(path: &[String]) -> Option<String> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let at = path.windows(2).position(|pair| pair == ["std", "time"])?;
    let clock = *path.get(at + 2).filter(|name| matches!(**name, "Instant" | "SystemTime"))?;
    Some(format!(
        "`std::time::{clock}` is the machine's clock, and a busy machine is slow; use virtual time (testkit::vt, \
         tokio::time::Instant), or say in `// {REASON} <reason>` why no right answer can fail because of it"
    ))
}

fn of_literal(text: &str) -> Option<String> {
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    if let Some((host, port)) = text.rsplit_once(':')
        && is_local(host)
        && port.parse::<u16>().is_ok_and(|port| port != 0)
    {
        return Some(fixed_port(port));
    }
    if ["/proc", "/sys"].iter().any(|folder| text.starts_with(folder)) {
        return Some(
            "`/proc` and `/sys` cannot be read in the sandbox of `grade`, where the test would see nothing and let \
             wrong answers pass; testkit's Effort measures what threads cost"
                .to_owned(),
        );
    }
    let shared = ["/tmp/", "/var/tmp/", "/dev/shm/"].iter().find(|folder| text.starts_with(**folder))?;
    Some(format!(
        "`{shared}` is shared by all tests and outlives them; each test starts in a separate folder, so use a \
         relative path or std::env::temp_dir()"
    ))
}

fn fixed_port(port: &str) -> String {
    format!("port {port} can be taken by another test; bind to port 0 and ask for `local_addr()`")
}

fn is_local(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "localhost" | "0.0.0.0" | "[::1]" | "::1" | "[::]")
}

/// The number behind a comma, unless it is 0.
fn port_behind(tokens: &[TokenTree], at: usize) -> Option<String> {
    let (Some(TokenTree::Punct(comma)), Some(TokenTree::Literal(port))) =
        (tokens.get(at + 1), tokens.get(at + 2))
    else {
        return None;
    };
    let port = port.to_string();
    let number: u16 = port.trim_end_matches("u16").replace('_', "").parse().ok()?;
    (comma.as_char() == ',' && number != 0).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(source: &str) -> Vec<usize> {
        dependences(source).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn the_machines_clock_is_found_however_it_is_named() {
        for source in [
            "use std::time::Instant;",
            "use std::time::{Duration, Instant};",
            "use std::{fs, time::{Duration, SystemTime}};",
            "fn f() { let start = std::time::Instant::now(); }",
            "fn f() { assert!(::std::time::SystemTime::now() > x, \"no\"); }",
        ] {
            assert_eq!(lines(source), [1], "{source}");
        }
        for source in
            ["use std::time::Duration;", "use tokio::time::{Instant, sleep};", "use my::std::Instant;"]
        {
            assert_eq!(lines(source), [0_usize; 0], "{source}");
        }
    }

    #[test]
    fn fixed_ports_are_found_and_port_0_is_not() {
        for source in [
            "fn f() { bind(\"127.0.0.1:8080\"); }",
            "fn f() { bind((\"localhost\", 4_000)); }",
            "fn f() { bind((Ipv4Addr::LOCALHOST, 80u16)); }",
            "fn f() { SocketAddr::from(([127, 0, 0, 1], 99)); }",
        ] {
            assert_eq!(lines(source), [1], "{source}");
            let free = ["8080", "4_000", "80u16", "99"]
                .iter()
                .fold(source.to_owned(), |text, port| text.replace(port, "0"));
            assert_eq!(lines(&free), [0_usize; 0], "{free}");
        }
    }

    #[test]
    fn shared_folders_are_found() {
        assert_eq!(lines("fn f() { write(\"/tmp/x\"); write(\"x\"); }"), [1]);
    }

    #[test]
    fn what_walls_hide_is_found() {
        assert_eq!(lines("fn f() {\n    read(\"/proc/self/status\");\n    read(\"proc\");\n}"), [2]);
    }

    #[test]
    fn a_reason_excuses_and_an_empty_one_does_not() {
        assert_eq!(lines("// hermetic: bounds a wait\nuse std::time::Instant;"), [0_usize; 0]);
        assert_eq!(lines("use std::time::Instant; // hermetic: bounds a wait"), [0_usize; 0]);
        assert_eq!(lines("// hermetic:\nuse std::time::Instant;"), [2]);
        assert_eq!(lines("// hermetic: for f\nfn f() {}\nuse std::time::Instant;"), [3]);
        assert!(excused("// hermetic: it is the point\n/// About.\n#[test]\nfn f() {}", 4));
    }
}
