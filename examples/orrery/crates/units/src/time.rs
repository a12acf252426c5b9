//! Instants and spans. An instant counts days from J2000, noon of the first of January 2000.

use std::fmt;
use std::ops::{Add, AddAssign, Mul, Sub};

use crate::constants::{CENTURY_DAYS, DAY_SECONDS, EPOCH_JULIAN};

/// A length of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Span {
    days: f64,
}

/// A point in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Instant {
    days: f64,
}

/// A date of the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Calendar {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

impl Span {
    pub const ZERO: Span = Span { days: 0.0 };
    pub const DAY: Span = Span { days: 1.0 };

    pub const fn from_days(days: f64) -> Self {
        Span { days }
    }

    pub fn from_hours(hours: f64) -> Self {
        Span::from_days(hours / 24.0)
    }

    pub fn from_seconds(seconds: f64) -> Self {
        Span::from_days(seconds / DAY_SECONDS)
    }

    pub const fn days(self) -> f64 {
        self.days
    }

    pub fn seconds(self) -> f64 {
        self.days * DAY_SECONDS
    }

    pub fn is_positive(self) -> bool {
        self.days > 0.0
    }
}

impl Instant {
    pub const EPOCH: Instant = Instant { days: 0.0 };

    pub const fn from_days(days: f64) -> Self {
        Instant { days }
    }

    pub fn from_julian(date: f64) -> Self {
        Instant::from_days(date - EPOCH_JULIAN)
    }

    pub fn julian(self) -> f64 {
        self.days + EPOCH_JULIAN
    }

    /// Noon of a date.
    pub fn noon(date: Calendar) -> Self {
        Instant::from_days(date.days_from_epoch() as f64)
    }

    pub const fn days(self) -> f64 {
        self.days
    }

    /// Julian centuries from the epoch, as the tables of elements want them.
    pub fn centuries(self) -> f64 {
        self.days / CENTURY_DAYS
    }

    pub fn calendar(self) -> Calendar {
        Calendar::from_days(self.days.round() as i64)
    }
}

impl Calendar {
    /// A date, if there is one.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=12).contains(&month) && day >= 1 && day <= month_length(year, month);
        valid.then_some(Calendar { year, month, day })
    }

    /// Days between this date and the first of January 2000.
    fn days_from_epoch(self) -> i64 {
        // Counts from the first of March, so that a leap day ends the year.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = (i64::from(self.month) + 9) % 12;
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let of_years =
            year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        of_years + of_year - 730_425
    }

    fn from_days(days: i64) -> Self {
        let days = days + 730_425;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let of_year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day = of_era - (365 * of_year + of_year / 4 - of_year / 100);
        let month = (5 * day + 2) / 153;
        Calendar {
            year: (of_year + era * 400 + i64::from(month >= 10)) as i32,
            month: ((month + 2) % 12 + 1) as u8,
            day: (day - (153 * month + 2) / 5 + 1) as u8,
        }
    }
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_length(year: i32, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Add<Span> for Instant {
    type Output = Instant;

    fn add(self, span: Span) -> Instant {
        Instant::from_days(self.days + span.days)
    }
}

impl AddAssign<Span> for Instant {
    fn add_assign(&mut self, span: Span) {
        self.days += span.days;
    }
}

impl Sub<Span> for Instant {
    type Output = Instant;

    fn sub(self, span: Span) -> Instant {
        Instant::from_days(self.days - span.days)
    }
}

impl Sub for Instant {
    type Output = Span;

    fn sub(self, earlier: Instant) -> Span {
        Span::from_days(self.days - earlier.days)
    }
}

impl Add for Span {
    type Output = Span;

    fn add(self, other: Span) -> Span {
        Span::from_days(self.days + other.days)
    }
}

impl Mul<f64> for Span {
    type Output = Span;

    fn mul(self, factor: f64) -> Span {
        Span::from_days(self.days * factor)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.days;
        match days.abs() {
            d if d >= 730.5 => write!(out, "{:.1} years", days / 365.25),
            d if d >= 2.0 => write!(out, "{days:.1} days"),
            _ => write!(out, "{:.1} hours", days * 24.0),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.calendar().fmt(out)
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Something that knows what time it is.
pub trait Clock {
    fn now(&self) -> Instant;

    /// Time since an instant.
    fn since(&self, earlier: Instant) -> Span {
        self.now() - earlier
    }
}

/// A clock that stands still.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub Instant);

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        self.0
    }
}

impl<C: Clock + ?Sized> Clock for &C {
    fn now(&self) -> Instant {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_survive_the_way_there_and_back() {
        for days in (-400_000..400_000).step_by(97) {
            let date = Calendar::from_days(days);
            assert_eq!(date.days_from_epoch(), days, "{date}");
        }
    }

    #[test]
    fn knows_leap_years() {
        assert!(Calendar::new(2000, 2, 29).is_some());
        assert!(Calendar::new(1900, 2, 29).is_none());
        assert!(Calendar::new(2023, 13, 1).is_none());
    }

    #[test]
    fn the_epoch_is_the_first_of_january() {
        assert_eq!(Instant::EPOCH.to_string(), "2000-01-01");
        assert_eq!(Instant::EPOCH.julian(), 2_451_545.0);
        assert_eq!(
            Instant::from_julian(2_451_546.0),
            Instant::EPOCH + Span::DAY
        );
    }

    #[test]
    fn a_clock_measures() {
        let clock = FixedClock(Instant::from_days(3.0));
        assert_eq!((&clock).since(Instant::EPOCH), Span::from_days(3.0));
        assert_eq!(Span::from_hours(36.0).to_string(), "36.0 hours");
        assert_eq!(Span::from_days(1461.0).to_string(), "4.0 years");
    }
}
