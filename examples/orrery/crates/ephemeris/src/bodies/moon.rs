//! The Moon, by the largest terms of its longitude, latitude and distance.

use orrery_units::{Angle, Instant, Kilometers, Vector};

use super::{facts, Body, BodyKind, Planet};
use crate::frames::{Ecliptic, Placed};
use crate::phase::{illuminated_share, PhaseName};

/// The Earth's moon.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moon;

/// The angles from which all terms are made.
struct Arguments {
    longitude: Angle,
    elongation: Angle,
    anomaly: Angle,
    latitude: Angle,
}

impl Arguments {
    fn at(instant: Instant) -> Self {
        let t = instant.centuries();
        let angle = |start: f64, rate: f64| Angle::from_degrees(start + rate * t);
        Arguments {
            longitude: angle(218.316_447_7, 481_267.881_234_21),
            elongation: angle(297.850_192_1, 445_267.111_403_4),
            anomaly: angle(134.963_396_4, 477_198.867_505_5),
            latitude: angle(93.272_095_0, 483_202.017_523_3),
        }
    }
}

impl Moon {
    /// Position relative to the Earth.
    pub fn geocentric(&self, at: Instant) -> Placed<Ecliptic> {
        let Arguments {
            longitude,
            elongation,
            anomaly,
            latitude,
        } = Arguments::at(at);
        let evection = (elongation * 2.0 - anomaly).sin() * 1.274_027;
        let variation = (elongation * 2.0).sin() * 0.658_314;
        let lambda =
            longitude + Angle::from_degrees(anomaly.sin() * 6.288_774 + evection + variation);
        let beta = Angle::from_degrees(latitude.sin() * 5.128_122);
        let distance = 385_000.56
            - anomaly.cos() * 20_905.355
            - (elongation * 2.0 - anomaly).cos() * 3_699.111
            - (elongation * 2.0).cos() * 2_955.968;
        Placed::new(Vector::new(
            distance * beta.cos() * lambda.cos(),
            distance * beta.cos() * lambda.sin(),
            distance * beta.sin(),
        ))
    }

    /// The phase as seen from the Earth.
    pub fn phase(&self, at: Instant) -> PhaseName {
        PhaseName::of_share(illuminated_share(self, &Planet::Earth, at))
    }
}

impl Body for Moon {
    facts!("Moon", BodyKind::Satellite, 1737.4);

    fn position(&self, at: Instant) -> Placed<Ecliptic> {
        let earth = Planet::Earth.position(at).vector();
        Placed::new(earth + self.geocentric(at).vector())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orrery_units::parse_date;

    #[test]
    fn the_moon_stays_around_the_earth() {
        for day in 0..400 {
            let distance = Moon
                .geocentric(Instant::from_days(f64::from(day)))
                .distance();
            assert!((355_000.0..408_000.0).contains(&distance.0), "{distance}");
        }
    }

    #[test]
    fn knows_a_full_and_a_new_moon() {
        let full = parse_date("2024-01-25").unwrap();
        let new = parse_date("2024-02-09").unwrap();
        assert_eq!(Moon.phase(full), PhaseName::Full);
        assert_eq!(Moon.phase(new), PhaseName::New);
    }
}
