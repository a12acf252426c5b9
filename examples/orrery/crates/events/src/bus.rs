//! Delivers events to whoever has subscribed.

use std::collections::BTreeMap;

/// Somebody who wants to know.
pub trait Subscriber<E> {
    fn receive(&mut self, event: &E);
}

impl<E, F: FnMut(&E)> Subscriber<E> for F {
    fn receive(&mut self, event: &E) {
        self(event)
    }
}

/// Names a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(usize);

/// The subscriptions, in the order in which they were made.
pub struct Bus<'a, E> {
    subscribers: BTreeMap<Token, Box<dyn Subscriber<E> + 'a>>,
    next: usize,
    delivered: u64,
}

impl<'a, E> Bus<'a, E> {
    pub fn new() -> Self {
        Bus {
            subscribers: BTreeMap::new(),
            next: 0,
            delivered: 0,
        }
    }

    pub fn subscribe(&mut self, subscriber: impl Subscriber<E> + 'a) -> Token {
        let token = Token(self.next);
        self.next += 1;
        self.subscribers.insert(token, Box::new(subscriber));
        token
    }

    /// Ends a subscription; whether there was one.
    pub fn unsubscribe(&mut self, token: Token) -> bool {
        self.subscribers.remove(&token).is_some()
    }

    pub fn publish(&mut self, event: &E) {
        for subscriber in self.subscribers.values_mut() {
            subscriber.receive(event);
            self.delivered += 1;
        }
    }

    pub fn delivered(&self) -> u64 {
        self.delivered
    }
}

impl<E> Default for Bus<'_, E> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn everybody_hears_until_they_leave() {
        let heard = Cell::new(0);
        let mut bus = Bus::new();
        let first = bus.subscribe(|event: &i32| heard.set(heard.get() + event));
        bus.subscribe(|event: &i32| heard.set(heard.get() + 10 * event));
        bus.publish(&1);
        assert!(bus.unsubscribe(first));
        assert!(!bus.unsubscribe(first));
        bus.publish(&2);
        assert_eq!(heard.get(), 31);
        assert_eq!(bus.delivered(), 3);
    }
}
