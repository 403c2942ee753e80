//! Checking debug dumps: read each, understand it, and look at all of them together.

use acg_diagnostics::{FileId, Sources};
use acg_dump_check::Subject;
use acg_target::Profile;
use acg_trace::Trace;

use crate::dump_file::{DumpFile, read_dumps};
use crate::program::Checked;
use crate::target::TargetChoice;

/// One file of dumps.
struct File {
    id: FileId,
    traces: Vec<Trace>,
    profile: Profile,
}

/// Checks the dumps in `files`, each alone and those of several ranks together.
///
/// Dumps name no target; where `choice` names none either, the machine is the one that each file shows.
pub fn check_dumps(sources: &Sources, files: &[FileId], choice: &TargetChoice) -> Checked {
    let mut diagnostics = Vec::new();
    let mut read = Vec::new();
    for &id in files {
        match read_dumps(sources, id) {
            Err(unreadable) => diagnostics.push(*unreadable),
            Ok(DumpFile { traces, irregular }) => {
                diagnostics.extend(irregular);
                let profile = choice.for_dumps(&traces);
                read.push(File { id, traces, profile });
            }
        }
    }
    let subjects: Vec<Subject<'_>> = read
        .iter()
        .flat_map(|file| {
            let name = sources.file(file.id).name.as_str();
            file.traces.iter().map(move |trace| Subject {
                file: file.id,
                name,
                trace,
                profile: &file.profile,
            })
        })
        .collect();
    diagnostics.extend(acg_dump_check::check(&subjects));
    Checked::rejected(diagnostics)
}
