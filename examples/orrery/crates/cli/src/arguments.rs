//! Reads the command line.

use std::error::Error;
use std::fmt;

use orrery_units::{parse_date, Instant, ParseError, Span};

pub const USAGE: &str = "\
usage: orrery tonight [--on DATE]
       orrery orbit PLANET [--on DATE]
       orrery meetings FIRST SECOND [--on DATE] [--days N]
       orrery phases [--on DATE] [--days N] [--csv]";

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    Tonight,
    Orbit { planet: String },
    Meetings { first: String, second: String },
    Phases,
}

/// A task with its options.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments {
    pub task: Task,
    pub on: Instant,
    pub span: Span,
    pub csv: bool,
}

/// What is wrong with a command line.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageError {
    NoTask,
    UnknownTask(String),
    Missing { what: &'static str },
    Surplus(String),
    BadDate(ParseError),
    BadNumber(String),
}

impl fmt::Display for UsageError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTask => out.write_str("say what to show"),
            Self::UnknownTask(name) => write!(out, "there is no task {name}"),
            Self::Missing { what } => write!(out, "{what} is missing"),
            Self::Surplus(word) => write!(out, "what does {word} mean?"),
            Self::BadDate(error) => error.fmt(out),
            Self::BadNumber(text) => write!(out, "{text} is no number of days"),
        }
    }
}

impl Error for UsageError {}

impl From<ParseError> for UsageError {
    fn from(error: ParseError) -> Self {
        UsageError::BadDate(error)
    }
}

impl Arguments {
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, UsageError> {
        let mut words = words.into_iter();
        let mut positional = Vec::new();
        let mut on = Instant::noon(orrery_units::Calendar {
            year: 2024,
            month: 1,
            day: 1,
        });
        let mut span = Span::from_days(30.0);
        let mut csv = false;
        while let Some(word) = words.next() {
            let mut value = |what| words.next().ok_or(UsageError::Missing { what });
            match word.as_str() {
                "--on" => on = parse_date(&value("a date")?)?,
                "--days" => {
                    let text = value("a number")?;
                    let days = text.parse().map_err(|_| UsageError::BadNumber(text))?;
                    span = Span::from_days(days);
                }
                "--csv" => csv = true,
                option if option.starts_with("--") => return Err(UsageError::Surplus(word)),
                _ => positional.push(word),
            }
        }
        let task = Task::from_words(positional)?;
        Ok(Arguments {
            task,
            on,
            span,
            csv,
        })
    }
}

impl Task {
    fn from_words(words: Vec<String>) -> Result<Self, UsageError> {
        let mut words = words.into_iter();
        let name = words.next().ok_or(UsageError::NoTask)?;
        let mut next = |what| words.next().ok_or(UsageError::Missing { what });
        let task = match name.as_str() {
            "tonight" => Task::Tonight,
            "orbit" => Task::Orbit {
                planet: next("a planet")?,
            },
            "meetings" => Task::Meetings {
                first: next("a body")?,
                second: next("another body")?,
            },
            "phases" => Task::Phases,
            _ => return Err(UsageError::UnknownTask(name)),
        };
        match words.next() {
            Some(word) => Err(UsageError::Surplus(word)),
            None => Ok(task),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, UsageError> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn reads_tasks_and_options() {
        let arguments = parse("meetings Venus Mars --on 2024-02-01 --days 40").unwrap();
        let task = Task::Meetings {
            first: "Venus".into(),
            second: "Mars".into(),
        };
        assert_eq!(arguments.task, task);
        assert_eq!(arguments.span, Span::from_days(40.0));
        assert!(!arguments.csv);
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(parse(""), Err(UsageError::NoTask));
        assert_eq!(
            parse("orbit"),
            Err(UsageError::Missing { what: "a planet" })
        );
        assert_eq!(
            parse("phases --loud"),
            Err(UsageError::Surplus("--loud".into()))
        );
        assert_eq!(
            parse("phases --days few"),
            Err(UsageError::BadNumber("few".into()))
        );
        assert!(matches!(
            parse("tonight --on 2024-02-30"),
            Err(UsageError::BadDate(_))
        ));
    }
}
