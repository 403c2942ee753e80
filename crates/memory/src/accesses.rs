//! Lifetimes as accesses of tasks on streams, ordered by vector clocks.
//!
//! The clock of a task says for each stream how many of its tasks are over before the task starts. A buffer keeps two things:
//! on each stream that touches it, how many tasks must be over before its last access there is; and, for each stream, how many
//! tasks are over before *any* of its accesses. One buffer precedes another if the first are within the second, a test that
//! takes as many steps as the buffer has streams (algorithms, section 4).
//!
//! **Invariant:** between buffers that have accesses, `precedes` is a strict partial order.

use crate::Intervals;

/// Tasks on streams, in plain slices.
#[derive(Clone, Copy, Debug)]
pub struct Schedule<'a> {
    /// The stream of each task.
    pub stream_of: &'a [u32],
    /// All tasks in the order of issue, in which every sync goes forward.
    pub order: &'a [u32],
    /// Pairs of tasks: the second starts after the first is over.
    pub syncs: &'a [(u32, u32)],
}

/// Which tasks access each buffer: `tasks[starts[b]..starts[b + 1]]` access buffer `b`.
#[derive(Clone, Copy, Debug)]
pub struct AccessLists<'a> {
    /// Where the tasks of each buffer start, with the end of the last; empty for no buffer.
    pub starts: &'a [u32],
    /// Tasks, in any order, each as often as one likes.
    pub tasks: &'a [u32],
}

/// What is wrong with a schedule or with lists of accesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// `order` is not all tasks, each once.
    #[error("the order of issue is not every task once")]
    Order,
    /// A sync names no task or goes backward in the order of issue.
    #[error("sync {0} does not go forward in the order of issue")]
    Sync(usize),
    /// The list of a buffer runs backward or beyond the tasks listed, or holds something that is no task.
    #[error("the accesses of buffer {0} are not a list of tasks")]
    List(usize),
    /// Clocks of so many tasks or buffers on so many streams exceed [`Accesses::MOST_CLOCKS`].
    #[error("{0} streams are too many for so many tasks")]
    Streams(usize),
}

/// When buffers are accessed, in a form that compares them quickly.
#[derive(Clone, Debug)]
pub struct Accesses {
    pub(crate) clocks: Clocks,
    /// For each buffer, `last[last_start[b]..last_start[b + 1]]`: a stream and how many of its tasks are over after the last access there.
    last_start: Vec<u32>,
    last: Vec<(u32, u32)>,
    /// For each buffer, what is over before any access: the row of the task that comes before all its others, or, from the number of tasks
    /// on, one of `several`.
    over: Vec<u32>,
    /// Rows of buffers that several tasks may be the first to access, or none.
    several: Vec<u32>,
    /// For each buffer, the access in the order of issue that comes first.
    first: Vec<u32>,
}

/// What is over before each task starts.
#[derive(Clone, Debug)]
pub(crate) struct Clocks {
    pub(crate) streams: usize,
    rows: Vec<u32>,
    /// The place of each task on its stream.
    place: Vec<u32>,
    stream_of: Vec<u32>,
    /// The place of each task in the order of issue.
    issue: Vec<u32>,
    /// Tasks by stream: `on[on_start[s]..on_start[s + 1]]` in order.
    on_start: Vec<u32>,
    on: Vec<u32>,
    pub(crate) syncs: Vec<(u32, u32)>,
}

impl Clocks {
    fn new(schedule: Schedule<'_>) -> Result<Self, AccessError> {
        let tasks = schedule.stream_of.len();
        let issue = places(schedule.order, tasks)?;
        for (index, &(before, after)) in schedule.syncs.iter().enumerate() {
            let place = |task: u32| issue.get(task as usize).ok_or(AccessError::Sync(index));
            if place(before)? >= place(after)? {
                return Err(AccessError::Sync(index));
            }
        }
        let (stream_of, streams) = compact(schedule.stream_of);
        if tasks.saturating_mul(streams) > Accesses::MOST_CLOCKS {
            return Err(AccessError::Streams(streams));
        }
        let mut syncs = schedule.syncs.to_vec();
        syncs.sort_unstable_by_key(|&(before, after)| (issue[after as usize], before));
        let mut clocks = Self {
            streams,
            rows: vec![0; tasks * streams],
            place: vec![0; tasks],
            stream_of,
            issue,
            on_start: Vec::new(),
            on: Vec::new(),
            syncs,
        };
        clocks.list_streams(schedule.order);
        clocks.run(schedule.order);
        Ok(clocks)
    }

