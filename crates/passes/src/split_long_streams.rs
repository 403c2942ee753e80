//! `split-long-streams`: puts the rest of a stream that fills its queue on another stream that is done by then.
//!
//! The runtime goes on with a hidden stream where a queue is full, and those count among the streams that executing graphs may have bound at
//! once (capture-rules, section 10). A stream on which everything is complete by then, and that has room, can take the rest instead, for
//! one more wait.

use acg_ir::{GraphId, Module, Scope, Step};
use acg_schedule::{Device, Sync};

use crate::context::Outcome;
use crate::ground::Ground;
use crate::read_plan::{ReadPlan, each_explicit, read_plan};
use crate::realise::realise;
use crate::{Context, Pass, Queue, Subject};

/// See the module.
pub struct SplitLongStreams;

const NAME: &str = "split-long-streams";

impl Pass for SplitLongStreams {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "puts the rest of a stream that fills its queue on another stream that is done by then"
    }

    fn reorders(&self) -> bool {
        true
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        each_explicit(module, |module, id, ground| split(module, id, ground, context));
    }
}

fn split(module: &mut Subject<'_>, id: GraphId, ground: &mut Ground, context: &mut Context<'_>) {
    let mut read = match read_plan(module, id, &context.options.model, ground) {
        Ok(read) if read.keeps_dependences() => read,
        Ok(_) => {
            let text = "streams left as they are, because tasks that touch the same bytes are not ordered";
            context.graph_remark(NAME, Outcome::Missed, module, id, text.to_owned());
            return;
        }
        Err(reason) => {
            let text = format!("streams left as they are, because {reason}");
            context.graph_remark(NAME, Outcome::Missed, module, id, text);
            return;
        }
    };
    let queue = context.options.queue;
    let mut moved = 0;
    for stream in 0..read.plan.streams {
        let filling = Filling::of(module, id, &read, queue);
        let Some(rest) = filling.rest(&read, stream, queue) else { continue };
        let name = |stream: u32| module.text(module.streams[read.streams[stream as usize]].name).to_owned();
        let entries = filling.streams[stream as usize];
        if let Some(target) = filling.target(&read, stream, &rest, queue) {
            let (count, from, to) = (rest.units.len(), name(stream), name(target));
            let text = format!(
                "{from} takes {entries} queue entries, more than {}: its last {count} tasks are on {to} now",
                queue.usable
            );
            context.graph_remark(NAME, Outcome::Done, module, id, text);
            rest.go(&mut read, target);
            moved += count as u64;
        } else {
            let text = format!(
                "{} takes {entries} queue entries, more than {}, so that the runtime goes on with a hidden stream: no other is done and \
                 has room by then",
                name(stream),
                queue.usable
            );
            context.graph_remark(NAME, Outcome::Missed, module, id, text);
        }
    }
    if moved == 0 {
        return;
    }
    context.count(NAME, "tasks moved", moved);
    context.makespans.remove(&id);
    let model = &context.options.model;
    let device = Device { slots: model.slots, sync_latency: model.sync };
    if read.tasks.is_simple
        && let Some(timetable) = acg_schedule::simulate(&read.tasks.dag, &device, &read.plan)
    {
        context.makespans.insert(id, timetable.makespan);
    }
    realise(
        module.change(),
        id,
        &read.tasks,
        &read.plan,
        Some(&read.streams),
        context.options.events,
        ground,
    );
}

/// How many queue entries things take.
struct Filling {
    units: Vec<u32>,
    streams: Vec<u64>,
}

impl Filling {
    fn of(module: &Module, id: GraphId, read: &ReadPlan, queue: Queue) -> Self {
        let graph = &module.graphs[id];
        let entries = |step: &Step| match step {
            Step::Task(task) => u32::from(graph.tasks[*task].op.takes_stream()),
            Step::Open(Scope::Group(_)) => queue.group,
            Step::Open(_) | Step::Close => 0,
        };
        let units = read.tasks.units.iter();
        let mut units: Vec<u32> =
            units.map(|unit| graph.steps[unit.steps()].iter().map(entries).sum()).collect();
        let mut is_recorded = vec![false; units.len()];
        for sync in &read.plan.syncs {
            units[sync.after as usize] += queue.wait;
            if !std::mem::replace(&mut is_recorded[sync.before as usize], true) {
                units[sync.before as usize] += 1;
            }
        }
        let mut streams = vec![0; read.plan.streams as usize];
        for (unit, &entries) in units.iter().enumerate() {
            streams[read.plan.stream_of[unit] as usize] += u64::from(entries);
        }
        Self { units, streams }
    }

    /// What does not fit in the queue of a stream any more, with a place for a record before it.
    fn rest(&self, read: &ReadPlan, stream: u32, queue: Queue) -> Option<Rest> {
        let mut own =
            read.plan.order.iter().filter(|&&unit| read.plan.stream_of[unit as usize] == stream).copied();
        let mut before = None;
        let mut entries = 1;
        let first = own.by_ref().find(|&unit| {
            let next = entries + u64::from(self.units[unit as usize]);
            let is_full = next > u64::from(queue.usable);
            if !is_full {
                (entries, before) = (next, Some(unit));
            }
            is_full
        })?;
        let units: Vec<u32> = std::iter::once(first).chain(own).collect();
        let entries = units.iter().map(|&unit| u64::from(self.units[unit as usize])).sum();
        Some(Rest { before: before?, units, entries })
    }

    /// The stream with the least room of those that have enough for the rest of `stream` and are done before it starts.
    fn target(&self, read: &ReadPlan, stream: u32, rest: &Rest, queue: Queue) -> Option<u32> {
        let (clocks, places) = read.clocks();
        let first = places[rest.units[0] as usize]?;
        let mut is_done = vec![true; read.plan.streams as usize];
        for (unit, place) in places.iter().enumerate() {
            is_done[read.plan.stream_of[unit] as usize] &=
                place.is_some_and(|place| clocks.before(place, first));
        }
        let room = |other: u32| {
            let taken = self.streams[other as usize] + rest.entries + u64::from(queue.wait);
            u64::from(queue.usable).checked_sub(taken)
        };
        (0..read.plan.streams)
            .filter(|&other| other != stream && is_done[other as usize] && room(other).is_some())
            .min_by_key(|&other| room(other))
    }
}

/// The units that do not fit on their stream, after the last one that does.
struct Rest {
    before: u32,
    units: Vec<u32>,
    entries: u64,
}

impl Rest {
    fn go(&self, read: &mut ReadPlan, target: u32) {
        for &unit in &self.units {
            read.plan.stream_of[unit as usize] = target;
        }
        read.plan.syncs.push(Sync { before: self.before, after: self.units[0] });
        read.plan.syncs.sort_unstable_by_key(|sync| (sync.after, sync.before));
        read.plan.syncs.dedup();
    }
}
