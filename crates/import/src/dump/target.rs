//! Which machine wrote a dump, as far as it shows.

use acg_dump::{Origin, Suffix};
use acg_entity::Entity;
use acg_target::{CodePath, DumpFormat, Profile, TaskQueue};
use acg_trace::{Kind, Part, TaskId, Trace};

use super::added::Added;
use crate::target::TargetName;

/// What the dumps of one file show.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is shown or not, on its own")]
struct Shown {
    has_end_record: bool,
    /// Something that only software queues have.
    is_software: bool,
    has_memory_events: bool,
    has_hardware_events: bool,
    has_ten_fillers: bool,
    /// Something that came with CANN 9.2.
    is_newest: bool,
}

/// The machine that the dumps of one file show; where they do not tell, the most usual one.
pub fn detect(traces: &[Trace]) -> TargetName {
    let mut shown = Shown::default();
    for trace in traces {
        shown.see(trace);
    }
    let origin = traces.iter().map(|trace| trace.dump.origin).find(|origin| origin.generation.is_some());
    let origin = origin.unwrap_or_default();
    let profile = shown.profile(origin);
    TargetName { profile: profile.to_owned(), cann: shown.cann(origin, profile).map(str::to_owned) }
}

/// Whether a graph has the record of its end, which software queues get with the first execution.
pub(super) fn was_executed(trace: &Trace, target: &TargetName) -> bool {
    let is_software = target.machine().is_some_and(|machine| machine.queue == TaskQueue::Software);
    is_software && has_end_record(trace)
}

impl Shown {
    fn profile(&self, origin: Origin) -> &'static str {
        let is_old =
            origin.untyped || matches!(origin.generation, Some((_, DumpFormat::Bare | DumpFormat::Typed)));
        // Since CANN 9.1 the profiles with hardware queues have hardware events.
        let is_software = self.is_software || !self.has_end_record || (self.has_memory_events && !is_old);
        // Before CANN 9.1 only chips without memory events capture hardware ones, unless the program is configured to.
        let has_no_memory_events =
            self.has_ten_fillers || (is_old && !is_software && self.has_hardware_events);
        match (origin.path.unwrap_or(CodePath::V100), is_software, self.has_memory_events) {
            (CodePath::V100, _, false) if has_no_memory_events => "ascend310p",
            (CodePath::V100, true, false) => "ascend910b",
            (CodePath::V100, true, true) => "910b-swsq-swev",
            (CodePath::V100, false, _) => "910b-hwsq",
            (CodePath::David, true, false) => "ascend950",
            (CodePath::David, true, true) => "950-swsq-swev",
            (CodePath::David, false, _) => "950-hwsq",
        }
    }

    /// The release, where the profile's own writes another format.
    fn cann(&self, origin: Origin, profile: &str) -> Option<&'static str> {
        match origin.generation {
            Some((_, DumpFormat::Bare)) => Some("8.5"),
            Some((_, DumpFormat::Typed)) => Some("9.0"),
            _ if origin.untyped => Some("9.0"),
            _ if self.is_newest && profile.starts_with("ascend") => Some("9.2"),
            _ => None,
        }
    }

    fn see(&mut self, trace: &Trace) {
        let hardware = trace.dump.origin.path.map_or("910b-hwsq", |path| match path {
            CodePath::V100 => "910b-hwsq",
            CodePath::David => "950-hwsq",
        });
        let usable = Profile::find(hardware).map_or(u32::MAX, |profile| profile.queue_size().usable());
        // The end of a capture adds tasks without looking for room.
        let is_long = |stream: &acg_trace::Stream| {
            let records = stream.records.clone().map(|record| TaskId::at(record as usize));
            records.filter(|&task| trace.tasks[task].part != Part::ClosingReset).count() > usable as usize + 2
        };
        self.is_software |= trace.streams.values().any(is_long);
        self.is_software |= numbers_by_tasks(trace);
        self.has_end_record |= has_end_record(trace);
        self.has_ten_fillers |= trace.groups.values().any(|group| group.length == 10);
        for (task, data) in trace.tasks.iter() {
            match data.kind {
                Kind::ExternalRecord | Kind::ExternalWait => {
                    self.is_software = true;
                    self.is_newest = true;
                }
                Kind::Fill => self.is_newest = true,
                Kind::EventRecord | Kind::EventWait
                    if matches!(trace.record(task).suffix, Suffix::Address(_)) =>
                {
                    self.has_memory_events = true;
                }
                Kind::EventRecord => self.has_hardware_events = true,
                _ => {}
            }
        }
    }
}

/// Whether the graph has the record of its end.
fn has_end_record(trace: &Trace) -> bool {
    let added = Added::of(trace);
    trace.tasks.iter().any(|(task, data)| data.part == Part::EndRecord && added.contains(task))
}

/// Whether a wait that takes several queue entries counts as one task, as it does on 950 in software queues only.
fn numbers_by_tasks(trace: &Trace) -> bool {
    let takes_several = |task: TaskId| match trace.tasks[task].kind {
        Kind::ValueWait | Kind::ExternalWait => true,
        Kind::EventWait => matches!(trace.record(task).suffix, Suffix::Address(_)),
        _ => false,
    };
    let is_david = trace.dump.origin.path == Some(CodePath::David);
    is_david
        && trace.streams.values().any(|stream| {
            let tasks = stream.records.clone().map(|record| TaskId::at(record as usize));
            let pairs = tasks.clone().zip(tasks.skip(1));
            pairs
                .filter(|&(task, _)| takes_several(task))
                .any(|(task, next)| trace.record(task).task.checked_add(1) == Some(trace.record(next).task))
        })
}
