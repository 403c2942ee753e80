//! The records that `aclmdlRIDebugJsonPrint` writes for a graph.

use acg_calls::{Core, Log};
use acg_dump::{Dump, Info, KernelArgs, Record, Suffix, TaskType};

use crate::state::{CaptureEventId, ExtendInfo, InnerId, Kernel, ModelId, Signal, State, TaskId, Work};

/// Argument bytes that a record shows at most; no kernel takes more.
const MOST_ARGUMENTS: u32 = 64 * 1024;

/// The same in words.
pub(crate) const MOST_WORDS: usize = MOST_ARGUMENTS as usize / 8;

/// The dump of `model` as it is now: its hidden streams newest first, the tasks of each in order.
pub(crate) fn records<'l>(state: &State, log: &'l Log, model: ModelId) -> Dump<'l> {
    let graph = &state.models[model];
    let mut dump = Dump::new(graph.driver_id);
    let tasks = graph.inners.iter().map(|&inner| state.inners[inner].tasks as usize).sum::<usize>();
    dump.records.reserve_exact(tasks);
    for &inner in graph.inners.iter().rev() {
        dump.begin_stream(stream_id(state, inner));
        for (id, _) in state.tasks_of(inner) {
            let mut record = record(state, log, id);
            record.args = record.args.map(|args| dump.push_args(std::iter::empty(), args.size));
            dump.push(record);
        }
    }
    dump
}

/// What a dump shows of a task. The words of its arguments, of which there are at most [`MOST_WORDS`], hold data that a log does not say:
/// they are zero, and the first ones of any dump do.
pub(crate) fn record<'l>(state: &State, log: &'l Log, id: TaskId) -> Record<'l> {
    let task = &state.tasks[id];
    // The runtime counts tasks in 16 bits.
    let mut record = Record::new(task.number & 0xffff, task_type(state, task.work));
    record.suffix = suffix(state, task.work);
    match task.work {
        Work::Kernel(launch) => {
            kernel_columns(state, log, state.launches.kernel(launch), &mut record);
        }
        Work::StreamActive(next) => record.active_stream = Some(active_stream(state, next)),
        _ => {}
    }
    record.extend_info = state.extend_infos.get(&id).map(|&info| Info::Plain(extend_info(log, info)));
    record
}

fn kernel_columns<'l>(state: &State, log: &'l Log, kernel: Kernel, record: &mut Record<'l>) {
    record.name = Some(kernel.name.map_or("", |name| log.text(name)));
    record.blocks = Some(kernel.blocks);
    if kernel.core == Core::AiCpu {
        return;
    }
    record.schem = Some(kernel.schem);
    if kernel.core.is_mix() && !state.target.is_david {
        record.ration = Some(kernel.ration.unwrap_or(2));
    }
    record.args = (kernel.args > 0).then(|| KernelArgs { first: 0, size: kernel.args.min(MOST_ARGUMENTS) });
}

fn task_type(state: &State, work: Work) -> TaskType<'static> {
    match work {
        Work::Nop => TaskType::Nop,
        Work::Kernel(launch) => kernel_type(state.launches.kernel(launch).core, state.target.is_david),
        Work::Copy => TaskType::MemcpyAsync,
        Work::Fill => TaskType::MemsetAsync,
        Work::Reduce => TaskType::ReduceAsync,
        Work::CacheOperation => TaskType::Cmo,
        Work::Record(_) | Work::ExternalRecord(_) => TaskType::EventRecord,
        Work::Wait(_) | Work::ExternalWait(_) | Work::CallbackWait(_) => TaskType::EventWait,
        Work::Reset(_) | Work::ExternalReset(_) | Work::CallbackReset(_) => TaskType::EventReset,
        Work::FlaggedRecord(_) => TaskType::CaptureRecordExternal,
        Work::FlaggedWait(_) => TaskType::CaptureWaitExternal,
        Work::NotifyRecord(_) => TaskType::NotifyRecord,
        Work::NotifyWait(_) => TaskType::NotifyWait,
        Work::ValueWrite(_) => TaskType::MemWriteValue,
        Work::ValueWait(_) => TaskType::MemWaitValue,
        Work::HostFunction => TaskType::HostFuncCallback,
        Work::StreamActive(_) => TaskType::StreamActive,
        Work::Condition(_) => TaskType::ConditionOp,
    }
}

fn kernel_type(core: Core, is_david: bool) -> TaskType<'static> {
    match core {
        Core::AiCpu => TaskType::KernelAiCpu,
        Core::AiVec => TaskType::KernelAiVec,
        Core::AiCore | Core::AiCube => TaskType::KernelAiCore,
        _ if is_david => TaskType::KernelAiCore,
        Core::MixAic | Core::MixAicMainAic => TaskType::KernelMixAic,
        Core::MixAiv | Core::MixAicMainAiv => TaskType::KernelMixAiv,
    }
}

fn suffix(state: &State, work: Work) -> Suffix {
    match work {
        Work::Record(event) | Work::Wait(event) | Work::Reset(event) => captured(state, event),
        Work::ExternalRecord(event) | Work::ExternalWait(event) | Work::ExternalReset(event) => {
            state.events[event].driver_id.map_or(Suffix::None, Suffix::Event)
        }
        Work::CallbackWait(id) | Work::CallbackReset(id) => Suffix::Event(id),
        Work::NotifyRecord(id) | Work::NotifyWait(id) => Suffix::Notify(id),
        Work::ValueWrite(address) | Work::ValueWait(address) => Suffix::Address(state.words[address]),
        _ => Suffix::None,
    }
}

fn captured(state: &State, event: CaptureEventId) -> Suffix {
    match state.captured[event].signal {
        Signal::Hardware(id) => Suffix::Event(id),
        Signal::Memory(Some(address)) => Suffix::Address(address),
        Signal::Memory(None) => Suffix::None,
    }
}

/// The number of a hidden stream as dumps print it.
pub(crate) fn stream_id(state: &State, inner: InnerId) -> i32 {
    i32::try_from(state.inners[inner].driver_id).unwrap_or(i32::MAX)
}

fn active_stream(state: &State, next: InnerId) -> i32 {
    if state.target.is_david { -1 } else { stream_id(state, next) }
}

/// The counted part of a text; a count that reaches the terminating NUL cannot be shown as a borrowed text.
fn extend_info(log: &Log, info: ExtendInfo) -> &str {
    let text = log.text(info.text);
    let mut end = (info.size as usize).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
