//! The planets, by the approximate elements of Standish (1992), good from 1800 to 2050.

use std::fmt;
use std::str::FromStr;

use orrery_units::{Angle, Instant, Kilometers, Span, Vector};

use super::{Body, BodyKind, CatalogError};
use crate::elements::{Drift, Elements};
use crate::frames::{Ecliptic, Placed};

macro_rules! planets {
    ($($(#[$meta:meta])* $variant:ident $name:literal $radius:literal {
        $axis:expr, $eccentricity:expr, $inclination:expr, $longitude:expr, $perihelion:expr, $node:expr
    })*) => {
        /// A planet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Planet {
            $($(#[$meta])* $variant,)*
        }

        impl Planet {
            /// All that this build knows, from the Sun outwards.
            pub const ALL: &'static [Planet] = &[$($(#[$meta])* Planet::$variant,)*];

            fn label(self) -> &'static str {
                match self {
                    $($(#[$meta])* Planet::$variant => $name,)*
                }
            }

            fn mean_radius(self) -> f64 {
                match self {
                    $($(#[$meta])* Planet::$variant => $radius,)*
                }
            }

            fn drift(self) -> Drift {
                match self {
                    $($(#[$meta])* Planet::$variant => Drift {
                        axis: $axis,
                        eccentricity: $eccentricity,
                        inclination: $inclination,
                        longitude: $longitude,
                        perihelion: $perihelion,
                        node: $node,
                    },)*
                }
            }
        }
    };
}

planets! {
    Mercury "Mercury" 2439.7 {
        [0.387_099_27, 0.000_000_37], [0.205_635_93, 0.000_019_06], [7.004_979_02, -0.005_947_49],
        [252.250_323_5, 149_472.674_111_75], [77.457_796_28, 0.160_476_89], [48.330_765_93, -0.125_340_81]
    }
    Venus "Venus" 6051.8 {
        [0.723_335_66, 0.000_003_9], [0.006_776_72, -0.000_041_07], [3.394_676_05, -0.000_788_9],
        [181.979_099_5, 58_517.815_387_29], [131.602_467_18, 0.002_683_29], [76.679_842_55, -0.277_694_18]
    }
    Earth "Earth" 6371.0 {
        [1.000_002_61, 0.000_005_62], [0.016_711_23, -0.000_043_92], [-0.000_015_31, -0.012_946_68],
        [100.464_571_66, 35_999.372_449_81], [102.937_681_93, 0.323_273_64], [0.0, 0.0]
    }
    Mars "Mars" 3389.5 {
        [1.523_710_34, 0.000_018_47], [0.093_394_1, 0.000_078_82], [1.849_691_42, -0.008_131_31],
        [-4.553_432_05, 19_140.302_684_99], [-23.943_629_59, 0.444_410_88], [49.559_538_91, -0.292_573_43]
    }
    #[cfg(feature = "outer-planets")]
    Jupiter "Jupiter" 69911.0 {
        [5.202_887, -0.000_116_07], [0.048_386_24, -0.000_132_53], [1.304_396_95, -0.001_837_14],
        [34.396_440_51, 3_034.746_127_75], [14.728_479_83, 0.212_526_68], [100.473_909_09, 0.204_691_06]
    }
    #[cfg(feature = "outer-planets")]
    Saturn "Saturn" 58232.0 {
        [9.536_675_94, -0.001_250_6], [0.053_861_79, -0.000_509_91], [2.485_991_87, 0.001_936_09],
        [49.954_244_23, 1_222.493_622_01], [92.598_878_31, -0.418_972_16], [113.662_424_48, -0.288_677_94]
    }
    #[cfg(feature = "outer-planets")]
    Uranus "Uranus" 25362.0 {
        [19.189_164_64, -0.001_961_76], [0.047_257_44, -0.000_043_97], [0.772_637_83, -0.002_429_39],
        [313.238_104_51, 428.482_027_85], [170.954_276_3, 0.408_052_81], [74.016_925_03, 0.042_405_89]
    }
    #[cfg(feature = "outer-planets")]
    Neptune "Neptune" 24622.0 {
        [30.069_922_76, 0.000_262_91], [0.008_590_48, 0.000_051_05], [1.770_043_47, 0.000_353_72],
        [-55.120_029_69, 218.459_453_25], [44.964_762_27, -0.322_414_64], [131.784_225_74, -0.005_086_64]
    }
}

impl Planet {
    pub fn elements(self, at: Instant) -> Elements {
        self.drift().at(at)
    }

    /// Whether its orbit lies within the Earth's.
    pub fn is_inner(self) -> bool {
        matches!(self, Planet::Mercury | Planet::Venus)
    }

    /// Time between two meetings with another planet.
    pub fn synodic_period(self, other: Planet, at: Instant) -> Span {
        let rate = |planet: Planet| planet.elements(at).period().days().recip();
        Span::from_days((rate(self) - rate(other)).abs().recip())
    }

    /// Its angle from the Sun in an observer's sky.
    pub fn elongation(self, observer: &dyn Body, at: Instant) -> Angle {
        let here = observer.position(at);
        let to_sun = Placed::<Ecliptic>::new(Vector::ZERO) - here;
        (self.position(at) - here).elongation(&to_sun)
    }
}

impl Body for Planet {
    fn name(&self) -> &str {
        self.label()
    }

    fn kind(&self) -> BodyKind {
        BodyKind::Planet {
            inner: self.is_inner(),
        }
    }

    fn position(&self, at: Instant) -> Placed<Ecliptic> {
        let elements = self.elements(at);
        // The tables hold closed orbits only, and Newton's method settles on those.
        Placed::new(elements.position().unwrap_or(Vector::ZERO))
    }

    fn radius(&self) -> Kilometers {
        Kilometers(self.mean_radius())
    }
}

impl fmt::Display for Planet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.label())
    }
}

impl FromStr for Planet {
    type Err = CatalogError;

    fn from_str(text: &str) -> Result<Self, CatalogError> {
        Planet::ALL
            .iter()
            .copied()
            .find(|planet| planet.label().eq_ignore_ascii_case(text))
            .ok_or_else(|| CatalogError::unknown(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earth_is_one_unit_away() {
        let distance = Planet::Earth.position(Instant::EPOCH).distance().au();
        assert!((distance - 0.9833).abs() < 1e-3, "{distance}");
    }

    #[test]
    fn mars_comes_back_every_780_days() {
        let span = Planet::Mars.synodic_period(Planet::Earth, Instant::EPOCH);
        assert!((span.days() - 780.0).abs() < 1.0);
    }

    #[test]
    fn venus_stays_near_the_sun() {
        let farthest = (0..600)
            .map(|day| Planet::Venus.elongation(&Planet::Earth, Instant::from_days(f64::from(day))))
            .fold(
                Angle::ZERO,
                |most, next| if next > most { next } else { most },
            );
        assert!(
            (45.0..48.0).contains(&farthest.degrees()),
            "{}",
            farthest.degrees()
        );
        assert!(Planet::Venus.is_inner() && !Planet::Mars.is_inner());
    }

    #[test]
    fn names_are_read_back() {
        for planet in Planet::ALL {
            assert_eq!(planet.to_string().parse(), Ok(*planet));
        }
        assert!("Vulcan".parse::<Planet>().is_err());
    }
}
