//! Writes down where bodies are.

use super::{Reaction, System};
use crate::error::SimulationError;
use crate::event::{Event, Observation};
use crate::world::World;

/// Answers `Observe` with a position.
#[derive(Clone, Debug, Default)]
pub struct Almanac {
    asked: usize,
}

impl Almanac {
    pub fn asked(&self) -> usize {
        self.asked
    }
}

impl System for Almanac {
    fn name(&self) -> &'static str {
        "almanac"
    }

    fn handles(&self, event: &Event) -> bool {
        matches!(event, Event::Observe { .. })
    }

    fn react(
        &mut self,
        event: &Event,
        world: &mut World,
    ) -> Result<Vec<Reaction>, SimulationError> {
        let Event::Observe { body: name } = event else {
            return Ok(Vec::new());
        };
        self.asked += 1;
        let body = world.body(name)?;
        let seen = world.seen(body);
        let (longitude, _) = seen.direction();
        Ok(vec![Reaction::Saw(Observation::Position {
            body: body.name().to_owned(),
            longitude: longitude.wound(orrery_units::Winding::Positive),
            distance: seen.distance(),
        })])
    }
}
