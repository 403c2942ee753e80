//! Which temporaries belong to one graph alone, and which of its tasks touch them.

use acg_ir::dependence::{each_read, writes};
use acg_ir::{Arena, BodyId, Buffer, GraphId, Module, Operand, Slate, Space, Task, TaskData};
use acg_memory::{AccessLists, Accesses, Instance, Lifetimes, Schedule};
use acg_schedule::Plan;

use crate::Context;
use crate::ground::Ground;
use crate::unit::Unit;

/// What kernels ask of an address at most, in bytes: they move memory in blocks of so many.
///
/// Who moves a temporary in larger blocks than its elements needs a size that is a multiple of the block, and blocks are powers of two, so that
/// nobody can need more of its address than the largest power of two that divides its size. The padding that an allocation adds behind
/// its end is the pool's.
const BLOCK: u64 = 32;

const NONE: u32 = u32::MAX;

/// Of each buffer, whether it is a temporary that the tasks of at most one graph touch, so that nothing outlives an execution in it.
///
/// What a call of the host wrote while the graph was captured is there for every execution, so that such a temporary is none of these.
///
/// What outlived executions before some pass ran does so still, although that pass may have taken its other uses away.
pub(crate) fn local(module: &Module, context: &mut Context<'_>) -> Arena<Buffer, bool> {
    let mut local = local_now(module);
    for (buffer, data) in module.buffers.iter().filter(|(_, data)| data.space == Space::Temp) {
        if local[buffer] {
            local[buffer] = !context.outliving.contains(&buffer);
        } else if data.view.is_none() {
            context.outliving.insert(buffer);
        }
    }
    local
}

fn local_now(module: &Module) -> Arena<Buffer, bool> {
    let mut local: Arena<Buffer, bool> =
        module.buffers.values().map(|data| data.space == Space::Temp && data.view.is_none()).collect();
    if !local.values().any(|&local| local) {
        return local;
    }
    // One body shares with the host alone.
    let is_only = module.bodies().count() == 1;
    let owners = if is_only { 0 } else { module.buffers.len() };
    let mut owner: Arena<Buffer, Option<BodyId>> = Arena::filled(owners, None);
    for (id, body) in module.bodies() {
        for (_, data) in body.stored() {
            let is_host = id == BodyId::Run || !data.op.takes_stream();
            if is_only && !is_host {
                continue;
            }
            each_touched(module, data, |operand| {
                let root = module.root(operand.buffer);
                if is_host || owner[root].is_some_and(|owner| owner != id) {
                    local[root] = false;
                }
                if !is_only {
                    owner[root] = Some(id);
                }
            });
        }
    }
    local
}

/// The temporaries of a graph with the units that access them.
pub(crate) struct Temporaries {
    pub(crate) buffers: Vec<Buffer>,
    /// Their sizes in bytes.
    pub(crate) sizes: Vec<u64>,
    /// What their addresses are multiples of, in bytes.
    alignments: Vec<u64>,
    starts: Vec<u32>,
    units: Vec<u32>,
}

