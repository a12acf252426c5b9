//! Flies probes: fires their engines, and says when they come near something.

use orrery_ephemeris::Body;
use orrery_units::{Clock, Kilometers, Quantity, Span};

use super::{Reaction, System};
use crate::error::SimulationError;
use crate::event::{Event, Observation};
use crate::world::World;

/// Answers `Burn`, and `Tick` for arrivals.
#[derive(Clone, Debug)]
pub struct Navigation {
    /// Nearer than this is an arrival.
    pub near: Kilometers,
    arrived: Vec<usize>,
}

impl Navigation {
    pub fn new(near: Kilometers) -> Self {
        Navigation {
            near,
            arrived: Vec::new(),
        }
    }

    fn burn(
        &self,
        probe: usize,
        change: f64,
        world: &mut World,
    ) -> Result<Reaction, SimulationError> {
        let Some(found) = world.probe_mut(probe) else {
            return Err(self.failure(format!("there is no probe {probe}")));
        };
        // A circular orbit of another size: Kepler's third law gives its period.
        let scale = (1.0 + change).max(0.01);
        found.orbit = (found.orbit * scale).larger(Kilometers(1.0));
        found.period = found.period * scale.powf(1.5);
        let orbit = found.orbit;
        Ok(Reaction::Saw(Observation::Burned {
            probe: found.name.clone(),
            orbit,
        }))
    }

    fn arrivals(&mut self, world: &World) -> Vec<Reaction> {
        let mut seen = Vec::new();
        for (index, probe) in world.probes().iter().enumerate() {
            let place = probe.position(world.now());
            let near = world
                .nearest(&place)
                .filter(|(_, distance)| *distance < self.near);
            if let (Some((body, distance)), false) = (near, self.arrived.contains(&index)) {
                self.arrived.push(index);
                seen.push(Reaction::Saw(Observation::Arrival {
                    probe: probe.name().to_owned(),
                    body: body.name().to_owned(),
                    distance,
                }));
            }
        }
        seen
    }
}

impl Default for Navigation {
    fn default() -> Self {
        Self::new(Kilometers(1_000.0))
    }
}

impl System for Navigation {
    fn name(&self) -> &'static str {
        "navigation"
    }

    fn handles(&self, event: &Event) -> bool {
        matches!(event, Event::Burn { .. } | Event::Tick)
    }

    fn react(
        &mut self,
        event: &Event,
        world: &mut World,
    ) -> Result<Vec<Reaction>, SimulationError> {
        match *event {
            Event::Burn { probe, change } => {
                let burned = self.burn(probe, change, world)?;
                let soon = world.now() + Span::from_hours(1.0);
                Ok(vec![burned, Reaction::Later(soon, Event::Tick)])
            }
            _ => Ok(self.arrivals(world)),
        }
    }
}
