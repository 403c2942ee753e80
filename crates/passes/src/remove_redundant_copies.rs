//! `remove-redundant-copies`: removes copies of bytes that are there already.
//!
//! A copy makes two ranges of bytes equal, and they stay equal until either is written. A copy between two ranges that are equal
//! does nothing; that includes the copy back of what was copied there, and a copy of a range onto itself.

use acg_ir::dependence::writes;
use acg_ir::{Access, Arena, Buffer, Graph, GraphId, Module, Op, Slate, Step, Task};

use crate::context::Outcome;
use crate::{Context, Pass, Subject, fixed, temporaries};

/// See the module.
pub struct RemoveRedundantCopies;

const NAME: &str = "remove-redundant-copies";
/// How many equal pairs are remembered for each buffer; the oldest is forgotten first.
const MOST: usize = 32;

impl Pass for RemoveRedundantCopies {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "removes copies of bytes that are there already"
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        let mut is_noted = false;
        let mut equal = Equal::default();
        for id in fixed::changeable(module) {
            let found = redundant(module, &module.graphs[id], &mut equal);
            if found.is_empty() {
                continue;
            }
            if !std::mem::replace(&mut is_noted, true) {
                // What is removed may be the only use of a temporary by another graph.
                temporaries::local(module, context);
            }
            remove(module.change(), id, &found, context);
        }
    }
}

fn remove(module: &mut Module, id: GraphId, found: &[Task], context: &mut Context<'_>) {
    for &task in found {
        let printed = acg_ir::print::task(module, &module.graphs[id], task);
        let text = format!("`{printed}` removed: the bytes are there already");
        context.remark(NAME, Outcome::Done, module, (id, task), text);
    }
    context.count(NAME, "copies removed", found.len() as u64);
    let graph = &mut module.graphs[id];
    let mut gone = Arena::filled(graph.tasks.len(), false);
    for &task in found {
        gone[task] = true;
    }
    graph.steps.retain(|step| !matches!(*step, Step::Task(task) if gone[task]));
}

/// The copies of a graph that do nothing; `equal` is used for one graph after the other.
fn redundant(module: &Module, graph: &Graph, equal: &mut Equal) -> Vec<Task> {
    if !graph.tasks.values().any(|task| matches!(task.op, Op::Copy | Op::Copy2d)) {
        return Vec::new();
    }
    let named = crate::named::named(module, graph);
    equal.wipe();
    let mut found = Vec::new();
    let mut blocks = 0usize;
    for step in &graph.steps {
        let task = match *step {
            Step::Open(_) => {
                blocks += 1;
                continue;
            }
            Step::Close => {
                blocks = blocks.saturating_sub(1);
                continue;
            }
            Step::Task(task) => task,
        };
        let data = &graph.tasks[task];
        let copied = matches!(data.op, Op::Copy | Op::Copy2d)
            .then(|| {
                let source = module.access(*data.inputs.of(&module.operands).first()?).ok()?;
                Some((source, module.access(*data.outputs.of(&module.operands).first()?).ok()?))
            })
            .flatten();
        let is_kept = blocks > 0 || data.name.is_some_and(|name| named.contains(&name));
        if let Some((source, target)) = &copied
            && !is_kept
            && (source == target || equal.are(source, target))
        {
            found.push(task);
            continue;
        }
        for &operand in writes(module, data) {
            if let Ok(access) = module.access(operand) {
                equal.forget(&access);
            }
        }
        if let Some((source, target)) = copied
            && !(source.root == target.root && source.extent.overlaps(&target.extent))
        {
            equal.note(source, target);
        }
    }
    found
}

/// Ranges that hold the same bytes.
#[derive(Default)]
struct Equal {
    pairs: Vec<Option<(Access, Access)>>,
    /// Pairs by the buffers of their ranges, oldest first.
    of: Slate<Buffer, Vec<u32>>,
}

impl Equal {
    fn wipe(&mut self) {
        self.pairs.clear();
        self.of.wipe();
    }

    fn are(&self, first: &Access, second: &Access) -> bool {
        self.of.at(first.root).into_iter().flatten().any(|&pair| match &self.pairs[pair as usize] {
            Some((one, other)) => (one, other) == (first, second) || (one, other) == (second, first),
            None => false,
        })
    }

    fn note(&mut self, first: Access, second: Access) {
        let pair = self.pairs.len() as u32;
        let roots = [first.root, second.root];
        self.pairs.push(Some((first, second)));
        for root in roots {
            let (of, pairs) = (self.of.or_set(root, Vec::new), &mut self.pairs);
            of.retain(|&pair| pairs[pair as usize].is_some());
            if of.len() >= MOST {
                pairs[of.remove(0) as usize] = None;
            }
            of.push(pair);
        }
    }

    /// Forgets what a write changes.
    fn forget(&mut self, written: &Access) {
        let pairs = &mut self.pairs;
        for &pair in self.of.at(written.root).into_iter().flatten() {
            let touches =
                |access: &Access| access.root == written.root && access.extent.overlaps(&written.extent);
            if pairs[pair as usize].as_ref().is_some_and(|(first, second)| touches(first) || touches(second))
            {
                pairs[pair as usize] = None;
            }
        }
    }
}
