//! Bytes: which value each holds, who wrote it and who has read it since.
//!
//! A buffer is cut into cells, runs of bytes with one history. A strided access touches each of its rows; one with more rows than
//! [`MOST_ROWS`] is kept as it is, beside the cells.

use std::collections::BTreeMap;

use acg_ir::{Access, Buffer, Entity, Extent};

/// Rows of one access that are looked at one by one.
const MOST_ROWS: u64 = 256;
/// The end of a list.
const NIL: u32 = u32::MAX;

/// A value: what made it, and which byte of it stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) source: u64,
    pub(crate) offset: u64,
}

impl Value {
    /// Bytes that nothing has written yet and nobody may rely on.
    pub(crate) const UNDEFINED: Self = Self { source: u64::MAX, offset: 0 };

    /// What a buffer holds before the graph runs.
    pub(crate) fn initial(buffer: Buffer, offset: u64) -> Self {
        Self { source: (1 << 63) | buffer.index() as u64, offset }
    }

    /// Bytes of one and the same number.
    pub(crate) fn constant(byte: u8) -> Self {
        Self { source: (1 << 62) | u64::from(byte), offset: 0 }
    }

    /// Output number `output` of `task`.
    pub(crate) fn made(task: u32, output: u32) -> Self {
        Self { source: (u64::from(task) << 24) | u64::from(output & 0xff_ffff), offset: 0 }
    }

    /// The value `bytes` further on.
    pub(crate) fn skip(self, bytes: u64) -> Self {
        // Constants are the same everywhere.
        if self == Self::UNDEFINED || self.source >> 62 == 1 {
            return self;
        }
        Self { source: self.source, offset: self.offset.wrapping_add(bytes) }
    }
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    end: u64,
    value: Value,
    writer: u32,
    readers: u32,
}

#[derive(Clone, Debug)]
enum Cells {
    /// Hardly any buffer is ever accessed in part.
    One(Cell),
    Many(BTreeMap<u64, Cell>),
}

#[derive(Clone, Copy, Debug)]
struct Reader {
    task: u32,
    rest: u32,
    /// The last write that went through this list from here on: cells that were cut share the rest of their lists.
    stamp: u32,
}

/// An access of too many rows, or any access to a buffer that has seen one.
#[derive(Clone, Copy, Debug)]
struct Wide {
    buffer: Buffer,
    extent: Extent,
    writer: bool,
    task: u32,
    value: u64,
}

/// The memory of one graph.
pub(crate) struct Memory {
    cells: Vec<Option<Cells>>,
    sizes: Vec<u64>,
    readers: Vec<Reader>,
    wide: Vec<Wide>,
    writes: u32,
    /// Kept between accesses, so that rows are not allocated.
    rows: Vec<(u64, u64)>,
    /// What a buffer holds before the graph.
    initial: Vec<Value>,
}

/// A run of bytes with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) value: Value,
    pub(crate) bytes: u64,
}

impl Memory {
    /// Memory in which buffer `i` has `sizes[i]` bytes and holds `initial[i]`.
    pub(crate) fn new(sizes: Vec<u64>, initial: Vec<Value>) -> Self {
        Self {
            cells: vec![None; sizes.len()],
            sizes,
            readers: Vec::new(),
            wide: Vec::new(),
            writes: 0,
            rows: Vec::new(),
            initial,
        }
    }

    /// What `access` holds, in order, appended to `runs`; `conflict` is called with every task that wrote any of it.
    pub(crate) fn read(
        &mut self,
        access: &Access,
        task: u32,
        runs: &mut Vec<Run>,
        mut conflict: impl FnMut(u32),
    ) {
        let (root, extent) = (access.root, &access.extent);
        let mut rows = std::mem::take(&mut self.rows);
        if !extent.rows_into(MOST_ROWS, &mut rows) {
            self.read_wide(root, extent, task, runs, conflict);
            self.rows = rows;
            return;
        }
        for (start, end) in rows.drain(..) {
            let readers = &mut self.readers;
            visit(
                &mut self.cells[root.index()],
                self.sizes[root.index()],
                self.initial[root.index()],
                start,
                end,
                |at, cell| {
                    if cell.writer != NIL {
                        conflict(cell.writer);
                    }
                    push_run(runs, cell.value, cell.end - at);
                    if cell.readers == NIL || readers[cell.readers as usize].task != task {
                        readers.push(Reader { task, rest: cell.readers, stamp: 0 });
                        cell.readers = readers.len() as u32 - 1;
                    }
                },
            );
        }
        self.rows = rows;
        self.beside(root, extent, false, |wide| conflict(wide.task));
        // A wide write over these bytes counts as part of what is seen.
        let seen: u64 = self.wide_values(root, extent);
        if seen != 0 {
            runs.push(Run { value: Value { source: seen, offset: 0 }, bytes: 0 });
        }
    }

