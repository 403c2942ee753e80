//! What is over before each task starts: for each stream, how many of its tasks.
//!
//! A task that waits for nothing knows what the one before it on its stream knew, and that this one is over. So tasks that wait have rows, and the
//! others those of the last one before them.

use std::hint::black_box;

use crate::accesses::{AccessError, Accesses, Schedule};

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Clocks {
    pub(crate) streams: usize,
    turns: Vec<Turn>,
    rows: Rows,
    /// Tasks by stream: `on[on_start[s]..on_start[s + 1]]` in order.
    on_start: Vec<u32>,
    on: Vec<u32>,
    pub(crate) syncs: Vec<(u32, u32)>,
}

/// When a task starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) stream: u32,
    /// How many tasks of its stream come before it.
    pub(crate) place: u32,
    /// How many tasks are issued before it.
    pub(crate) issue: u32,
    /// The number of its row.
    row: u32,
}

/// First a row for each stream, of which nothing is learned, and then those of tasks that wait. Of its own stream a row says no less than any other.
#[derive(Clone, Debug)]
enum Rows {
    /// Where no stream has more tasks than two bytes count.
    Narrow(Vec<u16>),
    Wide(Vec<u32>),
}

impl Rows {
    fn part(&self, start: usize, end: usize) -> Learned<'_> {
        match self {
            Self::Narrow(rows) => Learned::Narrow(&rows[start..end]),
            Self::Wide(rows) => Learned::Wide(&rows[start..end]),
        }
    }

    fn at(&self, at: usize) -> u32 {
        match self {
            Self::Narrow(rows) => rows[at].into(),
            Self::Wide(rows) => rows[at],
        }
    }
}

/// What a row says of each stream.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Learned<'a> {
    Narrow(&'a [u16]),
    Wide(&'a [u32]),
}

impl Learned<'_> {
    fn at(self, stream: usize) -> u32 {
        match self {
            Self::Narrow(row) => row[stream].into(),
            Self::Wide(row) => row[stream],
        }
    }

    fn len(self) -> usize {
        match self {
            Self::Narrow(row) => row.len(),
            Self::Wide(row) => row.len(),
        }
    }

    /// Whether it says less of any stream than `least`. All streams are compared at once, because most rows say less of none.
    fn is_below(self, least: &[u32]) -> bool {
        fn any_less<T: Copy + Into<u32>>(row: &[T], least: &[u32]) -> bool {
            least.iter().zip(row).map(|(&least, &over)| u32::from(over.into() < least)).sum::<u32>() > 0
        }
        match self {
            Self::Narrow(row) => any_less(row, least),
            Self::Wide(row) => any_less(row, least),
        }
    }
}

/// For each stream, how many of its tasks are over at some time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// What is known of all streams but `own`, of which it says no less than any other row.
    pub(crate) learned: Learned<'a>,
    /// A stream of which more is known, and how many of its tasks are over.
    pub(crate) own: Option<(usize, u32)>,
}

impl<'a> Row<'a> {
    /// How many tasks of `stream` are over.
    pub(crate) fn at(self, stream: usize) -> u32 {
        self.own.filter(|own| own.0 == stream).map_or_else(|| self.learned.at(stream), |own| own.1)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u32> + use<'a> {
        (0..self.learned.len()).map(move |stream| self.at(stream))
    }

    /// Whether it says less of any stream than `least`.
    pub(crate) fn is_below(self, least: &[u32]) -> bool {
        self.learned.is_below(least) || self.own.is_some_and(|(stream, own)| own < least[stream])
    }
}

impl Clocks {
    pub(crate) fn new(schedule: Schedule<'_>) -> Result<Self, AccessError> {
        let tasks = schedule.stream_of.len();
        let (start, mut turns) = turns(schedule)?;
        let streams = start.len() - 1;
        for (index, &(before, after)) in schedule.syncs.iter().enumerate() {
            let issue = |task: u32| turns.get(task as usize).map(|turn| turn.issue);
            let goes_forward = issue(before).zip(issue(after)).is_some_and(|(before, after)| before < after);
            if !goes_forward {
                return Err(AccessError::Sync(index));
            }
        }
        if tasks.saturating_mul(streams) > Accesses::MOST_CLOCKS {
            return Err(AccessError::Streams(streams));
        }
        let mut on = vec![0; tasks];
        for (task, turn) in turns.iter().enumerate() {
            on[(start[turn.stream as usize] + turn.place) as usize] = task as u32;
        }
        let mut syncs = schedule.syncs.to_vec();
        syncs.sort_unstable_by_key(|&(before, after)| (turns[after as usize].issue, before));
        let longest = start.windows(2).map(|ends| ends[1] - ends[0]).max().unwrap_or(0);
        let order = schedule.order;
        let rows = if longest < u16::MAX.into() {
            Rows::Narrow(rows(streams, &mut turns, order, &syncs, (u16::MAX, |count| count as u16)))
        } else {
            Rows::Wide(rows(streams, &mut turns, order, &syncs, (u32::MAX, |count| count)))
        };
        Ok(Self { streams, turns, rows, on_start: start, on, syncs })
    }

