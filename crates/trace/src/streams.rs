//! Streams and their roles: which one capturing began on, and which ones continue a stream that was full.
//!
//! A stream whose queue is full gets a last task `STREAM_ACTIVE`, and a new stream takes what comes after. v100 prints the id of
//! that stream, 950 prints -1 (debug-json, sections 4 and 7). The new one is always printed before the one it continues,
//! because streams are printed newest first.

use std::collections::VecDeque;

use acg_dump::{OwnedDump, StreamRecords};
use acg_entity::{Arena, Entity};
use rustc_hash::FxHashMap;

use crate::kind::Kind;
use crate::model::{Lane, LaneId, Role, Stream, StreamId, TaskId};

/// The streams of a dump, folded into lanes.
pub(crate) struct Layout {
    pub(crate) streams: Arena<StreamId, Stream>,
    pub(crate) lanes: Arena<LaneId, Lane>,
    pub(crate) order: Vec<TaskId>,
}

impl Layout {
    /// Folds the streams of `dump`, whose tasks are of `kinds`.
    pub(crate) fn of(dump: &OwnedDump, kinds: &[Kind]) -> Self {
        let folding = Folding::new(dump, kinds);
        let mut streams: Arena<StreamId, Stream> = Arena::default();
        for (stream, role) in folding.streams.iter().zip(&folding.roles) {
            let records = stream.records.clone();
            streams.push(Stream { id: stream.id, records, lane: LaneId::at(0), role: *role });
        }
        let mut layout = Self { streams, lanes: Arena::default(), order: Vec::with_capacity(kinds.len()) };
        if let Some(origin) = folding.origin() {
            layout.lane(origin, &folding.next);
        }
        for stream in (0..folding.streams.len()).rev() {
            if folding.roles[stream] == Role::Side {
                layout.lane(stream, &folding.next);
            }
        }
        if layout.lanes.is_empty() {
            layout.lanes.push(Lane { streams: Vec::new(), tasks: 0..0 });
        }
        layout
    }

    fn lane(&mut self, first: usize, next: &[Option<u32>]) {
        let lane = LaneId::at(self.lanes.len());
        let start = self.order.len() as u32;
        let mut streams = Vec::new();
        let mut at = Some(first);
        while let Some(index) = at {
            let id = StreamId::at(index);
            let stream = &mut self.streams[id];
            stream.lane = lane;
            self.order.extend(stream.records.clone().map(|record| TaskId::at(record as usize)));
            streams.push(id);
            at = next[index].map(|next| next as usize);
        }
        self.lanes.push(Lane { streams, tasks: start..self.order.len() as u32 });
    }
}

struct Folding<'d> {
    dump: &'d OwnedDump,
    kinds: &'d [Kind],
    streams: &'d [StreamRecords],
    roles: Vec<Role>,
    /// Which stream continues each.
    next: Vec<Option<u32>>,
}

impl<'d> Folding<'d> {
    fn new(dump: &'d OwnedDump, kinds: &'d [Kind]) -> Self {
        let mut streams = dump.streams.as_slice();
        // A comma alone does not make an origin stream: a stream that began without a wait was not drawn in by one.
        if let [.., before, last] = streams
            && last.id == -1
            && last.records.is_empty()
            && !kinds.get(before.records.start as usize).is_some_and(|kind| kind.is_wait())
        {
            streams = &streams[..streams.len() - 1];
        }
        let mut roles = vec![Role::Side; streams.len()];
        if let Some(last) = roles.last_mut() {
            *last = Role::Origin;
        }
        let mut folding = Self { dump, kinds, streams, roles, next: vec![None; streams.len()] };
        folding.by_name();
        folding.by_rule();
        folding
    }

    fn origin(&self) -> Option<usize> {
        self.streams.len().checked_sub(1)
    }

    /// The stream that the last task of `stream` starts; negative where it does not say.
    fn started(&self, stream: usize) -> Option<i32> {
        let records = &self.streams[stream].records;
        let last = (records.end as usize).checked_sub(1).filter(|_| !records.is_empty())?;
        let starts = self.kinds[last] == Kind::StreamActive;
        starts.then(|| self.dump.records[last].active_stream.unwrap_or(-1))
    }

