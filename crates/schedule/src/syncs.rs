//! The fewest waits between given streams.
//!
//! With streams and their order fixed and no order added, the waits needed are unique: the dependences across streams that
//! nothing else implies (algorithms, section 2). Each task has a clock that says up to which position of each stream everything has
//! ended before it; a wait is needed where no other thing the task waits for brings its stream's clock as far.
//! A column of the clocks depends on no other column, so streams are taken in groups, and memory grows with the tasks only.
//!
//! **Invariant:** dependences follow from streams and waits, and no wait can be left out.

use crate::plan::waits;
use crate::{Dag, Plan, Sync};

/// Columns of the clocks that are computed at a time.
const GROUP: usize = 16;

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
    let tasks = plan.stream_of.len();
    // Ascending by both after two counting sorts.
    let mut by_task = waits(&needed, tasks).turned(tasks).turned(tasks);
    by_task.dedup();
    by_task.pairs().map(|(after, before)| Sync { before, after }).collect()
}

type Row = [u32; GROUP];

struct Clocks<'a> {
    plan: &'a Plan,
    positions: Vec<u32>,
    /// For each task how many tasks of each stream of the group have ended when it has.
    rows: Vec<Row>,
    last: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl<'a> Clocks<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            positions: positions(plan),
            rows: vec![[0; GROUP]; plan.stream_of.len()],
            last: Vec::new(),
        }
    }

    /// Finds the waits for tasks on the streams from `first` on, as many as there are columns.
    fn pass<'b>(&mut self, first: u32, before: &impl Fn(u32) -> &'b [u32], needed: &mut Vec<Sync>) {
        self.last.clear();
        self.last.resize(self.plan.streams as usize, NONE);
        for &task in &self.plan.order {
            let stream = self.plan.stream_of[task as usize];
            let previous = std::mem::replace(&mut self.last[stream as usize], task);
            let mut row = if previous == NONE { [0; GROUP] } else { self.rows[previous as usize] };
            let sources = before(task);
            if sources.iter().any(|&source| self.plan.stream_of[source as usize] != stream) {
                self.join(stream, first, sources, &mut row);
                self.find_needed(task, first, sources, &mut row, needed);
            }
            let column = stream.wrapping_sub(first) as usize;
            if column < GROUP {
                row[column] = self.positions[task as usize] + 1;
            }
            self.rows[task as usize] = row;
        }
    }

    /// Joins to `row` what `sources` know without counting themselves.
    fn join(&self, stream: u32, first: u32, sources: &[u32], row: &mut Row) {
        for &source in sources {
            let on = self.plan.stream_of[source as usize];
            if on == stream {
                continue;
            }
            let column = on.wrapping_sub(first) as usize;
            for (at, (joined, &known)) in row.iter_mut().zip(&self.rows[source as usize]).enumerate() {
                let known = if at == column { known - 1 } else { known };
                *joined = (*joined).max(known);
            }
        }
    }

    /// Adds the sources that nothing in `row` covers, then covers all.
    fn find_needed(&self, task: u32, first: u32, sources: &[u32], row: &mut Row, needed: &mut Vec<Sync>) {
        let stream = self.plan.stream_of[task as usize];
        let known = *row;
        for &source in sources {
            let on = self.plan.stream_of[source as usize];
            let column = on.wrapping_sub(first) as usize;
            let position = self.positions[source as usize];
            if on != stream && column < GROUP {
                if known[column] <= position {
                    needed.push(Sync { before: source, after: task });
                }
                row[column] = row[column].max(position + 1);
            }
        }
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
