//! Probes and what they do.

mod common;

use common::{day, simulation_of_days};
use orrery_engine::systems::{Navigation, Reaction, System};
use orrery_engine::{Event, Probe, Problem, SimulationError, World};
use orrery_ephemeris::Planet;
use orrery_events::Every;
use orrery_units::{Kilometers, Span};

fn scout() -> Probe {
    Probe::new(
        "Scout",
        Planet::Mars,
        Kilometers(5_000.0),
        Span::from_hours(4.0),
    )
}

#[test]
fn a_burn_changes_the_orbit() {
    let simulation = simulation_of_days(2.0)
        .with_probe(scout())
        .with_system(Navigation::new(Kilometers(4_500.0)))
        .at(
            day("2024-01-02"),
            Event::Burn {
                probe: 0,
                change: -0.5,
            },
        )
        .unwrap()
        .build();
    assert_eq!(simulation.world().probes().len(), 1);
    let outcome = simulation.run().unwrap();
    assert_eq!(outcome.counts["burn"], 1);
    assert_eq!(outcome.counts["tick"], 1);
    #[cfg(feature = "journal")]
    {
        let last = common::lines(&outcome).pop().unwrap();
        assert!(last.contains("Scout reaches Mars"), "{last}");
    }
}

#[test]
fn a_probe_that_is_not_there_is_a_failure_of_navigation() {
    let error = simulation_of_days(2.0)
        .with_system(Navigation::default())
        .at(
            day("2024-01-02"),
            Event::Burn {
                probe: 3,
                change: 0.1,
            },
        )
        .unwrap()
        .build()
        .run()
        .unwrap_err();
    assert_eq!(error.to_string(), "navigation: there is no probe 3");
    assert!(matches!(
        error.problem(),
        Some(Problem::System {
            name: "navigation",
            ..
        })
    ));
}

#[test]
fn nothing_runs_without_a_system() {
    let error = simulation_of_days(2.0).build().run().unwrap_err();
    assert_eq!(error.problem(), Some(&Problem::NoSystems));
}

/// A system that ends the simulation at the first tick.
struct Impatient;

impl System for Impatient {
    fn name(&self) -> &'static str {
        "impatient"
    }

    fn handles(&self, _event: &Event) -> bool {
        true
    }

    fn react(&mut self, _: &Event, _: &mut World) -> Result<Vec<Reaction>, SimulationError> {
        Ok(vec![Reaction::Halt])
    }
}

#[test]
fn a_system_can_end_it() {
    let outcome = simulation_of_days(9.0)
        .with_system(Impatient)
        .on(Every::new(day("2024-01-01"), Span::DAY), Event::Tick)
        .build()
        .run()
        .unwrap();
    assert_eq!(outcome.steps, 2);
    assert_eq!(outcome.ended, day("2024-01-02"));
}

#[test]
fn too_many_events_are_an_error() {
    let error = simulation_of_days(9.0)
        .at_most(3)
        .with_system(Navigation::default())
        .on(Every::new(day("2024-01-01"), Span::DAY), Event::Tick)
        .build()
        .run()
        .unwrap_err();
    assert_eq!(error.to_string(), "more than 3 events");
}
