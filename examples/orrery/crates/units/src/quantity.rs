//! One-number quantities, all made by one macro so that they cannot be mixed up.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number with a unit.
pub trait Quantity: Copy + PartialOrd + fmt::Display {
    /// How the unit is written.
    const UNIT: &'static str;

    /// The bare number.
    fn amount(self) -> f64;

    /// Wraps a bare number.
    fn of(amount: f64) -> Self;

    /// The larger of two.
    fn larger(self, other: Self) -> Self {
        if self < other {
            other
        } else {
            self
        }
    }

    /// The value between two others, `share` of the way.
    fn between(self, other: Self, share: f64) -> Self {
        let share = crate::share(share);
        Self::of(self.amount() + (other.amount() - self.amount()) * share)
    }
}

macro_rules! quantity {
    ($(#[$meta:meta])* $name:ident, $unit:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
        pub struct $name(pub f64);

        impl Quantity for $name {
            const UNIT: &'static str = $unit;

            fn amount(self) -> f64 {
                self.0
            }

            fn of(amount: f64) -> Self {
                $name(amount)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                let digits = out.precision().unwrap_or(1);
                write!(out, "{:.*} {}", digits, self.0, Self::UNIT)
            }
        }

        impl Add for $name {
            type Output = Self;

            fn add(self, other: Self) -> Self {
                $name(self.0 + other.0)
            }
        }

        impl Sub for $name {
            type Output = Self;

            fn sub(self, other: Self) -> Self {
                $name(self.0 - other.0)
            }
        }

        impl Neg for $name {
            type Output = Self;

            fn neg(self) -> Self {
                $name(-self.0)
            }
        }

        impl Mul<f64> for $name {
            type Output = Self;

            fn mul(self, factor: f64) -> Self {
                $name(self.0 * factor)
            }
        }

        impl Div for $name {
            type Output = f64;

            fn div(self, other: Self) -> f64 {
                self.0 / other.0
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
                all.fold($name(0.0), Add::add)
            }
        }
    };
}

quantity!(
    /// A length.
    Kilometers,
    "km"
);
quantity!(
    /// A mass.
    Kilograms,
    "kg"
);
quantity!(
    /// A speed.
    KilometersPerSecond,
    "km/s"
);
quantity!(
    /// A power.
    Watts,
    "W"
);

impl Kilometers {
    /// Wraps a number of astronomical units.
    pub fn from_au(units: f64) -> Self {
        crate::constants::ASTRONOMICAL_UNIT * units
    }

    /// The number of astronomical units.
    pub fn au(self) -> f64 {
        self / crate::constants::ASTRONOMICAL_UNIT
    }

    /// How long light needs for it.
    pub fn light_time(self) -> crate::Span {
        crate::Span::from_seconds(self.0 / crate::constants::LIGHT_SPEED.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_compares() {
        let all = [Kilograms(1.0), Kilograms(2.5)];
        assert_eq!(all.into_iter().sum::<Kilograms>(), Kilograms(3.5));
        assert_eq!(Watts(2.0).larger(Watts(3.0)), Watts(3.0));
    }

    #[test]
    fn light_needs_eight_minutes_to_the_earth() {
        let minutes = Kilometers::from_au(1.0).light_time().seconds() / 60.0;
        assert!((minutes - 8.317).abs() < 0.01, "{minutes}");
    }

    #[test]
    fn prints_its_unit() {
        assert_eq!(format!("{:.2}", KilometersPerSecond(29.784)), "29.78 km/s");
        assert_eq!(Kilometers(1.0).to_string(), "1.0 km");
    }

    #[test]
    fn goes_part_of_the_way() {
        assert_eq!(
            Kilometers(0.0).between(Kilometers(10.0), 0.25),
            Kilometers(2.5)
        );
        assert_eq!(
            Kilometers(0.0).between(Kilometers(10.0), 7.0),
            Kilometers(10.0)
        );
    }
}
