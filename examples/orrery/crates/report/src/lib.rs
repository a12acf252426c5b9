//! Shows what a simulation has come to: tables, charts, exports.

mod chart;
mod export;
mod table;

pub use chart::{Chart, Scale};
pub use export::{Csv, Export, JsonLines};
pub use table::{Align, Column, Table};

use orrery_engine::{Entry, Outcome, Severity};

/// Columns of a journal.
pub fn journal_table(outcome: &Outcome, least: Severity) -> Table<Entry> {
    let entries: Vec<Entry> = outcome.journal.at_least(least).cloned().collect();
    Table::new(entries)
        .column(Column::new("when", |entry: &Entry| entry.at.to_string()))
        .column(Column::new("body", |entry: &Entry| {
            entry.observation.subject().to_owned()
        }))
        .column(Column::new("what", |entry: &Entry| {
            entry.observation.to_string()
        }))
}

/// One line on a whole run.
pub fn summary(outcome: &Outcome) -> String {
    let counts: Vec<String> = outcome
        .counts
        .iter()
        .map(|(label, count)| format!("{count} {label}"))
        .collect();
    let Outcome { ended, steps, .. } = outcome;
    format!("{steps} events ({}) until {ended}", counts.join(", "))
}
