//! Events that are recorded again: every wait for a record has to be complete before the next record of its event starts.

use acg_ir::{Event, Op, Slate};

use crate::order::Order;
use crate::private::Private;

/// The end of a list.
const NIL: u32 = u32::MAX;

/// Finds waits, and later records of the same private event that need not come after them, task by task.
#[derive(Default)]
pub(crate) struct Reuse {
    /// The waits for the last record of each event, a list in `waits`.
    recorded: Slate<Event, u32>,
    waits: Vec<(u32, u32)>,
}

impl Reuse {
    /// Makes room for so many waits, so that a large list is not to be moved as it grows.
    pub(crate) fn begin(&mut self, waits: usize) {
        self.waits.reserve(waits);
    }

    /// Goes on with the next task of a graph, which `order` has already; appends what it finds to `found`.
    pub(crate) fn step(
        &mut self,
        (task, op): (u32, Op),
        order: &Order,
        private: &Private,
        found: &mut Vec<(u32, u32)>,
    ) {
        match op {
            Op::Record { event, external: false } if private.has(event) => {
                let mut last = self.recorded.set(event, NIL).unwrap_or(NIL);
                while let Some(&(wait, rest)) = self.waits.get(last as usize) {
                    if !order.before(wait, task) {
                        found.push((wait, task));
                    }
                    last = rest;
                }
            }
            Op::Wait { event, external: false } if private.has(event) => {
                if let Some(last) = self.recorded.at_mut(event) {
                    self.waits.push((task, *last));
                    *last = self.waits.len() as u32 - 1;
                }
            }
            _ => {}
        }
    }

    /// Forgets the graph.
    pub(crate) fn end(&mut self) {
        self.recorded.wipe();
        self.waits.clear();
    }
}
