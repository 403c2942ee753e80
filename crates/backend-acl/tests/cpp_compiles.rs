//! Emitted C++ compiles against the real ACL headers without a warning.
//!
//! The headers of the graph engine are in no public package; `graph_engine/` declares what programs use of them.
//!
//! The headers come from the public `torch-npu` package: `ACL_INCLUDE`, or what `.ci/acl-headers` has fetched.

mod headers;
mod programs;

use std::path::Path;
use std::process::Command;

use acg_backend_acl::{EmitOptions, LowerOptions, emit_cpp};
use acg_ir::{Module, verify};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

fn assert_compiles(include: &Path, name: &str, module: &Module, executions: u32) {
    let options = EmitOptions {
        lower: LowerOptions { executions, ..LowerOptions::default() },
        source_name: "a \"quoted\\name\".acg",
        source_text: "// a line \\\n",
    };
    let text = emit_cpp(&verify(module).unwrap(), &options);
    assert_eq!(text, emit_cpp(&verify(module).unwrap(), &options), "the same module gives the same text");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("program.cpp");
    std::fs::write(&file, &text).unwrap();
    let output = Command::new("g++")
        .args(["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-isystem"])
        .arg(include)
        .arg("-isystem")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graph_engine"))
        .arg(&file)
        .output()
        .expect("g++ runs");
    assert!(output.status.success(), "{name}: {}\n{text}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_form_compiles() {
    let Some(include) = headers::acl_include() else { return };
    assert_compiles(&include, "every form", &programs::every_form(), 1);
    assert_compiles(&include, "every form, executed often", &programs::every_form(), 8);
    assert_compiles(&include, "nothing", &Module::new(), 0);
}

#[test]
fn every_seed_program_compiles() {
    let Some(include) = headers::acl_include() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/seeds");
    let mut compiled = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let file = acg_diagnostics::Sources::new().add("seed.acg", text.as_str());
        let parsed = acg_parser::parse(file, &text);
        assert!(parsed.complete, "{}", path.display());
        assert_compiles(&include, &path.display().to_string(), &parsed.module, 1);
        compiled += 1;
    }
    assert!(compiled >= 4, "{compiled} seed programs");
}

#[test]
fn every_operator_compiles() {
    let Some(include) = headers::acl_include() else { return };
    assert_compiles(&include, "every operator", &programs::every_operator(), 1);
}

#[test]
fn generated_modules_compile() {
    let Some(include) = headers::acl_include() else { return };
    let mut runner = TestRunner::deterministic();
    for number in 0..6 {
        let module = programs::generated().new_tree(&mut runner).unwrap().current();
        assert_compiles(&include, &format!("generated {number}"), &module, number % 3);
    }
}
