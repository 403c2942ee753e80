//! `plan-memory`: temporaries share memory where none is in use while another is.
//!
//! Two temporaries may share addresses if every access to one is complete before the first access to the other, by streams and waits. Each
//! temporary of a graph becomes a view of one buffer for all of them, so that what overlaps is written in the program and the
//! proof sees it like any other conflict.

use acg_ir::dependence::{reads, writes};
use acg_ir::graph::SourceRange;
use acg_ir::module::{BufferData, Item, Space, TensorType, View};
use acg_ir::{Arena, Buffer, Entity, GraphId, List, Module, Operand, SliceDim};
use acg_memory::{AccessLists, Accesses, Effort, Instance, Lifetimes, Placement, Schedule};

use crate::context::{Outcome, Placed};
use crate::declare::FreeNames;
use crate::read_plan::{ReadPlan, each_explicit, read_plan};
use crate::{Context, Pass, temporaries};

/// See the module.
pub struct PlanMemory;

const NAME: &str = "plan-memory";
/// What kernels ask of an address, in bytes. The padding that an allocation adds behind its end is the pool's.
const ALIGNMENT: u64 = 32;
/// Elementary steps of the search for each graph, a nanosecond or two each.
const STEPS: u64 = 160_000_000;
/// The same where the user has time.
const THOROUGH_STEPS: u64 = 1_000_000_000;
/// Temporaries beyond which a search finds little and one look at all of them has to do, where time counts.
const LARGE: usize = 20_000;

impl Pass for PlanMemory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "places temporaries so that those that are never in use together share memory"
    }

    fn run(&self, module: &mut Module, context: &mut Context<'_>) -> bool {
        let local = temporaries::local(module, context);
        // One buffer shares with nobody.
        if local.values().filter(|&&local| local).count() < 2 {
            return false;
        }
        each_explicit(module, |module, id| plan(module, id, &local, context))
    }
}

fn plan(module: &mut Module, id: GraphId, local: &Arena<Buffer, bool>, context: &mut Context<'_>) -> bool {
    let read = match read_plan(module, id, &context.options.model) {
        Ok(read) => read,
        Err(reason) => {
            let text = format!("temporaries left apart, because {reason}");
            context.graph_remark(NAME, Outcome::Missed, module, id, text);
            return false;
        }
    };
    let used = Used::of(module, id, local, &read);
    // One buffer shares with nobody.
    if used.buffers.len() < 2 {
        return false;
    }
    if !read.keeps_dependences() {
        let text =
            "temporaries left apart, because tasks that touch the same bytes are not ordered".to_owned();
        context.graph_remark(NAME, Outcome::Missed, module, id, text);
        return false;
    }
    let placed = match used.place(module, &read, context) {
        Ok(placed) => placed,
        Err(reason) => {
            context.graph_remark(
                NAME,
                Outcome::Missed,
                module,
                id,
                format!("temporaries left apart: {reason}"),
            );
            return false;
        }
    };
    let whole: u64 =
        used.buffers.iter().filter_map(|&buffer| module.byte_size(&module.buffers[buffer].ty)).sum();
    let text = format!(
        "temporaries of {whole} bytes share {} bytes; no placement needs fewer than {}",
        placed.peak, placed.proved
    );
    context.graph_remark(NAME, Outcome::Done, module, id, text);
    let known =
        Placed { apart: whole, peak: placed.peak, antichain: placed.bound.bytes, proved: placed.proved };
    context.placed.insert(id, known);
    rewrite(module, id, &used.buffers, &placed);
    true
}

/// The temporaries of a graph with the units that access them.
struct Used {
    buffers: Vec<Buffer>,
    starts: Vec<u32>,
    units: Vec<u32>,
}

impl Used {
    fn of(module: &Module, id: GraphId, local: &Arena<Buffer, bool>, read: &ReadPlan) -> Self {
        let graph = &module.graphs[id];
        let mut pairs: Vec<(Buffer, u32)> = Vec::new();
        for (number, unit) in read.tasks.units.iter().enumerate() {
            for task in unit.tasks(graph) {
                let data = &graph.tasks[task];
                for operand in reads(module, data).chain(writes(module, data).iter().copied()) {
                    if let Ok(access) = module.access(operand)
                        && local[access.root]
                    {
                        pairs.push((access.root, number as u32));
                    }
                }
            }
        }
        // Calls that the host makes at once are complete before any task; what they touch is in use from the beginning.
        let mut eager: Vec<Buffer> = Vec::new();
        for unit in &read.tasks.eager {
            for task in unit.tasks(graph) {
                let data = &graph.tasks[task];
                let operands = reads(module, data).chain(writes(module, data).iter().copied());
                eager.extend(
                    operands.filter_map(|operand| module.access(operand).ok()).map(|access| access.root),
                );
            }
        }
        eager.sort_unstable();
        pairs.retain(|(buffer, _)| eager.binary_search(buffer).is_err());
        pairs.sort_unstable();
        pairs.dedup();
        let mut used = Self { buffers: Vec::new(), starts: Vec::new(), units: Vec::new() };
        for (buffer, unit) in pairs {
            if used.buffers.last() != Some(&buffer) {
                used.buffers.push(buffer);
                used.starts.push(used.units.len() as u32);
            }
            used.units.push(unit);
        }
        used.starts.push(used.units.len() as u32);
        used
    }

