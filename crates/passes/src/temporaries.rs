//! Which temporaries belong to one graph alone, and which of its tasks touch them.

use acg_ir::dependence::{reads, writes};
use acg_ir::{Arena, BodyId, Buffer, GraphId, Module, Space};
use acg_memory::{AccessLists, Accesses, Instance, Lifetimes, Schedule};
use acg_schedule::Plan;

use crate::task_graph::TaskGraph;
use crate::unit::Unit;

/// What kernels ask of an address, in bytes. The padding that an allocation adds behind its end is the pool's.
const ALIGNMENT: u64 = 32;

use crate::Context;

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
    let mut owner: Arena<Buffer, Option<BodyId>> = Arena::filled(module.buffers.len(), None);
    let mut local: Arena<Buffer, bool> =
        module.buffers.values().map(|data| data.space == Space::Temp && data.view.is_none()).collect();
    if !local.values().any(|&local| local) {
        return local;
    }
    for (id, body) in module.bodies() {
        for task in body.program() {
            let data = &body.tasks[task];
            let is_host = id == BodyId::Run || !data.op.takes_stream();
            for operand in reads(module, data).chain(writes(module, data).iter().copied()) {
                let root = module.root(operand.buffer);
                if is_host || owner[root].is_some_and(|owner| owner != id) {
                    local[root] = false;
                }
                owner[root] = Some(id);
            }
        }
    }
    local
}

/// The temporaries of a graph with the units that access them.
pub(crate) struct Temporaries {
    pub(crate) buffers: Vec<Buffer>,
    /// Their sizes in bytes.
    pub(crate) sizes: Vec<u64>,
    starts: Vec<u32>,
    units: Vec<u32>,
}

impl Temporaries {
    /// The temporaries in `local` that the units of `tasks` access.
    ///
    /// Calls that the host makes at once are complete before any task; what they touch is in use from the beginning and not among these.
    pub(crate) fn of(module: &Module, id: GraphId, local: &Arena<Buffer, bool>, tasks: &TaskGraph) -> Self {
        let touched = |unit: &Unit| {
            let graph = &module.graphs[id];
            let operands = unit.tasks(graph).flat_map(|task| {
                let data = &graph.tasks[task];
                reads(module, data).chain(writes(module, data).iter().copied())
            });
            operands.map(|operand| module.root(operand.buffer))
        };
        let mut eager: Vec<Buffer> = tasks.eager.iter().flat_map(touched).collect();
        eager.sort_unstable();
        let is_placed = |buffer: &Buffer| local[*buffer] && eager.binary_search(buffer).is_err();
        let mut pairs: Vec<(Buffer, u32)> = Vec::new();
        for (number, unit) in tasks.units.iter().enumerate() {
            pairs.extend(touched(unit).filter(is_placed).map(|buffer| (buffer, number as u32)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut used = Self { buffers: Vec::new(), sizes: Vec::new(), starts: Vec::new(), units: Vec::new() };
        for (buffer, unit) in pairs {
            if used.buffers.last() != Some(&buffer) {
                used.buffers.push(buffer);
                used.sizes.push(module.byte_size(&module.buffers[buffer].ty).unwrap_or(u64::MAX));
                used.starts.push(used.units.len() as u32);
            }
            used.units.push(unit);
        }
        used.starts.push(used.units.len() as u32);
        used
    }

    /// The units that access any of the buffers with these numbers, ascending.
    pub(crate) fn units_of_all(&self, numbers: &[u32]) -> Vec<u32> {
        let units = |&number: &u32| {
            let number = number as usize;
            &self.units[self.starts[number] as usize..self.starts[number + 1] as usize]
        };
        let mut all: Vec<u32> = numbers.iter().flat_map(units).copied().collect();
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
                *bytes = bytes.saturating_add(size.checked_next_multiple_of(ALIGNMENT).unwrap_or(u64::MAX));
            }
        }
        bytes.into_iter().max().unwrap_or(0)
    }

    /// What is to be placed if the units follow `plan`.
    ///
    /// # Errors
    ///
    /// Why they cannot be placed.
    pub(crate) fn instance(&self, plan: &Plan) -> Result<Instance, String> {
        let syncs: Vec<(u32, u32)> = plan.syncs.iter().map(|sync| (sync.before, sync.after)).collect();
        let schedule = Schedule { stream_of: &plan.stream_of, order: &plan.order, syncs: &syncs };
        let lists = AccessLists { starts: &self.starts, tasks: &self.units };
        let accesses = Accesses::new(schedule, lists).map_err(|error| error.to_string())?;
        let alignments = vec![ALIGNMENT; self.sizes.len()];
        Instance::new(self.sizes.clone(), alignments, Lifetimes::Accesses(Box::new(accesses)))
            .map_err(|error| error.to_string())
    }
}
