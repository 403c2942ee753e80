//! `plan-memory`: temporaries share memory where none is in use while another is.
//!
//! Two temporaries may share addresses if every access to one is complete before the first access to the other, by streams and waits. Each
//! temporary of a graph becomes a view of one buffer for all of them, so that what overlaps is written in the program and the
//! proof sees it like any other conflict.

use acg_ir::{Arena, Buffer, GraphId, Module};
use acg_memory::{Effort, Instance, Placement};
use acg_schedule::Plan;

use crate::context::{Outcome, Placed};
use crate::ground::Ground;
use crate::pool::Pool;
use crate::read_plan::{read_order, read_plan};
use crate::temporaries::{self, Temporaries};
use crate::unit::Unit;
use crate::{Context, Pass, Subject};

/// See the module.
pub struct PlanMemory;

const NAME: &str = "plan-memory";
/// Elementary steps of all searches for a graph, some nanoseconds each, and how many times so many temporaries get: with more temporaries
/// there are more steps elsewhere.
const STEPS: u64 = 800_000_000;
const STEPS_TIMES_TEMPORARIES: u64 = 4_000_000_000_000;
/// The same where the user has time, and of few temporaries where the peak else is above what is proved by more than one part in so many.
const THOROUGH_STEPS: u64 = 1_000_000_000;
const FAR: u64 = 25;
/// A search goes another way with another seed: where time counts, so many are tried if the peak is above what is proved by more than one part in so many.
const SEEDS: u64 = 4;
const NOTICED: u64 = 100;
/// Few temporaries are so many, in all searches together; with more, one look at all of them has to do.
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
        let mut ground = Ground::of(module);
        let mut plans = Vec::new();
        let mut pools = Vec::new();
        for id in module.graphs.keys().filter(|&id| !module.graphs[id].is_auto()) {
            let (buffers, whole, placed) = match plan(module, id, &local, &mut ground, context) {
                Ok(Some(plan)) => plan,
                Ok(None) => continue,
                Err(reason) => {
                    let text = format!("temporaries left apart{reason}");
                    context.graph_remark(NAME, Outcome::Missed, module, id, text);
                    continue;
                }
            };
            let text = format!(
                "temporaries of {whole} bytes share {} bytes; no placement needs fewer than {}",
                placed.peak, placed.proved
            );
            context.graph_remark(NAME, Outcome::Done, module, id, text);
            plans.push((id, whole, placed.peak, placed.bound.bytes, placed.proved));
            let base = format!("{}.pool", module.text(module.graphs[id].name));
            let placed_at = buffers.into_iter().zip(placed.offsets).collect();
            pools.push(Pool { base, bytes: placed.peak, placed: placed_at });
        }
        if pools.is_empty() {
            return;
        }
        for (pool, (id, apart, peak, antichain, proved)) in module.pool(&pools).into_iter().zip(plans) {
            context.placed.insert(id, Placed { pool, apart, peak, antichain, proved });
        }
    }
}

/// The temporaries of a graph, what they take apart, and where they go, if they are several.
///
/// # Errors
///
/// Why they cannot be placed, as the end of a sentence.
fn plan(
    module: &Module,
    id: GraphId,
    local: &Arena<Buffer, bool>,
    ground: &mut Ground,
    context: &Context<'_>,
) -> Result<Option<(Vec<Buffer>, u64, Placement)>, String> {
    let Read { plan, units, is_ordered } =
        read(module, id, ground, context).map_err(|reason| format!(", because {reason}"))?;
    let used = Temporaries::of(module, id, local, units.each_ref().map(Vec::as_slice), ground);
    drop(units);
    // One buffer shares with nobody.
    if used.buffers.len() < 2 {
        return Ok(None);
    }
    if !is_ordered {
        return Err(", because tasks that touch the same bytes are not ordered".to_owned());
    }
    let whole = used.sizes.iter().sum();
    let (buffers, instance) = used.into_instance(plan).map_err(|reason| format!(": {reason}"))?;
    let placed = place(&instance, context);
    Ok(Some((buffers, whole, placed)))
}

/// What a graph does.
struct Read {
    plan: Plan,
    /// Calls that the host makes at once, and then what the plan is of.
    units: [Vec<Unit>; 2],
    /// Whether what depends on each other is ordered.
    is_ordered: bool,
}

fn read(
    module: &Module,
    id: GraphId,
    ground: &mut Ground,
    context: &Context<'_>,
) -> Result<Read, &'static str> {
    // What was scheduled here needs no look at what depends on what.
    if context.scheduled.contains(&id) {
        return read_order(module, id, ground).map(|(plan, units)| Read { plan, units, is_ordered: true });
    }
    read_plan(module, id, &context.options.model, ground).map(|read| Read {
        is_ordered: read.keeps_dependences(),
        units: [read.tasks.eager, read.tasks.units],
        plan: read.plan,
    })
}

fn place(instance: &Instance, context: &Context<'_>) -> Placement {
    let temporaries = instance.len().max(1) as u64;
    let with = |steps, seed| Effort { steps, seed, time_limit: context.larger_share(), ..Effort::default() };
    if context.options.thorough {
        return acg_memory::place(instance, &with(THOROUGH_STEPS, 1));
    }
    let seeds = (MOST_PLACED / temporaries).clamp(1, SEEDS);
    let steps = (STEPS / seeds).min(STEPS_TIMES_TEMPORARIES / temporaries);
    let mut best = acg_memory::place(instance, &with(steps, 1));
    let again = (2..=seeds).map(|seed| (with(steps, seed), NOTICED));
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
