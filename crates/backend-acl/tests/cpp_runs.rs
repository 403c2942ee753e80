//! Emitted C++ makes the calls of the log, and cleans up after a failure of any of them.
//!
//! Programs are linked with a library that prints its calls (`recorder/`) and run.

mod headers;
mod printed;
mod programs;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use acg_backend_acl::{EmitOptions, LowerOptions, Lowered, emit_cpp, lower};
use acg_calls::Api;
use acg_ir::{Module, Op, verify};
use acg_operators::OperatorId;
use printed::Printed;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// An emitted program, linked with the recorder.
struct Built {
    directory: tempfile::TempDir,
    lowered: Lowered,
}

impl Built {
    fn new(include: &Path, module: &Module, options: &EmitOptions<'_>) -> Self {
        let verified = verify(module).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let program = directory.path().join("program.cpp");
        std::fs::write(&program, emit_cpp(&verified, options)).unwrap();
        let recorder = directory.path().join("recorder.cpp");
        std::fs::write(&recorder, recorder_text(module)).unwrap();
        let output = Command::new("g++")
            .args(["-std=c++17", "-pthread", "-isystem"])
            .arg(include)
            .arg("-isystem")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graph_engine"))
            .args([&program, &recorder])
            .arg("-o")
            .arg(directory.path().join("program"))
            .output()
            .expect("g++ runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { directory, lowered: lower(&verified, &options.lower) }
    }

    fn run(&self, fail_at: usize) -> Output {
        let has_contexts = self.lowered.log.iter().any(|call| call.api() == Api::GetCurrentContext);
        Command::new(self.directory.path().join("program"))
            .env("ACG_FAIL_AT", fail_at.to_string())
            .env("ACG_WORKSPACES", printed::workspaces(&self.lowered, |_| true))
            .envs(has_contexts.then_some(("ACG_CONTEXTS", "1")))
            .output()
            .unwrap()
    }
}

/// The recorder with a first and second phase for every operator of the module.
fn recorder_text(module: &Module) -> String {
    let mut text = include_str!("recorder/acl_recorder.cpp").to_owned();
    text.push_str(include_str!("recorder/host_recorder.cpp"));
    if !module.sessions.is_empty() {
        text.push_str(include_str!("recorder/ge_recorder.cpp"));
    }
    let ops = module.bodies().flat_map(|(_, body)| body.tasks.values()).map(|data| data.op);
    let operators: BTreeSet<OperatorId> =
        ops.filter_map(|op| if let Op::Operator(id) = op { Some(id) } else { None }).collect();
    text.push_str("extern \"C\" {\n");
    for operator in operators.into_iter().map(OperatorId::operator) {
        let arguments: Vec<_> =
            operator.parameters().iter().map(|it| format!("operand({})", it.name)).collect();
        writeln!(
            text,
            "{}\n{{\n    return first_phase(\"{}\", {{{}}}, workspaceSize, executor);\n}}\n{}\n{{\n    \
             return second_phase(\"{}\", workspace, workspaceSize, executor, stream);\n}}",
            operator.phase1_prototype(),
            operator.phase1_name(),
            arguments.join(", "),
            operator.phase2_prototype(),
            operator.name
        )
        .unwrap();
    }
    text.push_str("}\n");
    text
}

fn include() -> Option<PathBuf> {
    headers::acl_include()
}

fn assert_same_calls(built: &Built) -> usize {
    let output = built.run(0);
    let text = String::from_utf8(output.stdout).unwrap();
    // What the program prints itself is no call.
    let mut lines: Vec<_> = text.lines().filter(|line| !line.contains(" = ")).collect();
    let end = lines.pop().unwrap();
    assert_eq!(lines.join("\n"), Printed::lines(&built.lowered).join("\n"));
    assert!(end.starts_with("end: captures=0 ") && end.ends_with(" metadata=0"), "{end}");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    lines.len()
}

#[test]
fn a_program_makes_the_calls_of_the_log() {
    let Some(include) = include() else { return };
    let options = EmitOptions {
        lower: LowerOptions { executions: 3, ..LowerOptions::default() },
        ..EmitOptions::default()
    };
    assert_same_calls(&Built::new(&include, &programs::every_form(), &options));
}

#[test]
fn every_operator_takes_the_arguments_of_the_log() {
    let Some(include) = include() else { return };
    assert_same_calls(&Built::new(&include, &programs::every_operator(), &EmitOptions::default()));
}

#[test]
fn generated_programs_make_the_calls_of_the_log() {
    let Some(include) = include() else { return };
    let mut runner = TestRunner::deterministic();
    for _ in 0..2 {
        let module = programs::generated().new_tree(&mut runner).unwrap().current();
        assert_same_calls(&Built::new(&include, &module, &EmitOptions::default()));
    }
}

#[test]
fn any_failure_is_cleaned_up() {
    let Some(include) = include() else { return };
    let built = Built::new(&include, &programs::cross_stream(), &EmitOptions::default());
    let calls = assert_same_calls(&built);
    let log = Printed::lines(&built.lowered);
    for fail_at in 1..=calls {
        let output = built.run(fail_at);
        let (text, errors) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        let call = log[fail_at - 1].split('(').next().unwrap();
        assert!(!output.status.success(), "{fail_at} {call}: {text}");
        assert!(
            errors.lines().next().unwrap().ends_with(&format!("{call} returned 507899")),
            "{call}: {errors}"
        );
        assert!(text.ends_with("end: captures=0 exchange=0 metadata=0\n"), "{fail_at} {call}:\n{text}");
        // What the runtime refuses to release stays; nothing else does.
        let leaks = text.lines().filter(|line| line.starts_with("LEAK")).count();
        let refused = call.contains("Destroy") || call.contains("Free");
        assert_eq!(leaks, usize::from(refused), "{fail_at} {call}:\n{text}");
        let count =
            |api: &str| text.lines().filter(|line| line.starts_with(api) && !line.ends_with("fails")).count();
        assert_eq!(
            count("aclInit"),
            count("aclFinalize") + usize::from(call == "aclFinalize"),
            "{call}:\n{text}"
        );
    }
}

/// Programs with every form of the host program, and what passes make of programs: as they are, divided at updates, with all steps of
/// the graph engine, optimised.
#[test]
fn programs_of_the_test_data_make_the_calls_of_their_logs() {
    let Some(include) = include() else { return };
    let only = std::env::var("ACG_CPP_PROGRAM").ok();
    let mut programs = Vec::new();
    for folder in ["testdata/seeds", "crates/backend-acl/tests/host_programs"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if only.as_ref().is_some_and(|only| *only != name) {
                continue;
            }
            // The recorder computes nothing, so nothing is as expected.
            let text = std::fs::read_to_string(&path).unwrap();
            let is_call = |line: &&str| !line.trim_start().starts_with("expect ");
            let text = text.lines().filter(is_call).collect::<Vec<_>>().join("\n");
            // Of the seeds those with forms of the host program, as they are; all of them are compiled elsewhere.
            let is_seed = folder.ends_with("seeds");
            if is_seed && !["while", " session ", " om ", "update "].iter().any(|form| text.contains(form)) {
                continue;
            }
            let count = if is_seed { 1 } else { usize::MAX };
            let forms = forms(&name, &text).into_iter().take(count);
            programs.extend(forms.map(|(form, module)| (format!("{name}, {form}"), module)));
        }
    }
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let calls = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (programs, calls, include) = (&programs, &calls, &include);
            scope.spawn(move || {
                for (name, module) in programs.iter().skip(worker).step_by(workers) {
                    println!("{name}");
                    let made = assert_same_calls(&Built::new(include, module, &EmitOptions::default()));
                    calls.fetch_add(made, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
    });
    let calls = calls.into_inner();
    assert!(only.is_some() || (programs.len() > 15 && calls > 500), "{calls} calls of {}", programs.len());
}

/// The forms of a program, each with what it is called.
fn forms(name: &str, text: &str) -> Vec<(&'static str, Module)> {
    let mut sources = acg_check::Sources::new();
    let file = sources.add(format!("{name}.acg"), text.to_owned());
    let parsed = acg_parser::parse(file, text);
    assert!(parsed.complete, "{name}");
    let mut forms = Vec::new();
    if !parsed.module.graphs.values().any(acg_ir::Graph::is_auto) {
        forms.push(("as it is", parsed.module));
    }
    let options = [
        (
            "divided",
            acg_check::CompileOptions {
                update_method: Some(acg_check::UpdateMethod::Segments),
                ..Default::default()
            },
        ),
        ("spelled out", acg_check::CompileOptions { explicit_ge: true, ..Default::default() }),
        (
            "optimised",
            acg_check::CompileOptions { level: Some(acg_check::OptLevel::O2), ..Default::default() },
        ),
    ];
    for (form, options) in options {
        let choice = acg_check::TargetChoice::default();
        let made = acg_check::optimise_program(&sources, file, &choice, None, &options, false, |_, _| {});
        // A program that the runtime rejects, or that cannot be divided, has no such form.
        if let Ok((module, _)) = made
            && forms
                .last()
                .is_none_or(|(_, last)| acg_ir::print::print(last) != acg_ir::print::print(&module))
        {
            forms.push((form, module));
        }
    }
    forms
}
