//! How a check says no.

use acg_diagnostics::Rule;

use crate::finding::Finding;

/// A call that the runtime refuses: the code it returns and the rule that explains it.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Finding>);

/// What a check says: go on, or a refusal.
pub(crate) type Verdict<T = ()> = Result<T, Refusal>;

/// Refuses with `code`, for `rule`; the replay puts the call in.
#[cold]
pub(crate) fn refuse(rule: &'static Rule, code: i32, message: impl Into<String>) -> Refusal {
    let mut finding = Finding::new(rule, u32::MAX, message.into());
    finding.returns = Some(code);
    Refusal(Box::new(finding))
}

impl Refusal {
    /// The code that the call returns.
    pub(crate) fn code(&self) -> i32 {
        self.0.returns.unwrap_or(0)
    }

    /// The rule that explains it.
    pub(crate) fn rule(&self) -> &'static Rule {
        self.0.rule
    }

    /// Points at another call.
    pub(crate) fn label(self, call: u32, text: impl Into<String>) -> Self {
        Self(Box::new(self.0.label(call, text)))
    }

    /// Points at another call, if there is one to point at.
    pub(crate) fn label_if(self, call: Option<u32>, text: impl Into<String>) -> Self {
        match call {
            Some(call) => self.label(call, text),
            None => self,
        }
    }

    /// Adds a fact.
    pub(crate) fn note(self, text: impl Into<String>) -> Self {
        Self(Box::new(self.0.note(text)))
    }

    /// Sets the remedy.
    pub(crate) fn help(self, text: impl Into<String>) -> Self {
        Self(Box::new(self.0.help(text)))
    }

    /// Names the earlier call that this one suffers from.
    pub(crate) fn because_of(self, call: Option<u32>) -> Self {
        Self(Box::new(self.0.because_of(call)))
    }

    /// The finding, at `call`.
    pub(crate) fn into_finding(self, call: u32) -> Finding {
        let mut finding = *self.0;
        finding.call = call;
        finding.labels.retain(|label| label.0 != call);
        finding.consequence_of = finding.consequence_of.filter(|&cause| cause != call);
        finding
    }
}
