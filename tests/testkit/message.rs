//! Text on its way to the grader: capped, and escaped into one line.

use std::borrow::Cow;

const HEAD: usize = 48 * 1024;
const TAIL: usize = 16 * 1024;

/// At most 64 KiB of a text: its head and its tail. Only what is kept is copied.
pub(crate) fn cap(text: &str) -> Cow<'_, str> {
    if text.len() <= HEAD + TAIL {
        return Cow::Borrowed(text);
    }
    let cut = |left_out: usize| format!("\n… {left_out} bytes left out …\n");
    let room = HEAD - cut(text.len()).len();
    let head = &text[..text.floor_char_boundary(room)];
    let tail = &text[text.ceil_char_boundary(text.len() - TAIL)..];
    let cut = cut(text.len() - head.len() - tail.len());
    Cow::Owned([head, &cut, tail].concat())
}

/// Appends a text to a frame so that it stays on one line and in one field.
pub(crate) fn escape_into(frame: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => frame.push_str("\\\\"),
            '\n' => frame.push_str("\\n"),
            '\t' => frame.push_str("\\t"),
            '\r' => frame.push_str("\\r"),
            _ => frame.push(c),
        }
    }
}

/// Undoes [`escape_into`].
pub(crate) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some(other) => plain.push(other),
            None => plain.push('\\'),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_text_is_untouched() {
        assert!(matches!(cap("short"), Cow::Borrowed("short")));
        let just = "x".repeat(HEAD + TAIL);
        assert_eq!(cap(&just), just);
    }

    #[test]
    fn long_text_keeps_head_and_tail_within_the_cap() {
        let text = format!("first{}last", "é".repeat(100_000));
        let capped = cap(&text);
        assert!(capped.len() <= HEAD + TAIL, "{}", capped.len());
        assert!(capped.len() > HEAD + TAIL - 64, "{}", capped.len());
        assert!(capped.starts_with("firsté") && capped.ends_with("élast"));
        let (_, rest) = capped.split_once("\n… ").unwrap();
        let left_out: usize = rest.split_once(" bytes left out …\n").unwrap().0.parse().unwrap();
        let marker = format!("\n… {left_out} bytes left out …\n").len();
        assert_eq!(left_out, text.len() - (capped.len() - marker));
    }

    #[test]
    fn an_escaped_text_has_no_separators() {
        let mut frame = String::from("key ");
        escape_into(&mut frame, "a\\n\nb\tc\rd é");
        assert_eq!(frame, "key a\\\\n\\nb\\tc\\rd é");
        assert_eq!(unescape(&frame), "key a\\n\nb\tc\rd é");
    }
}
