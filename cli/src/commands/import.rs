//! `acg import`: a program from a debug dump, a call log or a task graph.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use acg_check::{DEFAULT_TARGET, DumpFile, Kind, Severity, Sources};
use acg_dump::Format;
use acg_import::tasks::{self, ImportedTasks, TaskGraphError};
use acg_import::{Agreement, DumpError, LogError, TargetName};
use acg_ir::Module;
use anyhow::{Context, Result};

use crate::config::Settings;
use crate::input::{self, Input};
use crate::options::TargetArgs;
use crate::{output, tell};

/// Makes a `.acg` program of a debug dump (`modelRI.json`), a call log (`.calls`) or a task graph (JSON).
///
/// A program of a dump or log is compiled and compared with the input; what the input does not say is listed and has
/// placeholders. Exits with 1 where there is no program, or it differs from the input.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg import modelRI.json                    print a program that compiles to this dump
  acg import modelRI.json.gz -o graph.acg    the same, from a compressed dump into a file
  acg import prog.calls -o graph.acg         a program that makes the calls of this log
  acg import prog.calls --target 950-swsq    a log of another machine than the default one
  acg import graph.json -o graph.acg         an `auto` graph with the costs of a task graph
  acg import graph.json --costs op_summary.csv
                                             the same, with the times that msprof measured")]
pub(crate) struct Args {
    /// The dump, log or task graph, `-` for standard input
    file: PathBuf,
    /// The program to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Costs of tasks: a table of msprof, `op_summary_*.csv`
    #[arg(long, value_name = "FILE")]
    costs: Option<PathBuf>,
    #[command(flatten)]
    target: TargetArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let settings = Settings::near(&args.file)?;
    // A wrong name is an error whatever the input is.
    settings.target(&args.target)?;
    let target = settings.target_names(&args.target);
    let input = input::read(&args.file, None)?;
    if Kind::of_path(&args.file) == Some(Kind::Program) {
        let why = "this is a program already; dumps, call logs and task graphs are imported";
        return Ok(refuse(&input.name, why));
    }
    match input.kind {
        Kind::Dump if tasks::is_task_graph(input.text.as_bytes()) => task_graph(args, target, input),
        Kind::Dump => dump(args, target, input),
        Kind::Log | Kind::Program => log(args, target, input),
    }
}

type Target<'a> = (Option<&'a str>, Option<&'a str>);

fn dump(args: &Args, (profile, cann): Target<'_>, input: Input) -> Result<ExitCode> {
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text);
    let name = sources.file(file).name.as_str();
    let DumpFile { traces, irregular } = match acg_check::read_dumps(&sources, file) {
        Ok(read) => read,
        Err(unreadable) => return Ok(refuse(name, &unreadable.message)),
    };
    tell::irregular(&irregular, &sources)?;
    let mut target = profile.map_or_else(|| acg_import::detect(&traces), TargetName::new);
    if let Some(cann) = cann {
        target.cann = Some(cann.to_owned());
    }
    let mut imported = match acg_import::import_dumps(&traces, stem(&args.file), target) {
        Ok(imported) => imported,
        Err(DumpError::Unsayable(found)) => {
            for unsayable in &found {
                eprintln!("acg: {name}: {unsayable}");
            }
            return Ok(refuse(name, &DumpError::Unsayable(found).to_string()));
        }
        Err(error) => return Ok(refuse(name, &error.to_string())),
    };
    costs(args, &mut imported.module)?;
    output::write(args.output.as_deref(), &acg_ir::print::print(&imported.module))?;
    tell::remarks(name, &imported.remarks, |_| None);
    let machine = imported.target.machine().context("the target of the program does not exist")?;
    let is_verbose = traces.iter().flat_map(|trace| &trace.dump.records).any(|record| record.args.is_some());
    let expected: Vec<String> = traces
        .iter()
        .map(|trace| acg_dump::print(&trace.dump.borrow(), Format::of(&machine), 0, is_verbose))
        .collect();
    let agreement = acg_import::dump_agreement(&expected, &imported.module, is_verbose, &machine);
    Ok(verdict(name, &agreement, |_| None))
}

