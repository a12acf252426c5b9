//! Where the bodies of the solar system are.
//!
//! A [`Body`] answers with a heliocentric position for any [`Instant`](orrery_units::Instant); the
//! planets do so by Kepler's equation from the elements of [`elements`], the Moon by the largest terms
//! of its theory, a [`Satellite`] around whatever body it is given.

pub mod bodies;
pub mod conjunction;
pub mod elements;
pub mod frames;
pub mod kepler;
pub mod phase;

pub use bodies::{Body, BodyKind, Catalog, CatalogError, Moon, Planet, Satellite, Star};
pub use conjunction::{find_conjunctions, Conjunction, Search};
pub use elements::{Drift, Elements};
pub use frames::{Ecliptic, Equatorial, Frame, Placed};
pub use kepler::{solve_kepler, Anomaly, KeplerError};
pub use phase::{illuminated_share, phase_angle, PhaseName};

/// What most users of this crate need.
pub mod prelude {
    pub use crate::bodies::{Body as _, Catalog};
    pub use crate::frames::Frame as _;
    pub use crate::{Planet, Star};
    pub use orrery_units::{Angle, Instant, Span, Vector};
}
