//! Where the task groups of a predicted dump end; the dump itself does not say.

use acg_entity::Entity;
use acg_runtime::state::{ModelId, State, TaskId};
use acg_trace::{Part, Trace};
use rustc_hash::FxHashMap;

/// How many tasks each task group of `trace`, which is the dump of `model`, has behind its placeholders, in the order of
/// [`Trace::groups`]; `None` if the dump was printed while the graph was something else.
pub(crate) fn group_sizes(state: &State, model: ModelId, trace: &Trace) -> Option<Vec<u32>> {
    let own = state.groups.values().filter(|group| group.model == model);
    let by_first: FxHashMap<TaskId, u32> =
        own.filter_map(|group| Some((*group.tasks.first()?, group.tasks.len() as u32))).collect();
    let stored = state.models[model].inners.iter().rev();
    let stored = stored.map(|&inner| state.tasks_of(inner).map(|(task, _)| task).collect::<Vec<_>>());
    let stored: Vec<Vec<TaskId>> = stored.filter(|tasks| !tasks.is_empty()).collect();
    let printed: Vec<usize> =
        trace.dump.streams.iter().map(|stream| stream.records.len()).filter(|&len| len > 0).collect();
    // Executing a graph adds a task behind what was printed.
    let matches =
        stored.len() == printed.len() && stored.iter().zip(&printed).all(|(tasks, &len)| tasks.len() >= len);
    matches.then(|| {
        // Records are numbered as they are printed: hidden streams newest first, the tasks of each in order.
        let records = stored.iter().zip(&printed).flat_map(|(tasks, &len)| &tasks[..len]);
        let of_record: Vec<u32> = records.map(|task| by_first.get(task).copied().unwrap_or(0)).collect();
        let size = |group: &acg_trace::Group| {
            let tasks = trace.lane_tasks(group.lane)[group.first as usize..].iter();
            let mut body = tasks.filter(|&&task| trace.tasks[task].part != Part::Cascade);
            body.nth(group.length as usize).map_or(0, |task| of_record[task.index()])
        };
        trace.groups.values().map(size).collect()
    })
}
