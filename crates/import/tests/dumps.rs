//! Every dump of the corpus becomes a program that is read without diagnostics and, where the information of the dump suffices,
//! compiles back to it: on the machine that its `target` line names, and on the machine that wrote the dump.

mod corpus;

use std::collections::BTreeMap;

use acg_import::{DumpError, dump_agreement, import_dumps};
use acg_trace::Trace;

#[derive(Default)]
struct Figures {
    dumps: usize,
    agree: usize,
    agree_on_variant: usize,
    reasons: BTreeMap<String, (usize, String)>,
}

#[test]
fn programs_of_dumps_compile_back_to_them() {
    for root in corpus::roots() {
        let mut figures = Figures::default();
        for case in corpus::cases(&root, "json") {
            compare(&case, &mut figures);
        }
        let Figures { dumps, agree, agree_on_variant, reasons } = figures;
        println!("{}: {agree} of {dumps} dumps agree, {agree_on_variant} on the machine that wrote them", root.display());
        for (reason, (count, example)) in &reasons {
            println!("  {count:5} {reason}   e.g. {example}");
        }
    }
}

fn compare(case: &corpus::Case, figures: &mut Figures) {
    figures.dumps += 1;
    let reading = acg_dump::read_any(&mut case.text.as_bytes()).unwrap();
    let traces: Vec<Trace> = reading.dumps.into_iter().map(Trace::of).collect();
    let is_verbose = case.text.contains("\"Kernel Args\"");
    let mut failed = |reason: String| {
        let (count, _) = figures.reasons.entry(reason).or_insert_with(|| (0, case.name.clone()));
        *count += 1;
    };
    let imported = match import_dumps(&traces, "captured", None) {
        Ok(imported) => imported,
        Err(DumpError::Unsayable(found)) => return failed(found[0].why.to_owned()),
        Err(error) => return failed(error.to_string()),
    };
    let module = corpus::reread(&case.name, &imported.module);
    let agreement = dump_agreement(&case.text, &module, is_verbose, &imported.target.machine().unwrap());
    if dump_agreement(&case.text, &module, is_verbose, &case.profile).is_complete() {
        figures.agree_on_variant += 1;
    }
    match agreement.disagreements.first() {
        None => figures.agree += 1,
        Some(first) => failed(first.text.clone()),
    }
}
