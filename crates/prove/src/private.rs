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

/// Finds the events that are private, line by line.
pub(crate) struct Mentions {
    is_private: Vec<bool>,
    /// The body that mentions each.
    owner: Vec<u32>,
}

/// The owner of what nothing mentions.
const NOBODY: u32 = u32::MAX;

impl Mentions {
    /// Notes what a line of the body with a number does, which come one after the other.
    pub(crate) fn add(&mut self, number: usize, id: BodyId, op: Op) {
        let mut mention = |event: Event, is_sync: bool| {
            let (at, number) = (event.index(), number as u32);
            let is_own = id != BodyId::Run && [NOBODY, number].contains(&self.owner[at]);
            self.is_private[at] &= is_sync && is_own;
            self.owner[at] = number;
        };
        match op {
            Op::Record { event, external } | Op::Wait { event, external } => mention(event, !external),
            Op::Reset(event)
            | Op::Sync(SyncTarget::Event(event))
            | Op::Query(QueryTarget::Event(event))
            | Op::Destroy(DestroyTarget::Event(event)) => mention(event, false),
            Op::Elapsed(from, to) => [from, to].into_iter().for_each(|event| mention(event, false)),
            _ => {}
        }
    }

    /// The events that turned out to be private.
    pub(crate) fn private(self) -> Private {
        Private { is_private: self.is_private }
    }
}

impl Private {
    /// What finds the private events of a module, before any line.
    pub(crate) fn mentions(module: &Module) -> Mentions {
        let is_private = module.events.values().map(|data| is_captured(data.kind)).collect();
        Mentions { is_private, owner: vec![NOBODY; module.events.len()] }
    }

    pub(crate) fn has(&self, event: Event) -> bool {
        self.is_private[event.index()]
    }
}

/// Only events with `ACL_EVENT_SYNC` become part of a capture (capture-rules, section 3.1).
pub(crate) fn is_captured(kind: EventKind) -> bool {
    matches!(kind, EventKind::Ex(flags) if flags & 1 != 0)
}
