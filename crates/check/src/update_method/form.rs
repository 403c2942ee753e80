//! What one form of a program amounts to: what it takes of the device, and how often the host does what.

use acg_ir::{Arena, Body, GraphId, Module, Op, Scope, Step};
use acg_target::DeviceModel;
use serde::Serialize;

use super::UPDATE;
use crate::duration::microseconds;
use crate::program::Accepted;

/// What a form amounts to, over the whole host program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Form {
    /// Models that are there together.
    pub models: u64,
    /// Streams of the device that they take.
    pub streams: u64,
    /// Queue entries of those streams.
    pub queue_entries: u64,
    /// External events, of which there are few.
    pub external_events: u64,
    /// Executions of models.
    pub executions: u64,
    /// Kernels that the host program launches itself.
    pub launches: u64,
    /// Captured kernels that are given other arguments.
    pub updated_kernels: u64,
    /// How often the device goes over from a model to what comes next of the same graph, or waits for a signal of the host program.
    pub handovers: u64,
    /// What the host's calls take, in nanoseconds.
    pub submission_ns: u64,
    /// What the handovers take, in nanoseconds.
    pub handover_ns: u64,
}

impl Form {
    pub(super) fn of(accepted: &Accepted, model: &DeviceModel) -> Self {
        let module = &accepted.module;
        let replay = acg_runtime::replay_without_dumps(&accepted.lowered.log, &accepted.profile);
        let inners = replay.state.inners.values();
        let external = module.events.values().filter(|event| event.kind.is_external());
        let mut form = Self {
            models: replay.state.models.len() as u64,
            streams: inners.len() as u64,
            queue_entries: replay.state.inners.values().map(|inner| u64::from(inner.entries)).sum(),
            external_events: external.count() as u64,
            ..Self::default()
        };
        if let Some(run) = &module.run {
            form.count(module, run);
        }
        let calls = form.executions.saturating_add(form.launches);
        let updates = form.updated_kernels.saturating_mul(UPDATE);
        form.submission_ns = calls.saturating_add(updates).saturating_mul(model.launch);
        form.handover_ns = form.handovers.saturating_mul(model.sync);
        form
    }

    /// The two times together, in nanoseconds.
    pub fn time(&self) -> u64 {
        self.submission_ns.saturating_add(self.handover_ns)
    }

    fn count(&mut self, module: &Module, run: &Body) {
        let signals: Arena<GraphId, Vec<u64>> =
            module.graphs.values().map(|graph| signals(module, &graph.body)).collect();
        // How often the lines of each open block run, and whether they are those of an update.
        let mut open: Vec<(u64, bool)> = vec![(1, false)];
        for step in &run.steps {
            let &(times, updates) = open.last().unwrap_or(&(1, false));
            match *step {
                Step::Open(Scope::Repeat(more)) => open.push((times.saturating_mul(more), updates)),
                Step::Open(Scope::Update(_)) => open.push((times, true)),
                Step::Open(_) => open.push((times, updates)),
                Step::Close => drop(open.pop()),
                Step::Task(task) => {
                    let add = |count: &mut u64, more: u64| {
                        *count = count.saturating_add(times.saturating_mul(more));
                    };
                    match run.tasks[task].op {
                        Op::Operator(_) | Op::Kernel(_) if updates => add(&mut self.updated_kernels, 1),
                        Op::Operator(_) | Op::Kernel(_) => add(&mut self.launches, 1),
                        Op::Execute(graph) => {
                            let signals = &signals[graph];
                            let parts = signals.len() as u64;
                            add(&mut self.executions, parts);
                            add(&mut self.handovers, parts - 1 + signals.iter().sum::<u64>());
                        }
                        Op::ExecuteSegment { graph, segment } => {
                            let (signals, part) = (&signals[graph], segment as usize);
                            add(&mut self.executions, 1);
                            // To the part and from it, but not before the first and behind the last.
                            let edges = u64::from(part > 1) + u64::from(part < signals.len());
                            let own = signals.get(part.wrapping_sub(1)).copied().unwrap_or(0);
                            add(&mut self.handovers, edges + own);
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

/// How often each part of a graph waits for an external event.
fn signals(module: &Module, graph: &Body) -> Vec<u64> {
    let mut parts = vec![0];
    for task in graph.program() {
        match (graph.tasks[task].op, parts.last_mut()) {
            (Op::Segment, _) => parts.push(0),
            (Op::Wait { event, external }, Some(part)) => {
                *part += u64::from(external || module.events[event].kind.is_external());
            }
            _ => {}
        }
    }
    parts
}

/// Forms side by side, one row for each figure.
pub(super) fn table(forms: &[(&str, &Form)]) -> String {
    type Figure = fn(&Form) -> String;
    let rows: [(&str, Figure); 11] = [
        ("models", |form| form.models.to_string()),
        ("streams", |form| form.streams.to_string()),
        ("queue entries", |form| form.queue_entries.to_string()),
        ("external events", |form| form.external_events.to_string()),
        ("model executions", |form| form.executions.to_string()),
        ("kernel launches", |form| form.launches.to_string()),
        ("kernels updated", |form| form.updated_kernels.to_string()),
        ("handovers", |form| form.handovers.to_string()),
        ("calls take", |form| microseconds(form.submission_ns)),
        ("handovers take", |form| microseconds(form.handover_ns)),
        ("together", |form| microseconds(form.time())),
    ];
    let line = |title: &str, cells: &mut dyn Iterator<Item = String>| {
        cells.fold(format!("  {title:16}"), |line, cell| line + &format!("{cell:>12}")) + "\n"
    };
    let titles = line("", &mut forms.iter().map(|(name, _)| (*name).to_owned()));
    let rows =
        rows.iter().map(|(title, figure)| line(title, &mut forms.iter().map(|(_, form)| figure(form))));
    titles + &rows.collect::<String>()
}
