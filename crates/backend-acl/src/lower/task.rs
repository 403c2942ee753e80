//! One task: which family it belongs to, and its name behind the call.

use acg_calls::{Api, Arg, CallId};
use acg_ir::task_attribute::Tasks;
use acg_ir::{BodyId, Op, Task, TaskData};

use super::{Cause, Lowerer, int};
use crate::launch::Launch;

/// A task that is being lowered.
#[derive(Clone, Copy)]
pub(super) struct Line<'m> {
    pub(super) body: BodyId,
    pub(super) task: Task,
    pub(super) data: &'m TaskData,
    pub(super) stream: Arg,
}

impl<'m> Lowerer<'m> {
    /// The calls of one task.
    pub(super) fn task(&mut self, body: BodyId, task: Task) {
        let Some(lines) = self.body_of(body) else { return };
        let data: &'m TaskData = &lines.tasks[task];
        let line = Line { body, task, data, stream: self.stream(data.stream) };
        self.because(Cause::Task(body, task));
        match data.op {
            Op::Copy | Op::CopySync | Op::Copy2d => self.copy(line),
            Op::CopyBatch => self.copy_batch(line),
            Op::Fill(byte) | Op::FillSync(byte) => self.fill(line, byte),
            Op::Reduce(kind) => self.reduce(line, kind),
            Op::Cache(kind) => self.cache(line, kind),
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
            Op::Execute(graph) => self.execute_graph(line, graph),
            Op::ExecuteSegment { graph, segment } => self.execute_segment(line, graph, segment),
            Op::Exchange(mode) => self.exchange(mode),
            Op::Cond(cond) => self.condition(line, cond),
            Op::AddCond { kind, cond, branches, models } => {
                self.add_cond(line, (kind, cond), branches, models);
            }
            Op::CaptureBegin { into, mode } => self.begin_capture(line, into, mode),
            Op::CaptureEnd(handle) => self.end_capture(line, handle),
            Op::GroupBegin => self.begin_group(line),
            Op::GroupEnd(group) => self.end_group(line, group),
            Op::ExecuteHandle(handle) => self.execute_handle(line, handle),
            Op::DumpHandle { handle, path, verbose } => {
                let handle = self.handles.called[handle];
                self.print_handle(line, handle, path, verbose);
            }
            Op::Call(text) => self.bare_call(line, text),
            Op::UpdateBegin(group) => self.begin_update(line, group),
            Op::UpdateEnd => self.end_update(line),
            Op::Segment => {
                if let BodyId::Graph(graph) = body {
                    self.next_segment(graph);
                }
            }
            Op::Capture(graph) => self.capture(graph),
            Op::Dump { graph, path, verbose } => self.print_model(line, graph, path, verbose),
            Op::Init | Op::Print | Op::Expect => self.host_memory(line),
            Op::LoadModel(model) => self.load_model(line, model),
            Op::UnloadModel(model) => self.unload_model(line, model),
            Op::ExecuteModel(model) | Op::ExecuteModelSync(model) => self.execute_om_model(line, model),
            Op::GeAdd { graph, .. }
            | Op::GeCompile(graph)
            | Op::GeLoad(graph)
            | Op::GeRun(graph)
            | Op::GeRunSync(graph)
            | Op::GeRemove(graph) => self.ge_call(line, graph),
        }
        self.keep_info(line);
    }

    /// What the dump shows beside a task that a graph stores, where it is given.
    fn keep_info(&mut self, line: Line<'_>) {
        if !self.keys.any_info() || !Tasks::Stored.contains(&line.data.op) {
            return;
        }
        let Some(info) = Launch::of(self.module, &self.keys, line.data).info else { return };
        let info = self.module.text(info);
        if !info.is_empty() {
            let (text, size) = (self.log().text_arg(info), int(info.len() as u64));
            self.call(Api::CacheLastTaskExtendInfo, &[text, size]);
        }
    }

    /// Puts the task's name behind its call: the one that it had where it came from, else the one after `as`.
    pub(super) fn named(&mut self, call: CallId, line: Line<'_>) {
        let is_any_named = self.keys.any_name();
        let original = is_any_named.then(|| Launch::of(self.module, &self.keys, line.data).name).flatten();
        if let Some(name) = original.or(line.data.name) {
            self.lowered.log.note(call, self.module.text(name));
        }
    }
}
