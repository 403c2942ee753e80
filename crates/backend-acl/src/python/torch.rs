//! Calls that `torch_npu` has: streams, events, captures, task groups and updates.

use acg_calls::{Api, Arg, CallView};

use super::forms::EventForm;
use super::{Emitter, Fragment};

impl Emitter<'_> {
    /// Writes a call as `torch_npu` has it; gives whether it does.
    pub(super) fn torch(&mut self, api: Api, call: &CallView<'_>, line: u32) -> bool {
        let first = self.at(call, 0);
        match api {
            Api::CreateStream => self.body.format(format_args!("{first} = torch.npu.Stream()")),
            Api::SynchronizeStream if self.is_torch(call, 0) => {
                self.body.format(format_args!("{first}.synchronize()"));
            }
            Api::StreamQuery if self.is_torch(call, 0) => self.body.format(format_args!("{first}.query()")),
            Api::DestroyStream if self.is_torch(call, 0) => self.release(&first),
            Api::CreateEvent | Api::CreateEventWithFlag | Api::CreateEventExWithFlag => {
                return self.create_event(call);
            }
            Api::RecordEvent | Api::ResetEvent | Api::StreamWaitEvent => return self.use_event(api, call),
            Api::SynchronizeEvent if !self.is_handle(call.name(0)) => {
                self.body.format(format_args!("{first}.synchronize()"));
            }
            Api::QueryEventStatus if !self.is_handle(call.name(0)) => {
                self.body.format(format_args!("{first}.query()"));
            }
            Api::DestroyEvent if !self.is_handle(call.name(0)) => self.release(&first),
            Api::RiCaptureTaskGrpBegin => self.task_group(call, &format!("graph_task_group_begin({first})")),
            Api::RiCaptureTaskGrpEnd => {
                let handle = self.at(call, 1);
                self.body.format(format_args!("{handle} = torch.npu.graph_task_group_end({first})"));
            }
            Api::RiCaptureTaskUpdateBegin => {
                let handle = self.at(call, 1);
                self.task_group(call, &format!("graph_task_update_begin({first}, {handle})"));
            }
            Api::RiCaptureTaskUpdateEnd => {
                self.body.format(format_args!("torch.npu.graph_task_update_end({first})"));
            }
            Api::RiCaptureThreadExchangeMode => self.exchange(call, line),
            _ => return self.model(api, call),
        }
        true
    }

    /// Calls of `torch.npu.NPUGraph`.
    fn model(&mut self, api: Api, call: &CallView<'_>) -> bool {
        match api {
            Api::RiCaptureBegin => self.capture_begin(call),
            Api::RiCaptureEnd => {
                let model = self.at(call, 1);
                if let Some(stream) = call.name(0) {
                    self.on(stream);
                }
                self.body.format(format_args!("{model}.capture_end()"));
            }
            Api::RiDebugJsonPrint if call.int(2) == Some(0) => {
                let path = super::quoted(call.text(1).unwrap_or_default());
                let model = self.at(call, 0);
                self.body.format(format_args!("{model}.debug_dump({path})"));
            }
            Api::RiExecuteAsync => match call.name(1).filter(|_| self.is_torch(call, 1)) {
                Some(stream) => {
                    let model = self.at(call, 0);
                    self.on(stream);
                    self.body.format(format_args!("{model}.replay()"));
                }
                None => self.unsaid(
                    call.id,
                    "torch_npu replays graphs on streams without priority and flags that it makes itself",
                ),
            },
            Api::RiDestroy => {
                let model = self.at(call, 0);
                self.leave_streams(0);
                self.body.format(format_args!("{model}.reset()"));
            }
            _ => return false,
        }
        true
    }

    /// The model has its name from the end of the capture, which follows in the log.
    fn capture_begin(&mut self, call: &CallView<'_>) {
        let stream = call.name(0).filter(|_| self.is_torch(call, 0));
        let end = self
            .lowered
            .log
            .iter_from(call.id)
            .find(|end| end.api() == Api::RiCaptureEnd && end.name(0) == call.name(0));
        let (Some(stream), Some(end)) = (stream, end) else {
            self.unsaid(
                call.id,
                "torch_npu captures on streams without priority and flags that it makes itself",
            );
            return;
        };
        let mode = match call.int(1) {
            Some(1) => "thread_local",
            Some(2) => "relaxed",
            _ => "global",
        };
        let model = self.at(&end, 1);
        self.body.format(format_args!("{model} = torch.npu.NPUGraph()"));
        self.on(stream);
        self.body.format(format_args!("{model}.capture_begin(capture_error_mode=\"{mode}\")"));
    }

    fn task_group(&mut self, call: &CallView<'_>, expression: &str) {
        if self.is_torch(call, 0) {
            self.body.format(format_args!("torch.npu.{expression}"));
        } else {
            self.unsaid(call.id, "torch_npu takes task groups and updates on streams that it makes itself");
        }
    }

    fn create_event(&mut self, call: &CallView<'_>) -> bool {
        let form = call.out(0).map_or(EventForm::Handle, |event| self.forms.event(event));
        let made = match form {
            EventForm::Plain => "Event()",
            EventForm::Timed => "Event(enable_timing=True)",
            EventForm::External => "ExternalEvent()",
            EventForm::Handle => return false,
        };
        let event = self.at(call, 0);
        self.body.format(format_args!("{event} = torch.npu.{made}"));
        true
    }

    fn use_event(&mut self, api: Api, call: &CallView<'_>) -> bool {
        let (event, stream, verb) = match api {
            Api::RecordEvent => (0, 1, "record"),
            Api::ResetEvent => (0, 1, "reset"),
            _ => (1, 0, "wait"),
        };
        if self.is_handle(call.name(event)) {
            return false;
        }
        let (event, stream) = (self.at(call, event), self.at(call, stream));
        self.body.format(format_args!("{event}.{verb}({stream})"));
        true
    }

    fn exchange(&mut self, call: &CallView<'_>, line: u32) {
        self.needs(Fragment::ExchangeMode);
        let mode = call.arg(0).and_then(Arg::int).unwrap_or(0);
        let mode = self.argument(Arg::Int(mode), acg_calls::Kind::Enum(&acg_calls::enums::CAPTURE_MODE));
        self.body.format(format_args!("exchange_mode({mode}, {line})"));
    }

    /// Gives something back to `torch_npu`.
    pub(super) fn release(&mut self, identifier: &str) {
        self.leave_streams(0);
        self.body.format(format_args!("del {identifier}"));
    }

    /// `aclrtSubscribeReport`, with the thread before its first.
    pub(super) fn subscribe(&mut self, call: &CallView<'_>, line: u32) {
        let thread = self.at(call, 0);
        if self.fragments.insert(Fragment::ReportThread) {
            self.needs(Fragment::ReportThread);
            self.body.format(format_args!("{thread} = ReportThread()"));
        }
        let stream =
            self.argument(call.arg(1).unwrap_or(Arg::Null), acg_calls::Kind::In(acg_calls::Handle::Stream));
        self.check(&format!("acl.rt.subscribe_report({thread}.id, {stream})"), "aclrtSubscribeReport", line);
    }

    /// `aclrtUnSubscribeReport`, with the end of the thread behind its last.
    pub(super) fn unsubscribe(&mut self, call: &CallView<'_>, line: u32) {
        let thread = self.at(call, 0);
        let stream =
            self.argument(call.arg(1).unwrap_or(Arg::Null), acg_calls::Kind::In(acg_calls::Handle::Stream));
        self.check(
            &format!("acl.rt.unsubscribe_report({thread}.id, {stream})"),
            "aclrtUnSubscribeReport",
            line,
        );
        let mut later = self.lowered.log.iter_from(call.id).skip(1);
        if !later.any(|later| later.api() == Api::UnSubscribeReport) {
            self.body.format(format_args!("{thread}.stop()"));
        }
    }
}
