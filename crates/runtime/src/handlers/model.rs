//! Executing, updating and destroying graphs.

use acg_calls::CallView;

use super::session::{end_branches, end_graph};
use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::ModelStatus;

/// `aclmdlRIExecuteAsync(model, stream)`.
pub(super) fn execute_async(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.given_model(c, 0)?;
    let given = m.stream(c, 1)?;
    let stream = given.unwrap_or_else(|| m.default_stream());
    rules::execute_on_capturing_stream::check(m, model, stream)?;
    rules::execute_bad_stream::check(m, stream)?;
    rules::submodel_forbidden_call::check(m, c, model)?;
    rules::begin_foreign_context::check(m, stream)?;
    rules::execute_context::check(m, model)?;
    rules::execute_capturing_model::check(m, model)?;
    rules::execute_not_ready::check(m, model)?;
    rules::graph_stream_total::check(m, model)?;
    rules::end_result_ignored::look(m, c);
    if given.is_none() {
        rules::execute_null_stream::look(m, model);
    }
    rules::external_not_reset::look(m, model);
    if m.state.target.has_software_queue && m.state.models[model].executed_by.is_none() {
        end_graph(m, model)?;
        end_branches(m, model)?;
    }
    m.state.models[model].executed_by.get_or_insert(m.call);
    Ok(())
}

/// `aclmdlRIExecute(model, timeout)`.
pub(super) fn execute(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.given_model(c, 0)?;
    rules::execute_sync_timeout::check(c, 1)?;
    rules::execute_sync_captured::check(m, model)?;
    rules::execute_not_ready::check(m, model)
}

/// `aclmdlRIDestroy(model)`.
pub(super) fn destroy(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.given_model(c, 0)?;
    rules::submodel_forbidden_call::check(m, c, model)?;
    rules::execute_context::check(m, model)?;
    rules::destroy_capturing_model::check(m, model)?;
    rules::end_result_ignored::look(m, c);
    rules::build_unbind_first::graph(m, model);
    m.state.destroy_model(model, m.call);
    Ok(())
}

/// `aclmdlRIAbort(model)`.
pub(super) fn abort(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.model_below(c, 0)?;
    rules::submodel_forbidden_call::check(m, c, model)?;
    rules::abort_captured::look(m, model);
    Ok(())
}

/// `aclmdlRIUpdate(model)`.
pub(super) fn update(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.model_below(c, 0)?;
    rules::update_non_capture::check(m, model)?;
    rules::update_model_state::check(m, model)?;
    rules::update_after_profiled::look(m, model);
    m.state.models[model].status = ModelStatus::Ready;
    Ok(())
}

/// `aclmdlRIDestroyRegisterCallback` and its opposite.
pub(super) fn destroy_callback(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let model = m.model_below(c, 0)?;
    rules::submodel_forbidden_call::check(m, c, model)
}
