//! Passes: each rewrites a module into one that means the same.
//!
//! One file a pass, named verb-object; the kebab name is the file, the command-line name and the test folder.

mod assign_one_stream;

use acg_ir::Module;

pub use assign_one_stream::AssignOneStream;

/// A rewrite of a module.
pub trait Pass: Sync {
    /// Its name: verb-object, kebab case.
    fn name(&self) -> &'static str;
    /// What it does, in one sentence.
    fn summary(&self) -> &'static str;
    /// Rewrites `module` and says whether anything changed.
    fn run(&self, module: &mut Module) -> bool;
}

/// Every pass, in alphabetical order.
pub const PASSES: &[&dyn Pass] = &[&AssignOneStream];

/// The pass of that name.
pub fn find(name: &str) -> Option<&'static dyn Pass> {
    PASSES.iter().copied().find(|pass| pass.name() == name)
}
