//! Runs events until there are none, asking every system what it makes of them.

use std::collections::BTreeMap;

use orrery_events::{Bus, EventQueue, Priority, Schedule};
use orrery_units::{Clock, Instant};

use crate::ensure;
use crate::error::{Problem, SimulationError};
use crate::event::{Event, Observation};
use crate::journal::Journal;
use crate::systems::{Reaction, System};
use crate::world::World;

/// What a run has come to.
#[derive(Debug)]
pub struct Outcome {
    pub journal: Journal,
    pub ended: Instant,
    /// How many events of each kind there were.
    pub counts: BTreeMap<&'static str, usize>,
    pub steps: usize,
}

/// A simulation that is ready to run.
pub struct Simulation<'a> {
    pub(crate) world: World,
    pub(crate) queue: EventQueue<Event>,
    pub(crate) systems: Vec<Box<dyn System + 'a>>,
    pub(crate) recurring: Vec<(Box<dyn Schedule + 'a>, Event)>,
    pub(crate) bus: Bus<'a, Observation>,
    pub(crate) end: Instant,
    pub(crate) steps_max: usize,
}

impl Simulation<'_> {
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Runs to the end.
    pub fn run(mut self) -> Result<Outcome, SimulationError> {
        ensure!(!self.systems.is_empty(), Problem::NoSystems);
        let start = self.world.now();
        let end = self.end;
        ensure!(start <= end, Problem::EndsBeforeItStarts { start, end });
        self.schedule_recurring(start)?;
        let mut outcome = Outcome {
            journal: Journal::default(),
            ended: start,
            counts: BTreeMap::new(),
            steps: 0,
        };
        while let Some(next) = self.queue.pop_until(end) {
            ensure!(
                outcome.steps < self.steps_max,
                Problem::TooManyEvents {
                    limit: self.steps_max
                }
            );
            outcome.steps += 1;
            *outcome.counts.entry(next.event.label()).or_default() += 1;
            self.world.advance(next.at);
            if next.event == Event::Stop {
                break;
            }
            self.dispatch(&next.event, &mut outcome.journal)?;
        }
        outcome.ended = self.world.now();
        Ok(outcome)
    }

    fn schedule_recurring(&mut self, start: Instant) -> Result<(), SimulationError> {
        let span = self.end - start;
        for (schedule, event) in &self.recurring {
            for at in schedule.times(start, span) {
                self.queue.push(at, Priority::Normal, event.clone())?;
            }
        }
        Ok(())
    }

    fn dispatch(&mut self, event: &Event, journal: &mut Journal) -> Result<(), SimulationError> {
        let now = self.world.now();
        for system in &mut self.systems {
            if !system.handles(event) {
                continue;
            }
            for reaction in system.react(event, &mut self.world)? {
                match reaction {
                    Reaction::Saw(observation) => {
                        self.bus.publish(&observation);
                        let (at, observation) = observation.stamped(now);
                        journal.record(at, observation);
                    }
                    Reaction::Later(at, event) => {
                        self.queue.push(at, Priority::Normal, event)?;
                    }
                    Reaction::Halt => {
                        self.queue.push(now, Priority::Early, Event::Stop)?;
                    }
                }
            }
        }
        Ok(())
    }
}
