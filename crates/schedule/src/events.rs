//! The fewest event objects for the syncs of a plan.
//!
//! An event can be recorded again once all waits for its last record have happened, whatever the timing. That is an order on
//! records, and records that share an event form a chain of it, so that the fewest events are a smallest cover with chains
//! (algorithms, section 2): as many records as there are, less a largest matching of records with later ones.
//! What a record can be followed by is, on each stream, everything from some position on, so that a search passes each
//! record once without a list of pairs.
//!
//! **Invariant:** of two records that share an event, every wait for one happens before the other.

mod first_fit;
mod release;

use crate::Plan;
use crate::syncs::positions;
use first_fit::first_fit;
use release::releases;

/// Which event each sync uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// The event of each of [`Plan::syncs`]; those that share a record share an event.
    pub event_of: Vec<u32>,
    /// How many events there are.
    pub count: u32,
    /// No fewer would do; equal to `count` if the search came to its end.
    pub least: u32,
}

/// How many records a search looks at before it gives up; about two seconds.
const MOST_STEPS: u64 = 200_000_000;
const NONE: u32 = u32::MAX;

/// Gives the syncs of `plan` the fewest events, or `enough` of them if that is found first.
///
/// `plan.order` has to be a linear extension of the syncs.
pub fn colour_events(plan: &Plan, enough: u32) -> Events {
    colour_within(plan, enough, MOST_STEPS)
}

fn colour_within(plan: &Plan, enough: u32, most_steps: u64) -> Events {
    let records = Records::new(plan);
    if enough > 0
        && let Some(events) = first_fit(plan, &records, enough)
    {
        return events;
    }
    let mut matching = Matching::new(plan, &records);
    matching.start(&records);
    let is_largest = matching.grow(&records, enough, most_steps);
    let mut number = vec![NONE; records.tasks.len()];
    let mut count = 0;
    for record in 0..records.tasks.len() {
        number[record] = match matching.previous[record] {
            NONE => {
                count += 1;
                count - 1
            }
            previous => number[previous as usize],
        };
    }
    let least = if is_largest { count } else { most_at_once(plan, &records) };
    Events { event_of: records.of_sync.iter().map(|&record| number[record as usize]).collect(), count, least }
}

/// The records of a plan in the order of issue.
struct Records {
    /// The task after which each is.
    tasks: Vec<u32>,
    /// The record of each sync.
    of_sync: Vec<u32>,
    /// Of each stream: positions of the tasks with a record, and their records.
    on_stream: Vec<Vec<(u32, u32)>>,
}

impl Records {
    fn new(plan: &Plan) -> Self {
        let mut record_of = vec![NONE; plan.stream_of.len()];
        for sync in &plan.syncs {
            record_of[sync.before as usize] = 0;
        }
        let positions = positions(plan);
        let mut on_stream = vec![Vec::new(); plan.streams as usize];
        let mut tasks = Vec::new();
        for &task in &plan.order {
            if record_of[task as usize] != NONE {
                record_of[task as usize] = tasks.len() as u32;
                let stream = plan.stream_of[task as usize];
                on_stream[stream as usize].push((positions[task as usize], tasks.len() as u32));
                tasks.push(task);
            }
        }
        let of_sync = plan.syncs.iter().map(|sync| record_of[sync.before as usize]).collect();
        Self { tasks, of_sync, on_stream }
    }
}

/// Which record takes over the event of which.
struct Matching {
    streams: usize,
    /// For each record and stream the first of the stream's records that can take over.
    first: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    /// For each place in a stream's records the next place not seen.
    unseen: Vec<Vec<u32>>,
    steps: u64,
}

impl Matching {
    fn new(plan: &Plan, records: &Records) -> Self {
        let count = records.tasks.len();
        let streams = plan.streams as usize;
        let first = releases(plan, &records.of_sync, &records.on_stream, count);
        Self {
            streams,
            first,
            next: vec![NONE; count],
            previous: vec![NONE; count],
            unseen: records.on_stream.iter().map(|of| (0..=of.len() as u32).collect()).collect(),
            steps: 0,
        }
    }

