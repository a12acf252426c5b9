//! The simulation: a world of bodies, systems that answer events, and what they leave behind.

pub mod systems;

mod builder;
mod error;
mod event;
#[cfg(feature = "journal")]
mod journal;
#[cfg(not(feature = "journal"))]
#[path = "no_journal.rs"]
mod journal;
mod simulation;
mod world;

pub use builder::SimulationBuilder;
pub use error::{Problem, SimulationError};
pub use event::{Event, Observation, Severity};
pub use journal::{Entry, Journal};
pub use simulation::{Outcome, Simulation};
pub use systems::{Reaction, System};
pub use world::{Probe, World};

/// Ends a function with an error when a condition does not hold.
macro_rules! ensure {
    ($condition:expr, $problem:expr) => {
        if !$condition {
            return Err($crate::SimulationError::from($problem));
        }
    };
}
pub(crate) use ensure;
