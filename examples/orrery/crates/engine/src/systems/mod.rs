//! Systems answer events. Each knows one thing.

mod almanac;
mod conjunctions;
mod navigation;
mod phases;

pub use almanac::Almanac;
pub use conjunctions::ConjunctionWatch;
pub use navigation::Navigation;
pub use phases::PhaseWatch;

use orrery_units::Instant;

use crate::error::SimulationError;
use crate::event::{Event, Observation};
use crate::world::World;

/// What a system makes of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Reaction {
    Saw(Observation),
    Later(Instant, Event),
    Halt,
}

/// Answers events.
pub trait System {
    fn name(&self) -> &'static str;

    /// Whether it has anything to do with an event.
    fn handles(&self, event: &Event) -> bool;

    fn react(&mut self, event: &Event, world: &mut World)
        -> Result<Vec<Reaction>, SimulationError>;

    /// A failure of this system.
    fn failure(&self, message: impl Into<String>) -> SimulationError
    where
        Self: Sized,
    {
        let message = message.into();
        crate::Problem::System {
            name: self.name(),
            message,
        }
        .into()
    }
}

impl<S: System + ?Sized> System for Box<S> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn handles(&self, event: &Event) -> bool {
        (**self).handles(event)
    }

    fn react(
        &mut self,
        event: &Event,
        world: &mut World,
    ) -> Result<Vec<Reaction>, SimulationError> {
        (**self).react(event, world)
    }
}
