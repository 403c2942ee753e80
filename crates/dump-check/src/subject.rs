//! A dump with its place among the sources, and how its tasks are called.

use acg_diagnostics::{Diagnostic, FileId, Span};
use acg_dump::Suffix;
use acg_entity::Entity;
use acg_target::Profile;
use acg_trace::{Part, TaskId, Trace};
use rustc_hash::FxHashSet;

/// One dump to check.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'t> {
    /// The file that it stands in.
    pub file: FileId,
    /// The name of that file, as the user gave it.
    pub name: &'t str,
    /// What it means.
    pub trace: &'t Trace,
    /// The machine that it is to run on.
    pub profile: &'t Profile,
}

/// How many places a finding shows besides its first.
const MOST_PLACES: usize = 15;

impl Subject<'_> {
    /// The bytes of a task's record.
    pub(crate) fn span(&self, task: TaskId) -> Span {
        let place = self.trace.dump.places.get(task.index()).cloned().unwrap_or(0..0);
        Span::new(self.file, place.start, place.end)
    }

    /// `Stream Id` of a task.
    pub(crate) fn stream(&self, task: TaskId) -> i32 {
        self.trace.streams[self.trace.tasks[task].stream].id
    }

    /// The name of a task as it is printed.
    pub(crate) fn name(&self, task: TaskId) -> String {
        let base = self.trace.name(task);
        match self.trace.record(task).suffix {
            Suffix::None => base.to_owned(),
            Suffix::Event(id) | Suffix::Notify(id) => format!("{base}_{id}"),
            Suffix::EventCount(id, count) => format!("{base}_{id}_{count}"),
            Suffix::Address(address) => format!("{base}_{address}"),
        }
    }

    /// `EVENT_WAIT_7 (stream 5, task 2)`.
    pub(crate) fn describe(&self, task: TaskId) -> String {
        format!("{} (stream {}, task {})", self.name(task), self.stream(task), self.trace.record(task).task)
    }

    /// Adds the places of `tasks` with what `text` says of each, and how many more there are.
    pub(crate) fn related(
        &self,
        mut diagnostic: Diagnostic,
        tasks: &[TaskId],
        mut text: impl FnMut(TaskId) -> String,
    ) -> Diagnostic {
        for &task in tasks.iter().take(MOST_PLACES) {
            diagnostic = diagnostic.related(self.span(task), text(task));
        }
        match tasks.len().checked_sub(MOST_PLACES) {
            Some(more) if more > 0 => diagnostic.note(format!("and {more} more tasks")),
            _ => diagnostic,
        }
    }

    /// What names the signal that a task uses, within its process.
    pub(crate) fn signal(&self, task: TaskId) -> Suffix {
        self.trace.record(task).suffix
    }

    /// The events that capturing reset at its end, which are those that were captured; `None` in a dump without such resets, taken
    /// before the capture ended.
    pub(crate) fn own_events(&self) -> Option<FxHashSet<Suffix>> {
        let resets = self.trace.tasks.iter().filter(|(_, data)| data.part == Part::ClosingReset);
        let own: FxHashSet<Suffix> = resets.map(|(task, _)| self.signal(task)).collect();
        (!own.is_empty()).then_some(own)
    }
}

/// The signals that the graphs of each process record and wait for; several dumps of one process explain each other.
pub(crate) struct Recorded {
    /// Process, signal, and which of the dumps.
    recorded: FxHashSet<(u32, Suffix)>,
    waited: FxHashSet<(u32, Suffix)>,
}

impl Recorded {
    pub(crate) fn of(dumps: &[Subject<'_>]) -> Self {
        let mut found = Self { recorded: FxHashSet::default(), waited: FxHashSet::default() };
        for dump in dumps.iter().filter(|_| dumps.len() > 1) {
            for (task, data) in dump.trace.tasks.iter() {
                let key = (dump.trace.dump.pid, dump.signal(task));
                if data.kind.is_record() {
                    found.recorded.insert(key);
                } else if data.kind.is_wait() {
                    found.waited.insert(key);
                }
            }
        }
        found
    }

    /// Whether a graph of the same process records what a wait of `dump` that nothing there records waits for.
    pub(crate) fn records(&self, dump: &Subject<'_>, wait: TaskId) -> bool {
        self.recorded.contains(&(dump.trace.dump.pid, dump.signal(wait)))
    }

    /// Whether a graph of the same process waits for what a record of `dump` that nothing there waits for records.
    pub(crate) fn waits(&self, dump: &Subject<'_>, record: TaskId) -> bool {
        self.waited.contains(&(dump.trace.dump.pid, dump.signal(record)))
    }
}
