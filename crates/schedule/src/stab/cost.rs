//! What synchronisation costs, counted in tasks of a capture.

use crate::Plan;

/// The tasks of a capture that only synchronise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncTasks {
    /// Waits of streams on each other.
    pub waits: u32,
    /// Records that those wait for; one serves many waits.
    pub records: u32,
    /// Streams that start with no wait and so have to wait for the origin stream first; they share one record.
    pub forks: u32,
    /// Streams whose end nothing waits for, so that they need a record that the origin stream waits for.
    pub joins: u32,
}

impl SyncTasks {
    /// What the syncs of `plan` cost, with the stream as origin that makes forks and joins fewest.
    pub fn of(plan: &Plan) -> Self {
        let mut is_recorded = vec![false; plan.stream_of.len()];
        let mut waits = vec![false; plan.stream_of.len()];
        for sync in &plan.syncs {
            is_recorded[sync.before as usize] = true;
            waits[sync.after as usize] = true;
        }
        let mut ends = vec![None; plan.streams as usize];
        for &task in &plan.order {
            let ends = &mut ends[plan.stream_of[task as usize] as usize];
            *ends = Some((ends.map_or(task, |(first, _)| first), task));
        }
        let ends = ends.into_iter().flatten();
        let ends = ends.map(|(first, last)| (!waits[first as usize], !is_recorded[last as usize]));
        let (forks, joins) = open_ends(ends);
        let records = is_recorded.iter().filter(|&&recorded| recorded).count() as u32;
        Self { waits: plan.syncs.len() as u32, records, forks, joins }
    }

    /// All of them.
    pub fn total(&self) -> u32 {
        self.waits + self.records + self.forks + u32::from(self.forks > 0) + 2 * self.joins
    }
}

/// Forks and joins of streams of which is said whether their beginnings and whether their ends are open.
pub(super) fn open_ends(streams: impl Iterator<Item = (bool, bool)>) -> (u32, u32) {
    let (mut begins, mut ends, mut both) = (0u32, 0u32, false);
    for (begin, end) in streams {
        begins += u32::from(begin);
        ends += u32::from(end);
        both |= begin && end;
    }
    (begins.saturating_sub(1), ends - u32::from(both))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sync;

    #[test]
    fn a_stream_that_waits_first_and_is_waited_for_last_costs_no_more() {
        let mut plan = Plan { stream_of: vec![0, 1, 0], streams: 2, order: vec![0, 1, 2], syncs: Vec::new() };
        let alone = SyncTasks::of(&plan);
        assert_eq!(alone, SyncTasks { waits: 0, records: 0, forks: 1, joins: 1 });
        assert_eq!(alone.total(), 4);
        plan.syncs = vec![Sync { before: 0, after: 1 }, Sync { before: 1, after: 2 }];
        assert_eq!(SyncTasks::of(&plan), SyncTasks { waits: 2, records: 2, forks: 0, joins: 0 });
        assert_eq!(SyncTasks::of(&Plan::default()).total(), 0);
    }
}
