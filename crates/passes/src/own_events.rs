//! Events that belong to one graph alone.

use acg_ir::task::{DestroyTarget, QueryTarget, SyncTarget};
use acg_ir::{Arena, Body, Entity, Event, EventKind, Graph, Module, Op, Slate};

/// `ACL_EVENT_SYNC`.
const EVENT_SYNC: u32 = 0x1;

/// How often a module mentions its events.
#[derive(Debug)]
pub(crate) struct Mentions {
    /// Those that no capture takes are mentioned once more than they are, so that they are nobody's own.
    all: Arena<Event, u32>,
    /// How often records and waits of one graph mention them that are not external; kept between graphs.
    syncs: Slate<Event, u32>,
}

impl Mentions {
    /// What all bodies of `module` mention.
    pub(crate) fn of(module: &Module) -> Self {
        let is_captured = |kind: EventKind| matches!(kind, EventKind::Ex(flags) if flags & EVENT_SYNC != 0);
        let all = module.events.values().map(|data| u32::from(!is_captured(data.kind))).collect();
        let mut mentions = Self { all, syncs: Slate::new() };
        module.bodies().for_each(|(_, body)| mentions.add(body));
        mentions
    }

    /// The events that a capture takes, and of which nothing but records and waits of `graph` are mentions, none of them external.
    pub(crate) fn own_events(&mut self, graph: &Graph) -> OwnEvents<'_> {
        let mut count = self.count();
        for (_, data) in graph.stored() {
            if let Op::Record { event, external: false } | Op::Wait { event, external: false } = data.op {
                count.add(event);
            }
        }
        OwnEvents(self)
    }

    /// Counts what records and waits of one graph mention, one by one.
    pub(crate) fn count(&mut self) -> Count<'_> {
        self.syncs.wipe();
        Count(self)
    }

    /// Counts what a body mentions, which has come; new events are such as captures take.
    pub(crate) fn add(&mut self, body: &Body) {
        for (_, data) in body.stored() {
            each_event(data.op, |event| {
                while self.all.len() <= event.index() {
                    self.all.push(0);
                }
                self.all[event] += 1;
            });
        }
    }

    /// Takes away what a body mentions, which goes.
    pub(crate) fn remove(&mut self, body: &Body) {
        body.stored().for_each(|(_, data)| each_event(data.op, |event| self.all[event] -= 1));
    }
}

/// What records and waits of one graph mention, as far as they have come.
pub(crate) struct Count<'a>(&'a mut Mentions);

impl Count<'_> {
    /// Counts the event of a record or a wait that is not external.
    pub(crate) fn add(&mut self, event: Event) {
        *self.0.syncs.or_set(event, || 0) += 1;
    }

    /// Whether all events that were counted are the graph's own, once all records and waits have come.
    pub(crate) fn are_own(&self) -> bool {
        self.0.syncs.keys().iter().all(|&event| OwnEvents(self.0).has(event))
    }
}

/// The events that are one graph's own.
#[derive(Clone, Copy)]
pub(crate) struct OwnEvents<'a>(&'a Mentions);

impl OwnEvents<'_> {
    /// Whether `event`, which the graph mentions, is its own.
    pub(crate) fn has(self, event: Event) -> bool {
        self.0.syncs.at(event) == Some(&self.0.all[event])
    }
}

/// Calls `found` with the events that an operation mentions.
#[inline]
pub(crate) fn each_event(op: Op, mut found: impl FnMut(Event)) {
    match op {
        Op::Record { event, .. }
        | Op::Wait { event, .. }
        | Op::Reset(event)
        | Op::Sync(SyncTarget::Event(event))
        | Op::Query(QueryTarget::Event(event))
        | Op::Destroy(DestroyTarget::Event(event)) => found(event),
        Op::Elapsed(from, to) => [from, to].into_iter().for_each(found),
        _ => {}
    }
}
