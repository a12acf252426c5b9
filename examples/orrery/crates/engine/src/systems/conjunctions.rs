//! Looks ahead for meetings of two bodies.

use orrery_ephemeris::{find_conjunctions, Search};
use orrery_units::{Angle, Clock, Span};

use super::{Reaction, System};
use crate::error::SimulationError;
use crate::event::{Event, Observation};
use crate::world::World;

/// Answers `Watch` with the meetings of the coming span.
#[derive(Clone, Copy, Debug)]
pub struct ConjunctionWatch {
    pub ahead: Span,
    pub within: Angle,
}

impl Default for ConjunctionWatch {
    fn default() -> Self {
        ConjunctionWatch {
            ahead: Span::from_days(365.25),
            within: Angle::from_degrees(3.0),
        }
    }
}

impl System for ConjunctionWatch {
    fn name(&self) -> &'static str {
        "conjunctions"
    }

    fn handles(&self, event: &Event) -> bool {
        matches!(event, Event::Watch { .. })
    }

    fn react(
        &mut self,
        event: &Event,
        world: &mut World,
    ) -> Result<Vec<Reaction>, SimulationError> {
        match event {
            Event::Watch { first, second } if first == second => {
                Err(self.failure(format!("{first} cannot meet itself")))
            }
            Event::Watch { first, second } => {
                let pair = (world.body(first)?, world.body(second)?);
                let search = Search::over(world.now(), self.ahead).within(self.within);
                let found = find_conjunctions(world.observer(), pair, &search);
                Ok(found
                    .into_iter()
                    .map(Observation::Meeting)
                    .map(Reaction::Saw)
                    .collect())
            }
            _ => Ok(Vec::new()),
        }
    }
}
