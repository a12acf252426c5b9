//! What can go wrong in a simulation.

use std::error::Error;
use std::fmt;

use orrery_ephemeris::CatalogError;
use orrery_events::QueueFull;
use orrery_units::Instant;

/// A reason of this crate's own.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    NoSystems,
    EndsBeforeItStarts { start: Instant, end: Instant },
    TooManyEvents { limit: usize },
    System { name: &'static str, message: String },
}

/// Why a simulation did not run to its end.
#[derive(Debug)]
pub enum SimulationError {
    Own(Problem),
    Catalog(CatalogError),
    Queue(QueueFull),
}

impl SimulationError {
    /// The reason, if it is of this crate's own.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Own(problem) => Some(problem),
            Self::Catalog(_) | Self::Queue(_) => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NoSystems => out.write_str("a simulation without systems does nothing"),
            Problem::EndsBeforeItStarts { start, end } => {
                write!(out, "it would end on {end}, before it starts on {start}")
            }
            Problem::TooManyEvents { limit } => write!(out, "more than {limit} events"),
            Problem::System { name, message } => write!(out, "{name}: {message}"),
        }
    }
}

impl fmt::Display for SimulationError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(problem) => problem.fmt(out),
            Self::Catalog(error) => error.fmt(out),
            Self::Queue(error) => error.fmt(out),
        }
    }
}

impl Error for SimulationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Own(_) => None,
            Self::Catalog(error) => Some(error),
            Self::Queue(error) => Some(error),
        }
    }
}

macro_rules! from_error {
    ($($variant:ident($from:ty)),* $(,)?) => {
        $(impl From<$from> for SimulationError {
            fn from(error: $from) -> Self {
                SimulationError::$variant(error)
            }
        })*
    };
}

from_error!(Own(Problem), Catalog(CatalogError), Queue(QueueFull));
