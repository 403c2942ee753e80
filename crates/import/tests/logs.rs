//! Every log of the corpus becomes a program that is read without diagnostics, makes the calls of the log with the same codes and
//! prints the same dumps.

mod corpus;

use acg_import::{TargetName, import_log, log_agreement};

#[test]
fn programs_of_logs_do_what_the_logs_do() {
    let root = corpus::root();
    let cases = corpus::cases(&root, "calls");
    let (mut calls, mut dumps, mut left_out) = (0, 0, 0);
    for case in &cases {
        let log = corpus::read_log(&case.name, &case.text);
        let target = TargetName::new(case.profile.name);
        let mut imported = import_log(&log, &case.profile, Some(&target))
            .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        left_out += acg_ir::print::print(&imported.module).matches("// left out:").count();
        imported.module = corpus::reread(&case.name, &imported.module);
        let agreement = log_agreement(&log, &imported, &case.profile);
        assert!(agreement.is_complete(), "{}: {:?}", case.name, agreement.disagreements);
        calls += agreement.calls;
        dumps += agreement.dumps;
    }
    println!("{} logs agree: {calls} calls, {dumps} dumps; {left_out} calls are left out", cases.len());
    assert!(!cases.is_empty() && calls > 0 && dumps > 0);
    // Dumps of branches that something has changed since; nothing names them.
    assert!(left_out * 500 <= calls, "{left_out} of {calls} calls are left out");
}
