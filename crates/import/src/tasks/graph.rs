//! A task graph as its file has it.

use acg_entity::Texts;
use acg_ir::List;

acg_entity::entity! {
    /// A name of a task graph.
    Text, "text"
}

/// A task graph: tasks with what they cost, read and write, and edges between them (bench, "Files").
#[derive(Clone, Debug, Default)]
pub struct TaskGraph {
    /// What the graph is called.
    pub name: Option<Text>,
    /// Where it comes from.
    pub source: Option<Text>,
    /// All texts.
    pub texts: Texts<Text>,
    /// The tasks, in the order of the file.
    pub tasks: Vec<TaskRecord>,
    /// The buffers, in the order of the file.
    pub buffers: Vec<BufferRecord>,
    /// Ids of a task and of one that depends on it; `None` where the file has no `edges`.
    pub edges: Option<Vec<(u64, u64)>>,
    /// The names of the buffers that tasks read and write.
    pub accesses: Vec<Text>,
    /// How many costs were no whole number of nanoseconds.
    pub rounded: u32,
}

/// One task.
#[derive(Clone, Copy, Debug)]
pub struct TaskRecord {
    /// Its id; where it has none, its place in the file.
    pub id: u64,
    /// Its name.
    pub name: Text,
    /// `kernel`, `copy_h2d`, `copy_d2h` or `copy_d2d`.
    pub kind: Option<Text>,
    /// How long it runs, in nanoseconds.
    pub cost: Option<u64>,
    /// How many cores it occupies.
    pub cores: Option<u32>,
    /// `cube`, `vector`, `any`, `h2d`, `d2h` or `sdma`.
    pub engine: Option<Text>,
    /// What it reads, in [`TaskGraph::accesses`].
    pub reads: List<Text>,
    /// What it writes.
    pub writes: List<Text>,
}

/// One buffer.
#[derive(Clone, Copy, Debug)]
pub struct BufferRecord {
    /// Its name.
    pub name: Text,
    /// Its size.
    pub bytes: u64,
    /// `input`, `output` or `temp`.
    pub io: Option<Text>,
}