    fn place(&self, module: &Module, read: &ReadPlan, context: &Context<'_>) -> Result<Placement, String> {
        let syncs: Vec<(u32, u32)> = read.plan.syncs.iter().map(|sync| (sync.before, sync.after)).collect();
        let schedule = Schedule { stream_of: &read.plan.stream_of, order: &read.plan.order, syncs: &syncs };
        let lists = AccessLists { starts: &self.starts, tasks: &self.units };
        let accesses = Accesses::new(schedule, lists).map_err(|error| error.to_string())?;
        let sizes: Vec<u64> = self
            .buffers
            .iter()
            .map(|&buffer| module.byte_size(&module.buffers[buffer].ty).unwrap_or(u64::MAX))
            .collect();
        let alignments = vec![ALIGNMENT; sizes.len()];
        let instance = Instance::new(sizes, alignments, Lifetimes::Accesses(Box::new(accesses)))
            .map_err(|error| error.to_string())?;
        let steps = match (context.options.thorough, self.buffers.len() > LARGE) {
            (true, _) => THOROUGH_STEPS,
            (false, false) => STEPS,
            (false, true) => STEPS / 16,
        };
        Ok(acg_memory::place(&instance, &Effort { steps, time_limit: context.share(), ..Effort::default() }))
    }
}

/// Makes the temporaries views of one new buffer.
fn rewrite(module: &mut Module, id: GraphId, buffers: &[Buffer], placed: &Placement) {
    let base = format!("{}.pool", module.text(module.graphs[id].name));
    let mut names = FreeNames::new(module);
    let name = names.plain(module, &base);
    let pool = module.buffers.push(BufferData {
        name,
        space: Space::Temp,
        ty: TensorType::Bytes(placed.peak),
        view: None,
    });
    let mut is_placed: Arena<Buffer, bool> = Arena::filled(module.buffers.len(), false);
    for (&buffer, &offset) in buffers.iter().zip(&placed.offsets) {
        let data = module.buffers[buffer];
        let size = module.byte_size(&data.ty).unwrap_or(0);
        let slice = List::push_to(&mut module.slice_dims, [SliceDim::Range(offset, offset + size)]);
        let base = Operand { buffer: pool, slice: Some(module.slices.push(slice)) };
        let reinterpreted = !matches!(data.ty, TensorType::Bytes(_));
        module.buffers[buffer].view = Some(View { base, reinterpreted });
        is_placed[buffer] = true;
    }
    redeclare(module, pool, &is_placed);
}

/// Declares the pool where the first temporary stood, and views in place of temporaries.
fn redeclare(module: &mut Module, pool: Buffer, is_placed: &Arena<Buffer, bool>) {
    let items = std::mem::take(&mut module.items);
    let spans = std::mem::take(&mut module.item_spans);
    let mut pool = Some(pool);
    for (item, span) in items.into_iter().zip(spans) {
        let Item::Buffers { first, count } = item else {
            module.items.push(item);
            module.item_spans.push(span);
            continue;
        };
        let range = first.index()..first.index() + count as usize;
        let mut push = |item, span| {
            module.items.push(item);
            module.item_spans.push(span);
        };
        let mut run: Option<(Buffer, u32)> = None;
        for buffer in range.map(Buffer::at) {
            if !is_placed[buffer] {
                run = Some(run.map_or((buffer, 1), |(first, count)| (first, count + 1)));
                continue;
            }
            if let Some((first, count)) = run.take() {
                push(Item::Buffers { first, count }, span);
            }
            if let Some(pool) = pool.take() {
                push(Item::Buffers { first: pool, count: 1 }, SourceRange::default());
            }
            push(Item::View(buffer), span);
        }
        if let Some((first, count)) = run {
            push(Item::Buffers { first, count }, span);
        }
    }
}
