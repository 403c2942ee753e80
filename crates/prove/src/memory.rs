//! Bytes: which value each holds, who wrote it and who has read it since.
//!
//! A buffer is cut into [cells](crate::cells). A strided access touches each of its rows; one with more rows than [`MOST_ROWS`]
//! is [laid over](crate::layer) the cells that it spans.
//!
//! **Invariant:** what an access sees does not depend on where cells are cut, so that accesses which do not touch each other may
//! change places.

use acg_ir::{Access, Arena, Buffer, Entity, Extent, Module};

use crate::cells::{Cell, Cells, NIL};
use crate::conflicts::Conflicts;
use crate::layer::Layers;
use crate::value::{Folds, Over, Run, Value, push_run};

/// Rows of one access that are looked at one by one.
const MOST_ROWS: u64 = 256;

/// An access in a list of a cell.
#[derive(Clone, Copy, Debug)]
struct Seen {
    task: u32,
    rest: u32,
    /// The last write that went through this list from here on: cells that were cut share the rest of their lists.
    stamp: u32,
    /// The extent of an access that does not touch all of the cell; [`NIL`] for one that does.
    extent: u32,
    writes: bool,
}

/// The memory of one graph after the other.
pub(crate) struct Memory<'m> {
    module: &'m Module,
    /// Of each buffer, whether it holds something before a graph.
    is_defined: &'m [bool],
    /// The buffers that accesses have touched, in the order in which they did, and of each its cells: those that are in use together lie together.
    touched: Vec<Buffer>,
    cells: Vec<Cells>,
    /// Of each buffer, its place among these; [`NIL`] for one that nothing has touched.
    places: Arena<Buffer, u32>,
    seen: Vec<Seen>,
    /// How many of these there were before the task that is looked at.
    seen_before: u32,
    layers: Layers,
    pub(crate) folds: Folds,
    writes: u32,
    /// Kept between accesses, so that rows are not allocated.
    rows: Vec<(u64, u64)>,
}

impl<'m> Memory<'m> {
    /// The buffers of `module`, of which those that `is_defined` says hold something before a graph.
    pub(crate) fn new(module: &'m Module, is_defined: &'m [bool]) -> Self {
        Self {
            module,
            is_defined,
            // Room that is not written to costs nothing, and a large list is not to be moved as it grows.
            touched: Vec::with_capacity(module.buffers.len()),
            cells: Vec::with_capacity(module.buffers.len()),
            places: Arena::filled(module.buffers.len(), NIL),
            seen: Vec::with_capacity(module.operands.len()),
            seen_before: 0,
            layers: Layers::default(),
            folds: Folds::default(),
            writes: 0,
            rows: Vec::new(),
        }
    }

    /// Forgets everything but the names of values.
    pub(crate) fn clear(&mut self) {
        self.touched.drain(..).for_each(|root| self.places[root] = NIL);
        self.cells.clear();
    }

    /// Makes this the memory of another graph.
    pub(crate) fn next_graph(&mut self) {
        self.clear();
        self.seen.clear();
        self.layers = Layers::default();
        self.folds = Folds::default();
        self.writes = 0;
    }

    /// Goes on to another task.
    pub(crate) fn next_task(&mut self) {
        self.seen_before = self.seen.len() as u32;
    }

    /// What `access` holds, in order, appended to `runs`, with every task that wrote any of it.
    #[inline]
    pub(crate) fn read(&mut self, access: &Access, runs: &mut Vec<Run>, conflicts: &mut Conflicts<'_>) {
        let (extent, seen_before) = (&access.extent, self.seen_before);
        let (cells, seen, ..) = self.parts(access.root);
        match cells.only(extent).filter(|cell| cell.is_plain()) {
            Some(cell) => {
                push_run(runs, cell.value, cell.end - extent.start());
                note(cell, (seen, seen_before), conflicts);
            }
            None => self.read_rows(access, runs, conflicts),
        }
    }

    #[inline(never)]
    fn read_rows(&mut self, access: &Access, runs: &mut Vec<Run>, conflicts: &mut Conflicts<'_>) {
        let (root, extent) = (access.root, &access.extent);
        let mut rows = std::mem::take(&mut self.rows);
        if extent.rows_into(MOST_ROWS, &mut rows) {
            for (start, end) in rows.drain(..) {
                self.read_row(root, extent, start, end, runs, conflicts);
            }
        } else {
            self.look(root, extent, runs);
            self.meet_span(root, extent, false, conflicts);
            self.note_span(root, extent, conflicts.task);
        }
        self.rows = rows;
    }

