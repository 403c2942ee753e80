//! Updates of the kernels of a task group.

use acg_calls::CallView;

use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{GroupStatus, Kernel, StreamId, TaskId, Work};

/// `aclmdlRICaptureTaskUpdateBegin(stream, handle)`.
pub(super) fn begin(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = rules::begin_null_stream::check(m, c, 0)?;
    let verdict = begin_on(m, c, stream);
    m.state.streams[stream].update_failed = verdict.is_err().then_some(m.call);
    verdict
}

fn begin_on(m: &mut Machine<'_>, c: &CallView<'_>, stream: StreamId) -> Verdict {
    let group = rules::update_null_handle::check(m, c, 1)?;
    rules::update_on_capturing_stream::check(m, stream)?;
    rules::update_on_bound_stream::check(m, stream)?;
    rules::begin_foreign_context::check(m, stream)?;
    rules::update_nested::check(m, stream)?;
    rules::update_handle_busy::check(m, group)?;
    rules::group_handle_lifetime::look(m, c, group);
    m.state.streams[stream].group_status = GroupStatus::Updating;
    m.state.streams[stream].updating = Some(group);
    m.state.groups[group].updated_on = Some(stream);
    m.state.groups[group].next = 0;
    Ok(())
}

/// `aclmdlRICaptureTaskUpdateEnd(stream)`.
pub(super) fn end(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = rules::begin_null_stream::check(m, c, 0)?;
    rules::update_on_capturing_stream::check(m, stream)?;
    rules::update_on_bound_stream::check(m, stream)?;
    rules::begin_foreign_context::check(m, stream)?;
    let group = rules::update_end_unmatched::check(m, stream)?;
    let verdict = rules::group_handle_lifetime::check_end(m, stream, group)
        .and_then(|is_alive| if is_alive { rules::update_too_few::check(m, stream, group) } else { Ok(()) });
    m.state.streams[stream].group_status = GroupStatus::None;
    m.state.streams[stream].updating = None;
    m.state.groups[group].updated_on = None;
    m.state.groups[group].next = 0;
    verdict
}

/// A kernel launched on a stream that is updating a group: it replaces the group's next kernel.
pub(super) fn replace(m: &mut Machine<'_>, stream: StreamId, kernel: Kernel) -> Verdict {
    rules::update_on_capturing_stream::check_launch(m, stream)?;
    let group = rules::update_end_unmatched::check(m, stream)?;
    rules::group_handle_lifetime::check_launch(m, stream, group)?;
    let task = rules::update_too_many::check(m, stream, group)?;
    // The slot is taken before the kernel is looked at, so a refused kernel uses it up.
    m.state.groups[group].next += 1;
    rules::update_kind_mismatch::check(m, task, &kernel)?;
    rules::update_unsupported::check(m, stream, &kernel)?;
    put(m, task, kernel);
    Ok(())
}

fn put(m: &mut Machine<'_>, task: TaskId, kernel: Kernel) {
    if matches!(m.state.tasks[task].work, Work::Kernel(_)) {
        m.state.tasks[task].work = Work::Kernel(m.state.launches.add(kernel));
    }
}
