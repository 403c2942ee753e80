//! The members of the program: one per resource.
//!
//! C++ destroys members from the last to the first, so their order is the clean-up: models, streams, events, notifies,
//! executors with their workspaces, tensors, memory, contexts, device, runtime.

use acg_ir::{Entity, HostMemory, Space};

use super::Emitter;
use super::prelude::Fragment;
use crate::lower::Declaration;
use crate::writer::Writer;

impl<'m> Emitter<'m> {
    /// Declares the members.
    pub(super) fn members(&mut self, out: &mut Writer) {
        out.line("// Clean-up: members are released from the last to the first, also after a failure.");
        out.line("Runtime runtime_;");
        if !self.module.sessions.is_empty() {
            self.fragments.add(Fragment::GraphEngine);
            out.line("GraphEngine graph_engine_;");
        }
        out.line("Device device_;");
        self.contexts(out);
        self.memory(out);
        for number in 1..=self.binaries.len() {
            self.fragments.add(Fragment::Binary);
            out.format(format_args!("Binary binary_{number}_;"));
        }
        for number in 1..=self.kernels.len() {
            out.format(format_args!("aclrtFuncHandle kernel_{number}_ = nullptr;"));
        }
        if !self.executors.is_empty() {
            out.line("Operands operands_;");
        }
        for &executor in &self.executors {
            out.format(format_args!("Executor {}_;", self.text(executor)));
        }
        self.host_program_members(out);
        self.synchronisation(out);
        self.bare_members(out);
        for graph in self.module.graphs.keys().filter(|&graph| !self.module.graphs[graph].is_auto()) {
            self.fragments.add(Fragment::Model);
            for group in self.module.graphs[graph].groups.keys() {
                // A group that no step opens has no name.
                let name = self.name_of(Declaration::Group(acg_ir::BodyId::Graph(graph), group));
                if !name.is_empty() {
                    out.format(format_args!("aclrtTaskGrp {name}_ = nullptr;"));
                }
            }
            self.conditional_members(graph, out);
            out.format(format_args!("Model {}_;", self.name_of(Declaration::Model(graph))));
            for number in 2.. {
                let name = self.name_of(Declaration::Segment(graph, number));
                if name.is_empty() {
                    break;
                }
                out.format(format_args!("Model {name}_;"));
            }
        }
        // They end first, while everything that their last calls use is still there.
        for thread in self.module.threads.keys() {
            self.fragments.add(Fragment::HostThread);
            out.format(format_args!(
                "HostThread {};",
                super::host_program::thread_name(thread.index() as u32 + 2)
            ));
        }
    }

    /// What conditional tasks of a graph are made of; it belongs to the graph's model.
    fn conditional_members(&self, graph: acg_ir::GraphId, out: &mut Writer) {
        for branch in self.module.graphs[graph].branches.keys() {
            let name = self.name_of(Declaration::Branch(graph, branch));
            if !name.is_empty() {
                out.format(format_args!("aclmdlRI {name}_ = nullptr;"));
            }
        }
    }

    /// Contexts go after all that was made in them.
    fn contexts(&mut self, out: &mut Writer) {
        if !self.module.contexts.is_empty() {
            out.line("aclrtContext device_context_ = nullptr;");
        }
        for context in self.module.contexts.keys() {
            self.fragments.add(Fragment::Context);
            out.format(format_args!("Context {}_;", self.name_of(Declaration::Context(context))));
        }
    }

    /// Handles of conditional tasks, locks, offline models with their datasets, and sessions.
    fn host_program_members(&mut self, out: &mut Writer) {
        for &model in &self.captured {
            out.format(format_args!("aclmdlRI {}_ = nullptr;", self.text(model)));
        }
        for (cond, data) in self.module.conds.iter() {
            let (handle, value) =
                (self.name_of(Declaration::Cond(cond)), self.name_of(Declaration::Buffer(data.value)));
            if !handle.is_empty() {
                out.format(format_args!("aclmdlRICondHandle {handle}_ = nullptr;"));
            }
            // A value that nothing reads or writes has no name.
            if !value.is_empty() {
                out.format(format_args!("uint64_t *{value}_ = nullptr;"));
            }
        }
        for lock in self.module.locks.keys() {
            let name = self.name_of(Declaration::Lock(lock));
            if !name.is_empty() {
                self.fragments.add(Fragment::Lock);
                out.format(format_args!("std::mutex {name}_;"));
            }
        }
        for number in &self.datasets {
            out.format(format_args!("Dataset inputs_{number}_;"));
            out.format(format_args!("Dataset outputs_{number}_;"));
        }
        for model in self.module.om_models.keys() {
            let name = self.name_of(Declaration::OmModel(model));
            if !name.is_empty() {
                self.fragments.add(Fragment::LoadedModel);
                out.format(format_args!("LoadedModel {name}_;"));
            }
        }
        for session in self.module.sessions.keys() {
            let name = self.name_of(Declaration::Session(session));
            out.format(format_args!("std::unique_ptr<ge::GeSession> {name}_;"));
        }
    }

    fn memory(&mut self, out: &mut Writer) {
        for (buffer, data) in self.module.buffers.iter().filter(|(_, data)| data.view.is_none()) {
            let (class, fragment) = match data.space {
                Space::Cond(_) => continue,
                Space::Device | Space::Temp => ("DeviceMemory", Fragment::DeviceMemory),
                Space::Host(HostMemory::Pinned) => ("PinnedMemory", Fragment::PinnedMemory),
                Space::Host(HostMemory::Pageable) => ("PageableMemory", Fragment::PageableMemory),
                Space::Host(HostMemory::Registered) => ("RegisteredMemory", Fragment::RegisteredMemory),
            };
            self.fragments.add(fragment);
            out.format(format_args!("{class} {}_;", self.name_of(Declaration::Buffer(buffer))));
        }
    }

    fn synchronisation(&mut self, out: &mut Writer) {
        for notify in self.module.notifies.keys() {
            self.fragments.add(Fragment::Notify);
            out.format(format_args!("Notify {}_;", self.name_of(Declaration::Notify(notify))));
        }
        for event in self.module.events.keys() {
            self.fragments.add(Fragment::Event);
            out.format(format_args!("Event {}_;", self.name_of(Declaration::Event(event))));
        }
        if self.module.streams.values().any(|stream| stream.subscribed) {
            self.fragments.add(Fragment::ReportThread);
            out.line("ReportThread report_thread_;");
        }
        for (stream, data) in self.module.streams.iter() {
            if !data.is_default {
                self.fragments.add(Fragment::Stream);
                out.format(format_args!("Stream {}_;", self.name_of(Declaration::Stream(stream))));
            }
            if data.subscribed {
                out.format(format_args!("Subscription subscription_{}_;", stream.index()));
            }
        }
    }

    /// The name of the log that stands for a declaration.
    pub(super) fn name_of(&self, declaration: Declaration) -> &'m str {
        self.names.get(&declaration).map_or("", |&name| self.text(name))
    }
}
