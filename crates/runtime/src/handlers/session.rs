//! Begin, end, status, exchange mode, and streams added below the ACL layer.

use acg_calls::CallView;

use crate::bindings::Object;
use crate::machine::{Answer, Machine};
use crate::note::Note;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{CaptureStatus, InnerId, Mode, ModelId, ModelKind, StreamId, Work};

/// `aclmdlRICaptureBegin(stream, mode)`.
pub(super) fn begin(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = rules::begin_null_stream::check(m, c, 0)?;
    let verdict = begin_on(m, c, stream);
    m.state.streams[stream].begin_failed = verdict.is_err().then_some(m.call);
    verdict
}

fn begin_on(m: &mut Machine<'_>, c: &CallView<'_>, stream: StreamId) -> Verdict {
    let mode = rules::begin_bad_mode::check(m, c, 1)?;
    rules::begin_bad_stream_flag::check(m, stream)?;
    can_hold_capture(m, stream)?;
    rules::begin_while_capturing::check(m, stream)?;
    let model = m.state.make_model(ModelKind::Captured, m.thread, m.call);
    let model = model.map_err(|shortage| rules::begin_no_resource::refusal(m, stream, shortage))?;
    if let Err(shortage) = m.state.enter(stream, model, true, m.call) {
        m.state.destroy_model(model, m.call);
        return Err(rules::begin_no_resource::refusal(m, stream, shortage));
    }
    m.state.enter_mode(stream, mode, m.thread);
    rules::captured_before_begin::look(m, stream);
    Ok(())
}

/// `aclmdlRICaptureToModelRIBegin(stream, model, mode)`.
pub(super) fn begin_branch(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = rules::begin_null_stream::check(m, c, 0)?;
    let verdict = begin_branch_on(m, c, stream);
    m.state.streams[stream].begin_failed = verdict.is_err().then_some(m.call);
    verdict
}

fn begin_branch_on(m: &mut Machine<'_>, c: &CallView<'_>, stream: StreamId) -> Verdict {
    let model = rules::cond_null::model(m, c, 1)?;
    let mode = rules::begin_bad_mode::check(m, c, 2)?;
    rules::begin_bad_stream_flag::check(m, stream)?;
    rules::subcapture_model_kind::check(m, model)?;
    can_hold_capture(m, stream)?;
    rules::subcapture_twice::check(m, model)?;
    rules::subcapture_stream_busy::check(m, stream)?;
    let entered = m.state.enter(stream, model, true, m.call);
    entered.map_err(|shortage| rules::begin_no_resource::refusal(m, stream, shortage))?;
    m.state.enter_mode(stream, mode, m.thread);
    Ok(())
}

/// The checks of context, binding and default stream that begin and end share.
fn can_hold_capture(m: &Machine<'_>, stream: StreamId) -> Verdict {
    rules::begin_foreign_context::check(m, stream)?;
    rules::begin_on_bound_stream::check(m, stream)?;
    rules::begin_on_default_stream::check(m, stream)
}

/// `aclmdlRICaptureEnd(stream, &model)`.
pub(super) fn end(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let out = c.out(1);
    let stream = match rules::begin_null_stream::check(m, c, 0) {
        Ok(stream) => stream,
        Err(refusal) => {
            m.leave(out);
            return Answer::from(Err(refusal)).with(Note::ModelUntouched);
        }
    };
    // A branch's end never writes the variable when it fails; a root's does, once its own arguments are in order.
    let writes = m.state.capture_of(stream).is_some_and(|(_, model)| !m.state.models[model].is_branch());
    let arguments = end_arguments(m, c, stream);
    let verdict = match arguments {
        Ok(()) => finish(m, stream),
        Err(refusal) => {
            m.leave(out);
            return Answer::from(Err(refusal)).with(Note::ModelUntouched);
        }
    };
    match verdict {
        Ok(model) => {
            if let Some(name) = out {
                m.state.models[model].name = Some(name);
            }
            m.define(out, Object::Model(model));
            let id = m.state.models[model].driver_id;
            Answer::fine().with(Note::ModelId(id))
        }
        Err(refusal) if writes => {
            m.define_null(out);
            Answer::from(Err(refusal)).with(Note::ModelNull)
        }
        Err(refusal) => {
            m.leave(out);
            Answer::from(Err(refusal)).with(Note::ModelUntouched)
        }
    }
}

fn end_arguments(m: &Machine<'_>, c: &CallView<'_>, stream: StreamId) -> Verdict {
    rules::begin_bad_stream_flag::check(m, stream)?;
    rules::end_null_model_out::check(m, c, stream)?;
    can_hold_capture(m, stream)
}

/// The part of an end that runs with its arguments in order.
fn finish(m: &mut Machine<'_>, stream: StreamId) -> Verdict<ModelId> {
    let inner = rules::end_without_begin::check(m, stream)?;
    rules::end_on_wrong_stream::check(m, stream)?;
    let model = m.state.inners[inner].model;
    let thread = rules::end_on_wrong_thread::check(m, stream);
    m.state.exit_mode(stream, m.thread);
    if let Err(refusal) = thread {
        m.state.exit(model, m.call);
        return Err(refusal);
    }
    let verdict = validate(m, stream, model).and_then(|()| complete(m, stream, model));
    m.state.exit(model, m.call);
    if verdict.is_err() && !m.state.models[model].is_branch() {
        m.state.destroy_model(model, m.call);
    }
    verdict?;
    rules::subcapture_failed_hidden::look(m, model);
    Ok(model)
}

