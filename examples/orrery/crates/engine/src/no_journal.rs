//! A journal that forgets, for builds without the `journal` feature.

use std::collections::BTreeMap;

use orrery_units::Instant;

use crate::event::{Observation, Severity};

/// Something that was seen, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub at: Instant,
    pub observation: Observation,
}

/// Nothing.
#[derive(Clone, Debug, Default)]
pub struct Journal;

impl Journal {
    /// Whether this build keeps a journal at all.
    pub const KEPT: bool = false;

    pub fn record(&mut self, _at: Instant, _observation: Observation) {}

    pub fn entries(&self) -> &[Entry] {
        &[]
    }

    pub fn len(&self) -> usize {
        0
    }

    pub fn is_empty(&self) -> bool {
        true
    }

    pub fn at_least(&self, _severity: Severity) -> impl Iterator<Item = &Entry> {
        self.entries().iter()
    }

    pub fn subjects(&self) -> BTreeMap<&str, usize> {
        BTreeMap::new()
    }
}
