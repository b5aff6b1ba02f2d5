//! The one place that turns roles into colours.

use std::fmt::Write as _;
use std::sync::Once;

use colored::{ColoredString, Colorize};

use super::line::{Line, Role};

/// Whether lines are painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Escape sequences for each role.
    On,
    /// The plain text.
    Off,
}

/// What decides about colour, read by the caller once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether the stream that is written to is a terminal.
    pub terminal: bool,
    /// Whether `NO_COLOR` is set to anything but nothing (<https://no-color.org>).
    pub no_color: bool,
    /// Whether `TERM` is `dumb`.
    pub dumb: bool,
    /// Whether it is known to print links instead of showing them: Emacs, and the console of Linux.
    pub prints_links: bool,
}

impl Surroundings {
    /// Reads the environment for a stream.
    #[must_use]
    pub fn of(stream: &impl std::io::IsTerminal) -> Self {
        Self {
            terminal: stream.is_terminal(),
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            dumb: std::env::var_os("TERM").is_some_and(|term| term == "dumb"),
            prints_links: std::env::var_os("INSIDE_EMACS").is_some()
                || std::env::var_os("TERM").is_some_and(|term| term == "linux"),
        }
    }

    /// Whether to paint.
    #[must_use]
    pub fn colour(self) -> Colour {
        if self.terminal && !self.no_color && !self.dumb { Colour::On } else { Colour::Off }
    }
}

/// Makes paths into links that a terminal opens with a click (OSC 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// The folder that paths are below, as a URL that ends with a slash.
    base: String,
}

impl Links {
    /// For paths below this folder, which is written with `/`; `None` where links are not shown as links.
    #[must_use]
    pub fn below(folder: &str, surroundings: Surroundings) -> Option<Self> {
        if surroundings.colour() == Colour::Off || surroundings.prints_links {
            return None;
        }
        let start = match folder {
            // A folder of another machine.
            _ if folder.starts_with("//") => "file:",
            _ if folder.starts_with('/') => "file://",
            // It begins with the name of a drive.
            _ => "file:///",
        };
        Some(Self { base: format!("{start}{}/", escaped(folder.trim_end_matches('/'))) })
    }

    /// Where a path of the screen leads. A place in a file leads to the file.
    fn target(&self, text: &str) -> Option<String> {
        let end = text.find(".rs")? + ".rs".len();
        let (path, place) = text.split_at(end);
        let whole = path.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.') && !path.contains(' ');
        let is_place = place.is_empty() || place.starts_with(':');
        (whole && is_place).then(|| format!("{}{}", self.base, escaped(path)))
    }
}

/// Percent-encoding of all that is special in a URL's path, or to a terminal.
fn escaped(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut url, byte| {
        if byte.is_ascii_alphanumeric() || b"/:-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            write!(url, "%{byte:02X}").expect("a String takes all text");
        }
        url
    })
}

