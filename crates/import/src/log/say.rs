//! Each call as a line.
//!
//! A call that cannot be said says why; nothing is said halfway.

mod bare_call;
mod conditional;
mod copy;
mod host;
mod kernel;
mod operator;
mod order;
mod update;

use acg_calls::{Api, Arg, CallView};
use acg_ir::task_attribute::Tasks;
use acg_ir::{BodyId, Op, TaskData};

use super::LogImport;
use super::captures::Place;
use crate::draft::Line;

/// A task, or why there is none.
pub(super) type Said = Result<TaskData, String>;

impl<'l> LogImport<'l> {
    /// Writes a call where it belongs, or a comment that says why not.
    pub(super) fn say(&mut self, call: &CallView<'l>, place: Place) {
        if let Err(why) = self.lines_of(call, place)
            && let Err(unsaid) = self.bare_call(call, place)
        {
            self.left_out(call, &format!("{why}, and {unsaid}"));
        }
    }

    /// Writes the lines of a call, or gives the reason why there are none.
    pub(super) fn lines_of(&mut self, call: &CallView<'l>, place: Place) -> Result<(), String> {
        match call.api() {
            Api::RiCaptureToModelRiBegin => return self.begin_branch(call, place),
            Api::RiAddCondTask => return self.conditional(call, place),
            Api::RiCondHandleGetCondPtr => return self.condition_value(call),
            Api::Aclnn => {
                for task in self.operator(call)? {
                    self.add(call, place, task);
                }
                return Ok(());
            }
            Api::CacheLastTaskExtendInfo => return self.info(call, place),
            _ => {}
        }
        let task = self.task(call, place)?;
        self.add(call, place, task);
        Ok(())
    }

    /// What the dump shows beside the task before.
    fn info(&mut self, call: &CallView<'l>, place: Place) -> Result<(), String> {
        let size = call.int(1).and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
        let Some(Arg::Text(text)) = call.args().first() else {
            return Err("it gives no text".to_owned());
        };
        let text = self.log.text(text).get(..size).filter(|text| !text.is_empty());
        let text = text.ok_or("it keeps more bytes than the text has, or none")?;
        match self
            .draft
            .last_task(place.sheet, call.manner().thread)
            .filter(|task| Tasks::Stored.contains(&task.op))
        {
            Some(mut task) => {
                self.draft.keep_info(&mut task, text);
                self.draft.replace_last_task(place.sheet, task);
                Ok(())
            }
            None => Err("no task of the graph is right before it".to_owned()),
        }
    }

    pub(super) fn add(&mut self, call: &CallView<'l>, place: Place, task: TaskData) {
        for _ in 0..call.manner().repeat {
            self.write(call, place, Line::Task(task));
        }
    }

    /// Writes a line that a call becomes.
    pub(super) fn write(&mut self, call: &CallView<'l>, place: Place, line: Line) {
        self.asides.has_run |= place.body == BodyId::Run;
        self.draft.write(place.sheet, line, Some(call.id.0), call.manner().thread);
    }

    fn task(&mut self, call: &CallView<'l>, place: Place) -> Said {
        match call.api() {
            Api::MemcpyAsync | Api::Memcpy => self.copy(call),
            Api::Memcpy2dAsync => self.copy_rows(call),
            Api::MemcpyBatchAsync => self.copy_batch(call),
            Api::MemsetAsync | Api::Memset => self.fill(call),
            Api::ReduceAsync => self.reduce(call),
            Api::CmoAsync => self.cache(call),
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
            Api::RiCaptureBegin => self.bare_begin(call, place),
            Api::RiCaptureEnd => self.bare_end(call),
            Api::RiDebugJsonPrint => self.dump_line(call, place),
            Api::RiCaptureTaskGrpBegin => Ok(TaskData::new(Op::GroupBegin, Some(self.stream_at(call, 0)))),
            Api::RiCaptureTaskGrpEnd => self.end_group(call, place),
            Api::RiCondHandleCreate => self.condition(call, place),
            Api::RiCaptureTaskUpdateBegin => self.begin_update(call, place),
            Api::RiCaptureTaskUpdateEnd => Ok(TaskData::new(Op::UpdateEnd, Some(self.stream_at(call, 0)))),
            _ => self.at_once(call, place.body),
        }
    }
}