fn validate(m: &Machine<'_>, stream: StreamId, model: ModelId) -> Verdict {
    rules::end_after_invalidation::check(m, stream, model)?;
    rules::end_before_sub_capture::check(m, model)?;
    rules::end_with_open_task_group::check(m, model)?;
    rules::check_joins(m, model)
}

/// Adds what the runtime adds to a graph when its capture ends.
fn complete(m: &mut Machine<'_>, stream: StreamId, model: ModelId) -> Verdict {
    for index in 0..m.state.models[model].added.len() {
        let added = m.state.models[model].added[index];
        let notify = take_notify(m, model)?;
        if let Some(inner) = m.state.streams[added].inner {
            m.state.append(inner, Work::NotifyRecord(notify), m.call);
        }
        m.store(stream, Work::NotifyWait(notify))?;
    }
    for _ in 0..2 * m.state.models[model].added.len() {
        take_notify(m, model)?;
    }
    for index in 0..m.state.models[model].captured.len() {
        let event = m.state.models[model].captured[index];
        m.store(stream, Work::Reset(event))?;
    }
    if !m.state.target.has_software_queue {
        end_graph(m, model)?;
    }
    Ok(())
}

/// Appends the record by which a graph tells that it has run to the end.
pub(super) fn end_graph(m: &mut Machine<'_>, model: ModelId) -> Verdict {
    let Some(origin) = last_of_origin(m, model) else { return Ok(()) };
    let notify = take_notify(m, model)?;
    m.state.append(origin, Work::NotifyRecord(notify), m.call);
    Ok(())
}

/// The same for every branch below a graph; the branches of one conditional task share their notify.
pub(super) fn end_branches(m: &mut Machine<'_>, model: ModelId) -> Verdict {
    for branch in m.branches_below(model) {
        let ModelKind::Branch(cond) = m.state.models[branch].kind else { continue };
        let Some(origin) = last_of_origin(m, branch) else { continue };
        let notify = match m.state.conds[cond].end_notify {
            Some(notify) => notify,
            None => take_notify(m, branch)?,
        };
        m.state.conds[cond].end_notify = Some(notify);
        m.state.append(origin, Work::NotifyRecord(notify), m.call);
    }
    Ok(())
}

/// The hidden stream that ends the origin of a graph.
fn last_of_origin(m: &Machine<'_>, model: ModelId) -> Option<InnerId> {
    m.state.models[model].inners.iter().rfind(|&&inner| m.state.inners[inner].is_origin).copied()
}

fn take_notify(m: &mut Machine<'_>, model: ModelId) -> Verdict<u32> {
    let notify = m.state.pools.take_notify();
    let notify = notify.map_err(|shortage| rules::notify_exhausted::refusal(m, model, shortage))?;
    m.state.models[model].notifies.push(notify);
    Ok(notify)
}

/// `aclmdlRICaptureGetInfo(stream, &status, &model)`.
pub(super) fn info(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let out = c.out(2);
    let stream =
        rules::getinfo_both_null::check(m, c).and_then(|()| rules::begin_null_stream::check(m, c, 0));
    let stream = match stream {
        Ok(stream) => stream,
        Err(refusal) => {
            m.define_null(out);
            let note = Note::Capture { status: None, has_model: false };
            return Answer::from(Err(refusal)).with(note);
        }
    };
    let status = m.state.streams[stream].status;
    let model = m.state.capture_of(stream).map(|(_, model)| model).filter(|_| status != CaptureStatus::None);
    match model {
        Some(model) => m.define(out, Object::Model(model)),
        None => m.define_null(out),
    }
    Answer::fine().with(Note::Capture { status: Some(status), has_model: model.is_some() })
}

/// `aclmdlRICaptureThreadExchangeMode(&mode)`.
pub(super) fn exchange(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let mode = match rules::exchange_null::check(m, c).and_then(|()| rules::exchange_bad_mode::check(m, c)) {
        Ok(mode) => mode,
        Err(refusal) => return Answer::from(Err(refusal)),
    };
    let call = m.call;
    let thread = &mut m.state.threads[m.thread];
    let old = std::mem::replace(&mut thread.exchange, mode);
    thread.exchanged_by = (mode != Mode::Global).then_some(call);
    Answer::fine().with(Note::OldMode(old))
}

/// `rtStreamAddToModel(stream, model)`, the path that collective communication takes.
pub(super) fn add_stream(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.model_below(c, 1)?;
    let stream = m.stream(c, 0)?.ok_or_else(|| rules::null_handle::refusal_below(m, c, 0, "stream"))?;
    rules::subcapture_model_kind::captured(m, model)?;
    rules::begin_bad_stream_flag::check(m, stream)?;
    rules::submodel_forbidden_call::check(m, c, model)?;
    rules::begin_foreign_context::check(m, stream)?;
    rules::begin_on_bound_stream::check(m, stream)?;
    rules::execute_context::check(m, model)?;
    rules::begin_on_default_stream::check(m, stream)?;
    if m.state.models[model].added.contains(&stream) {
        return Ok(());
    }
    if m.state.streams[stream].is_capturing() {
        let refusal = rules::begin_while_capturing::refusal(m, stream);
        m.state.terminate(model, m.call, Some(refusal.rule()));
        return Err(refusal);
    }
    match m.state.join(stream, model, m.call) {
        Ok(_) => {
            m.state.models[model].added.push(stream);
            Ok(())
        }
        Err(reason) => {
            let refusal = rules::join_invalid_capture::refusal(m, stream, None, model, reason);
            m.state.terminate(model, m.call, Some(refusal.rule()));
            Err(refusal)
        }
    }
}
