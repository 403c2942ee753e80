//! A graph variable is used that a failed end left alone: it still names an older graph.

use acg_calls::{Api, CallId, CallView};
use acg_diagnostics::{Code, Rule};

use crate::bindings::{Binding, Object};
use crate::machine::Machine;

/// ACG023.
pub static RULE: Rule = Rule::silent(
    "ACG023",
    "end-result-ignored",
    "a graph variable is used that a failed end left as it was, so that it names an older graph",
);

/// Looks for a live graph in a variable that a failed end was to set; one that the end set to NULL is ACG361.
pub(crate) fn look(m: &mut Machine<'_>, c: &CallView<'_>) {
    let (Some(name), Binding { object: Some(Object::Model(model)), by: Some(end) }) = m.handle(c, 0) else {
        return;
    };
    let is_end = m.log.view(CallId(end)).api() == Api::RiCaptureEnd;
    let Some(code) = m.code_of(end).filter(|_| is_end) else { return };
    let name = m.text(name);
    let older = m.state.models[model].ended_by.unwrap_or(m.state.models[model].made_by);
    let finding = m
        .finding(&RULE, format!("{name} still names the graph of an earlier capture, because the last end failed with {}", Code::describe(code)))
        .label(end, format!("this end failed and left {name} alone"))
        .label(older, format!("the graph that {name} names"))
        .note("An end that fails later than with its arguments sets the variable to NULL; one that fails with them does not touch it.")
        .help("check the result of aclmdlRICaptureEnd, and set the variable to NULL before it");
    m.report(finding);
}
