//! What the integration tests share.

use orrery_engine::{Outcome, SimulationBuilder};
use orrery_units::{parse_date, Instant, Span};

pub fn day(text: &str) -> Instant {
    parse_date(text).expect("a date")
}

/// A simulation of some days in 2024.
pub fn simulation_of_days<'a>(days: f64) -> SimulationBuilder<'a> {
    SimulationBuilder::starting(day("2024-01-01")).lasting(Span::from_days(days))
}

#[allow(dead_code)] // Not every test file looks at texts.
pub fn lines(outcome: &Outcome) -> Vec<String> {
    outcome
        .journal
        .entries()
        .iter()
        .map(|entry| format!("{} {}", entry.at, entry.observation))
        .collect()
}
