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
use crate::hand_over::{Handed, hand_over};

const SOURCE: u32 = 0;
const SINK: u32 = 1;
const NONE: u32 = u32::MAX;
/// What it takes at most to find where a buffer's bytes go on one stream, in steps.
const STEPS_TO_LOOK: u64 = 64;

/// The heaviest antichain by `weights`, and what it weighs; `None` where the flow takes more than `steps`, which become
/// fewer by what it takes.
pub(crate) fn heaviest(accesses: &Accesses, weights: &[u64], steps: &mut u64) -> Option<(u64, Vec<u32>)> {
    let mut flow = Flow::new(accesses, weights, steps)?;
    flow.begin_with(&hand_over(accesses, weights).0);
    flow.heaviest(steps)
}

/// What goes from buffer to buffer.
pub(crate) struct Flow<'a> {
    accesses: &'a Accesses,
    layout: Layout,
    network: Network,
    /// Of each buffer that counts, the arc from the source; the one to the sink is added next.
    source_arc: Vec<u32>,
    /// What is not handed on, so far.
    kept: u64,
}

impl<'a> Flow<'a> {
    /// The network of buffers that weigh `weights`; `None` where it takes more than `steps` to be made.
    pub(crate) fn new(accesses: &'a Accesses, weights: &[u64], steps: &mut u64) -> Option<Self> {
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
        let mut source_arc = vec![NONE; buffers];
        let mut kept = 0;
        for (buffer, &weight) in weights.iter().enumerate() {
            if weight == 0 || accesses.first(buffer).is_none() {
                continue;
            }
            kept += weight;
            source_arc[buffer] = network.add(SOURCE, layout.leave(buffer), weight);
            network.add(layout.enter(buffer), SINK, weight);
            for task in first_after(accesses, buffer) {
                network.add(layout.leave(buffer), layout.task(task), UNLIMITED);
            }
            spend(steps, take(accesses, layout, buffer, &mut network))?;
        }
        Some(Self { accesses, layout, network, source_arc, kept })
    }

    /// Begins with what is known to be handed on, as far as it can be here.
    pub(crate) fn begin_with(&mut self, handed: &[Handed]) {
        for &Handed { from, to, bytes } in handed {
            let (source, target) = (self.source_arc[from as usize], self.source_arc[to as usize]);
            if source != NONE && target != NONE && self.accesses.precedes(from as usize, to as usize) {
                let (leave, enter) = (self.layout.leave(from as usize), self.layout.enter(to as usize));
                let direct = self.network.add(leave, enter, UNLIMITED);
                self.kept -= self.network.carry(&[source, direct, target + 2], bytes);
            }
        }
    }

    /// The heaviest antichain, and what it weighs; `None` where that takes more than `steps`.
    pub(crate) fn heaviest(&mut self, steps: &mut u64) -> Option<(u64, Vec<u32>)> {
        self.kept -= self.network.max_flow(SOURCE, SINK, steps)?;
        let member = |&buffer: &u32| {
            let (leave, enter) = (self.layout.leave(buffer as usize), self.layout.enter(buffer as usize));
            let counted = self.source_arc[buffer as usize] != NONE;
            counted && self.network.reached(leave) && !self.network.reached(enter)
        };
        Some((self.kept, (0..self.source_arc.len() as u32).filter(member).collect()))
    }

    /// Which buffer hands how many bytes to which.
    pub(crate) fn handed(&self) -> Vec<Handed> {
        let buffers = self.source_arc.len() as u32;
        let mut handed = Vec::new();
        // What tasks have to pass on: buffers and how many bytes of each.
        let mut held: Vec<Vec<(u32, u64)>> = vec![Vec::new(); self.accesses.clocks.tasks()];
        for from in 0..buffers {
            for (to, bytes) in self.network.carried(self.layout.leave(from as usize)) {
                match self.layout.task_at(to) {
                    Some(task) => held[task].push((from, bytes)),
                    None => handed.push(Handed { from, to: to - self.layout.takes, bytes }),
                }
            }
        }
        for task in self.accesses.clocks.in_order_of_issue() {
            let mut holds = std::mem::take(&mut held[task as usize]);
            for (to, bytes) in self.network.carried(self.layout.task(task)) {
                let parts = taken(&mut holds, bytes);
                match self.layout.task_at(to) {
                    Some(task) => held[task].extend(parts),
                    None => handed.extend(parts.map(|(from, bytes)| Handed {
                        from,
                        to: to - self.layout.takes,
                        bytes,
                    })),
                }
            }
        }
        handed
    }
}

/// Takes `bytes` from what is held, the last first.
fn taken(holds: &mut Vec<(u32, u64)>, bytes: u64) -> impl Iterator<Item = (u32, u64)> {
    let mut left = bytes;
    std::iter::from_fn(move || {
        let last = holds.last_mut().filter(|_| left > 0)?;
        let part = (last.0, last.1.min(left));
        left -= part.1;
        last.1 -= part.1;
        if last.1 == 0 {
            holds.pop();
        }
        Some(part)
    })
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

    /// The task that a node other than source and sink stands for, if it does for one.
    fn task_at(self, node: u32) -> Option<usize> {
        node.checked_sub(self.tasks).map(|task| task as usize)
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
    let over = |task: u32| last.iter().all(|&(stream, ends)| ends <= clocks.row(task).at(stream as usize));
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
    if clocks.row(first).iter().eq(over.iter()) {
        network.add(layout.task(first), layout.enter(buffer), UNLIMITED);
        return 1;
    }
    if over.iter().all(|over| over == 0) {
        return 1;
    }
    // Several tasks touch it first: it takes from every task that starts no later than all of them, and directly from the
    // buffers that are over before all of them and before no such task.
    let within = |task: u32| clocks.row(task).iter().zip(over.iter()).all(|(clock, over)| clock <= over);
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
            |task: &u32| last.iter().all(|&(stream, ends)| ends <= clocks.row(*task).at(stream as usize));
        if !latest.iter().any(passed) {
            network.add(layout.leave(before), layout.enter(buffer), UNLIMITED);
        }
    }
    accesses.len() as u64
}
