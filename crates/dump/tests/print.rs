//! Every form of the dump, byte for byte.

use acg_dump::{Dump, Format, Info, Record, Suffix, TaskType, print, read};
use acg_target::{Cann, CodePath};

fn sample() -> Dump<'static> {
    let mut dump = Dump::new(2);
    dump.begin_stream(5);
    let kernel = Record::new(0, TaskType::KernelMixAic);
    let args = dump.push_args([0x12c1_8020_0010], 10);
    dump.push(Record {
        name: Some("Mat\"Mul"),
        blocks: Some(4),
        ration: Some(2),
        schem: Some(1),
        extend_info: Some(Info::Plain("layer\t1\0")),
        args: Some(args),
        ..kernel
    });
    dump.push(Record { active_stream: Some(6), ..Record::new(1, TaskType::StreamActive) });
    dump.begin_stream(6);
    dump.push(Record::new(0, TaskType::Nop));
    dump.push(Record { suffix: Suffix::Address(20_622_287_568_912), ..Record::new(1, TaskType::EventWait) });
    dump.push(Record { suffix: Suffix::Notify(3), ..Record::new(2, TaskType::NotifyRecord) });
    dump
}

fn printed(cann: Cann, path: CodePath, verbose: bool) -> String {
    print(&sample(), Format::new(cann, path), 77, verbose)
}

/// The line of the record that stands at `position`, between its name and its arguments.
fn line(text: &str, position: usize) -> &str {
    text.lines().nth(position + 1).unwrap()
}

#[test]
fn since_9_1_everything_is_printed() {
    let text = printed(Cann::new(9, 1, 0), CodePath::V100, true);
    let expected = concat!(
        "[\n",
        "{\"name\":\"Mat\"Mul\",\"pid\":\"77 aclGraph\",\"tid\":\"stream5\",\"ts\":0,\"dur\":9.5,\"ph\":\"X\",",
        "\"args\":{\"Model Id\":2,\"Stream Id\":5,\"Task Id\":0,\"Task Type\":\"KERNEL_MIX_AIC\",",
        "\"ExtendInfo\":\"layer\\t1\\u0000\",\"Numblocks\":4,\"Task Ration\":2,\"Schem Mode\":1,",
        "\"Kernel Args\":\"0x000012c180200010\",\"Kernel Args Size\":10}},\n",
        "{\"name\":\"STREAM_ACTIVE\",\"pid\":\"77 aclGraph\",\"tid\":\"stream5\",\"ts\":10,\"dur\":9.5,\"ph\":\"X\",",
        "\"args\":{\"Model Id\":2,\"Stream Id\":5,\"Task Id\":1,\"Task Type\":\"STREAM_ACTIVE\",\"Active Stream Id\":6}},\n",
        "{\"name\":\"NOP\",\"pid\":\"77 aclGraph\",\"tid\":\"stream6\",\"ts\":0,\"dur\":0.5,\"ph\":\"X\",",
        "\"args\":{\"Model Id\":2,\"Stream Id\":6,\"Task Id\":0,\"Task Type\":\"NOP\"}},\n",
        "{\"name\":\"EVENT_WAIT_20622287568912\",\"pid\":\"77 aclGraph\",\"tid\":\"stream6\",\"ts\":1,\"dur\":14.5,\"ph\":\"X\",",
        "\"args\":{\"Model Id\":2,\"Stream Id\":6,\"Task Id\":1,\"Task Type\":\"EVENT_WAIT\"}},\n",
        "{\"name\":\"NOTIFY_RECORD_3\",\"pid\":\"77 aclGraph\",\"tid\":\"stream6\",\"ts\":16,\"dur\":4.5,\"ph\":\"X\",",
        "\"args\":{\"Model Id\":2,\"Stream Id\":6,\"Task Id\":2,\"Task Type\":\"NOTIFY_RECORD\"}}\n",
        "]"
    );
    assert_eq!(text, expected);
    let summary = printed(Cann::new(9, 1, 0), CodePath::V100, false);
    assert_eq!(
        summary,
        expected.replace(",\"Kernel Args\":\"0x000012c180200010\",\"Kernel Args Size\":10", "")
    );
}

