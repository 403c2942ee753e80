//! The fewest waits between given streams.
//!
//! With streams and their order fixed and no order added, the waits needed are unique: the dependences across streams that
//! nothing else implies (algorithms, section 2). Each task has a clock that says up to which position of each stream everything has
//! ended before it; a wait is needed where no other thing the task waits for brings its stream's clock as far.
//! A column of the clocks depends on no other column, so streams are taken in groups, and memory grows with the tasks only. Clocks are
//! those of streams; what a task knew is kept while others wait for it.
//!
//! **Invariant:** dependences follow from streams and waits, and no wait can be left out.

use crate::plan::waits;
use crate::{Dag, Plan, Sync};

/// Columns of the clocks that are computed at a time.
const GROUP: usize = 32;

/// The waits that `plan`'s streams need for the dependences of `dag`, sorted as in [`Plan::syncs`].
///
/// `plan.order` has to be a linear extension of the dependences. `O((n + m) k)` time, `O(n)` memory.
pub fn fewest_syncs(dag: &Dag, plan: &Plan) -> Vec<Sync> {
    unimplied(plan, |task| dag.predecessors(task))
}

/// Of the waits in `syncs`, sorted by waiting task, those that no others imply; dependences are not looked at.
pub fn irredundant_syncs(plan: &Plan, syncs: &[Sync]) -> Vec<Sync> {
    let before = waits(syncs, plan.stream_of.len());
    unimplied(plan, |task| before.of(task))
}

/// For each task how many tasks of its stream come before it.
pub(crate) fn positions(plan: &Plan) -> Vec<u32> {
    let mut count = vec![0; plan.streams as usize];
    let mut positions = vec![0; plan.stream_of.len()];
    for &task in &plan.order {
        let next = &mut count[plan.stream_of[task as usize] as usize];
        positions[task as usize] = *next;
        *next += 1;
    }
    positions
}

fn unimplied<'a>(plan: &Plan, before: impl Fn(u32) -> &'a [u32]) -> Vec<Sync> {
    let mut needed = Vec::new();
    let mut clocks = Clocks::new(plan);
    for group in 0..(plan.streams as usize).div_ceil(GROUP) {
        clocks.pass((group * GROUP) as u32, &before, &mut needed);
    }
    let mut by_task = waits(&needed, plan.stream_of.len());
    by_task.sort();
    by_task.dedup();
    let mut syncs = Vec::with_capacity(by_task.entries().len());
    syncs.extend(by_task.pairs().map(|(after, before)| Sync { before, after }));
    syncs
}

type Row = [u32; GROUP];

/// What is asked of a task again and again, side by side.
#[derive(Clone, Copy)]
struct Spot {
    stream: u32,
    /// How many tasks of its stream come before it.
    position: u32,
    /// How often tasks on other streams are still to ask for what was known when it ended.
    left: u32,
    /// Where that is kept.
    row: u32,
}

struct Clocks<'a> {
    plan: &'a Plan,
    /// Of each task.
    spots: Vec<Spot>,
    /// For each stream how many tasks of each stream of the group have ended when its last one has.
    now: Vec<Row>,
    kept: Kept,
}

/// What was known when tasks ended that others still wait for: little of a large graph at a time.
#[derive(Default)]
struct Kept {
    rows: Vec<Row>,
    /// Rows that nobody needs any more.
    free: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl<'a> Clocks<'a> {
    fn new(plan: &'a Plan) -> Self {
        let places = plan.stream_of.iter().zip(positions(plan));
        let spots = places.map(|(&stream, position)| Spot { stream, position, left: 0, row: NONE }).collect();
        Self { plan, spots, now: Vec::new(), kept: Kept::default() }
    }

    /// Finds the waits for tasks on the streams from `first` on, as many as there are columns.
    fn pass<'b>(&mut self, first: u32, before: &impl Fn(u32) -> &'b [u32], needed: &mut Vec<Sync>) {
        self.now.clear();
        self.now.resize(self.plan.streams as usize, [0; GROUP]);
        self.kept.rows.clear();
        self.kept.free.clear();
        // Room that is not written to costs nothing, and a large list is not to be moved as it grows.
        needed.reserve(self.count(before));
        for &task in &self.plan.order {
            let Spot { stream, position, left, .. } = self.spots[task as usize];
            let sources = before(task);
            if sources.iter().any(|&source| self.spots[source as usize].stream != stream) {
                self.join(task, first, sources, needed);
            }
            let row = &mut self.now[stream as usize];
            if let Some(own) = row.get_mut(stream.wrapping_sub(first) as usize) {
                *own = position + 1;
            }
            if left > 0 {
                self.spots[task as usize].row = self.kept.keep(*row);
            }
        }
    }

