//! Every log of the corpus becomes a program that is read without diagnostics; where its information suffices, the program makes
//! the same calls with the same codes and prints the same dumps.

mod corpus;

use std::collections::BTreeMap;

use acg_import::{LogError, RemarkKind, import_log, log_agreement};

#[derive(Default)]
struct Figures {
    logs: usize,
    without_capture: usize,
    agree: usize,
    calls: usize,
    dumps: usize,
    reasons: BTreeMap<String, usize>,
    examples: BTreeMap<String, String>,
}

#[test]
fn programs_of_logs_do_what_the_logs_do() {
    for root in corpus::roots() {
        let mut figures = Figures::default();
        for case in corpus::cases(&root, "calls") {
            compare(&case, &mut figures);
        }
        let Figures { logs, without_capture, agree, calls, dumps, reasons, examples } = figures;
        println!("{}: {agree} of {logs} logs agree, {without_capture} have no capture; {calls} calls, {dumps} dumps", root.display());
        for (reason, count) in &reasons {
            println!("  {count:5} {reason}   e.g. {}", examples[reason]);
        }
    }
}

fn compare(case: &corpus::Case, figures: &mut Figures) {
    figures.logs += 1;
    let log = corpus::read_log(&case.name, &case.text);
    let mut imported = match import_log(&log, &case.profile, Some((case.profile.name, None))) {
        Ok(imported) => imported,
        Err(LogError::NoCapture) => return figures.without_capture += 1,
        Err(error) => panic!("{}: {error}", case.name),
    };
    imported.module = corpus::reread(&case.name, &imported.module);
    let agreement = log_agreement(&log, &imported, &case.profile);
    figures.calls += agreement.calls;
    figures.dumps += agreement.dumps;
    let Some(first) = agreement.disagreements.first() else {
        figures.agree += 1;
        return;
    };
    let left_out = imported.remarks.iter().filter(|remark| remark.kind == RemarkKind::LeftOut && remark.call.is_some());
    let reason = left_out.map(|remark| remark.text.clone()).next().unwrap_or_else(|| {
        first.text.split(',').next().unwrap_or_default().to_owned()
    });
    let reason = if agreement.dumps == 0 { format!("{reason} [no dumps]") } else { reason };
    figures.examples.entry(reason.clone()).or_insert_with(|| format!("{}: {}", case.name, first.text));
    *figures.reasons.entry(reason).or_default() += 1;
}
