//! What the runtime model has to say about a call: which rule explains it, with evidence.

use acg_diagnostics::Rule;

/// One breach of a rule, seen at one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The call at which it shows, by its position in the log.
    pub call: u32,
    /// One sentence that names the handles involved as the log does.
    pub message: String,
    /// Other calls that belong to the story, in reading order, and what each has to do with it.
    pub labels: Vec<(u32, String)>,
    /// Facts that explain the cause, a sentence each.
    pub notes: Vec<String>,
    /// What to do instead.
    pub help: Option<String>,
    /// What the call returns; `None` where the runtime says nothing.
    pub returns: Option<i32>,
    /// The earlier call without which this one would have gone through.
    pub consequence_of: Option<u32>,
}

impl Finding {
    /// A breach of `rule` at `call`.
    pub fn new(rule: &'static Rule, call: u32, message: String) -> Self {
        Self {
            rule,
            call,
            message,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            returns: None,
            consequence_of: None,
        }
    }

    /// Points at another call.
    #[must_use]
    pub fn label(mut self, call: u32, text: impl Into<String>) -> Self {
        if call != self.call {
            self.labels.push((call, text.into()));
        }
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Sets the remedy.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Names the earlier call that this one suffers from.
    #[must_use]
    pub(crate) fn because_of(mut self, call: Option<u32>) -> Self {
        self.consequence_of = call.filter(|&call| call != self.call);
        self
    }
}
