//! How many diagnostics of each kind there are.

use std::fmt;

use serde::Serialize;

use crate::{Diagnostic, Severity};

/// Counts by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What the runtime or the compiler refuses.
    pub errors: usize,
    /// What nothing reports.
    pub silent: usize,
    /// What is likely to hurt later.
    pub lints: usize,
    /// What an `allow` comment covers; counted nowhere else.
    pub allowed: usize,
}

impl Summary {
    /// Counts `diagnostics`, and what they say is not shown.
    pub fn new<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Self {
        let mut summary = Self::default();
        for diagnostic in diagnostics {
            if let Some(unshown) = diagnostic.unshown {
                summary.add(unshown);
                continue;
            }
            let count = match diagnostic.severity {
                _ if diagnostic.allowed_by.is_some() => &mut summary.allowed,
                Severity::Error => &mut summary.errors,
                Severity::Silent => &mut summary.silent,
                Severity::Lint => &mut summary.lints,
            };
            *count += 1;
        }
        summary
    }

    fn add(&mut self, other: Self) {
        self.errors += other.errors;
        self.silent += other.silent;
        self.lints += other.lints;
        self.allowed += other.allowed;
    }

    /// How many findings there are that no comment allows.
    pub fn shown(&self) -> usize {
        self.errors + self.silent + self.lints
    }
}

/// `2 errors, 1 silent mistake, 3 lints, 1 allowed`, without what there is none of; `no findings` for nothing.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.errors, "error", "errors"),
            (self.silent, "silent mistake", "silent mistakes"),
            (self.lints, "lint", "lints"),
            (self.allowed, "allowed", "allowed"),
        ];
        if self.shown() == 0 {
            f.write_str("no findings")?;
        }
        let mut separator = if self.shown() == 0 { ", " } else { "" };
        for (count, one, many) in counts.into_iter().filter(|&(count, ..)| count > 0) {
            write!(f, "{separator}{count} {}", if count == 1 { one } else { many })?;
            separator = ", ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Summary;

    #[test]
    fn says_what_there_is() {
        let summary = Summary { errors: 2, silent: 1, lints: 0, allowed: 3 };
        assert_eq!(summary.to_string(), "2 errors, 1 silent mistake, 3 allowed");
        assert_eq!(Summary::default().to_string(), "no findings");
        assert_eq!(Summary { allowed: 1, ..Summary::default() }.to_string(), "no findings, 1 allowed");
    }
}
