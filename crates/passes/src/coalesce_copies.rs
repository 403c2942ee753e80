//! `coalesce-copies`: makes one copy of several that follow each other and move adjoining bytes.
//!
//! Every copy has a fixed cost, so `copy a[0..4] -> b[0..4]` and `copy a[4..8] -> b[4..8]` are cheaper together. Looks at neighbouring
//! lines of `auto` graphs whose source and target are ranges of the first dimension of the same two buffers.

use acg_ir::{Arena, Graph, GraphId, List, Module, Op, Operand, SliceDim, Step, Task, TaskData};

use crate::context::Outcome;
use crate::{Context, Pass, Subject, fixed, named};

/// See the module.
pub struct CoalesceCopies;

const NAME: &str = "coalesce-copies";

impl Pass for CoalesceCopies {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "makes one copy of several that follow each other and move adjoining bytes"
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        for id in fixed::changeable(module)
            .into_iter()
            .filter(|&id| module.graphs[id].is_auto())
            .collect::<Vec<_>>()
        {
            let runs = runs(module, &module.graphs[id]);
            if runs.is_empty() {
                continue;
            }
            let module = module.change();
            let mut gone = Arena::filled(module.graphs[id].tasks.len(), false);
            for run in &runs {
                merge(module, id, run, context);
                run.rest.iter().for_each(|&task| gone[task] = true);
                context.count(NAME, "copies merged into others", run.rest.len() as u64);
            }
            module.graphs[id].steps.retain(|step| !matches!(*step, Step::Task(task) if gone[task]));
        }
    }
}

/// Copies that become one.
struct Run {
    first: Task,
    rest: Vec<Task>,
    source: Range,
    target: Range,
}

/// Rows of the first dimension of a buffer.
#[derive(Clone, Copy)]
struct Range {
    operand: Operand,
    start: u64,
    end: u64,
}

impl Range {
    fn of(module: &Module, operand: Operand) -> Option<Self> {
        let dims = module.slices[operand.slice?].of(&module.slice_dims);
        let whole = dims.get(1..)?.iter().all(|dim| *dim == SliceDim::All);
        match dims.first() {
            Some(&SliceDim::Range(start, end)) if whole => Some(Self { operand, start, end }),
            _ => None,
        }
    }

    fn adjoins(&self, next: &Self) -> bool {
        self.operand.buffer == next.operand.buffer && self.end == next.start
    }
}

fn runs(module: &Module, graph: &Graph) -> Vec<Run> {
    let named = named::named(module, graph);
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    let mut blocks = 0usize;
    for step in &graph.steps {
        let task = match *step {
            Step::Task(task) if blocks == 0 => task,
            _ => {
                // What stands in blocks is left alone.
                blocks += usize::from(matches!(step, Step::Open(_)));
                blocks -= usize::from(*step == Step::Close);
                open = false;
                continue;
            }
        };
        let data = &graph.tasks[task];
        let Some((source, target)) = ranges(module, data) else {
            open = false;
            continue;
        };
        // A name that something waits for stands for this copy alone, and what this one waits for is not the others' business.
        let is_named = data.name.is_some_and(|name| named.contains(&name)) || !data.after.is_empty();
        match runs.last_mut().filter(|_| open && !is_named) {
            Some(run) if run.source.adjoins(&source) && run.target.adjoins(&target) => {
                run.rest.push(task);
                run.source.end = source.end;
                run.target.end = target.end;
            }
            _ => runs.push(Run { first: task, rest: Vec::new(), source, target }),
        }
        open = !is_named;
    }
    runs.retain(|run| !run.rest.is_empty());
    runs
}

/// What a copy of contiguous rows to contiguous rows moves; attributes name one kernel or cost, and keep a copy as it is.
fn ranges(module: &Module, data: &TaskData) -> Option<(Range, Range)> {
    let only = |list: List<Operand>| match list.of(&module.operands) {
        [operand] => Range::of(module, *operand),
        _ => None,
    };
    if data.op != Op::Copy || !data.attributes.is_empty() {
        return None;
    }
    let (source, target) = (only(data.inputs)?, only(data.outputs)?);
    let is_contiguous =
        |range: &Range| module.access(range.operand).is_ok_and(|access| access.extent.is_contiguous());
    let apart = source.operand.buffer != target.operand.buffer;
    (is_contiguous(&source) && is_contiguous(&target) && apart).then_some((source, target))
}

fn merge(module: &mut Module, id: GraphId, run: &Run, context: &mut Context<'_>) {
    let mut whole = |range: &Range| {
        let slice = List::push_to(&mut module.slice_dims, [SliceDim::Range(range.start, range.end)]);
        let operand = Operand { buffer: range.operand.buffer, slice: Some(module.slices.push(slice)) };
        List::push_to(&mut module.operands, [operand])
    };
    let (inputs, outputs) = (whole(&run.source), whole(&run.target));
    let data = &mut module.graphs[id].tasks[run.first];
    data.inputs = inputs;
    data.outputs = outputs;
    let printed = acg_ir::print::task(module, &module.graphs[id], run.first);
    for &task in &run.rest {
        let text = format!("this copy is part of `{printed}` now");
        context.remark(NAME, Outcome::Done, module, (id, task), text);
    }
}
