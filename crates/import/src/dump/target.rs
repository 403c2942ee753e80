//! Which machine wrote a dump, as far as it shows.

use acg_dump::Suffix;
use acg_target::{CodePath, DumpFormat, Profile, TaskQueue};
use acg_trace::{Kind, Part, Trace};

use super::placeholders::Placeholders;

/// A machine as a `target` line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The profile.
    pub profile: &'static str,
    /// The CANN release, where it is not the profile's own.
    pub cann: Option<&'static str>,
}

/// What the dumps of one file show.
#[derive(Default)]
struct Shown {
    has_end_record: bool,
    /// Something that only software queues have.
    is_software: bool,
    has_memory_events: bool,
    has_ten_fillers: bool,
    /// Something that came with CANN 9.2.
    is_newest: bool,
}

impl Detected {
    /// The machine that the dumps of one file show; where they do not tell, the most usual one.
    pub(super) fn of(traces: &[Trace]) -> Self {
        let mut shown = Shown::default();
        for trace in traces {
            shown.see(trace);
        }
        let path = traces.iter().find_map(|trace| trace.dump.origin.path).unwrap_or(CodePath::V100);
        let is_software = shown.is_software || !shown.has_end_record;
        let profile = match (path, is_software, shown.has_memory_events) {
            (CodePath::V100, false, _) if shown.has_ten_fillers => "ascend310p",
            (CodePath::V100, true, false) => "ascend910b",
            (CodePath::V100, true, true) => "910b-swsq-swev",
            (CodePath::V100, false, _) => "910b-hwsq",
            (CodePath::David, true, false) => "ascend950",
            (CodePath::David, true, true) => "950-swsq-swev",
            (CodePath::David, false, _) => "950-hwsq",
        };
        let generation = traces.iter().find_map(|trace| trace.dump.origin.generation);
        let cann = match generation.map(|(_, newest)| newest) {
            Some(DumpFormat::Bare) => Some("8.5"),
            Some(DumpFormat::Typed) => Some("9.0"),
            _ if shown.is_newest && profile.starts_with("ascend") => Some("9.2"),
            _ => None,
        };
        Self { profile, cann }
    }

    /// The machine.
    pub fn machine(&self) -> Option<Profile> {
        let profile = Profile::find(self.profile).ok()?;
        match self.cann {
            Some(cann) => profile.with_cann(cann).ok(),
            None => Some(profile),
        }
    }

    /// A graph in software queues gets the record of its end when it is executed first.
    pub(super) fn note_execution(&self, trace: &Trace, placeholders: &mut Placeholders) {
        let is_software = self.machine().is_some_and(|machine| machine.queue == TaskQueue::Software);
        if is_software && trace.tasks.values().any(|task| task.part == Part::EndRecord) {
            placeholders.is_executed = true;
        }
    }
}

impl Shown {
    fn see(&mut self, trace: &Trace) {
        let hardware = trace.dump.origin.path.map_or("910b-hwsq", |path| match path {
            CodePath::V100 => "910b-hwsq",
            CodePath::David => "950-hwsq",
        });
        let usable = Profile::find(hardware).map_or(u32::MAX, |profile| profile.queue_size().usable());
        // The end of a capture adds tasks without looking for room.
        let is_long = |stream: &acg_trace::Stream| {
            let records = stream.records.clone().map(|record| acg_entity::Entity::at(record as usize));
            records.filter(|&task| trace.tasks[task].part != Part::ClosingReset).count() > usable as usize + 2
        };
        self.is_software |= trace.streams.values().any(is_long);
        self.has_ten_fillers |= trace.groups.values().any(|group| group.length == 10);
        for (task, data) in trace.tasks.iter() {
            self.has_end_record |= data.part == Part::EndRecord;
            match data.kind {
                Kind::ExternalRecord | Kind::ExternalWait => {
                    self.is_software = true;
                    self.is_newest = true;
                }
                Kind::Fill => self.is_newest = true,
                Kind::EventRecord | Kind::EventWait if matches!(trace.record(task).suffix, Suffix::Address(_)) => {
                    self.has_memory_events = true;
                    self.is_software = true;
                }
                _ => {}
            }
        }
    }
}
