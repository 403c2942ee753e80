//! Artefacts of a program that the runtime would accept.

use std::io;
use std::str::FromStr;

use acg_backend_acl::EmitOptions;
use acg_calls::Log;
use acg_diagnostics::{Diagnostic, Sources, Span};
use acg_ir::Verified;
use acg_runtime::{Dumped, LateDump};
use acg_target::Profile;

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
    /// Python for `torch_npu` and pyACL, `NAME.py`.
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
pub struct Artefact<'p> {
    /// Its name, without a directory.
    pub name: String,
    content: Content<'p>,
}

/// What an artefact holds; what grows with every task is written as it is printed, without holding all of the text.
enum Content<'p> {
    /// In parts that follow each other.
    Text(Vec<String>),
    Calls(&'p Log),
    Dump {
        dumped: Dumped<'p>,
        profile: &'p Profile,
        pid: u32,
    },
    LateDump {
        dump: LateDump<'p>,
        profile: &'p Profile,
        pid: u32,
    },
}

impl Artefact<'_> {
    /// An artefact of a text that is there.
    pub(crate) fn of_text(name: String, text: String) -> Self {
        Self { name, content: Content::Text(vec![text]) }
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// Where `out` cannot be written to.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        match &self.content {
            Content::Text(parts) => parts.iter().try_for_each(|part| out.write_all(part.as_bytes())),
            Content::Calls(log) => log.write(out),
            Content::Dump { dumped, profile, pid } => dumped.write(profile, *pid, out),
            Content::LateDump { dump, profile, pid } => dump.write(profile, *pid, out),
        }
    }

    /// Its whole text.
    pub fn text(&self) -> String {
        match &self.content {
            Content::Text(parts) => parts.concat(),
            Content::Calls(log) => log.to_text(),
            Content::Dump { dumped, profile, pid } => dumped.text(profile, *pid),
            Content::LateDump { dump, profile, pid } => dump.text(profile, *pid),
        }
    }
}

/// Emits `kinds` of `program`; `stem` is the name without an extension, `pid` the process id of the dumps.
///
/// # Errors
/// What cannot be said in a language that is asked for.
pub fn emit<'p>(
    program: &'p Accepted,
    sources: &Sources,
    stem: &str,
    kinds: &[Emit],
    pid: u32,
) -> Result<Vec<Artefact<'p>>, Vec<Diagnostic>> {
    let mut artefacts = Vec::new();
    for (position, &kind) in kinds.iter().enumerate() {
        if kinds[..position].contains(&kind) {
            continue;
        }
        let text = |extension: &str, text| Artefact::of_text(format!("{stem}.{extension}"), text);
        artefacts.push(match kind {
            Emit::Json => {
                artefacts.extend(dumps(program, stem, pid));
                continue;
            }
            Emit::Calls => {
                Artefact { name: format!("{stem}.calls"), content: Content::Calls(&program.lowered.log) }
            }
            Emit::Acg => text("acg", acg_ir::print::print(&program.module)),
            Emit::Cpp => {
                Artefact { name: format!("{stem}.cpp"), content: Content::Text(cpp(program, sources)) }
            }
            Emit::Python => text("py", python(program, sources)?),
            Emit::Svg => text("svg", svg(program, sources)),
        });
    }
    Ok(artefacts)
}

/// Every dump that the lowered calls print.
fn dumps<'p>(program: &'p Accepted, stem: &str, pid: u32) -> Vec<Artefact<'p>> {
    let (profile, log) = (&program.profile, &program.lowered.log);
    // The lowering names dumps `GRAPH.modelRI.json` where there are several graphs, `modelRI.json` otherwise.
    let artefact = |path: &str, content| Artefact { name: format!("{stem}.{path}"), content };
    if let Some(late) = &program.dumps {
        let late = late.iter(log);
        return late.map(|dump| artefact(dump.path(), Content::LateDump { dump, profile, pid })).collect();
    }
    let dumps = acg_runtime::replay(log, profile).dumps.into_iter();
    dumps.map(|dumped| artefact(dumped.path, Content::Dump { dumped, profile, pid })).collect()
}

fn svg(program: &Accepted, sources: &Sources) -> String {
    let name = &sources.file(program.file).name;
    let graphs = crate::graphs::of_accepted(name, program);
    crate::draw(name, &graphs, acg_view::Format::Svg, acg_view::Options::default()).text
}

fn cpp(program: &Accepted, sources: &Sources) -> Vec<String> {
    emitted(program, sources, |module, options| {
        acg_backend_acl::emit_lowered_cpp(module, &program.lowered, options)
    })
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
