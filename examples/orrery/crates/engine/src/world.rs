//! What exists in a simulation: bodies, probes, and the time.

use orrery_ephemeris::{Body, Catalog, CatalogError, Ecliptic, Placed, Planet, Satellite};
use orrery_units::{Clock, Instant, Kilometers, Span};

/// A probe around a planet.
pub type Probe = Satellite<Planet>;

/// The state that systems see.
pub struct World {
    pub catalog: Catalog,
    probes: Vec<Probe>,
    now: Instant,
    observer: Planet,
}

impl World {
    pub fn new(catalog: Catalog, observer: Planet, start: Instant) -> Self {
        World {
            catalog,
            probes: Vec::new(),
            now: start,
            observer,
        }
    }

    pub fn observer(&self) -> &Planet {
        &self.observer
    }

    pub fn body(&self, name: &str) -> Result<&dyn Body, CatalogError> {
        self.catalog.get(name)
    }

    /// A body as the observer sees it now.
    pub fn seen(&self, body: &dyn Body) -> Placed<Ecliptic> {
        body.position(self.now) - self.observer.position(self.now)
    }

    pub fn launch(&mut self, probe: Probe) -> usize {
        self.probes.push(probe);
        self.probes.len() - 1
    }

    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }

    pub fn probe_mut(&mut self, index: usize) -> Option<&mut Probe> {
        self.probes.get_mut(index)
    }

    /// Moves the time on; it never goes back.
    pub(crate) fn advance(&mut self, to: Instant) -> Span {
        let passed = to - self.now;
        if passed.is_positive() {
            self.now = to;
            passed
        } else {
            Span::ZERO
        }
    }

    /// The nearest body to a place, and how far it is.
    pub fn nearest(&self, place: &Placed<Ecliptic>) -> Option<(&dyn Body, Kilometers)> {
        self.catalog
            .iter()
            .map(|body| (body, (body.position(self.now) - *place).distance()))
            .min_by(|left, right| left.1 .0.total_cmp(&right.1 .0))
    }
}

impl Clock for World {
    fn now(&self) -> Instant {
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_forward_only() {
        let mut world = World::new(Catalog::solar_system(), Planet::Earth, Instant::EPOCH);
        assert_eq!(world.advance(Instant::from_days(2.0)), Span::from_days(2.0));
        assert_eq!(world.advance(Instant::from_days(1.0)), Span::ZERO);
        assert_eq!(world.since(Instant::EPOCH), Span::from_days(2.0));
    }

    #[test]
    fn a_probe_is_nearest_to_its_planet() {
        let mut world = World::new(Catalog::solar_system(), Planet::Earth, Instant::EPOCH);
        let probe = Probe::new(
            "Scout",
            Planet::Mars,
            Kilometers(9_000.0),
            Span::from_hours(7.0),
        );
        let index = world.launch(probe);
        let place = world.probes()[index].position(world.now());
        let (body, distance) = world.nearest(&place).unwrap();
        assert_eq!(body.name(), "Mars");
        assert!((distance.0 - 9_000.0).abs() < 1.0);
        assert!(world.probe_mut(7).is_none());
    }
}