    fn list_streams(&mut self, order: &[u32]) {
        let mut start = vec![0u32; self.streams + 1];
        self.stream_of.iter().for_each(|&stream| start[stream as usize + 1] += 1);
        for stream in 0..self.streams {
            start[stream + 1] += start[stream];
        }
        self.on = vec![0; order.len()];
        let mut fill = start.clone();
        for &task in order {
            let stream = self.stream_of[task as usize] as usize;
            self.on[fill[stream] as usize] = task;
            self.place[task as usize] = fill[stream] - start[stream];
            fill[stream] += 1;
        }
        self.on_start = start;
    }

    fn run(&mut self, order: &[u32]) {
        let streams = self.streams;
        let mut next_sync = 0;
        for &task in order {
            let row = task as usize * streams;
            let (stream, place) = (self.stream_of[task as usize] as usize, self.place[task as usize]);
            if place > 0 {
                let before = self.on_stream(stream)[place as usize - 1] as usize * streams;
                self.rows.copy_within(before..before + streams, row);
                self.rows[row + stream] = place;
            }
            while let Some(&(before, after)) = self.syncs.get(next_sync)
                && after == task
            {
                next_sync += 1;
                self.join(before, row);
            }
        }
    }

    fn join(&mut self, before: u32, row: usize) {
        let (from, streams) = (before as usize * self.streams, self.streams);
        for stream in 0..streams {
            self.rows[row + stream] = self.rows[row + stream].max(self.rows[from + stream]);
        }
        let own = row + self.stream_of[before as usize] as usize;
        self.rows[own] = self.rows[own].max(self.place[before as usize] + 1);
    }

    pub(crate) fn row(&self, task: u32) -> &[u32] {
        &self.rows[task as usize * self.streams..(task as usize + 1) * self.streams]
    }

    pub(crate) fn on_stream(&self, stream: usize) -> &[u32] {
        &self.on[self.on_start[stream] as usize..self.on_start[stream + 1] as usize]
    }

    pub(crate) fn tasks(&self) -> usize {
        self.place.len()
    }

    /// All tasks in the order of issue.
    pub(crate) fn in_order_of_issue(&self) -> Vec<u32> {
        let mut order = vec![0; self.issue.len()];
        for (task, &place) in self.issue.iter().enumerate() {
            order[place as usize] = task as u32;
        }
        order
    }

    /// The place of `task` in the order of issue.
    pub(crate) fn issue(&self, task: u32) -> u32 {
        self.issue[task as usize]
    }

    /// Whether task `a` is over before task `b` starts.
    pub(crate) fn before(&self, a: u32, b: u32) -> bool {
        self.row(b)[self.stream_of[a as usize] as usize] > self.place[a as usize]
    }
}

impl Accesses {
    /// Tasks times streams, and buffers times streams, are at most this: each takes four bytes.
    pub const MOST_CLOCKS: usize = 1 << 28;

    /// Buffers accessed as `lists` say by the tasks of `schedule`.
    ///
    /// # Errors
    /// Where the order of issue, a sync or a list names something that is not there or goes backward.
    pub fn new(schedule: Schedule<'_>, lists: AccessLists<'_>) -> Result<Self, AccessError> {
        let clocks = Clocks::new(schedule)?;
        let buffers = lists.starts.len().saturating_sub(1);
        if buffers.saturating_mul(clocks.streams) > Self::MOST_CLOCKS {
            return Err(AccessError::Streams(clocks.streams));
        }
        let mut accesses = Self {
            over: Vec::with_capacity(buffers),
            several: Vec::new(),
            first: vec![u32::MAX; buffers],
            last_start: vec![0],
            last: Vec::new(),
            clocks,
        };
        let mut last = vec![0; accesses.clocks.streams];
        for buffer in 0..buffers {
            let range = lists.starts[buffer] as usize..lists.starts[buffer + 1] as usize;
            let tasks = lists.tasks.get(range).ok_or(AccessError::List(buffer))?;
            if tasks.iter().any(|&task| task as usize >= accesses.clocks.tasks()) {
                return Err(AccessError::List(buffer));
            }
            accesses.add(buffer, tasks, &mut last);
        }
        Ok(accesses)
    }

