//! Quantities that the other crates compute with: angles, instants, spans of time, vectors.
//!
//! Everything here is a plain value. An [`Angle`] knows how to normalize itself, an [`Instant`]
//! counts days from the epoch J2000, and a [`Vector`] lives in three dimensions.

#[macro_use]
mod quantity;

mod angle;
mod parse;
mod time;
mod vector;

pub mod constants;

pub use angle::{Angle, Sexagesimal, Winding};
pub use parse::{parse_date, ParseError};
pub use quantity::{Kilograms, Kilometers, KilometersPerSecond, Quantity, Watts};
pub use time::{Calendar, Clock, FixedClock, Instant, Span};
pub use vector::{Matrix, Vector};

/// Whether two numbers are as good as equal.
///
/// ```
/// assert!(orrery_units::nearly(0.1 + 0.2, 0.3));
/// ```
pub fn nearly(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1.0)
}

/// Clamps a share to the range from nothing to all.
pub(crate) fn share(value: f64) -> f64 {
    value.clamp(0.0, 1.0)
}
