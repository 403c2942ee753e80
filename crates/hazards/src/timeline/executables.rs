//! Executions of offline models and of graphs of GE sessions, which may still run while the host goes on.

use acg_calls::{Api, CallId, CallView, Name};
use acg_ir::Place;

use super::{HOST, Timeline};
use crate::rules;

/// Executions that are remembered; older ones are taken as complete.
const MOST: usize = 256;

/// An execution that may still run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Execution {
    call: u32,
    api: Api,
    /// The model, or the session.
    of: Option<Name>,
    place: Place,
}

impl<'l> Timeline<'_, '_, 'l> {
    fn view(&self, call: u32) -> CallView<'l> {
        self.trace.log.view(CallId(call))
    }

    /// A call that runs on `lane` as `place`: what it reads, and whether it executes something.
    pub(super) fn executable(&mut self, call: u32, lane: u32, place: Place) {
        self.reads_results(call, lane);
        let view = self.view(call);
        if !matches!(view.api(), Api::MdlExecuteAsync | Api::GeRunGraphWithStreamAsync) {
            return;
        }
        let execution = Execution { call, api: view.api(), of: view.name(0), place };
        if view.api() == Api::MdlExecuteAsync {
            self.executes_twice(execution, lane);
        }
        self.executables.retain(|earlier| !(earlier.of == execution.of && earlier.place.lane() == lane));
        if self.executables.len() == MOST {
            self.executables.remove(0);
        }
        self.executables.push(execution);
    }

    fn executes_twice(&mut self, execution: Execution, lane: u32) {
        let other = self.executables.iter().find(|earlier| {
            earlier.of == execution.of
                && earlier.api == execution.api
                && !self.clocks.has_seen(lane, earlier.place)
        });
        if let (Some(&other), Some(model)) = (other, execution.of) {
            let name = self.trace.log.text(model);
            let finding = rules::mdl_same_id_multi_stream::finding(execution.call, name, other.call);
            self.report.add(None, finding);
            self.clocks.join(lane, other.place);
        }
    }

    /// Looks for results that `call` reads on `lane` and does not wait for.
    pub(super) fn reads_results(&mut self, call: u32, lane: u32) {
        if self.executables.is_empty() {
            return;
        }
        let trace = self.trace;
        for at in (0..self.executables.len()).rev() {
            let execution = self.executables[at];
            if self.clocks.has_seen(lane, execution.place) {
                continue;
            }
            let outputs = trace.touches(execution.call).iter().filter(|touch| touch.writes);
            let mut reads = trace.touches(call).iter().filter(|touch| !touch.writes);
            let read = reads.find(|read| {
                outputs.clone().any(|output| {
                    read.buffer == output.buffer && read.start < output.end && output.start < read.end
                })
            });
            let Some(read) = read else { continue };
            let (reader, buffer) = (trace.call_name(call), trace.buffer_name(read.buffer));
            let finding = match execution.api {
                Api::MdlExecuteAsync => rules::mdl_no_sync::finding(call, execution.call, &reader, buffer),
                _ => rules::ge_result_before_sync::finding(call, execution.call, &reader, buffer),
            };
            self.report.add(None, finding);
            self.clocks.join(lane, execution.place);
        }
    }

    /// `aclmdlUnload`.
    pub(super) fn unloads(&mut self, call: u32) {
        let model = self.view(call).name(0);
        let running = self.executables.iter().rev().find(|execution| {
            execution.api == Api::MdlExecuteAsync
                && execution.of == model
                && !self.clocks.has_seen(HOST, execution.place)
        });
        if let (Some(running), Some(model)) = (running, model) {
            let finding =
                rules::mdl_unload_in_flight::finding(call, self.trace.log.text(model), running.call);
            self.report.add(None, finding);
        }
        self.executables.retain(|execution| execution.of != model);
    }
}
