//! Tasks that one piece of the program makes: a single task, a host function with the signal behind it, a task group.
//!
//! A dump shows where a task group begins and not where it ends; it is taken to go on over all kernels behind it, because only
//! kernels can be in it.

use acg_entity::{Arena, Entity};
use acg_trace::{Core, Kind, LaneId, Part, TaskId, Trace};

use super::added::Added;

acg_entity::entity! {
    /// Tasks that are submitted without others between them.
    UnitId, "unit"
}

/// The units of a dump, lane by lane.
pub(super) struct Units {
    /// Their tasks in [`Units::tasks`].
    ranges: Arena<UnitId, std::ops::Range<u32>>,
    tasks: Vec<TaskId>,
    /// The units of each lane.
    lanes: Vec<std::ops::Range<u32>>,
    /// The unit of each task that the program makes.
    of_task: Vec<Option<UnitId>>,
}

impl Units {
    pub(super) fn of(trace: &Trace, added: &Added) -> Self {
        let mut units = Self {
            ranges: Arena::default(),
            tasks: Vec::with_capacity(trace.tasks.len()),
            lanes: Vec::new(),
            of_task: vec![None; trace.tasks.len()],
        };
        for lane in trace.lanes.keys() {
            let first = units.ranges.len() as u32;
            units.lane(trace, added, lane);
            units.lanes.push(first..units.ranges.len() as u32);
        }
        units
    }

    fn lane(&mut self, trace: &Trace, added: &Added, lane: LaneId) {
        let mut in_group = false;
        for &task in trace.lane_tasks(lane) {
            let data = trace.tasks[task];
            let starts = match data.part {
                Part::Body => !(in_group && fits_group(data.kind)),
                Part::GroupHead(group) => trace.groups[group].first == data.position,
                Part::Callback => false,
                _ if added.contains(task) => continue,
                _ => true,
            };
            if starts {
                in_group = matches!(data.part, Part::GroupHead(_));
                let start = self.tasks.len() as u32;
                self.ranges.push(start..start);
            }
            let Some(unit) = self.ranges.len().checked_sub(1).map(UnitId::at) else { continue };
            self.tasks.push(task);
            self.ranges[unit].end += 1;
            self.of_task[task.index()] = Some(unit);
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The tasks of a unit.
    pub(super) fn tasks(&self, unit: UnitId) -> &[TaskId] {
        let range = &self.ranges[unit];
        &self.tasks[range.start as usize..range.end as usize]
    }

    /// The units of a lane.
    pub(super) fn lane_units(&self, lane: LaneId) -> std::ops::Range<u32> {
        self.lanes[lane.index()].clone()
    }

    /// The unit of a task.
    pub(super) fn of_task(&self, task: TaskId) -> Option<UnitId> {
        self.of_task[task.index()]
    }
}

/// Whether a task group takes a task (capture-rules, section 7).
fn fits_group(kind: Kind) -> bool {
    matches!(kind, Kind::Kernel(core) if !matches!(core, Core::Cpu | Core::Fused))
}
