//! Reads what people write: dates and angles.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use crate::{Angle, Calendar, Instant};

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    Empty,
    NotANumber { text: String },
    WrongShape { text: String, wanted: &'static str },
    NoSuchDate(String),
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::Empty => out.write_str("nothing to read"),
            ParseError::NotANumber { text } => write!(out, "`{text}` is no number"),
            ParseError::WrongShape { text, wanted } => write!(out, "`{text}` is not like {wanted}"),
            ParseError::NoSuchDate(text) => write!(out, "there is no {text} in the calendar"),
        }
    }
}

impl Error for ParseError {}

/// Reads `2024-03-20` as noon of that day.
pub fn parse_date(text: &str) -> Result<Instant, ParseError> {
    text.parse::<Calendar>().map(Instant::noon)
}

fn number<T: FromStr>(text: &str) -> Result<T, ParseError> {
    text.trim().parse().map_err(|_| ParseError::NotANumber {
        text: text.to_owned(),
    })
}

impl FromStr for Calendar {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let wrong = || ParseError::WrongShape {
            text: text.to_owned(),
            wanted: "2024-03-20",
        };
        let (head, day) = text.rsplit_once('-').ok_or_else(wrong)?;
        let (year, month) = head.rsplit_once('-').ok_or_else(wrong)?;
        let date = Calendar::new(number(year)?, number(month)?, number(day)?);
        date.ok_or_else(|| ParseError::NoSuchDate(text.to_owned()))
    }
}

impl FromStr for Angle {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text.trim() {
            "" => Err(ParseError::Empty),
            text => match text.strip_suffix('h') {
                Some(hours) => number(hours).map(Angle::from_hours),
                None => number(text.strip_suffix('°').unwrap_or(text)).map(Angle::from_degrees),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates() {
        assert_eq!(parse_date("2000-01-02").map(Instant::days), Ok(1.0));
        assert_eq!(parse_date(" ").unwrap_err(), ParseError::Empty);
        assert_eq!(
            parse_date("2001-02-29").unwrap_err().to_string(),
            "there is no 2001-02-29 in the calendar"
        );
        assert!(matches!(
            parse_date("tomorrow"),
            Err(ParseError::WrongShape { .. })
        ));
    }

    #[test]
    fn reads_angles_in_degrees_and_hours() {
        assert_eq!("90°".parse(), Ok(Angle::from_degrees(90.0)));
        assert_eq!("6h".parse(), Ok(Angle::from_degrees(90.0)));
        assert!("about six".parse::<Angle>().is_err());
    }
}
