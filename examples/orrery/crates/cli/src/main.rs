//! The `orrery` command.

mod arguments;
mod commands;

use std::process::ExitCode;

use arguments::{Arguments, UsageError};

fn main() -> ExitCode {
    match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => report(commands::run(&arguments)),
        Err(error) => {
            eprintln!("orrery: {error}\n\n{}", arguments::USAGE);
            ExitCode::from(2)
        }
    }
}

fn report(result: Result<String, Box<dyn std::error::Error>>) -> ExitCode {
    match result {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) if error.is::<UsageError>() => {
            eprintln!("orrery: {error}\n\n{}", arguments::USAGE);
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("orrery: {error}");
            ExitCode::FAILURE
        }
    }
}
