//! What the command can show.

mod meetings;
mod orbit;
mod phases;
mod tonight;

use std::error::Error;

use crate::arguments::{Arguments, Task};

/// Text for the terminal, or why there is none.
pub type Shown = Result<String, Box<dyn Error>>;

/// Does what the command line asks for.
pub fn run(arguments: &Arguments) -> Shown {
    match &arguments.task {
        Task::Tonight => tonight::show(arguments),
        Task::Orbit { planet } => orbit::show(planet, arguments),
        Task::Meetings { first, second } => meetings::show(first, second, arguments),
        Task::Phases => phases::show(arguments),
    }
}
