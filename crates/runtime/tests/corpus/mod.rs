//! Finds the logs of a corpus and compares each with its replay.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use acg_calls::Api;
use acg_diagnostics::Sources;
use acg_dump::Pair;
use acg_target::Profile;

/// The process number in predicted dumps; the comparison renames it.
const PID: u32 = 1;

/// The corpus beside the repository.
pub(crate) fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance")
}

/// The part of the corpus in the repository.
pub(crate) fn in_repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/conformance")
}

/// One log with what was measured.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Directory and variant.
    pub name: String,
    /// The variant, which is the name of a target profile.
    pub variant: String,
    /// The log.
    pub text: String,
    /// Path and text of every dump.
    pub dumps: Vec<(String, String)>,
}

/// How much of a corpus agrees.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Agreement {
    codes: (usize, usize),
    notes: (usize, usize),
    dumps: (usize, usize),
    undefined: usize,
}

impl Agreement {
    /// Adds up.
    pub(crate) fn add(&mut self, other: &Self) {
        let add = |ours: &mut (usize, usize), theirs: (usize, usize)| {
            ours.0 += theirs.0;
            ours.1 += theirs.1;
        };
        add(&mut self.codes, other.codes);
        add(&mut self.notes, other.notes);
        add(&mut self.dumps, other.dumps);
        self.undefined += other.undefined;
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { codes, notes, dumps, undefined } = self;
        write!(
            f,
            "codes {}/{}  notes {}/{}  dumps {}/{}",
            codes.0, codes.1, notes.0, notes.1, dumps.0, dumps.1
        )?;
        if *undefined > 0 { write!(f, "  ({undefined} calls undefined)") } else { Ok(()) }
    }
}

/// Every log below `root`, in order.
pub(crate) fn cases(root: &Path) -> Vec<Case> {
    let mut directories = Vec::new();
    for kind in ["scenarios", "random"] {
        directories.extend(entries(&root.join(kind)));
    }
    directories.iter().flat_map(|directory| cases_in(directory)).collect()
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
}

fn cases_in(directory: &Path) -> Vec<Case> {
    let files = entries(directory);
    let logs = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "calls"));
    logs.map(|log| {
        let variant = file_name(log).trim_end_matches(".calls").to_owned();
        let prefix = format!("{variant}.");
        let dumps = files.iter().filter_map(|path| {
            let name = file_name(path);
            let dump = name
                .strip_prefix(&prefix)
                .filter(|_| path.extension().is_some_and(|extension| extension == "json"))?;
            Some((dump.to_owned(), fs::read_to_string(path).ok()?))
        });
        Case {
            name: format!("{}/{variant}", file_name(directory)),
            dumps: dumps.collect(),
            variant,
            text: fs::read_to_string(log).expect("a log can be read"),
        }
    })
    .collect()
}

impl Case {
    /// The log, read.
    pub(crate) fn log(&self) -> acg_calls::Log {
        let mut sources = Sources::new();
        let file = sources.add(self.name.as_str(), self.text.as_str());
        acg_calls::read(file, &self.text).log
    }

    /// Replays the log and compares; every disagreement is added to `disagreements` as one line.
    pub(crate) fn compare(&self, profile: &Profile, disagreements: &mut Vec<String>) -> Agreement {
        let text = without_stubbed_calls(&self.text);
        let mut sources = Sources::new();
        let file = sources.add(self.name.as_str(), text.as_str());
        let reading = acg_calls::read(file, &text);
        assert!(reading.diagnostics.is_empty(), "{}: {:?}", self.name, reading.diagnostics);
        let replay = acg_runtime::replay(&reading.log, profile);
        let mut agreement = Agreement::default();
        let undefined = undefined_calls(&reading.log, &replay);
        for (view, outcome) in reading.log.iter().zip(replay.outcomes.iter()) {
            let line = view.recorded().span.map_or("", |span| sources.text(span));
            if undefined.contains(&view.id.0) || unfinished(view.recorded().returned) {
                agreement.undefined += 1;
                continue;
            }
            if let Some(measured) = view.recorded().returned {
                agreement.codes.1 += 1;
                if measured == outcome.code {
                    agreement.codes.0 += 1;
                } else {
                    disagreements.push(format!("{}: {line}  predicted {}", self.name, outcome.code));
                }
            }
            if let Some(measured) = view.note() {
                agreement.notes.1 += 1;
                let predicted = outcome.note.as_ref().map_or(String::new(), ToString::to_string);
                if measured == predicted {
                    agreement.notes.0 += 1;
                } else {
                    disagreements.push(format!("{}: {line}  predicted `{predicted}`", self.name));
                }
            }
        }
        self.compare_dumps(profile, &replay, &mut agreement, disagreements);
        agreement
    }

