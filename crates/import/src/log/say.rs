//! Each call of a capture as a line.
//!
//! A call that cannot be said says why; nothing is said halfway.

mod copy;
mod host;
mod kernel;
mod operator;
mod order;

use acg_calls::{Api, Arg, CallView};
use acg_ir::task_attribute::Tasks;
use acg_ir::{GraphId, Op, TaskData};

use super::LogImport;
use crate::draft::Line;
use crate::remark::RemarkKind;

/// A task, or why there is none.
type Said = Result<TaskData, String>;

impl<'l> LogImport<'l> {
    /// Writes a call into a graph, or a comment that says why not.
    pub(super) fn say(&mut self, call: &CallView<'l>, graph: GraphId) {
        if let Err(why) = self.lines_of(call, graph) {
            self.left_out(call, &why);
        }
    }

    fn lines_of(&mut self, call: &CallView<'l>, graph: GraphId) -> Result<(), String> {
        if call.call.thread != self.captures.thread(graph) {
            self.check_thread(call)?;
        }
        match call.api() {
            Api::RiCaptureTaskGrpBegin => return self.open_group(call, graph),
            Api::RiCaptureTaskGrpEnd => return self.close_group(call, graph),
            Api::Aclnn => {
                for task in self.operator(call)? {
                    self.add(call, graph, task);
                }
                return Ok(());
            }
            Api::CacheLastTaskExtendInfo => return self.info(call, graph),
            _ => {}
        }
        let task = self.task(call, graph)?;
        self.add(call, graph, task);
        Ok(())
    }

    /// What the dump shows beside the task before.
    fn info(&mut self, call: &CallView<'l>, graph: GraphId) -> Result<(), String> {
        let size = call.int(1).and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
        let Some(&Arg::Text(text)) = call.args().first() else {
            return Err("it gives no text".to_owned());
        };
        let text = self.log.text(text).get(..size).filter(|text| !text.is_empty());
        let text = text.ok_or("it keeps more bytes than the text has, or none")?;
        match self.draft.last_task(graph).filter(|task| Tasks::Stored.contains(&task.op)) {
            Some(mut task) if !self.draft.has_info(&task) => {
                self.draft.keep_info(&mut task, text);
                self.draft.replace_last_task(graph, task);
                Ok(())
            }
            Some(_) => Err("the task before it has such a text already".to_owned()),
            None => Err("no task of the graph is right before it".to_owned()),
        }
    }

    fn add(&mut self, call: &CallView<'l>, graph: GraphId, task: TaskData) {
        for _ in 0..call.call.repeat {
            self.draft.line(graph, Line::Task(task), Some(call.id.0));
        }
    }

    /// The program has one thread; work for a stream is the same whichever thread asks for it.
    fn check_thread(&mut self, call: &CallView<'l>) -> Result<(), String> {
        let takes_stream = matches!(
            call.api().params().last().map(|param| param.kind),
            Some(acg_calls::Kind::In(acg_calls::Handle::Stream))
        );
        if !takes_stream
            && !matches!(call.api(), Api::StreamWaitEvent | Api::LaunchHostFunc | Api::RecordEventWithFlag)
        {
            return Err("another thread makes it, and the program has one".to_owned());
        }
        self.remark(
            RemarkKind::Assumed,
            call,
            "another thread makes this call; in the program the one thread does",
        );
        Ok(())
    }

    fn task(&mut self, call: &CallView<'l>, graph: GraphId) -> Said {
        match call.api() {
            Api::MemcpyAsync | Api::Memcpy => self.copy(call),
            Api::Memcpy2dAsync => self.copy_rows(call),
            Api::MemcpyBatchAsync => self.copy_batch(call),
            Api::MemsetAsync | Api::Memset => self.fill(call),
            Api::ReduceAsync => self.reduce(call),
            Api::LaunchKernel
            | Api::LaunchKernelV2
            | Api::LaunchKernelWithConfig
            | Api::LaunchKernelWithHostArgs => self.kernel(call),
            Api::RecordEvent | Api::RecordEventWithFlag => self.record(call),
            Api::StreamWaitEvent | Api::StreamWaitEventWithTimeout | Api::StreamWaitEventWithFlag => {
                self.wait(call)
            }
            Api::ResetEvent => {
                let (event, stream) = (self.event_at(call, 0)?, self.stream_at(call, 1));
                Ok(TaskData::new(Op::Reset(event), Some(stream)))
            }
            Api::RecordNotify => {
                let (notify, stream) = (self.notify_at(call, 0)?, self.stream_at(call, 1));
                Ok(TaskData::new(Op::RecordNotify(notify), Some(stream)))
            }
            Api::WaitAndResetNotify => self.wait_notify(call),
            Api::ValueWrite => self.write_value(call),
            Api::ValueWait => self.wait_value(call),
            Api::LaunchCallback => self.callback(call),
            Api::LaunchHostFunc => self.host_function(call),
            _ => self.at_once(call, graph),
        }
    }
}
