//! Where each buffer of a task graph lives.
//!
//! The host's side of a copy is in host memory, if nothing speaks against it: pinned, or registered where kernels use it too, since
//! kernels reach no other host memory. All others are on the device, and temporaries are the compiler's to place.

use acg_ir::{Engine, HostMemory, Space};

use super::graph::{TaskGraph, TaskRecord};
use super::resolve::Resolved;

/// What a task of a task graph becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A kernel.
    Kernel,
    /// Copies from each buffer that is read to the one that is written, by this engine.
    Copy(Engine),
}

impl Form {
    /// The form of a task: a copy needs as many sources as destinations.
    pub(super) fn of(graph: &TaskGraph, task: &TaskRecord) -> Self {
        let is_copy = match task.kind.map(|kind| graph.texts.text(kind)) {
            None | Some("copy" | "copy_h2d" | "copy_d2h" | "copy_d2d") => true,
            Some(_) => false,
        };
        let engine = copy_engine(graph, task).or_else(|| engine_word(graph, task));
        match engine {
            Some(engine) if is_copy && !engine.is_slot() && !task.reads.is_empty() => {
                if task.reads.len() == task.writes.len() { Self::Copy(engine) } else { Self::Kernel }
            }
            _ => Self::Kernel,
        }
    }
}

/// The engine that a task occupies by what the file says of it, if it says anything.
pub(super) fn wanted_engine(graph: &TaskGraph, task: &TaskRecord) -> Option<Engine> {
    engine_word(graph, task).or_else(|| copy_engine(graph, task))
}

fn engine_word(graph: &TaskGraph, task: &TaskRecord) -> Option<Engine> {
    Engine::parse(graph.texts.text(task.engine?))
}

/// The direction that a task's kind names.
fn copy_engine(graph: &TaskGraph, task: &TaskRecord) -> Option<Engine> {
    match graph.texts.text(task.kind?) {
        "copy_h2d" => Some(Engine::HostToDevice),
        "copy_d2h" => Some(Engine::DeviceToHost),
        "copy_d2d" => Some(Engine::DeviceToDevice),
        _ => None,
    }
}

/// How a buffer is used.
#[derive(Clone, Copy, Default)]
struct Uses {
    as_host: bool,
    as_device: bool,
    by_kernel: bool,
}

/// The memory of every buffer, and how many are both ends of copies, so that they are on the device although a copy takes them
/// for host memory.
pub(super) fn spaces(graph: &TaskGraph, resolved: &Resolved) -> (Vec<Space>, usize) {
    let mut uses = vec![Uses::default(); graph.buffers.len()];
    for task in &graph.tasks {
        let form = Form::of(graph, task);
        for buffer in resolved.buffers(graph, task.reads) {
            uses[buffer as usize].note(form, Engine::HostToDevice);
        }
        for buffer in resolved.buffers(graph, task.writes) {
            uses[buffer as usize].note(form, Engine::DeviceToHost);
        }
    }
    let spaces = graph.buffers.iter().zip(&uses).map(|(buffer, uses)| {
        let is_temp = buffer.io.is_some_and(|io| graph.texts.text(io) == "temp");
        match (uses.as_host && !uses.as_device, uses.by_kernel) {
            (true, false) => Space::Host(HostMemory::Pinned),
            (true, true) => Space::Host(HostMemory::Registered),
            (false, _) if is_temp => Space::Temp,
            (false, _) => Space::Device,
        }
    });
    (spaces.collect(), uses.iter().filter(|uses| uses.as_host && uses.as_device).count())
}

impl Uses {
    /// Notes a use by a task of `form`; copies by `on_host` have their host's side here.
    fn note(&mut self, form: Form, on_host: Engine) {
        match form {
            Form::Kernel => self.by_kernel = true,
            Form::Copy(engine) if engine == on_host => self.as_host = true,
            Form::Copy(_) => self.as_device = true,
        }
    }
}
