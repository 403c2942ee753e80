//! A handle is used after what it stands for was destroyed.

use acg_calls::Name;
use acg_diagnostics::Rule;

use crate::bindings::{Binding, Object};
use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};

/// ACG215.
pub static RULE: Rule = Rule::error(
    "ACG215",
    "stale-model-handle",
    &[107_017],
    "a handle is used after what it stands for was destroyed",
);

/// The refusal for a handle whose object is gone, or is of another kind.
pub(crate) fn refusal(m: &Machine<'_>, name: Option<Name>, binding: Binding) -> Refusal {
    let name = name.map_or("the handle", |name| m.text(name));
    let destroyed = match binding.object {
        Some(Object::Stream(stream)) => m.state.streams[stream].destroyed_by,
        Some(Object::Event(event)) => m.state.events[event].destroyed_by,
        Some(Object::Notify(notify)) => m.state.notifies[notify].destroyed_by,
        Some(Object::Model(model)) => m.state.models[model].destroyed_by,
        Some(Object::Cond(cond)) => m.state.models[m.state.conds[cond].model].destroyed_by,
        _ => None,
    };
    let text =
        if destroyed.is_some() { "no longer exists" } else { "is no handle of the kind this call takes" };
    let root = destroyed.and_then(|call| m.root_of(call));
    refuse(&RULE, 107_017, format!("{name} {text}"))
        .label_if(destroyed, "destroyed here")
        .label_if(binding.by.filter(|_| destroyed.is_none()), "defined here")
        .because_of(root)
        .help("set handles to NULL when what they stand for is destroyed")
}
