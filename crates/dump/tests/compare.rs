//! What comparing says, on small dumps.

use acg_dump::{Dump, Format, Info, Mark, Pair, Record, Suffix, TaskType, difference, print, read};
use acg_target::{Cann, CodePath};

const FORMAT: fn() -> Format = || Format::new(Cann::new(9, 2, 0), CodePath::V100);

fn event(task: u32, task_type: TaskType<'static>, id: u32) -> Record<'static> {
    Record { suffix: Suffix::Event(id), ..Record::new(task, task_type) }
}

fn kernel(task: u32, name: &'static str) -> Record<'static> {
    Record { name: Some(name), blocks: Some(8), schem: Some(0), ..Record::new(task, TaskType::KernelAiVec) }
}

/// A fork and a join of two streams with the events `ids`, closed by resets in the order `resets`.
fn fork(streams: [i32; 2], ids: [u32; 2], resets: [u32; 2]) -> Dump<'static> {
    let mut dump = Dump::new(0);
    dump.begin_stream(streams[1]);
    dump.push(event(0, TaskType::EventWait, ids[0]));
    dump.push(kernel(1, "side"));
    dump.push(event(2, TaskType::EventRecord, ids[1]));
    dump.begin_stream(streams[0]);
    dump.push(event(0, TaskType::EventRecord, ids[0]));
    dump.push(kernel(1, "main"));
    dump.push(event(2, TaskType::EventWait, ids[1]));
    dump.push(event(3, TaskType::EventReset, resets[0]));
    dump.push(event(4, TaskType::EventReset, resets[1]));
    dump.push(Record { suffix: Suffix::Notify(0), ..Record::new(5, TaskType::NotifyRecord) });
    dump
}

fn text(dump: &Dump<'_>) -> String {
    print(dump, FORMAT(), 7, true)
}

fn compare(expected: &str, actual: &str) -> Option<String> {
    difference(&[Pair { name: "d", expected, actual }]).map(|difference| difference.to_string())
}

#[test]
fn renamed_dumps_agree() {
    let expected = text(&fork([3, 4], [0, 1], [0, 1]));
    assert_eq!(compare(&expected, &expected), None);
    assert_eq!(compare(&expected, &text(&fork([9, 2], [5, 3], [5, 3]))), None);
    assert_eq!(compare(&expected, &text(&fork([3, 4], [0, 1], [1, 0]))), None);
    assert_eq!(compare(&expected, &text(&fork([3, 4], [0, 1], [0, 1])).replace("\"7 acl", "\"8 acl")), None);
}

#[test]
fn renamed_dumps_of_the_oldest_format_agree() {
    let format = Format::new(Cann::new(8, 5, 0), CodePath::V100);
    let text = |dump: &Dump<'_>| print(dump, format, 7, true);
    let expected = text(&fork([3, 4], [0, 1], [0, 1]));
    assert_eq!(compare(&expected, &text(&fork([9, 2], [5, 3], [3, 5]))), None);
    assert!(compare(&expected, &text(&fork([3, 4], [0, 0], [0, 0]))).is_some());
}

#[test]
fn a_renaming_is_one_to_one() {
    let expected = text(&fork([3, 4], [0, 1], [0, 1]));
    let same_event = text(&fork([3, 4], [0, 0], [0, 0]));
    let message =
        "d, line 4: event 0, which stood for event 0 of the expectation before and cannot stand for 1";
    assert_eq!(compare(&expected, &same_event).as_deref(), Some(message));
    let message = "d, line 4: event 1, but event 0 of the expectation was event 0 before";
    assert_eq!(compare(&same_event, &expected).as_deref(), Some(message));
}

#[test]
fn resets_are_compared_as_a_set() {
    let expected = text(&fork([3, 4], [0, 1], [0, 1]));
    let message = "d, line 8: the closing event resets hold event 0 2 times, expected 1 times, as event 0 of the expectation";
    assert_eq!(compare(&expected, &text(&fork([3, 4], [0, 1], [0, 0]))).as_deref(), Some(message));
    let message = "d, line 8: the closing event resets hold event 1 0 times, expected 1 times, as event 1 of the expectation";
    assert_eq!(compare(&expected, &text(&fork([3, 4], [0, 1], [0, 9]))).as_deref(), Some(message));
}

#[test]
fn events_that_are_only_reset_are_matched_over_all_dumps() {
    let closing = |resets: &[u32]| {
        let mut dump = Dump::new(0);
        dump.begin_stream(3);
        for (task, &id) in resets.iter().enumerate() {
            dump.push(event(task as u32, TaskType::EventReset, id));
        }
        text(&dump)
    };
    let agree = |expected: [&[u32]; 2], actual: [&[u32]; 2]| {
        let texts = [0, 1].map(|dump| (closing(expected[dump]), closing(actual[dump])));
        let [a, b] = &texts;
        let first = Pair { name: "first", expected: &a.0, actual: &a.1 };
        difference(&[first, Pair { name: "second", expected: &b.0, actual: &b.1 }]).is_none()
    };
    assert!(agree([&[1, 2], &[2]], [&[7, 8], &[7]]));
    assert!(!agree([&[1, 2], &[2]], [&[7, 8], &[9]]));
    assert!(!agree([&[1, 2], &[2]], [&[7, 7], &[7]]));
}

#[test]
fn a_reset_before_the_end_is_not_in_the_set() {
    let two = |ids: [u32; 2]| {
        let mut dump = Dump::new(0);
        dump.begin_stream(3);
        dump.push(event(0, TaskType::EventRecord, 1));
        dump.push(event(1, TaskType::EventReset, ids[0]));
        dump.push(event(2, TaskType::EventReset, ids[1]));
        dump.push(kernel(3, "last"));
        text(&dump)
    };
    let message = "d, line 3: event 2, but event 1 of the expectation was event 1 before";
    assert_eq!(compare(&two([1, 2]), &two([2, 1])).as_deref(), Some(message));
}

#[test]
fn the_first_difference_is_told_in_words() {
    let expected = text(&fork([3, 4], [0, 1], [0, 1]));
    let told = |from: &str, to: &str| {
        assert!(expected.contains(from), "{from}");
        compare(&expected, &expected.replacen(from, to, 1)).unwrap()
    };
    assert_eq!(told("\"Task Id\":1", "\"Task Id\":9"), "d, line 3: `Task Id` is 9, expected 1");
    assert_eq!(told("\"ts\":15", "\"ts\":16"), "d, line 3: `ts` is 16, expected 15");
    assert_eq!(told("\"dur\":9.5", "\"dur\":4.5"), "d, line 3: `dur` is \"4.5\", expected \"9.5\"");
    assert_eq!(told("\"side\"", "\"edis\""), "d, line 3: the name is \"edis\", expected \"side\"");
    assert_eq!(told("\"Numblocks\":8", "\"Numblocks\":9"), "d, line 3: `Numblocks` is 9, expected 8");
    assert_eq!(told(",\"Numblocks\":8", ""), "d, line 3: `Numblocks` is missing, expected 8");
    let old = expected.replacen("Numblocks", "numBlocks", 1).replacen("Schem Mode", "schemMode", 1);
    let message = "d, line 3: the spelling of the columns is Old, expected New";
    assert_eq!(compare(&expected, &old).as_deref(), Some(message));
    let type_changed = told("\"Task Type\":\"KERNEL_AIVEC\"", "\"Task Type\":\"KERNEL_AICORE\"");
    assert_eq!(type_changed, "d, line 3: `Task Type` is \"KERNEL_AICORE\", expected \"KERNEL_AIVEC\"");
    let second = expected.lines().nth(2).unwrap();
    let broken = compare(&expected, &expected.replace(second, &second.replace("tid", "tod"))).unwrap();
    let told = "d, line 3: the dump cannot be read: expected ` aclGraph\",\"tid\":\"stream`, found ` aclGraph\",\"tod";
    assert!(broken.starts_with(told), "{broken}");
}

#[test]
fn lengths_and_commas_are_compared() {
    let whole = fork([3, 4], [0, 1], [0, 1]);
    let mut shorter = whole.clone();
    shorter.records.pop();
    shorter.streams[1].records.end -= 1;
    let (whole, shorter) = (text(&whole), text(&shorter));
    let message = "d, line 10: the dump ends, expected `NOTIFY_RECORD_0`";
    assert_eq!(compare(&whole, &shorter).as_deref(), Some(message));
    let message = "d, line 10: found `NOTIFY_RECORD_0`, expected the end of the dump";
    assert_eq!(compare(&shorter, &whole).as_deref(), Some(message));
    let comma = whole.replace("}}\n]", "}},\n]");
    assert_eq!(compare(&whole, &comma).as_deref(), Some("d, line 10: the last record has a comma"));
    assert_eq!(
        compare(&comma, &whole).as_deref(),
        Some("d, line 10: the last record has no comma, expected one")
    );
    assert_eq!(compare("[\n]", "[\n]"), None);
    assert_eq!(
        compare("[\n]", &shorter).as_deref(),
        Some("d, line 2: found `EVENT_WAIT_0`, expected the end of the dump")
    );
}

#[test]
fn argument_words_are_data_and_their_number_is_not() {
    let with = |words: &[u64], size: u32, mark: Option<u32>| {
        let mut dump = Dump::new(0);
        dump.begin_stream(3);
        let args = dump.push_args(words.iter().copied(), size);
        dump.marks.extend(mark.map(|word| Mark { word, address: true, index: 0 }));
        dump.push(Record { args: Some(args), extend_info: Some(Info::Plain("a\"b\u{1}")), ..kernel(0, "k") });
        text(&dump)
    };
    let expected = with(&[1, 2], 20, Some(1));
    assert!(expected.contains("\"ExtendInfo\":\"a\\\"b\\u0001\""), "{expected}");
    assert!(
        expected.contains("\"Kernel Args\":\"0x0000000000000001 (placeHolderAddr0)0x0000000000000002\""),
        "{expected}"
    );
    assert_eq!(print(&read(&expected).unwrap().dump, FORMAT(), 7, true), expected);
    assert_eq!(compare(&expected, &with(&[3, 4], 20, Some(1))), None);
    let size = compare(&expected, &with(&[1, 2, 3], 24, Some(1)));
    assert_eq!(size.as_deref(), Some("d, line 2: `Kernel Args Size` is 24, expected 20"));
    assert!(compare(&expected, &with(&[1, 2], 20, Some(0))).unwrap().contains("placeholders"));
}
