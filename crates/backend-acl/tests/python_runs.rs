//! Emitted Python is Python, and makes the calls of the log.
//!
//! Programs run against modules that record their calls (`python/fake.py`). The two sequences are equal call by call, with every
//! argument but those that Python cannot see: the log without
//!
//! - the first phases and workspaces of operators that torch has, which torch makes inside of the operator;
//! - `aclrtResetDevice` and `aclFinalize`, which `torch_npu` makes when the interpreter ends.
//!
//! An operator that torch has is one line of both: its tensors and its stream.

mod printed;
mod programs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use acg_backend_acl::{Declaration, EmitOptions, LowerOptions, Lowered, Unsaid, emit_python, lower};
use acg_calls::{Api, Arg, Args, CallView, Name};
use acg_ir::{Module, verify};
use printed::Printed;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

fn is_there() -> bool {
    let there = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: there is no python3 to run emitted Python with");
    }
    there
}

fn python(arguments: &[&Path], last: Option<&str>) -> Output {
    Command::new("python3").args(arguments).args(last).output().expect("python3 runs")
}

fn assert_success(output: &Output, name: &str, text: &str) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {errors}\n{}\n{text}", String::from_utf8_lossy(&output.stdout));
}

/// The log as the fake modules record it.
fn expected(lowered: &Lowered, by_c: impl Fn(Name) -> bool) -> Vec<String> {
    let mut printed = Printed::new(lowered);
    printed.forgets = false;
    let mut first_phases = BTreeMap::new();
    let mut lines = Vec::new();
    for call in lowered.log.iter() {
        let workspace = call.out(0).or_else(|| call.name(0));
        let of_operator = workspace
            .is_some_and(|name| matches!(lowered.declaration(name), Some(Declaration::Operator(..))));
        match call.api() {
            Api::ResetDevice | Api::AclFinalize => {}
            Api::AclnnGetWorkspaceSize if !call.args().last().unwrap().out().is_some_and(&by_c) => {
                first_phases.insert(call.args().last().unwrap().out().unwrap(), call);
            }
            Api::Malloc | Api::Free if of_operator && !has_executor_by_c(lowered, &call, &by_c) => {}
            Api::Aclnn if !by_c(call.name(2).unwrap()) => {
                let first = first_phases[&call.name(2).unwrap()];
                let tensors: Vec<_> = tensors(lowered, &first, first.args());
                let tensors: Vec<_> = tensors.iter().map(|&arg| printed.printed(&first, arg)).collect();
                let stream = printed.printed(&call, call.arg(3).unwrap());
                lines.push(format!("aclnn{}([{}], {stream})", call.operator().unwrap(), tensors.join(", ")));
            }
            _ => lines.extend(printed.line(&call)),
        }
    }
    lines
}

/// Whether the operator that a workspace belongs to goes by its C functions.
fn has_executor_by_c(lowered: &Lowered, call: &CallView<'_>, by_c: impl Fn(Name) -> bool) -> bool {
    let cause = lowered.causes.of(call.id);
    lowered.log.iter().any(|other| {
        other.api() == Api::Aclnn && lowered.causes.of(other.id) == cause && by_c(other.name(2).unwrap())
    })
}

/// The addresses among the arguments of a first phase.
fn tensors(lowered: &Lowered, call: &CallView<'_>, args: Args<'_>) -> Vec<Arg> {
    let mut found = Vec::new();
    for arg in args {
        match arg {
            Arg::Name(name) | Arg::Offset { base: name, .. } => {
                if matches!(lowered.declaration(name), Some(Declaration::Buffer(_))) {
                    found.push(arg);
                }
            }
            Arg::List(_) => found.extend(tensors(lowered, call, call.items(arg).unwrap())),
            _ => {}
        }
    }
    found
}

