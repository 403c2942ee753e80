//! One breach of a rule.

use crate::{Rule, Severity, Span, Summary};

/// A place and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What; may be empty for the primary place.
    pub text: String,
}

/// One breach of a rule, with everything needed to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// The severity after configuration; starts as the rule's own.
    pub severity: Severity,
    /// One sentence that names the things involved.
    pub message: String,
    /// The place to look at first.
    pub primary: Label,
    /// Further places that belong to the story, in reading order.
    pub related: Vec<Label>,
    /// Facts that explain the cause, a sentence each.
    pub notes: Vec<String>,
    /// What to do instead.
    pub help: Option<String>,
    /// What the runtime returns at the primary place, where it returns anything.
    pub returns: Option<i32>,
    /// The `allow` comment that covers it; it is then not shown.
    pub allowed_by: Option<Span>,
    /// What it stands for, if it only says how much else there is; it is no finding of its own then.
    pub unshown: Option<Summary>,
}

impl Diagnostic {
    /// A breach of `rule` at `span`.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            primary: Label { span, text: String::new() },
            related: Vec::new(),
            notes: Vec::new(),
            help: None,
            returns: None,
            allowed_by: None,
            unshown: None,
        }
    }

    /// Says something at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
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

    /// Sets the code that the runtime returns here.
    #[must_use]
    pub fn returns(mut self, code: i32) -> Self {
        self.returns = Some(code);
        self
    }
}
