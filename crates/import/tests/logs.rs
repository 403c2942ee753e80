//! Every log of the corpus becomes a program that is read without diagnostics, makes the calls of the log with the same codes and
//! prints the same dumps.

mod corpus;

use acg_import::{TargetName, import_log, log_agreement};

#[test]
fn programs_of_logs_do_what_the_logs_do() {
    let root = corpus::root();
    let cases = corpus::cases(&root, "calls");
    let (mut calls, mut dumps) = (0, 0);
    for case in &cases {
        let log = corpus::read_log(&case.name, &case.text);
        let target = TargetName::new(case.profile.name);
        let mut imported = import_log(&log, &case.profile, Some(&target))
            .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let text = acg_ir::print::print(&imported.module);
        assert!(!text.contains("// left out:"), "{}: {text}", case.name);
        imported.module = corpus::reread(&case.name, &imported.module);
        let agreement = log_agreement(&log, &imported, &case.profile);
        assert!(agreement.is_complete(), "{}: {:?}", case.name, agreement.disagreements);
        calls += agreement.calls;
        dumps += agreement.dumps;
    }
    println!("{} logs agree: {calls} calls, {dumps} dumps", cases.len());
    assert!(!cases.is_empty() && calls > 0 && dumps > 0);
}
