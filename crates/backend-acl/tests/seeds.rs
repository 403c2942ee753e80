//! The published sample programs: their calls, their C++, and the lines that both come from.

use std::path::{Path, PathBuf};

use acg_backend_acl::{EmitOptions, LowerOptions, Origins, emit_cpp, lower};
use acg_calls::Api;
use acg_diagnostics::Sources;
use acg_ir::{Module, verify};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/seeds")
}

fn module(text: &str) -> Module {
    let mut sources = Sources::new();
    let file = sources.add("seed.acg", text);
    let parsed = acg_parser::parse(file, text);
    assert!(parsed.complete, "{:?}", parsed.diagnostics);
    parsed.module
}

fn assert_same(path: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, text).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    let diff = similar::TextDiff::from_lines(expected.as_str(), text);
    assert!(text == expected, "{}: BLESS=1 writes it anew\n{}", path.display(), diff.unified_diff());
}

#[test]
fn calls_are_traced_to_their_lines() {
    let text = std::fs::read_to_string(folder().join("cross_stream.acg")).unwrap();
    let module = module(&text);
    let lowered = lower(&verify(&module).unwrap(), &LowerOptions::default());
    let origins = Origins::of(&module, &lowered);
    let line = |api: Api| {
        let call = lowered.log.iter().find(|call| call.api() == api).unwrap();
        let range = origins.line(call.id).unwrap();
        &text[range.start as usize..range.end as usize]
    };
    assert!(line(Api::RiCaptureBegin).starts_with("graph add on stream1"), "{}", line(Api::RiCaptureBegin));
    assert!(line(Api::Memcpy).contains("copy_sync other_h -> other"), "{}", line(Api::Memcpy));
    assert!(line(Api::Aclnn).contains("aclnnAdd(self, other, alpha = 1.1) -> out"), "{}", line(Api::Aclnn));
    assert_eq!(line(Api::RiCaptureEnd), "}");
}

#[test]
fn a_session_gives_its_graphs_the_streams_of_the_source() {
    let text = std::fs::read_to_string(folder().join("ge_async.acg")).unwrap();
    let module = module(&text);
    let emitted = emit_cpp(&verify(&module).unwrap(), &EmitOptions::default());
    for call in
        ["LoadGraph(0, {}, stream1_.get())", "RunGraphWithStreamAsync(0, stream1_.get(), inputs, outputs)"]
    {
        assert!(emitted.contains(call), "{call}\n{emitted}");
    }
}

#[test]
fn programs_are_as_expected() {
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds");
    for name in ["single_stream", "cross_stream", "task_group"] {
        let text = std::fs::read_to_string(folder().join(name).with_extension("acg")).unwrap();
        let module = module(&text);
        let verified = verify(&module).unwrap();
        let calls = lower(&verified, &LowerOptions::default()).log.to_text();
        assert_same(&expected.join(name).with_extension("calls"), &calls);
    }
    // One program shows what the C++ looks like; `cpp_compiles` compiles all of them.
    let text = std::fs::read_to_string(folder().join("cross_stream.acg")).unwrap();
    let mut module = module(&text);
    module.run = None;
    let options =
        EmitOptions { source_name: "cross_stream.acg", source_text: &text, ..EmitOptions::default() };
    assert_same(&expected.join("cross_stream.cpp"), &emit_cpp(&verify(&module).unwrap(), &options));
}
