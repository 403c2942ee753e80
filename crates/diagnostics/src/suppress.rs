//! `// acg: allow(…)` comments: which diagnostics they cover, and which of them cover nothing.
//!
//! A comment names one rule by code or name; groups are for configuration, so that a comment never hides more than
//! its author looked at. Of several comments that cover a diagnostic the innermost counts as used. Suppress before
//! applying [`Levels`](crate::Levels), or comments for rules that are off count as unused.

use std::collections::BTreeMap;

use crate::{Diagnostic, FileId, Rule, Span, UnknownRule};

/// A comment allows a rule that does not exist.
pub static UNKNOWN_RULE_IN_ALLOW: Rule =
    Rule::lint("ACG470", "unknown-rule-in-allow", "an allow comment names a rule that does not exist");

/// A comment allows what does not occur.
pub static UNUSED_ALLOW: Rule =
    Rule::lint("ACG471", "unused-allow", "an allow comment covers nothing that its rule reports");

/// What `allow` comments themselves can be accused of.
pub static RULES: &[&Rule] =
    &[&crate::TOO_MANY, &UNKNOWN_RULE_IN_ALLOW, &UNUSED_ALLOW, &crate::MALFORMED_ALLOW];

/// One rule that a comment allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The rule as written: a code or a name.
    pub rule: String,
    /// What it covers: diagnostics whose primary place starts in it, or at the end of it.
    pub covers: Span,
    /// Where the rule is written.
    pub span: Span,
}

