//! What rustc underlines: from a label of its drawing back to the source text that the label is about.
//!
//! ```text
//!  4 |     ids.iter().map(|&id| price(id).await).collect()
//!    |                    -----           ^^^^^ only allowed inside `async` functions and blocks
//!    |                    |
//!    |                    this is not `async`
//! ```

/// Stands for the mark of the place that a message is about.
const PRIMARY: &str = "^";

/// The source text that a label is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marked {
    /// The text; the first line of it when there are more.
    pub(super) text: String,
    /// Its line, from 1.
    pub(super) line: usize,
}

/// The first source text with a label that contains `label`; with "^", what the message is about.
pub(super) fn marked(rendered: &str, label: &str) -> Option<Marked> {
    let rows: Vec<Vec<char>> = rendered.lines().map(|row| row.chars().collect()).collect();
    rendered.lines().enumerate().find_map(|(index, row)| {
        let gutter = row.find('|')?;
        if !row[..gutter].trim().is_empty() {
            return None;
        }
        let start = gutter + row[gutter..].find(label)?;
        mark(&rows, index, row[..start].chars().count(), label == PRIMARY)
    })
}

/// The text that is marked above, or before, the label in row `index` at `column`.
fn mark(rows: &[Vec<char>], index: usize, column: usize, is_mark_itself: bool) -> Option<Marked> {
    // The label may begin before the part of it that was asked for, and its mark stands before or above its beginning.
    let before = &rows[index][..column];
    let inline = before.iter().rposition(|c| is_mark(*c)).filter(|at| {
        let between: String = before[*at + 1..].iter().collect();
        between.starts_with(' ') && !between.contains(" |")
    });
    let (row, at) = match inline {
        _ if is_mark_itself => (index, column),
        Some(at) => (index, at),
        None => {
            let start = start_of_label(before);
            let above = rows[..index].iter().rposition(|row| row.get(start).is_some_and(|c| is_mark(*c)))?;
            (above, start)
        }
    };
    let sign = rows[row][at];
    let start = rows[row][..at].iter().rposition(|c| *c != sign).map_or(0, |other| other + 1);
    let end = rows[row][at..].iter().position(|c| *c != sign).map_or(rows[row].len(), |length| at + length);
    if start > 0 && rows[row][start - 1] == '_' {
        return first_of_many(&rows[..row]);
    }
    let source = rows[..row].iter().rev().find_map(|row| Some((number(row)?, row)))?;
    let text: String = source.1.get(start..end.min(source.1.len()))?.iter().collect();
    Some(Marked { text: text.trim().to_owned(), line: source.0 })
}

/// The first line of a text of several, whose last line has just been seen.
fn first_of_many(rows: &[Vec<char>]) -> Option<Marked> {
    rows.iter().rev().find_map(|row| {
        let line = number(row)?;
        let bar = row.iter().position(|c| *c == '|')?;
        let text: String = row[bar + 1..].iter().collect();
        let text = text.trim_start().strip_prefix('/')?;
        Some(Marked { text: text.trim().to_owned(), line })
    })
}

fn start_of_label(before: &[char]) -> usize {
    let gap = before.windows(2).rposition(|pair| pair == [' ', ' '] || pair == ['|', ' ']);
    gap.map_or(before.len(), |gap| gap + 2)
}

fn is_mark(c: char) -> bool {
    matches!(c, '^' | '-')
}

/// The line number of a row of source.
fn number(row: &[char]) -> Option<usize> {
    let bar = row.iter().position(|c| *c == '|')?;
    row[..bar].iter().collect::<String>().trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rendered: &str, label: &str) -> Option<(String, usize)> {
        marked(rendered, label).map(|marked| (marked.text, marked.line))
    }

    const TWO: &str = "\
error[E0728]: `await` is only allowed
 --> a.rs:4:36
  |
4 |     ids.iter().map(|&id| price(id).await).collect()
  |                    -----           ^^^^^ only allowed inside `async` functions and blocks
  |                    |
  |                    this is not `async`
";

    #[test]
    fn a_label_beside_or_below_its_mark() {
        assert_eq!(text(TWO, "only allowed"), Some(("await".to_owned(), 4)));
        assert_eq!(text(TWO, "inside `async`"), Some(("await".to_owned(), 4)));
        assert_eq!(text(TWO, "this is not"), Some(("|&id|".to_owned(), 4)));
        assert_eq!(text(TWO, "not `async`"), Some(("|&id|".to_owned(), 4)));
        assert_eq!(text(TWO, "no such label"), None);
        assert_eq!(text(TWO, "^"), Some(("await".to_owned(), 4)));
    }

    #[test]
    fn a_mark_over_several_lines_is_its_first() {
        let many = "\
3 | / fn total(
4 | |     id: u32,
5 | | ) -> u32 {
  | |________- this is not `async`
6 |       price(id).await
";
        assert_eq!(text(many, "this is not"), Some(("fn total(".to_owned(), 3)));
    }

    #[test]
    fn drawings_that_are_none_are_survived() {
        for odd in ["|", "| label", "  | - label", "label", "5 | é\n  | ^^^^^^^^ label", "  | |_- label", ""]
        {
            let _ = marked(odd, "label");
        }
    }
}
