//! Records and waits with the external flag: signals between a graph and the world around it.

use acg_calls::CallView;

use super::{record::record as plain_record, wait::wait as plain_wait};
use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{ModelId, StreamId, Work};

/// `aclrtRecordEventWithFlag(event, stream, flag)`.
pub(super) fn record(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let flag = rules::extflag_bad_args::flag(m, c, 2)?;
    rules::sync_arg_order::check(m, c, 0, 1)?;
    let event = m.event(c, 0)?;
    let stream = m.stream_or_default(c, 1)?;
    if flag == 0 {
        rules::extflag_switched::record(m, event, 0)?;
        return plain_record(m, event, stream);
    }
    rules::extflag_wrong_event::check(m, event)?;
    rules::extflag_switched::record(m, event, 1)?;
    rules::extflag_in_subgraph::check(m, stream)?;
    let model = check(m, stream)?;
    rules::extflag_twice_in_graph::check(m, event, model)?;
    rules::extflag_after_plain_record::check(m, event)?;
    rules::update_bad_task::check(m, stream)?;
    m.store(stream, Work::FlaggedRecord(event))?;
    m.state.models[model].flagged.push((event, m.call));
    Ok(())
}

/// `aclrtStreamWaitEventWithFlag(stream, event, timeout, flag)`.
pub(super) fn wait(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let flag = rules::extflag_bad_args::flag(m, c, 3)?;
    rules::extflag_bad_args::timeout(m, c, flag)?;
    rules::sync_arg_order::check(m, c, 1, 0)?;
    let stream = m.stream(c, 0)?;
    let event = m.event(c, 1)?;
    let stream = stream.unwrap_or_else(|| m.default_stream());
    if flag == 0 {
        rules::extflag_switched::wait(m, event, 0)?;
        return plain_wait(m, stream, event);
    }
    rules::extflag_wrong_event::check(m, event)?;
    rules::extflag_switched::wait(m, event, 1)?;
    rules::extflag_in_subgraph::check(m, stream)?;
    let model = check(m, stream)?;
    rules::extflag_twice_in_graph::check(m, event, model)?;
    rules::extflag_after_plain_record::check(m, event)?;
    rules::update_bad_task::check(m, stream)?;
    m.store(stream, Work::FlaggedWait(event))?;
    m.state.models[model].flagged.push((event, m.call));
    Ok(())
}

fn check(m: &Machine<'_>, stream: StreamId) -> Verdict<ModelId> {
    rules::begin_foreign_context::check(m, stream)?;
    let model = rules::extflag_not_capturing::check(m, stream)?;
    rules::extflag_unsupported::check(m)?;
    Ok(model)
}
