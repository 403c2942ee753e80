//! What differs, as plain data.

use acg_trace::{LaneId, TaskId, Trace};

/// One of the two graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The first.
    Old,
    /// The second.
    New,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

/// The difference of two graphs.
#[derive(Clone, Debug)]
pub struct Report<'t> {
    /// The first graph.
    pub old: &'t Trace,
    /// The second.
    pub new: &'t Trace,
    /// Which stream stands for which, in the order of the first graph.
    pub pairs: Vec<(LaneId, LaneId)>,
    /// Orderings between tasks that both graphs have.
    pub orderings: Vec<OrderChange>,
    /// Tasks that do work.
    pub tasks: Vec<TaskChange>,
    /// Records, waits and resets.
    pub syncs: Vec<SyncChange>,
    /// Streams that only one graph has.
    pub streams: Vec<StreamChange>,
    /// What could not be compared, or is no difference but worth knowing.
    pub notes: Vec<Note>,
    /// How many tasks there are and how many are the same.
    pub counts: Counts,
}

/// How many tasks there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records of the first dump.
    pub old: u32,
    /// Records of the second dump.
    pub new: u32,
    /// Tasks that do work and that both graphs have, changed or not.
    pub common: u32,
}

/// A task that only one graph has, or that is not the same, or not at the same place, in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskChange {
    /// The task in the first graph; `None` for an added one.
    pub old: Option<TaskId>,
    /// The task in the second graph; `None` for a removed one.
    pub new: Option<TaskId>,
    /// How its place changed.
    pub moved: Option<Move>,
    /// What of it changed.
    pub attributes: Vec<AttributeChange>,
}

/// How a task's place changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// It passed others on its stream.
    Within,
    /// It is on another stream.
    Across,
}

/// What a task can be compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribute {
    /// The name of a kernel.
    Name,
    /// `Task Type`.
    Type,
    /// `Numblocks`.
    Blocks,
    /// `Task Ration`.
    Ration,
    /// `Schem Mode`.
    Schem,
    /// `ExtendInfo`.
    ExtendInfo,
    /// `Kernel Args Size`.
    ArgsSize,
    /// A word of `Kernel Args`, by its number from 0.
    Arg(u32),
}

/// What changed of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeChange {
    /// Which attribute.
    pub attribute: Attribute,
    /// Its value in the first graph, as the dump shows it; `None` where it has none.
    pub old: Option<String>,
    /// Its value in the second graph.
    pub new: Option<String>,
}

/// A record, wait or reset that is not in both graphs, or not at the same place, or not for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncChange {
    /// The task in the first graph; `None` for an added one.
    pub old: Option<TaskId>,
    /// The task in the second graph; `None` for a removed one.
    pub new: Option<TaskId>,
    /// How its place changed.
    pub moved: Option<Move>,
    /// Whether it is a wait that waits for another record than before.
    pub rewired: bool,
    /// Whether an ordering was lost or gained by it.
    pub orders: bool,
}

/// A stream that only one graph has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamChange {
    /// The stream of the first graph; `None` for an added one.
    pub old: Option<LaneId>,
    /// The stream of the second graph; `None` for a removed one.
    pub new: Option<LaneId>,
}

/// How an ordering changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderKind {
    /// `first` came before `second`; now the two can run at the same time.
    Lost,
    /// The two came in the other order before: `first` came before `second`, and now comes after it.
    Reversed,
    /// `first` comes before `second`; before, the two could run at the same time.
    Gained,
}

/// A change of the ordering of two tasks that both graphs have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderChange {
    /// How it changed.
    pub kind: OrderKind,
    /// The task that came, or comes, first: in the first graph and in the second.
    pub first: (TaskId, TaskId),
    /// The other task.
    pub second: (TaskId, TaskId),
    /// What made the one come before the other in the first graph, if it is known; nothing for a gained ordering.
    pub old_step: Option<Step>,
    /// What makes the one come before the other in the second graph, if it is known; nothing for a lost ordering.
    pub new_step: Option<Step>,
}

/// A step on the way from one task to another that only one graph has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The first task of the step.
    pub from: TaskId,
    /// The second: a wait for `from`, or the next task of its stream that both graphs have.
    pub to: TaskId,
    /// Whether the second waits for the first.
    pub is_wait: bool,
}

