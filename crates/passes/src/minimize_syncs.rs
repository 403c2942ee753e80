//! `minimize-syncs`: removes waits that order nothing new, and records that nothing waits for any more.
//!
//! With streams and their order fixed, the waits that are left are the only smallest set that orders the same tasks: of the
//! waits in front of one task, the one for the latest record is looked at first, so that it can make the others superfluous
//! (Aho, Garey and Ullman 1972: the transitive reduction of a DAG is unique). Vector clocks tell in constant time.
//!
//! Only events of the kind that a capture takes are looked at, and of those only records and waits that stay within the graph. The record
//! of an event that anything else mentions is kept.

use acg_ir::{Arena, Clocks, Event, Graph, GraphId, Module, Notify, Op, Place, Slate, Step, Stream, Task};

use crate::context::Outcome;
use crate::own_events::{Mentions, OwnEvents};
use crate::{Context, Pass, Subject, fixed};

/// See the module.
pub struct MinimizeSyncs;

const NAME: &str = "minimize-syncs";

impl Pass for MinimizeSyncs {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "removes waits that order nothing new, and records that nothing waits for any more"
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        let explicit: Vec<GraphId> =
            fixed::movable(module).into_iter().filter(|&id| !module.graphs[id].is_auto()).collect();
        let mut ground = Ground::default();
        for id in explicit {
            if context.fewest_syncs[1].contains(&id) {
                continue;
            }
            let found = Found::of(module, &module.graphs[id], &mut ground);
            if found.waits.is_empty() && found.records.is_empty() {
                continue;
            }
            found.tell(module, id, context);
            let removed = found.removed(module.graphs[id].tasks.len());
            let graph = &mut module.change().graphs[id];
            graph.steps.retain(|step| !matches!(*step, Step::Task(task) if removed[task]));
        }
    }
}

/// What can go from one graph.
struct Found {
    /// Waits, each with a task that had made it superfluous.
    waits: Vec<Task>,
    /// Records that nothing waits for.
    records: Vec<Task>,
}

impl Found {
    fn of(module: &Module, graph: &Graph, ground: &mut Ground) -> Self {
        let is_sync = |task: Task| matches!(graph.tasks[task].op, Op::Record { .. } | Op::Wait { .. });
        if !graph.program().any(is_sync) {
            return Self { waits: Vec::new(), records: Vec::new() };
        }
        // What goes is mentioned by one graph alone, so that for the others the counts stay true.
        let mentions = ground.mentions.get_or_insert_with(|| Mentions::of(module));
        let mut walk = Walk::new(graph, mentions.own_events(graph), &mut ground.tables);
        for step in &graph.steps {
            if let Step::Task(task) = *step {
                walk.task(graph, task);
            }
        }
        walk.finish()
    }

    fn tell(&self, module: &Module, id: GraphId, context: &mut Context<'_>) {
        let name = |task: Task| match module.graphs[id].tasks[task].op {
            Op::Wait { event, .. } | Op::Record { event, .. } => {
                module.text(module.events[event].name).to_owned()
            }
            _ => String::new(),
        };
        for &wait in &self.waits {
            let text =
                format!("`wait {}` removed: what it waits for is complete before it anyway", name(wait));
            context.remark(NAME, Outcome::Done, module, (id, wait), text);
        }
        for &record in &self.records {
            let text = format!("`record {}` removed: nothing waits for it", name(record));
            context.remark(NAME, Outcome::Done, module, (id, record), text);
        }
        context.count(NAME, "waits removed", self.waits.len() as u64);
        context.count(NAME, "records removed", self.records.len() as u64);
    }

    fn removed(&self, tasks: usize) -> Arena<Task, bool> {
        let mut removed = Arena::filled(tasks, false);
        for &task in self.waits.iter().chain(&self.records) {
            removed[task] = true;
        }
        removed
    }
}

