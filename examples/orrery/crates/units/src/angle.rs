//! Angles, kept in radians.

use std::f64::consts::{PI, TAU};
use std::fmt;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// An angle. Arithmetic does not normalize it; [`Angle::wound`] does.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Angle {
    radians: f64,
}

/// Into which turn an angle is brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Winding {
    /// From nothing to a full turn.
    Positive,
    /// From minus half a turn to half a turn.
    Centered,
}

impl Angle {
    pub const ZERO: Angle = Angle { radians: 0.0 };
    pub const HALF_TURN: Angle = Angle { radians: PI };

    pub const fn from_radians(radians: f64) -> Self {
        Angle { radians }
    }

    pub fn from_degrees(degrees: f64) -> Self {
        Angle::from_radians(degrees.to_radians())
    }

    /// Hours, minutes and seconds of right ascension.
    pub fn from_hours(hours: f64) -> Self {
        Self::from_degrees(hours * 15.0)
    }

    pub const fn radians(self) -> f64 {
        self.radians
    }

    pub fn degrees(self) -> f64 {
        self.radians.to_degrees()
    }

    pub fn hours(self) -> f64 {
        self.degrees() / 15.0
    }

    pub fn sin(self) -> f64 {
        self.radians.sin()
    }

    pub fn cos(self) -> f64 {
        self.radians.cos()
    }

    /// The angle of a point as seen from the origin.
    pub fn towards(x: f64, y: f64) -> Self {
        Angle::from_radians(y.atan2(x))
    }

    /// The same direction within one turn.
    pub fn wound(self, winding: Winding) -> Self {
        let turn = self.radians.rem_euclid(TAU);
        match winding {
            Winding::Positive => Angle { radians: turn },
            Winding::Centered if turn > PI => Angle {
                radians: turn - TAU,
            },
            Winding::Centered => Angle { radians: turn },
        }
    }

    /// The smaller of the two ways from one direction to another, never negative.
    pub fn separation(self, other: Self) -> Self {
        let way = (self - other).wound(Winding::Centered);
        Angle {
            radians: way.radians.abs(),
        }
    }

    /// Degrees, minutes and seconds.
    pub fn sexagesimal(self) -> Sexagesimal {
        Sexagesimal::split(self.degrees())
    }
}

impl Add for Angle {
    type Output = Angle;

    fn add(self, other: Angle) -> Angle {
        Angle::from_radians(self.radians + other.radians)
    }
}

impl AddAssign for Angle {
    fn add_assign(&mut self, other: Angle) {
        *self = *self + other;
    }
}

impl Sub for Angle {
    type Output = Angle;

    fn sub(self, other: Angle) -> Angle {
        Angle::from_radians(self.radians - other.radians)
    }
}

impl Mul<f64> for Angle {
    type Output = Angle;

    fn mul(self, factor: f64) -> Angle {
        Angle::from_radians(self.radians * factor)
    }
}

impl Neg for Angle {
    type Output = Angle;

    fn neg(self) -> Angle {
        Angle::from_radians(-self.radians)
    }
}

#[cfg(feature = "sexagesimal")]
impl fmt::Display for Angle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.sexagesimal(), out)
    }
}

#[cfg(not(feature = "sexagesimal"))]
impl fmt::Display for Angle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:.4}°", self.degrees())
    }
}

/// An angle in degrees, minutes and seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sexagesimal {
    pub negative: bool,
    pub degrees: u32,
    pub minutes: u32,
    pub seconds: f64,
}

impl Sexagesimal {
    fn split(degrees: f64) -> Self {
        let negative = degrees < 0.0;
        let whole = degrees.abs();
        let minutes = whole.fract() * 60.0;
        Sexagesimal {
            negative,
            degrees: whole.trunc() as u32,
            minutes: minutes.trunc() as u32,
            seconds: minutes.fract() * 60.0,
        }
    }

    /// Back to one number.
    pub fn join(self) -> Angle {
        let Sexagesimal {
            negative,
            degrees,
            minutes,
            seconds,
        } = self;
        let sum = f64::from(degrees) + f64::from(minutes) / 60.0 + seconds / 3600.0;
        Angle::from_degrees(if negative { -sum } else { sum })
    }
}

impl fmt::Display for Sexagesimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let Self {
            degrees,
            minutes,
            seconds,
            ..
        } = self;
        write!(out, "{sign}{degrees}°{minutes:02}′{seconds:04.1}″")
    }
}

#[cfg(test)]
mod tests {
    use super::{Angle, Winding};
    use crate::nearly;

    #[test]
    fn winds_into_one_turn() {
        assert!(nearly(
            Angle::from_degrees(370.0)
                .wound(Winding::Positive)
                .degrees(),
            10.0
        ));
        assert!(nearly(
            Angle::from_degrees(-30.0)
                .wound(Winding::Positive)
                .degrees(),
            330.0
        ));
        assert!(nearly(
            Angle::from_degrees(190.0)
                .wound(Winding::Centered)
                .degrees(),
            -170.0
        ));
    }

    #[test]
    fn separates_across_the_origin() {
        let left = Angle::from_degrees(350.0);
        let right = Angle::from_degrees(15.0);
        assert!(nearly(left.separation(right).degrees(), 25.0));
        assert!(nearly(right.separation(left).degrees(), 25.0));
    }

    #[test]
    fn splits_and_joins() {
        let angle = Angle::from_degrees(-12.5125);
        let parts = angle.sexagesimal();
        assert_eq!(
            (parts.negative, parts.degrees, parts.minutes),
            (true, 12, 30)
        );
        assert!(nearly(parts.join().degrees(), angle.degrees()));
        assert_eq!(Angle::from_hours(1.0), Angle::from_degrees(15.0));
    }
}