/// Marks the diagnostics that `allows` cover, and adds one for each comment that names no rule or covers nothing.
pub fn suppress(diagnostics: &mut Vec<Diagnostic>, allows: &[Allow], rules: &[&'static Rule]) {
    if allows.is_empty() {
        return;
    }
    let by_name: BTreeMap<&str, &'static Rule> =
        rules.iter().flat_map(|&rule| [(rule.code, rule), (rule.name, rule)]).collect();
    let named: Vec<Option<&'static Rule>> =
        allows.iter().map(|allow| by_name.get(allow.rule.as_str()).copied()).collect();

    let unknown = allows.iter().zip(&named).filter(|(_, rule)| rule.is_none());
    diagnostics.extend(unknown.map(|(allow, _)| unknown_rule(allow, rules)));

    // What the comments themselves are accused of can be allowed too, so those comments are settled last.
    let is_about_allows = |rule: &Rule| *rule == UNUSED_ALLOW || *rule == UNKNOWN_RULE_IN_ALLOW;
    for about_allows in [false, true] {
        let group: Vec<_> = allows
            .iter()
            .zip(&named)
            .filter_map(|(allow, rule)| rule.map(|rule| (allow, rule)))
            .filter(|(_, rule)| is_about_allows(rule) == about_allows)
            .collect();
        let used = mark(diagnostics, &group);
        let unused = group.iter().zip(used).filter(|(_, used)| !used);
        diagnostics.extend(unused.map(|(&(allow, rule), _)| unused_allow(allow, rule)));
    }
}

/// The comments for one rule in one file and the diagnostics that they may cover, by their positions.
#[derive(Default)]
struct Group {
    comments: Vec<usize>,
    breaches: Vec<usize>,
}

/// Marks what each comment covers and says which comments cover anything.
fn mark(diagnostics: &mut [Diagnostic], allows: &[(&Allow, &'static Rule)]) -> Vec<bool> {
    let mut used = vec![false; allows.len()];
    let mut groups: BTreeMap<(&str, FileId), Group> = BTreeMap::new();
    for (index, (allow, rule)) in allows.iter().enumerate() {
        groups.entry((rule.code, allow.covers.file)).or_default().comments.push(index);
    }
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        let key = (diagnostic.rule.code, diagnostic.primary.span.file);
        if let Some(group) = groups.get_mut(&key) {
            group.breaches.push(index);
        }
    }
    for Group { mut comments, mut breaches } in groups.into_values() {
        comments.sort_by_key(|&index| allows[index].0.covers.start);
        breaches.sort_by_key(|&index| diagnostics[index].primary.span.start);
        let mut comments = comments.into_iter().peekable();
        // The comments that have started; those on top start last, and one that has ended covers nothing further on.
        let mut open: Vec<usize> = Vec::new();
        for breach in breaches {
            let at = diagnostics[breach].primary.span.start;
            while let Some(comment) = comments.next_if(|&index| allows[index].0.covers.start <= at) {
                open.push(comment);
            }
            while open.pop_if(|index| allows[*index].0.covers.end < at).is_some() {}
            let Some(&innermost) = open.last() else { continue };
            used[innermost] = true;
            diagnostics[breach].allowed_by.get_or_insert(allows[innermost].0.span);
        }
    }
    used
}

fn unknown_rule(allow: &Allow, rules: &[&'static Rule]) -> Diagnostic {
    let unknown = UnknownRule::new(&allow.rule, rules);
    let diagnostic =
        Diagnostic::new(&UNKNOWN_RULE_IN_ALLOW, allow.span, format!("there is no rule `{}`", allow.rule));
    match unknown.suggestion {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic,
    }
}

fn unused_allow(allow: &Allow, rule: &Rule) -> Diagnostic {
    let message = format!("nothing here breaks {} ({}), so there is nothing to allow", rule.code, rule.name);
    Diagnostic::new(&UNUSED_ALLOW, allow.span, message).help("remove it, so that a later breach is reported")
}

#[cfg(test)]
mod tests {
    use super::{Allow, UNKNOWN_RULE_IN_ALLOW, UNUSED_ALLOW, suppress};
    use crate::{Diagnostic, FileId, Rule, Sources, Span};

    static EAGER: Rule =
        Rule::silent("ACG041", "default-stream-work", "work on the default stream is not captured");
    static LEAK: Rule = Rule::lint("ACG216", "undestroyed-model", "a model is never destroyed");
    static TABLE: [&Rule; 4] = [&EAGER, &LEAK, &UNKNOWN_RULE_IN_ALLOW, &UNUSED_ALLOW];

    fn file() -> FileId {
        Sources::new().add("a.acg", "x".repeat(100))
    }

    fn breach(rule: &'static Rule, at: u32) -> Diagnostic {
        Diagnostic::new(rule, Span::new(file(), at, at + 1), "message")
    }

    fn allow(rule: &str, covers: std::ops::Range<u32>, at: u32) -> Allow {
        let covers = Span::new(file(), covers.start, covers.end);
        Allow { rule: rule.to_owned(), covers, span: Span::new(file(), at, at + 1) }
    }

    /// Code, place, and whether it is shown, of every diagnostic after `suppress`.
    fn outcome(mut diagnostics: Vec<Diagnostic>, allows: &[Allow]) -> Vec<(&'static str, u32, bool)> {
        suppress(&mut diagnostics, allows, &TABLE);
        let outcome = |d: &Diagnostic| (d.rule.code, d.primary.span.start, d.allowed_by.is_none());
        diagnostics.iter().map(outcome).collect()
    }

    #[test]
    fn covers_by_code_and_by_name_and_only_in_its_range() {
        let breaches = vec![breach(&EAGER, 10), breach(&LEAK, 10), breach(&EAGER, 50)];
        let expected = [("ACG041", 10, false), ("ACG216", 10, true), ("ACG041", 50, true)];
        assert_eq!(outcome(breaches.clone(), &[allow("ACG041", 5..20, 1)]), expected);
        assert_eq!(outcome(breaches, &[allow("default-stream-work", 5..20, 1)]), expected);
    }

    #[test]
    fn reports_what_covers_nothing_or_names_nothing() {
        let allows = [allow("ACG041", 0..5, 1), allow("default-steam-work", 0..99, 2)];
        let mut diagnostics = vec![breach(&EAGER, 10)];
        suppress(&mut diagnostics, &allows, &TABLE);
        let codes: Vec<_> = diagnostics.iter().map(|d| d.rule.code).collect();
        assert_eq!(codes, ["ACG041", "ACG470", "ACG471"]);
        assert_eq!(diagnostics[1].help.as_deref(), Some("did you mean `default-stream-work`?"));
        assert!(diagnostics.iter().all(|d| d.allowed_by.is_none()));
    }

    #[test]
    fn the_innermost_counts_as_used() {
        let allows = [allow("ACG041", 0..99, 1), allow("ACG041", 8..12, 2)];
        assert_eq!(outcome(vec![breach(&EAGER, 10)], &allows), [("ACG041", 10, false), ("ACG471", 1, true)]);
        let both = vec![breach(&EAGER, 10), breach(&EAGER, 40)];
        assert_eq!(outcome(both, &allows), [("ACG041", 10, false), ("ACG041", 40, false)]);
    }

    #[test]
    fn an_unused_allow_can_be_allowed() {
        let allows = [allow("ACG041", 0..5, 3), allow("unused-allow", 0..99, 1)];
        assert_eq!(outcome(vec![], &allows), [("ACG471", 3, false)]);
    }

    #[test]
    fn many_comments_over_many_breaches_are_quick() {
        let breaches = (0..50_000).map(|at| breach(&EAGER, at)).collect();
        let allows: Vec<_> = (0..50_000).map(|at| allow("ACG041", 0..100_000, at)).collect();
        let outcome = outcome(breaches, &allows);
        assert_eq!(outcome.len(), 50_000 + 49_999);
    }
}
