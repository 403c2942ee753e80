//! Whether everything in a graph that touches the same bytes is ordered: a quick yes, which most graphs get.
//!
//! Where each access comes after the last write of its bytes, and each write after the reads since then as well, whatever conflicts is
//! ordered. Only the clocks of the moment are kept, and those of records that are still waited for, so that all of it stays in
//! the cache (epochs, as of `FastTrack`, Flanagan and Freund 2009).
//!
//! **Invariant:** yes is a proof; no says nothing, because what lies between the rows of an access counts as touched.

mod clocks;
mod memory;
mod segments;

use acg_runtime::state::BufferId;

use crate::graph::Captured;
use clocks::Clocks;
use memory::Memory;

/// Clock entries after which the answer is no: 64 MB.
const MOST_ENTRIES: usize = 1 << 24;

/// A task: its lane and how many tasks of the lane come before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Epoch {
    lane: u32,
    position: u32,
}

impl Epoch {
    /// No task.
    const NEVER: Self = Self { lane: u32::MAX, position: u32::MAX };
}

/// What a task touches of an allocation, from the first byte to the last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touched {
    pub(crate) buffer: BufferId,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) writes: bool,
}

/// Tells of one graph after the other.
#[derive(Debug, Default)]
pub(crate) struct Ordered {
    memory: Memory,
}

impl Ordered {
    /// Whether all accesses of `graph` are ordered; `touches` gives what a node touches, `is_rewritten` whether an
    /// allocation is written more than once.
    pub(crate) fn are_all(
        &mut self,
        graph: &Captured<'_>,
        touches: impl Fn(u32, &mut dyn FnMut(Touched)),
        is_rewritten: impl Fn(BufferId) -> bool,
    ) -> bool {
        let are_ordered = self.follow(graph, touches, is_rewritten);
        self.memory.clear();
        are_ordered
    }

    fn follow(
        &mut self,
        graph: &Captured<'_>,
        touches: impl Fn(u32, &mut dyn FnMut(Touched)),
        is_rewritten: impl Fn(BufferId) -> bool,
    ) -> bool {
        let width = graph.lanes.len();
        if width.saturating_mul(width) > MOST_ENTRIES {
            return false;
        }
        self.memory.reserve(graph.nodes.len());
        let mut clocks = Clocks::of(graph);
        let mut joins = graph.joins.iter().peekable();
        let mut touching: Vec<Touched> = Vec::new();
        for (spot, (&node, &lane)) in (0u32..).zip(graph.nodes.iter().zip(&graph.spots)) {
            while let Some(join) = joins.next_if(|join| join.wait == spot) {
                clocks.wait(lane, join.record);
            }
            touching.clear();
            touches(node, &mut |touched| touching.push(touched));
            let has_seen = |earlier| clocks.has_seen(lane, earlier);
            if !touching.iter().all(|touched| self.memory.comes_after(touched, has_seen)) {
                return false;
            }
            let epoch = clocks.step(lane, spot);
            for touched in &touching {
                self.memory.note(touched, epoch, || is_rewritten(touched.buffer));
            }
            if clocks.entries() > MOST_ENTRIES {
                return false;
            }
        }
        true
    }
}
