//! Declaring streams and events that a pass needs.

use acg_ir::graph::SourceRange;
use acg_ir::module::{EventData, EventKind, Item, StreamData};
use acg_ir::task::{DestroyTarget, QueryTarget, SyncTarget};
use acg_ir::{Arena, Entity, Event, Module, Op, Stream, Symbol};
use rustc_hash::FxHashSet;

/// `ACL_EVENT_SYNC`, the flag of a plain `event e`.
const EVENT_SYNC: u32 = 0x1;

/// Gives names that nothing in the module has.
pub(crate) struct FreeNames {
    taken: FxHashSet<Symbol>,
}

impl FreeNames {
    /// The names of `module` are taken.
    pub(crate) fn new(module: &Module) -> Self {
        let buffers = module.buffers.values().map(|data| data.name);
        let streams = module.streams.values().map(|data| data.name);
        let events = module.events.values().map(|data| data.name);
        let notifies = module.notifies.values().map(|data| data.name);
        let graphs = module.graphs.values().map(|graph| graph.name);
        Self { taken: buffers.chain(streams).chain(events).chain(notifies).chain(graphs).collect() }
    }

    /// `base`, or `base.1`, `base.2`, … where that is taken.
    pub(crate) fn plain(&mut self, module: &mut Module, base: &str) -> Symbol {
        let name = module.symbols.intern(base);
        if self.taken.insert(name) { name } else { self.numbered(module, base, &mut 1) }
    }

    /// `base.N` for the first N from `next` on that is free; `next` is left after it.
    pub(crate) fn numbered(&mut self, module: &mut Module, base: &str, next: &mut u32) -> Symbol {
        loop {
            let name = module.symbols.intern(&format!("{base}.{next}"));
            *next += 1;
            if self.taken.insert(name) {
                return name;
            }
        }
    }
}

/// `count` streams that graphs can be put on: those declared without any property, and as many new ones as are missing.
pub(crate) fn streams(module: &mut Module, names: &mut FreeNames, count: usize) -> Vec<Stream> {
    let is_plain = |data: &StreamData| {
        !data.is_default && data.priority.is_none() && data.flags == 0 && !data.subscribed
    };
    let declared = module.streams.iter().filter(|(_, data)| is_plain(data));
    let mut streams: Vec<Stream> = declared.map(|(stream, _)| stream).take(count).collect();
    let mut next = 1;
    let missing = count - streams.len();
    for at in 0..missing {
        let name = if streams.is_empty() {
            names.plain(module, "main")
        } else if streams.len() == 1 {
            names.plain(module, "side")
        } else {
            names.numbered(module, "side", &mut next)
        };
        let data = StreamData { name, is_default: false, priority: None, flags: 0, subscribed: false };
        let stream = module.streams.push(data);
        if at == 0 {
            insert(module, Item::Streams { first: stream, count: missing as u32 });
        }
        streams.push(stream);
    }
    streams
}

/// `count` new events of the plain kind.
pub(crate) fn events(module: &mut Module, names: &mut FreeNames, count: usize) -> Vec<Event> {
    let mut events = Vec::with_capacity(count);
    let mut next = 1;
    for _ in 0..count {
        let name = names.numbered(module, "done", &mut next);
        events.push(module.events.push(EventData { name, kind: EventKind::Ex(EVENT_SYNC) }));
    }
    // A line of names stays readable, and editors bear it.
    let lines = events.chunks(12).map(|line| Item::Events { first: line[0], count: line.len() as u32 });
    insert_all(module, lines.collect());
    events
}

/// Declares `item` in front of the first graph.
pub(crate) fn insert(module: &mut Module, item: Item) {
    insert_all(module, vec![item]);
}

/// Declares `items` in front of the first graph.
fn insert_all(module: &mut Module, items: Vec<Item>) {
    let graph = module.items.iter().position(|item| matches!(item, Item::Graph(_)));
    let at = graph.unwrap_or(module.items.len());
    module.item_spans.splice(at..at, items.iter().map(|_| SourceRange::default()));
    module.items.splice(at..at, items);
}

/// Takes away every event that is not in `kept`; nothing in the module may mention it any more.
pub(crate) fn retain_events(module: &mut Module, kept: &Arena<Event, bool>) {
    let mut events = Arena::new();
    let mut moved: Arena<Event, Option<Event>> = Arena::filled(module.events.len(), None);
    for (event, data) in module.events.iter() {
        if kept[event] {
            moved[event] = Some(events.push(*data));
        }
    }
    if events.len() == module.events.len() {
        return;
    }
    module.events = events;
    for graph in module.graphs.keys() {
        let graph = &mut module.graphs[graph];
        for task in graph.tasks.keys() {
            rename(&mut graph.tasks[task].op, &moved);
        }
    }
    if let Some(run) = &mut module.run {
        for task in run.tasks.keys() {
            rename(&mut run.tasks[task].op, &moved);
        }
    }
    let items = std::mem::take(&mut module.items);
    let spans = std::mem::take(&mut module.item_spans);
    for (item, span) in items.into_iter().zip(spans) {
        let item = match item {
            Item::Events { first, count } => {
                let names = first.index()..first.index() + count as usize;
                let mut left = names.filter_map(|event| moved[Event::at(event)]);
                let Some(first) = left.next() else { continue };
                Item::Events { first, count: left.count() as u32 + 1 }
            }
            other => other,
        };
        module.items.push(item);
        module.item_spans.push(span);
    }
}

/// Gives the events of an operation their new numbers; those of a task that is in no program any more may be gone, now or already.
fn rename(op: &mut Op, moved: &Arena<Event, Option<Event>>) {
    let new = |event: &mut Event| {
        let is_there = event.index() < moved.len();
        if let Some(to) = is_there.then(|| moved[*event]).flatten() {
            *event = to;
        }
    };
    match op {
        Op::Record { event, .. }
        | Op::Wait { event, .. }
        | Op::Reset(event)
        | Op::Sync(SyncTarget::Event(event))
        | Op::Query(QueryTarget::Event(event))
        | Op::Destroy(DestroyTarget::Event(event)) => new(event),
        Op::Elapsed(from, to) => {
            new(from);
            new(to);
        }
        _ => {}
    }
}
