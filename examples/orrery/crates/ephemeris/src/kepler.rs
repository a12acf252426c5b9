//! Kepler's equation: from the time since perihelion to the place on the ellipse.

use std::fmt;

use orrery_units::{Angle, Winding};

/// The three ways to say how far along its orbit a body is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Anomaly {
    /// Grows evenly with time.
    Mean(Angle),
    /// Measured at the center of the ellipse.
    Eccentric(Angle),
    /// Measured at the focus.
    True(Angle),
}

/// Why there is no solution.
#[derive(Clone, Debug, PartialEq)]
pub enum KeplerError {
    /// The orbit is open.
    NotElliptic { eccentricity: f64 },
    /// Newton's method did not settle.
    NoConvergence { after: usize },
}

impl fmt::Display for KeplerError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotElliptic { eccentricity } => {
                write!(
                    out,
                    "an orbit with eccentricity {eccentricity} is not closed"
                )
            }
            Self::NoConvergence { after } => write!(out, "no solution after {after} rounds"),
        }
    }
}

impl std::error::Error for KeplerError {}

const ROUNDS_MAX: usize = 50;
const TOLERANCE: f64 = 1e-13;

/// Solves `M = E - e sin E` for the eccentric anomaly.
pub fn solve_kepler(mean: Angle, eccentricity: f64) -> Result<Angle, KeplerError> {
    if !(0.0..1.0).contains(&eccentricity) {
        return Err(KeplerError::NotElliptic { eccentricity });
    }
    let mean = mean.wound(Winding::Centered).radians();
    let mut guess = if eccentricity < 0.8 {
        mean
    } else {
        std::f64::consts::PI.copysign(mean)
    };
    for _ in 0..ROUNDS_MAX {
        let error = guess - eccentricity * guess.sin() - mean;
        let step = error / (1.0 - eccentricity * guess.cos());
        guess -= step;
        if step.abs() < TOLERANCE {
            return Ok(Angle::from_radians(guess));
        }
    }
    Err(KeplerError::NoConvergence { after: ROUNDS_MAX })
}

impl Anomaly {
    /// The same place measured at the center.
    pub fn eccentric(self, eccentricity: f64) -> Result<Angle, KeplerError> {
        match self {
            Anomaly::Mean(mean) => solve_kepler(mean, eccentricity),
            Anomaly::Eccentric(angle) => Ok(angle),
            Anomaly::True(angle) => {
                let root = (1.0 - eccentricity * eccentricity).sqrt();
                let (sin, cos) = (angle.sin(), angle.cos());
                Ok(Angle::towards(eccentricity + cos, root * sin))
            }
        }
    }

    /// The same place measured at the focus.
    pub fn at_focus(self, eccentricity: f64) -> Result<Angle, KeplerError> {
        if let Anomaly::True(angle) = self {
            return Ok(angle);
        }
        let angle = self.eccentric(eccentricity)?;
        let root = (1.0 - eccentricity * eccentricity).sqrt();
        Ok(Angle::towards(
            angle.cos() - eccentricity,
            root * angle.sin(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solutions_satisfy_the_equation() {
        for eccentricity in [0.0, 0.1, 0.5, 0.9, 0.99] {
            for degrees in (-170..=170).step_by(10) {
                let mean = Angle::from_degrees(f64::from(degrees));
                let solved = solve_kepler(mean, eccentricity).expect("an ellipse");
                let back = solved.radians() - eccentricity * solved.sin();
                assert!(
                    (back - mean.radians()).abs() < 1e-9,
                    "{eccentricity} {degrees}"
                );
            }
        }
    }

    #[test]
    fn refuses_open_orbits() {
        let refused = solve_kepler(Angle::ZERO, 1.0);
        assert_eq!(refused, Err(KeplerError::NotElliptic { eccentricity: 1.0 }));
        assert!(refused.unwrap_err().to_string().contains("not closed"));
    }

    #[test]
    fn anomalies_agree_with_each_other() {
        let eccentricity = 0.3;
        let start = Anomaly::Mean(Angle::from_degrees(40.0));
        let at_focus = start.at_focus(eccentricity).unwrap();
        let back = Anomaly::True(at_focus).eccentric(eccentricity).unwrap();
        let direct = start.eccentric(eccentricity).unwrap();
        assert!((back - direct).radians().abs() < 1e-12);
    }
}
