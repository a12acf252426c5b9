//! Tables of text.

use std::fmt;

/// To which side a column's text goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Left,
    Right,
}

/// A column: a title, and how a row's text is made.
pub struct Column<T> {
    title: String,
    align: Align,
    cell: Box<dyn Fn(&T) -> String>,
}

/// Rows, shown in columns.
pub struct Table<T> {
    rows: Vec<T>,
    columns: Vec<Column<T>>,
}

impl<T> Column<T> {
    pub fn new(title: &str, cell: impl Fn(&T) -> String + 'static) -> Self {
        Column {
            title: title.to_owned(),
            align: Align::default(),
            cell: Box::new(cell),
        }
    }

    pub fn aligned(self, align: Align) -> Self {
        Column { align, ..self }
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    fn width(&self, rows: &[T]) -> usize {
        let cells = rows.iter().map(|row| (self.cell)(row).chars().count());
        cells.chain([self.title.chars().count()]).max().unwrap_or(0)
    }

    fn pad(&self, text: &str, width: usize) -> String {
        match self.align {
            Align::Left => format!("{text:<width$}"),
            Align::Right => format!("{text:>width$}"),
        }
    }
}

impl<T> Table<T> {
    pub fn new(rows: impl IntoIterator<Item = T>) -> Self {
        Table {
            rows: rows.into_iter().collect(),
            columns: Vec::new(),
        }
    }

    pub fn column(mut self, column: Column<T>) -> Self {
        self.columns.push(column);
        self
    }

    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(Column::title)
    }

    /// The texts of all cells, row by row.
    pub fn cells(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        self.rows.iter().map(|row| {
            self.columns
                .iter()
                .map(|column| (column.cell)(row))
                .collect()
        })
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<T> fmt::Display for Table<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths: Vec<usize> = self.columns.iter().map(|c| c.width(&self.rows)).collect();
        let line = |cells: Vec<String>| {
            let padded: Vec<String> = cells
                .iter()
                .zip(&self.columns)
                .zip(&widths)
                .map(|((cell, column), width)| column.pad(cell, *width))
                .collect();
            padded.join("  ").trim_end().to_owned()
        };
        writeln!(out, "{}", line(self.titles().map(str::to_owned).collect()))?;
        writeln!(
            out,
            "{}",
            "-".repeat(widths.iter().sum::<usize>() + 2 * widths.len().max(1) - 2)
        )?;
        for cells in self.cells() {
            writeln!(out, "{}", line(cells))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_their_titles() {
        let table = Table::new([("a", 1), ("bcd", 200)])
            .column(Column::new("name", |row: &(&str, i32)| row.0.to_owned()))
            .column(Column::new("n", |row: &(&str, i32)| row.1.to_string()).aligned(Align::Right));
        assert_eq!(
            table.to_string(),
            "name    n\n---------\na       1\nbcd   200\n"
        );
        assert!(!table.is_empty());
    }
}
