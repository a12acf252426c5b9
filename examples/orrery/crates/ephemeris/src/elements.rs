//! Orbital elements, and how they drift over the centuries.

use orrery_units::{constants, Angle, Instant, Kilometers, Matrix, Span, Vector};

use crate::kepler::{Anomaly, KeplerError};

/// The ellipse of a body and its place on it at some instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elements {
    pub semi_major_axis: Kilometers,
    pub eccentricity: f64,
    pub inclination: Angle,
    pub mean_longitude: Angle,
    pub perihelion: Angle,
    pub node: Angle,
}

/// Elements at the epoch and their change in a century.
#[derive(Clone, Copy, Debug)]
pub struct Drift {
    pub axis: [f64; 2],
    pub eccentricity: [f64; 2],
    pub inclination: [f64; 2],
    pub longitude: [f64; 2],
    pub perihelion: [f64; 2],
    pub node: [f64; 2],
}

impl Drift {
    /// The elements of an instant.
    pub fn at(&self, instant: Instant) -> Elements {
        let centuries = instant.centuries();
        let value = |[start, rate]: [f64; 2]| start + rate * centuries;
        let angle = |pair| Angle::from_degrees(value(pair));
        Elements {
            semi_major_axis: Kilometers::from_au(value(self.axis)),
            eccentricity: value(self.eccentricity),
            inclination: angle(self.inclination),
            mean_longitude: angle(self.longitude),
            perihelion: angle(self.perihelion),
            node: angle(self.node),
        }
    }
}

impl Elements {
    /// How long one revolution takes, by Kepler's third law.
    pub fn period(&self) -> Span {
        let cube = self.semi_major_axis.0.powi(3);
        let seconds = std::f64::consts::TAU * (cube / constants::SUN_PARAMETER).sqrt();
        Span::from_seconds(seconds)
    }

    /// Mean angle covered in a day.
    pub fn mean_motion(&self) -> Angle {
        Angle::from_degrees(360.0 / self.period().days())
    }

    pub fn mean_anomaly(&self) -> Anomaly {
        Anomaly::Mean(self.mean_longitude - self.perihelion)
    }

    /// Least distance from the focus.
    pub fn periapsis(&self) -> Kilometers {
        self.semi_major_axis * (1.0 - self.eccentricity)
    }

    /// Greatest distance from the focus.
    pub fn apoapsis(&self) -> Kilometers {
        self.semi_major_axis * (1.0 + self.eccentricity)
    }

    /// Position relative to the focus, in kilometers on the axes of the ecliptic.
    pub fn position(&self) -> Result<Vector, KeplerError> {
        let eccentric = self.mean_anomaly().eccentric(self.eccentricity)?;
        let axis = self.semi_major_axis.0;
        let minor = axis * (1.0 - self.eccentricity.powi(2)).sqrt();
        let in_plane = Vector::new(
            axis * (eccentric.cos() - self.eccentricity),
            minor * eccentric.sin(),
            0.0,
        );
        Ok(self.orientation() * in_plane)
    }

    /// The rotation from the plane of the orbit to the ecliptic.
    fn orientation(&self) -> Matrix {
        let argument = self.perihelion - self.node;
        Matrix::about_z(self.node) * Matrix::about_x(self.inclination) * Matrix::about_z(argument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circular() -> Elements {
        Elements {
            semi_major_axis: Kilometers::from_au(1.0),
            eccentricity: 0.0,
            inclination: Angle::ZERO,
            mean_longitude: Angle::from_degrees(90.0),
            perihelion: Angle::ZERO,
            node: Angle::ZERO,
        }
    }

    #[test]
    fn a_year_lasts_a_year() {
        assert!((circular().period().days() - 365.25).abs() < 0.02);
        assert!((circular().mean_motion().degrees() - 0.9856).abs() < 1e-3);
    }

    #[test]
    fn a_circle_keeps_its_distance() {
        let position = circular().position().unwrap();
        assert!((position.y - circular().semi_major_axis.0).abs() < 1.0);
        assert_eq!(circular().periapsis(), circular().apoapsis());
    }
}
