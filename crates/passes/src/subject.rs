//! The module that a pass is given: to be looked at freely, and to be changed once whoever proves the pass has seen it as it was.

use std::ops::Deref;

use acg_ir::{Anchors, Module};

/// Looks at a module before its first change.
type Witness<'m> = Box<dyn FnOnce(&Module) + 'm>;

/// A module that a pass may change.
///
/// **Invariant:** nothing is changed but through [`Subject::change`], so that no change escapes the proof, and a pass that finds
/// nothing to do costs no proof.
pub struct Subject<'m> {
    module: &'m mut Module,
    witness: Option<Witness<'m>>,
    /// What comments belong to, from the first change on.
    anchors: Option<Anchors>,
}

impl<'m> Subject<'m> {
    /// A module that nobody needs to have seen as it was.
    pub fn new(module: &'m mut Module) -> Self {
        Self { module, witness: None, anchors: None }
    }

    /// A module that `witness` looks at before its first change, if there is one.
    pub fn witnessed(module: &'m mut Module, witness: impl FnOnce(&Module) + 'm) -> Self {
        Self { module, witness: Some(Box::new(witness)), anchors: None }
    }

    /// The module, to be changed; comments go where their lines go.
    pub fn change(&mut self) -> &mut Module {
        if let Some(witness) = self.witness.take() {
            witness(self.module);
        }
        if self.anchors.is_none() {
            self.anchors = Some(Anchors::take(self.module));
        }
        self.module
    }

    /// Puts comments where they belong now, and tells whether anything was changed.
    pub fn finish(self) -> bool {
        let Some(anchors) = self.anchors else { return false };
        anchors.restore(self.module);
        true
    }
}

impl Deref for Subject<'_> {
    type Target = Module;

    fn deref(&self) -> &Module {
        self.module
    }
}
