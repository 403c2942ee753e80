//! Which rules are reported, and how seriously, as configuration and options say.
//!
//! A selector is a rule's code or name, the beginning of codes (`ACG0`, `ACG05`), a severity (`error`, `silent`,
//! `lint`) or `all`. The more exact selector wins, whatever the order; of two equally exact ones the later.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Diagnostic, Rule, Severity, closest};

/// What is done with the breach of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is not reported.
    Allow,
    /// It is reported, but never as an error: an error becomes a lint.
    Warn,
    /// It is reported as an error.
    Deny,
}

/// A selector that selects nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// The selector as written.
    pub selector: String,
    /// What was probably meant.
    pub suggestion: Option<&'static str>,
}

impl UnknownRule {
    pub(crate) fn new(selector: &str, rules: &[&'static Rule]) -> Self {
        let groups = [ALL, Severity::Error.as_str(), Severity::Silent.as_str(), Severity::Lint.as_str()];
        let names = rules.iter().flat_map(|rule| [rule.name, rule.code]).chain(groups);
        Self { selector: selector.to_owned(), suggestion: closest(selector, names) }
    }
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no rule `{}`", self.selector)?;
        self.suggestion.map_or(Ok(()), |name| write!(f, "; did you mean `{name}`?"))
    }
}

impl std::error::Error for UnknownRule {}

/// The selector of every rule.
const ALL: &str = "all";

/// What the shortest selector of codes begins with.
const CODE_PREFIX: &str = "ACG";

/// How exactly a selector names a rule; the order of the variants is the order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exactness {
    All,
    Severity,
    /// How many letters of the code are given.
    Prefix(usize),
    Rule,
}

/// A level for each of a set of rules.
#[derive(Clone, Debug)]
pub struct Levels {
    rules: Vec<&'static Rule>,
    levels: BTreeMap<&'static str, (Exactness, Level)>,
}

impl Levels {
    /// Every one of `rules` as it is.
    pub fn new(rules: &[&'static Rule]) -> Self {
        Self { rules: rules.to_vec(), levels: BTreeMap::new() }
    }

    /// Sets the level of every rule that `selector` selects and that no more exact one has set.
    ///
    /// # Errors
    /// When it selects nothing.
    pub fn set(&mut self, selector: &str, level: Level) -> Result<(), UnknownRule> {
        let mut is_known = false;
        for &rule in &self.rules {
            let Some(exactness) = exactness(selector, rule) else { continue };
            is_known = true;
            let entry = self.levels.entry(rule.code).or_insert((exactness, level));
            if entry.0 <= exactness {
                *entry = (exactness, level);
            }
        }
        // A group is a group even where no rule is in it.
        let is_group = selector == ALL || severity(selector).is_some();
        if is_known || is_group { Ok(()) } else { Err(UnknownRule::new(selector, &self.rules)) }
    }

    /// The severity with which `rule` is reported, `None` where it is not.
    pub fn severity(&self, rule: &Rule, severity: Severity) -> Option<Severity> {
        match (self.levels.get(rule.code), severity) {
            (Some((_, Level::Allow)), _) => None,
            (Some((_, Level::Deny)), _) => Some(Severity::Error),
            (Some((_, Level::Warn)), Severity::Error) => Some(Severity::Lint),
            (Some((_, Level::Warn)) | None, severity) => Some(severity),
        }
    }

    /// Removes what is allowed and sets the severity of the rest.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.levels.is_empty() {
            return;
        }
        diagnostics.retain_mut(|diagnostic| {
            let severity = self.severity(diagnostic.rule, diagnostic.severity);
            diagnostic.severity = severity.unwrap_or(diagnostic.severity);
            severity.is_some()
        });
    }
}

/// How exactly `selector` names `rule`, `None` if it does not.
fn exactness(selector: &str, rule: &Rule) -> Option<Exactness> {
    if selector == rule.code || selector == rule.name {
        Some(Exactness::Rule)
    } else if selector == ALL {
        Some(Exactness::All)
    } else if severity(selector) == Some(rule.severity) {
        Some(Exactness::Severity)
    } else if selector.starts_with(CODE_PREFIX) && rule.code.starts_with(selector) {
        Some(Exactness::Prefix(selector.len()))
    } else {
        None
    }
}

/// The severity that is called `name`.
fn severity(name: &str) -> Option<Severity> {
    [Severity::Error, Severity::Silent, Severity::Lint].into_iter().find(|severity| severity.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::{Level, Levels};
    use crate::{Rule, Severity};

    static UNJOINED: Rule = Rule::error("ACG025", "unjoined-stream", &[107_025], "a stream is not joined");
    static EAGER: Rule =
        Rule::silent("ACG041", "default-stream-work", "work on the default stream is not captured");
    static LEAK: Rule = Rule::lint("ACG216", "undestroyed-model", "a model is never destroyed");
    static RULES: [&Rule; 3] = [&UNJOINED, &EAGER, &LEAK];

    fn severities(settings: &[(&str, Level)]) -> [Option<Severity>; 3] {
        let mut levels = Levels::new(&RULES);
        for &(selector, level) in settings {
            levels.set(selector, level).unwrap();
        }
        RULES.map(|rule| levels.severity(rule, rule.severity))
    }

    #[test]
    fn selectors_select() {
        let own = [Some(Severity::Error), Some(Severity::Silent), Some(Severity::Lint)];
        assert_eq!(severities(&[]), own);
        assert_eq!(severities(&[("all", Level::Deny)]), [Some(Severity::Error); 3]);
        assert_eq!(severities(&[("all", Level::Warn)]), [Some(Severity::Lint), own[1], own[2]]);
        assert_eq!(severities(&[("ACG0", Level::Allow)]), [None, None, own[2]]);
        assert_eq!(severities(&[("ACG04", Level::Allow)]), [own[0], None, own[2]]);
        assert_eq!(severities(&[("unjoined-stream", Level::Allow)]), [None, own[1], own[2]]);
        assert_eq!(severities(&[("silent", Level::Deny)]), [own[0], Some(Severity::Error), own[2]]);
        assert_eq!(severities(&[("lint", Level::Allow)]), [own[0], own[1], None]);
    }

    #[test]
    fn the_more_exact_wins_then_the_later() {
        let exact = [("ACG041", Level::Deny), ("silent", Level::Allow), ("all", Level::Allow)];
        assert_eq!(severities(&exact), [None, Some(Severity::Error), None]);
        let later = [("ACG041", Level::Deny), ("default-stream-work", Level::Allow)];
        assert_eq!(severities(&later)[1], None);
        let longer = [("ACG04", Level::Deny), ("ACG0", Level::Allow)];
        assert_eq!(severities(&longer), [None, Some(Severity::Error), Some(Severity::Lint)]);
    }

    #[test]
    fn unknown_names_get_a_suggestion() {
        let mut levels = Levels::new(&RULES);
        let error = levels.set("unjoined-streams", Level::Allow).unwrap_err();
        assert_eq!(error.to_string(), "there is no rule `unjoined-streams`; did you mean `unjoined-stream`?");
        assert_eq!(levels.set("ACG9", Level::Allow).unwrap_err().selector, "ACG9");
        assert!(levels.set("", Level::Allow).is_err());
        assert!(levels.set("AC", Level::Allow).is_err());
    }
}
