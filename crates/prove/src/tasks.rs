//! What the tasks of a graph are to a proof, by number.
//!
//! Many of them only order, and hardly any has a name or stands in a block: what a task has not takes no room.

use std::num::NonZeroU64;

use acg_ir::{Entity as _, Symbol};

/// What a task is to a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is not in the program.
    Absent,
    /// It only orders: a record or wait of a private event.
    Sync,
    /// It only moves bytes.
    Copy,
    /// All it does is to write its outputs.
    Work,
    /// It has no outputs, so that it does what nobody knows; it follows its inputs like work and stays.
    Silent,
    /// It does something that no buffer shows.
    Effect,
}

/// What a task does, and what it sees.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Act {
    /// What it does.
    pub(crate) identity: u64,
    /// Which values it sees; `None` where it sees bytes that nothing wrote.
    pub(crate) sees: Option<NonZeroU64>,
}

/// The tasks of a graph.
#[derive(Debug)]
pub(crate) struct Tasks {
    roles: Vec<Role>,
    acts: Vec<Act>,
    touches: Vec<u64>,
    names: Vec<u32>,
    blocks: Vec<u64>,
}

impl Tasks {
    /// So many tasks, none of them in the program.
    pub(crate) fn absent(count: usize) -> Self {
        Self {
            roles: vec![Role::Absent; count],
            acts: Vec::new(),
            touches: Vec::new(),
            names: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// Makes room for what the first so many tasks do.
    pub(crate) fn reserve(&mut self, tasks: usize) {
        self.acts.reserve(tasks);
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        self.roles.len()
    }

    pub(crate) fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// What a task is.
    pub(crate) fn role(&self, number: u32) -> Role {
        self.roles.get(number as usize).copied().unwrap_or(Role::Absent)
    }

    /// What it does; nothing where it only orders.
    pub(crate) fn act(&self, number: u32) -> Act {
        self.acts.get(number as usize).copied().unwrap_or_default()
    }

    /// Which bytes it touches; 0 where it only orders, and where that is not kept.
    pub(crate) fn touches(&self, number: u32) -> u64 {
        self.touches.get(number as usize).copied().unwrap_or(0)
    }

    /// Its name, counted from 1; 0 where it has none.
    pub(crate) fn name(&self, number: u32) -> u32 {
        self.names.get(number as usize).copied().unwrap_or(0)
    }

    /// The blocks that it stands in; 0 outside of all.
    pub(crate) fn block(&self, number: u32) -> u64 {
        self.blocks.get(number as usize).copied().unwrap_or(0)
    }

    /// Puts a task into the program, in the place of a block that has this number.
    pub(crate) fn enter(&mut self, number: u32, role: Role, block: u64) {
        self.roles[number as usize] = role;
        if block != 0 {
            *entry(&mut self.blocks, number) = block;
        }
    }

    /// Gives a task its name.
    pub(crate) fn call(&mut self, number: u32, name: Option<Symbol>) {
        if let Some(name) = name {
            *entry(&mut self.names, number) = name.index() as u32 + 1;
        }
    }

    /// Says what a task does.
    pub(crate) fn set_act(&mut self, number: u32, act: Act) {
        *entry(&mut self.acts, number) = act;
    }

    /// Says which bytes a task touches.
    pub(crate) fn set_touches(&mut self, number: u32, touches: u64) {
        *entry(&mut self.touches, number) = touches;
    }
}

/// An entry of a list in which what is not there is zero.
fn entry<T: Copy + Default>(list: &mut Vec<T>, number: u32) -> &mut T {
    let at = number as usize;
    if at >= list.len() {
        list.resize(at + 1, T::default());
    }
    &mut list[at]
}
