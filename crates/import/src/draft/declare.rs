//! The declarations of a draft, line by line.

use acg_ir::{
    Buffer, BufferData, Entity, Event, Handle, Item, Module, Notify, Space, Stream, StreamData, Thread,
};

use super::Draft;

/// How many names one declaration lists at most, for the sake of line lengths.
const NAMES_A_LINE: u32 = 8;

impl Draft {
    /// One line for each run of equal declarations, kind by kind.
    pub(super) fn declare(&mut self) {
        let Module { target, buffers, streams, events, notifies, threads, handles, items, .. } =
            &mut self.module;
        if target.is_some() {
            items.push(Item::Target);
        }
        let buffers = buffers.values().as_slice();
        let mut first = 0;
        while let Some(data) = buffers.get(first) {
            let id = Buffer::at(first);
            // The value of a condition is declared with it.
            if matches!(data.space, Space::Cond(_)) {
                first += 1;
                continue;
            }
            if data.view.is_some() {
                items.push(Item::View(id));
                first += 1;
                continue;
            }
            let alike =
                |other: &BufferData| other.view.is_none() && other.space == data.space && other.ty == data.ty;
            let count = run(&buffers[first..], alike);
            items.push(Item::Buffers { first: id, count });
            first += count as usize;
        }
        let alike = |one: &StreamData, other: &StreamData| *one == StreamData { name: one.name, ..*other };
        runs(streams.values().as_slice(), alike, |first, count| {
            items.push(Item::Streams { first: Stream::at(first), count });
        });
        runs(
            events.values().as_slice(),
            |one, other| one.kind == other.kind,
            |first, count| {
                items.push(Item::Events { first: Event::at(first), count });
            },
        );
        runs(
            notifies.values().as_slice(),
            |_, _| true,
            |first, count| {
                items.push(Item::Notifies { first: Notify::at(first), count });
            },
        );
        runs(
            threads.values().as_slice(),
            |_, _| true,
            |first, count| {
                items.push(Item::Threads { first: Thread::at(first), count });
            },
        );
        runs(
            handles.values().as_slice(),
            |_, _| true,
            |first, count| {
                items.push(Item::Handles { first: Handle::at(first), count });
            },
        );
    }
}

/// How many of the first declarations of `rest` fit on a line.
fn run<T>(rest: &[T], alike: impl Fn(&T) -> bool) -> u32 {
    rest.iter().take(NAMES_A_LINE as usize).take_while(|each| alike(each)).count().max(1) as u32
}

/// Cuts declarations into runs of equal ones.
fn runs<T>(all: &[T], alike: impl Fn(&T, &T) -> bool, mut line: impl FnMut(usize, u32)) {
    let mut first = 0;
    while let Some(one) = all.get(first) {
        let default = |other: &T| alike(one, other);
        let count = run(&all[first..], default);
        line(first, count);
        first += count as usize;
    }
}
