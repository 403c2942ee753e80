//! One task: which family it belongs to, and its name behind the call.

use acg_calls::{Arg, CallId};
use acg_ir::graph::SourceRange;
use acg_ir::{Entity, GraphId, Op, Task, TaskData};

use super::{Cause, Lowerer};
use crate::launch::Launch;

/// A task that is being lowered.
#[derive(Clone, Copy)]
pub(super) struct Line<'m> {
    pub(super) graph: GraphId,
    pub(super) task: Task,
    pub(super) data: &'m TaskData,
    pub(super) stream: Arg,
}

impl<'m> Lowerer<'m> {
    /// The source line of a task, where it has one.
    pub(super) fn line(&self, graph: GraphId, task: Task) -> Option<SourceRange> {
        self.module.graphs[graph].spans.values().as_slice().get(task.index()).copied()
    }

    /// The calls of one task.
    pub(super) fn task(&mut self, graph: GraphId, task: Task) {
        let module = self.module;
        let data: &'m TaskData = &module.graphs[graph].tasks[task];
        let stream = data.stream.map_or(Arg::Null, |stream| self.handles.streams[stream]);
        let line = Line { graph, task, data, stream };
        self.because(Cause::Task(graph, task), self.line(graph, task));
        match data.op {
            Op::Copy | Op::CopySync | Op::Copy2d => self.copy(line),
            Op::CopyBatch => self.copy_batch(line),
            Op::Fill(byte) | Op::FillSync(byte) => self.fill(line, byte),
            Op::Reduce(kind) => self.reduce(line, kind),
            Op::Operator(_) => self.launch_operator(line),
            Op::Kernel(name) => self.launch_kernel(line, name),
            Op::Record { event, external } => self.record(line, event, external),
            Op::Wait { event, external } => self.wait(line, event, external),
            Op::Reset(event) => self.reset(line, event),
            Op::RecordNotify(notify) => self.record_notify(line, notify),
            Op::WaitNotify(notify) => self.wait_notify(line, notify),
            Op::WriteValue(value) => self.write_value(line, value),
            Op::WaitValue(compare, value) => self.wait_value(line, compare, value),
            Op::Callback { function, block } => self.callback(line, function, block),
            Op::HostFunc(function) => self.host_func(line, function),
            Op::Sync(target) => self.sync(line, target),
            Op::Query(target) => self.query(line, target),
            Op::Elapsed(start, end) => self.elapsed(line, start, end),
            Op::Destroy(target) => self.destroy(line, target),
            Op::Execute(graph) => self.execute_model(line, graph),
            Op::Exchange(mode) => self.exchange(mode),
            _ => {}
        }
    }

    /// Puts the task's name behind its call: the one that it had where it came from, else the one after `as`.
    pub(super) fn named(&mut self, call: CallId, line: Line<'_>) {
        let original = Launch::of(self.module, &self.keys, line.data).name;
        if let Some(name) = original.or(line.data.name) {
            self.lowered.log.note(call, self.module.text(name));
        }
    }
}
