//! A satellite on a circular orbit around any other body.

use orrery_units::{Angle, Instant, Kilometers, Matrix, Span, Vector};

use super::{Body, BodyKind};
use crate::frames::{Ecliptic, Placed};

/// A satellite of a body.
#[derive(Clone, Debug)]
pub struct Satellite<P> {
    pub name: String,
    pub parent: P,
    pub orbit: Kilometers,
    pub period: Span,
    pub inclination: Angle,
}

impl<P: Body> Satellite<P> {
    pub fn new(name: impl Into<String>, parent: P, orbit: Kilometers, period: Span) -> Self {
        assert!(period.is_positive(), "a period is longer than nothing");
        Satellite {
            name: name.into(),
            parent,
            orbit,
            period,
            inclination: Angle::ZERO,
        }
    }

    pub fn inclined(self, inclination: Angle) -> Self {
        Satellite {
            inclination,
            ..self
        }
    }

    /// Position relative to the parent.
    pub fn offset(&self, at: Instant) -> Vector {
        let turns = at.days() / self.period.days();
        let along = Angle::from_degrees(360.0 * turns.fract());
        let flat = Vector::new(along.cos(), along.sin(), 0.0) * self.orbit.0;
        Matrix::about_x(self.inclination) * flat
    }
}

impl<P: Body> Body for Satellite<P> {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> BodyKind {
        BodyKind::Satellite
    }

    fn position(&self, at: Instant) -> Placed<Ecliptic> {
        Placed::new(self.parent.position(at).vector() + self.offset(at))
    }

    fn radius(&self) -> Kilometers {
        // Small enough not to matter, until somebody measures it.
        Kilometers(self.orbit.0 * 1e-4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bodies::Planet;

    fn probe() -> Satellite<Planet> {
        let orbit = Kilometers(20_000.0);
        Satellite::new("Probe", Planet::Mars, orbit, Span::from_hours(12.0))
    }

    #[test]
    fn a_satellite_keeps_its_distance_and_comes_back() {
        let probe = probe().inclined(Angle::from_degrees(60.0));
        let start = Instant::from_days(100.0);
        assert!((probe.distance_to(&Planet::Mars, start).0 - 20_000.0).abs() < 1e-3);
        let back = probe.offset(start + probe.period) - probe.offset(start);
        assert!(back.length() < 1e-3);
    }

    #[test]
    fn satellites_have_satellites() {
        let lander = Satellite::new("Lander", probe(), Kilometers(10.0), Span::from_hours(1.0));
        assert_eq!(lander.kind(), BodyKind::Satellite);
        assert!(lander.light_delay(&Planet::Mars, Instant::EPOCH).seconds() > 0.06);
    }

    #[test]
    #[should_panic(expected = "longer than nothing")]
    fn a_satellite_must_move() {
        Satellite::new("Still", Planet::Mars, Kilometers(1.0), Span::ZERO);
    }
}
