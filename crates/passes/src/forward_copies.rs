//! `forward-copies`: lets the readers of a copy read the original, where the copy is not needed then.
//!
//! Looks at copies of one whole device buffer to a whole temporary of the same type, in `auto` graphs. Where every read of the temporary
//! until it is overwritten can take the original, because nothing has written that in between, the copy goes. A reader in a task group keeps
//! the copy, because an update may give it other operands, and so does one that itself writes the original.

use acg_ir::dependence::{reads, writes};
use acg_ir::{Arena, Buffer, Graph, GraphId, List, Module, Op, Operand, Scope, Slate, Step, Task, TaskData};

use crate::context::Outcome;
use crate::{Context, Pass, Subject, fixed, named, temporaries};

/// See the module.
pub struct ForwardCopies;

const NAME: &str = "forward-copies";
/// How many copies of copies are followed.
const DEPTH: usize = 4;

impl Pass for ForwardCopies {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "lets the readers of a copied temporary read the original, where the copy is not needed then"
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        let local = temporaries::local(module, context);
        let mut tables = Tables::default();
        for id in fixed::changeable(module)
            .into_iter()
            .filter(|&id| module.graphs[id].is_auto() && has_copies(&module.graphs[id]))
            .collect::<Vec<_>>()
        {
            // A copy of a copy can go once the first one has gone.
            for _ in 0..DEPTH {
                let found = Search::new(module, &module.graphs[id], &local, &mut tables).run();
                if found.is_empty() {
                    break;
                }
                let module = module.change();
                for copy in &found {
                    forward(module, id, copy, context);
                }
                context.count(NAME, "copies removed", found.len() as u64);
                let mut gone = Arena::filled(module.graphs[id].tasks.len(), false);
                for copy in &found {
                    gone[copy.task] = true;
                }
                module.graphs[id].steps.retain(|step| !matches!(*step, Step::Task(task) if gone[task]));
            }
        }
    }
}

fn has_copies(graph: &Graph) -> bool {
    graph.program().any(|task| matches!(graph.tasks[task].op, Op::Copy | Op::Copy2d))
}

/// Whether the operator writes what it reads there: one parameter of the call, which cannot be read elsewhere.
fn is_in_place(module: &Module, data: &TaskData, operand: Operand) -> bool {
    matches!(data.op, Op::Operator(id) if id.operator().is_in_place())
        && writes(module, data).contains(&operand)
}

/// Whether the task writes what it would read there: it may do so before it has read everything.
fn writes_over(module: &Module, data: &TaskData, operand: Operand) -> bool {
    let Ok(read) = module.access(operand) else { return true };
    let mut written = writes(module, data).iter().filter_map(|&operand| module.access(operand).ok());
    written.any(|written| written.root == read.root && written.extent.overlaps(&read.extent))
}

/// A copy that could go.
#[derive(Clone)]
struct Copy {
    task: Task,
    source: Buffer,
    target: Buffer,
    /// Whether the original still holds what was copied.
    is_fresh: bool,
    /// Whether something needs the copy.
    is_needed: bool,
    readers: Vec<Task>,
}

/// Lets the readers of `copy` read its source.
fn forward(module: &mut Module, id: GraphId, copy: &Copy, context: &mut Context<'_>) {
    let printed = acg_ir::print::task(module, &module.graphs[id], copy.task);
    let text = format!("`{printed}` removed: its readers take the original");
    context.remark(NAME, Outcome::Done, module, (id, copy.task), text);
    for &reader in &copy.readers {
        let inputs = module.graphs[id].tasks[reader].inputs;
        let moved: Vec<Operand> = inputs
            .of(&module.operands)
            .iter()
            .map(|operand| {
                let buffer = if operand.buffer == copy.target { copy.source } else { operand.buffer };
                Operand { buffer, ..*operand }
            })
            .collect();
        module.graphs[id].tasks[reader].inputs = List::push_to(&mut module.operands, moved);
    }
}

/// What graphs are searched with, one after the other.
#[derive(Default)]
struct Tables {
    /// The copy that a temporary's contents come from.
    from: Slate<Buffer, Option<u32>>,
    /// Copies whose original is this buffer.
    to: Slate<Buffer, Vec<u32>>,
    /// Targets of copies that go.
    gone: Slate<Buffer, ()>,
}

struct Search<'m> {
    module: &'m Module,
    graph: &'m Graph,
    local: &'m Arena<Buffer, bool>,
    copies: Vec<Copy>,
    tables: &'m mut Tables,
}