/// A record, while the graph is walked.
#[derive(Clone, Copy)]
struct Record {
    place: Place,
    /// Its position in the program.
    rank: u32,
    /// Which of [`Walk::waited`] it is.
    number: u32,
}

/// What all graphs are walked with, one after the other.
#[derive(Default)]
struct Ground {
    /// Made for the first graph that has records or waits.
    mentions: Option<Mentions>,
    tables: Tables,
}

#[derive(Default)]
struct Tables {
    lanes: Slate<Stream, u32>,
    recorded: Slate<Event, Record>,
    notified: Slate<Notify, Place>,
}

struct Walk<'a> {
    own: OwnEvents<'a>,
    tables: &'a mut Tables,
    clocks: Clocks,
    /// Of each lane, the waits since its last other task.
    pending: Vec<Vec<(Task, Record)>>,
    rank: u32,
    /// Of each record of an own event, whether a wait that stays waits for it.
    waited: Vec<(Task, bool)>,
    waits: Vec<Task>,
}

impl<'a> Walk<'a> {
    fn new(graph: &Graph, own: OwnEvents<'a>, tables: &'a mut Tables) -> Self {
        tables.lanes.wipe();
        tables.recorded.wipe();
        tables.notified.wipe();
        for task in graph.program() {
            if let Some(stream) = graph.tasks[task].stream {
                let next = tables.lanes.keys().len() as u32;
                tables.lanes.or_set(stream, || next);
            }
        }
        let count = tables.lanes.keys().len();
        Self {
            own,
            tables,
            clocks: Clocks::of_held_places(count),
            pending: vec![Vec::new(); count],
            rank: 0,
            waited: Vec::new(),
            waits: Vec::new(),
        }
    }

    fn task(&mut self, graph: &Graph, task: Task) {
        let data = &graph.tasks[task];
        let Some(&lane) = data.stream.and_then(|stream| self.tables.lanes.at(stream)) else { return };
        self.rank += 1;
        if let Op::Wait { event, external: false } = data.op
            && self.own.has(event)
            && let Some(&record) = self.tables.recorded.at(event)
        {
            self.clocks.hold(record.place);
            self.pending[lane as usize].push((task, record));
            return;
        }
        self.flush(lane);
        if let Op::WaitNotify(notify) = data.op
            && let Some(&place) = self.tables.notified.at(notify)
        {
            self.clocks.join(lane, place);
        }
        let place = self.clocks.step(lane);
        match data.op {
            Op::Record { event, external: false } if self.own.has(event) => {
                let number = self.waited.len() as u32;
                self.clocks.hold(place);
                let record = Record { place, rank: self.rank, number };
                if let Some(earlier) = self.tables.recorded.set(event, record) {
                    self.clocks.let_go(earlier.place);
                }
                self.waited.push((task, false));
            }
            Op::RecordNotify(notify) => {
                self.clocks.hold(place);
                if let Some(earlier) = self.tables.notified.set(notify, place) {
                    self.clocks.let_go(earlier);
                }
            }
            _ => {}
        }
    }

    /// Decides about the waits in front of the next task of `lane`, the one for the latest record first.
    fn flush(&mut self, lane: u32) {
        let mut waits = std::mem::take(&mut self.pending[lane as usize]);
        waits.sort_by_key(|(_, record)| std::cmp::Reverse(record.rank));
        for &(wait, record) in &waits {
            if self.clocks.join(lane, record.place) {
                self.waited[record.number as usize].1 = true;
            } else {
                self.waits.push(wait);
            }
            self.clocks.let_go(record.place);
        }
        waits.clear();
        self.pending[lane as usize] = waits;
    }

    fn finish(mut self) -> Found {
        for lane in 0..self.pending.len() as u32 {
            self.flush(lane);
        }
        self.waits.sort_unstable();
        let records = self.waited.iter().filter(|(_, waited)| !waited).map(|&(task, _)| task).collect();
        Found { waits: self.waits, records }
    }
}