/// As [`paint`], with its paths as links.
#[must_use]
pub fn paint_linked(line: &Line, colour: Colour, links: Option<&Links>) -> String {
    let Some(links) = links else { return paint(line, colour) };
    let painted = line.spans.iter().map(|span| {
        let text = paint(&Line { spans: vec![span.clone()] }, colour);
        match links.target(&span.text).filter(|_| span.role == Role::Path) {
            Some(target) => format!("\u{1b}]8;;{target}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\"),
            None => text,
        }
    });
    painted.collect()
}

/// The line as text for a terminal, or as plain text. It ends without a line feed.
#[must_use]
pub fn paint(line: &Line, colour: Colour) -> String {
    match colour {
        Colour::Off => line.text(),
        Colour::On => {
            force_colour();
            line.spans.iter().map(|span| style(span.role, &span.text).to_string()).collect()
        }
    }
}

/// All lines, each with a line feed behind it.
#[must_use]
pub fn paint_all(lines: &[Line], colour: Colour) -> String {
    lines.iter().map(|line| paint(line, colour) + "\n").collect()
}

fn style(role: Role, text: &str) -> ColoredString {
    match role {
        Role::Plain => text.normal(),
        Role::Title => text.bold(),
        Role::Dim => text.dimmed(),
        Role::Good => text.green().bold(),
        Role::Bad => text.red().bold(),
        Role::Warn => text.yellow().bold(),
        Role::Key => text.cyan().bold(),
        Role::Path => text.blue().underline(),
        Role::Code => text.cyan(),
        Role::Gutter => text.blue(),
        Role::Cursor => text.reversed(),
    }
}

/// `colored` looks at its global switch whenever a string is shown. [`Colour::On`] was decided by our own rules, so
/// the switch is set once, to "always", before the first painted text; plain text never goes through `colored`.
/// Nobody can see the switch change: that is what keeps parallel tests from racing on it.
#[expect(clippy::disallowed_methods, reason = "the one place that is meant to")]
fn force_colour() {
    static FORCE: Once = Once::new();
    FORCE.call_once(|| colored::control::set_override(true));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_unless_a_willing_terminal_listens() {
        let willing = Surroundings { terminal: true, no_color: false, dumb: false, prints_links: false };
        assert_eq!(willing.colour(), Colour::On);
        for reluctant in [
            Surroundings { terminal: false, ..willing },
            Surroundings { no_color: true, ..willing },
            Surroundings { dumb: true, ..willing },
        ] {
            assert_eq!(reluctant.colour(), Colour::Off, "{reluctant:?}");
        }
    }

    #[test]
    fn paths_are_links_where_links_are_shown_as_links() {
        let willing = Surroundings { terminal: true, no_color: false, dumb: false, prints_links: false };
        let folder = "/home/a b/ws";
        let links = Links::below(folder, willing).unwrap();
        let line = Line::of(Role::Plain, "see ").and(Role::Path, "exercises/01_one/first.rs:12:5");
        let painted = paint_linked(&line, Colour::On, Some(&links));
        let target = "\u{1b}]8;;file:///home/a%20b/ws/exercises/01_one/first.rs\u{1b}\\";
        assert!(painted.contains(target) && painted.ends_with("\u{1b}]8;;\u{1b}\\"), "{painted:?}");
        assert_eq!(crate::verdict::sanitize(&painted), line.text(), "a link adds nothing to be seen");
        assert_eq!(paint_linked(&line, Colour::On, None), paint(&line, Colour::On));
        for reluctant in [
            Surroundings { no_color: true, ..willing },
            Surroundings { dumb: true, ..willing },
            Surroundings { prints_links: true, ..willing },
        ] {
            assert_eq!(Links::below(folder, reluctant), None, "{reluctant:?}");
        }
    }

    #[test]
    fn links_lead_to_drives_and_to_other_machines() {
        let willing = Surroundings { terminal: true, no_color: false, dumb: false, prints_links: false };
        for (folder, url) in [
            ("C:/Users/ann b/ws", "file:///C:/Users/ann%20b/ws/x.rs"),
            ("C:/", "file:///C:/x.rs"),
            ("//school/ann", "file://school/ann/x.rs"),
            ("/", "file:///x.rs"),
        ] {
            let links = Links::below(folder, willing).unwrap();
            assert_eq!(links.target("x.rs:1:2").as_deref(), Some(url));
        }
    }

    #[test]
    fn what_is_no_whole_path_is_no_link() {
        let links = Links { base: "file:///ws/".into() };
        for text in ["…/first.rs:12:5", "exercises/01_one/fir", "st.rs and more", "first.rs is gone", ""] {
            assert_eq!(links.target(text), None, "{text}");
        }
    }

    #[test]
    fn both_paintings_hold_the_same_text() {
        let line = Line::of(Role::Bad, "error").and(Role::Plain, ": no ").and(Role::Code, "await");
        assert_eq!(paint(&line, Colour::Off), "error: no await");
        let painted = paint(&line, Colour::On);
        assert!(painted.contains('\u{1b}'), "{painted:?}");
        assert_eq!(crate::verdict::sanitize(&painted), "error: no await");
    }
}
