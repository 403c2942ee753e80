//! Events for the syncs of a plan, record by record: each takes the event that has been waited for longest ago.
//!
//! Not always the fewest, but as many as a large plan needs are few, and nothing is kept but what streams know at the moment and
//! what records that are still waited for knew.

use std::collections::VecDeque;

use super::{Events, Records};
use crate::Plan;
use crate::rows::Rows;
use crate::syncs::positions;

const NONE: u32 = u32::MAX;

/// Gives the syncs of `plan` at most `most` events; `None` where that takes a better way.
pub(super) fn first_fit(plan: &Plan, records: &Records, most: u32) -> Option<Events> {
    let streams = plan.streams as usize;
    if streams.saturating_mul(streams) > MOST_ENTRIES {
        return None;
    }
    let positions = positions(plan);
    // Of each record's waits the stream and the position on it.
    let places = plan.syncs.iter().map(|sync| {
        let after = sync.after as usize;
        (plan.stream_of[after], positions[after])
    });
    let waits = Rows::new(records.tasks.len(), records.of_sync.iter().copied().zip(places));
    let afters = plan.syncs.iter().map(|sync| sync.after);
    let waited = Rows::new(positions.len(), afters.zip(records.of_sync.iter().copied()));
    let mut known = Known::new(streams, records.tasks.len());
    let mut number = vec![NONE; records.tasks.len()];
    // Events and their last records, the longest ago first.
    let mut events: VecDeque<(u32, u32)> = VecDeque::new();
    let mut next_record = 0;
    for &task in &plan.order {
        let stream = plan.stream_of[task as usize] as usize;
        for &record in waited.of(task) {
            known.wait(stream, record, waits.of(record).len());
        }
        known.step(stream);
        if records.tasks.get(next_record as usize) != Some(&task) {
            continue;
        }
        // The record stands behind its task, a wait in front of the task that waits.
        let now = known.on(stream);
        let is_past = |&(stream, position): &(u32, u32)| now[stream as usize] > position;
        let is_free = |at: &usize| waits.of(events[*at].1).iter().all(is_past);
        let event = match (0..events.len().min(MOST_TRIED)).find(is_free) {
            Some(at) => events.remove(at)?.0,
            None => events.len() as u32,
        };
        if event >= most || known.rows.len() > MOST_ENTRIES {
            return None;
        }
        number[next_record as usize] = event;
        events.push_back((event, next_record));
        known.record(stream, next_record);
        next_record += 1;
    }
    let event_of = records.of_sync.iter().map(|&record| number[record as usize]).collect();
    let count = events.len() as u32;
    Some(Events { event_of, count, least: count.min(1) })
}

/// More entries than this are not kept: 64 MB.
const MOST_ENTRIES: usize = 1 << 24;

/// So many events are looked at for each record.
const MOST_TRIED: usize = 64;

/// What streams know of each other: how many tasks of each are complete.
struct Known {
    streams: usize,
    now: Vec<u32>,
    /// What each record knew that is still waited for: its row, and how many of its waits are past.
    rows: Vec<u32>,
    row_of: Vec<(u32, u32)>,
    /// Rows that nobody needs any more.
    free: Vec<u32>,
}

impl Known {
    fn new(streams: usize, records: usize) -> Self {
        let (now, row_of) = (vec![0; streams * streams], vec![(NONE, 0); records]);
        Self { streams, now, rows: Vec::new(), row_of, free: Vec::new() }
    }

    fn on(&self, stream: usize) -> &[u32] {
        &self.now[stream * self.streams..][..self.streams]
    }

    fn step(&mut self, stream: usize) {
        self.now[stream * self.streams + stream] += 1;
    }

    /// Keeps what a record on `stream` knows.
    fn record(&mut self, stream: usize, record: u32) {
        let own = stream * self.streams..(stream + 1) * self.streams;
        let row = self.free.pop().unwrap_or((self.rows.len() / self.streams) as u32);
        let start = row as usize * self.streams;
        self.rows.resize(self.rows.len().max(start + self.streams), 0);
        self.rows[start..start + self.streams].copy_from_slice(&self.now[own]);
        self.row_of[record as usize] = (row, 0);
    }

    /// Lets `stream` know what `record` knew, for which so many waits stand in all.
    fn wait(&mut self, stream: usize, record: u32, waits: usize) {
        let (row, past) = &mut self.row_of[record as usize];
        let theirs = &self.rows[*row as usize * self.streams..][..self.streams];
        for (own, &theirs) in self.now[stream * self.streams..].iter_mut().zip(theirs) {
            *own = theirs.max(*own);
        }
        *past += 1;
        if *past as usize == waits {
            self.free.push(*row);
        }
    }
}
