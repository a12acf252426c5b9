//! `cargo run -p orrery-ephemeris --example where_is -- Mars 2024-03-20`

use std::error::Error;

use orrery_ephemeris::prelude::*;
use orrery_ephemeris::Equatorial;
use orrery_units::parse_date;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "Mars".to_string());
    let day = parse_date(&arguments.next().unwrap_or_else(|| "2024-03-20".to_string()))?;
    let catalog = Catalog::solar_system();
    let body = catalog.get(&name)?;
    let seen = body.position(day) - Planet::Earth.position(day);
    let (ascension, declination) = seen.to::<Equatorial>().direction();
    println!(
        "{name} on {day}: {:.2} h, {declination}, {:.0}",
        ascension.hours(),
        seen.distance()
    );
    Ok(())
}
