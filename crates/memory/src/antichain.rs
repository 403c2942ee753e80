//! The heaviest antichain of buffers by one flow: what no placement can go below.
//!
//! Buffers of which none precedes another all conflict, so that their sizes add up. The heaviest such set has the size of a
//! minimum flow through the order (Dilworth, with weights): every byte is handed from a buffer to one that it precedes, as
//! often as possible. The order has up to `n²` pairs and is never built: a buffer hands its bytes to the first task on each
//! stream that starts after its last access, tasks pass them on to tasks after them, and the first access of a buffer takes
//! them (algorithms, sections 1.2 and 4).
//!
//! **Invariant:** a path leads from one buffer to another exactly if the first precedes the second.

use crate::Accesses;
use crate::flow::{Network, UNLIMITED, spend};

const SOURCE: u32 = 0;
const SINK: u32 = 1;
/// What it takes at most to find where a buffer's bytes go on one stream, in steps.
const STEPS_TO_LOOK: u64 = 64;

/// The heaviest antichain by `weights`, and what it weighs; `None` where the flow takes more than `steps`, which become
/// fewer by what it takes.
pub(crate) fn heaviest(accesses: &Accesses, weights: &[u64], steps: &mut u64) -> Option<(u64, Vec<u32>)> {
    let buffers = accesses.len();
    // A network that takes all steps to be made is not begun.
    let looks = buffers.saturating_mul(accesses.clocks.streams) as u64;
    if looks.saturating_mul(STEPS_TO_LOOK) > *steps {
        *steps = 0;
        return None;
    }
    let layout = Layout { takes: 2, leaves: 2 + buffers as u32, tasks: 2 + 2 * buffers as u32 };
    let mut network = Network::new(2 + 2 * buffers + accesses.clocks.tasks());
    pass_on(accesses, layout, &mut network);
    let mut used = 0;
    for (buffer, &weight) in weights.iter().enumerate() {
        if weight == 0 || accesses.first(buffer).is_none() {
            continue;
        }
        used += weight;
        network.add(SOURCE, layout.leave(buffer), weight);
        network.add(layout.enter(buffer), SINK, weight);
        for task in first_after(accesses, buffer) {
            network.add(layout.leave(buffer), layout.task(task), UNLIMITED);
        }
        spend(steps, take(accesses, layout, buffer, &mut network))?;
    }
    let flow = network.max_flow(SOURCE, SINK, steps)?;
    let member = |&buffer: &u32| {
        let buffer = buffer as usize;
        let counted = weights[buffer] > 0 && accesses.first(buffer).is_some();
        counted && network.reached(layout.leave(buffer)) && !network.reached(layout.enter(buffer))
    };
    Some((used - flow, (0..buffers as u32).filter(member).collect()))
}

/// Where everything is among the nodes of the network.
#[derive(Clone, Copy)]
struct Layout {
    /// The first node of each kind.
    takes: u32,
    leaves: u32,
    tasks: u32,
}

impl Layout {
    /// Where `buffer` takes bytes.
    fn enter(self, buffer: usize) -> u32 {
        self.takes + buffer as u32
    }

    /// Where the bytes of `buffer` leave it.
    fn leave(self, buffer: usize) -> u32 {
        self.leaves + buffer as u32
    }

    fn task(self, task: u32) -> u32 {
        self.tasks + task
    }
}

fn pass_on(accesses: &Accesses, layout: Layout, network: &mut Network) {
    for stream in 0..accesses.clocks.streams {
        for pair in accesses.clocks.on_stream(stream).windows(2) {
            network.add(layout.task(pair[0]), layout.task(pair[1]), UNLIMITED);
        }
    }
    for &(before, after) in &accesses.clocks.syncs {
        network.add(layout.task(before), layout.task(after), UNLIMITED);
    }
}

/// The tasks that start after the last access of `buffer` and after no other such task.
fn first_after(accesses: &Accesses, buffer: usize) -> Vec<u32> {
    let clocks = &accesses.clocks;
    let last = accesses.last(buffer);
    let over = |task: u32| last.iter().all(|&(stream, ends)| ends <= clocks.row(task)[stream as usize]);
    let mut candidates: Vec<u32> = (0..clocks.streams)
        .filter_map(|stream| {
            let tasks = clocks.on_stream(stream);
            tasks.get(tasks.partition_point(|&task| !over(task))).copied()
        })
        .collect();
    // Earlier ones first, so that each is compared with the few kept so far.
    candidates.sort_unstable_by_key(|&task| clocks.issue(task));
    let mut kept: Vec<u32> = Vec::new();
    for task in candidates {
        if !kept.iter().any(|&other| clocks.before(other, task)) {
            kept.push(task);
        }
    }
    kept
}

/// Lets `buffer` take the bytes of all buffers before it; gives the steps that took.
fn take(accesses: &Accesses, layout: Layout, buffer: usize, network: &mut Network) -> u64 {
    let clocks = &accesses.clocks;
    let over = accesses.over(buffer);
    let Some(first) = accesses.first(buffer) else { return 0 };
    if clocks.row(first) == over {
        network.add(layout.task(first), layout.enter(buffer), UNLIMITED);
        return 1;
    }
    if over.iter().all(|&over| over == 0) {
        return 1;
    }
    // Several tasks touch it first: it takes from every task that starts no later than all of them, and directly from the
    // buffers that are over before all of them and before no such task.
    let within = |task: u32| clocks.row(task).iter().zip(over).all(|(clock, over)| clock <= over);
    let latest: Vec<u32> = (0..clocks.streams)
        .filter_map(|stream| {
            let tasks = clocks.on_stream(stream);
            let count = tasks.partition_point(|&task| within(task));
            count.checked_sub(1).map(|last| tasks[last])
        })
        .collect();
    for &task in &latest {
        network.add(layout.task(task), layout.enter(buffer), UNLIMITED);
    }
    for before in 0..accesses.len() {
        if before == buffer || accesses.first(before).is_none() || !accesses.precedes(before, buffer) {
            continue;
        }
        let last = accesses.last(before);
        let passed =
            |task: &u32| last.iter().all(|&(stream, ends)| ends <= clocks.row(*task)[stream as usize]);
        if !latest.iter().any(passed) {
            network.add(layout.leave(before), layout.enter(buffer), UNLIMITED);
        }
    }
    accesses.len() as u64
}