    /// Counts how often each task will be asked for; gives how often all are.
    fn count<'b>(&mut self, before: &impl Fn(u32) -> &'b [u32]) -> usize {
        self.spots.iter_mut().for_each(|spot| spot.left = 0);
        let mut all = 0;
        for (task, &stream) in (0..).zip(&self.plan.stream_of) {
            for &source in before(task) {
                let source = &mut self.spots[source as usize];
                let is_away = source.stream != stream;
                source.left += u32::from(is_away);
                all += usize::from(is_away);
            }
        }
        all
    }

    /// Lets the stream of `task` know what `sources` on others knew, and adds those that no other brings.
    fn join(&mut self, task: u32, first: u32, sources: &[u32], needed: &mut Vec<Sync>) {
        let Self { spots, now, kept, .. } = self;
        let stream = spots[task as usize].stream;
        let row = &mut now[stream as usize];
        // Who is known to have ended brought all that it knew. Sources that come later tend to bring the others.
        let is_known =
            |row: &Row, column, position: u32| row.get(column).is_some_and(|&ended| ended > position);
        for &source in sources.iter().rev() {
            let spot = &mut spots[source as usize];
            if spot.stream == stream {
                continue;
            }
            let column = spot.stream.wrapping_sub(first) as usize;
            let theirs = kept.take(spot);
            if is_known(row, column, spot.position) {
                continue;
            }
            let known = row.get(column).copied();
            for (joined, known) in row.iter_mut().zip(theirs) {
                *joined = (*known).max(*joined);
            }
            // What a source knows does not count itself.
            if let (Some(known), Some(joined)) = (known, row.get_mut(column)) {
                *joined = known.max(spot.position);
            }
        }
        let known = *row;
        for &source in sources.iter().rev() {
            let spot = spots[source as usize];
            let column = spot.stream.wrapping_sub(first) as usize;
            if spot.stream != stream && column < GROUP && !is_known(&known, column, spot.position) {
                needed.push(Sync { before: source, after: task });
                row[column] = row[column].max(spot.position + 1);
            }
        }
    }
}

impl Kept {
    /// Keeps a row; gives where.
    fn keep(&mut self, row: Row) -> u32 {
        let at = self.free.pop().unwrap_or(self.rows.len() as u32);
        match self.rows.get_mut(at as usize) {
            Some(kept) => *kept = row,
            None => self.rows.push(row),
        }
        at
    }

    /// The row of a task, which goes with the last one who asks.
    fn take(&mut self, spot: &mut Spot) -> &Row {
        spot.left -= 1;
        if spot.left == 0 {
            self.free.push(spot.row);
        }
        &self.rows[spot.row as usize]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Engine;

    fn graph(tasks: usize, edges: &[(u32, u32)]) -> Dag {
        Dag::new(vec![1; tasks], vec![Engine::Slot; tasks], edges.iter().copied())
    }

    /// Everything that `plan` orders, by trying; `order` must be ascending.
    fn ordered(plan: &Plan, pairs: impl Iterator<Item = (u32, u32)>) -> Vec<Vec<bool>> {
        let tasks = plan.stream_of.len();
        let mut direct = vec![vec![false; tasks]; tasks];
        pairs.for_each(|(before, after)| direct[before as usize][after as usize] = true);
        for before in (0..tasks).rev() {
            for mid in before + 1..tasks {
                if direct[before][mid] || plan.stream_of[before] == plan.stream_of[mid] {
                    let further = direct[mid].clone();
                    direct[before].iter_mut().zip(further).for_each(|(direct, further)| *direct |= further);
                    direct[before][mid] = true;
                }
            }
        }
        direct
    }

    #[test]
    fn one_wait_for_two_sources_on_a_stream_and_none_through_a_third() {
        // Streams 0: a b, 1: c, 2: d; d needs a, b and c, and c needs b.
        let dag = graph(4, &[(0, 3), (1, 2), (1, 3), (2, 3)]);
        let plan =
            Plan { stream_of: vec![0, 0, 1, 2], streams: 3, order: vec![0, 1, 2, 3], syncs: Vec::new() };
        let syncs = fewest_syncs(&dag, &plan);
        assert_eq!(syncs, [Sync { before: 1, after: 2 }, Sync { before: 2, after: 3 }]);
        assert_eq!(irredundant_syncs(&plan, &syncs), syncs);
        assert_eq!(fewest_syncs(&Dag::default(), &Plan::default()), []);
    }

    proptest! {
        #[test]
        fn dependences_follow_and_no_wait_can_go(
            tasks in 1usize..16,
            edges in prop::collection::vec((0u32..16, 0u32..16), 0..70),
            streams in prop::collection::vec(0u32..40, 16),
        ) {
            let dag = graph(tasks, &edges);
            let stream_of = streams[..tasks].to_vec();
            let plan = Plan { stream_of, streams: 40, order: (0..tasks as u32).collect(), syncs: Vec::new() };
            let syncs = fewest_syncs(&dag, &plan);
            let all = ordered(&plan, dag.edges());
            prop_assert_eq!(&ordered(&plan, syncs.iter().map(|sync| (sync.before, sync.after))), &all);
            for left_out in &syncs {
                let rest = syncs.iter().filter(|sync| *sync != left_out);
                prop_assert_ne!(&ordered(&plan, rest.map(|sync| (sync.before, sync.after))), &all);
            }
            let every: Vec<Sync> = (0..tasks as u32)
                .flat_map(|after| dag.predecessors(after).iter().map(move |&before| Sync { before, after }))
                .filter(|sync| plan.stream_of[sync.before as usize] != plan.stream_of[sync.after as usize])
                .collect();
            prop_assert_eq!(irredundant_syncs(&plan, &every), syncs);
        }
    }
}
