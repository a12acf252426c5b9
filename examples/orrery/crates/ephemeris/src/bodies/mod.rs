//! The bodies: what they have in common, and a catalog of them.

mod catalog;
mod moon;
mod planet;
mod satellite;
mod star;

pub use catalog::{Catalog, CatalogError};
pub use moon::Moon;
pub use planet::Planet;
pub use satellite::Satellite;
pub use star::Star;

use orrery_units::{Instant, Kilometers, Span};

use crate::frames::{Ecliptic, Placed};

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BodyKind {
    Star,
    Planet { inner: bool },
    Satellite,
}

/// Something in the sky.
pub trait Body {
    fn name(&self) -> &str;

    fn kind(&self) -> BodyKind;

    /// Heliocentric position.
    fn position(&self, at: Instant) -> Placed<Ecliptic>;

    /// Mean radius.
    fn radius(&self) -> Kilometers;

    /// Distance from another body.
    fn distance_to(&self, other: &dyn Body, at: Instant) -> Kilometers {
        (self.position(at) - other.position(at)).distance()
    }

    /// How far it moves in a span, in a straight line.
    fn displacement(&self, from: Instant, span: Span) -> Kilometers {
        (self.position(from + span) - self.position(from)).distance()
    }

    /// Time since its light left, as seen from another body.
    fn light_delay(&self, observer: &dyn Body, at: Instant) -> Span
    where
        Self: Sized,
    {
        self.distance_to(observer, at).light_time()
    }
}

impl<B: Body + ?Sized> Body for Box<B> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn kind(&self) -> BodyKind {
        (**self).kind()
    }

    fn position(&self, at: Instant) -> Placed<Ecliptic> {
        (**self).position(at)
    }

    fn radius(&self) -> Kilometers {
        (**self).radius()
    }
}

/// Declares a body's fixed facts, so that every impl gives them in the same order.
macro_rules! facts {
    ($name:expr, $kind:expr, $radius:expr) => {
        fn name(&self) -> &str {
            $name
        }

        fn kind(&self) -> BodyKind {
            $kind
        }

        fn radius(&self) -> Kilometers {
            Kilometers($radius)
        }
    };
}
pub(crate) use facts;
