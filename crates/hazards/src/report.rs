//! Collects findings: a bounded number for each rule and graph, the rest as a count.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;
use rustc_hash::FxHashMap;

/// How many findings of one rule are shown for one graph; more would say the same thing again.
pub(crate) const MOST: u32 = 20;

/// What has been found of one rule in one graph.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    found: u32,
    /// Where the last one that is shown stands.
    last: usize,
}

/// All findings so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    findings: Vec<Finding>,
    counts: FxHashMap<(&'static str, Option<ModelId>), Count>,
}

impl Report {
    /// Counts one more finding of `rule` about `model`, or about no graph in particular, and says whether it is to be shown.
    ///
    /// To be asked before a finding is put into words, where there may be very many.
    pub(crate) fn wants(&mut self, rule: &'static Rule, model: Option<ModelId>) -> bool {
        let count = self.counts.entry((rule.code, model)).or_default();
        count.found += 1;
        if count.found > MOST {
            return false;
        }
        count.last = self.findings.len();
        true
    }

    /// How many findings there are to show so far.
    pub(crate) fn len(&self) -> usize {
        self.findings.len()
    }

    /// Adds a finding that is wanted.
    pub(crate) fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds the finding of `rule` about `model` that `put` puts into words, if it is wanted.
    pub(crate) fn add_with(
        &mut self,
        rule: &'static Rule,
        model: Option<ModelId>,
        put: impl FnOnce() -> Finding,
    ) {
        if self.wants(rule, model) {
            self.push(put());
        }
    }

    /// Adds a finding about `model`, if it is wanted.
    pub(crate) fn add(&mut self, model: Option<ModelId>, finding: Finding) {
        if self.wants(finding.rule, model) {
            self.push(finding);
        }
    }

    /// The findings in the order of the calls.
    pub(crate) fn finish(mut self) -> Vec<Finding> {
        for count in self.counts.values() {
            if let Some(more) = count.found.checked_sub(MOST).filter(|&more| more > 0)
                && let Some(last) = self.findings.get_mut(count.last)
            {
                last.notes.push(format!("{more} more of this rule in the same graph are not shown"));
            }
        }
        self.findings
            .sort_by(|a, b| (a.call, a.rule.code, &a.message).cmp(&(b.call, b.rule.code, &b.message)));
        self.findings
    }
}