    fn add(&mut self, buffer: usize, tasks: &[u32], last: &mut [u32]) {
        for &task in tasks {
            let stream = self.clocks.stream_of[task as usize] as usize;
            last[stream] = last[stream].max(self.clocks.place[task as usize] + 1);
            let first = &mut self.first[buffer];
            if *first == u32::MAX || self.clocks.issue[task as usize] < self.clocks.issue[*first as usize] {
                *first = task;
            }
        }
        let from = self.last.len();
        self.last.extend(tasks.iter().filter_map(|&task| {
            let stream = self.clocks.stream_of[task as usize];
            let ends = std::mem::take(&mut last[stream as usize]);
            (ends > 0).then_some((stream, ends))
        }));
        self.last[from..].sort_unstable();
        self.last_start.push(self.last.len() as u32);
        let row = self.first_row(self.first[buffer], tasks);
        self.over.push(row);
    }

    /// The number of the row of what is over before any of `tasks`, of which `first` is issued first.
    fn first_row(&mut self, first: u32, tasks: &[u32]) -> u32 {
        let clocks = &self.clocks;
        if first != u32::MAX && tasks.iter().all(|&task| task == first || clocks.before(first, task)) {
            return first;
        }
        let start = self.several.len();
        self.several.resize(start + clocks.streams, u32::MAX);
        for &task in tasks {
            for (over, &clock) in self.several[start..].iter_mut().zip(clocks.row(task)) {
                *over = (*over).min(clock);
            }
        }
        (clocks.tasks() + start / clocks.streams.max(1)) as u32
    }

    pub(crate) fn len(&self) -> usize {
        self.first.len()
    }

    pub(crate) fn last(&self, buffer: usize) -> &[(u32, u32)] {
        &self.last[self.last_start[buffer] as usize..self.last_start[buffer + 1] as usize]
    }

    pub(crate) fn over(&self, buffer: usize) -> &[u32] {
        let (row, tasks, streams) = (self.over[buffer] as usize, self.clocks.tasks(), self.clocks.streams);
        let rows = if row < tasks { &self.clocks.rows } else { &self.several };
        let row = if row < tasks { row } else { row - tasks };
        &rows[row * streams..(row + 1) * streams]
    }

    /// The first access of `buffer` in the order of issue; `None` where nothing accesses it.
    pub(crate) fn first(&self, buffer: usize) -> Option<u32> {
        Some(self.first[buffer]).filter(|&first| first != u32::MAX)
    }

    pub(crate) fn precedes(&self, a: usize, b: usize) -> bool {
        let over = self.over(b);
        self.last(a).iter().all(|&(stream, ends)| ends <= over[stream as usize])
    }

    /// Whether none of `buffers`, which all have accesses, precedes another.
    pub(crate) fn is_antichain(&self, buffers: &[u32]) -> bool {
        // By the stream of the access that is issued last, which is over last as a rule.
        let mut ended: Vec<(u32, u32, u32)> = buffers
            .iter()
            .filter_map(|&buffer| {
                let issue = |&(stream, ends): &(u32, u32)| {
                    self.clocks.issue(self.clocks.on_stream(stream as usize)[ends as usize - 1])
                };
                let &(stream, ends) = self.last(buffer as usize).iter().max_by_key(|&last| issue(last))?;
                Some((stream, ends, buffer))
            })
            .collect();
        ended.sort_unstable();
        let by_stream: Vec<&[(u32, u32, u32)]> = ended.chunk_by(|a, b| a.0 == b.0).collect();
        buffers.iter().all(|&buffer| {
            let over = self.over(buffer as usize);
            by_stream.iter().all(|ended| {
                let within = ended.iter().take_while(|&&(stream, ends, _)| ends <= over[stream as usize]);
                within.into_iter().all(|&(_, _, other)| !self.precedes(other as usize, buffer as usize))
            })
        })
    }

