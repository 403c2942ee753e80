//! A task graph as JSON becomes an `auto` graph with costs.
//!
//! | what | where |
//! |---|---|
//! | the graph as the file has it | `graph`, `read`, `json` |
//! | what is wrong with a file | `problem` |
//! | references, ids and edges | `resolve` |
//! | where each buffer lives | `memory` |
//! | each task as a line | `say` |
//! | edges that reads and writes do not imply | `order` |
//! | large graphs out of a seed | `generate` |
//!
//! ```text
//! bytes ──read──▶ TaskGraph ──resolve──▶ Resolved ──say, order──▶ module
//! ```
//!
//! **Invariant:** what depends on what in the program is the transitive closure of the file's edges, and of the conflicts
//! between its reads and writes where these say more.
//! **Invariant:** time and memory are proportional to the file.

mod generate;
mod graph;
mod json;
mod memory;
mod order;
mod problem;
mod read;
mod resolve;
mod say;

use acg_ir::module::{Note, NoteKind};
use acg_ir::{Graph, Item, Mode, Module};

use crate::draft::Draft;
use crate::remark::Remark;
use crate::target::TargetName;

pub use generate::{Shape, generate};
pub use graph::{BufferRecord, TaskGraph, TaskRecord, Text};
use order::Order;
pub use problem::{Problem, TaskGraphError};
pub use read::{is_task_graph, read_task_graph};
use resolve::Resolved;
use say::Sayer;

/// A program made from a task graph.
#[derive(Debug)]
pub struct ImportedTasks {
    /// The program: one `auto` graph.
    pub module: Module,
    /// What to know about it.
    pub remarks: Vec<Remark>,
    /// How many tasks it has.
    pub tasks: usize,
    /// How many different edges the file gives.
    pub edges: usize,
    /// How many of them no reads and writes imply, so that they stand behind `after`.
    pub after: usize,
}

/// Makes a program of `graph`.
///
/// The graph is called as the file says, else `stem`. `target` is what the `target` line says, for no line `None`.
///
/// # Errors
///
/// Everything that keeps the file from being a graph: references to nothing, edges that go backward, names given twice.
pub fn import_task_graph(
    graph: &TaskGraph,
    stem: &str,
    target: Option<&TargetName>,
) -> Result<ImportedTasks, TaskGraphError> {
    let resolved = Resolved::of(graph)?;
    let mut draft = Draft::default();
    if let Some(target) = target {
        draft.target(target);
    }
    draft.top_comment(&about(graph));
    let mut sayer = Sayer::new(graph, &resolved, draft);
    let mut auto = Graph::new(sayer.graph_name(stem), None, Mode::Global);
    for task in 0..resolved.tasks() {
        let data = sayer.task(task);
        auto.push(data, acg_ir::graph::SourceRange::default());
    }
    let order = Order::of(graph, &resolved);
    sayer.name_tasks(&mut auto, &order.after);
    sayer.remarks.extend(order.remarks(graph, &resolved));
    let (mut module, remarks) = sayer.finish();
    module.trivia.notes.extend(blank_line(&module));
    let graph = module.graphs.push(auto);
    module.items.push(Item::Graph(graph));
    Ok(ImportedTasks {
        module,
        remarks,
        tasks: resolved.tasks() as usize,
        edges: resolved.edges.len(),
        after: order.after.len(),
    })
}

/// What sets the graph apart from declarations, if there are any.
fn blank_line(module: &Module) -> Option<Note> {
    let line = module.items.len() as u32;
    (line > 0).then_some(Note { line, kind: NoteKind::Blank })
}

/// Where the program comes from.
fn about(graph: &TaskGraph) -> String {
    let text = |text: Option<Text>| text.map_or("", |text| graph.texts.text(text));
    let (name, source) = (text(graph.name), text(graph.source));
    let tasks = graph.tasks.len();
    let from = format!("imported from a graph of {tasks} task{}", if tasks == 1 { "" } else { "s" });
    match (name, source) {
        ("", "") => from,
        (only, "") | ("", only) => format!("{from}: {only}"),
        _ => format!("{from}: {name}; {source}"),
    }
}
