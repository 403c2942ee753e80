//! Everything is released, in the one order that every rule allows: models, streams, events, notifies, memory, device
//! (capture-rules, section 9). Within a kind, what was made last goes first.

use acg_calls::{Api, Arg};
use acg_ir::{Body, BodyId, DestroyTarget, HostMemory, Op, Space};
use rustc_hash::FxHashSet;

use super::setup::DEVICE;
use super::{Cause, Declaration, Lowerer, Phase};

impl Lowerer<'_> {
    /// Releases what no task has destroyed.
    pub(super) fn clean_up(&mut self) {
        self.enter(Phase::CleanUp);
        let destroyed = self.destroyed();
        let gone = |target| destroyed.contains(&target);
        for graph in self.module.graphs.keys().rev() {
            if !self.module.graphs[graph].is_auto() && !gone(DestroyTarget::Graph(graph)) {
                self.because_of(Declaration::Model(graph));
                for model in self.handles.models_of(graph).rev() {
                    self.call(Api::RiDestroy, &[Arg::Name(model)]);
                }
            }
        }
        self.destroy_handles(&destroyed);
        for (stream, data) in self.module.streams.iter().rev() {
            self.because_of(Declaration::Stream(stream));
            if gone(DestroyTarget::Stream(stream)) {
                continue;
            }
            if data.subscribed {
                let thread = self.report_thread();
                self.call(Api::UnSubscribeReport, &[thread, self.handles.streams[stream]]);
            }
            if !data.is_default {
                self.call(Api::DestroyStream, &[self.handles.streams[stream]]);
            }
        }
        for event in self.module.events.keys().rev().filter(|&event| !gone(DestroyTarget::Event(event))) {
            self.because_of(Declaration::Event(event));
            self.call(Api::DestroyEvent, &[Arg::Name(self.handles.events[event])]);
        }
        for notify in self.module.notifies.keys().rev().filter(|&notify| !gone(DestroyTarget::Notify(notify)))
        {
            self.because_of(Declaration::Notify(notify));
            self.call(Api::DestroyNotify, &[Arg::Name(self.handles.notifies[notify])]);
        }
        self.free(&destroyed);
        self.destroy_contexts();
        self.because(Cause::Program);
        self.call(Api::ResetDevice, &[DEVICE]);
        if !self.module.sessions.is_empty() {
            self.call(Api::GeFinalize, &[]);
        }
        self.call(Api::AclFinalize, &[]);
    }

    /// Releases the graphs that `end_capture` makes; a branch goes with its graph.
    fn destroy_handles(&mut self, destroyed: &FxHashSet<DestroyTarget>) {
        if self.module.handles.is_empty() {
            return;
        }
        let made = self.module.graphs_of_calls();
        for handle in self.module.handles.keys().rev() {
            if made.contains(&handle) && !destroyed.contains(&DestroyTarget::Handle(handle)) {
                self.because_of(Declaration::Handle(handle));
                self.call(Api::RiDestroy, &[Arg::Name(self.handles.called[handle])]);
            }
        }
    }

    fn free(&mut self, destroyed: &FxHashSet<DestroyTarget>) {
        for prepared in std::mem::take(&mut self.prepared).into_iter().rev() {
            if let Some(workspace) = prepared.workspace() {
                self.because(Cause::Task(prepared.body, prepared.task));
                self.call(Api::Free, &[Arg::Name(workspace)]);
            }
        }
        for (buffer, data) in self.module.buffers.iter().rev() {
            if data.view.is_none() && !destroyed.contains(&DestroyTarget::Buffer(buffer)) {
                self.because_of(Declaration::Buffer(buffer));
                self.free_buffer(data.space, Arg::Name(self.handles.buffers[buffer]));
            }
        }
    }

    /// Releases memory of a kind.
    pub(super) fn free_buffer(&mut self, space: Space, address: Arg) {
        match space {
            Space::Cond(_) => return,
            Space::Device | Space::Temp => self.call(Api::Free, &[address]),
            Space::Host(HostMemory::Pinned) => self.call(Api::FreeHost, &[address]),
            Space::Host(HostMemory::Pageable) => self.call(Api::CFree, &[address]),
            Space::Host(HostMemory::Registered) => {
                self.call(Api::HostUnregister, &[address]);
                self.call(Api::CFree, &[address])
            }
        };
    }

    /// What tasks destroy, whether or not the runtime lets them.
    fn destroyed(&self) -> FxHashSet<DestroyTarget> {
        let is_auto = |id| matches!(id, BodyId::Graph(graph) if self.module.graphs[graph].is_auto());
        let destroys = |body: &Body| body.tasks.values().any(|data| matches!(data.op, Op::Destroy(_)));
        let bodies = self.module.bodies().filter(|&(id, body)| !is_auto(id) && destroys(body));
        let ops = bodies.flat_map(|(_, body)| body.program().map(|task| body.tasks[task].op));
        ops.filter_map(|op| if let Op::Destroy(target) = op { Some(target) } else { None }).collect()
    }
}
