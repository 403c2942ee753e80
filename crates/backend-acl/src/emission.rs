//! What every emitted program has in common.

use crate::lower::LowerOptions;

/// How a program is emitted.
#[derive(Clone, Debug)]
pub struct EmitOptions<'s> {
    /// How the module is lowered.
    pub lower: LowerOptions,
    /// What comments and messages call the source.
    pub source_name: &'s str,
    /// The text that the module was parsed from; empty for none.
    pub source_text: &'s str,
}

impl Default for EmitOptions<'_> {
    fn default() -> Self {
        Self {
            lower: LowerOptions { executions: 1, ..LowerOptions::default() },
            source_name: "graph.acg",
            source_text: "",
        }
    }
}
