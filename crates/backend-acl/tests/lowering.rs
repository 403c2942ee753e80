//! Lowering: every form becomes calls that the log's own reader accepts, and everything made is released.

mod programs;

use std::collections::BTreeMap;

use acg_backend_acl::{Cause, Declaration, LowerOptions, Lowered, Phase, lower};
use acg_calls::{Api, Arg, Handle, Kind};
use acg_ir::{Entity, Module, verify};
use programs::{every_form, generated};
use proptest::prelude::*;

fn lowered(module: &Module, options: &LowerOptions) -> Lowered {
    let verified = verify(module).unwrap_or_else(|violations| panic!("{violations:?}"));
    lower(&verified, options)
}

/// The log's own reader takes the text and gives it back.
fn assert_readable(lowered: &Lowered) {
    let text = lowered.log.to_text();
    let mut sources = acg_diagnostics::Sources::new();
    let file = sources.add("x.calls", text.clone());
    let reading = acg_calls::read(file, &text);
    assert_eq!(format!("{:?}", reading.diagnostics), "[]", "{text}");
    assert_eq!(reading.log.to_text(), text);
}

/// Every call has a cause, every handle a declaration.
fn assert_traced(lowered: &Lowered) {
    assert_eq!(lowered.causes.len(), lowered.log.len());
    for call in lowered.log.iter() {
        for (param, arg) in call.api().params().iter().zip(call.args()) {
            if let (Kind::Out(_) | Kind::OutAddress, Arg::Out(name)) = (param.kind, arg) {
                assert!(lowered.declaration(name).is_some(), "{call}");
            }
        }
    }
}

/// What is made is released exactly once, models first and memory last.
fn assert_balanced(lowered: &Lowered) {
    let mut live: BTreeMap<&str, Api> = BTreeMap::new();
    let mut last_kind = 0;
    for call in lowered.log.iter() {
        let (api, text) = (call.api(), |at| lowered.log.text(call.name(at).unwrap()));
        let made = match api {
            Api::RiCaptureEnd => call.out(1),
            Api::HostRegister | Api::RiCaptureTaskGrpEnd => None,
            _ => match api.params().first().map(|param| param.kind) {
                Some(Kind::Out(Handle::Stream | Handle::Event | Handle::Notify) | Kind::OutAddress) => {
                    call.out(0)
                }
                _ => None,
            },
        };
        if let Some(name) = made {
            assert_eq!(live.insert(lowered.log.text(name), api), None, "made twice: {call}");
        }
        let kind = match api {
            Api::RiDestroy => 1,
            Api::DestroyStream => 2,
            Api::DestroyEvent => 3,
            Api::DestroyNotify => 4,
            Api::Free | Api::FreeHost | Api::CFree => 5,
            _ => continue,
        };
        assert!(live.remove(text(0)).is_some(), "released twice: {call}");
        if matches!(lowered.causes.of(call.id), Some(Cause::Declaration(_))) {
            assert!(kind >= last_kind, "out of order: {call}");
            last_kind = kind;
        }
    }
    assert_eq!(live, BTreeMap::new());
    let count = |api| lowered.log.iter().filter(|call| call.api() == api).count();
    assert_eq!(count(Api::RiCaptureBegin), count(Api::RiCaptureEnd));
    assert_eq!(count(Api::RiCaptureTaskGrpBegin), count(Api::RiCaptureTaskGrpEnd));
    assert_eq!(count(Api::AclnnGetWorkspaceSize), count(Api::Aclnn));
    assert_eq!(count(Api::AclInit), count(Api::AclFinalize));
    assert_eq!(count(Api::SetDevice), count(Api::ResetDevice));
    assert_eq!(count(Api::SubscribeReport), count(Api::UnSubscribeReport));
}

#[test]
fn every_form_lowers() {
    let lowered = lowered(&every_form(), &LowerOptions { executions: 2, ..LowerOptions::default() });
    assert_eq!(lowered.problems, []);
    assert_readable(&lowered);
    assert_traced(&lowered);
    assert_balanced(&lowered);
    let expected = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/every_form.calls");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&expected, lowered.log.to_text()).unwrap();
    }
    assert_eq!(lowered.log.to_text(), std::fs::read_to_string(expected).unwrap(), "BLESS=1 writes it anew");
}

#[test]
fn phases_follow_each_other() {
    let lowered = lowered(&every_form(), &LowerOptions { executions: 1, ..LowerOptions::default() });
    let first = |phase| lowered.phases.iter().find(|entry| entry.0 == phase).unwrap().1;
    let graph = acg_ir::GraphId::at(0);
    assert!(lowered.phases.windows(2).all(|pair| pair[0].1 <= pair[1].1));
    assert_eq!(lowered.log[first(Phase::Initialise)].api, Api::AclInit);
    assert_eq!(lowered.log[first(Phase::Capture(graph))].api, Api::RiCaptureBegin);
    assert_eq!(lowered.log[first(Phase::Execute(graph))].api, Api::RiExecuteAsync);
    let model = lowered.log.names().find("add_model").unwrap();
    assert_eq!(lowered.declaration(model), Some(Declaration::Model(graph)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn generated_modules_lower(module in generated(), executions in 0u32..3) {
        let lowered = lowered(&module, &LowerOptions { executions, ..LowerOptions::default() });
        assert_readable(&lowered);
        assert_traced(&lowered);
        assert_balanced(&lowered);
    }
}
