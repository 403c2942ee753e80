//! Storing a task on behalf of a call: the state stores it, rules explain why it was not.

use super::Machine;
use crate::refusal::{Refusal, Verdict};
use crate::rules::{
    default_stream_work, group_bad_task, group_broken_by_stream, launch_after_invalid, task_after_build_end,
    task_alloc_failure, unjoined_work,
};
use crate::state::{EventId, ModelId, NotStored, StreamId, TaskId, Work};

impl Machine<'_> {
    /// Stores a task of a captured stream.
    pub(crate) fn store(&mut self, stream: StreamId, work: Work) -> Verdict<TaskId> {
        match self.state.store(stream, work, self.call) {
            Ok(task) => {
                self.state.threads[self.thread].last_task = Some(task);
                self.remember_users(work, stream);
                Ok(task)
            }
            Err(reason) => {
                let refusal = self.explain(stream, work, reason);
                let model = self.state.capture_of(stream).map(|(_, model)| model);
                self.attribute(model, &refusal);
                // One that this call did not cause itself is what it suffers from.
                let cause = model.and_then(|model| self.state.models[model].cause);
                Err(refusal.because_of(cause.map(|cause| cause.call).filter(|&call| call != self.call)))
            }
        }
    }

    /// Notes which objects of the program a graph uses from now on.
    fn remember_users(&mut self, work: Work, stream: StreamId) {
        let (event, waits) = match work {
            Work::ExternalWait(event) | Work::FlaggedWait(event) => (event, true),
            Work::ExternalRecord(event) | Work::ExternalReset(event) | Work::FlaggedRecord(event) => {
                (event, false)
            }
            _ => return,
        };
        let Some((_, model)) = self.state.capture_of(stream) else { return };
        self.state.events[event].user = Some((self.call, model));
        self.state.models[model].waits_for_outside |= waits;
    }

    /// Notes that a stream of the build API uses an event, if it is one.
    pub(crate) fn use_on_bound(&mut self, event: EventId, stream: StreamId) {
        if self.state.streams[stream].bound_to.is_some() {
            self.state.events[event].bound_use = Some((self.call, stream));
        }
    }

    /// Notes that work on a stream ran at once.
    pub(crate) fn run_eagerly(&mut self, stream: StreamId) {
        default_stream_work::look(self, stream);
        task_after_build_end::look(self, stream);
        unjoined_work::look_after_missed_join(self, stream);
        self.state.streams[stream].last_eager = Some(self.call);
        self.state.threads[self.thread].last_task = None;
    }

    /// Stores a task if the stream is captured, runs it at once otherwise; tells which.
    pub(crate) fn submit(&mut self, stream: StreamId, work: Work) -> Verdict<bool> {
        crate::rules::update_bad_task::check(self, stream)?;
        if self.state.captures(stream) {
            self.store(stream, work)?;
            return Ok(true);
        }
        self.run_eagerly(stream);
        Ok(false)
    }

    fn explain(&self, stream: StreamId, work: Work, reason: NotStored) -> Refusal {
        match reason {
            NotStored::BreaksGroup => group_broken_by_stream::refusal(self, stream),
            NotStored::UnfitForGroup => group_bad_task::refusal(self, stream, work),
            NotStored::Jammed => launch_after_invalid::refusal(self, stream),
            NotStored::Shortage(shortage) => task_alloc_failure::refusal(self, stream, shortage),
        }
    }

    /// Notes the rule behind an invalidation that this very call caused.
    fn attribute(&mut self, model: Option<ModelId>, refusal: &Refusal) {
        let Some(model) = model else { return };
        if let Some(cause) = &mut self.state.models[model].cause
            && cause.call == self.call
        {
            cause.rule.get_or_insert(refusal.rule());
        }
    }
}
