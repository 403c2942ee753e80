//! The fewest streams and the fewest waits with which everything runs as early as its dependences allow.
//!
//! A cover puts all tasks on chains of ordered tasks; each chain is a stream, and nothing waits for more than it depends on.
//! The fewest chains are as many as there can be tasks side by side, the *width* (Dilworth); the fewest waits are the
//! irredundant dependences less a largest matching of them (algorithms, section 1.1, items 1 to 3). Both ends of the
//! trade-off come exactly out of one flow, each with proofs that need no trust in it.
//!
//! **Invariant:** consecutive tasks of a chain are ordered by the dependences.

mod check;
mod flow;
mod matching;

use crate::{Dag, Plan, reduction};
use flow::Flow;
use matching::Matching;

const NONE: u32 = u32::MAX;

/// All tasks on chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The task that follows each on its chain; `u32::MAX` at the end of one.
    pub next: Vec<u32>,
}

/// What a cover costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// How many chains there are.
    pub streams: u32,
    /// How many dependences lead from chain to chain and are implied by no others.
    pub syncs: u32,
}

/// Both ends of the trade-off between streams and waits at full concurrency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// A cover with the fewest waits and of those the fewest streams.
    pub fewest_syncs: Cover,
    /// A cover with the fewest streams and of those the fewest waits.
    pub fewest_streams: Cover,
    /// Tasks of which no two are ordered, as many as the fewest streams: there cannot be fewer.
    pub antichain: Vec<u32>,
    /// Sources and targets such that every irredundant dependence leads from one of the former or to one of the latter,
    /// as many as dependences lie within streams at the fewest waits: there cannot be more.
    pub touched_by_all: (Vec<u32>, Vec<u32>),
}

impl Front {
    /// The exact front of `dag`, whose dependences may be redundant.
    pub fn new(dag: &Dag) -> Self {
        Self::of_reduced(&reduction(dag))
    }

    /// The exact front of a graph without redundant dependences.
    pub fn of_reduced(reduced: &Dag) -> Self {
        let matching = Matching::largest(reduced);
        let touched_by_all = matching.touched_by_all(reduced);
        let mut flow = Flow::new(reduced, &matching);
        let mut fewest_syncs = None;
        while let Some(price) = flow.raise_price() {
            if price > 0 && fewest_syncs.is_none() {
                fewest_syncs = Some(flow.cover());
            }
            flow.fill();
        }
        let antichain = flow.antichain();
        let fewest_streams = flow.cover();
        let fewest_syncs = fewest_syncs.unwrap_or_else(|| fewest_streams.clone());
        Self { fewest_syncs, fewest_streams, antichain, touched_by_all }
    }

    /// How many tasks can run side by side.
    pub fn width(&self) -> u32 {
        self.antichain.len() as u32
    }
}

impl Cover {
    /// What the cover costs on a graph without redundant dependences.
    pub fn point(&self, reduced: &Dag) -> Point {
        let ends = self.next.iter().filter(|&&next| next == NONE).count();
        let is_dependence = |(task, &next): (usize, &u32)| {
            next != NONE && reduced.successors(task as u32).binary_search(&next).is_ok()
        };
        let inside = self.next.iter().enumerate().filter(|&link| is_dependence(link)).count();
        Point { streams: ends as u32, syncs: (reduced.edge_count() - inside) as u32 }
    }

    /// The chains as streams, tasks in the order of their numbers, without waits.
    pub fn plan(&self) -> Plan {
        let mut stream_of = vec![NONE; self.next.len()];
        let mut streams = 0;
        for task in 0..self.next.len() {
            if stream_of[task] == NONE {
                stream_of[task] = streams;
                streams += 1;
            }
            if let Some(on) = stream_of.get(self.next[task] as usize) {
                debug_assert_eq!(*on, NONE);
                stream_of[self.next[task] as usize] = stream_of[task];
            }
        }
        Plan { stream_of, streams, order: (0..self.next.len() as u32).collect(), syncs: Vec::new() }
    }
}

#[cfg(test)]
mod tests;
