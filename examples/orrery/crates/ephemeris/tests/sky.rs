//! The sky of known days.

use orrery_ephemeris::prelude::*;
use orrery_ephemeris::{find_conjunctions, Equatorial, Search};
use orrery_units::parse_date;

#[test]
fn the_sun_is_at_the_spring_point_in_march() {
    let day = parse_date("2024-03-20").unwrap();
    let seen = Star.position(day) - Planet::Earth.position(day);
    let (longitude, latitude) = seen.direction();
    assert!(longitude.degrees().abs() < 1.0, "{}", longitude.degrees());
    assert!(latitude.degrees().abs() < 0.01);
    let (_, declination) = seen.to::<Equatorial>().direction();
    assert!(declination.degrees().abs() < 0.5);
}

#[cfg(feature = "outer-planets")]
#[test]
fn the_great_conjunction_of_2020_is_found() {
    let from = parse_date("2020-11-01").unwrap();
    let search = Search::over(from, Span::from_days(90.0)).within(Angle::from_degrees(1.0));
    let found = find_conjunctions(&Planet::Earth, (&Planet::Jupiter, &Planet::Saturn), &search);
    assert_eq!(found.len(), 1, "{found:?}");
    let days_off = (found[0].at - parse_date("2020-12-21").unwrap())
        .days()
        .abs();
    assert!(days_off < 4.0, "{}", found[0].at);
}

#[test]
fn venus_and_mercury_meet_sooner_or_later() {
    let search = Search::over(Instant::EPOCH, Span::from_days(1000.0));
    let found = find_conjunctions(&Planet::Earth, (&Planet::Venus, &Planet::Mercury), &search);
    assert!(!found.is_empty());
    assert!(found.windows(2).all(|pair| pair[0].at < pair[1].at));
}
