//! Events, notifies and values in memory: what orders streams.

use acg_calls::{Api, Arg};
use acg_ir::{Compare, Event, Notify, Operand};

use super::task::Line;
use super::{Lowerer, int};
use crate::launch::Launch;

/// `ACL_EVENT_RECORD_EXTERNAL` and `ACL_EVENT_WAIT_EXTERNAL`.
const EXTERNAL: Arg = Arg::Int(1);

impl Lowerer<'_> {
    /// `record e`, `record e external`.
    pub(super) fn record(&mut self, line: Line<'_>, event: Event, external: bool) {
        let event = Arg::Name(self.handles.events[event]);
        let call = if external {
            self.call(Api::RecordEventWithFlag, &[event, line.stream, EXTERNAL])
        } else {
            self.call(Api::RecordEvent, &[event, line.stream])
        };
        self.named(call, line);
    }

    /// `wait e`, `wait e external`, either with `[timeout = …]`.
    pub(super) fn wait(&mut self, line: Line<'_>, event: Event, external: bool) {
        let event = Arg::Name(self.handles.events[event]);
        let call = match (external, self.timeout(line)) {
            (true, timeout) => {
                let timeout = timeout.unwrap_or(Arg::Int(0));
                self.call(Api::StreamWaitEventWithFlag, &[line.stream, event, timeout, EXTERNAL])
            }
            (false, Some(timeout)) => {
                self.call(Api::StreamWaitEventWithTimeout, &[line.stream, event, timeout])
            }
            (false, None) => self.call(Api::StreamWaitEvent, &[line.stream, event]),
        };
        self.named(call, line);
    }

    /// `reset e`.
    pub(super) fn reset(&mut self, line: Line<'_>, event: Event) {
        let call = self.call(Api::ResetEvent, &[Arg::Name(self.handles.events[event]), line.stream]);
        self.named(call, line);
    }

    /// `record n`.
    pub(super) fn record_notify(&mut self, line: Line<'_>, notify: Notify) {
        let call = self.call(Api::RecordNotify, &[Arg::Name(self.handles.notifies[notify]), line.stream]);
        self.named(call, line);
    }

    /// `wait n`; without a timeout it waits for ever.
    pub(super) fn wait_notify(&mut self, line: Line<'_>, notify: Notify) {
        let timeout = self.timeout(line).unwrap_or(Arg::Int(0));
        let notify = Arg::Name(self.handles.notifies[notify]);
        let call = self.call(Api::WaitAndResetNotify, &[notify, line.stream, timeout]);
        self.named(call, line);
    }

    /// `write flag = 1`.
    pub(super) fn write_value(&mut self, line: Line<'_>, value: u64) {
        let address = self.first_address(line.data.outputs.of(&self.module.operands));
        let call = self.call(Api::ValueWrite, &[address, int(value), Arg::Int(0), line.stream]);
        self.named(call, line);
    }

    /// `wait_value flag >= 1`.
    pub(super) fn wait_value(&mut self, line: Line<'_>, compare: Compare, value: u64) {
        let flag = match compare {
            Compare::GreaterEqual => 0,
            Compare::Equal => 1,
            Compare::And => 2,
            Compare::Nor => 3,
        };
        let address = self.first_address(line.data.inputs.of(&self.module.operands));
        let call = self.call(Api::ValueWait, &[address, int(value), Arg::Int(flag), line.stream]);
        self.named(call, line);
    }

    fn first_address(&self, operands: &[Operand]) -> Arg {
        operands.first().map_or(Arg::Null, |&operand| self.address(operand))
    }

    pub(super) fn timeout(&self, line: Line<'_>) -> Option<Arg> {
        Launch::of(self.module, &self.keys, line.data).timeout.map(Arg::Int)
    }
}
