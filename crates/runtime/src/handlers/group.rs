//! Task groups.

use acg_calls::CallView;

use crate::bindings::Object;
use crate::machine::{Answer, Machine};
use crate::note::Note;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{Group, GroupId, GroupStatus, Work};

/// `aclmdlRICaptureTaskGrpBegin(stream)`.
pub(super) fn begin(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = rules::begin_null_stream::check(m, c, 0)?;
    rules::group_outside_capture::check(m, stream)?;
    rules::begin_foreign_context::check(m, stream)?;
    rules::group_nested::check(m, stream)?;
    for _ in 0..m.state.target.group_fillers {
        m.store(stream, Work::Nop)?;
    }
    // The fillers may have filled its hidden stream, so that another one continues it.
    let inner = rules::group_outside_capture::check(m, stream)?;
    let model = m.state.inners[inner].model;
    let group = Group { model, opened_by: m.call, tasks: Vec::new(), updated_on: None, next: 0 };
    let group = m.state.groups.push(group);
    m.state.streams[stream].group_status = GroupStatus::Sampling;
    m.state.inners[inner].group = Some(group);
    m.state.models[model].open_groups += 1;
    Ok(())
}

/// `aclmdlRICaptureTaskGrpEnd(stream, &handle)`.
pub(super) fn end(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let out = c.out(1);
    match close(m, c) {
        Ok(group) => {
            m.define(out, Object::Group(group));
            Answer::fine().with(Note::HandleSet)
        }
        Err(refusal) => {
            m.leave(out);
            Answer::from(Err(refusal)).with(Note::HandleUntouched)
        }
    }
}

fn close(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict<GroupId> {
    let stream = rules::begin_null_stream::check(m, c, 0)?;
    rules::group_null_handle_out::check(m, c)?;
    let inner = rules::group_outside_capture::check(m, stream)?;
    rules::begin_foreign_context::check(m, stream)?;
    let group = rules::group_end_unmatched::check(m, stream, inner)?;
    let model = m.state.inners[inner].model;
    let verdict = rules::group_end_invalid::check(m, stream, model);
    m.state.inners[inner].group = None;
    let open = &mut m.state.models[model].open_groups;
    *open = open.saturating_sub(1);
    m.state.streams[stream].group_status = GroupStatus::None;
    if verdict.is_ok() {
        rules::group_empty::look(m, group);
    }
    verdict.map(|()| group)
}