/// Emits, compiles and runs a module; gives how many calls it makes, or what cannot be said.
fn run(name: &str, module: &Module, options: &EmitOptions<'_>) -> Result<usize, Vec<Unsaid>> {
    let verified = verify(module).unwrap();
    let text = emit_python(&verified, options)?;
    assert_eq!(Ok(&text), emit_python(&verified, options).as_ref(), "the same module gives the same text");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("program.py");
    std::fs::write(&file, &text).unwrap();
    assert_success(&python(&[Path::new("-m"), Path::new("py_compile"), &file], None), name, &text);
    let lowered = lower(&verified, &options.lower);
    let by_c = |executor: Name| text.contains(&format!("{} = Operator(", lowered.log.text(executor)));
    let fake = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/fake.py");
    let output = python(&[&fake, &file], Some(&printed::workspaces(&lowered, by_c)));
    assert_success(&output, name, &text);
    let recorded = String::from_utf8(output.stdout).unwrap();
    let expected = expected(&lowered, by_c).join("\n") + "\n";
    let diff = similar::TextDiff::from_lines(expected.as_str(), recorded.as_str());
    assert!(expected == recorded, "{name}:\n{}\n{text}", diff.unified_diff());
    Ok(recorded.lines().count())
}

/// The programs of the repository's test data, by file name.
fn sources(folder: &str) -> BTreeMap<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let programs = files.filter(|path| path.extension().is_some_and(|extension| extension == "acg"));
    programs.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_program_of_the_test_data_makes_the_calls_of_its_log() {
    if !is_there() {
        return;
    }
    let mut unsaid = BTreeMap::new();
    let mut ran = 0;
    for (path, text) in sources("seeds").into_iter().chain(sources("programs")) {
        let file = acg_diagnostics::Sources::new().add("program.acg", text.as_str());
        let parsed = acg_parser::parse(file, &text);
        if !parsed.complete || parsed.module.graphs.values().any(acg_ir::Graph::is_auto) {
            continue;
        }
        let options =
            EmitOptions { source_name: "program.acg", source_text: &text, ..EmitOptions::default() };
        match run(&path.display().to_string(), &parsed.module, &options) {
            Ok(_) => ran += 1,
            Err(lines) => {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                unsaid.insert(name, lines.into_iter().next().unwrap().message);
            }
        }
    }
    let conditional = "neither torch_npu nor pyACL has a call for aclmdlRICaptureGetInfo";
    let engine = "neither torch_npu nor pyACL has a call for GEInitializeV2";
    assert_eq!(unsaid.get("conditional").map(String::as_str), Some(conditional));
    assert_eq!(unsaid.get("ge_async").map(String::as_str), Some(engine));
    let bare = "torch_npu and pyACL begin and end captures and task groups in blocks alone";
    assert_eq!(unsaid.get("overlapping_captures").map(String::as_str), Some(bare));
    assert!(
        unsaid.values().all(|message| [conditional, engine, bare].contains(&message.as_str())),
        "{unsaid:?}"
    );
    assert!(ran >= 20, "{ran} programs ran");
}

#[test]
fn what_python_cannot_say_is_told() {
    if !is_there() {
        return;
    }
    let options = EmitOptions {
        lower: LowerOptions { executions: 3, ..LowerOptions::default() },
        ..EmitOptions::default()
    };
    let unsaid = run("every form", &programs::every_form(), &options).unwrap_err();
    let messages: Vec<_> = unsaid.iter().map(|unsaid| unsaid.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "neither torch_npu nor pyACL has a call for aclrtMemcpyBatchAsync",
            "pyACL launches a kernel without attributes, so its schedule mode cannot be given",
            "torch_npu captures on streams without priority and flags that it makes itself",
            "torch_npu replays graphs on streams without priority and flags that it makes itself",
        ]
    );
}

#[test]
fn every_operator_takes_its_operands() {
    if !is_there() {
        return;
    }
    let result = run("every operator", &programs::every_operator(), &EmitOptions::default());
    assert!(result.unwrap() > 400);
}

#[test]
fn generated_programs_make_the_calls_of_the_log() {
    if !is_there() {
        return;
    }
    let mut runner = TestRunner::deterministic();
    let mut ran = 0;
    for number in 0..12 {
        let module = programs::generated().new_tree(&mut runner).unwrap().current();
        ran += usize::from(run(&format!("generated {number}"), &module, &EmitOptions::default()).is_ok());
    }
    assert!(ran >= 4, "{ran} programs ran");
}
