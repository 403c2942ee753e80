//! How long a task waits that is not its predecessor's favourite.
//!
//! An event takes the latency to reach another stream. On the predecessor's own stream tasks follow each other, so that of two
//! that follow it at once the later waits for the whole of the earlier. Hence all but one successor wait for the latency or the
//! shortest of them, whichever is less, and likewise all but one predecessor end that long before.

use crate::Dag;
use crate::list::Streams;

/// Least waits of all dependences of a graph.
#[derive(Debug)]
pub(crate) struct Waits {
    after: Vec<u64>,
    before: Vec<u64>,
}

impl Waits {
    pub(crate) fn new(dag: &Dag, streams: Streams) -> Self {
        let latency = if streams.count > 1 { streams.latency } else { 0 };
        let among = |tasks: &[u32]| match tasks {
            [] | [_] => latency,
            _ => tasks.iter().map(|&task| dag.cost(task)).min().unwrap_or(0).min(latency),
        };
        Self {
            after: (0..dag.len() as u32).map(|task| among(dag.successors(task))).collect(),
            before: (0..dag.len() as u32).map(|task| among(dag.predecessors(task))).collect(),
        }
    }

    /// At most one dependence of all from `from`, and one of all to `to`, waits less than this, in nanoseconds.
    pub(crate) fn of(&self, from: u32, to: u32) -> u64 {
        self.after[from as usize].min(self.before[to as usize])
    }
}
