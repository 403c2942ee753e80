//! Events that only order one graph within itself: no other graph, not the host program, and nothing but records and waits of the
//! capture mentions them.
//!
//! Records and waits of these may come and go with the order they make; all others are effects.

use acg_ir::task::{DestroyTarget, QueryTarget, SyncTarget};
use acg_ir::{BodyId, Entity, Event, EventKind, Module, Op};

/// Which events are private.
pub(crate) struct Private {
    is_private: Vec<bool>,
}

impl Private {
    pub(crate) fn of(module: &Module) -> Self {
        let mut is_private: Vec<bool> = module.events.values().map(|data| is_captured(data.kind)).collect();
        let mut owner: Vec<Option<usize>> = vec![None; module.events.len()];
        for (number, (id, body)) in module.bodies().enumerate() {
            for task in body.program() {
                let mut mention = |event: Event, is_sync: bool| {
                    let at = event.index();
                    let is_own = id != BodyId::Run && owner[at].is_none_or(|owner| owner == number);
                    is_private[at] &= is_sync && is_own;
                    owner[at] = Some(number);
                };
                match body.tasks[task].op {
                    Op::Record { event, external } | Op::Wait { event, external } => {
                        mention(event, !external);
                    }
                    Op::Reset(event)
                    | Op::Sync(SyncTarget::Event(event))
                    | Op::Query(QueryTarget::Event(event))
                    | Op::Destroy(DestroyTarget::Event(event)) => mention(event, false),
                    Op::Elapsed(from, to) => [from, to].into_iter().for_each(|event| mention(event, false)),
                    _ => {}
                }
            }
        }
        Self { is_private }
    }

    pub(crate) fn has(&self, event: Event) -> bool {
        self.is_private[event.index()]
    }
}

/// Only events with `ACL_EVENT_SYNC` become part of a capture (capture-rules, section 3.1).
pub(crate) fn is_captured(kind: EventKind) -> bool {
    matches!(kind, EventKind::Ex(flags) if flags & 1 != 0)
}