    /// Lets each record, in the order of issue, be taken over from by the first record that can and that nobody else has: what is left
    /// to search is little, where taking one stream after the other would waste the beginnings of the later ones.
    fn start(&mut self, records: &Records) {
        for record in 0..self.next.len() {
            let firsts = self.first.iter().skip(record * self.streams).take(self.streams);
            let candidates = firsts
                .zip(&mut self.unseen)
                .zip(&records.on_stream)
                .filter(|((first, _), _)| **first != NONE);
            let best = candidates
                .filter_map(|((&first, places), of)| {
                    let place = find(places, first);
                    of.get(place as usize).map(|&(_, next)| (next, place, places))
                })
                .min_by_key(|&(next, ..)| next);
            if let Some((next, place, places)) = best {
                places[place as usize] = place + 1;
                self.next[record] = next;
                self.previous[next as usize] = record as u32;
            }
        }
    }

    /// Matches more until nothing can be added; `false` where that takes too many steps or enough is reached first.
    fn grow(&mut self, records: &Records, enough: u32, most_steps: u64) -> bool {
        let mut events = self.next.iter().filter(|&&next| next == NONE).count();
        if events <= enough as usize {
            return false;
        }
        loop {
            for places in &mut self.unseen {
                places.iter_mut().enumerate().for_each(|(place, unseen)| *unseen = place as u32);
            }
            let before = events;
            for record in 0..self.next.len() as u32 {
                if self.next[record as usize] == NONE && self.augment(record, records) {
                    events -= 1;
                }
            }
            if events == before {
                return true;
            }
            if events <= enough as usize || self.steps > most_steps {
                return false;
            }
        }
    }

    fn augment(&mut self, start: u32, records: &Records) -> bool {
        // Each record on the way with the one that may take over from it, and the stream that is looked at next.
        let mut path = vec![(start, NONE, 0)];
        while let Some(&mut (record, ref mut taken, ref mut stream)) = path.last_mut() {
            self.steps += 1;
            if *stream == self.streams {
                path.pop();
                continue;
            }
            let first = self.first.get(record as usize * self.streams + *stream).copied().unwrap_or(NONE);
            let places = &mut self.unseen[*stream];
            let Some(place) = (first != NONE).then(|| find(places, first)) else {
                *stream += 1;
                continue;
            };
            let Some(&(_, next)) = records.on_stream[*stream].get(place as usize) else {
                *stream += 1;
                continue;
            };
            places[place as usize] = place + 1;
            *taken = next;
            let holder = self.previous[next as usize];
            if holder == NONE {
                for (record, taken, _) in path {
                    self.next[record as usize] = taken;
                    self.previous[taken as usize] = record;
                }
                return true;
            }
            path.push((holder, NONE, 0));
        }
        false
    }
}

/// The first place not seen from `place` on, with the way there made shorter.
fn find(unseen: &mut [u32], place: u32) -> u32 {
    let mut found = place;
    while unseen[found as usize] != found {
        found = unseen[found as usize];
    }
    let mut at = place;
    while unseen[at as usize] != found {
        at = std::mem::replace(&mut unseen[at as usize], found);
    }
    found
}

/// The most records at once that are issued and have waits yet to be issued: no two of those can share an event.
fn most_at_once(plan: &Plan, records: &Records) -> u32 {
    let mut waiting = vec![0u32; records.tasks.len()];
    let mut waits_of = vec![Vec::new(); plan.stream_of.len()];
    for (sync, &record) in plan.syncs.iter().zip(&records.of_sync) {
        waiting[record as usize] += 1;
        waits_of[sync.after as usize].push(record);
    }
    let (mut now, mut most, mut next) = (0, 0, 0);
    for &task in &plan.order {
        for &record in &waits_of[task as usize] {
            waiting[record as usize] -= 1;
            now -= u32::from(waiting[record as usize] == 0);
        }
        if records.tasks.get(next) == Some(&task) {
            next += 1;
            now += 1;
            most = now.max(most);
        }
    }
    most
}

#[cfg(test)]
mod tests;
