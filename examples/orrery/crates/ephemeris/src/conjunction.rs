//! Finds the times at which two bodies stand close together in the sky.

use orrery_units::{Angle, Instant, Span};

use crate::bodies::Body;
use crate::frames::{Ecliptic, Placed};

/// Two bodies at their closest, as seen from a third.
#[derive(Clone, Debug, PartialEq)]
pub struct Conjunction {
    pub first: String,
    pub second: String,
    pub at: Instant,
    pub separation: Angle,
}

/// Where and how finely to search.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    pub from: Instant,
    pub until: Instant,
    pub step: Span,
    /// Only closer ones count.
    pub within: Angle,
}

impl Search {
    /// A search over a span, day by day.
    pub fn over(from: Instant, span: Span) -> Self {
        Search {
            from,
            until: from + span,
            step: Span::DAY,
            within: Angle::from_degrees(5.0),
        }
    }

    pub fn within(mut self, within: Angle) -> Self {
        self.within = within;
        self
    }

    pub fn steps(&self) -> impl Iterator<Item = Instant> + '_ {
        let mut next = self.from;
        std::iter::from_fn(move || {
            (next <= self.until).then(|| {
                let current = next;
                next += self.step;
                current
            })
        })
    }
}

/// The angle between two bodies in an observer's sky.
pub fn separation(observer: &dyn Body, pair: (&dyn Body, &dyn Body), at: Instant) -> Angle {
    let here: Placed<Ecliptic> = observer.position(at);
    let seen = |body: &dyn Body| body.position(at) - here;
    seen(pair.0).elongation(&seen(pair.1))
}

/// All closest approaches in the searched span, in order of time.
pub fn find_conjunctions(
    observer: &dyn Body,
    pair: (&dyn Body, &dyn Body),
    search: &Search,
) -> Vec<Conjunction> {
    let samples: Vec<(Instant, Angle)> = search
        .steps()
        .map(|at| (at, separation(observer, pair, at)))
        .collect();
    samples
        .windows(3)
        .filter(|window| window[1].1 <= window[0].1 && window[1].1 < window[2].1)
        .map(|window| refine(observer, pair, (window[0].0, window[2].0)))
        .filter(|found| found.separation < search.within)
        .collect()
}

/// Narrows a minimum down to a minute, by ternary search.
fn refine(
    observer: &dyn Body,
    pair: (&dyn Body, &dyn Body),
    bracket: (Instant, Instant),
) -> Conjunction {
    let (mut low, mut high) = bracket;
    let distance = |at| separation(observer, pair, at);
    while (high - low) > Span::from_seconds(60.0) {
        let third = (high - low) * (1.0 / 3.0);
        if distance(low + third) < distance(high - third) {
            high = high - third;
        } else {
            low += third;
        }
    }
    let at = low + (high - low) * 0.5;
    Conjunction {
        first: pair.0.name().to_string(),
        second: pair.1.name().to_string(),
        at,
        separation: distance(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_visits_both_ends() {
        let search = Search::over(Instant::EPOCH, Span::from_days(4.0));
        let days: Vec<f64> = search.steps().map(Instant::days).collect();
        assert_eq!(days, [0.0, 1.0, 2.0, 3.0, 4.0]);
        let narrow = search.within(Angle::from_degrees(1.0));
        assert_eq!(narrow.within, Angle::from_degrees(1.0));
    }
}
