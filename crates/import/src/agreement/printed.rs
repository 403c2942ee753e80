//! What a program prints of its graphs.

use acg_backend_acl::{Cause, Declaration, Lowered};
use acg_calls::CallId;
use acg_ir::{BodyId, Branch, GraphId, Task};
use acg_runtime::{Dumped, Replay};
use acg_target::Profile;
use rustc_hash::FxHashMap;

/// The dumps of a program.
pub(super) struct Printed<'a> {
    /// Each graph and branch behind its capture.
    captured: FxHashMap<(GraphId, Option<Branch>), &'a Dumped<'a>>,
    /// Those of lines.
    of_line: FxHashMap<(BodyId, Task), &'a Dumped<'a>>,
}

impl<'a> Printed<'a> {
    pub(super) fn of(lowered: &'a Lowered, replay: &'a Replay<'a>) -> Self {
        let mut printed = Self { captured: FxHashMap::default(), of_line: FxHashMap::default() };
        for dumped in &replay.dumps {
            match lowered.causes.of(CallId(dumped.call)) {
                Some(Cause::End(_)) => {
                    let model = lowered.log.view(CallId(dumped.call)).name(0);
                    let key = match model.and_then(|model| lowered.declaration(model)) {
                        Some(Declaration::Model(graph)) => (graph, None),
                        Some(Declaration::Branch(graph, branch)) => (graph, Some(branch)),
                        _ => continue,
                    };
                    printed.captured.entry(key).or_insert(dumped);
                }
                Some(Cause::Task(body, task)) => {
                    printed.of_line.insert((body, task), dumped);
                }
                _ => {}
            }
        }
        printed
    }

    /// The dump of a graph or branch as it was captured.
    pub(super) fn text(&self, graph: GraphId, branch: Option<Branch>, profile: &Profile) -> Option<String> {
        self.captured.get(&(graph, branch)).map(|dumped| dumped.text(profile, 0))
    }

    /// The dump of a line.
    pub(super) fn text_of(&self, line: (BodyId, Task), profile: &Profile) -> Option<String> {
        self.of_line.get(&line).map(|dumped| dumped.text(profile, 0))
    }
}