    fn compare_dumps(
        &self,
        profile: &Profile,
        replay: &acg_runtime::Replay<'_>,
        agreement: &mut Agreement,
        disagreements: &mut Vec<String>,
    ) {
        agreement.dumps.1 += self.dumps.len();
        let predicted: Vec<Option<String>> = self
            .dumps
            .iter()
            .map(|(path, _)| {
                let dumped = replay.dumps.iter().rev().find(|dumped| dumped.path == path)?;
                Some(dumped.text(profile, PID))
            })
            .collect();
        for ((path, _), text) in self.dumps.iter().zip(&predicted) {
            if text.is_none() {
                disagreements.push(format!("{}: {path} is not predicted", self.name));
            }
        }
        let pairs: Vec<Pair<'_>> = self
            .dumps
            .iter()
            .zip(&predicted)
            .filter_map(|((path, measured), text)| {
                Some(Pair { name: path, expected: measured, actual: text.as_deref()? })
            })
            .collect();
        agreement.dumps.0 += pairs.len();
        if let Some(difference) = acg_dump::difference(&pairs) {
            agreement.dumps.0 -= 1;
            disagreements.push(format!("{}: {difference}", self.name));
        }
    }
}

/// The log without the calls that the stub driver refused and a real one takes: it has no reducing copies, and no event
/// numbers to tell. They are dropped before the replay, because what follows them was measured as if they had not been made.
fn without_stubbed_calls(text: &str) -> String {
    let stubbed = |line: &&str| {
        (line.contains("aclrtReduceAsync(") && line.ends_with("= 207000"))
            || line.contains("aclrtGetEventId(")
    };
    text.lines().filter(|line| !stubbed(line)).flat_map(|line| [line, "\n"]).collect()
}

/// Whether a measured code says that the stub driver never finished work on a stream: it cannot execute tasks of a 950.
fn unfinished(measured: Option<i32>) -> bool {
    measured == Some(507_046)
}

/// Calls whose answer is what freed memory happened to hold, so that the same program was answered differently by the variants
/// and from run to run: updates of a task group whose graph is gone, up to their end, and the status of a destroyed stream.
fn undefined_calls(log: &acg_calls::Log, replay: &acg_runtime::Replay<'_>) -> HashSet<u32> {
    let mut undefined = HashSet::new();
    for finding in &replay.findings {
        let view = log.view(acg_calls::CallId(finding.call));
        match (finding.rule.name, view.api()) {
            ("group-handle-lifetime", Api::RiCaptureTaskUpdateBegin) => {
                let stream = view.name(0);
                for call in finding.call..log.len() as u32 {
                    let view = log.view(acg_calls::CallId(call));
                    if view.args().iter().any(|arg| arg.name() == stream) {
                        undefined.insert(call);
                        if view.api() == Api::RiCaptureTaskUpdateEnd {
                            break;
                        }
                    }
                }
            }
            ("stale-model-handle", Api::RiCaptureGetInfo) if view.recorded().returned == Some(0) => {
                undefined.insert(finding.call);
            }
            _ => {}
        }
    }
    undefined
}
