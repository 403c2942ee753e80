//! Properties on generated dumps and texts.

use acg_dump::{Dump, Format, Info, Pair, Record, Suffix, TaskType, difference, print, read};
use acg_target::{Cann, CodePath};
use proptest::prelude::*;

fn record() -> impl Strategy<Value = Record<'static>> {
    let types = prop_oneof![
        Just(TaskType::KernelAiVec),
        Just(TaskType::KernelMixAic),
        Just(TaskType::EventRecord),
        Just(TaskType::EventWait),
        Just(TaskType::EventReset),
        Just(TaskType::NotifyWait),
        Just(TaskType::MemWriteValue),
        Just(TaskType::StreamActive),
        Just(TaskType::Nop),
        Just(TaskType::Other("RDMA_PI_VALUE_MODIFY")),
    ];
    let info = prop_oneof![Just(None), Just(Some("plain")), Just(Some("a\"b\\c\n\u{1}\u{e9}"))];
    let name = prop_oneof![Just("Add_1"), Just("k\"x\\"), Just("\u{e9}\",\"ts\":1")];
    (types, 0..u32::from(u16::MAX), any::<u32>(), info, name, prop::option::of(0u32..3)).prop_map(
        |(task_type, task, id, info, name, number)| {
            let kernel = task_type.is_kernel();
            let suffix = match task_type {
                TaskType::EventRecord | TaskType::EventWait if id % 2 == 0 => {
                    Suffix::Address((1 << 40) + u64::from(id))
                }
                TaskType::EventRecord | TaskType::EventWait | TaskType::EventReset => Suffix::Event(id % 64),
                TaskType::NotifyWait => Suffix::Notify(id % 64),
                TaskType::MemWriteValue => Suffix::Address((1 << 40) + u64::from(id)),
                _ => Suffix::None,
            };
            Record {
                name: kernel.then_some(name),
                suffix,
                extend_info: info.map(Info::Plain),
                active_stream: (task_type == TaskType::StreamActive).then_some(7),
                blocks: number.filter(|_| kernel),
                schem: number.filter(|_| kernel),
                ..Record::new(task, task_type)
            }
        },
    )
}

fn dump() -> impl Strategy<Value = Dump<'static>> {
    let streams = prop::collection::vec(prop::collection::vec(record(), 1..6), 0..4);
    (streams, any::<bool>(), any::<u32>()).prop_map(|(streams, empty_last, model)| {
        let mut dump = Dump::new(if streams.is_empty() { 0 } else { model });
        for (id, records) in (0..).zip(&streams) {
            dump.begin_stream(id);
            for &record in records {
                let args = record.blocks.map(|blocks| {
                    dump.push_args((0..u64::from(blocks)).map(|word| word << 33), blocks * 8 + 3)
                });
                dump.push(Record { args, ..record });
            }
        }
        if empty_last && !streams.is_empty() {
            dump.begin_stream(-1);
        }
        dump
    })
}

fn format() -> impl Strategy<Value = Format> {
    let releases = prop_oneof![Just(Cann::new(8, 5, 0)), Just(Cann::new(9, 0, 0)), Just(Cann::new(9, 1, 0))];
    let paths = prop_oneof![Just(CodePath::V100), Just(CodePath::David)];
    (releases, paths).prop_map(|(cann, path)| Format::new(cann, path))
}

/// A dump without what may be renamed and without argument words.
fn skeleton(text: &str) -> String {
    let mut kept = String::new();
    for (position, part) in text.split("\"Kernel Args\":\"").enumerate() {
        let part = if position > 0 { part.split_once('"').map_or("", |(_, behind)| behind) } else { part };
        kept.extend(part.chars().filter(|letter| !letter.is_ascii_digit()));
    }
    kept
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_dump_reads_and_reprints(dump in dump(), format in format(), pid: u32) {
        let text = print(&dump, format, pid, true);
        let reading = read(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(print(&reading.dump, format, reading.pid, true), text.as_str());
        prop_assert_eq!(difference(&[Pair { name: "d", expected: &text, actual: &text }]), None);
    }

    #[test]
    fn a_changed_byte_is_refused_or_different_or_a_renaming(dump in dump(), at: prop::sample::Index, byte in b' '..b'~') {
        let format = Format::new(Cann::new(9, 1, 0), CodePath::V100);
        let text = print(&dump, format, 7, true);
        let at = at.index(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
            let mut changed = text.clone();
            changed.replace_range(at..=at, (byte as char).encode_utf8(&mut [0; 4]));
            let there = difference(&[Pair { name: "d", expected: &text, actual: &changed }]);
            let back = difference(&[Pair { name: "d", expected: &changed, actual: &text }]);
            prop_assert_eq!(there.is_some(), back.is_some(), "{}", changed);
            if there.is_none() && changed != text {
                // Only ids and argument words may change.
                prop_assert_eq!(skeleton(&text), skeleton(&changed));
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in "\\[\n([{}\":, a-zA-Z0-9_]{0,40}\n){0,3}\\]?|\\PC*") {
        let _ = read(&text);
    }
}
