//! Emitted C++ makes the calls of the log, and cleans up after a failure of any of them.
//!
//! Programs are linked with a library that prints its calls (`recorder/`) and run.

mod headers;
mod programs;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use acg_backend_acl::{CppOptions, LowerOptions, Lowered, emit_cpp, lower};
use acg_calls::{Api, Arg, CallView, Name};
use acg_ir::{Module, Op, verify};
use acg_operators::{Operator, OperatorId, ParameterKind};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// An emitted program, linked with the recorder.
struct Built {
    directory: tempfile::TempDir,
    lowered: Lowered,
}

impl Built {
    fn new(include: &Path, module: &Module, options: &CppOptions<'_>) -> Self {
        let verified = verify(module).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let program = directory.path().join("program.cpp");
        std::fs::write(&program, emit_cpp(&verified, options)).unwrap();
        let recorder = directory.path().join("recorder.cpp");
        std::fs::write(&recorder, recorder_text(module)).unwrap();
        let output = Command::new("g++")
            .args(["-std=c++17", "-pthread", "-isystem"])
            .arg(include)
            .args([&program, &recorder])
            .arg("-o")
            .arg(directory.path().join("program"))
            .output()
            .expect("g++ runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { directory, lowered: lower(&verified, &options.lower) }
    }

    fn run(&self, fail_at: usize) -> Output {
        Command::new(self.directory.path().join("program"))
            .env("ACG_FAIL_AT", fail_at.to_string())
            .env("ACG_WORKSPACES", workspaces(&self.lowered))
            .output()
            .unwrap()
    }
}

/// The recorder with a first and second phase for every operator of the module.
fn recorder_text(module: &Module) -> String {
    let mut text = include_str!("recorder/acl_recorder.cpp").to_owned();
    let ops = module.graphs.values().flat_map(|graph| graph.tasks.values()).map(|data| data.op);
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

/// The workspaces that the log allocates, in order of the first phases.
fn workspaces(lowered: &Lowered) -> String {
    let calls: Vec<_> = lowered.log.iter().collect();
    let mut text = String::new();
    for pair in calls.windows(2).filter(|pair| pair[0].api() == Api::AclnnGetWorkspaceSize) {
        let same = lowered.causes[pair[0].id.index()] == lowered.causes[pair[1].id.index()];
        let size = if same && pair[1].api() == Api::Malloc { pair[1].int(1).unwrap() } else { 0 };
        write!(text, "{size} ").unwrap();
    }
    text
}

/// The log as the recorder prints it.
struct Printed<'l> {
    lowered: &'l Lowered,
    numbers: BTreeMap<Name, String>,
    made: usize,
}

impl Printed<'_> {
    fn lines(lowered: &Lowered) -> Vec<String> {
        let mut printed = Printed { lowered, numbers: BTreeMap::new(), made: 0 };
        lowered.log.iter().filter_map(|call| printed.line(&call)).collect()
    }

    fn line(&mut self, call: &CallView<'_>) -> Option<String> {
        let api = call.api();
        if matches!(api, Api::CMalloc | Api::CFree) {
            if let Some(name) = call.out(0) {
                self.numbers.insert(name, "?".to_owned());
            }
            return None;
        }
        let arguments: Vec<_> = (0..call.args().len()).map(|at| self.argument(call, at)).collect();
        let name = match (api, call.operator()) {
            (Api::Aclnn, Some(operator)) => format!("aclnn{operator}"),
            (Api::AclnnGetWorkspaceSize, Some(operator)) => format!("aclnn{operator}GetWorkspaceSize"),
            _ => api.as_str().to_owned(),
        };
        if matches!(
            api,
            Api::Free
                | Api::FreeHost
                | Api::DestroyStream
                | Api::DestroyEvent
                | Api::DestroyNotify
                | Api::RiDestroy
        ) && let Some(name) = call.name(0)
        {
            self.numbers.insert(name, "0".to_owned());
        }
        Some(format!("{name}({})", arguments.join(", ")))
    }

