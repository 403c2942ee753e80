//! A rule: the static description of one bad pattern.

use std::fmt;

/// How bad a breach of a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Legal, but likely to hurt later: lifetimes, ignored results, useless work.
    Lint,
    /// The runtime says nothing and does something other than what the program reads like.
    Silent,
    /// The runtime, or the compiler, refuses.
    Error,
}

impl Severity {
    /// The word used in every output format.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Silent => "silent",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One bad pattern that `acg` recognises.
///
/// Codes are stable and never reused. Names name the bad pattern, so that they read well after "allow".
#[derive(Debug)]
pub struct Rule {
    /// `ACG` and three digits.
    pub code: &'static str,
    /// Kebab-case name of the bad pattern.
    pub name: &'static str,
    /// How bad a breach is unless configured otherwise.
    pub severity: Severity,
    /// The codes with which the runtime reports a breach; empty where it says nothing.
    pub returns: &'static [i32],
    /// First CANN release in which the rule applies, `None` for as long as capture exists.
    pub since: Option<&'static str>,
    /// The CANN release from which on it no longer applies.
    pub until: Option<&'static str>,
    /// Chips to which the rule is limited (`"910b"`, `"950"`, `"310p"`), empty for all.
    pub targets: &'static [&'static str],
    /// What is wrong, in one sentence without a final stop.
    pub summary: &'static str,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

impl Rule {
    /// An error that the runtime reports with `returns`, everywhere and always.
    pub const fn error(
        code: &'static str,
        name: &'static str,
        returns: &'static [i32],
        summary: &'static str,
    ) -> Self {
        Self {
            code,
            name,
            severity: Severity::Error,
            returns,
            since: None,
            until: None,
            targets: &[],
            summary,
        }
    }

    /// A mistake that nothing reports.
    pub const fn silent(code: &'static str, name: &'static str, summary: &'static str) -> Self {
        Self {
            code,
            name,
            severity: Severity::Silent,
            returns: &[],
            since: None,
            until: None,
            targets: &[],
            summary,
        }
    }

    /// A lint.
    pub const fn lint(code: &'static str, name: &'static str, summary: &'static str) -> Self {
        Self {
            code,
            name,
            severity: Severity::Lint,
            returns: &[],
            since: None,
            until: None,
            targets: &[],
            summary,
        }
    }

    /// The same rule, applying from CANN `version` on.
    #[must_use]
    pub const fn since(self, version: &'static str) -> Self {
        Self { since: Some(version), ..self }
    }

    /// The same rule, no longer applying from CANN `version` on.
    #[must_use]
    pub const fn until(self, version: &'static str) -> Self {
        Self { until: Some(version), ..self }
    }

    /// The same rule, limited to `chips`.
    #[must_use]
    pub const fn on(self, chips: &'static [&'static str]) -> Self {
        Self { targets: chips, ..self }
    }
}
