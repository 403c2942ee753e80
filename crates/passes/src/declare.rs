//! Declaring streams and events that a pass needs.

use acg_ir::graph::SourceRange;
use acg_ir::module::{EventData, EventKind, Item, StreamData};
use acg_ir::task::{DestroyTarget, QueryTarget, SyncTarget};
use acg_ir::{Arena, Entity, Event, Module, Op, Stream, Symbol};

/// `ACL_EVENT_SYNC`, the flag of a plain `event e`.
const EVENT_SYNC: u32 = 0x1;

/// Gives names that nothing in the module has.
pub(crate) struct FreeNames {
    /// Of each name, whether something has it; names made since may be missing.
    taken: Arena<Symbol, bool>,
    /// The first number with which each of these bases may be free: those below are taken.
    next: [(&'static str, u32); 2],
}

impl FreeNames {
    /// The names of `module` are taken.
    pub(crate) fn new(module: &Module) -> Self {
        let buffers = module.buffers.values().map(|data| data.name);
        let streams = module.streams.values().map(|data| data.name);
        let events = module.events.values().map(|data| data.name);
        let notifies = module.notifies.values().map(|data| data.name);
        let graphs = module.graphs.values().map(|graph| graph.name);
        let mut taken = Arena::filled(module.symbols.len(), false);
        buffers
            .chain(streams)
            .chain(events)
            .chain(notifies)
            .chain(graphs)
            .for_each(|name| taken[name] = true);
        Self { taken, next: [(SIDE, 1), (DONE, 1)] }
    }

    /// `base`, or `base.1`, `base.2`, … where that is taken.
    pub(crate) fn plain(&mut self, module: &mut Module, base: &str) -> Symbol {
        let name = module.symbols.intern(base);
        if self.take(name) { name } else { self.numbered(module, base) }
    }

    /// `base.N` for the first N from 1 on that is free.
    fn numbered(&mut self, module: &mut Module, base: &str) -> Symbol {
        let known = self.next.iter().position(|&(known, _)| known == base);
        let mut next = known.map_or(1, |known| self.next[known].1);
        loop {
            let name = module.symbols.intern(&format!("{base}.{next}"));
            next += 1;
            if self.take(name) {
                if let Some(known) = known {
                    self.next[known].1 = next;
                }
                return name;
            }
        }
    }

    /// Takes a name; gives whether it was free.
    fn take(&mut self, name: Symbol) -> bool {
        while self.taken.len() <= name.index() {
            self.taken.push(false);
        }
        !std::mem::replace(&mut self.taken[name], true)
    }

    /// Makes a name free again.
    fn free(&mut self, module: &Module, name: Symbol) {
        self.taken[name] = false;
        for (base, next) in &mut self.next {
            let number = module.text(name).strip_prefix(*base).and_then(|rest| rest.strip_prefix('.'));
            if let Some(number) = number.and_then(|number| number.parse().ok()) {
                *next = (*next).min(number);
            }
        }
    }
}

/// What further streams, and new events, are called.
const SIDE: &str = "side";
const DONE: &str = "done";

/// The streams and events that graphs are given, one graph after the other.
///
/// **Invariant:** lines of declarations, and the numbers of events, stay as they are until [`Supply::finish`].
pub(crate) struct Supply {
    names: FreeNames,
    /// Streams declared without any property.
    plain: Vec<Stream>,
    /// What is to be declared.
    items: Vec<Item>,
    /// Events that nothing mentions any more.
    dropped: Vec<Event>,
}

impl Supply {
    /// For the graphs of `module`.
    pub(crate) fn of(module: &Module) -> Self {
        let is_plain = |data: &StreamData| {
            !data.is_default && data.priority.is_none() && data.flags == 0 && !data.subscribed
        };
        let plain = module.streams.iter().filter(|(_, data)| is_plain(data)).map(|(stream, _)| stream);
        Self { names: FreeNames::new(module), plain: plain.collect(), items: Vec::new(), dropped: Vec::new() }
    }

    /// `count` streams that a graph can be put on: those declared without any property, and as many new ones as are missing.
    pub(crate) fn streams(&mut self, module: &mut Module, count: usize) -> &[Stream] {
        let missing = count.saturating_sub(self.plain.len());
        for at in 0..missing {
            let name = match self.plain.len() {
                0 => self.names.plain(module, "main"),
                1 => self.names.plain(module, SIDE),
                _ => self.names.numbered(module, SIDE),
            };
            let data = StreamData { name, is_default: false, priority: None, flags: 0, subscribed: false };
            let stream = module.streams.push(data);
            if at == 0 {
                self.items.push(Item::Streams { first: stream, count: missing as u32 });
            }
            self.plain.push(stream);
        }
        &self.plain[..count]
    }

    /// `count` new events of the plain kind.
    pub(crate) fn events(&mut self, module: &mut Module, count: usize) -> Vec<Event> {
        let mut events = Vec::with_capacity(count);
        for _ in 0..count {
            let name = self.names.numbered(module, DONE);
            events.push(module.events.push(EventData { name, kind: EventKind::Ex(EVENT_SYNC) }));
        }
        // A line of names stays readable, and editors bear it.
        let lines = events.chunks(12).map(|line| Item::Events { first: line[0], count: line.len() as u32 });
        self.items.extend(lines);
        events
    }

    /// Takes away an event that nothing mentions any more.
    pub(crate) fn drop_event(&mut self, module: &Module, event: Event) {
        self.names.free(module, module.events[event].name);
        self.dropped.push(event);
    }

    /// Declares what was given in front of the first graph, and takes away the events that are not needed.
    pub(crate) fn finish(self, module: &mut Module) {
        let graph = module.items.iter().position(|item| matches!(item, Item::Graph(_)));
        let at = graph.unwrap_or(module.items.len());
        module.item_spans.splice(at..at, self.items.iter().map(|_| SourceRange::default()));
        module.items.splice(at..at, self.items);
        if self.dropped.is_empty() {
            return;
        }
        let mut kept = Arena::filled(module.events.len(), true);
        for event in self.dropped {
            kept[event] = false;
        }
        retain_events(module, &kept);
    }
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
