//! Lifetimes as accesses of tasks on streams, ordered by vector clocks.
//!
//! The clock of a task says for each stream how many of its tasks are over before the task starts. A buffer keeps two things:
//! on each stream that touches it, how many tasks must be over before its last access there is; and, for each stream, how many
//! tasks are over before *any* of its accesses. One buffer precedes another if the first are within the second, a test that
//! takes as many steps as the buffer has streams (algorithms, section 4).
//!
//! **Invariant:** between buffers that have accesses, `precedes` is a strict partial order.

use std::hint::black_box;

use crate::clocks::{Clocks, Learned, Row, Turn};
use crate::in_order::{ends, in_order};
use crate::intervals::max_load;

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
    /// One for each buffer, and then one that says where the list of the last ends.
    uses: Vec<Use>,
    /// Of each buffer, how many tasks are issued before its first access and how many with its last one: of what nothing accesses, none.
    issued: Vec<(u32, u32)>,
    /// For each buffer, `last[uses[b].last_start..uses[b + 1].last_start]`: a stream and how many of its tasks are over after the last access there.
    last: Vec<(u32, u32)>,
    /// Rows of buffers that several tasks may be the first to access, or none.
    several: Vec<u32>,
}

/// When one buffer is accessed.
#[derive(Clone, Copy, Debug)]
struct Use {
    last_start: u32,
    /// What is over before any access: the row of the task that comes before all its others, or, from the number of tasks on, one of `several`.
    over: u32,
    /// The access that comes first in the order of issue, or [`NONE`].
    first: u32,
    /// Of the last accesses on each stream the one that comes last in the order of issue, here because most buffers have no other.
    latest: (u32, u32),
}

const NONE: u32 = u32::MAX;

