//! Calls that show what a graph holds: dumps, lists of streams and tasks.

use acg_calls::CallView;

use crate::bindings::Object;
use crate::dump;
use crate::late::{Printed, VERBOSE};
use crate::machine::{Answer, Machine};
use crate::note::Note;
use crate::refusal::Verdict;
use crate::replay::Dumped;
use crate::rules;
use crate::state::{InnerId, TaskId, Work};

/// How many streams the array holds that logs pass for the list of a graph's streams.
const LISTED_STREAMS: u32 = 64;

/// `aclmdlRIDebugJsonPrint(model, path, flags)`.
pub(super) fn dump<'l>(m: &mut Machine<'l>, c: &CallView<'l>) -> Verdict {
    let (model, path) = rules::debugprint_args::check(m, c)?;
    rules::execute_context::check(m, model)?;
    let is_verbose = c.int(2).unwrap_or(0) & VERBOSE != 0;
    if m.keeps_dumps {
        let dump = dump::records(&m.state, m.log, model);
        m.dumps.push(Dumped { call: m.call, path, is_verbose, model, dump });
    } else if let Some(printed) = &mut m.printed {
        printed.push(Printed::new(&m.state, m.call, model));
    }
    Ok(())
}

/// `aclmdlRIGetStreams(model, streams, &count)`.
pub(super) fn streams(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let model = match rules::list_null::model(m, c) {
        Ok(model) => model,
        Err(refusal) => {
            let note = Note::Streams { count: LISTED_STREAMS, streams: Vec::new() };
            return Answer::from(Err(refusal)).with(note);
        }
    };
    if let Err(refusal) = rules::submodel_forbidden_call::check(m, c, model) {
        return Answer::from(Err(refusal)).with(Note::Streams { count: LISTED_STREAMS, streams: Vec::new() });
    }
    let inners: Vec<InnerId> = m.state.models[model].inners.iter().rev().copied().collect();
    let count = inners.len() as u32;
    if let Err(refusal) = rules::list_array_small::check(m, model, count, LISTED_STREAMS) {
        return Answer::from(Err(refusal)).with(Note::Streams { count, streams: Vec::new() });
    }
    let streams = inners.iter().map(|&inner| (m.state.inners[inner].driver_id, m.state.inners[inner].tasks));
    let note = Note::Streams { count, streams: streams.collect() };
    m.define(c.name(1), Object::Other);
    m.listed = inners;
    Answer::fine().with(note)
}

/// `aclmdlRIGetTasksByStream(stream, tasks, &count)`; the stream is one of those listed last, `cs0` the first of them.
pub(super) fn tasks(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let listed = c.name(0).and_then(|name| {
        let position = m.text(name).strip_prefix("cs")?.parse::<usize>().ok()?;
        m.listed.get(position).copied()
    });
    let Some(inner) = listed else {
        return Answer::from(Err(rules::list_null::stream(m, c)));
    };
    // Sequence numbers count the tasks of the whole graph in the order in which they were stored.
    let mut stored: Vec<TaskId> = Vec::new();
    for &inner in &m.state.models[m.state.inners[inner].model].inners {
        stored.extend(m.state.tasks_of(inner).map(|(task, _)| task));
    }
    stored.sort_unstable();
    let sequence = |task: TaskId| stored.partition_point(|&before| before < task) as u32;
    let tasks = m.state.tasks_of(inner).map(|(id, task)| (type_number(task.work), sequence(id)));
    Answer::fine().with(Note::Tasks(tasks.collect()))
}

/// The number of `aclmdlRITaskType`.
fn type_number(work: Work) -> u32 {
    match work {
        Work::Kernel(_) => 1,
        Work::Record(_) | Work::ExternalRecord(_) | Work::FlaggedRecord(_) => 2,
        Work::Wait(_) | Work::ExternalWait(_) | Work::CallbackWait(_) | Work::FlaggedWait(_) => 3,
        Work::Reset(_) | Work::ExternalReset(_) | Work::CallbackReset(_) => 4,
        Work::ValueWrite(_) => 5,
        Work::ValueWait(_) => 6,
        _ => 0,
    }
}

/// Calls about a graph that change nothing here.
pub(super) fn plain(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    m.given_model(c, 0)?;
    rules::name_too_long::check(c)
}
