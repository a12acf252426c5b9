//! All planets as they stand on one day.

use orrery_ephemeris::{illuminated_share, Body, Equatorial, PhaseName, Planet};
use orrery_report::{Align, Column, Table};
use orrery_units::{Instant, Winding};

use super::Shown;
use crate::arguments::Arguments;

struct Row {
    planet: Planet,
    ascension: f64,
    declination: String,
    elongation: f64,
    phase: PhaseName,
}

impl Row {
    fn of(planet: Planet, at: Instant) -> Self {
        let seen = planet.position(at) - Planet::Earth.position(at);
        let (ascension, declination) = seen.to::<Equatorial>().direction();
        Row {
            planet,
            ascension: ascension.wound(Winding::Positive).hours(),
            declination: declination.to_string(),
            elongation: planet.elongation(&Planet::Earth, at).degrees(),
            phase: PhaseName::of_share(illuminated_share(&planet, &Planet::Earth, at)),
        }
    }
}

pub fn show(arguments: &Arguments) -> Shown {
    let others = Planet::ALL
        .iter()
        .filter(|planet| **planet != Planet::Earth);
    let table = Table::new(others.map(|planet| Row::of(*planet, arguments.on)))
        .column(Column::new("planet", |row: &Row| row.planet.to_string()))
        .column(
            Column::new("hours", |row: &Row| format!("{:.2}", row.ascension)).aligned(Align::Right),
        )
        .column(
            Column::new("declination", |row: &Row| row.declination.clone()).aligned(Align::Right),
        )
        .column(
            Column::new("from the Sun", |row: &Row| {
                format!("{:.0}°", row.elongation)
            })
            .aligned(Align::Right),
        )
        .column(Column::new("phase", |row: &Row| {
            format!("{} {}", row.phase.symbol(), row.phase)
        }));
    Ok(format!("{}\n{table}", arguments.on))
}