/// How many buffers are looked ahead: what is known of them lies anywhere, and less is waited for where it is fetched for many at once.
pub(crate) const RUN: usize = 64;

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
            clocks,
            uses: Vec::with_capacity(buffers + 1),
            issued: Vec::with_capacity(buffers),
            last: Vec::with_capacity(lists.tasks.len()),
            several: Vec::new(),
        };
        let mut last = vec![0; accesses.clocks.streams];
        for buffer in 0..buffers {
            if buffer % RUN == 0 {
                let end = lists.starts[buffers.min(buffer + RUN)];
                let run = lists.starts[buffer] as usize..end as usize;
                accesses.clocks.fetch(lists.tasks.get(run).unwrap_or(&[]).iter().copied());
            }
            let range = lists.starts[buffer] as usize..lists.starts[buffer + 1] as usize;
            let tasks = lists.tasks.get(range).ok_or(AccessError::List(buffer))?;
            if tasks.iter().any(|&task| task as usize >= accesses.clocks.tasks()) {
                return Err(AccessError::List(buffer));
            }
            accesses.add(tasks, &mut last);
        }
        let last_start = accesses.last.len() as u32;
        accesses.uses.push(Use { last_start, over: NONE, first: NONE, latest: (NONE, 0) });
        Ok(accesses)
    }

    fn add(&mut self, tasks: &[u32], last: &mut [u32]) {
        // The first and the last in the order of issue, how much of it is issued before and with them, and where the last one is.
        let (mut first, mut issued, mut latest) = (NONE, (u32::MAX, 0), (NONE, 0));
        for &task in tasks {
            let Turn { stream, place, issue, .. } = self.clocks.turn(task);
            last[stream as usize] = last[stream as usize].max(place + 1);
            if issue < issued.0 {
                (first, issued.0) = (task, issue);
            }
            if issue >= issued.1 {
                (latest, issued.1) = ((stream, place + 1), issue + 1);
            }
        }
        self.issued.push(if first == NONE { (0, 0) } else { issued });
        let from = self.last.len();
        self.last.extend(tasks.iter().filter_map(|&task| {
            let stream = self.clocks.turn(task).stream;
            let ends = std::mem::take(&mut last[stream as usize]);
            (ends > 0).then_some((stream, ends))
        }));
        self.last[from..].sort_unstable();
        let over = self.first_row(first, tasks);
        self.uses.push(Use { last_start: from as u32, over, first, latest });
    }

    /// The number of the row of what is over before any of `tasks`, of which `first` is issued first.
    fn first_row(&mut self, first: u32, tasks: &[u32]) -> u32 {
        let clocks = &self.clocks;
        if first != NONE && tasks.iter().all(|&task| task == first || clocks.before(first, task)) {
            return first;
        }
        let start = self.several.len();
        self.several.resize(start + clocks.streams, u32::MAX);
        for &task in tasks {
            for (over, clock) in self.several[start..].iter_mut().zip(clocks.row(task).iter()) {
                *over = (*over).min(clock);
            }
        }
        (clocks.tasks() + start / clocks.streams.max(1)) as u32
    }

    pub(crate) fn len(&self) -> usize {
        self.uses.len() - 1
    }

    pub(crate) fn last(&self, buffer: usize) -> &[(u32, u32)] {
        &self.last[self.uses[buffer].last_start as usize..self.uses[buffer + 1].last_start as usize]
    }

    /// What is over before any access to `buffer`.
    pub(crate) fn over(&self, buffer: usize) -> Row<'_> {
        let (row, tasks, streams) = (self.uses[buffer].over, self.clocks.tasks(), self.clocks.streams);
        match (row as usize).checked_sub(tasks) {
            None => self.clocks.row(row),
            Some(row) => {
                let learned = &self.several[row * streams..(row + 1) * streams];
                Row { learned: Learned::Wide(learned), own: None }
            }
        }
    }

    /// The first access of `buffer` in the order of issue; `None` where nothing accesses it.
    pub(crate) fn first(&self, buffer: usize) -> Option<u32> {
        Some(self.uses[buffer].first).filter(|&first| first != NONE)
    }

    /// The last access of `buffer` in the order of issue: its stream, and how many tasks of that are over then; `None` where nothing accesses it.
    fn latest(&self, buffer: usize) -> Option<(u32, u32)> {
        Some(self.uses[buffer].latest).filter(|&(stream, _)| stream != NONE)
    }

    pub(crate) fn precedes(&self, a: usize, b: usize) -> bool {
        self.is_within(a, self.over(b))
    }

    /// Whether everything done with `buffer` is within what is over.
    pub(crate) fn is_within(&self, buffer: usize, over: Row<'_>) -> bool {
        let is_over = |&(stream, ends): &(u32, u32)| ends <= over.at(stream as usize);
        let (last, latest) = (self.last(buffer), &self.uses[buffer].latest);
        last.is_empty() || is_over(latest) && (last.len() == 1 || last.iter().all(is_over))
    }

    /// Whether none of `buffers`, which all have accesses, precedes another.
    pub(crate) fn is_antichain(&self, buffers: &[u32]) -> bool {
        // By the stream of the access that is issued last, which is over last as a rule.
        let mut ended: Vec<(u32, u32, u32)> = buffers
            .iter()
            .filter_map(|&buffer| {
                let (stream, ends) = self.latest(buffer as usize)?;
                Some((stream, ends, buffer))
            })
            .collect();
        ended.sort_unstable();
        let by_stream: Vec<&[(u32, u32, u32)]> = ended.chunk_by(|a, b| a.0 == b.0).collect();
        buffers.iter().all(|&buffer| {
            let over = self.over(buffer as usize);
            by_stream.iter().all(|ended| {
                let within = ended.iter().take_while(|&&(stream, ends, _)| ends <= over.at(stream as usize));
                within.into_iter().all(|&(_, _, other)| !self.precedes(other as usize, buffer as usize))
            })
        })
    }

    /// The largest sum of `sizes` in use at one time if tasks ran one by one in the order of issue, and the buffers in use then.
    pub(crate) fn max_load_at_issue(&self, sizes: &[u64]) -> (u64, Vec<u32>) {
        let spans = self.issued.iter().map(|&(from, to)| (from as usize, to as usize));
        max_load(self.clocks.tasks() + 1, spans, sizes)
    }

    /// Fetches what is known of buffers that are looked at next.
    pub(crate) fn fetch(&self, buffers: &[u32]) {
        let over = buffers.iter().map(|&buffer| self.uses[buffer as usize].over);
        black_box(over.clone().fold(0, |sum, over| sum ^ over));
        self.clocks.fetch(over);
    }

    /// The stream of the first access of `buffer`.
    pub(crate) fn first_stream(&self, buffer: usize) -> Option<usize> {
        self.first(buffer).map(|first| self.clocks.turn(first).stream as usize)
    }

    /// How many tasks each stream has.
    pub(crate) fn stream_lengths(&self) -> Vec<u32> {
        (0..self.clocks.streams).map(|stream| self.clocks.on_stream(stream).len() as u32).collect()
    }

    /// Buffers by their first accesses in the order of issue, after those that nothing accesses.
    pub(crate) fn by_first_use(&self) -> Vec<u32> {
        let turn = |buffer: usize| {
            let (from, to) = self.issued[buffer];
            if to == 0 { 0 } else { from as usize + 1 }
        };
        in_order(self.len(), self.clocks.tasks() + 1, turn)
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
    pub(crate) fn may_be_within(self, over: Row<'_>) -> bool {
        self.latest.1 <= over.at(self.latest.0 as usize)
    }
}

impl Endings {
    pub(crate) fn of(accesses: &Accesses) -> Self {
        let at =
            |&(stream, ends): &(u32, u32)| (accesses.clocks.start_of(stream as usize) + ends - 1) as usize;
        let mut starts = ends(accesses.clocks.tasks(), accesses.last.iter().map(at));
        let mut all = vec![Ending::default(); accesses.last.len()];
        for buffer in (0..accesses.len()).rev() {
            let Some(latest) = accesses.latest(buffer) else { continue };
            for last in accesses.last(buffer) {
                let start = &mut starts[at(last)];
                *start -= 1;
                all[*start as usize] = Ending { buffer: buffer as u32, latest };
            }
        }
        starts.push(all.len() as u32);
        Self { starts, all }
    }

    /// The buffers whose last access on a stream is one of its tasks `from..to`.
    pub(crate) fn between(&self, accesses: &Accesses, stream: usize, from: u32, to: u32) -> &[Ending] {
        let start = accesses.clocks.start_of(stream);
        let [from, to] = [from, to].map(|place| self.starts[(start + place) as usize] as usize);
        &self.all[from..to]
    }
}