    /// Lets `access` hold `value` from now on; `conflict` is called with every task that wrote or read any of it since.
    pub(crate) fn write(&mut self, access: &Access, task: u32, runs: &[Run], mut conflict: impl FnMut(u32)) {
        let (root, extent) = (access.root, &access.extent);
        self.beside(root, extent, true, |wide| conflict(wide.task));
        self.writes += 1;
        let mut rows = std::mem::take(&mut self.rows);
        if !extent.rows_into(MOST_ROWS, &mut rows) {
            self.write_wide(root, extent, task, runs, conflict);
            self.rows = rows;
            return;
        }
        let mut source = runs.iter().copied();
        let mut current = source.next();
        for (start, end) in rows.drain(..) {
            let mut at = start;
            while at < end {
                let Some(run) = &mut current else { break };
                let bytes = run.bytes.min(end - at);
                let value = run.value;
                run.value = run.value.skip(bytes);
                run.bytes -= bytes;
                if run.bytes == 0 {
                    current = source.next();
                }
                self.overwrite(root, at, at + bytes, value, task, &mut conflict);
                at += bytes;
            }
        }
        self.rows = rows;
        self.wide.retain(|wide| wide.buffer != root || !extent.contains(&wide.extent));
    }

    fn overwrite(
        &mut self,
        root: Buffer,
        start: u64,
        end: u64,
        value: Value,
        task: u32,
        conflict: &mut impl FnMut(u32),
    ) {
        if start >= end {
            return;
        }
        let (readers, stamp) = (&mut self.readers, self.writes);
        let cells = &mut self.cells[root.index()];
        visit(cells, self.sizes[root.index()], self.initial[root.index()], start, end, |_, cell| {
            if cell.writer != NIL && cell.writer != task {
                conflict(cell.writer);
            }
            each_reader(readers, cell.readers, stamp, |other| {
                if other != task {
                    conflict(other);
                }
            });
        });
        let cell = Cell { end, value, writer: task, readers: NIL };
        match cells {
            Some(Cells::One(only)) if start == 0 && only.end == end => *only = cell,
            Some(Cells::Many(map)) => {
                // `visit` has cut at both ends.
                let inside: Vec<u64> = map.range(start..end).map(|(&at, _)| at).collect();
                for at in inside {
                    map.remove(&at);
                }
                map.insert(start, cell);
            }
            Some(Cells::One(_)) | None => *cells = Some(Cells::One(cell)),
        }
    }

    /// What the whole buffer holds.
    pub(crate) fn whole(&self, root: Buffer, runs: &mut Vec<Run>) {
        let size = self.sizes[root.index()];
        match &self.cells[root.index()] {
            None => push_run(runs, self.initial[root.index()], size),
            Some(Cells::One(cell)) => push_run(runs, cell.value, cell.end),
            Some(Cells::Many(map)) => {
                for (&at, cell) in map {
                    push_run(runs, cell.value, cell.end - at);
                }
            }
        }
        let seen = self.wide_values(root, &Extent::range(0, size));
        if seen != 0 {
            runs.push(Run { value: Value { source: seen, offset: 0 }, bytes: 0 });
        }
    }

    fn beside(&self, root: Buffer, extent: &Extent, writing: bool, mut found: impl FnMut(&Wide)) {
        for wide in self.wide.iter().filter(|wide| wide.buffer == root) {
            if (writing || wide.writer) && wide.extent.overlaps(extent) {
                found(wide);
            }
        }
    }

    /// A number for the wide writes that an access sees; the order among those that overlap is proved apart from this.
    fn wide_values(&self, root: Buffer, extent: &Extent) -> u64 {
        let seen = self
            .wide
            .iter()
            .filter(|wide| wide.buffer == root && wide.writer && wide.extent.overlaps(extent));
        seen.fold(0u64, |sum, wide| sum.wrapping_add(wide.value | 1))
    }

