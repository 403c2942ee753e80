//! Flat storage: every object lives in one array per kind and is named by a `u32`.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A `u32` that names one object of one kind.
pub trait Id: Copy {
    /// The id of the object at `index`.
    fn at(index: u32) -> Self;
    /// The index of the object.
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl Id for $name {
            fn at(index: u32) -> Self {
                Self(index)
            }

            fn index(self) -> usize {
                self.0 as usize
            }
        })*
    };
}

ids! {
    /// A stream that the program made, or a context's default stream.
    StreamId,
    /// A hidden stream that stores the tasks of one captured stream.
    InnerId,
    /// A task on a hidden stream.
    TaskId,
    /// An event that the program made.
    EventId,
    /// An internal event: one captured record.
    CaptureEventId,
    /// A notify or count notify.
    NotifyId,
    /// A graph, root or branch.
    ModelId,
    /// A task group.
    GroupId,
    /// A conditional handle.
    CondId,
    /// An allocation.
    BufferId,
    /// A label.
    LabelId,
    /// A context.
    ContextId,
    /// A host thread.
    ThreadId,
}

/// All objects of one kind, in the order in which they were made.
#[derive(Clone, Debug)]
pub struct Arena<I, T> {
    items: Vec<T>,
    kind: PhantomData<I>,
}

impl<I: Id, T> Default for Arena<I, T> {
    fn default() -> Self {
        Self { items: Vec::new(), kind: PhantomData }
    }
}

impl<I: Id, T> Arena<I, T> {
    /// Stores an object.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::at(self.items.len() as u32 - 1)
    }

    /// How many objects there are, dead ones included.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Every object with its id.
    pub fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(index, item)| (I::at(index as u32), item))
    }

    /// Every id.
    pub fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.items.len() as u32).map(I::at)
    }
}

impl<I: Id, T> Index<I> for Arena<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}
