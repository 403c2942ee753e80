//! Declarations.

use std::fmt::Write;

use super::value;
use crate::flag::{self, EVENT_DEVICE_USE_ONLY, EVENT_EXTERNAL, EVENT_FLAGS, EVENT_SYNC, STREAM_FLAGS};
use crate::module::{Buffer, EventKind, HostMemory, Item, Module, Space, Stream, TargetSpec};
use crate::symbols::Symbol;
use acg_entity::Entity;

pub(super) fn write(out: &mut String, module: &Module, item: Item) {
    match item {
        Item::Target => module.target.iter().for_each(|target| self::target(out, module, target)),
        Item::Buffers { first, count } => buffers(out, module, first, count),
        Item::View(buffer) => view(out, module, buffer),
        Item::Streams { first, count } => streams(out, module, first, count),
        Item::Events { first, count } => {
            out.push_str("event ");
            names(out, module, run(first, count).map(|event| module.events[event].name));
            event_kind(out, module.events[first].kind);
        }
        Item::Notifies { first, count } => {
            out.push_str("notify ");
            names(out, module, run(first, count).map(|notify| module.notifies[notify].name));
        }
        Item::Threads { first, count } => {
            out.push_str("thread ");
            names(out, module, run(first, count).map(|thread| module.threads[thread].name));
        }
        Item::Handles { first, count } => {
            out.push_str("graph ");
            names(out, module, run(first, count).map(|handle| module.handles[handle].name));
        }
        Item::Locks { first, count } => {
            out.push_str("lock ");
            names(out, module, run(first, count).map(|lock| module.locks[lock].name));
        }
        Item::Contexts { first, count } => {
            out.push_str("context ");
            names(out, module, run(first, count).map(|context| module.contexts[context].name));
        }
        Item::Model(model) => {
            let model = module.om_models[model];
            let _ = write!(out, "model {} = om ", module.text(model.name));
            value::quoted(out, module.text(model.path));
        }
        // Bodies are more than one line.
        Item::Graph(_) | Item::Run => {}
    }
}

fn run<E: Entity>(first: E, count: u32) -> impl Iterator<Item = E> {
    (first.index()..first.index() + count as usize).map(E::at)
}

fn names(out: &mut String, module: &Module, names: impl Iterator<Item = Symbol>) {
    for (at, name) in names.enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        out.push_str(module.text(name));
    }
}

fn target(out: &mut String, module: &Module, target: &TargetSpec) {
    out.push_str("target ");
    out.push_str(module.text(target.profile));
    for (word, version) in [("cann", target.cann), ("hdk", target.hdk)] {
        if let Some(version) = version {
            let _ = write!(out, " {word} ");
            value::quoted(out, module.text(version));
        }
    }
}

const fn space(space: Space) -> &'static str {
    match space {
        Space::Host(_) => "host ",
        // The value of a condition is declared by its `cond`, but views of it are device memory.
        Space::Device | Space::Cond(_) => "device ",
        Space::Temp => "temp ",
    }
}

fn buffers(out: &mut String, module: &Module, first: Buffer, count: u32) {
    let data = &module.buffers[first];
    out.push_str(space(data.space));
    names(out, module, run(first, count).map(|buffer| module.buffers[buffer].name));
    out.push_str(" : ");
    value::tensor_type(out, module, &data.ty);
    if let Space::Host(memory) = data.space {
        out.push_str(match memory {
            HostMemory::Pinned => " pinned",
            HostMemory::Registered => " registered",
            HostMemory::Pageable => " pageable",
        });
    }
}

fn view(out: &mut String, module: &Module, buffer: Buffer) {
    let data = &module.buffers[buffer];
    out.push_str(space(data.space));
    out.push_str(module.text(data.name));
    let Some(view) = data.view else { return };
    out.push_str(" = ");
    value::operand(out, module, view.base);
    if view.reinterpreted {
        out.push_str(" as ");
        value::tensor_type(out, module, &data.ty);
    }
}

fn streams(out: &mut String, module: &Module, first: Stream, count: u32) {
    let data = module.streams[first];
    out.push_str(if data.is_default { "default stream " } else { "stream " });
    names(out, module, run(first, count).map(|stream| module.streams[stream].name));
    if let Some(priority) = data.priority {
        let _ = write!(out, " priority {priority}");
    }
    if data.flags != 0 {
        out.push_str(" flags");
        flags(out, STREAM_FLAGS, data.flags);
    }
    if data.subscribed {
        out.push_str(" subscribe");
    }
}

fn event_kind(out: &mut String, kind: EventKind) {
    let older = EVENT_EXTERNAL | EVENT_DEVICE_USE_ONLY;
    match kind {
        EventKind::Ex(EVENT_SYNC) => {}
        EventKind::Legacy => out.push_str(" legacy"),
        EventKind::Ex(bits) => {
            // These flags mean the older call unless the newer one is named.
            if bits & older != 0 {
                out.push_str(" ex");
            }
            flags(out, EVENT_FLAGS, bits);
        }
        EventKind::WithFlag(bits) => {
            if bits & older == 0 {
                out.push_str(" legacy");
            }
            flags(out, EVENT_FLAGS, bits);
        }
    }
}

/// The words for `bits`, and a number for what has no word.
fn flags(out: &mut String, table: &'static [(&'static str, u32)], bits: u32) {
    let (words, rest) = flag::words(table, bits);
    for word in words {
        out.push(' ');
        out.push_str(word);
    }
    if bits == 0 {
        out.push_str(" 0");
    } else if rest != 0 {
        let _ = write!(out, " {rest:#x}");
    }
}
