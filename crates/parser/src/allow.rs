//! Lint control in comments: `// acg: allow(ACG094, unjoined-stream)`.

use acg_ir::graph::SourceRange;

/// One rule that a comment allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The rule's code or name, as written.
    pub rule: String,
    /// Where it is allowed.
    pub covers: Cover,
    /// The bytes of the rule in the comment.
    pub span: SourceRange,
}

/// Where a rule is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// In the whole file: the comment stands before its first statement.
    File,
    /// In these bytes: the statement that the comment precedes or ends, to its closing brace where it opens a block.
    Range(SourceRange),
}
