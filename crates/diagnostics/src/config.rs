//! `acg.toml`: what a project sets once for every run.
//!
//! ```toml
//! target = "ascend910b"
//! cann = "9.1"
//!
//! [lint]
//! deny = ["silent"]
//! allow = ["ACG216"]
//! warn = ["unjoined-stream"]
//! ```

use serde::Deserialize;

use crate::{Level, Levels, UnknownRule};

/// What `acg.toml` says; what it leaves out is left to options and defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The target profile.
    pub target: Option<String>,
    /// The CANN release.
    pub cann: Option<String>,
    /// Which rules are reported, and how seriously.
    #[serde(default)]
    pub lint: Lint,
}

/// The `[lint]` table; each entry is a selector of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lint {
    /// Not reported.
    pub allow: Vec<String>,
    /// Reported, but never as errors.
    pub warn: Vec<String>,
    /// Reported as errors.
    pub deny: Vec<String>,
}

impl Config {
    /// Reads the text of an `acg.toml`.
    ///
    /// # Errors
    /// When it is no TOML or holds what it should not; the error names the line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

impl Lint {
    /// Sets the levels in `levels`, the strictest last, and gives back the selectors that select nothing.
    pub fn apply(&self, levels: &mut Levels) -> Vec<UnknownRule> {
        let lists = [(&self.allow, Level::Allow), (&self.warn, Level::Warn), (&self.deny, Level::Deny)];
        let settings = lists.into_iter().flat_map(|(list, level)| list.iter().map(move |name| (name, level)));
        settings.filter_map(|(selector, level)| levels.set(selector, level).err()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Config;
    use crate::{Levels, Rule, Severity};

    static EAGER: Rule =
        Rule::silent("ACG041", "default-stream-work", "work on the default stream is not captured");

    #[test]
    fn reads_everything_and_nothing() {
        assert_eq!(Config::parse("").unwrap(), Config::default());
        let text =
            "target = \"ascend910b\"\ncann = \"9.1\"\n[lint]\ndeny = [\"silent\"]\nallow = [\"ACG041\"]\n";
        let config = Config::parse(text).unwrap();
        assert_eq!(config.target.as_deref(), Some("ascend910b"));
        assert_eq!(config.cann.as_deref(), Some("9.1"));
        assert_eq!(config.lint.deny, ["silent"]);
    }

    #[test]
    fn names_what_it_does_not_know() {
        let error = Config::parse("[lint]\ndenny = []\n").unwrap_err().to_string();
        assert!(error.contains("denny") && error.contains("line 2"), "{error}");
        let config = Config::parse("lint.allow = ['default-stream-wrok']").unwrap();
        let unknown = config.lint.apply(&mut Levels::new(&[&EAGER]));
        assert_eq!(unknown[0].suggestion, Some("default-stream-work"));
    }

    #[test]
    fn the_strictest_of_equally_exact_wins() {
        let config = Config::parse("lint.allow = ['ACG041']\nlint.deny = ['default-stream-work']").unwrap();
        let mut levels = Levels::new(&[&EAGER]);
        assert!(config.lint.apply(&mut levels).is_empty());
        assert_eq!(levels.severity(&EAGER, EAGER.severity), Some(Severity::Error));
    }
}
