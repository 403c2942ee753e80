//! Every dump of the corpus becomes a program that is read without diagnostics and compiles back to the dump, on the machine that
//! its `target` line names; where it does not, the dump holds something that no program says yet.

mod corpus;

use std::collections::BTreeMap;

use acg_import::{DumpError, RemarkKind, detect, dump_agreement, import_dumps};
use acg_trace::Trace;

#[test]
fn programs_of_dumps_compile_back_to_them() {
    let root = corpus::root();
    let cases = corpus::cases(&root, "json");
    let mut agree = 0;
    let mut reasons: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for case in &cases {
        match compare(case) {
            None => agree += 1,
            Some(reason) => reasons.entry(reason).or_insert_with(|| (0, case.name.clone())).0 += 1,
        }
    }
    println!("{agree} of {} dumps agree", cases.len());
    for (reason, (count, example)) in &reasons {
        println!("{count:5} {reason}, such as {example}");
    }
    assert!(!cases.is_empty() && agree == cases.len(), "{agree} of {}", cases.len());
}

/// Why the program of a dump differs from it.
fn compare(case: &corpus::Case) -> Option<String> {
    let reading = acg_dump::read_any(&mut case.text.as_bytes()).unwrap();
    let traces: Vec<Trace> = reading.dumps.into_iter().map(Trace::of).collect();
    let is_verbose = case.text.contains("\"Kernel Args\"");
    let imported = match import_dumps(&traces, "captured", detect(&traces)) {
        Ok(imported) => imported,
        Err(DumpError::Unsayable(found)) => return Some(found[0].why.to_owned()),
        Err(error) => panic!("{}: {error}", case.name),
    };
    let module = corpus::reread(&case.name, &imported.module);
    let machine = imported.target.machine().unwrap();
    let agreement = dump_agreement(std::slice::from_ref(&case.text), &module, is_verbose, &machine);
    let first = agreement.disagreements.first()?;
    // A difference that no remark tells of is a mistake.
    let told = imported
        .remarks
        .iter()
        .find(|remark| remark.kind == RemarkKind::LeftOut || remark.text.starts_with("events are not reset"));
    let told = told.unwrap_or_else(|| panic!("{}: {}", case.name, first.text));
    Some(told.text.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned())
}