    /// What is over before `task` starts.
    pub(crate) fn row(&self, task: u32) -> Row<'_> {
        let Turn { stream, place, row, .. } = self.turns[task as usize];
        let start = row as usize * self.streams;
        Row { learned: self.rows.part(start, start + self.streams), own: Some((stream as usize, place)) }
    }

    /// Fetches the turns and the rows of tasks, which lie anywhere.
    pub(crate) fn fetch(&self, tasks: impl Iterator<Item = u32>) {
        let turns = tasks.filter_map(|task| self.turns.get(task as usize));
        black_box(turns.fold(0, |sum, turn| sum ^ self.rows.at(turn.row as usize * self.streams)));
    }

    pub(crate) fn on_stream(&self, stream: usize) -> &[u32] {
        &self.on[self.on_start[stream] as usize..self.on_start[stream + 1] as usize]
    }

    /// How many tasks there are on all streams before `stream`.
    pub(crate) fn start_of(&self, stream: usize) -> u32 {
        self.on_start[stream]
    }

    pub(crate) fn tasks(&self) -> usize {
        self.turns.len()
    }

    /// All tasks in the order of issue.
    pub(crate) fn in_order_of_issue(&self) -> Vec<u32> {
        let mut order = vec![0; self.turns.len()];
        for (task, turn) in self.turns.iter().enumerate() {
            order[turn.issue as usize] = task as u32;
        }
        order
    }

    pub(crate) fn turn(&self, task: u32) -> Turn {
        self.turns[task as usize]
    }

    /// The place of `task` in the order of issue.
    pub(crate) fn issue(&self, task: u32) -> u32 {
        self.turns[task as usize].issue
    }

    /// Whether task `a` is over before task `b` starts.
    pub(crate) fn before(&self, a: u32, b: u32) -> bool {
        let (a, own) = (self.turns[a as usize], self.turns[b as usize]);
        if a.stream == own.stream {
            return a.place < own.place;
        }
        self.rows.at(own.row as usize * self.streams + a.stream as usize) > a.place
    }
}

/// How many tasks there are on the streams before each, with all of them in the end, and the turns of tasks, without rows.
fn turns(schedule: Schedule<'_>) -> Result<(Vec<u32>, Vec<Turn>), AccessError> {
    let mut names = schedule.stream_of.to_vec();
    names.sort_unstable();
    names.dedup();
    let mut count = vec![0; names.len()];
    let mut turns = vec![Turn { stream: 0, place: 0, issue: u32::MAX, row: 0 }; schedule.stream_of.len()];
    for (issue, &task) in schedule.order.iter().enumerate() {
        let turn =
            turns.get_mut(task as usize).filter(|turn| turn.issue == u32::MAX).ok_or(AccessError::Order)?;
        let stream = names.partition_point(|&name| name < schedule.stream_of[task as usize]);
        *turn = Turn { stream: stream as u32, place: count[stream], issue: issue as u32, row: 0 };
        count[stream] += 1;
    }
    if schedule.order.len() < turns.len() {
        return Err(AccessError::Order);
    }
    let ends = count.iter().scan(0, |end, count| {
        *end += count;
        Some(*end)
    });
    Ok((std::iter::once(0).chain(ends).collect(), turns))
}

/// The rows of tasks, which `turns` get the numbers of; `syncs` are in the order of issue of those that wait. A count that is more than any other, and how
/// counts are written down.
fn rows<T: Copy + Default + Ord>(
    streams: usize,
    turns: &mut [Turn],
    order: &[u32],
    syncs: &[(u32, u32)],
    (most, count): (T, impl Fn(u32) -> T),
) -> Vec<T> {
    let waiting = syncs.chunk_by(|a, b| a.1 == b.1);
    let mut rows = Vec::with_capacity((waiting.clone().count() + streams) * streams);
    rows.resize(streams * streams, T::default());
    rows.iter_mut().step_by(streams + 1).for_each(|own| *own = most);
    let mut waiting = waiting.peekable();
    // Of each stream, the row of its last task.
    let mut last: Vec<u32> = (0..streams as u32).collect();
    for &task in order {
        let last = &mut last[turns[task as usize].stream as usize];
        if let Some(syncs) = waiting.next_if(|syncs| syncs[0].1 == task) {
            let start = rows.len();
            let from = *last as usize * streams;
            rows.extend_from_within(from..from + streams);
            *last = (start / streams) as u32;
            for &(before, _) in syncs {
                let before = turns[before as usize];
                join(&mut rows, start, before, count(before.place + 1));
            }
        }
        turns[task as usize].row = *last;
    }
    rows
}

/// Lets the last row, which starts at `start`, learn that a task is over, and with it so many of its stream.
fn join<T: Copy + Ord>(rows: &mut [T], start: usize, before: Turn, over: T) {
    let (earlier, row) = rows.split_at_mut(start);
    let from = before.row as usize * row.len();
    let known = row[before.stream as usize];
    for (row, &from) in row.iter_mut().zip(&earlier[from..]) {
        *row = (*row).max(from);
    }
    row[before.stream as usize] = known.max(over);
}
