//! Checks a front's proofs with nothing but searches of the graph.

use super::{Cover, Front, NONE};
use crate::Dag;

impl Front {
    /// Whether chains, antichain and matching prove that streams and waits are the fewest on `reduced`, a graph without
    /// redundant dependences; looks at everything behind each task, so only for thousands of tasks.
    pub fn is_proved(&self, reduced: &Dag) -> bool {
        let syncs_first = self.fewest_syncs.point(reduced);
        let streams_first = self.fewest_streams.point(reduced);
        let (sources, targets) = &self.touched_by_all;
        self.fewest_syncs.is_chains(reduced)
            && self.fewest_streams.is_chains(reduced)
            && is_antichain(reduced, &self.antichain)
            && self.antichain.len() == streams_first.streams as usize
            && touch_all(reduced, sources, targets)
            && sources.len() + targets.len() + syncs_first.syncs as usize == reduced.edge_count()
    }
}

impl Cover {
    /// Whether every task follows at most one and comes after it in `dag`.
    fn is_chains(&self, dag: &Dag) -> bool {
        let mut follows = vec![false; dag.len()];
        let mut seen = vec![NONE; dag.len()];
        self.next.len() == dag.len()
            && (0..dag.len() as u32).all(|task| {
                let next = self.next[task as usize];
                next == NONE
                    || follows.get_mut(next as usize).is_some_and(|follows| !std::mem::replace(follows, true))
                        && leads_to(dag, task, &mut seen, |reached| reached == next)
            })
    }
}

fn is_antichain(dag: &Dag, members: &[u32]) -> bool {
    let mut is_member = vec![false; dag.len()];
    let all_tasks = members.iter().all(|&member| {
        is_member.get_mut(member as usize).is_some_and(|known| !std::mem::replace(known, true))
    });
    let mut seen = vec![NONE; dag.len()];
    all_tasks
        && members
            .iter()
            .all(|&member| !leads_to(dag, member, &mut seen, |reached| is_member[reached as usize]))
}

fn leads_to(dag: &Dag, from: u32, seen: &mut [u32], is_sought: impl Fn(u32) -> bool) -> bool {
    let mut stack = vec![from];
    while let Some(task) = stack.pop() {
        for &next in dag.successors(task) {
            if is_sought(next) {
                return true;
            }
            if std::mem::replace(&mut seen[next as usize], from) != from {
                stack.push(next);
            }
        }
    }
    false
}

fn touch_all(dag: &Dag, sources: &[u32], targets: &[u32]) -> bool {
    dag.edges().all(|(from, to)| sources.binary_search(&from).is_ok() || targets.binary_search(&to).is_ok())
}