impl Temporaries {
    /// The temporaries in `local` that `units` access.
    ///
    /// Calls that the host makes at once, `eager`, are complete before any task; what they touch is in use from the beginning and not among these.
    pub(crate) fn of(
        module: &Module,
        id: GraphId,
        local: &Arena<Buffer, bool>,
        [eager, units]: [&[Unit]; 2],
        ground: &mut Ground,
    ) -> Self {
        let graph = &module.graphs[id];
        let mut early: Vec<Buffer> = Vec::new();
        for task in eager.iter().flat_map(|unit| unit.tasks(graph)) {
            each_touched(module, &graph.tasks[task], |operand| early.push(module.root(operand.buffer)));
        }
        early.sort_unstable();
        let mut unit_of: Arena<Task, u32> = Arena::filled(graph.tasks.len(), NONE);
        for (number, unit) in units.iter().enumerate() {
            unit.tasks(graph).for_each(|task| unit_of[task] = number as u32);
        }
        let mut in_parts: Vec<Buffer> = Vec::new();
        // Room that is not written to costs nothing, and a large list is not to be moved as it grows.
        let mut pairs: Vec<(Buffer, u32)> = Vec::with_capacity(4 * units.len());
        let numbers = &mut ground.temporaries;
        numbers.wipe();
        // What was written at one place is stored at one place, tasks as well as buffers, wherever a schedule has put it.
        for (task, &unit) in unit_of.iter().filter(|&(_, &unit)| unit != NONE) {
            each_touched(module, &graph.tasks[task], |operand| {
                let buffer = module.root(operand.buffer);
                if local[buffer] && early.binary_search(&buffer).is_err() {
                    pairs.push((buffer, unit));
                    *numbers.or_set(buffer, || 0) += 1;
                    if is_part(module, operand) {
                        in_parts.push(buffer);
                    }
                }
            });
        }
        in_parts.sort_unstable();
        let (buffers, ends, units) = by_buffer(&pairs, numbers);
        let size = |&buffer: &Buffer| module.byte_size(&module.buffers[buffer].ty).unwrap_or(u64::MAX);
        let sizes: Vec<u64> = buffers.iter().map(size).collect();
        // A part of it may be a multiple of the block where the whole is not.
        let alignment = |(buffer, &size): (&Buffer, &u64)| {
            if in_parts.binary_search(buffer).is_ok() { BLOCK } else { alignment(size) }
        };
        let alignments = buffers.iter().zip(&sizes).map(alignment).collect();
        let (starts, units) = each_once(&ends, units);
        Self { buffers, sizes, alignments, starts, units }
    }

    /// The bytes of the buffer with this number, and the units that access it, ascending.
    pub(crate) fn of_number(&self, number: u32) -> (u64, &[u32]) {
        let number = number as usize;
        (self.sizes[number], &self.units[self.starts[number] as usize..self.starts[number + 1] as usize])
    }

