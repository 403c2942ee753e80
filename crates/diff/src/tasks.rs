//! The tasks of two streams that stand for each other, paired in order.
//!
//! Tasks that are equal in all columns are paired first, then what is left between two pairs by name. Where most differ, in
//! a column that an upgrade changed everywhere, names alone decide. Records and waits help to tell equal kernels apart, but
//! never at the price of a kernel: if that pairs more of the work, work goes first.

use acg_trace::{LaneId, TaskId};

use crate::matching::Matching;
use crate::sequence;
use crate::side::Prepared;

/// The tasks of a part of one stream on each side.
type Lists<'p> = (&'p [TaskId], &'p [TaskId]);

/// Pairs of tasks by their positions in two lists.
type Pairs = Vec<(u32, u32)>;

/// Aligns lists of tasks of two graphs.
struct Aligner<'a, 't> {
    old: &'a Prepared<'t>,
    new: &'a Prepared<'t>,
}

/// Pairs the tasks of two lanes.
pub(crate) fn align(
    old: &Prepared<'_>,
    new: &Prepared<'_>,
    lanes: (LaneId, LaneId),
    matching: &mut Matching,
) {
    let parts = (old.items(lanes.0), new.items(lanes.1));
    for (a, b) in (Aligner { old, new }).best(parts) {
        matching.pair_in_place(parts.0[a as usize], parts.1[b as usize]);
    }
}

impl<'t> Aligner<'_, 't> {
    fn best(&self, parts: Lists<'_>) -> Pairs {
        let mixed = self.align(parts);
        let (old_work, new_work) = self.positions(parts, true);
        let paired = mixed.iter().filter(|pair| self.old.is_work(parts.0[pair.0 as usize])).count();
        let most = old_work.len().min(new_work.len());
        // In streams with little in common it is not worth while to ask again.
        if paired == most || paired * 2 < most {
            return mixed;
        }
        let tasks =
            |tasks: &[TaskId], at: &[u32]| at.iter().map(|&at| tasks[at as usize]).collect::<Vec<_>>();
        let (old_tasks, new_tasks) = (tasks(parts.0, &old_work), tasks(parts.1, &new_work));
        let work = self.align((&old_tasks, &new_tasks));
        if work.len() <= paired {
            return mixed;
        }
        let work = work.iter().map(|&(a, b)| (old_work[a as usize], new_work[b as usize])).collect();
        self.fill(parts, work, |aligner, gap| {
            let (old_at, new_at) = aligner.positions(gap, false);
            let pairs = aligner.align((&tasks(gap.0, &old_at), &tasks(gap.1, &new_at)));
            pairs.into_iter().map(|(a, b)| (old_at[a as usize], new_at[b as usize])).collect()
        })
    }

    /// Where the work is, or what is no work.
    fn positions(&self, parts: Lists<'_>, is_work: bool) -> (Vec<u32>, Vec<u32>) {
        let only = |side: &Prepared<'t>, tasks: &[TaskId]| -> Vec<u32> {
            (0..tasks.len() as u32).filter(|&at| side.is_work(tasks[at as usize]) == is_work).collect()
        };
        (only(self.old, parts.0), only(self.new, parts.1))
    }

    /// Pairs by all columns, then by name between the pairs.
    fn align(&self, parts: Lists<'_>) -> Pairs {
        let exact = self.by(parts, Prepared::exact);
        // Where most tasks changed, the few equal ones are chance.
        if exact.len() * 2 < parts.0.len().min(parts.1.len()) {
            let loose = self.by(
                parts,
                |side, task| {
                    if side.is_work(task) { side.loose(task) } else { side.exact(task) }
                },
            );
            return self.fill(parts, loose, Self::by_name);
        }
        self.fill(parts, exact, Self::by_name)
    }

    fn by_name(&self, gap: Lists<'_>) -> Pairs {
        self.by(gap, Prepared::loose)
    }

    fn by(&self, parts: Lists<'_>, token: impl Fn(&Prepared<'t>, TaskId) -> u64) -> Pairs {
        let tokens = |side: &Prepared<'t>, tasks: &[TaskId]| -> Vec<u64> {
            tasks.iter().map(|&task| token(side, task)).collect()
        };
        sequence::align(&tokens(self.old, parts.0), &tokens(self.new, parts.1))
    }

    /// Adds to `pairs` what `align` pairs in each gap between two of them.
    fn fill(&self, parts: Lists<'_>, pairs: Pairs, align: impl Fn(&Self, Lists<'_>) -> Pairs) -> Pairs {
        let mut filled = Vec::with_capacity(pairs.len());
        let mut from = (0, 0);
        let end = (parts.0.len() as u32, parts.1.len() as u32);
        for pair in pairs.into_iter().chain([end]) {
            if from.0 < pair.0 && from.1 < pair.1 {
                let gap =
                    (&parts.0[from.0 as usize..pair.0 as usize], &parts.1[from.1 as usize..pair.1 as usize]);
                filled.extend(align(self, gap).into_iter().map(|(a, b)| (from.0 + a, from.1 + b)));
            }
            if pair != end {
                filled.push(pair);
            }
            from = (pair.0 + 1, pair.1 + 1);
        }
        filled
    }
}