    fn fold(&mut self, parent: usize, child: usize, named: bool) {
        self.next[parent] = Some(child as u32);
        self.roles[child] = Role::Continues { stream: StreamId::at(parent), named };
    }

    fn by_name(&mut self) {
        let by_id: FxHashMap<i32, usize> =
            self.streams.iter().enumerate().map(|(index, stream)| (stream.id, index)).collect();
        for parent in (0..self.streams.len()).rev() {
            let child = self.started(parent).filter(|&id| id >= 0).and_then(|id| by_id.get(&id).copied());
            if let Some(child) = child.filter(|&child| child < parent && self.roles[child] == Role::Side) {
                self.fold(parent, child, true);
            }
        }
    }

    /// Finds the continuations that are not named, in the order in which streams were made.
    ///
    /// A stream that begins without a wait was not drawn in, so it continues one; one that begins with a wait does so only if it
    /// ends as the origin stream does. Where several streams were full, the one that ends so continues the origin stream, and any
    /// other the stream that was full first.
    fn by_rule(&mut self) {
        for drawn_in in [false, true] {
            let mut full = Full::of(self);
            for child in (0..self.streams.len()).rev() {
                let first = self.streams[child].records.start as usize;
                let is_drawn_in = self.kinds.get(first).is_some_and(|kind| kind.is_wait());
                let ends = self.ends_capture(child);
                if self.roles[child] != Role::Side || is_drawn_in != drawn_in || (drawn_in && !ends) {
                    continue;
                }
                if let Some((parent, is_origin)) = full.take(child, ends) {
                    self.fold(parent, child, false);
                    full.continued(self, child, is_origin);
                }
            }
        }
    }

    /// Whether a stream was full and what continues it is neither named nor found.
    fn lacks_next(&self, stream: usize) -> bool {
        self.next[stream].is_none() && self.started(stream).is_some_and(|id| id < 0)
    }

    /// Whether a stream ends as the origin stream does: in a reset, or in a reset and a notify.
    fn ends_capture(&self, stream: usize) -> bool {
        let records = &self.streams[stream].records;
        let kinds = self.kinds.get(records.start as usize..records.end as usize).unwrap_or(&[]);
        matches!(kinds, [.., Kind::EventReset] | [.., Kind::EventReset, Kind::NotifyRecord])
    }
}

/// The full streams whose continuations are looked for.
struct Full {
    /// The end of the origin stream's chain.
    origin: Option<usize>,
    /// The others, in the order in which they were made.
    others: VecDeque<usize>,
    /// Which of them turned out to be of the origin stream's chain.
    is_origin: Vec<bool>,
}

impl Full {
    fn of(folding: &Folding<'_>) -> Self {
        let mut end = folding.origin();
        while let Some(next) = end.and_then(|stream| folding.next[stream]) {
            end = Some(next as usize);
        }
        let lacking = |&stream: &usize| folding.lacks_next(stream);
        let others =
            (0..folding.streams.len()).rev().filter(|stream| lacking(stream) && Some(*stream) != end);
        let is_origin = vec![false; folding.streams.len()];
        Self { origin: end.filter(lacking), others: others.collect(), is_origin }
    }

    /// The stream that `child`, which is newer, continues, and whether that is the origin stream.
    fn take(&mut self, child: usize, ends_capture: bool) -> Option<(usize, bool)> {
        let origin = self.origin.filter(|&stream| stream > child);
        while self.others.front().is_some_and(|&stream| self.is_origin[stream]) {
            self.others.pop_front();
        }
        let other = self.others.front().copied().filter(|&stream| stream > child);
        if origin.is_some() && (ends_capture || other.is_none()) {
            return self.origin.take().map(|stream| (stream, true));
        }
        other?;
        self.others.pop_front().map(|stream| (stream, false))
    }

    /// Notes that `child` continues a stream; it may be full in its turn.
    fn continued(&mut self, folding: &Folding<'_>, child: usize, is_origin: bool) {
        if is_origin && folding.lacks_next(child) {
            self.origin = Some(child);
            self.is_origin[child] = true;
        }
    }
}