    /// The cells of a buffer, made if it has none, and what they refer to.
    #[inline]
    fn parts(&mut self, root: Buffer) -> (&mut Cells, &mut Vec<Seen>, &mut Layers, &mut Folds) {
        let mut place = self.places[root];
        if place == NIL {
            place = self.begin(root);
        }
        (&mut self.cells[place as usize], &mut self.seen, &mut self.layers, &mut self.folds)
    }

    #[inline(never)]
    fn begin(&mut self, root: Buffer) -> u32 {
        let Run { value, bytes } = before(self.module, self.is_defined, root);
        let place = self.cells.len() as u32;
        self.cells.push(Cells::One(Cell::untouched(bytes, value)));
        self.touched.push(root);
        self.places[root] = place;
        place
    }

    fn read_row(
        &mut self,
        root: Buffer,
        extent: &Extent,
        start: u64,
        end: u64,
        runs: &mut Vec<Run>,
        conflicts: &mut Conflicts<'_>,
    ) {
        let seen_before = self.seen_before;
        let (cells, seen, layers, folds) = self.parts(root);
        cells.visit(start, end, |at, cell| {
            let mut value = cell.value;
            if cell.layers != NIL {
                let back = at - extent.start();
                let over = layers.over(cell.layers, extent);
                if over != 0 {
                    let over = Over { sum: over, shape: 0, stack: layers.stack(cell.layers, extent) };
                    value = folds.fold(value, back, back, over);
                }
            }
            push_run(runs, value, cell.end - at);
            layers.meet(cell.layers, extent, conflicts);
            each_open(seen, layers, cell.open, extent, |open| {
                if open.writes {
                    conflicts.meet(open.task);
                }
            });
            note(cell, (seen, seen_before), conflicts);
        });
    }

    /// What `extent` holds, in order, appended to `runs`, whoever looks.
    pub(crate) fn look(&mut self, root: Buffer, extent: &Extent, runs: &mut Vec<Run>) {
        let (cells, _, layers, folds) = self.parts(root);
        if let Some(whole) = layers.whole(cells, extent) {
            runs.extend_from_slice(whole);
            return;
        }
        let shape = if extent.is_contiguous() { 0 } else { crate::layer::shape(extent) };
        cells.visit(extent.start(), extent.end(), |at, cell| {
            let position = extent.bytes_before(at);
            let bytes = extent.bytes_before(cell.end) - position;
            if bytes == 0 {
                return;
            }
            let sum = layers.over(cell.layers, extent);
            let is_plain = sum == 0 && (shape == 0 || cell.value.is_everywhere_the_same());
            let value = if is_plain {
                cell.value
            } else {
                let over = Over { sum, shape, stack: layers.stack(cell.layers, extent) };
                folds.fold(cell.value, at - extent.start(), position, over)
            };
            push_run(runs, value, bytes);
        });
    }

    /// Lets `access` hold `runs` from now on, with every task that wrote or read any of it since.
    #[inline]
    pub(crate) fn write(&mut self, access: &Access, runs: &[Run], conflicts: &mut Conflicts<'_>) {
        self.writes += 1;
        let (stamp, extent) = (self.writes, &access.extent);
        let (cells, seen, layers, _) = self.parts(access.root);
        match (cells.only(extent).filter(|cell| cell.is_plain()), runs) {
            (Some(cell), &[Run { value, bytes }]) if bytes > 0 && bytes == extent.len() => {
                let mut is_ordered = cell.writer == NIL || conflicts.meet(cell.writer);
                if cell.readers != NIL {
                    each_new(seen, layers, cell.readers, stamp, extent, |other| {
                        is_ordered &= conflicts.meet(other);
                    });
                }
                let open = if is_ordered { NIL } else { left_open(seen, layers, cell, conflicts) };
                *cell = Cell { writer: conflicts.task, open, ..Cell::untouched(cell.end, value) };
            }
            _ => self.write_rows(access, runs, conflicts),
        }
    }

    #[inline(never)]
    fn write_rows(&mut self, access: &Access, runs: &[Run], conflicts: &mut Conflicts<'_>) {
        let (root, extent) = (access.root, &access.extent);
        let mut rows = std::mem::take(&mut self.rows);
        if extent.rows_into(MOST_ROWS, &mut rows) {
            let mut source = runs.iter().copied();
            let mut current = source.next();
            for (start, end) in rows.drain(..) {
                let mut at = start;
                while at < end
                    && let Some(run) = &mut current
                {
                    let bytes = run.bytes.min(end - at);
                    self.overwrite(root, extent, at..at + bytes, run.value, conflicts);
                    run.value = run.value.skip(bytes);
                    run.bytes -= bytes;
                    at += bytes;
                    if run.bytes == 0 {
                        current = source.next();
                    }
                }
            }
        } else {
            self.meet_span(root, extent, true, conflicts);
            self.lay(root, extent, runs, conflicts);
        }
        self.rows = rows;
    }