    fn argument(&mut self, call: &CallView<'_>, at: usize) -> String {
        let arg = call.args()[at];
        let is_size = call.api() == Api::AclnnGetWorkspaceSize && at + 2 == call.args().len();
        match (call.api(), at) {
            (Api::LaunchKernel, 2) if arg != Arg::Null => return "_".to_owned(),
            (Api::StreamQuery | Api::QueryEventStatus, 1) | (Api::EventElapsedTime, 0) => {
                return "&_".to_owned();
            }
            (Api::MemcpyBatchAsync, 8) => return "&_".to_owned(),
            _ if is_size => return "&_".to_owned(),
            (Api::AclnnGetWorkspaceSize, _) if matches!(arg, Arg::Text(_)) || is_dtype(call, at) => {
                return "_".to_owned();
            }
            _ => {}
        }
        self.printed(call, arg)
    }

    fn printed(&mut self, call: &CallView<'_>, arg: Arg) -> String {
        match arg {
            Arg::Null => "0".to_owned(),
            Arg::Int(value) | Arg::Exchange(value) => value.to_string(),
            Arg::Name(name) => self.numbers.get(&name).cloned().unwrap_or_else(|| "_".to_owned()),
            Arg::Offset { base, bytes } => match self.numbers.get(&base).map(String::as_str) {
                Some("?") => "?".to_owned(),
                Some(number) => format!("{number}+{bytes}"),
                None => "_".to_owned(),
            },
            Arg::Out(name) => {
                self.made += 1;
                self.numbers.insert(name, format!("#{}", self.made));
                format!("&#{}", self.made)
            }
            Arg::Text(text) => self.lowered.log.text(text).to_owned(),
            Arg::Kernel(kernel) => {
                self.lowered.log.text(self.lowered.log.kernel(kernel).name.unwrap()).to_owned()
            }
            Arg::Struct(_) | Arg::List(_) => {
                let items = call.items(arg).unwrap();
                let items: Vec<_> = items.iter().map(|&item| self.printed(call, item)).collect();
                let (open, close) = if matches!(arg, Arg::List(_)) { ('[', ']') } else { ('{', '}') };
                format!("{open}{}{close}", items.join(", "))
            }
        }
    }
}

/// Whether the argument of a first phase is a data type, which a default may take from a tensor.
fn is_dtype(call: &CallView<'_>, at: usize) -> bool {
    let operator = call.operator().and_then(|name| Operator::find(&format!("aclnn{name}")));
    let parameter = operator.and_then(|operator| operator.parameters().get(at));
    parameter.is_some_and(|parameter| parameter.kind == ParameterKind::DType)
}

fn include() -> Option<PathBuf> {
    headers::acl_include()
}

fn assert_same_calls(built: &Built) -> usize {
    let output = built.run(0);
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<_> = text.lines().collect();
    let end = lines.pop().unwrap();
    assert_eq!(lines.join("\n"), Printed::lines(&built.lowered).join("\n"));
    assert!(end.starts_with("end: captures=0 ") && end.ends_with(" metadata=0"), "{end}");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    lines.len()
}

#[test]
fn a_program_makes_the_calls_of_the_log() {
    let Some(include) = include() else { return };
    let options = CppOptions {
        lower: LowerOptions { executions: 3, ..LowerOptions::default() },
        ..CppOptions::default()
    };
    assert_same_calls(&Built::new(&include, &programs::every_form(), &options));
}

#[test]
fn every_operator_takes_the_arguments_of_the_log() {
    let Some(include) = include() else { return };
    assert_same_calls(&Built::new(&include, &programs::every_operator(), &CppOptions::default()));
}

#[test]
fn generated_programs_make_the_calls_of_the_log() {
    let Some(include) = include() else { return };
    let mut runner = TestRunner::deterministic();
    for _ in 0..2 {
        let module = programs::generated().new_tree(&mut runner).unwrap().current();
        assert_same_calls(&Built::new(&include, &module, &CppOptions::default()));
    }
}

#[test]
fn any_failure_is_cleaned_up() {
    let Some(include) = include() else { return };
    let built = Built::new(&include, &programs::cross_stream(), &CppOptions::default());
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
