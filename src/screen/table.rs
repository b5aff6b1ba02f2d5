//! A table: in columns where there is room, else row by row.

use super::line::{Line, Role};

/// Columns between two of a table's.
const GAP: usize = 2;
/// A column that is narrower breaks its words.
const NARROWEST: usize = 12;

/// A table of Markdown, its first row the names of the columns.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<Line>>,
}

impl Table {
    /// Begins a row.
    pub(super) fn row(&mut self) {
        self.rows.push(Vec::new());
    }

    /// Ends a cell of the last row.
    pub(super) fn cell(&mut self, text: Line) {
        if let Some(row) = self.rows.last_mut() {
            row.push(text);
        }
    }

    /// The table in columns, if that leaves each of them room.
    pub(super) fn lines(&self, width: usize) -> Vec<Line> {
        let widths = self.widths(width);
        let natural = self.natural();
        if widths.iter().zip(&natural).any(|(given, wanted)| given < wanted && *given < NARROWEST) {
            return self.records(width);
        }
        // Where cells take several lines, an empty one tells the rows apart.
        let apart = widths != natural;
        let mut lines = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            if apart && index > 1 {
                lines.push(Line::blank());
            }
            let role = if index == 0 { Some(Role::Title) } else { None };
            lines.extend(beside(row, &widths, role));
            if index == 0 {
                let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
                lines.push(Line::of(Role::Dim, rules.join(&" ".repeat(GAP))));
            }
        }
        lines
    }

    /// Each row as its cells one below the other, with the names of their columns.
    pub(super) fn records(&self, width: usize) -> Vec<Line> {
        let Some((names, rows)) = self.rows.split_first() else { return Vec::new() };
        let mut lines = Vec::new();
        for row in rows {
            if !lines.is_empty() {
                lines.push(Line::blank());
            }
            for (index, cell) in row.iter().enumerate().filter(|(_, cell)| cell.width() > 0) {
                let name = names.get(index).map(Line::text).filter(|name| !name.is_empty());
                let line = match name {
                    Some(name) => Line::of(Role::Title, name).and(Role::Title, ": ").join(cell.clone()),
                    None => cell.clone(),
                };
                let indent = if index == 0 { 0 } else { 2 };
                lines.extend(line.indent(indent).wrap(width, indent + 2));
            }
        }
        lines
    }

    /// How wide each column would be if nothing were broken.
    fn natural(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(Line::width).max().unwrap_or(0)
        };
        (0..columns).map(widest).collect()
    }

    /// How wide each column is: those that need less than their share leave the rest to the others.
    fn widths(&self, width: usize) -> Vec<usize> {
        let natural = self.natural();
        let mut room = width.saturating_sub(GAP * natural.len().saturating_sub(1));
        let mut order: Vec<usize> = (0..natural.len()).collect();
        order.sort_by_key(|column| natural[*column]);
        let mut widths = natural.clone();
        for (place, column) in order.iter().enumerate() {
            let share = room / (natural.len() - place);
            widths[*column] = natural[*column].min(share);
            room -= widths[*column];
        }
        widths
    }
}

/// The cells of a row side by side, on as many lines as the longest takes.
fn beside(row: &[Line], widths: &[usize], role: Option<Role>) -> Vec<Line> {
    let cells: Vec<Vec<Line>> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| match role {
            Some(role) => cell.clone().all(role).wrap(*width, 0),
            None => cell.clone().wrap(*width, 0),
        })
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = Line::blank();
        let mut start = 0_usize;
        for (cell, width) in cells.iter().zip(widths) {
            if let Some(part) = cell.get(at).filter(|part| part.width() > 0) {
                line = line
                    .clone()
                    .and(Role::Plain, " ".repeat(start.saturating_sub(line.width())))
                    .join(part.clone());
            }
            start += width + GAP;
        }
        line
    };
    (0..height).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::default();
        for row in
            [["you see", "the cause"], ["silence", "`Pending` without a waker"], ["a panic", "polled again"]]
        {
            table.row();
            row.into_iter().for_each(|cell| table.cell(cell.into()));
        }
        table
    }

    fn text(lines: &[Line]) -> String {
        lines.iter().map(|line| line.text() + "\n").collect()
    }

    #[test]
    fn columns_are_as_wide_as_there_is_room() {
        let wide = "\
you see  the cause
───────  ─────────────────────────
silence  `Pending` without a waker
a panic  polled again
";
        assert_eq!(text(&table().lines(60)), wide);
        let narrow = "\
you see  the cause
───────  ───────────────
silence  `Pending`
         without a waker

a panic  polled again
";
        assert_eq!(text(&table().lines(24)), narrow);
    }

    #[test]
    fn without_room_for_columns_each_cell_has_its_name() {
        let rows = "\
you see: silence
  the cause:
    `Pending`
    without a waker

you see: a panic
  the cause: polled
    again
";
        assert_eq!(text(&table().lines(20)), rows);
        assert_eq!(text(&table().records(20)), rows);
    }
}
