//! Lint control in comments: `// acg: allow(ACG094, unjoined-stream)`.

use acg_ir::graph::SourceRange;

use crate::syntax::Text;

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

/// The rules that a comment names; `None` where it is no lint control, `Err` where it is none that can be read.
pub(crate) fn rules(comment: Text, file: &str) -> Option<Result<Vec<Text>, ()>> {
    let source = comment.of(file);
    let control = source.trim_start_matches('/').trim_start().strip_prefix("acg:")?;
    let list = control.trim().strip_prefix("allow").map(str::trim_start);
    let Some(list) = list.and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')')) else {
        return Some(Err(()));
    };
    let mut rules = Vec::new();
    // The list ends one byte before the comment's last parenthesis.
    let mut at = source.rfind(')').unwrap_or(source.len()) - list.len();
    for part in list.split(',') {
        let rule = part.trim();
        if rule.is_empty() {
            return Some(Err(()));
        }
        let start = comment.start as usize + at + (part.len() - part.trim_start().len());
        rules.push(Text { start: start as u32, end: (start + rule.len()) as u32 });
        at += part.len() + 1;
    }
    Some(Ok(rules))
}
