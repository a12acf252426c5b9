//! The Moon's phases.

use orrery_engine::systems::PhaseWatch;
use orrery_engine::{Event, Severity, SimulationBuilder};
use orrery_events::Every;
use orrery_report::{journal_table, Csv, Export};
use orrery_units::Span;

use super::Shown;
use crate::arguments::Arguments;

pub fn show(arguments: &Arguments) -> Shown {
    let outcome = SimulationBuilder::starting(arguments.on)
        .lasting(arguments.span)
        .with_system(PhaseWatch::of("Moon"))
        .on(
            Every::new(arguments.on, Span::from_hours(12.0)),
            Event::Tick,
        )
        .build()
        .run()?;
    let table = journal_table(&outcome, Severity::Detail);
    Ok(if arguments.csv {
        Csv::default().to_text(&table)
    } else {
        table.to_string()
    })
}
