//! Conditional handles and tasks.

use acg_calls::{Arg, Args, CallView, Name};

use crate::bindings::Object;
use crate::machine::{Answer, Machine};
use crate::note::Note;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{Buffer, Cond, CondId, ModelKind, StreamId, Work};

/// `aclmdlRICondHandleCreate(model, default, flag, &handle)`.
pub(super) fn create(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let out = c.out(3);
    match make(m, c) {
        Ok(cond) => {
            m.define(out, Object::Cond(cond));
            Answer::fine().with(Note::HandleSet)
        }
        Err(refusal) => {
            m.define_null(out);
            Answer::from(Err(refusal)).with(Note::HandleNull)
        }
    }
}

fn make(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict<CondId> {
    let model = rules::cond_null::model(m, c, 0)?;
    rules::cond_null::out(m, c, 3)?;
    rules::cond_handle_flag::check(c, 2)?;
    rules::cond_handle_model::check(m, model)?;
    rules::cond_unsupported::check(m)?;
    let cond = Cond {
        name: c.out(3),
        model,
        made_by: m.call,
        used_by: None,
        branches: Vec::new(),
        end_notify: None,
    };
    let cond = m.state.conds.push(cond);
    m.state.models[model].conds.push(cond);
    Ok(cond)
}

/// `aclmdlRICondHandleGetCondPtr(handle, &pointer)`.
pub(super) fn pointer(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let name = c.name(0);
    let cond = m.cond(name)?;
    let verdict = match cond {
        None => Err(rules::cond_null::refusal(m, name, 100_000)),
        Some(_) => rules::cond_unsupported::check(m),
    };
    match verdict {
        Ok(()) => {
            let address = m.state.pools.take_addresses(8);
            if let Some(name) = c.out(1) {
                let buffer = Buffer::on_device(name, 8, address, m.call);
                let buffer = m.state.buffers.push(buffer);
                m.define(Some(name), Object::Buffer(buffer));
            }
            Ok(())
        }
        Err(refusal) => {
            m.leave(c.out(1));
            Err(refusal)
        }
    }
}

/// The parameters of a conditional task.
struct Params<'l> {
    handle: Option<Name>,
    kind: i64,
    size: i64,
    branches: Args<'l>,
}

fn params<'l>(c: &CallView<'l>) -> Params<'l> {
    let fields = c.list(0).unwrap_or_default();
    let number = |at: usize| fields.get(at).and_then(Arg::int).unwrap_or(-1);
    Params {
        handle: fields.first().and_then(Arg::name),
        kind: number(1),
        size: number(2),
        branches: fields.get(3).and_then(|field| c.items(field)).unwrap_or_default(),
    }
}

/// `aclmdlRIAddCondTask({handle, type, size, [&branch, …]}, stream, flags)`.
pub(super) fn add_task(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let params = params(c);
    let verdict = add(m, c, &params);
    let are_set = verdict.is_ok();
    if !are_set {
        for branch in params.branches {
            m.define_null(branch.out());
        }
    }
    Answer::from(verdict).with(Note::Branches { are_set })
}

fn add(m: &mut Machine<'_>, c: &CallView<'_>, params: &Params<'_>) -> Verdict {
    let stream = rules::begin_null_stream::check(m, c, 1)?;
    let kind = rules::cond_type::check(params.kind)?;
    rules::cond_arity::check_any(kind, params.size)?;
    rules::cond_flags::check(c, 2)?;
    let cond = m.cond(params.handle)?;
    let cond = cond.ok_or_else(|| rules::cond_null::refusal(m, params.handle, 107_000))?;
    rules::cond_handle_reused::check(m, cond)?;
    rules::begin_foreign_context::check(m, stream)?;
    let model = rules::cond_stream_not_capturing::check(m, stream)?;
    rules::cond_unsupported::check(m)?;
    rules::cond_handle_other_graph::check(m, cond, model)?;
    rules::cond_on_added_stream::check(m, stream, model)?;
    rules::cond_arity::check(kind, params.size)?;
    make_branches(m, cond, stream, params)?;
    if let Err(refusal) = m.store(stream, Work::Condition(kind)) {
        discard_branches(m, cond);
        return Err(refusal);
    }
    m.state.conds[cond].used_by = Some(m.call);
    name_branches(m, cond, params);
    Ok(())
}

fn make_branches(m: &mut Machine<'_>, cond: CondId, stream: StreamId, params: &Params<'_>) -> Verdict {
    for _ in 0..params.branches.len() {
        match m.state.make_model(ModelKind::Branch(cond), m.thread, m.call) {
            Ok(model) => m.state.conds[cond].branches.push(model),
            Err(shortage) => {
                discard_branches(m, cond);
                return Err(rules::begin_no_resource::refusal(m, stream, shortage));
            }
        }
    }
    Ok(())
}

fn discard_branches(m: &mut Machine<'_>, cond: CondId) {
    for branch in std::mem::take(&mut m.state.conds[cond].branches) {
        m.state.destroy_model(branch, m.call);
    }
}

fn name_branches(m: &mut Machine<'_>, cond: CondId, params: &Params<'_>) {
    for (index, branch) in params.branches.iter().enumerate() {
        let model = m.state.conds[cond].branches[index];
        m.state.models[model].name = branch.out();
        m.define(branch.out(), Object::Model(model));
    }
}
