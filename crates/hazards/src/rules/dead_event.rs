//! An event that the program makes and never uses.
//!
//! **Fires** where no call but its creation and destruction names the event.
//!
//! **Sound because** an event that no call is given has no effect; it only takes one of a limited number.

use acg_diagnostics::Rule;
use acg_entity::Entity;
use acg_runtime::Finding;

use crate::report::Report;
use crate::trace::Trace;

/// ACG356.
pub static RULE: Rule = Rule::lint("ACG356", "dead-event", "an event is created and never used");

/// Looks for events that nothing uses.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let mut reported = None;
    for (id, event) in trace.state.events.iter() {
        let unused = !trace.used_events.get(id.index()).copied().unwrap_or(true);
        // A call that is made many times makes many events under one name.
        if unused && reported != Some(event.made_by) {
            reported = Some(event.made_by);
            let name = trace.event_name(id);
            let finding = Finding::new(&RULE, event.made_by, format!("{name} is created and never used"))
                .help(format!("leave {name} out"));
            report.add(None, finding);
        }
    }
}
