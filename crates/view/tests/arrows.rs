//! Every wait has the arrow of its own record, also where `torch_npu`'s aligner draws none (users, section 3).

mod fixture;

use acg_view::{Format, Options};
use fixture::draw;

/// How many arrows a chrome trace of these streams has, newest first, whose tasks are `TYPE_ID`.
fn arrows(streams: &[&[&str]]) -> usize {
    let mut records = Vec::new();
    for (stream, tasks) in streams.iter().enumerate() {
        for (number, name) in tasks.iter().enumerate() {
            let task_type = name.rsplit_once('_').map_or(*name, |(task_type, _)| task_type);
            records.push(format!(
                r#"{{"name":"{name}","pid":"1 aclGraph","tid":"stream{stream}","ts":{number},"dur":9.5,"ph":"X","args":{{"Model Id":0,"Stream Id":{stream},"Task Id":{number},"Task Type":"{task_type}"}}}}"#
            ));
        }
    }
    let text = format!("[\n{}\n]", records.join(",\n"));
    let trace = draw("dump", &text, Format::Perfetto, Options { pack: false }).text;
    let trace: serde_json::Value = serde_json::from_str(&trace).expect("a trace is JSON");
    let events = trace["traceEvents"].as_array().or(trace.as_array()).expect("it has events");
    let count = |phase: &str| events.iter().filter(|event| event["ph"] == phase).count();
    assert_eq!(count("s"), count("f"), "{trace}");
    count("s")
}

#[test]
fn each_waiter_of_a_record_has_one() {
    let sides: [&[&str]; 2] = [&["EVENT_WAIT_0", "EVENT_RECORD_2"], &["EVENT_WAIT_0", "EVENT_RECORD_1"]];
    let origin: &[&str] = &["EVENT_RECORD_0", "EVENT_WAIT_1", "EVENT_WAIT_2"];
    assert_eq!(arrows(&[sides[0], sides[1], origin]), 4);
}

#[test]
fn each_record_of_an_event_has_its_own() {
    let side: &[&str] = &["EVENT_WAIT_0", "EVENT_RECORD_1", "EVENT_WAIT_0", "EVENT_RECORD_2"];
    let origin: &[&str] =
        &["EVENT_RECORD_0", "EVENT_WAIT_1", "EVENT_RECORD_0", "EVENT_WAIT_2", "EVENT_RESET_0"];
    assert_eq!(arrows(&[side, origin]), 4);
}

#[test]
fn notifies_have_them() {
    assert_eq!(arrows(&[&["NOTIFY_WAIT_8", "NOP"], &["NOTIFY_RECORD_8", "NOP"]]), 1);
}

#[test]
fn streams_that_wait_for_each_other_are_drawn() {
    let sides: [&[&str]; 2] = [
        &["EVENT_WAIT_3", "EVENT_RECORD_2"],
        &["EVENT_WAIT_0", "EVENT_WAIT_2", "EVENT_RECORD_1", "EVENT_RECORD_3"],
    ];
    assert_eq!(arrows(&[sides[0], sides[1], &["EVENT_RECORD_0", "EVENT_WAIT_1"]]), 4);
}
