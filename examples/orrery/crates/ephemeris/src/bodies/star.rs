//! The Sun, at the center of everything here.

use orrery_units::{constants, Instant, Kilograms, Kilometers, Vector, Watts};

use super::{facts, Body, BodyKind};
use crate::frames::{Ecliptic, Placed};

/// The Sun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Star;

impl Star {
    pub fn mass(&self) -> Kilograms {
        constants::SUN_MASS
    }

    /// Power that arrives on a square kilometer at a distance.
    pub fn irradiance(&self, distance: Kilometers) -> Watts {
        let sphere = 4.0 * std::f64::consts::PI * distance.0.powi(2);
        constants::SUN_LUMINOSITY * sphere.recip()
    }
}

impl Body for Star {
    facts!("Sun", BodyKind::Star, 695_700.0);

    fn position(&self, _at: Instant) -> Placed<Ecliptic> {
        Placed::new(Vector::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sun_gives_the_solar_constant() {
        let per_square_meter = Star.irradiance(Kilometers::from_au(1.0)).0 / 1e6;
        assert!(
            (per_square_meter - 1361.0).abs() < 2.0,
            "{per_square_meter}"
        );
        assert!(Star.mass().0 > 1e30);
    }
}
