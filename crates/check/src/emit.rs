//! Artefacts of a program that the runtime would accept.

use std::str::FromStr;

use acg_backend_acl::CppOptions;
use acg_diagnostics::Sources;

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
    /// A picture of the predicted graphs, `NAME.svg`.
    Svg,
}

/// A name that no artefact has.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` cannot be emitted; acg, calls, json, cpp and svg can")]
pub struct UnknownEmit(String);

impl FromStr for Emit {
    type Err = UnknownEmit;

    fn from_str(name: &str) -> Result<Self, UnknownEmit> {
        match name {
            "acg" => Ok(Self::Acg),
            "calls" => Ok(Self::Calls),
            "json" => Ok(Self::Json),
            "cpp" => Ok(Self::Cpp),
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
pub fn emit(program: &Accepted, sources: &Sources, stem: &str, kinds: &[Emit], pid: u32) -> Vec<Artefact> {
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
            Emit::Svg => {
                artefacts.push(Artefact { name: format!("{stem}.svg"), text: svg(program, sources) });
            }
        }
    }
    artefacts
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
    match acg_ir::verify(&program.module) {
        Ok(verified) => {
            let source = sources.file(program.file);
            let options = CppOptions {
                // A program that only captured would show nothing; the log stops at the dump.
                lower: crate::program::lower_options(&program.module),
                source_name: &source.name,
                source_text: &source.text,
            };
            acg_backend_acl::emit_cpp(&verified, &options)
        }
        Err(violations) => unreachable!("an accepted program was verified before: {violations:?}"),
    }
}
