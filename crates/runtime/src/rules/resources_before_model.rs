//! A notify or EXTERNAL event that a live graph uses is destroyed.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{EventId, ModelId, NotifyId};

/// ACG217.
pub static RULE: Rule = Rule::lint(
    "ACG217",
    "resources-before-model",
    "something that a graph uses is destroyed before the graph",
);

/// Looks for a live graph that uses a notify.
pub(crate) fn notify(m: &mut Machine<'_>, notify: NotifyId) {
    let Some((task, model)) = m.state.notifies[notify].user else { return };
    let name = m.notify_name(notify).to_owned();
    report(m, &name, task, model);
}

/// Looks for a live graph that uses an EXTERNAL event; one with the external flag is ACG078.
pub(crate) fn event(m: &mut Machine<'_>, event: EventId) {
    let Some((task, model)) = m.state.events[event].user else { return };
    let is_alive = m.state.models[model].destroyed_by.is_none();
    if is_alive && super::extflag_event_lifetime::look(m, event, task, model) {
        return;
    }
    let name = m.event_name(event).to_owned();
    report(m, &name, task, model);
}

fn report(m: &mut Machine<'_>, name: &str, task: u32, model: ModelId) {
    if m.state.models[model].destroyed_by.is_some() {
        return;
    }
    let model = m.model_name(model);
    let finding = m
        .finding(&RULE, format!("{name} is destroyed while {model}, which uses it, can still be executed"))
        .label(task, format!("this captured task uses {name}"))
        .help(format!("destroy {model} before {name}"));
    m.report(finding);
}
