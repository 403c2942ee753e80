//! Events that belong to one graph alone.

use acg_ir::task::{DestroyTarget, QueryTarget, SyncTarget};
use acg_ir::{Arena, Event, EventKind, Graph, Module, Op};

/// `ACL_EVENT_SYNC`.
const EVENT_SYNC: u32 = 0x1;

/// Of each event, whether a capture takes it, and nothing but records and waits of `graph` mention it, none of them external.
pub(crate) fn own_events(module: &Module, graph: &Graph) -> Arena<Event, bool> {
    let captured = |kind: EventKind| matches!(kind, EventKind::Ex(flags) if flags & EVENT_SYNC != 0);
    let mut own: Arena<Event, bool> = module.events.values().map(|event| captured(event.kind)).collect();
    for (_, other) in module.bodies() {
        let is_this = std::ptr::eq(other, &raw const graph.body);
        for task in other.program() {
            let op = other.tasks[task].op;
            let is_sync = matches!(op, Op::Record { external: false, .. } | Op::Wait { external: false, .. });
            if !is_this || !is_sync {
                events_of(op).for_each(|event| own[event] = false);
            }
        }
    }
    own
}

/// The events that an operation mentions.
pub(crate) fn events_of(op: Op) -> impl Iterator<Item = Event> {
    let (first, second) = match op {
        Op::Record { event, .. }
        | Op::Wait { event, .. }
        | Op::Reset(event)
        | Op::Sync(SyncTarget::Event(event))
        | Op::Query(QueryTarget::Event(event))
        | Op::Destroy(DestroyTarget::Event(event)) => (Some(event), None),
        Op::Elapsed(from, to) => (Some(from), Some(to)),
        _ => (None, None),
    };
    first.into_iter().chain(second)
}