#[test]
fn release_9_0_spells_columns_otherwise_and_has_fewer() {
    let text = printed(Cann::new(9, 0, 1), CodePath::V100, true);
    assert!(
        line(&text, 0).ends_with(
            "\"Task Type\":\"KERNEL_MIX_AIC\",\"numBlocks\":4,\"Task Ration\":2,\"schemMode\":1}},"
        )
    );
    assert!(line(&text, 3).contains("\"ts\":1,\"dur\":14.5"));
}

#[test]
fn release_8_5_has_ids_only() {
    let text = printed(Cann::new(8, 5, 0), CodePath::V100, true);
    assert!(line(&text, 0).ends_with("\"args\":{\"Model Id\":2,\"Stream Id\":5,\"Task Id\":0}},"));
    assert!(line(&text, 4).contains("\"ts\":20,\"dur\":9.5"));
}

#[test]
fn the_950_printer_is_another() {
    let text = printed(Cann::new(9, 2, 0), CodePath::David, true);
    assert!(line(&text, 1).ends_with("\"Task Type\":\"STREAM_ACTIVE\",\"Active Stream Id\":-1}},"));
    assert!(line(&text, 4).contains("\"ts\":20,\"dur\":9.5"));
    let untyped = printed(Cann::new(9, 0, 1), CodePath::David, true);
    assert!(line(&untyped, 0).ends_with("\"Task Id\":0,\"Task Type\":\"\"}},"));
    assert!(line(&untyped, 1).ends_with("\"Task Id\":1,\"Task Type\":\"\"}},"));
}

#[test]
fn a_last_stream_without_records_leaves_a_comma() {
    let format = Format::new(Cann::new(9, 2, 0), CodePath::V100);
    let mut dump = sample();
    dump.begin_stream(1);
    assert!(print(&dump, format, 0, false).ends_with("}},\n]"));
    let mut empty = Dump::new(0);
    assert_eq!(print(&empty, format, 0, false), "[\n]");
    empty.begin_stream(1);
    assert_eq!(print(&empty, format, 0, false), "[\n]");
    // An empty stream before others changes nothing.
    let mut first = Dump::new(0);
    first.begin_stream(2);
    first.begin_stream(1);
    first.push(Record::new(0, TaskType::Nop));
    assert!(print(&first, format, 0, false).ends_with("}}\n]"));
}

#[test]
fn every_form_reads_and_reprints() {
    for cann in [Cann::new(8, 5, 0), Cann::new(9, 0, 1), Cann::new(9, 1, 0), Cann::new(9, 2, 0)] {
        for path in [CodePath::V100, CodePath::David] {
            let text = printed(cann, path, true);
            let reading = read(&text).unwrap();
            assert_eq!(print(&reading.dump, Format::new(cann, path), reading.pid, true), text, "{cann}");
        }
    }
}

#[test]
fn other_text_is_refused_with_its_line() {
    let text = printed(Cann::new(9, 2, 0), CodePath::V100, true);
    let error = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(error(""), "line 1: expected `[` alone");
    assert_eq!(error("[]"), "line 1: expected `[` alone");
    assert_eq!(error("[\n]\n"), "line 2: expected `{\"name\":\"`, found `]`");
    assert_eq!(error("[\n"), "line 2: expected `]` alone, without a line end");
    assert_eq!(error(&text.replacen("}},\n", "}}\n", 1)), "line 3: the record before has no comma");
    let refused =
        |from: &str, to: &str, message: &str| assert_eq!(error(&text.replacen(from, to, 1)), message);
    refused(
        "\"Task Id\":0",
        "\"Task Id\":00",
        "line 2: `Task Id` is `00`, which is no number that it can be",
    );
    refused("\"tid\":\"stream5", "\"tid\":\"stream4", "line 2: `Stream Id` is 5, but `tid` is stream4");
    refused("9.5", "9.6", "line 2: `dur` is `9.6`, which no task has");
    refused(
        "\"Schem Mode\":1",
        "\"schemMode\":1",
        "line 2: columns of 9.0 and of later releases in one record",
    );
    refused("Size\":10", "Size\":16", "line 2: 1 argument words in 16 bytes");
    refused("\"0x0000", "\"0x000", "line 2: `0x00012c180200010` is no argument word");
    refused("\"77 acl", "\"78 acl", "line 3: process 77 after process 78");
    refused("\"Model Id\":2", "\"Model Id\":3", "line 3: `Model Id` 2 after 3");
}
