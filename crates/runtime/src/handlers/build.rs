//! The explicit build API (capture-rules, section 11).

use acg_calls::CallView;

use crate::bindings::Object;
use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{ModelKind, ModelStatus};

/// `aclmdlRIBuildBegin(&model, flag)`.
pub(super) fn begin(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::build_flag::check(c, 1)?;
    let Some(name) = c.out(0) else { return Err(rules::null_argument::refusal(m, c, 0)) };
    let model = m.state.make_model(ModelKind::Built, m.thread, m.call);
    let stream = m.default_stream();
    let model = model.map_err(|shortage| rules::begin_no_resource::refusal(m, stream, shortage))?;
    m.state.models[model].name = Some(name);
    m.define(Some(name), Object::Model(model));
    Ok(())
}

/// `aclmdlRIBindStream(model, stream, flag)`.
pub(super) fn bind(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.given_model(c, 0)?;
    let stream = m.stream_or_default(c, 1)?;
    rules::bind_capturing_stream::check(m, c, model, Some(stream))?;
    rules::bind_head_flag::check(c, 2)?;
    rules::bind_flags::check(m, stream)?;
    rules::bind_null_stream::check(m, stream)?;
    rules::bind_not_persistent::check(m, stream)?;
    rules::begin_foreign_context::check(m, stream)?;
    rules::bind_two_models::check(m, stream)?;
    m.state.bind(stream, model);
    Ok(())
}

/// `aclmdlRIUnbindStream(model, stream)`.
pub(super) fn unbind(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.given_model(c, 0)?;
    let stream = m.stream_or_default(c, 1)?;
    rules::bind_capturing_stream::check(m, c, model, Some(stream))?;
    m.state.unbind(stream);
    Ok(())
}

/// `aclmdlRIEndTask(model, stream)`.
pub(super) fn end_task(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.given_model(c, 0)?;
    let stream = m.stream_or_default(c, 1)?;
    rules::bind_capturing_stream::check(m, c, model, Some(stream))
}

/// `aclmdlRIBuildEnd(model, reserve)`.
pub(super) fn end(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.given_model(c, 0)?;
    rules::build_end_reserve::check(c, 1)?;
    rules::bind_capturing_stream::check(m, c, model, None)?;
    m.state.models[model].status = ModelStatus::Ready;
    m.state.models[model].built_by = Some(m.call);
    Ok(())
}
