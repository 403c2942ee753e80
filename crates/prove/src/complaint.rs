//! What a proof finds fault with.

use acg_ir::{Buffer, GraphId, Module, Symbol, Task};

/// A way in which a result does not mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// There are other graphs than before, or one has another name or mode.
    Graphs,
    /// The host program is not line by line what it was.
    Run,
    /// A line of the host program came from nowhere: it is not proved to do once what a graph did on every execution.
    NewLine(Task),
    /// A graph with branches is not line by line what it was.
    Lines(GraphId),
    /// The target is another than before.
    Target,
    /// A declaration is another than before.
    Declared(Symbol),
    /// A task is gone although something sees what it does.
    Gone(GraphId, Task),
    /// A task came from nowhere that does more than order.
    New(GraphId, Task),
    /// A task does something else, or has another name or other attributes.
    Changed(GraphId, Task),
    /// A task sees other values than before.
    Sees(GraphId, Task),
    /// A result of a task shares bytes with another of its operands and did not before.
    Overlaps(GraphId, Task),
    /// A task stands in another block, or elsewhere in it.
    Block(GraphId, Task),
    /// A graph has other task groups or `relaxed` blocks.
    Blocks(GraphId),
    /// The host makes other calls while it captures, or in another order.
    Host(GraphId),
    /// A buffer ends with other contents.
    Left(GraphId, Buffer),
    /// Two tasks that touch the same bytes are not ordered.
    Unordered(GraphId, Task, Task),
    /// Two tasks that had to follow each other need not any more.
    LostOrder(GraphId, Task, Task),
    /// Two tasks follow each other that did not have to, in a graph that something outside may block.
    NewOrder(GraphId, Task, Task),
    /// A task was put on another stream where streams are to be kept.
    Moved(GraphId, Task),
    /// An event is recorded again while a wait for its last record may still be open.
    Reused(GraphId, Task, Task),
    /// A graph is on more streams than are allowed.
    Streams(GraphId, u32),
    /// There are more events than the target has.
    Events(u32),
}

impl Complaint {
    /// The complaint in words; `module` is the result.
    pub fn describe(&self, module: &Module) -> String {
        let name = |graph: GraphId| module.text(module.graphs[graph].name);
        let task = |graph: GraphId, task: Task| {
            let of = &module.graphs[graph];
            // A task that should be there and never was has no line.
            if (acg_ir::Entity::index(task)) < of.tasks.len() {
                format!("`{}` of {}", acg_ir::print::task(module, of, task), name(graph))
            } else {
                format!("{task} of {}", name(graph))
            }
        };
        match *self {
            Self::Graphs => "there are other graphs than before".to_owned(),
            Self::Run => "the host program has other lines than before".to_owned(),
            Self::NewLine(line) => {
                let run = module.run.as_ref().filter(|run| acg_ir::Entity::index(line) < run.tasks.len());
                let line = run.map_or_else(|| line.to_string(), |run| acg_ir::print::task(module, run, line));
                format!("`{line}` of the host program came from nowhere")
            }
            Self::Lines(graph) => format!("{} has branches and other lines than before", name(graph)),
            Self::Declared(name) => format!("{} is declared otherwise than before", module.text(name)),
            Self::Target => "the target is another than before".to_owned(),
            Self::Gone(graph, gone) => format!("{} is gone", task(graph, gone)),
            Self::New(graph, new) => format!("{} came from nowhere", task(graph, new)),
            Self::Changed(graph, changed) => format!("{} is not the task it was", task(graph, changed)),
            Self::Sees(graph, sees) => format!("{} sees other values than before", task(graph, sees)),
            Self::Overlaps(graph, overlaps) => {
                format!("{} writes over its own operands, and did not before", task(graph, overlaps))
            }
            Self::Block(graph, moved) => format!("{} stands elsewhere among blocks", task(graph, moved)),
            Self::Blocks(graph) => format!("{} has other blocks than before", name(graph)),
            Self::Host(graph) => format!("the host makes other calls while it captures {}", name(graph)),
            Self::Left(graph, buffer) => {
                let buffer = module.text(module.buffers[buffer].name);
                format!("{buffer} holds other values after {}", name(graph))
            }
            Self::Unordered(graph, first, second) => {
                format!("nothing orders {} and {}", task(graph, first), task(graph, second))
            }
            Self::LostOrder(graph, first, second) => {
                let first = task(graph, first);
                format!("{first} need not be complete before {} any more", task(graph, second))
            }
            Self::NewOrder(graph, first, second) => {
                let first = task(graph, first);
                format!("{first} has to be complete before {}, which was not so", task(graph, second))
            }
            Self::Moved(graph, moved) => format!("{} is on another stream", task(graph, moved)),
            Self::Reused(graph, wait, record) => {
                let wait = task(graph, wait);
                format!("{wait} may still be open when {} starts", task(graph, record))
            }
            Self::Streams(graph, count) => format!("{} is on {count} streams", name(graph)),
            Self::Events(count) => format!("there are {count} events"),
        }
    }
}
