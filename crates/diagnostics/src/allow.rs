//! Reading lint control in comments: `// acg: allow(ACG094, unjoined-stream)`.

use std::ops::Range;

use crate::{Diagnostic, Rule, Span};

/// A comment looks like lint control and is none.
pub static MALFORMED_ALLOW: Rule =
    Rule::lint("ACG472", "malformed-allow", "a comment looks like lint control and cannot be read as such");

/// A comment that starts with `acg:` and is no `allow(…)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl Malformed {
    /// The diagnostic for such a comment at `span`.
    pub fn diagnostic(self, span: Span) -> Diagnostic {
        Diagnostic::new(
            &MALFORMED_ALLOW,
            span,
            "this comment starts with `acg:` and does not say what to allow",
        )
        .help("write `// acg: allow(ACG094)`, with codes or names of rules, separated by commas")
    }
}

/// The byte ranges, in `comment`, of the rules that it allows; `None` where it is no lint control.
///
/// A second `//` ends the control: what follows it is the reason.
///
/// # Errors
///
/// Where it is meant as lint control and cannot be read.
pub fn allowed_rules(comment: &str) -> Option<Result<Vec<Range<usize>>, Malformed>> {
    let text = comment.trim_start_matches('/');
    let reason = text.find("//").map_or(comment.len(), |at| comment.len() - text.len() + at);
    let comment = &comment[..reason];
    let control = comment.trim_start_matches('/').trim_start().strip_prefix("acg:")?;
    let list = control.trim().strip_prefix("allow").map(str::trim_start);
    let Some(list) = list.and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')')) else {
        return Some(Err(Malformed));
    };
    let mut rules = Vec::new();
    // The list ends where the comment's last parenthesis is.
    let mut at = comment.rfind(')').unwrap_or(comment.len()) - list.len();
    for part in list.split(',') {
        let rule = part.trim();
        if rule.is_empty() {
            return Some(Err(Malformed));
        }
        let start = at + (part.len() - part.trim_start().len());
        rules.push(start..start + rule.len());
        at += part.len() + 1;
    }
    Some(Ok(rules))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_meant_and_only_that() {
        let comment = "// acg: allow( ACG094,unjoined-work )";
        let rules = allowed_rules(comment).unwrap().unwrap();
        let texts: Vec<_> = rules.iter().map(|range| &comment[range.clone()]).collect();
        assert_eq!(texts, ["ACG094", "unjoined-work"]);
        assert_eq!(
            allowed_rules("// acg: allow(ACG094) // once (only)"),
            Some(Ok(std::iter::once(14..20).collect()))
        );
        assert_eq!(allowed_rules("// about acg: allow(x)"), None);
        assert_eq!(allowed_rules("// acg: alow(ACG094)"), Some(Err(Malformed)));
        assert_eq!(allowed_rules("// acg: allow()"), Some(Err(Malformed)));
    }
}
