//! Vectors and matrices of three dimensions.

use std::ops::{Add, Index, Mul, Neg, Sub};

use crate::Angle;

/// A vector; its unit is its user's.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vector {
    pub x: f64,
    pub y: f64,
    pub z: f64,
}

/// A rotation, by rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matrix {
    rows: [Vector; 3],
}

impl Vector {
    pub const ZERO: Vector = Vector::new(0.0, 0.0, 0.0);

    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        Vector { x, y, z }
    }

    pub fn dot(self, other: Vector) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub fn cross(self, other: Vector) -> Vector {
        Vector::new(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }

    pub fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// The direction; nothing for the zero vector.
    pub fn direction(self) -> Option<Vector> {
        let length = self.length();
        (length > 0.0).then(|| self * length.recip())
    }

    /// The angle between two directions.
    pub fn angle_to(self, other: Vector) -> Angle {
        Angle::towards(self.dot(other), self.cross(other).length())
    }

    /// Longitude and latitude of the direction.
    pub fn spherical(self) -> (Angle, Angle) {
        let longitude = Angle::towards(self.x, self.y);
        let latitude = Angle::towards(self.x.hypot(self.y), self.z);
        (longitude, latitude)
    }
}

impl Matrix {
    pub const IDENTITY: Matrix = Matrix {
        rows: [
            Vector::new(1.0, 0.0, 0.0),
            Vector::new(0.0, 1.0, 0.0),
            Vector::new(0.0, 0.0, 1.0),
        ],
    };

    /// A rotation about the first axis.
    pub fn about_x(angle: Angle) -> Self {
        let (sin, cos) = (angle.sin(), angle.cos());
        Matrix {
            rows: [
                Vector::new(1.0, 0.0, 0.0),
                Vector::new(0.0, cos, -sin),
                Vector::new(0.0, sin, cos),
            ],
        }
    }

    /// A rotation about the third axis.
    pub fn about_z(angle: Angle) -> Self {
        let (sin, cos) = (angle.sin(), angle.cos());
        Matrix {
            rows: [
                Vector::new(cos, -sin, 0.0),
                Vector::new(sin, cos, 0.0),
                Vector::new(0.0, 0.0, 1.0),
            ],
        }
    }

    pub fn transposed(&self) -> Self {
        let [a, b, c] = self.rows;
        Matrix {
            rows: [
                Vector::new(a.x, b.x, c.x),
                Vector::new(a.y, b.y, c.y),
                Vector::new(a.z, b.z, c.z),
            ],
        }
    }
}

impl Index<usize> for Matrix {
    type Output = Vector;

    fn index(&self, row: usize) -> &Vector {
        &self.rows[row]
    }
}

impl Mul<Vector> for Matrix {
    type Output = Vector;

    fn mul(self, vector: Vector) -> Vector {
        Vector::new(
            self[0].dot(vector),
            self[1].dot(vector),
            self[2].dot(vector),
        )
    }
}

impl Mul for Matrix {
    type Output = Matrix;

    fn mul(self, other: Matrix) -> Matrix {
        let columns = other.transposed();
        let row = |index: usize| columns * self[index];
        Matrix {
            rows: [row(0), row(1), row(2)],
        }
    }
}

impl Add for Vector {
    type Output = Vector;

    fn add(self, other: Vector) -> Vector {
        Vector::new(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

impl Sub for Vector {
    type Output = Vector;

    fn sub(self, other: Vector) -> Vector {
        self + -other
    }
}

impl Neg for Vector {
    type Output = Vector;

    fn neg(self) -> Vector {
        self * -1.0
    }
}

impl Mul<f64> for Vector {
    type Output = Vector;

    fn mul(self, factor: f64) -> Vector {
        Vector::new(self.x * factor, self.y * factor, self.z * factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nearly;

    #[test]
    fn a_quarter_turn_moves_one_axis_to_the_next() {
        let turned = Matrix::about_z(Angle::from_degrees(90.0)) * Vector::new(1.0, 0.0, 0.0);
        assert!(nearly(turned.y, 1.0) && turned.x.abs() < 1e-12);
    }

    #[test]
    fn rotations_are_undone_by_their_transpose() {
        let turn =
            Matrix::about_x(Angle::from_degrees(31.0)) * Matrix::about_z(Angle::from_degrees(12.0));
        let vector = Vector::new(1.0, 2.0, 3.0);
        let back = turn.transposed() * (turn * vector);
        assert!((back - vector).length() < 1e-12);
        assert_eq!(Matrix::IDENTITY * vector, vector);
    }

    #[test]
    fn measures_angles_and_directions() {
        let right = Vector::new(1.0, 0.0, 0.0).angle_to(Vector::new(0.0, 0.0, 5.0));
        assert!(nearly(right.degrees(), 90.0));
        assert_eq!(Vector::ZERO.direction(), None);
        let (longitude, latitude) = Vector::new(0.0, 1.0, 1.0).spherical();
        assert!(nearly(longitude.degrees(), 90.0) && nearly(latitude.degrees(), 45.0));
    }
}
