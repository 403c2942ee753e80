//! Events that are recorded again: every wait for a record has to be complete before the next record of its event starts.

use acg_ir::{Event, Graph, Op};
use rustc_hash::FxHashMap;

use crate::order::{Order, index};
use crate::private::Private;

/// Waits, and later records of the same private event that need not come after them, sorted.
pub(crate) fn reused(graph: &Graph, order: &Order, private: &Private) -> Vec<(u32, u32)> {
    // The waits for the last record of each event.
    let mut waits: FxHashMap<Event, Vec<u32>> = FxHashMap::default();
    let mut found = Vec::new();
    for task in graph.program() {
        let number = index(task) as u32;
        match graph.tasks[task].op {
            Op::Record { event, external: false } if private.has(event) => {
                let Some(last) = waits.insert(event, Vec::new()) else { continue };
                let early = last.into_iter().filter(|&wait| !order.before(wait, number));
                found.extend(early.map(|wait| (wait, number)));
            }
            Op::Wait { event, external: false } if private.has(event) => {
                if let Some(last) = waits.get_mut(&event) {
                    last.push(number);
                }
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found
}