    /// When buffers would be in use if tasks ran one by one in the order of issue, and which buffers those are: all accessed ones.
    pub(crate) fn at_issue(&self) -> (Intervals, Vec<u32>) {
        let buffers: Vec<u32> =
            (0..self.len() as u32).filter(|&buffer| self.first(buffer as usize).is_some()).collect();
        let issue = |task: u32| u64::from(self.clocks.issue[task as usize]);
        let lower = buffers.iter().map(|&buffer| issue(self.first[buffer as usize])).collect();
        let ends = |&(stream, ends): &(u32, u32)| {
            issue(self.clocks.on_stream(stream as usize)[ends as usize - 1]) + 1
        };
        let upper = buffers
            .iter()
            .map(|&buffer| self.last(buffer as usize).iter().map(ends).max().unwrap_or(0))
            .collect();
        let intervals = Intervals::new(lower, upper).expect("a buffer's last access is not before its first");
        (intervals, buffers)
    }

    /// The stream of the first access of `buffer`.
    pub(crate) fn first_stream(&self, buffer: usize) -> Option<usize> {
        self.first(buffer).map(|first| self.clocks.stream_of[first as usize] as usize)
    }

    /// How many tasks each stream has.
    pub(crate) fn stream_lengths(&self) -> Vec<u32> {
        (0..self.clocks.streams).map(|stream| self.clocks.on_stream(stream).len() as u32).collect()
    }

    pub(crate) fn by_first_use(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        let issue = |buffer: u32| self.first(buffer as usize).map(|first| self.clocks.issue[first as usize]);
        order.sort_unstable_by_key(|&buffer| (issue(buffer), buffer));
        order
    }
}

/// Buffers by their last accesses: of each task, those that it accesses as the last one of its stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endings {
    starts: Vec<u32>,
    all: Vec<Ending>,
}

/// A buffer that one stream is done with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ending {
    pub(crate) buffer: u32,
    /// Of its last accesses the latest in the order of issue: a stream, and how many of its tasks are over after it.
    latest: (u32, u32),
}

impl Ending {
    /// Whether the buffer may be over: its latest access is.
    pub(crate) fn may_be_within(self, over: &[u32]) -> bool {
        self.latest.1 <= over[self.latest.0 as usize]
    }
}

impl Endings {
    pub(crate) fn of(accesses: &Accesses) -> Self {
        let clocks = &accesses.clocks;
        let at = |stream: u32, ends: u32| (clocks.on_start[stream as usize] + ends - 1) as usize;
        let mut starts = vec![0u32; clocks.tasks() + 1];
        accesses.last.iter().for_each(|&(stream, ends)| starts[at(stream, ends) + 1] += 1);
        for task in 1..starts.len() {
            starts[task] += starts[task - 1];
        }
        let mut all = vec![Ending::default(); accesses.last.len()];
        let mut fill = starts.clone();
        for buffer in 0..accesses.len() {
            let last = accesses.last(buffer);
            let issue = |&(stream, ends): &(u32, u32)| clocks.issue(clocks.on[at(stream, ends)]);
            let Some(&latest) = last.iter().max_by_key(|&last| issue(last)) else { continue };
            for &(stream, ends) in last {
                let fill = &mut fill[at(stream, ends)];
                all[*fill as usize] = Ending { buffer: buffer as u32, latest };
                *fill += 1;
            }
        }
        Self { starts, all }
    }

    /// The buffers whose last access on a stream is one of its tasks `from..to`.
    pub(crate) fn between(&self, accesses: &Accesses, stream: usize, from: u32, to: u32) -> &[Ending] {
        let start = accesses.clocks.on_start[stream];
        let [from, to] = [from, to].map(|place| self.starts[(start + place) as usize] as usize);
        &self.all[from..to]
    }
}

/// The place of each task in `order`.
fn places(order: &[u32], tasks: usize) -> Result<Vec<u32>, AccessError> {
    let mut places = vec![u32::MAX; tasks];
    for (place, &task) in order.iter().enumerate() {
        let slot =
            places.get_mut(task as usize).filter(|slot| **slot == u32::MAX).ok_or(AccessError::Order)?;
        *slot = place as u32;
    }
    if order.len() == tasks { Ok(places) } else { Err(AccessError::Order) }
}

/// Streams numbered without gaps, and how many there are.
fn compact(stream_of: &[u32]) -> (Vec<u32>, usize) {
    let mut names = stream_of.to_vec();
    names.sort_unstable();
    names.dedup();
    let numbered =
        stream_of.iter().map(|stream| names.partition_point(|name| name < stream) as u32).collect();
    (numbered, names.len())
}
