//! Artefacts of a program that the runtime would accept.

use std::str::FromStr;

use acg_backend_acl::EmitOptions;
use acg_diagnostics::{Diagnostic, Sources, Span};
use acg_ir::Verified;

use crate::catalogue::UNSAID_IN_PYTHON;
use crate::program::Accepted;

/// What can be emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Emit {
    /// The program as the compiler left it, `NAME.acg`.
    Acg,
    /// The call log, `NAME.calls`.
    Calls,
    /// The predicted dump, `NAME.modelRI.json`; with several graphs one each, `NAME.GRAPH.modelRI.json`.
    Json,
    /// C++, `NAME.cpp`.
    Cpp,
    /// Python for torch_npu and pyACL, `NAME.py`.
    Python,
    /// A picture of the predicted graphs, `NAME.svg`.
    Svg,
}

/// A name that no artefact has.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` cannot be emitted; acg, calls, json, cpp, python and svg can")]
pub struct UnknownEmit(String);

impl FromStr for Emit {
    type Err = UnknownEmit;

    fn from_str(name: &str) -> Result<Self, UnknownEmit> {
        match name {
            "acg" => Ok(Self::Acg),
            "calls" => Ok(Self::Calls),
            "json" => Ok(Self::Json),
            "cpp" => Ok(Self::Cpp),
            "python" => Ok(Self::Python),
            "svg" => Ok(Self::Svg),
            other => Err(UnknownEmit(other.to_owned())),
        }
    }
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// Its name, without a directory.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

/// Emits `kinds` of `program`; `stem` is the name without an extension, `pid` the process id of the dumps.
///
/// # Errors
/// What cannot be said in a language that is asked for.
pub fn emit(
    program: &Accepted,
    sources: &Sources,
    stem: &str,
    kinds: &[Emit],
    pid: u32,
) -> Result<Vec<Artefact>, Vec<Diagnostic>> {
    let mut artefacts = Vec::new();
    for (position, &kind) in kinds.iter().enumerate() {
        if kinds[..position].contains(&kind) {
            continue;
        }
        match kind {
            Emit::Acg => {
                artefacts.push(Artefact {
                    name: format!("{stem}.acg"),
                    text: acg_ir::print::print(&program.module),
                });
            }
            Emit::Calls => {
                artefacts
                    .push(Artefact { name: format!("{stem}.calls"), text: program.lowered.log.to_text() });
            }
            Emit::Json => dumps(program, stem, pid, &mut artefacts),
            Emit::Cpp => {
                artefacts.push(Artefact { name: format!("{stem}.cpp"), text: cpp(program, sources) });
            }
            Emit::Python => {
                artefacts.push(Artefact { name: format!("{stem}.py"), text: python(program, sources)? });
            }
            Emit::Svg => {
                artefacts.push(Artefact { name: format!("{stem}.svg"), text: svg(program, sources) });
            }
        }
    }
    Ok(artefacts)
}

/// Every dump that the lowered calls print.
fn dumps(program: &Accepted, stem: &str, pid: u32, artefacts: &mut Vec<Artefact>) {
    let replay = acg_runtime::replay(&program.lowered.log, &program.profile);
    for dumped in &replay.dumps {
        // The lowering names dumps `GRAPH.modelRI.json` where there are several graphs, `modelRI.json` otherwise.
        artefacts.push(Artefact {
            name: format!("{stem}.{}", dumped.path),
            text: dumped.text(&program.profile, pid),
        });
    }
}

fn svg(program: &Accepted, sources: &Sources) -> String {
    let name = &sources.file(program.file).name;
    let graphs = crate::graphs::of_accepted(name, program);
    crate::draw(name, &graphs, acg_view::Format::Svg, acg_view::Options::default()).text
}

fn cpp(program: &Accepted, sources: &Sources) -> String {
    emitted(program, sources, acg_backend_acl::emit_cpp)
}

fn python(program: &Accepted, sources: &Sources) -> Result<String, Vec<Diagnostic>> {
    emitted(program, sources, acg_backend_acl::emit_python).map_err(|unsaid| {
        let diagnostic = |unsaid: acg_backend_acl::Unsaid| {
            let span = unsaid.span.map_or((0, 0), |span| (span.start, span.end));
            Diagnostic::new(&UNSAID_IN_PYTHON, Span::new(program.file, span.0, span.1), unsaid.message)
                .help("`--emit cpp` writes it in C++")
        };
        unsaid.into_iter().map(diagnostic).collect()
    })
}

/// What `emit` makes of a program.
fn emitted<T>(
    program: &Accepted,
    sources: &Sources,
    emit: impl FnOnce(&Verified<'_>, &EmitOptions<'_>) -> T,
) -> T {
    match acg_ir::verify(&program.module) {
        Ok(verified) => {
            let source = sources.file(program.file);
            let options = EmitOptions {
                // A program that only captured would show nothing; the log stops at the dump.
                lower: crate::program::lower_options(&program.module),
                source_name: &source.name,
                source_text: &source.text,
            };
            emit(&verified, &options)
        }
        Err(violations) => unreachable!("an accepted program was verified before: {violations:?}"),
    }
}
