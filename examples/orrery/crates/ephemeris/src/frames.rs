//! Frames of reference, as types: a vector of one cannot be added to a vector of another.

use std::marker::PhantomData;
use std::ops::Sub;

use orrery_units::{constants, Angle, Kilometers, Matrix, Vector};

/// A set of axes.
pub trait Frame: Copy {
    /// Name for people.
    const NAME: &'static str;

    /// The rotation from the ecliptic of J2000 to this frame.
    fn from_ecliptic() -> Matrix;
}

/// Axes of the Earth's orbit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ecliptic;

/// Axes of the Earth's equator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Equatorial;

impl Frame for Ecliptic {
    const NAME: &'static str = "ecliptic";

    fn from_ecliptic() -> Matrix {
        Matrix::IDENTITY
    }
}

impl Frame for Equatorial {
    const NAME: &'static str = "equatorial";

    fn from_ecliptic() -> Matrix {
        Matrix::about_x(Angle::from_degrees(constants::OBLIQUITY_DEGREES))
    }
}

/// A vector in kilometers, with the frame that it is measured in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed<F: Frame> {
    vector: Vector,
    frame: PhantomData<F>,
}

impl<F: Frame> Placed<F> {
    pub fn new(vector: Vector) -> Self {
        Placed {
            vector,
            frame: PhantomData,
        }
    }

    pub fn vector(&self) -> Vector {
        self.vector
    }

    pub fn distance(&self) -> Kilometers {
        Kilometers(self.vector.length())
    }

    /// Longitude and latitude, or right ascension and declination.
    pub fn direction(&self) -> (Angle, Angle) {
        self.vector.spherical()
    }

    /// The same place on other axes.
    pub fn to<G: Frame>(self) -> Placed<G> {
        let to_ecliptic = F::from_ecliptic().transposed();
        Placed::new(G::from_ecliptic() * (to_ecliptic * self.vector))
    }

    /// How far apart two directions are.
    pub fn elongation(&self, other: &Self) -> Angle {
        self.vector.angle_to(other.vector)
    }
}

impl<F: Frame> Sub for Placed<F> {
    type Output = Placed<F>;

    fn sub(self, other: Self) -> Self {
        Placed::new(self.vector - other.vector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changing_axes_keeps_distances() {
        let place: Placed<Ecliptic> = Placed::new(Vector::new(3.0, 4.0, 12.0));
        let other = place.to::<Equatorial>();
        assert!((other.distance().0 - 13.0).abs() < 1e-12);
        let back: Placed<Ecliptic> = other.to();
        assert!((back.vector() - place.vector()).length() < 1e-12);
        assert_ne!(Ecliptic::NAME, Equatorial::NAME);
    }

    #[test]
    fn the_pole_of_the_ecliptic_is_tilted() {
        let pole: Placed<Ecliptic> = Placed::new(Vector::new(0.0, 0.0, 1.0));
        let (_, declination) = pole.to::<Equatorial>().direction();
        assert!((declination.degrees() - (90.0 - constants::OBLIQUITY_DEGREES)).abs() < 1e-9);
    }
}
