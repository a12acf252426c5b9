//! Looking at the sky for some time.
#![cfg(feature = "journal")]

mod common;

use std::cell::RefCell;

use common::{day, lines, simulation_of_days};
use orrery_engine::systems::{Almanac, ConjunctionWatch, PhaseWatch};
use orrery_engine::{Event, Observation, Severity};
use orrery_events::{Every, Once};
use orrery_units::Span;

#[test]
fn the_moon_goes_through_its_phases() {
    let outcome = simulation_of_days(30.0)
        .with_system(PhaseWatch::of("Moon"))
        .on(Every::new(day("2024-01-01"), Span::DAY), Event::Tick)
        .build()
        .run()
        .unwrap();
    let full: Vec<_> = outcome.journal.at_least(Severity::Notable).collect();
    assert_eq!(full.len(), 1, "{:?}", lines(&outcome));
    assert_eq!(outcome.counts["tick"], 30);
}

#[test]
fn an_almanac_lists_positions() {
    let outcome = simulation_of_days(10.0)
        .with_system(Almanac::default())
        .on(
            Once::at(day("2024-01-05")),
            Event::Observe {
                body: "Mars".into(),
            },
        )
        .build()
        .run()
        .unwrap();
    let lines = lines(&outcome);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("2024-01-05 Mars at 27"), "{lines:?}");
}

#[test]
fn subscribers_hear_of_meetings() {
    let heard = RefCell::new(Vec::new());
    let watch = Event::Watch {
        first: "Venus".into(),
        second: "Mars".into(),
    };
    let outcome = simulation_of_days(1.0)
        .with_system(ConjunctionWatch::default())
        .telling(|seen: &Observation| heard.borrow_mut().push(seen.clone()))
        .at(day("2024-01-01"), watch)
        .unwrap()
        .build()
        .run()
        .unwrap();
    assert_eq!(heard.borrow().len(), outcome.journal.len());
    let meeting = heard
        .borrow()
        .iter()
        .any(|seen| matches!(seen, Observation::Meeting(_)));
    assert!(meeting, "Venus met Mars on 2024-02-22");
}
