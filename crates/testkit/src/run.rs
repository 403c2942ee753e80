//! Running a test file.

use std::path::{Path, PathBuf};

use acg_check::{Checked, Format, Kind, RenderOptions, Sources, TargetChoice};
use libtest_mimic::Trial;

use crate::case::{Case, CaseError, Output};
use crate::expect;

/// Why a test failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file is no test.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The header names a target that does not exist.
    #[error(transparent)]
    Target(#[from] acg_check::TargetError),
    /// Other rules are broken than the `//~` comments say.
    #[error("{path} on {target}:\n{differences}\n\n{shown}\nBLESS=1 accepts this")]
    Diagnostics {
        /// Which file.
        path: PathBuf,
        /// On which target.
        target: String,
        /// Line by line.
        differences: String,
        /// The diagnostics as people see them.
        shown: String,
    },
    /// The output differs from the `//=` lines.
    #[error("{path}: the output differs (- expected, + found):\n{diff}\nBLESS=1 accepts this")]
    Output {
        /// Which file.
        path: PathBuf,
        /// The difference.
        diff: String,
    },
    /// A blessed file cannot be written.
    #[error("cannot write {path}: {source}")]
    Bless {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Runs the test at `path`, or rewrites it where `bless` is set.
///
/// # Errors
///
/// A [`Failure`] that says what differs.
pub fn run(path: &Path, bless: bool) -> Result<(), Failure> {
    let case = Case::read(path)?;
    let targets: Vec<Option<&str>> = match &case.header.target[..] {
        [] => vec![None],
        targets => targets.iter().map(|target| Some(target.as_str())).collect(),
    };
    let mut input = case.input.clone();
    let mut output = String::new();
    for target in targets {
        let mut sources = Sources::new();
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let file = sources.add(name, case.input.as_str());
        let choice = TargetChoice::new(target, case.header.cann.as_deref())?;
        let checked = match case.kind {
            Kind::Program => acg_check::check_program(&sources, file, &choice),
            Kind::Log => acg_check::check_log(&sources, file, &choice),
            Kind::Dump => acg_check::check_dumps(&sources, &[file], &choice),
        };
        let actual = expect::actual(&checked.diagnostics, &sources);
        if bless {
            input = expect::bless(&input, &actual);
        } else {
            let differences = expect::differences(&expect::expected(&case.input), &actual);
            if !differences.is_empty() {
                return Err(Failure::Diagnostics {
                    path: path.to_owned(),
                    target: target.unwrap_or("the program's own target").to_owned(),
                    differences: differences.join("\n"),
                    shown: human(&checked, &sources),
                });
            }
        }
        output.push_str(&shown(&case, &checked, &sources));
    }
    if bless {
        return write(path, &input, &output);
    }
    if output == case.expected {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(&case.expected, &output);
    Err(Failure::Output { path: path.to_owned(), diff: diff.unified_diff().context_radius(3).to_string() })
}

/// What the `//=` lines should show.
fn shown(case: &Case, checked: &Checked, sources: &Sources) -> String {
    match case.header.output {
        Output::None => String::new(),
        Output::Human => human(checked, sources),
        Output::Fmt => sources
            .iter()
            .next()
            .and_then(|(file, _)| acg_check::format_program(sources, file).ok())
            .unwrap_or_else(|| "(the program has errors)\n".to_owned()),
        output => match (output.emit(), checked.accepted()) {
            (Some(emit), Some(program)) => {
                let artefacts = acg_check::emit(program, sources, "test", &[emit], 0).unwrap_or_default();
                artefacts.iter().map(|artefact| ensure_newline(&artefact.text())).collect()
            }
            _ => "(the program has errors)\n".to_owned(),
        },
    }
}

/// A dump has no newline at its end; the comment lines that show it do.
fn ensure_newline(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

fn human(checked: &Checked, sources: &Sources) -> String {
    acg_check::render(&checked.diagnostics, sources, Format::Human, &RenderOptions::default())
}

fn write(path: &Path, input: &str, output: &str) -> Result<(), Failure> {
    let mut text = input.to_owned();
    for line in output.lines() {
        text.push_str(if line.is_empty() { "//=" } else { "//= " });
        text.push_str(line);
        text.push('\n');
    }
    std::fs::write(path, text).map_err(|source| Failure::Bless { path: path.to_owned(), source })
}

/// One trial for every test file below `directory`, sorted by name.
pub fn trials(directory: &Path) -> Vec<Trial> {
    let bless = std::env::var_os("BLESS").is_some();
    let mut files = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(&directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if Kind::of_path(&path).is_some() {
                files.push(path);
            }
        }
    }
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(directory).unwrap_or(&path).display().to_string();
            Trial::test(name, move || run(&path, bless).map_err(|failure| failure.to_string().into()))
        })
        .collect()
}