impl<'m> Search<'m> {
    fn new(
        module: &'m Module,
        graph: &'m Graph,
        local: &'m Arena<Buffer, bool>,
        tables: &'m mut Tables,
    ) -> Self {
        tables.from.wipe();
        tables.to.wipe();
        tables.gone.wipe();
        Self { module, graph, local, copies: Vec::new(), tables }
    }

    fn run(mut self) -> Vec<Copy> {
        let named = named::named(self.module, self.graph);
        let mut groups: Vec<bool> = Vec::new();
        for step in &self.graph.steps {
            match *step {
                Step::Open(scope) => groups.push(matches!(scope, Scope::Group(_) | Scope::Relaxed)),
                Step::Close => {
                    groups.pop();
                }
                Step::Task(task) => {
                    let data = &self.graph.tasks[task];
                    let is_fixed = groups.contains(&true);
                    self.reads(task, data, is_fixed);
                    self.writes(data);
                    let may_go = !is_fixed && data.name.is_none_or(|name| !named.contains(&name));
                    if may_go && let Some((source, target)) = self.whole_copy(data) {
                        let copy = self.copies.len() as u32;
                        let readers = Vec::new();
                        self.copies.push(Copy {
                            task,
                            source,
                            target,
                            is_fresh: true,
                            is_needed: false,
                            readers,
                        });
                        self.tables.from.set(target, Some(copy));
                        self.tables.to.or_set(source, Vec::new).push(copy);
                    }
                }
            }
        }
        // A source that is itself the target of a copy that goes would leave its readers without contents; one at a time.
        let gone = &mut self.tables.gone;
        self.copies.retain(|copy| {
            let goes = !copy.is_needed && !copy.readers.is_empty() && gone.at(copy.source).is_none();
            if goes {
                gone.set(copy.target, ());
            }
            goes
        });
        self.copies
    }

    fn reads(&mut self, task: Task, data: &TaskData, is_fixed: bool) {
        let module = self.module;
        let inputs = data.inputs.of(&module.operands);
        for (position, operand) in reads(module, data).enumerate() {
            let Ok(access) = module.access(operand) else { continue };
            let Some(copy) = self.tables.from.at(access.root).copied().flatten() else { continue };
            let copy = &mut self.copies[copy as usize];
            let can_take = position < inputs.len()
                && operand.buffer == copy.target
                && copy.is_fresh
                && !is_fixed
                && !is_in_place(module, data, operand)
                && !writes_over(module, data, Operand { buffer: copy.source, ..operand });
            if !can_take {
                copy.is_needed = true;
            } else if copy.readers.last() != Some(&task) {
                copy.readers.push(task);
            }
        }
    }

    fn writes(&mut self, data: &TaskData) {
        for &operand in writes(self.module, data) {
            let Ok(access) = self.module.access(operand) else { continue };
            if let Some(copy) = self.tables.from.at_mut(access.root).and_then(Option::take) {
                let size = self.module.byte_size(&self.module.buffers[access.root].ty);
                // What is left of the copy under a partial write is read together with the new bytes.
                if Some(access.extent.len()) != size {
                    self.copies[copy as usize].is_needed = true;
                }
            }
            for copy in self.tables.to.at_mut(access.root).into_iter().flat_map(|copies| copies.drain(..)) {
                self.copies[copy as usize].is_fresh = false;
            }
        }
    }

    /// The buffers of a copy of a whole device buffer to a whole temporary of this graph.
    fn whole_copy(&self, data: &TaskData) -> Option<(Buffer, Buffer)> {
        let only = |list: List<Operand>| match list.of(&self.module.operands) {
            [Operand { buffer, slice: None }] => Some(*buffer),
            _ => None,
        };
        let (source, target) = (only(data.inputs)?, only(data.outputs)?);
        let (from, to) = (&self.module.buffers[source], &self.module.buffers[target]);
        let same_type = from.ty == to.ty
            || (self.module.shape(&from.ty) == self.module.shape(&to.ty)
                && element(from.ty) == element(to.ty));
        let fits = data.op == Op::Copy
            && source != target
            && from.view.is_none()
            && to.view.is_none()
            && !from.space.is_host()
            && self.local[target]
            && same_type;
        fits.then_some((source, target))
    }
}

fn element(ty: acg_ir::module::TensorType) -> Option<acg_ir::DType> {
    match ty {
        acg_ir::module::TensorType::Tensor { dtype, .. } => Some(dtype),
        acg_ir::module::TensorType::Bytes(_) => None,
    }
}
