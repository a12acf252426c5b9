//! When something recurs.

use orrery_units::{Instant, Span};

/// Says when something happens next.
pub trait Schedule {
    /// The first time that is later than an instant.
    fn next_after(&self, instant: Instant) -> Option<Instant>;

    /// All times within a span.
    fn times(&self, from: Instant, span: Span) -> Vec<Instant> {
        let until = from + span;
        let mut found = Vec::new();
        let mut current = from;
        while let Some(next) = self.next_after(current).filter(|next| *next <= until) {
            found.push(next);
            current = next;
        }
        found
    }
}

/// Something that happens once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Once {
    at: Instant,
}

/// Something that happens again and again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Every {
    first: Instant,
    period: Span,
}

/// Another schedule, until an instant.
#[derive(Clone, Debug)]
pub struct Until<S> {
    inner: S,
    end: Instant,
}

impl Once {
    pub fn at(at: Instant) -> Self {
        Once { at }
    }
}

impl Every {
    pub fn new(first: Instant, period: Span) -> Self {
        assert!(period.is_positive(), "a period is longer than nothing");
        Every { first, period }
    }

    pub fn until(self, end: Instant) -> Until<Self> {
        Until { inner: self, end }
    }
}

impl Schedule for Once {
    fn next_after(&self, instant: Instant) -> Option<Instant> {
        (self.at > instant).then_some(self.at)
    }
}

impl Schedule for Every {
    fn next_after(&self, instant: Instant) -> Option<Instant> {
        if instant < self.first {
            return Some(self.first);
        }
        let passed = ((instant - self.first).days() / self.period.days()).floor();
        let next = self.first + self.period * (passed + 1.0);
        // Rounding may give the very instant again.
        if next > instant {
            Some(next)
        } else {
            Some(self.first + self.period * (passed + 2.0))
        }
    }
}

impl<S: Schedule> Schedule for Until<S> {
    fn next_after(&self, instant: Instant) -> Option<Instant> {
        self.inner
            .next_after(instant)
            .filter(|next| *next <= self.end)
    }
}

impl Schedule for Box<dyn Schedule + '_> {
    fn next_after(&self, instant: Instant) -> Option<Instant> {
        (**self).next_after(instant)
    }
}

/// The earliest of several.
impl<S: Schedule> Schedule for [S] {
    fn next_after(&self, instant: Instant) -> Option<Instant> {
        self.iter()
            .filter_map(|schedule| schedule.next_after(instant))
            .min_by(|left, right| left.days().total_cmp(&right.days()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedules;

    #[test]
    fn recurs_until_the_end() {
        let weekly =
            Every::new(Instant::EPOCH, Span::from_days(7.0)).until(Instant::from_days(20.0));
        let days: Vec<f64> = weekly
            .times(Instant::from_days(-1.0), Span::from_days(100.0))
            .into_iter()
            .map(Instant::days)
            .collect();
        assert_eq!(days, [0.0, 7.0, 14.0]);
    }

    #[test]
    fn the_earliest_of_several_comes_first() {
        let both = schedules![
            Once::at(Instant::from_days(2.5)),
            Every::new(Instant::EPOCH, Span::from_days(2.0)),
        ];
        let times = both.times(Instant::EPOCH, Span::from_days(4.0));
        assert_eq!(
            times.iter().map(|t| t.days()).collect::<Vec<_>>(),
            [2.0, 2.5, 4.0]
        );
    }
}
