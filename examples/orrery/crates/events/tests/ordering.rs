//! Queue and schedules together.

use orrery_events::{EventQueue, Every, Priority, Schedule};
use orrery_units::{Instant, Span};

#[test]
fn a_schedule_fills_a_queue_in_order() {
    let mut queue = EventQueue::new();
    let hourly = Every::new(Instant::EPOCH, Span::from_hours(1.0));
    let times = hourly.times(Instant::EPOCH, Span::DAY);
    for (number, at) in times.iter().rev().enumerate() {
        queue
            .push(*at, Priority::Normal, number)
            .expect("room for a day");
    }
    let mut last = Instant::EPOCH;
    while let Some(next) = queue.pop() {
        assert!(next.at > last);
        last = next.at;
    }
    assert_eq!(times.len(), 24);
}
