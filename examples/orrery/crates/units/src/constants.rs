//! Constants of nature and of convention.

use crate::{Kilograms, Kilometers, KilometersPerSecond, Watts};

/// Kilometers in an astronomical unit.
pub const ASTRONOMICAL_UNIT: Kilometers = Kilometers(149_597_870.7);

/// Speed of light in vacuum.
pub const LIGHT_SPEED: KilometersPerSecond = KilometersPerSecond(299_792.458);

/// Gravitational parameter of the Sun, in cubic kilometers per square second.
pub const SUN_PARAMETER: f64 = 1.327_124_400_18e11;

/// Mass of the Sun.
pub const SUN_MASS: Kilograms = Kilograms(1.988_47e30);

/// What the Sun radiates.
pub const SUN_LUMINOSITY: Watts = Watts(3.828e26);

/// Tilt of the Earth's axis at J2000, in degrees.
pub const OBLIQUITY_DEGREES: f64 = 23.439_291_1;

/// Seconds in a day.
pub const DAY_SECONDS: f64 = 86_400.0;

/// Days in a Julian century.
pub const CENTURY_DAYS: f64 = 36_525.0;

/// Julian date of the epoch J2000.
pub static EPOCH_JULIAN: f64 = 2_451_545.0;
