//! Text from outside, made harmless for terminals, logs and reports.

/// The same text without anything that a terminal would obey: escape sequences are removed, other control characters
/// and the marks that reorder text are replaced; line feeds and tabs stay, a carriage return becomes a line feed.
#[must_use]
pub fn sanitize(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' | '\t' => clean.push(character),
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            '\u{1b}' | '\u{9b}' => skip_escape(character, &mut characters),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                clean.push('\u{fffd}');
            }
            _ if character.is_control() => clean.push('\u{fffd}'),
            _ => clean.push(character),
        }
    }
    clean
}

/// Skips an ECMA-48 sequence whose introducer has been read.
fn skip_escape(introducer: char, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let kind = if introducer == '\u{9b}' { Some('[') } else { rest.next_if(|c| !c.is_control()) };
    match kind {
        // Control sequence: parameters and intermediates, then one final byte.
        Some('[') => {
            while rest.next_if(|c| (' '..='?').contains(c)).is_some() {}
            rest.next_if(|c| ('@'..='~').contains(c));
        }
        // Strings (titles, hyperlinks, device control) end with BEL or ST; give up at a line feed, so that an
        // unfinished one cannot swallow what follows.
        Some(']' | 'P' | '_' | '^' | 'X') => {
            while let Some(character) = rest.next_if(|c| *c != '\n') {
                if character == '\u{7}' || character == '\u{9c}' {
                    break;
                }
                if character == '\u{1b}' {
                    rest.next_if(|c| *c == '\\');
                    break;
                }
            }
        }
        // Intermediates (character sets and the like), then one final byte.
        Some(c) if (' '..='/').contains(&c) => {
            while rest.next_if(|c| (' '..='/').contains(c)).is_some() {}
            rest.next_if(|c| ('0'..='~').contains(c));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::sanitize;

    #[test]
    fn what_a_terminal_would_obey_is_gone() {
        let cases = [
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}Pq device \u{1b}\\done", "done"),
            ("\u{1b}cclear", "clear"),
            ("\u{1b}(0line", "line"),
            ("\u{9b}2Jgone", "gone"),
            ("progress 1\rprogress 2\r\n", "progress 1\nprogress 2\n"),
            ("bell\u{7} back\u{8}space \0", "bell\u{fffd} back\u{fffd}space \u{fffd}"),
            ("\u{202e}reordered", "\u{fffd}reordered"),
            ("\u{1b}]unfinished\nnext", "\nnext"),
            ("\u{1b}", ""),
            ("tab\tstays ✓ é", "tab\tstays ✓ é"),
        ];
        for (dirty, clean) in cases {
            assert_eq!(sanitize(dirty), clean, "{dirty:?}");
        }
    }
}
