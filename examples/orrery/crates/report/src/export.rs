//! Writes tables for other programs.

use std::io::{self, Write};

use crate::table::Table;

/// A format that tables can be written in.
pub trait Export {
    /// Usual ending of a file.
    const EXTENSION: &'static str;

    fn write<T>(&self, table: &Table<T>, out: &mut dyn Write) -> io::Result<usize>;

    /// The whole as text.
    fn to_text<T>(&self, table: &Table<T>) -> String {
        let mut bytes = Vec::new();
        // Writing to memory does not fail.
        let _ = self.write(table, &mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Values between separators.
#[derive(Clone, Copy, Debug)]
pub struct Csv {
    pub separator: char,
}

/// An object on each line.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonLines;

impl Default for Csv {
    fn default() -> Self {
        Csv { separator: ',' }
    }
}

impl Csv {
    fn quote(&self, text: &str) -> String {
        let plain = !text.contains([self.separator, '"', '\n']);
        if plain {
            text.to_owned()
        } else {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
    }

    fn line<S: AsRef<str>>(&self, cells: impl IntoIterator<Item = S>) -> String {
        let quoted: Vec<String> = cells
            .into_iter()
            .map(|cell| self.quote(cell.as_ref()))
            .collect();
        quoted.join(&self.separator.to_string())
    }
}

impl Export for Csv {
    const EXTENSION: &'static str = "csv";

    fn write<T>(&self, table: &Table<T>, out: &mut dyn Write) -> io::Result<usize> {
        writeln!(out, "{}", self.line(table.titles()))?;
        let mut rows = 0;
        for cells in table.cells() {
            writeln!(out, "{}", self.line(cells))?;
            rows += 1;
        }
        Ok(rows)
    }
}

fn json_string(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

impl Export for JsonLines {
    const EXTENSION: &'static str = "jsonl";

    fn write<T>(&self, table: &Table<T>, out: &mut dyn Write) -> io::Result<usize> {
        let mut rows = 0;
        for cells in table.cells() {
            let members: Vec<String> = table
                .titles()
                .zip(&cells)
                .map(|(title, cell)| format!("{}:{}", json_string(title), json_string(cell)))
                .collect();
            writeln!(out, "{{{}}}", members.join(","))?;
            rows += 1;
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    fn table() -> Table<&'static str> {
        Table::new(["plain", "with, comma", "with \"quotes\""])
            .column(Column::new("text", |row: &&str| row.to_string()))
    }

    #[test]
    fn quotes_what_must_be_quoted() {
        let text = Csv::default().to_text(&table());
        assert_eq!(
            text,
            "text\nplain\n\"with, comma\"\n\"with \"\"quotes\"\"\"\n"
        );
        assert!(Csv { separator: ';' }
            .to_text(&table())
            .contains("\nwith, comma\n"));
    }

    #[test]
    fn writes_an_object_on_each_line() {
        let text = JsonLines.to_text(&table());
        assert_eq!(text.lines().count(), 3);
        assert!(text.starts_with("{\"text\":\"plain\"}"));
        assert_eq!((Csv::EXTENSION, JsonLines::EXTENSION), ("csv", "jsonl"));
    }
}
