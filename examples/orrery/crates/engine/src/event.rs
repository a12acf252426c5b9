//! What happens in a simulation, and what is seen of it.

use std::fmt;

use orrery_ephemeris::{Conjunction, PhaseName};
use orrery_units::{Angle, Instant, Kilometers};

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Time has moved on.
    Tick,
    /// A body is to be looked at.
    Observe { body: String },
    /// Two bodies are to be watched.
    Watch { first: String, second: String },
    /// A probe fires its engine.
    Burn { probe: usize, change: f64 },
    /// The end.
    Stop,
}

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Detail,
    Notable,
    Rare,
}

/// Something that was seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    Position {
        body: String,
        longitude: Angle,
        distance: Kilometers,
    },
    Phase {
        body: String,
        name: PhaseName,
    },
    Meeting(Conjunction),
    Arrival {
        probe: String,
        body: String,
        distance: Kilometers,
    },
    Burned {
        probe: String,
        orbit: Kilometers,
    },
}

impl Event {
    /// Name of the kind, for filters and counts.
    pub fn label(&self) -> &'static str {
        match self {
            Event::Tick => "tick",
            Event::Observe { .. } => "observe",
            Event::Watch { .. } => "watch",
            Event::Burn { .. } => "burn",
            Event::Stop => "stop",
        }
    }
}

impl Observation {
    pub fn severity(&self) -> Severity {
        match self {
            Observation::Position { .. } => Severity::Detail,
            Observation::Phase { name, .. } if *name == PhaseName::Full => Severity::Notable,
            Observation::Phase { .. } => Severity::Detail,
            Observation::Meeting(meeting) if meeting.separation.degrees() < 0.5 => Severity::Rare,
            Observation::Meeting(_) | Observation::Burned { .. } => Severity::Notable,
            Observation::Arrival { .. } => Severity::Rare,
        }
    }

    /// The body that it is about.
    pub fn subject(&self) -> &str {
        match self {
            Observation::Position { body, .. }
            | Observation::Phase { body, .. }
            | Observation::Arrival { body, .. } => body,
            Observation::Meeting(Conjunction { first, .. }) => first,
            Observation::Burned { probe, .. } => probe,
        }
    }

    /// With the time at which it was seen.
    pub fn stamped(self, at: Instant) -> (Instant, Observation) {
        (at, self)
    }
}

impl fmt::Display for Observation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Observation::Position {
                body,
                longitude,
                distance,
            } => {
                write!(out, "{body} at {longitude}, {:.3} au away", distance.au())
            }
            Observation::Phase { body, name } => write!(out, "{body} is {name}"),
            Observation::Meeting(Conjunction {
                first,
                second,
                at,
                separation,
            }) => {
                write!(out, "{first} and {second} stand {separation} apart on {at}")
            }
            Observation::Arrival {
                probe,
                body,
                distance,
            } => {
                write!(out, "{probe} reaches {body}, {distance:.0} away")
            }
            Observation::Burned { probe, orbit } => write!(out, "{probe} now at {orbit:.0}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_meetings_are_rare() {
        let meeting = |degrees| {
            Observation::Meeting(Conjunction {
                first: "Venus".into(),
                second: "Mars".into(),
                at: Instant::EPOCH,
                separation: Angle::from_degrees(degrees),
            })
        };
        assert_eq!(meeting(0.1).severity(), Severity::Rare);
        assert_eq!(meeting(3.0).severity(), Severity::Notable);
        assert_eq!(meeting(3.0).subject(), "Venus");
        assert_eq!(Event::Tick.label(), "tick");
    }
}
