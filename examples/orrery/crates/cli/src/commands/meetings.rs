//! When two bodies stand close together.

use orrery_engine::systems::ConjunctionWatch;
use orrery_engine::{Event, Severity, SimulationBuilder};
use orrery_report::{journal_table, summary};
use orrery_units::Span;

use super::Shown;
use crate::arguments::Arguments;

pub fn show(first: &str, second: &str, arguments: &Arguments) -> Shown {
    let watch = Event::Watch {
        first: first.to_owned(),
        second: second.to_owned(),
    };
    let outcome = SimulationBuilder::starting(arguments.on)
        .lasting(Span::DAY)
        .with_system(ConjunctionWatch {
            ahead: arguments.span,
            ..Default::default()
        })
        .at(arguments.on, watch)?
        .build()
        .run()?;
    let table = journal_table(&outcome, Severity::Detail);
    if table.is_empty() {
        return Ok(format!(
            "{first} and {second} do not meet within {}\n",
            arguments.span
        ));
    }
    Ok(format!("{table}{}\n", summary(&outcome)))
}
