//! The module that a pass is given: to be looked at freely, and to be changed once whoever proves the pass has seen it as it was.

use std::ops::Deref;

use acg_ir::{Anchors, Buffer, Module};

use crate::pool::{Pool, lay};

/// Looks at a module before its first change.
type Witness<'m> = Box<dyn FnOnce(&Module) + 'm>;

/// How much of a module a pass has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Nothing.
    Nothing,
    /// Temporaries have become views of new ones; no task, stream, event or other declaration is another.
    Places,
    /// Anything.
    Anything,
}

/// A module that a pass may change.
///
/// **Invariant:** nothing is changed but through [`Subject::change`] and [`Subject::pool`], so that no change escapes the proof, a pass that finds
/// nothing to do costs no proof, and one that only places temporaries costs the proof of that.
pub struct Subject<'m> {
    module: &'m mut Module,
    witness: Option<Witness<'m>>,
    /// What comments belong to, from the first change on.
    anchors: Option<Anchors>,
    changed: Change,
}

impl<'m> Subject<'m> {
    /// A module that nobody needs to have seen as it was.
    pub fn new(module: &'m mut Module) -> Self {
        Self { module, witness: None, anchors: None, changed: Change::Nothing }
    }

    /// A module that `witness` looks at before its first change, if there is one.
    pub fn witnessed(module: &'m mut Module, witness: impl FnOnce(&Module) + 'm) -> Self {
        Self { module, witness: Some(Box::new(witness)), anchors: None, changed: Change::Nothing }
    }

    /// The module, to be changed; comments go where their lines go.
    pub fn change(&mut self) -> &mut Module {
        self.begin(Change::Anything)
    }

    /// Makes temporaries views of new buffers, one for each of `pools`, and gives those.
    pub(crate) fn pool(&mut self, pools: &[Pool]) -> Vec<Buffer> {
        lay(self.begin(Change::Places), pools)
    }

    fn begin(&mut self, change: Change) -> &mut Module {
        self.changed = self.changed.max(change);
        if let Some(witness) = self.witness.take() {
            witness(self.module);
        }
        if self.anchors.is_none() {
            self.anchors = Some(Anchors::take(self.module));
        }
        self.module
    }

    /// Puts comments where they belong now, and tells what was changed.
    pub fn finish(self) -> Change {
        if let Some(anchors) = self.anchors {
            anchors.restore(self.module);
        }
        self.changed
    }
}

impl Deref for Subject<'_> {
    type Target = Module;

    fn deref(&self) -> &Module {
        self.module
    }
}
