//! What a dump can hold and no program says.

use std::fmt;

use acg_trace::{Core, Kind, Part, TaskId, Trace};

use super::added::added_lanes;
use super::signals::is_drawn_in;
use super::tasks::is_cache_operation;

/// Tasks of one kind that the language has no form for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsayable {
    /// The first of them: the number of its record, from 1.
    pub record: u32,
    /// What its record is called.
    pub name: String,
    /// How many there are.
    pub count: u32,
    /// Why there is no form, as a clause.
    pub why: &'static str,
}

impl fmt::Display for Unsayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {} `{}`: {}", self.record, self.name, self.why)?;
        if self.count > 1 { write!(f, " ({} of them)", self.count) } else { Ok(()) }
    }
}

/// Everything in `trace` that no program says: the first of each kind, with how many there are.
pub(super) fn find(trace: &Trace) -> Vec<Unsayable> {
    let mut found: Vec<Unsayable> = Vec::new();
    let mut add = |task: TaskId, why: &'static str| {
        if let Some(known) = found.iter_mut().find(|known| known.why == why) {
            known.count += 1;
            return;
        }
        let record = acg_entity::Entity::index(task) as u32 + 1;
        found.push(Unsayable { record, name: trace.name(task).to_owned(), count: 1, why });
    };
    for (task, data) in trace.tasks.iter() {
        if let Some(why) = reason(trace, task, data.kind, data.part) {
            add(task, why);
        }
    }
    let is_added = added_lanes(trace);
    for lane in trace.lanes.keys().filter(|lane| !is_added[acg_entity::Entity::index(*lane)]) {
        if let Some(&first) = trace.lane_tasks(lane).first()
            && !is_drawn_in(trace, lane)
        {
            add(
                first,
                "its stream does not begin with a wait for an event that the graph records, so nothing draws it in",
            );
        }
    }
    found
}

fn reason(trace: &Trace, task: TaskId, kind: Kind, part: Part) -> Option<&'static str> {
    if part != Part::Body {
        return None;
    }
    Some(match kind {
        Kind::Jump => "the language has no form for labels and stream switches",
        Kind::StreamActive => {
            "the language has no form for starting streams, and this is no full one that goes on"
        }
        Kind::Kernel(Core::Fused) => "the language has no form for fused kernels",
        Kind::Communication => "the language has no form for tasks of collective operations",
        Kind::EndGraph => "the model was built and not captured",
        Kind::NotifyReset => "the language has no form for resetting a notify by itself",
        Kind::Nop => "it stands in place of tasks that an update took away",
        Kind::Other if is_cache_operation(trace, task) => return None,
        Kind::Other => "the language has no form for tasks of this type",
        Kind::EventWait if trace.links.record_of(task).is_none() && is_address(trace, task) => {
            "it waits for an event that the graph does not record"
        }
        _ => return None,
    })
}

fn is_address(trace: &Trace, task: TaskId) -> bool {
    matches!(trace.record(task).suffix, acg_dump::Suffix::Address(_))
}
