//! Puts a simulation together.

use orrery_ephemeris::{Body, Catalog, Planet};
use orrery_events::{Bus, EventQueue, Priority, Schedule, Subscriber};
use orrery_units::{Instant, Span};

use crate::error::SimulationError;
use crate::event::{Event, Observation};
use crate::simulation::Simulation;
use crate::systems::System;
use crate::world::{Probe, World};

/// Collects what a simulation is made of.
pub struct SimulationBuilder<'a> {
    simulation: Simulation<'a>,
}

impl<'a> SimulationBuilder<'a> {
    const STEPS_MAX: usize = 50_000;

    /// A simulation of the solar system as seen from the Earth.
    pub fn starting(start: Instant) -> Self {
        SimulationBuilder {
            simulation: Simulation {
                world: World::new(Catalog::solar_system(), Planet::Earth, start),
                queue: EventQueue::new(),
                systems: Vec::new(),
                recurring: Vec::new(),
                bus: Bus::new(),
                end: start,
                steps_max: Self::STEPS_MAX,
            },
        }
    }

    pub fn lasting(mut self, span: Span) -> Self {
        let start = orrery_units::Clock::now(&self.simulation.world);
        self.simulation.end = start + span;
        self
    }

    pub fn at_most(mut self, steps: usize) -> Self {
        self.simulation.steps_max = steps;
        self
    }

    pub fn with_system(mut self, system: impl System + 'a) -> Self {
        self.simulation.systems.push(Box::new(system));
        self
    }

    pub fn with_body(mut self, body: impl Body + 'static) -> Result<Self, SimulationError> {
        self.simulation.world.catalog.add(body)?;
        Ok(self)
    }

    pub fn with_probe(mut self, probe: Probe) -> Self {
        self.simulation.world.launch(probe);
        self
    }

    /// Lets an event recur.
    pub fn on(mut self, schedule: impl Schedule + 'a, event: Event) -> Self {
        self.simulation.recurring.push((Box::new(schedule), event));
        self
    }

    /// Lets an event happen once.
    pub fn at(mut self, at: Instant, event: Event) -> Result<Self, SimulationError> {
        self.simulation.queue.push(at, Priority::Normal, event)?;
        Ok(self)
    }

    /// Tells somebody of everything that is seen.
    pub fn telling(mut self, subscriber: impl Subscriber<Observation> + 'a) -> Self {
        self.simulation.bus.subscribe(subscriber);
        self
    }

    pub fn build(self) -> Simulation<'a> {
        self.simulation
    }
}
