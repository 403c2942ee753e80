//! The members of the program: one per resource.
//!
//! C++ destroys members from the last to the first, so their order is the clean-up: models, streams, events, notifies,
//! executors with their workspaces, tensors, memory, device, runtime.

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
        out.line("Device device_;");
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
        self.synchronisation(out);
        for graph in self.module.graphs.keys().filter(|&graph| !self.module.graphs[graph].is_auto()) {
            self.fragments.add(Fragment::Model);
            for group in self.module.graphs[graph].groups.keys() {
                // A group that no step opens has no name.
                let name = self.name_of(Declaration::Group(acg_ir::BodyId::Graph(graph), group));
                if !name.is_empty() {
                    out.format(format_args!("aclrtTaskGrp {name}_ = nullptr;"));
                }
            }
            out.format(format_args!("Model {}_;", self.name_of(Declaration::Model(graph))));
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