    fn read_wide(
        &mut self,
        root: Buffer,
        extent: &Extent,
        task: u32,
        runs: &mut Vec<Run>,
        mut conflict: impl FnMut(u32),
    ) {
        let mut whole = Vec::new();
        let hull = Access { root, extent: Extent::range(extent.start(), extent.end()) };
        // Cells that only lie between the rows are no conflict, but the digest may name them.
        let mut writers = Vec::new();
        visit(
            &mut self.cells[root.index()],
            self.sizes[root.index()],
            self.initial[root.index()],
            hull.extent.start(),
            hull.extent.end(),
            |at, cell| {
                if Extent::range(at, cell.end).overlaps(extent) {
                    if cell.writer != NIL {
                        writers.push(cell.writer);
                    }
                    push_run(&mut whole, cell.value, cell.end - at);
                }
            },
        );
        writers.into_iter().for_each(&mut conflict);
        self.beside(root, extent, false, |wide| conflict(wide.task));
        runs.extend(whole);
        let seen = self.wide_values(root, extent);
        runs.push(Run { value: Value { source: seen, offset: 0 }, bytes: 0 });
        self.wide.push(Wide { buffer: root, extent: *extent, writer: false, task, value: 0 });
    }

    fn write_wide(
        &mut self,
        root: Buffer,
        extent: &Extent,
        task: u32,
        runs: &[Run],
        mut conflict: impl FnMut(u32),
    ) {
        let mut found = Vec::new();
        let (readers, stamp) = (&mut self.readers, self.writes);
        visit(
            &mut self.cells[root.index()],
            self.sizes[root.index()],
            self.initial[root.index()],
            extent.start(),
            extent.end(),
            |at, cell| {
                if !Extent::range(at, cell.end).overlaps(extent) {
                    return;
                }
                if cell.writer != NIL {
                    found.push(cell.writer);
                }
                each_reader(readers, cell.readers, stamp, |other| found.push(other));
            },
        );
        found.into_iter().filter(|&other| other != task).for_each(&mut conflict);
        let mut digest = crate::digest::Digest::new(3);
        for run in runs {
            digest.push(run.value.source);
            digest.push(run.value.offset);
            digest.push(run.bytes);
        }
        self.wide.retain(|wide| wide.buffer != root || !extent.contains(&wide.extent));
        self.wide.push(Wide { buffer: root, extent: *extent, writer: true, task, value: digest.get() });
    }
}

/// Appends a run, as part of the one before where it goes on with the same value.
pub(crate) fn push_run(runs: &mut Vec<Run>, value: Value, bytes: u64) {
    if let Some(last) = runs.last_mut()
        && last.value.skip(last.bytes) == value
        && last.bytes > 0
    {
        last.bytes += bytes;
        return;
    }
    runs.push(Run { value, bytes });
}

/// Calls `found` with the readers of a list that the write number `stamp` has not come across yet.
fn each_reader(readers: &mut [Reader], list: u32, stamp: u32, mut found: impl FnMut(u32)) {
    let mut at = list;
    while at != NIL {
        let reader = &mut readers[at as usize];
        if reader.stamp == stamp {
            return;
        }
        reader.stamp = stamp;
        found(reader.task);
        at = reader.rest;
    }
}

/// Calls `each` with every cell in `start..end` and where it starts; cells that reach out of the range are cut.
fn visit(
    cells: &mut Option<Cells>,
    size: u64,
    initial: Value,
    start: u64,
    end: u64,
    mut each: impl FnMut(u64, &mut Cell),
) {
    let whole =
        cells.get_or_insert(Cells::One(Cell { end: size, value: initial, writer: NIL, readers: NIL }));
    if let Cells::One(cell) = whole {
        if start == 0 && end >= cell.end {
            each(0, cell);
            return;
        }
        *whole = Cells::Many(BTreeMap::from([(0, *cell)]));
    }
    let Cells::Many(map) = whole else { return };
    split(map, start);
    split(map, end);
    for (&at, cell) in map.range_mut(start..end) {
        each(at, cell);
    }
}

/// Cuts the cell that byte `at` is inside of.
fn split(map: &mut BTreeMap<u64, Cell>, at: u64) {
    let Some((&start, cell)) = map.range_mut(..at).next_back() else { return };
    if cell.end <= at {
        return;
    }
    let rest = Cell { value: cell.value.skip(at - start), ..*cell };
    cell.end = at;
    map.insert(at, rest);
}
