//! Conditions of a graph that is divided.
//!
//! A condition belongs to one model, and its default is set before each execution of that one. So whatever mentions it has to come into
//! the same model, and its `cond` line with it.

use acg_ir::{Body, Buffer, Cond, GraphId, Module, Op, Operand, Scope, Step, Symbol, TaskData};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Undivided;

const SEVERAL: &str = "a condition belongs to one model, and this one would be used in several";
const UPDATED: &str = "a condition belongs to one model, and this updated group uses its value";

/// The part that each condition of the graph is used in, counted in updated groups before it; those that nothing uses are left out.
pub(super) fn homes(
    module: &Module,
    id: GraphId,
    names: &FxHashSet<Symbol>,
) -> Result<FxHashMap<Cond, usize>, Undivided> {
    let graph = &module.graphs[id];
    let mut homes = FxHashMap::default();
    let mut values: FxHashMap<Buffer, Cond> = FxHashMap::default();
    let mut parts = 0;
    let mut depth_in_group = 0u32;
    for step in &graph.steps {
        let (span, used): (_, Vec<Cond>) = match *step {
            Step::Open(_) | Step::Close if depth_in_group > 0 => {
                depth_in_group = if *step == Step::Close { depth_in_group - 1 } else { depth_in_group + 1 };
                parts += usize::from(depth_in_group == 0);
                continue;
            }
            Step::Open(Scope::Group(group)) if names.contains(&graph.groups[group].name) => {
                depth_in_group = 1;
                continue;
            }
            Step::Open(Scope::Conditional(conditional)) => {
                let data = graph.conditionals[conditional];
                (data.span, vec![data.cond])
            }
            Step::Open(_) | Step::Close => continue,
            Step::Task(task) => {
                let data = &graph.tasks[task];
                if let Op::Cond(cond) = data.op {
                    values.insert(module.conds[cond].value, cond);
                }
                let decides = if let Op::AddCond { cond, .. } = data.op { Some(cond) } else { None };
                let used = decides.into_iter().chain(values_of(module, data, &values)).collect();
                (graph.spans[task], used)
            }
        };
        if depth_in_group > 0 && !used.is_empty() {
            return Err(Undivided::new(span, UPDATED));
        }
        for cond in used {
            if *homes.entry(cond).or_insert(parts) != parts {
                return Err(Undivided::new(span, SEVERAL));
            }
        }
    }
    match &module.run {
        Some(run) if !values.is_empty() => updates_without(module, run, id, &values)?,
        _ => {}
    }
    Ok(homes)
}

/// Refuses kernels that use the value of a condition, and come into a group of the graph by an update.
fn updates_without(
    module: &Module,
    run: &Body,
    id: GraphId,
    values: &FxHashMap<Buffer, Cond>,
) -> Result<(), Undivided> {
    let mut is_update = false;
    for step in &run.steps {
        match *step {
            Step::Open(Scope::Update(update)) => is_update = run.updates[update].graph == id,
            Step::Close => is_update = false,
            Step::Task(task) if is_update && values_of(module, &run.tasks[task], values).next().is_some() => {
                return Err(Undivided::new(run.spans[task], UPDATED));
            }
            Step::Open(_) | Step::Task(_) => {}
        }
    }
    Ok(())
}

/// The conditions whose values a task mentions.
fn values_of<'m>(
    module: &'m Module,
    data: &TaskData,
    values: &'m FxHashMap<Buffer, Cond>,
) -> impl Iterator<Item = Cond> + 'm {
    let root = |operand: &Operand| {
        let mut buffer = operand.buffer;
        while let Some(view) = module.buffers[buffer].view {
            buffer = view.base.buffer;
        }
        buffer
    };
    let (inputs, outputs) = (data.inputs.of(&module.operands), data.outputs.of(&module.operands));
    inputs.iter().chain(outputs).filter_map(move |operand| values.get(&root(operand)).copied())
}
