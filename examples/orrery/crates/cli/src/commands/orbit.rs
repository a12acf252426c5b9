//! One planet's orbit.

use orrery_ephemeris::{Body, Planet};
use orrery_report::Chart;
use orrery_units::Instant;

use super::Shown;
use crate::arguments::Arguments;

const SAMPLES: u32 = 40;

pub fn show(name: &str, arguments: &Arguments) -> Shown {
    let planet: Planet = name.parse()?;
    let elements = planet.elements(arguments.on);
    let period = elements.period();
    let distances = (0..SAMPLES).map(|sample| {
        let share = f64::from(sample) / f64::from(SAMPLES);
        let at: Instant = arguments.on + period * share;
        planet.position(at).distance()
    });
    let mut text = format!("{planet}, once around in {period}\n");
    text += &format!("  nearest   {:.3} au\n", elements.periapsis().au());
    text += &format!("  farthest  {:.3} au\n", elements.apoapsis().au());
    text += &format!("  a day     {}\n", elements.mean_motion());
    if planet != Planet::Earth {
        let meets = planet.synodic_period(Planet::Earth, arguments.on);
        text += &format!("  meets the Earth every {meets}\n");
    }
    text += &format!("  distance  {}\n", Chart::of(distances).render());
    Ok(text)
}