    fn overwrite(
        &mut self,
        root: Buffer,
        extent: &Extent,
        bytes: std::ops::Range<u64>,
        value: Value,
        conflicts: &mut Conflicts<'_>,
    ) {
        let stamp = self.writes;
        let (cells, seen, layers, _) = self.parts(root);
        let new = Cell { writer: conflicts.task, ..Cell::untouched(bytes.end, value) };
        let mut is_ordered = true;
        cells.visit(bytes.start, bytes.end, |_, cell| {
            is_ordered &= cell.writer == NIL || conflicts.meet(cell.writer);
            is_ordered &= cell.layers == NIL || layers.meet(cell.layers, extent, conflicts);
            each_new(seen, layers, cell.readers, stamp, extent, |other| is_ordered &= conflicts.meet(other));
            each_open(seen, layers, cell.open, extent, |open| is_ordered &= conflicts.meet(open.task));
        });
        if is_ordered {
            cells.replace(bytes.start, new);
            return;
        }
        // What comes later has to be after what this write hides and is not after itself.
        cells.visit(bytes.start, bytes.end, |at, cell| {
            let open = left_open(seen, layers, cell, conflicts);
            *cell = Cell { end: cell.end, value: value.skip(at - bytes.start), open, ..new };
        });
    }

    /// Meets what a strided access of many rows conflicts with.
    fn meet_span(&mut self, root: Buffer, extent: &Extent, writing: bool, conflicts: &mut Conflicts<'_>) {
        let stamp = self.writes;
        let (cells, seen, layers, _) = self.parts(root);
        cells.visit(extent.start(), extent.end(), |at, cell| {
            if extent.bytes_before(cell.end) == extent.bytes_before(at) {
                return;
            }
            if cell.writer != NIL {
                conflicts.meet(cell.writer);
            }
            layers.meet(cell.layers, extent, conflicts);
            each_open(seen, layers, cell.open, extent, |open| {
                if writing || open.writes {
                    conflicts.meet(open.task);
                }
            });
            if writing {
                each_new(seen, layers, cell.readers, stamp, extent, |other| {
                    conflicts.meet(other);
                });
            }
        });
    }

    /// Notes a strided read of many rows.
    fn note_span(&mut self, root: Buffer, extent: &Extent, task: u32) {
        let seen_before = self.seen_before;
        let (cells, seen, layers, _) = self.parts(root);
        let number = layers.extent(extent);
        cells.visit(extent.start(), extent.end(), |_, cell| {
            note_extent(cell, (seen, seen_before), number, task);
        });
    }

    /// Lays a strided write of many rows over the cells that it spans.
    fn lay(&mut self, root: Buffer, extent: &Extent, runs: &[Run], conflicts: &mut Conflicts<'_>) {
        let mut held = Vec::new();
        self.look(root, extent, &mut held);
        // What is there already stays what it is.
        let is_new = held != runs;
        let (cells, seen, layers, _) = self.parts(root);
        let mut lists: Vec<u32> = Vec::new();
        cells.visit(extent.start(), extent.end(), |_, cell| lists.push(cell.layers));
        lists.sort_unstable();
        lists.dedup();
        let layer = layers.push(conflicts.task, extent, if is_new { runs } else { &[] }, &lists);
        cells.visit(extent.start(), extent.end(), |_, cell| {
            let hidden = layers.lay(layer, cell);
            for other in hidden.into_iter().filter(|&other| !conflicts.is_after(other)) {
                let extent = layers.extent(extent);
                seen.push(Seen { task: other, rest: cell.open, stamp: 0, extent, writes: true });
                cell.open = seen.len() as u32 - 1;
            }
        });
    }

    /// What the whole buffer holds.
    pub(crate) fn whole(&mut self, root: Buffer, runs: &mut Vec<Run>) {
        let size = before(self.module, self.is_defined, root).bytes;
        if self.is_touched(root) {
            self.look(root, &Extent::range(0, size), runs);
        } else {
            self.whole_before(root, runs);
        }
    }

