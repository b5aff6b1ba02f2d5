//! The one place that turns roles into colours.

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
}

impl Surroundings {
    /// Reads the environment for a stream.
    #[must_use]
    pub fn of(stream: &impl std::io::IsTerminal) -> Self {
        Self {
            terminal: stream.is_terminal(),
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            dumb: std::env::var_os("TERM").is_some_and(|term| term == "dumb"),
        }
    }

    /// Whether to paint.
    #[must_use]
    pub fn colour(self) -> Colour {
        if self.terminal && !self.no_color && !self.dumb { Colour::On } else { Colour::Off }
    }
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
        let willing = Surroundings { terminal: true, no_color: false, dumb: false };
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
    fn both_paintings_hold_the_same_text() {
        let line = Line::of(Role::Bad, "error").and(Role::Plain, ": no ").and(Role::Code, "await");
        assert_eq!(paint(&line, Colour::Off), "error: no await");
        let painted = paint(&line, Colour::On);
        assert!(painted.contains('\u{1b}'), "{painted:?}");
        assert_eq!(crate::verdict::sanitize(&painted), "error: no await");
    }
}
