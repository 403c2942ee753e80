//! Dumps in a shorthand, checked.
//!
//! A line is a stream, newest first, `id: task; task`. `record 1`, `wait 1` and `reset 1` are of events, `notify 1` and `await 1` of
//! notifies, `write 1` and `value 1` of values, `active 5` starts stream 5; `name` is a kernel, `name=20` one that needs 20 vector
//! cores at once, `name~20` one that takes 20 as they come, `name&24` a mixed one of 24 blocks.

use std::fmt::Write as _;

use acg_diagnostics::{Diagnostic, Sources};
use acg_dump_check::Subject;
use acg_target::Profile;
use acg_trace::Trace;

/// The text of the dump that `shorthand` stands for, of process `pid`.
pub(crate) fn text(shorthand: &str, pid: u32) -> String {
    let mut records = Vec::new();
    for line in shorthand.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (stream, tasks) = line.split_once(':').expect("a stream id and a colon");
        let tasks = tasks.split(';').map(str::trim).filter(|task| !task.is_empty());
        for (number, task) in tasks.enumerate() {
            records.push(record(pid, stream, number, task));
        }
    }
    format!("[\n{}\n]", records.join(",\n"))
}

fn record(pid: u32, stream: &str, number: usize, task: &str) -> String {
    let (word, argument) = task.split_once(' ').unwrap_or((task, ""));
    let mut columns = String::new();
    let (name, task_type) = match word {
        "record" | "wait" | "reset" => {
            let task_type = format!("EVENT_{}", word.to_uppercase());
            (format!("{task_type}_{argument}"), task_type)
        }
        "notify" => (format!("NOTIFY_RECORD_{argument}"), "NOTIFY_RECORD".to_owned()),
        "await" => (format!("NOTIFY_WAIT_{argument}"), "NOTIFY_WAIT".to_owned()),
        "write" => (format!("MEM_WRITE_VALUE_{argument}"), "MEM_WRITE_VALUE".to_owned()),
        "value" => (format!("MEM_WAIT_VALUE_{argument}"), "MEM_WAIT_VALUE".to_owned()),
        "active" => {
            let _ = write!(columns, ",\"Active Stream Id\":{argument}");
            ("STREAM_ACTIVE".to_owned(), "STREAM_ACTIVE".to_owned())
        }
        _ => {
            let end = word.find(['=', '~', '&']).unwrap_or(word.len());
            let (name, rest) = word.split_at(end);
            let blocks = rest.get(1..).filter(|blocks| !blocks.is_empty()).unwrap_or("8");
            let _ = write!(columns, ",\"Numblocks\":{blocks}");
            let is_mixed = rest.starts_with('&');
            if is_mixed {
                columns.push_str(",\"Task Ration\":2");
            }
            let _ = write!(columns, ",\"Schem Mode\":{}", u32::from(rest.starts_with(['=', '&'])));
            (name.to_owned(), if is_mixed { "KERNEL_MIX_AIC" } else { "KERNEL_AIVEC" }.to_owned())
        }
    };
    let start = number * 10;
    format!(
        "{{\"name\":\"{name}\",\"pid\":\"{pid} aclGraph\",\"tid\":\"stream{stream}\",\"ts\":{start},\"dur\":9.5,\"ph\":\"X\",\
         \"args\":{{\"Model Id\":0,\"Stream Id\":{stream},\"Task Id\":{number},\"Task Type\":\"{task_type}\"{columns}}}}}"
    )
}

/// What is wrong with dumps of these names and texts, on the machine called `profile`.
pub(crate) fn check_texts(files: &[(&str, &str)], profile: &str) -> (Vec<Diagnostic>, Sources) {
    let profile = Profile::find(profile).expect("a profile of this name");
    let mut sources = Sources::new();
    let ids: Vec<_> = files.iter().map(|(name, text)| sources.add(*name, *text)).collect();
    let traces: Vec<Trace> = files
        .iter()
        .map(|(_, text)| Trace::of(acg_dump::read_any(&mut text.as_bytes()).expect("a dump").dumps.remove(0)))
        .collect();
    let subjects: Vec<Subject<'_>> = (0..files.len())
        .map(|at| Subject { file: ids[at], name: files[at].0, trace: &traces[at], profile: &profile })
        .collect();
    (acg_dump_check::check(&subjects), sources)
}

/// What is wrong with one dump: the name of each rule with the names of the records that it points at.
pub(crate) fn check(shorthand: &str) -> Vec<String> {
    check_text(&text(shorthand, 7))
}

/// The same for the text of a dump.
pub(crate) fn check_text(text: &str) -> Vec<String> {
    let (diagnostics, sources) = check_texts(&[("modelRI.json", text)], "ascend910b");
    shown(&diagnostics, &sources)
}

/// What is wrong with the same graph on several ranks.
pub(crate) fn check_ranks(ranks: &[&str]) -> Vec<String> {
    let texts: Vec<(String, String)> = ranks
        .iter()
        .enumerate()
        .map(|(rank, shorthand)| (format!("rank{rank}.json"), text(shorthand, 100 + rank as u32)))
        .collect();
    let files: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (diagnostics, sources) = check_texts(&files, "ascend910b");
    shown(&diagnostics, &sources)
}

fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<String> {
    let name = |span| {
        let text: &str = sources.text(span);
        text.split('"').nth(3).unwrap_or("?").to_owned()
    };
    diagnostics
        .iter()
        .map(|found| {
            let places = std::iter::once(&found.primary).chain(&found.related);
            let names: Vec<String> = places.map(|label| name(label.span)).collect();
            format!("{}: {}", found.rule.name, names.join(" "))
        })
        .collect()
}