fn log(args: &Args, (profile, cann): Target<'_>, input: Input) -> Result<ExitCode> {
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text);
    let name = sources.file(file).name.as_str();
    let acg_calls::Reading { log, diagnostics } = acg_calls::read(file, &sources.file(file).text);
    tell::diagnostics(&diagnostics, &sources)?;
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Ok(ExitCode::from(1));
    }
    let mut target = TargetName::new(profile.unwrap_or(DEFAULT_TARGET));
    target.cann = cann.map(str::to_owned);
    let machine = target.machine().context("the target of the program does not exist")?;
    let mut imported = match acg_import::import_log(&log, &machine, Some(&target)) {
        Ok(imported) => imported,
        Err(error @ (LogError::Nothing | LogError::TooLong)) => {
            return Ok(refuse(name, &error.to_string()));
        }
    };
    costs(args, &mut imported.module)?;
    output::write(args.output.as_deref(), &acg_ir::print::print(&imported.module))?;
    let line = |call: acg_calls::CallId| Some(sources.places(log.recorded(call).span?).0.line);
    tell::remarks(name, &imported.remarks, line);
    let agreement = acg_import::log_agreement(&log, &imported, &machine);
    Ok(verdict(name, &agreement, line))
}

fn task_graph(args: &Args, (profile, cann): Target<'_>, input: Input) -> Result<ExitCode> {
    let Input { name, text, .. } = input;
    let name = name.as_str();
    let read = tasks::read_task_graph(text.as_bytes());
    drop(text);
    let target =
        profile.map(|profile| TargetName { cann: cann.map(str::to_owned), ..TargetName::new(profile) });
    let imported = read.and_then(|graph| tasks::import_task_graph(&graph, stem(&args.file), target.as_ref()));
    let mut imported = match imported {
        Ok(imported) => imported,
        Err(error) => {
            if let TaskGraphError::Problems { problems, .. } = &error {
                for problem in problems {
                    eprintln!("acg: {name}: {problem}");
                }
            }
            return Ok(refuse(name, &error.to_string()));
        }
    };
    costs(args, &mut imported.module)?;
    output::write(args.output.as_deref(), &acg_ir::print::print(&imported.module))?;
    tell::remarks(name, &imported.remarks, |_| None);
    let ImportedTasks { tasks, edges, after, .. } = imported;
    let order = match (edges - after, after) {
        (_, 0) => "all from reads and writes".to_owned(),
        (0, _) => "all behind `after`".to_owned(),
        (_, _) => format!("{after} behind `after`, the others follow"),
    };
    eprintln!("acg: {name}: {}, {} ({order})", counted(tasks, "task"), counted(edges, "edge"));
    Ok(ExitCode::SUCCESS)
}

/// Puts the table of `--costs` into the program.
fn costs(args: &Args, module: &mut Module) -> Result<()> {
    let Some(path) = &args.costs else { return Ok(()) };
    let (name, bytes) = input::read_bytes(path)?;
    let table = acg_import::CostTable::read(&bytes).with_context(|| format!("cannot use {name}"))?;
    tell::costs(&name, &table.apply(module));
    Ok(())
}

/// The name of the graph of a dump or task graph: the file's, up to its first point.
fn stem(path: &Path) -> &str {
    let name = path.file_name().and_then(|name| name.to_str()).filter(|&name| name != "-");
    name.and_then(|name| name.split('.').next()).filter(|name| !name.is_empty()).unwrap_or("captured")
}

fn refuse(name: &str, why: &str) -> ExitCode {
    eprintln!("acg: {name}: {why}");
    ExitCode::from(1)
}

/// Says how the program compares with the input.
fn verdict(name: &str, agreement: &Agreement, line: impl Fn(acg_calls::CallId) -> Option<u32>) -> ExitCode {
    for disagreement in &agreement.disagreements {
        let place = disagreement.call.and_then(&line).map_or(String::new(), |line| format!(":{line}"));
        eprintln!("acg: {name}{place}: differs: {}", disagreement.text);
    }
    if !agreement.is_complete() {
        return ExitCode::from(1);
    }
    let counts = [(agreement.calls, "call"), (agreement.dumps, "dump")];
    let counts: Vec<_> = counts.iter().filter(|(n, _)| *n > 0).map(|&(n, what)| counted(n, what)).collect();
    eprintln!("acg: {name}: the program agrees: {}", counts.join(", "));
    ExitCode::SUCCESS
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
