//! What each name of the file stands for.

use acg_ir::{
    Buffer, Context, Entity, Event, GraphId, Handle, Lock, Notify, OmModel, Session, Stream, Symbol, Thread,
};
use rustc_hash::FxHashMap;

use super::{Resolved, Resolver, Stop};
use crate::check::unknown_name::Clues;
use crate::check::{duplicate_name, reserved_name, unknown_name, wrong_kind_of_name};
use crate::lines::Lines;
use crate::recover::declared_names;
use crate::syntax::Text;
use acg_diagnostics::closest;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Buffer(Buffer),
    Stream(Stream),
    Event(Event),
    Notify(Notify),
    Graph(GraphId),
    /// A graph that calls make.
    Handle(Handle),
    Thread(Thread),
    Lock(Lock),
    Context(Context),
    Model(OmModel),
    Session(Session),
    /// Something whose declaration was reported.
    Poisoned,
}

impl Meaning {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Buffer(_) => "a buffer",
            Self::Stream(_) => "a stream",
            Self::Event(_) => "an event",
            Self::Notify(_) => "a notify",
            Self::Graph(_) => "a graph",
            Self::Handle(_) => "a graph without lines of its own",
            Self::Thread(_) => "a thread",
            Self::Lock(_) => "a lock",
            Self::Context(_) => "a context",
            Self::Model(_) => "an offline model",
            Self::Session(_) => "a session",
            Self::Poisoned => "something that is not understood",
        }
    }
}

/// A kind of thing that a place asks for, and how one is declared.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    words: &'static str,
    declaration: &'static str,
    fits: fn(Meaning) -> bool,
}

pub(super) const BUFFER: Wanted = Wanted {
    words: "a buffer",
    declaration: "device NAME : f32[4, 2]",
    fits: |meaning| matches!(meaning, Meaning::Buffer(_)),
};
pub(super) const STREAM: Wanted = Wanted {
    words: "a stream",
    declaration: "stream NAME",
    fits: |meaning| matches!(meaning, Meaning::Stream(_)),
};
pub(super) const EVENT: Wanted = Wanted {
    words: "an event",
    declaration: "event NAME",
    fits: |meaning| matches!(meaning, Meaning::Event(_)),
};
pub(super) const SIGNAL: Wanted = Wanted {
    words: "an event or a notify",
    declaration: "event NAME",
    fits: |meaning| matches!(meaning, Meaning::Event(_) | Meaning::Notify(_)),
};
pub(super) const GRAPH: Wanted = Wanted {
    words: "a graph",
    declaration: "graph NAME on STREAM {",
    fits: |meaning| matches!(meaning, Meaning::Graph(_)),
};
pub(super) const HANDLE: Wanted = Wanted {
    words: "a graph without lines of its own",
    declaration: "graph NAME",
    fits: |meaning| matches!(meaning, Meaning::Handle(_)),
};
pub(super) const EXECUTABLE: Wanted =
    Wanted { fits: |meaning| matches!(meaning, Meaning::Graph(_) | Meaning::Handle(_)), ..GRAPH };
pub(super) const THREAD: Wanted = Wanted {
    words: "a thread",
    declaration: "thread NAME",
    fits: |meaning| matches!(meaning, Meaning::Thread(_)),
};
pub(super) const LOCK: Wanted =
    Wanted { words: "a lock", declaration: "lock NAME", fits: |meaning| matches!(meaning, Meaning::Lock(_)) };
pub(super) const CONTEXT: Wanted = Wanted {
    words: "a context",
    declaration: "context NAME",
    fits: |meaning| matches!(meaning, Meaning::Context(_)),
};
pub(super) const MODEL: Wanted = Wanted {
    words: "an offline model",
    declaration: "model NAME = om \"NAME.om\"",
    fits: |meaning| matches!(meaning, Meaning::Model(_)),
};
pub(super) const DESTROYABLE: Wanted = Wanted {
    words: "a stream, event, notify, buffer or graph",
    declaration: "event NAME",
    fits: |meaning| {
        matches!(
            meaning,
            Meaning::Stream(_)
                | Meaning::Event(_)
                | Meaning::Notify(_)
                | Meaning::Buffer(_)
                | Meaning::Graph(_)
                | Meaning::Handle(_)
        )
    },
};

/// Meanings by symbol, and what helps to explain a name that has none.
#[derive(Default)]
pub(super) struct Names {
    declared: Vec<Option<(Meaning, Text)>>,
    /// Where names are declared anywhere in the file; filled when the first unknown name asks.
    anywhere: Option<FxHashMap<String, Text>>,
}

impl Names {
    pub(super) fn find(&self, symbol: Symbol) -> Option<(Meaning, Text)> {
        *self.declared.get(symbol.index())?
    }

    pub(super) fn reserve(&mut self, names: usize) {
        self.declared.reserve(names);
    }

    fn set(&mut self, symbol: Symbol, meaning: Meaning, at: Text) {
        let index = symbol.index();
        if index >= self.declared.len() {
            self.declared.resize(index + 1, None);
        }
        self.declared[index] = Some((meaning, at));
    }
}

