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
    let mut clocks = Clocks::new(plan, &before);
    // Room that is not written to costs nothing, and a large list is not to be moved as it grows.
    let mut needed = Vec::with_capacity(clocks.uses.iter().map(|&uses| uses as usize).sum());
    for group in 0..(plan.streams as usize).div_ceil(GROUP) {
        clocks.pass((group * GROUP) as u32, &before, &mut needed);
    }
    let tasks = plan.stream_of.len();
    let mut by_task = waits(&needed, tasks);
    if !by_task.is_ascending() {
        // By both, after two more counting sorts.
        by_task = by_task.turned(tasks).turned(tasks);
    }
    by_task.dedup();
    by_task.pairs().map(|(after, before)| Sync { before, after }).collect()
}

type Row = [u32; GROUP];

struct Clocks<'a> {
    plan: &'a Plan,
    positions: Vec<u32>,
    /// For each task how often tasks on other streams depend on it.
    uses: Vec<u32>,
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
    /// The row of each task.
    row_of: Vec<u32>,
    /// How often each task is still to be asked for its row.
    left: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl<'a> Clocks<'a> {
    fn new<'b>(plan: &'a Plan, before: &impl Fn(u32) -> &'b [u32]) -> Self {
        let stream_of = &plan.stream_of;
        let mut uses = vec![0; stream_of.len()];
        for (task, stream) in (0..).zip(stream_of) {
            let away = before(task).iter().filter(|&&source| stream_of[source as usize] != *stream);
            away.for_each(|&source| uses[source as usize] += 1);
        }
        let kept = Kept { row_of: vec![NONE; stream_of.len()], ..Kept::default() };
        Self { plan, positions: positions(plan), uses, now: Vec::new(), kept }
    }

    /// Finds the waits for tasks on the streams from `first` on, as many as there are columns.
    fn pass<'b>(&mut self, first: u32, before: &impl Fn(u32) -> &'b [u32], needed: &mut Vec<Sync>) {
        self.now.clear();
        self.now.resize(self.plan.streams as usize, [0; GROUP]);
        self.kept.restart(&self.uses);
        for &task in &self.plan.order {
            let stream = self.plan.stream_of[task as usize];
            let sources = before(task);
            if sources.iter().any(|&source| self.plan.stream_of[source as usize] != stream) {
                self.join(task, first, sources, needed);
            }
            let row = &mut self.now[stream as usize];
            if let Some(own) = row.get_mut(stream.wrapping_sub(first) as usize) {
                *own = self.positions[task as usize] + 1;
            }
            if self.uses[task as usize] > 0 {
                self.kept.keep(task, *row);
            }
        }
    }

    /// Lets the stream of `task` know what `sources` on others knew, and adds those that no other brings.
    fn join(&mut self, task: u32, first: u32, sources: &[u32], needed: &mut Vec<Sync>) {
        let Self { plan, positions, now, kept, .. } = self;
        let stream = plan.stream_of[task as usize];
        let row = &mut now[stream as usize];
        let away = || {
            let away = sources.iter().rev().map(|&source| (source, plan.stream_of[source as usize]));
            away.filter(|&(_, on)| on != stream)
        };
        // Who is known to have ended brought all that it knew. Sources that come later tend to bring the others.
        let is_known = |row: &Row, column, source: u32| {
            row.get(column).is_some_and(|&ended| ended > positions[source as usize])
        };
        for (source, on) in away() {
            let column = on.wrapping_sub(first) as usize;
            let theirs = kept.take(source);
            if is_known(row, column, source) {
                continue;
            }
            let known = row.get(column).copied();
            for (joined, known) in row.iter_mut().zip(theirs) {
                *joined = (*known).max(*joined);
            }
            // What a source knows does not count itself.
            if let (Some(known), Some(joined)) = (known, row.get_mut(column)) {
                *joined = known.max(positions[source as usize]);
            }
        }
        let known = *row;
        for (source, on) in away() {
            let column = on.wrapping_sub(first) as usize;
            if column < GROUP && !is_known(&known, column, source) {
                needed.push(Sync { before: source, after: task });
                row[column] = row[column].max(positions[source as usize] + 1);
            }
        }
    }
}

impl Kept {
    fn restart(&mut self, uses: &[u32]) {
        self.rows.clear();
        self.free.clear();
        self.left.clear();
        self.left.extend_from_slice(uses);
    }

    fn keep(&mut self, task: u32, row: Row) {
        let at = self.free.pop().unwrap_or(self.rows.len() as u32);
        match self.rows.get_mut(at as usize) {
            Some(kept) => *kept = row,
            None => self.rows.push(row),
        }
        self.row_of[task as usize] = at;
    }

    /// The row of `task`, which goes with the last one who asks.
    fn take(&mut self, task: u32) -> &Row {
        let at = self.row_of[task as usize];
        self.left[task as usize] -= 1;
        if self.left[task as usize] == 0 {
            self.free.push(at);
        }
        &self.rows[at as usize]
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