    /// What the whole of a buffer held before anything touched it, appended to `runs`.
    pub(crate) fn whole_before(&self, root: Buffer, runs: &mut Vec<Run>) {
        let Run { value, bytes } = before(self.module, self.is_defined, root);
        push_run(runs, value, bytes);
    }

    /// Whether any access has touched a buffer.
    pub(crate) fn is_touched(&self, root: Buffer) -> bool {
        self.places[root] != NIL
    }

    /// Whether all of a buffer that has been touched is one cell.
    pub(crate) fn is_one(&self, root: Buffer) -> bool {
        self.cells.get(self.places[root] as usize).is_some_and(|cells| matches!(cells, Cells::One(_)))
    }

    /// The buffers that accesses have touched.
    pub(crate) fn touched(&self) -> &[Buffer] {
        &self.touched
    }
}

/// What a buffer holds before a graph.
fn before(module: &Module, is_defined: &[bool], root: Buffer) -> Run {
    let value = if is_defined[root.index()] { Value::initial(root) } else { Value::UNDEFINED };
    Run { value, bytes: module.byte_size(&module.buffers[root].ty).unwrap_or(0) }
}

/// Meets what wrote all of a cell last, and notes that it has been read since; `seen_before` is how much was seen before the task that reads it.
#[inline]
fn note(cell: &mut Cell, (seen, seen_before): (&mut Vec<Seen>, u32), conflicts: &mut Conflicts<'_>) {
    if !conflicts.are_possible() {
        return;
    }
    if cell.writer != NIL {
        conflicts.meet(cell.writer);
    }
    let task = conflicts.task;
    note_extent(cell, (seen, seen_before), NIL, task);
}

/// Notes that a task has read what a cell has of the extent with a number, unless it did so just before.
#[inline]
fn note_extent(cell: &mut Cell, (seen, seen_before): (&mut Vec<Seen>, u32), extent: u32, task: u32) {
    let is_noted =
        cell.readers != NIL && cell.readers >= seen_before && seen[cell.readers as usize].extent == extent;
    if !is_noted {
        seen.push(Seen { task, rest: cell.readers, stamp: 0, extent, writes: false });
        cell.readers = seen.len() as u32 - 1;
    }
}

/// Calls `found` with those of a list that touch `extent` and that the write number `stamp` has not come across yet.
fn each_new(
    seen: &mut [Seen],
    layers: &Layers,
    list: u32,
    stamp: u32,
    extent: &Extent,
    mut found: impl FnMut(u32),
) {
    let mut at = list;
    while at != NIL {
        let access = &mut seen[at as usize];
        if access.stamp == stamp {
            return;
        }
        access.stamp = stamp;
        if layers.touches(access.extent, extent) {
            found(access.task);
        }
        at = access.rest;
    }
}

/// Calls `found` with those of a list that touch `extent`.
#[inline]
fn each_open(seen: &[Seen], layers: &Layers, list: u32, extent: &Extent, mut found: impl FnMut(Seen)) {
    let mut at = list;
    while at != NIL {
        let access = seen[at as usize];
        if layers.touches(access.extent, extent) {
            found(access);
        }
        at = access.rest;
    }
}

/// The list of accesses to `cell` that are not complete before the task of `conflicts`: of each stream the last of a kind, as those before
/// it are complete when it is.
fn left_open(seen: &mut Vec<Seen>, layers: &Layers, cell: &Cell, conflicts: &Conflicts<'_>) -> u32 {
    let mut open: Vec<Seen> = Vec::new();
    let mut add = |access: Seen| {
        let stream = conflicts.stream(access.task);
        if conflicts.is_after(access.task) {
            return;
        }
        let same = open.iter_mut().find(|other| {
            let alike = (other.writes, other.extent) == (access.writes, access.extent);
            alike && conflicts.stream(other.task) == stream
        });
        match same {
            Some(other) => other.task = other.task.max(access.task),
            None => open.push(access),
        }
    };
    let write = |task, extent| Seen { task, rest: NIL, stamp: 0, extent, writes: true };
    if cell.writer != NIL {
        add(write(cell.writer, NIL));
    }
    layers.each(cell.layers, |task, extent| add(write(task, extent)));
    for list in [cell.readers, cell.open] {
        let mut at = list;
        while at != NIL {
            add(seen[at as usize]);
            at = seen[at as usize].rest;
        }
    }
    let mut list = NIL;
    for access in open {
        seen.push(Seen { rest: list, stamp: 0, ..access });
        list = seen.len() as u32 - 1;
    }
    list
}