    /// The units that access any of the buffers with these numbers, ascending.
    pub(crate) fn units_of_all(&self, numbers: &[u32]) -> Vec<u32> {
        let mut all: Vec<u32> =
            numbers.iter().flat_map(|&number| self.of_number(number).1).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What the temporaries that one of so many units accesses take together, at most: no plan needs fewer bytes.
    pub(crate) fn most_of_one_unit(&self, units: usize) -> u64 {
        let mut bytes = vec![0u64; units];
        for (range, size) in self.starts.windows(2).zip(&self.sizes) {
            for &unit in &self.units[range[0] as usize..range[1] as usize] {
                let bytes = &mut bytes[unit as usize];
                *bytes = bytes.saturating_add(*size);
            }
        }
        bytes.into_iter().max().unwrap_or(0)
    }

    /// The most bytes in use at once if the units run one after the other in `order`: no plan that issues them so takes less.
    pub(crate) fn in_use_at_once(&self, order: &[u32]) -> u64 {
        let mut place = vec![0u32; order.len()];
        for (at, &unit) in order.iter().enumerate() {
            place[unit as usize] = at as u32;
        }
        // What comes into use with each unit, and what goes out of use after it.
        let mut changes = vec![[0u64; 2]; order.len()];
        for (range, &size) in self.starts.windows(2).zip(&self.sizes) {
            let places =
                self.units[range[0] as usize..range[1] as usize].iter().map(|&unit| place[unit as usize]);
            let ends = places.clone().min().into_iter().chain(places.max());
            for (end, at) in ends.enumerate() {
                let bytes = &mut changes[at as usize][end];
                *bytes = bytes.saturating_add(size);
            }
        }
        let (mut now, mut most) = (0u64, 0);
        for [comes, goes] in changes {
            now = now.saturating_add(comes);
            most = most.max(now);
            now = now.saturating_sub(goes);
        }
        most
    }

    /// What is to be placed if the units follow `plan`.
    ///
    /// # Errors
    ///
    /// Why they cannot be placed.
    pub(crate) fn instance(&self, plan: &Plan) -> Result<Instance, String> {
        instance(self.sizes.clone(), self.alignments.clone(), self.accesses(plan)?)
    }

    /// The same where nothing else is asked of these temporaries or the plan, so that neither takes memory any more; and which they are.
    ///
    /// # Errors
    ///
    /// As for [`Temporaries::instance`].
    pub(crate) fn into_instance(self, plan: Plan) -> Result<(Vec<Buffer>, Instance), String> {
        let accesses = self.accesses(&plan)?;
        drop(plan);
        Ok((self.buffers, instance(self.sizes, self.alignments, accesses)?))
    }

    fn accesses(&self, plan: &Plan) -> Result<Accesses, String> {
        let syncs: Vec<(u32, u32)> = plan.syncs.iter().map(|sync| (sync.before, sync.after)).collect();
        let schedule = Schedule { stream_of: &plan.stream_of, order: &plan.order, syncs: &syncs };
        let lists = AccessLists { starts: &self.starts, tasks: &self.units };
        Accesses::new(schedule, lists).map_err(|error| error.to_string())
    }
}

fn instance(sizes: Vec<u64>, alignments: Vec<u64>, accesses: Accesses) -> Result<Instance, String> {
    Instance::new(sizes, alignments, Lifetimes::Accesses(Box::new(accesses)))
        .map_err(|error| error.to_string())
}

/// The lists that end at `ends` with each of their units once, ascending, and where they start, with the end of the last.
fn each_once(ends: &[u32], mut units: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
    let mut starts = Vec::with_capacity(ends.len() + 1);
    let (mut from, mut kept) = (0, 0);
    for &end in ends {
        let start = kept;
        starts.push(start as u32);
        units[from..end as usize].sort_unstable();
        for at in from..end as usize {
            if kept == start || units[kept - 1] != units[at] {
                units[kept] = units[at];
                kept += 1;
            }
        }
        from = end as usize;
    }
    starts.push(kept as u32);
    units.truncate(kept);
    (starts, units)
}

/// The buffers of `pairs`, ascending, where the units of each end, and the units, those of one buffer in the order of `pairs`; `numbers` says how
/// many each has.
fn by_buffer(pairs: &[(Buffer, u32)], numbers: &mut Slate<Buffer, u32>) -> (Vec<Buffer>, Vec<u32>, Vec<u32>) {
    let mut buffers = numbers.keys().to_vec();
    buffers.sort_unstable();
    // From how many there are of each to where they begin, and then to where they end.
    let mut sum = 0;
    for &buffer in &buffers {
        let count = numbers.at(buffer).copied().unwrap_or(0);
        numbers.set(buffer, sum);
        sum += count;
    }
    let mut units = vec![0; pairs.len()];
    for &(buffer, unit) in pairs {
        let end = numbers.or_set(buffer, || 0);
        units[*end as usize] = unit;
        *end += 1;
    }
    let ends = buffers.iter().map(|&buffer| numbers.at(buffer).copied().unwrap_or(sum)).collect();
    (buffers, ends, units)
}

/// What the address of a temporary of `size` bytes is a multiple of: the largest power of two up to [`BLOCK`] that divides its size.
fn alignment(size: u64) -> u64 {
    BLOCK >> BLOCK.trailing_zeros().saturating_sub(size.trailing_zeros())
}

/// Calls `found` with each operand of a task.
fn each_touched(module: &Module, data: &TaskData, mut found: impl FnMut(Operand)) {
    each_read(module, data, &mut found);
    writes(module, data).iter().copied().for_each(found);
}

/// Whether `operand` may be less than all of a buffer.
fn is_part(module: &Module, operand: Operand) -> bool {
    operand.slice.is_some() || module.buffers[operand.buffer].view.is_some()
}

#[cfg(test)]
mod tests {
    use super::alignment;

    #[test]
    fn an_address_is_as_even_as_the_size_up_to_a_block() {
        let sizes = [0, 1, 2, 12, 100, 146, 1000, 48, 32, 96, 1 << 40, u64::MAX];
        assert_eq!(sizes.map(alignment), [32, 1, 2, 4, 4, 2, 8, 16, 32, 32, 32, 1]);
    }
}
