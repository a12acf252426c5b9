//! Events: what happens when, in which order, and who wants to know.

mod bus;
mod queue;
mod schedule;

pub use bus::{Bus, Subscriber, Token};
pub use queue::{EventId, EventQueue, Priority, QueueFull, Scheduled};
pub use schedule::{Every, Once, Schedule, Until};

/// Builds a [`Vec`] of boxed schedules.
///
/// ```
/// use orrery_events::{schedules, Every, Once, Schedule};
/// use orrery_units::{Instant, Span};
///
/// let all = schedules![Once::at(Instant::EPOCH), Every::new(Instant::EPOCH, Span::DAY)];
/// assert_eq!(all.len(), 2);
/// ```
#[macro_export]
macro_rules! schedules {
    ($($schedule:expr),* $(,)?) => {
        ::std::vec![$(::std::boxed::Box::new($schedule) as ::std::boxed::Box<dyn $crate::Schedule>),*]
    };
}
