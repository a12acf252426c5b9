//! How much of a body's disk is lit.

use std::fmt;

use orrery_units::{Angle, Instant};

use crate::bodies::Body;

/// The angle at a body between the Sun and an observer's body.
pub fn phase_angle(body: &dyn Body, observer: &dyn Body, at: Instant) -> Angle {
    let place = body.position(at).vector();
    let to_sun = -place;
    let to_observer = observer.position(at).vector() - place;
    to_sun.angle_to(to_observer)
}

/// The lit share of the disk, from 0 to 1.
pub fn illuminated_share(body: &dyn Body, observer: &dyn Body, at: Instant) -> f64 {
    (1.0 + phase_angle(body, observer, at).cos()) / 2.0
}

/// What a phase is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhaseName {
    New,
    Crescent,
    Half,
    Gibbous,
    Full,
}

impl PhaseName {
    pub const ALL: [PhaseName; 5] = [
        PhaseName::New,
        PhaseName::Crescent,
        PhaseName::Half,
        PhaseName::Gibbous,
        PhaseName::Full,
    ];

    /// The name of a lit share.
    pub fn of_share(share: f64) -> Self {
        match share {
            s if s < 0.03 => PhaseName::New,
            s if s < 0.45 => PhaseName::Crescent,
            s if s < 0.55 => PhaseName::Half,
            s if s < 0.97 => PhaseName::Gibbous,
            _ => PhaseName::Full,
        }
    }

    pub fn symbol(self) -> char {
        use PhaseName::*;
        match self {
            New => '●',
            Crescent => '☽',
            Half => '◐',
            Gibbous => '◕',
            Full => '○',
        }
    }
}

impl fmt::Display for PhaseName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::New => "new",
            Self::Crescent => "crescent",
            Self::Half => "half",
            Self::Gibbous => "gibbous",
            Self::Full => "full",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_grow_with_the_lit_share() {
        let named: Vec<_> = [0.0, 0.2, 0.5, 0.8, 1.0].map(PhaseName::of_share).to_vec();
        assert_eq!(named, PhaseName::ALL);
        assert_eq!(format!("{:>6}", PhaseName::Half), "  half");
        assert_eq!(PhaseName::Full.symbol(), '○');
    }
}
