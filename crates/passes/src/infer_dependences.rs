//! `infer-dependences`: writes down what the tasks of an `auto` graph depend on.
//!
//! Every dependence that follows from the data becomes an `after`, with names for the tasks that have none. It changes nothing, and shows
//! everything that a scheduler has to respect.

use acg_ir::{GraphId, Inference, List, Module, Op, Symbol, Task, Value};
use rustc_hash::FxHashSet;

use crate::{Context, Pass, Subject};

/// See the module.
pub struct InferDependences;

const NAME: &str = "infer-dependences";

impl Pass for InferDependences {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "writes the dependences of an auto graph down as `after`, with names for tasks that have none"
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        let auto: Vec<GraphId> =
            module.graphs.iter().filter(|(_, graph)| graph.is_auto()).map(|(id, _)| id).collect();
        let mut inference = Inference::new(module);
        for id in auto {
            let added = infer(module, id, &mut inference);
            context.count(NAME, "dependences written", added);
        }
    }
}

/// Writes the dependences of one graph; gives how many were not written yet.
fn infer(module: &mut Subject<'_>, id: GraphId, inference: &mut Inference) -> u64 {
    let dependences = inference.dependences(module, &module.graphs[id]);
    let mut names = Names::new(module, id);
    let mut added = 0;
    let program: Vec<Task> = module.graphs[id].program().collect();
    for task in program {
        if !module.graphs[id].tasks[task].op.takes_stream() {
            continue;
        }
        let mut before: Vec<Task> = dependences.predecessors(task).map(|(earlier, _)| earlier).collect();
        before.retain(|&earlier| module.graphs[id].tasks[earlier].op.takes_stream());
        before.sort_unstable();
        let mut after: Vec<Value> = module.after(&module.graphs[id].tasks[task]).to_vec();
        let written = after.len();
        for earlier in before {
            let name = names.of(module, id, earlier);
            let is_there = after.iter().any(|value| matches!(*value, Value::Word(word) if word == name));
            if !is_there {
                after.push(Value::Word(name));
            }
        }
        if after.len() > written {
            added += (after.len() - written) as u64;
            let module = module.change();
            let after = List::push_to(&mut module.values, after);
            module.graphs[id].tasks[task].after = module.rare_lists.keep(after);
        }
    }
    added
}

/// Names of tasks within one graph.
struct Names {
    taken: FxHashSet<Symbol>,
    next: u32,
}

impl Names {
    fn new(module: &Module, id: GraphId) -> Self {
        let graph = &module.graphs[id];
        let tasks = graph.tasks.values().filter_map(|data| data.name);
        Self { taken: tasks.chain(graph.groups.values().map(|group| group.name)).collect(), next: 1 }
    }

    fn of(&mut self, module: &mut Subject<'_>, id: GraphId, task: Task) -> Symbol {
        if let Some(name) = module.graphs[id].tasks[task].name {
            return name;
        }
        let base = match module.graphs[id].tasks[task].op {
            Op::Operator(operator) => operator.operator().name.trim_start_matches("aclnn").to_lowercase(),
            Op::Kernel(_) => "kernel".to_owned(),
            Op::Fill(_) => "fill".to_owned(),
            Op::Copy | Op::Copy2d | Op::CopyBatch => "copy".to_owned(),
            _ => "task".to_owned(),
        };
        let module = module.change();
        loop {
            let name = module.symbols.intern(&format!("{base}.{}", self.next));
            self.next += 1;
            if self.taken.insert(name) {
                module.graphs[id].tasks[task].name = Some(name);
                return name;
            }
        }
    }
}
