//! Event and stream are swapped in a record, a wait or a reset.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::bindings::Object;
use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG347.
pub static RULE: Rule = Rule::error(
    "ACG347",
    "sync-arg-order",
    &[107_017],
    "event and stream are swapped in a record, a wait or a reset",
);

/// The event must be at `event`, the stream at `stream`; C takes either for the other, both are pointers to void.
pub(crate) fn check(m: &Machine<'_>, c: &CallView<'_>, event: usize, stream: usize) -> Verdict {
    let (first, at_event) = m.handle(c, event);
    let Some(Object::Stream(_)) = at_event.object else { return Ok(()) };
    let (second, at_stream) = m.handle(c, stream);
    let Some(Object::Event(_)) = at_stream.object else { return Ok(()) };
    let text = |name: Option<_>| name.map_or("NULL", |name| m.text(name));
    let (first, second) = (text(first), text(second));
    let form = c.api().signature();
    Err(refuse(&RULE, 107_017, format!("{first} is a stream and {second} is an event, they are swapped"))
        .label_if(at_event.by, format!("{first} is created here"))
        .label_if(at_stream.by, format!("{second} is created here"))
        .help(format!("the order is {form}")))
}
