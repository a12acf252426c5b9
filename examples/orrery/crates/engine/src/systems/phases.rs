//! Notes when the phase of a body changes its name.

use orrery_ephemeris::{illuminated_share, PhaseName};
use orrery_units::Clock;

use super::{Reaction, System};
use crate::error::SimulationError;
use crate::event::{Event, Observation};
use crate::world::World;

/// Answers `Tick` with the phase of one body, when it has changed.
#[derive(Clone, Debug)]
pub struct PhaseWatch {
    body: String,
    last: Option<PhaseName>,
}

impl PhaseWatch {
    pub fn of(body: impl Into<String>) -> Self {
        PhaseWatch {
            body: body.into(),
            last: None,
        }
    }
}

impl System for PhaseWatch {
    fn name(&self) -> &'static str {
        "phases"
    }

    fn handles(&self, event: &Event) -> bool {
        *event == Event::Tick
    }

    fn react(
        &mut self,
        _event: &Event,
        world: &mut World,
    ) -> Result<Vec<Reaction>, SimulationError> {
        let body = world.body(&self.body)?;
        let share = illuminated_share(body, world.observer(), world.now());
        let name = PhaseName::of_share(share);
        if self.last.replace(name) == Some(name) {
            return Ok(Vec::new());
        }
        let body = self.body.clone();
        Ok(vec![Reaction::Saw(Observation::Phase { body, name })])
    }
}
