//! Tables: columns as wide as what they hold, by the width of characters on a terminal.

use super::paint::{Paint, Tone};
use super::words::one_line;

/// Narrowest a column gets when it is cut.
const NARROWEST: usize = 12;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// A cell in a tone.
    pub(super) fn new(tone: Tone, text: &str) -> Self {
        Self { text: one_line(text), tone }
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(Tone::Plain, text.as_ref())
    }
}

/// A column: its heading, and whether it may be cut where the terminal is narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    heading: &'static str,
    cut: bool,
}

impl Column {
    /// One that is always shown whole.
    pub(super) const fn whole(heading: &'static str) -> Self {
        Self { heading, cut: false }
    }

    /// One that may be cut.
    pub(super) const fn cut(heading: &'static str) -> Self {
        Self { heading, cut: true }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table.
    pub(super) fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row, one cell for each column.
    pub(super) fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(cells.into());
    }

    /// Whether it has no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text; `width` is the terminal's, if it is one.
    pub(super) fn text(&self, paint: Paint, width: Option<usize>) -> String {
        let widths = self.widths(width);
        let headings = self.columns.iter().map(|column| Cell::new(Tone::Strong, column.heading)).collect();
        let mut text = String::new();
        for row in std::iter::once(&headings).chain(&self.rows) {
            let mut line = String::new();
            for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let shown = console::truncate_str(&cell.text, *width, "…");
                let gap = width.saturating_sub(console::measure_text_width(&shown)) + 2;
                line.push_str(&paint.tone(cell.tone, &shown));
                if index + 1 < row.len() {
                    line.push_str(&" ".repeat(gap));
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The columns' widths; on a terminal the widest that may be cut are, until the lines fit.
    fn widths(&self, limit: Option<usize>) -> Vec<usize> {
        let column = |index: usize, column: &Column| {
            let cells = self.rows.iter().filter_map(|row| row.get(index));
            let widest = cells.map(|cell| console::measure_text_width(&cell.text)).max().unwrap_or(0);
            widest.max(console::measure_text_width(column.heading))
        };
        let mut widths: Vec<usize> =
            self.columns.iter().enumerate().map(|(index, found)| column(index, found)).collect();
        let Some(limit) = limit else { return widths };
        let gaps = 2 * self.columns.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > limit {
            let widest = (0..widths.len())
                .filter(|index| self.columns[*index].cut && widths[*index] > NARROWEST)
                .max_by_key(|index| widths[*index]);
            let Some(widest) = widest else { break };
            widths[widest] -= 1;
        }
        widths
    }
}
