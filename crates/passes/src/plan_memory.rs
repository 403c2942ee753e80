//! `plan-memory`: temporaries share memory where none is in use while another is.
//!
//! Two temporaries may share addresses if every access to one is complete before the first access to the other, by streams and waits. Each
//! temporary of a graph becomes a view of one buffer for all of them, so that what overlaps is written in the program and the
//! proof sees it like any other conflict.

use acg_ir::graph::SourceRange;
use acg_ir::module::{BufferData, Item, Space, TensorType, View};
use acg_ir::{Arena, Buffer, Entity, GraphId, List, Module, Operand, SliceDim};
use acg_memory::{Effort, Instance, Placement};
use acg_schedule::Plan;

use crate::context::{Outcome, Placed};
use crate::declare::FreeNames;
use crate::read_plan::{each_explicit, read_order, read_plan};
use crate::temporaries::{self, Temporaries};
use crate::unit::Unit;
use crate::{Context, Pass, Subject};

/// See the module.
pub struct PlanMemory;

const NAME: &str = "plan-memory";
/// Elementary steps of the search for each graph, some nanoseconds each, and those of all temporaries together: with more temporaries there are
/// more steps elsewhere, and one look at all of them has to do.
const STEPS: u64 = 160_000_000;
const STEPS_OF_ALL: u64 = 800_000_000_000;
/// The same where the user has time, and of few temporaries where the peak else is above what is proved by more than one part in so many.
const THOROUGH_STEPS: u64 = 1_000_000_000;
const FAR: u64 = 25;
/// A search goes another way with another seed: where time counts, so many are tried if the peak is above what is proved by more than one part in so many.
const SEEDS: u64 = 4;
const NOTICED: u64 = 100;
/// Few temporaries are so many, in all searches together.
const MOST_PLACED: u64 = 5_000;

impl Pass for PlanMemory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "places temporaries so that those that are never in use together share memory"
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        let local = temporaries::local(module, context);
        // One buffer shares with nobody.
        if local.values().filter(|&&local| local).count() < 2 {
            return;
        }
        each_explicit(module, |module, id| plan(module, id, &local, context));
    }
}

fn plan(module: &mut Subject<'_>, id: GraphId, local: &Arena<Buffer, bool>, context: &mut Context<'_>) {
    let read = match read(module, id, context) {
        Ok(read) => read,
        Err(reason) => {
            let text = format!("temporaries left apart, because {reason}");
            context.graph_remark(NAME, Outcome::Missed, module, id, text);
            return;
        }
    };
    let [eager, units] = &read.units;
    let used = Temporaries::of(module, id, local, [eager, units]);
    // One buffer shares with nobody.
    if used.buffers.len() < 2 {
        return;
    }
    if !read.is_ordered {
        let text =
            "temporaries left apart, because tasks that touch the same bytes are not ordered".to_owned();
        context.graph_remark(NAME, Outcome::Missed, module, id, text);
        return;
    }
    let placed = match used.instance(&read.plan) {
        Ok(instance) => place(&instance, context),
        Err(reason) => {
            context.graph_remark(
                NAME,
                Outcome::Missed,
                module,
                id,
                format!("temporaries left apart: {reason}"),
            );
            return;
        }
    };
    let whole: u64 = used.sizes.iter().sum();
    let text = format!(
        "temporaries of {whole} bytes share {} bytes; no placement needs fewer than {}",
        placed.peak, placed.proved
    );
    context.graph_remark(NAME, Outcome::Done, module, id, text);
    let pool = rewrite(module.change(), id, &used.buffers, &placed);
    let (peak, antichain, proved) = (placed.peak, placed.bound.bytes, placed.proved);
    context.placed.insert(id, Placed { pool, apart: whole, peak, antichain, proved });
}

/// What a graph does.
struct Read {
    plan: Plan,
    /// Calls that the host makes at once, and then what the plan is of.
    units: [Vec<Unit>; 2],
    /// Whether what depends on each other is ordered.
    is_ordered: bool,
}

fn read(module: &Module, id: GraphId, context: &Context<'_>) -> Result<Read, &'static str> {
    // What was scheduled here needs no look at what depends on what.
    if context.scheduled.contains(&id) {
        return read_order(module, id).map(|(plan, units)| Read { plan, units, is_ordered: true });
    }
    read_plan(module, id, &context.options.model).map(|read| Read {
        is_ordered: read.keeps_dependences(),
        units: [read.tasks.eager, read.tasks.units],
        plan: read.plan,
    })
}

fn place(instance: &Instance, context: &Context<'_>) -> Placement {
    let temporaries = instance.len().max(1) as u64;
    let with = |steps, seed| Effort { steps, seed, time_limit: context.share(), ..Effort::default() };
    if context.options.thorough {
        return acg_memory::place(instance, &with(THOROUGH_STEPS, 1));
    }
    let steps = STEPS.min(STEPS_OF_ALL / temporaries);
    let mut best = acg_memory::place(instance, &with(steps, 1));
    let again = (2..=SEEDS.min(MOST_PLACED / temporaries)).map(|seed| (with(steps, seed), NOTICED));
    let at_length = (temporaries <= MOST_PLACED).then(|| (with(THOROUGH_STEPS, 1), FAR));
    for (effort, part) in again.chain(at_length) {
        if best.peak - best.proved > best.proved / part {
            let other = acg_memory::place(instance, &effort);
            let proved = best.proved.max(other.proved);
            best = if other.peak < best.peak { other } else { best };
            best.proved = proved;
        }
    }
    best
}

/// Makes the temporaries views of one new buffer, and gives that.
fn rewrite(module: &mut Module, id: GraphId, buffers: &[Buffer], placed: &Placement) -> Buffer {
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
    pool
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