/// What could not be compared, or is no difference but worth knowing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The format of one dump has no such column, so it was not compared.
    NotInFormat {
        /// What the column holds.
        what: &'static str,
        /// Whose dump lacks it.
        side: Side,
    },
    /// One dump was printed without kernel arguments, so they were not compared.
    NoArguments(Side),
    /// One dump was predicted, which leaves the words of kernel arguments open, so they were not compared.
    ArgumentsUnknown(Side),
    /// The dumps are of different chips, which call mixed kernels differently, so types of kernels were not compared.
    OtherChip,
    /// The numbers of task groups differ.
    Groups(u32, u32),
    /// The numbers of streams that continue full ones differ.
    Continuations(u32, u32),
    /// Streams of one graph wait for each other in a circle; its orderings are those of the rest.
    Circle(Side),
    /// There were too many changes to search every ordering.
    OrderingsIncomplete,
}

impl Note {
    fn mirror(&mut self) {
        match self {
            Self::NotInFormat { side, .. }
            | Self::NoArguments(side)
            | Self::ArgumentsUnknown(side)
            | Self::Circle(side) => {
                *side = side.other();
            }
            Self::Groups(old, new) | Self::Continuations(old, new) => std::mem::swap(old, new),
            Self::OtherChip | Self::OrderingsIncomplete => {}
        }
    }
}

impl Attribute {
    /// What dumps call it.
    pub fn name(self) -> String {
        match self {
            Self::Name => "name".to_owned(),
            Self::Type => "Task Type".to_owned(),
            Self::Blocks => "Numblocks".to_owned(),
            Self::Ration => "Task Ration".to_owned(),
            Self::Schem => "Schem Mode".to_owned(),
            Self::ExtendInfo => "ExtendInfo".to_owned(),
            Self::ArgsSize => "Kernel Args Size".to_owned(),
            Self::Arg(word) => format!("Kernel Args word {word}"),
        }
    }
}

impl OrderKind {
    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Reversed => "reversed",
            Self::Gained => "gained",
        }
    }
}

impl Report<'_> {
    /// Whether nothing differs; notes are no differences.
    pub fn is_empty(&self) -> bool {
        self.orderings.is_empty() && self.tasks.is_empty() && self.syncs.is_empty() && self.streams.is_empty()
    }

    /// How many differences there are.
    pub fn len(&self) -> usize {
        self.orderings.len() + self.tasks.len() + self.syncs.len() + self.streams.len()
    }

    /// The trace of one side.
    pub fn trace(&self, side: Side) -> &Trace {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// The difference the other way round.
    #[must_use]
    pub fn mirrored(mut self) -> Self {
        std::mem::swap(&mut self.old, &mut self.new);
        std::mem::swap(&mut self.counts.old, &mut self.counts.new);
        self.pairs.iter_mut().for_each(|pair| *pair = (pair.1, pair.0));
        self.orderings.iter_mut().for_each(OrderChange::mirror);
        for task in &mut self.tasks {
            std::mem::swap(&mut task.old, &mut task.new);
            task.attributes.iter_mut().for_each(|change| std::mem::swap(&mut change.old, &mut change.new));
        }
        self.syncs.iter_mut().for_each(|sync| std::mem::swap(&mut sync.old, &mut sync.new));
        self.streams.iter_mut().for_each(|stream| std::mem::swap(&mut stream.old, &mut stream.new));
        self.notes.iter_mut().for_each(Note::mirror);
        self.sort();
        self
    }

    /// Puts everything in the order of the first graph, and behind it what only the second has.
    pub(crate) fn sort(&mut self) {
        let (old, new) = (self.old, self.new);
        let place = |trace: &Trace, task: TaskId| (trace.tasks[task].lane, trace.tasks[task].position);
        let task = |in_old: Option<TaskId>, in_new: Option<TaskId>| {
            let place = (in_old.map(|task| place(old, task)), in_new.map(|task| place(new, task)));
            (place.0.is_none(), place)
        };
        self.pairs.sort_unstable();
        self.orderings
            .sort_by_key(|change| (change.kind, place(old, change.first.0), place(old, change.second.0)));
        self.tasks.sort_by_key(|change| task(change.old, change.new));
        self.syncs.sort_by_key(|change| task(change.old, change.new));
        self.streams.sort_by_key(|change| (change.old.is_none(), change.old, change.new));
    }
}

impl OrderChange {
    fn mirror(&mut self) {
        self.first = (self.first.1, self.first.0);
        self.second = (self.second.1, self.second.0);
        std::mem::swap(&mut self.old_step, &mut self.new_step);
        match self.kind {
            OrderKind::Lost => self.kind = OrderKind::Gained,
            OrderKind::Gained => self.kind = OrderKind::Lost,
            OrderKind::Reversed => std::mem::swap(&mut self.first, &mut self.second),
        }
    }
}
