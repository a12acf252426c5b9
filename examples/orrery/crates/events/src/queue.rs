//! A queue of events in order of time, then priority, then arrival.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};
use std::fmt;

use orrery_units::Instant;

/// Names a scheduled event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(u64);

/// Who goes first at the same instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    Late,
    #[default]
    Normal,
    Early,
}

/// An event with its time.
#[derive(Clone, Debug)]
pub struct Scheduled<E> {
    pub id: EventId,
    pub at: Instant,
    pub priority: Priority,
    pub event: E,
}

/// The queue holds as much as it may.
#[derive(Debug, PartialEq, Eq)]
pub struct QueueFull {
    pub capacity: usize,
}

impl fmt::Display for QueueFull {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "the queue holds {} events and takes no more",
            self.capacity
        )
    }
}

impl std::error::Error for QueueFull {}

/// The events to come.
pub struct EventQueue<E> {
    heap: BinaryHeap<Scheduled<E>>,
    cancelled: HashSet<EventId>,
    next: u64,
    capacity: usize,
}

impl<E> EventQueue<E> {
    pub const CAPACITY: usize = 100_000;

    pub fn new() -> Self {
        Self::with_capacity(Self::CAPACITY)
    }

    pub fn with_capacity(capacity: usize) -> Self {
        EventQueue {
            heap: BinaryHeap::new(),
            cancelled: HashSet::new(),
            next: 0,
            capacity,
        }
    }

    /// Adds an event.
    pub fn push(
        &mut self,
        at: Instant,
        priority: Priority,
        event: E,
    ) -> Result<EventId, QueueFull> {
        if self.len() >= self.capacity {
            return Err(QueueFull {
                capacity: self.capacity,
            });
        }
        let id = EventId(self.next);
        self.next += 1;
        self.heap.push(Scheduled {
            id,
            at,
            priority,
            event,
        });
        Ok(id)
    }

    /// Takes the next event, leaving out the cancelled ones.
    pub fn pop(&mut self) -> Option<Scheduled<E>> {
        loop {
            let next = self.heap.pop()?;
            if !self.cancelled.remove(&next.id) {
                return Some(next);
            }
        }
    }

    /// Takes the next event unless it lies after a limit.
    pub fn pop_until(&mut self, limit: Instant) -> Option<Scheduled<E>> {
        self.drop_cancelled();
        match self.heap.peek() {
            Some(next) if next.at <= limit => self.pop(),
            _ => None,
        }
    }

    /// Time of the next event.
    pub fn peek(&mut self) -> Option<Instant> {
        self.drop_cancelled();
        self.heap.peek().map(|next| next.at)
    }

    /// Makes an event not happen; whether it was still to come.
    pub fn cancel(&mut self, id: EventId) -> bool {
        let waiting = self.heap.iter().any(|scheduled| scheduled.id == id);
        waiting && self.cancelled.insert(id)
    }

    pub fn len(&self) -> usize {
        self.heap.len() - self.cancelled.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn drop_cancelled(&mut self) {
        while let Some(next) = self.heap.peek() {
            if !self.cancelled.remove(&next.id) {
                break;
            }
            self.heap.pop();
        }
    }
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Extend<(Instant, E)> for EventQueue<E> {
    fn extend<I: IntoIterator<Item = (Instant, E)>>(&mut self, events: I) {
        for (at, event) in events {
            if self.push(at, Priority::default(), event).is_err() {
                break;
            }
        }
    }
}

impl<E> PartialEq for Scheduled<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<E> Eq for Scheduled<E> {}

impl<E> PartialOrd for Scheduled<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Scheduled<E> {
    /// The heap gives the greatest first: the earliest must be the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_time = other.at.days().total_cmp(&self.at.days());
        by_time
            .then_with(|| self.priority.cmp(&other.priority))
            .then_with(|| other.id.cmp(&self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: f64) -> Instant {
        Instant::from_days(days)
    }

    #[test]
    fn events_come_in_order() {
        let mut queue = EventQueue::new();
        queue.extend([(at(2.0), "second"), (at(1.0), "first"), (at(2.0), "third")]);
        queue.push(at(2.0), Priority::Early, "early").unwrap();
        let order: Vec<_> = std::iter::from_fn(|| queue.pop())
            .map(|next| next.event)
            .collect();
        assert_eq!(order, ["first", "early", "second", "third"]);
    }

    #[test]
    fn cancelled_events_do_not_happen() {
        let mut queue = EventQueue::new();
        let id = queue.push(at(1.0), Priority::Normal, 'a').unwrap();
        queue.push(at(5.0), Priority::Normal, 'b').unwrap();
        assert!(queue.cancel(id));
        assert!(!queue.cancel(id));
        assert_eq!(queue.len(), 1);
        assert_eq!(queue.peek(), Some(at(5.0)));
        assert!(queue.pop_until(at(4.0)).is_none());
        assert_eq!(queue.pop_until(at(5.0)).map(|next| next.event), Some('b'));
        assert!(queue.is_empty());
    }

    #[test]
    fn a_full_queue_says_so() {
        let mut queue = EventQueue::with_capacity(1);
        queue.push(at(0.0), Priority::Late, ()).unwrap();
        let full = queue.push(at(0.0), Priority::Late, ()).unwrap_err();
        assert_eq!(full, QueueFull { capacity: 1 });
        assert!(full.to_string().contains("1 events"));
    }
}
