//! Whether everything in a graph that touches the same allocation is ordered: a quick yes, which most graphs get.
//!
//! Where each access comes after the last write of its allocation, and each write after the reads since then as well, whatever conflicts is
//! ordered. Only the clocks of the moment are kept, and those of records that are still waited for, so that all of it stays in
//! the cache (epochs, as of `FastTrack`, Flanagan and Freund 2009).
//!
//! **Invariant:** yes is a proof; no says nothing, because accesses may touch different bytes.

use acg_entity::Entity;
use acg_runtime::state::BufferId;

use crate::graph::Captured;
use crate::trace::Touch;

/// Clock entries after which the answer is no: 64 MB.
const MOST_ENTRIES: usize = 1 << 24;

const NONE: u32 = u32::MAX;

/// A task: its lane and how many tasks of the lane come before it.
#[derive(Clone, Copy, Debug)]
struct Epoch {
    lane: u32,
    position: u32,
}

/// The last accesses to an allocation.
#[derive(Clone, Copy, Debug)]
struct Last {
    write: Option<Epoch>,
    /// The last of the reads since then, in [`Ordered::reads`].
    read: u32,
}

const UNTOUCHED: Last = Last { write: None, read: NONE };

#[derive(Clone, Copy, Debug)]
struct Read {
    epoch: Epoch,
    before: u32,
}

/// Tells of one graph after the other.
#[derive(Debug, Default)]
pub(crate) struct Ordered {
    last: Vec<Last>,
    /// Allocations that are touched.
    touched: Vec<BufferId>,
    reads: Vec<Read>,
}

impl Ordered {
    /// Whether all accesses of `graph` are ordered; `touches` gives what a node touches.
    pub(crate) fn are_all<'t>(
        &mut self,
        graph: &Captured<'_>,
        touches: impl Fn(u32, &mut dyn FnMut(&'t Touch)),
    ) -> bool {
        let are_ordered = self.follow(graph, touches);
        for buffer in self.touched.drain(..) {
            self.last[buffer.index()] = UNTOUCHED;
        }
        self.reads.clear();
        are_ordered
    }

    fn follow<'t>(&mut self, graph: &Captured<'_>, touches: impl Fn(u32, &mut dyn FnMut(&'t Touch))) -> bool {
        let width = graph.lanes.len();
        if width.saturating_mul(width) > MOST_ENTRIES {
            return false;
        }
        let mut clocks = Clocks::of(graph);
        let mut joins = graph.joins.iter().peekable();
        let mut touching: Vec<(BufferId, bool)> = Vec::new();
        for (spot, (&node, &lane)) in (0u32..).zip(graph.nodes.iter().zip(&graph.spots)) {
            while let Some(join) = joins.next_if(|join| join.wait == spot) {
                clocks.wait(lane, join.record);
            }
            touching.clear();
            touches(node, &mut |touch| touching.push((touch.buffer, touch.writes())));
            if !touching.iter().all(|&(buffer, writes)| self.comes_after(buffer, writes, &clocks, lane)) {
                return false;
            }
            let epoch = clocks.step(lane, spot);
            for &(buffer, writes) in &touching {
                self.note(buffer, writes, epoch);
            }
            if clocks.kept.len() > MOST_ENTRIES {
                return false;
            }
        }
        true
    }

    /// Whether an access by what comes next on `lane` comes after all that it conflicts with.
    fn comes_after(&self, buffer: BufferId, writes: bool, clocks: &Clocks, lane: u32) -> bool {
        let Some(last) = self.last.get(buffer.index()) else { return true };
        if last.write.is_some_and(|write| !clocks.has_seen(lane, write)) {
            return false;
        }
        let mut read = last.read;
        while writes && let Some(&Read { epoch, before }) = self.reads.get(read as usize) {
            if !clocks.has_seen(lane, epoch) {
                return false;
            }
            read = before;
        }
        true
    }

    fn note(&mut self, buffer: BufferId, writes: bool, epoch: Epoch) {
        let at = buffer.index();
        if at >= self.last.len() {
            self.last.resize(at + 1, UNTOUCHED);
        }
        let last = &mut self.last[at];
        if last.write.is_none() && last.read == NONE {
            self.touched.push(buffer);
        }
        if writes {
            *last = Last { write: Some(epoch), read: NONE };
            return;
        }
        match self.reads.get_mut(last.read as usize) {
            // What comes after this one comes after the one before it on its lane.
            Some(read) if read.epoch.lane == epoch.lane => read.epoch = epoch,
            _ => {
                self.reads.push(Read { epoch, before: last.read });
                last.read = self.reads.len() as u32 - 1;
            }
        }
    }
}

/// What each lane has seen of the others by now.
struct Clocks {
    width: usize,
    /// How many tasks of each lane come before what is next on each lane.
    seen: Vec<u32>,
    /// How often each spot is still waited for.
    waits: Vec<u32>,
    /// Where each spot's row is kept.
    row_of: Vec<u32>,
    kept: Vec<u32>,
    /// Rows that nobody waits for any more.
    free: Vec<u32>,
}

impl Clocks {
    fn of(graph: &Captured<'_>) -> Self {
        let width = graph.lanes.len();
        let spots = if graph.joins.is_empty() { 0 } else { graph.spots.len() };
        let mut waits = vec![0; spots];
        for join in &graph.joins {
            waits[join.record as usize] += 1;
        }
        let (seen, row_of) = (vec![0; width * width], vec![NONE; spots]);
        Self { width, seen, waits, row_of, kept: Vec::new(), free: Vec::new() }
    }

    fn has_seen(&self, lane: u32, earlier: Epoch) -> bool {
        self.seen[lane as usize * self.width + earlier.lane as usize] > earlier.position
    }

    /// Lets what is next on `lane` come after the task at `spot`.
    fn wait(&mut self, lane: u32, spot: u32) {
        let row = self.row_of[spot as usize];
        let kept = &self.kept[row as usize * self.width..][..self.width];
        for (own, &theirs) in self.seen[lane as usize * self.width..].iter_mut().zip(kept) {
            *own = theirs.max(*own);
        }
        let waits = &mut self.waits[spot as usize];
        *waits -= 1;
        if *waits == 0 {
            self.free.push(row);
        }
    }

    /// Adds the task at `spot` to `lane`.
    fn step(&mut self, lane: u32, spot: u32) -> Epoch {
        let row = lane as usize * self.width;
        let length = &mut self.seen[row + lane as usize];
        let position = *length;
        *length += 1;
        if self.waits.get(spot as usize).is_some_and(|&waits| waits > 0) {
            let now = &self.seen[row..row + self.width];
            self.row_of[spot as usize] = if let Some(free) = self.free.pop() {
                self.kept[free as usize * self.width..][..self.width].copy_from_slice(now);
                free
            } else {
                self.kept.extend_from_slice(now);
                (self.kept.len() / self.width) as u32 - 1
            };
        }
        Epoch { lane, position }
    }
}
