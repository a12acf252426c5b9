//! Keeps what was seen, in order of time.

use std::collections::BTreeMap;

use orrery_units::Instant;

use crate::event::{Observation, Severity};

/// Something that was seen, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub at: Instant,
    pub observation: Observation,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: Vec<Entry>,
}

impl Journal {
    /// Whether this build keeps a journal at all.
    pub const KEPT: bool = true;

    pub fn record(&mut self, at: Instant, observation: Observation) {
        let place = self.entries.partition_point(|entry| entry.at <= at);
        self.entries.insert(place, Entry { at, observation });
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries that matter at least so much.
    pub fn at_least(&self, severity: Severity) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.observation.severity() >= severity)
    }

    /// How often each body is spoken of.
    pub fn subjects(&self) -> BTreeMap<&str, usize> {
        self.entries
            .iter()
            .fold(BTreeMap::new(), |mut counts, entry| {
                *counts.entry(entry.observation.subject()).or_insert(0) += 1;
                counts
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orrery_ephemeris::PhaseName;

    #[test]
    fn entries_are_in_order_of_time() {
        let mut journal = Journal::default();
        for days in [3.0, 1.0, 2.0] {
            let name = PhaseName::of_share(days / 3.0);
            let seen = Observation::Phase {
                body: "Moon".into(),
                name,
            };
            journal.record(Instant::from_days(days), seen);
        }
        assert!(journal
            .entries()
            .windows(2)
            .all(|pair| pair[0].at < pair[1].at));
        assert_eq!(journal.at_least(Severity::Notable).count(), 1);
        assert_eq!(journal.subjects().get("Moon"), Some(&3));
        assert!(!journal.is_empty() && Journal::KEPT);
    }
}