impl Resolver<'_> {
    /// Interns a name that is about to be declared, after checking that it is free.
    pub(super) fn free_name(&mut self, name: Text) -> Resolved<Symbol> {
        let text = self.source(name);
        if acg_ir::name::is_reserved(text) {
            return Err(reserved_name::diagnostic(self.span(name), text).into());
        }
        let symbol = self.module.symbols.intern(text);
        match self.names.find(symbol) {
            Some((Meaning::Poisoned, _)) | None => Ok(symbol),
            Some((_, first)) => {
                Err(duplicate_name::diagnostic(self.span(name), text, self.span(first)).into())
            }
        }
    }

    pub(super) fn declare(&mut self, symbol: Symbol, meaning: Meaning, at: Text) {
        self.names.set(symbol, meaning, at);
    }

    /// Makes the uses of a name that has no meaning pass in silence.
    pub(super) fn poison(&mut self, name: Text) {
        let symbol = self.module.symbols.intern(self.source(name));
        if self.names.find(symbol).is_none() {
            self.names.set(symbol, Meaning::Poisoned, name);
        }
    }

    /// What `name` stands for, which must be something that `wanted` describes.
    pub(super) fn meaning(&mut self, name: Text, wanted: Wanted) -> Resolved<Meaning> {
        let text = self.source(name);
        match self.module.symbols.find(text).and_then(|symbol| self.names.find(symbol)) {
            Some((Meaning::Poisoned, _)) => Err(Stop::Poisoned),
            Some((meaning, _)) if (wanted.fits)(meaning) => Ok(meaning),
            Some((meaning, declared)) => {
                let span = self.span(name);
                Err(wrong_kind_of_name::diagnostic(
                    span,
                    text,
                    meaning.in_words(),
                    wanted.words,
                    self.span(declared),
                )
                .into())
            }
            None => Err(self.unknown_name(name, wanted)),
        }
    }

    pub(super) fn buffer(&mut self, name: Text) -> Resolved<Buffer> {
        match self.meaning(name, BUFFER)? {
            Meaning::Buffer(buffer) => Ok(buffer),
            _ => Err(Stop::Poisoned),
        }
    }

    pub(super) fn stream(&mut self, name: Text) -> Resolved<Stream> {
        match self.meaning(name, STREAM)? {
            Meaning::Stream(stream) => Ok(stream),
            _ => Err(Stop::Poisoned),
        }
    }

    pub(super) fn event(&mut self, name: Text) -> Resolved<Event> {
        match self.meaning(name, EVENT)? {
            Meaning::Event(event) => Ok(event),
            _ => Err(Stop::Poisoned),
        }
    }

    pub(super) fn graph(&mut self, name: Text) -> Resolved<GraphId> {
        match self.meaning(name, GRAPH)? {
            Meaning::Graph(graph) => Ok(graph),
            _ => Err(Stop::Poisoned),
        }
    }

    /// Where the thing behind a buffer's name was declared.
    pub(super) fn declaration_of(&self, name: Symbol) -> Text {
        self.names.find(name).map(|(_, at)| at).unwrap_or_default()
    }

    /// A name that no task above has.
    pub(super) fn unknown_task(&self, name: Text) -> Stop {
        let mut names: Vec<_> = self.task_names.iter().filter(|(_, (_, is_task))| *is_task).collect();
        names.sort_unstable_by_key(|(_, (at, _))| at.start);
        let names: Vec<_> =
            names.into_iter().take(2000).map(|(&symbol, &(at, _))| (self.module.text(symbol), at)).collect();
        let text = self.source(name);
        let near = closest(text, names.iter().map(|(name, _)| *name));
        let near = near.and_then(|near| names.iter().find(|(name, _)| *name == near));
        let clues = Clues { later: None, near: near.map(|&(name, at)| (name, self.span(at))) };
        unknown_name::diagnostic(self.span(name), text, "a task above this one", "… as NAME", &clues).into()
    }

    fn unknown_name(&mut self, name: Text, wanted: Wanted) -> Stop {
        let span = self.span(name);
        let (file, source, text) = (self.file, self.text, self.source(name));
        let anywhere = self.names.anywhere.get_or_insert_with(|| declared_anywhere(source));
        let later = anywhere.get(text).filter(|at| at.start > name.start).map(|at| at.span(file));
        let symbols = &self.module.symbols;
        let names = self.names.declared.iter().enumerate().filter_map(|(index, entry)| {
            let (meaning, at) = (*entry)?;
            ((wanted.fits)(meaning) && meaning != Meaning::Poisoned)
                .then(|| (symbols.text(Symbol::at(index)), at))
        });
        // Suggestions look at a bounded number of names, so that many unknown names in a large file stay cheap.
        let most = if self.is_full() { 0 } else { 2000 };
        let names: Vec<_> = names.take(most).collect();
        let near = closest(text, names.iter().map(|(name, _)| *name));
        let near = near.and_then(|near| names.iter().find(|(name, _)| *name == near));
        let clues = Clues { later, near: near.map(|&(name, at)| (name, at.span(file))) };
        unknown_name::diagnostic(span, text, wanted.words, wanted.declaration, &clues).into()
    }
}

/// Where each name of the file is declared first, judged by the lines alone.
fn declared_anywhere(text: &str) -> FxHashMap<String, Text> {
    let mut found = FxHashMap::default();
    let mut lines = Lines::new(text);
    let mut run = Vec::new();
    while lines.next_run(&mut run) {
        for line in run.drain(..) {
            for name in declared_names(line.text.of(text), line.text.start, true) {
                found.entry(name.of(text).to_owned()).or_insert(name);
            }
        }
    }
    found
}
