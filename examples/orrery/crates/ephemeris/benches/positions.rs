//! How long it takes to place every planet on every day of a century.

use std::time::Instant as Stopwatch;

use orrery_ephemeris::prelude::*;

fn main() {
    let started = Stopwatch::now();
    let mut sum = 0.0;
    for day in 0..36_525 {
        let at = Instant::from_days(f64::from(day));
        sum += Planet::ALL
            .iter()
            .map(|planet| planet.position(at).distance().au())
            .sum::<f64>();
    }
    println!(
        "{} positions in {:?} ({sum:.0})",
        36_525 * Planet::ALL.len(),
        started.elapsed()
    );
}
