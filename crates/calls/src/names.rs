//! Interned text of a log: handle names, kernel names, strings, comments.

use acg_entity::{Entity, Texts};

acg_entity::entity! {
    /// One interned text of a [`Log`](crate::Log); two equal texts of one log have the same `Name`.
    Name, "name"
}

impl Name {
    /// The position of the text, from 0, for side tables indexed by name.
    pub fn index(self) -> usize {
        Entity::index(self)
    }
}

/// The texts of a log, each stored once.
pub type Names = Texts<Name>;
