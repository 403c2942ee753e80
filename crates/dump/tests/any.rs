//! Dumps of any origin: what the strict reader reads is read alike, and what tools do to dumps is undone.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use acg_dump::{AnyReading, RepairKind, SyntaxError, read, read_any};
use acg_target::{CodePath, DumpFormat};
use proptest::prelude::*;

fn read_text(text: &str) -> Result<AnyReading, SyntaxError> {
    read_any(&mut text.as_bytes())
}

fn kinds(reading: &AnyReading) -> Vec<RepairKind> {
    reading.repairs.iter().map(|repair| repair.kind).collect()
}

/// The folders of measured dumps: the repository's own and, where it is there, the shared corpus beside it.
fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let all = [root.join("testdata/conformance"), root.join("../shared/conformance")];
    let found: Vec<_> = all.into_iter().filter(|folder| folder.is_dir()).collect();
    if found.is_empty() {
        eprintln!("skipped: there is no corpus in or beside this repository");
    }
    found
}

fn dumps(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            dumps(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

fn texts() -> impl Iterator<Item = (PathBuf, String)> {
    let mut paths = Vec::new();
    for folder in folders() {
        dumps(&folder, &mut paths);
    }
    paths.into_iter().map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    })
}

/// The text without its line ends, so that every record goes through the forgiving scanner.
fn on_one_line(text: &str) -> String {
    text.replace('\n', " ")
}

#[test]
fn every_measured_dump_reads_as_the_strict_reader_reads_it() {
    for (path, text) in texts() {
        let strict = read(&text).unwrap();
        for (how, text) in [("by lines", &text), ("by objects", &on_one_line(&text))] {
            let reading = read_text(text).unwrap_or_else(|error| panic!("{} {how}: {error}", path.display()));
            assert_eq!(reading.dumps.len(), 1, "{}", path.display());
            let dump = &reading.dumps[0];
            assert_eq!(dump.borrow(), strict.dump, "{} {how}", path.display());
            assert_eq!(dump.pid, strict.pid);
            let expected = [RepairKind::TrailingComma, RepairKind::Unescaped];
            let comma = kinds(&reading).contains(&RepairKind::TrailingComma);
            assert_eq!(comma, strict.has_trailing_comma(), "{} {how}", path.display());
            assert!(
                kinds(&reading).iter().all(|kind| expected.contains(kind)),
                "{}: {:?}",
                path.display(),
                reading.repairs
            );
            let is_950 = path.file_name().unwrap().to_str().unwrap().starts_with("950");
            let printer = if is_950 { CodePath::David } else { CodePath::V100 };
            assert!(
                dump.origin.path.is_none_or(|path| path == printer),
                "{}: {:?}",
                path.display(),
                dump.origin
            );
        }
    }
}

const LINE: &str = r#"{"name":"NAME","pid":"7 aclGraph","tid":"stream3","ts":0,"dur":9.5,"ph":"X","args":{"Model Id":1,"Stream Id":3,"Task Id":0,"Task Type":"KERNEL_AIVEC","Numblocks":8,"Schem Mode":0}}"#;

fn line(name: &str) -> String {
    LINE.replace("NAME", name)
}

fn names(reading: &AnyReading) -> Vec<String> {
    let dump = &reading.dumps[0];
    dump.records.iter().map(|record| dump.base_name(record).to_owned()).collect()
}

#[test]
fn names_are_read_as_the_runtime_wrote_them() {
    let names_of_lines = ["x\",\"pid\":\"y", "\",\"pid\":\"8 aclGraph\",\"tid\":\"stream"];
    for name in ["a\\b", "a\"b", "a\",\"b", "back\\", "a\nb", "a\tb", "\"", "a\\", "}},"]
        .into_iter()
        .chain(names_of_lines)
    {
        let mut texts =
            vec![format!("[\n{}\n]", line(name)), format!("[\n{},\n{}\n]", line("first"), line(name))];
        // Without line ends, a name that looks like the end of one and another key cannot be told from that.
        if !names_of_lines.contains(&name) {
            texts.push(format!("[{},{}]", line(name), line("last")));
        }
        for text in texts {
            let reading = read_text(&text).unwrap_or_else(|error| panic!("{name:?}: {error}\n{text}"));
            assert!(names(&reading).contains(&name.to_owned()), "{name:?}: {:?}", names(&reading));
            let plain = name == "}},";
            assert_eq!(kinds(&reading), if plain { vec![] } else { vec![RepairKind::Unescaped] }, "{name:?}");
        }
    }
    let bytes = [b"[\n".as_slice(), line("a").replace("\"a\"", "\"a\u{1}").as_bytes()].concat();
    assert!(read_any(&mut bytes.as_slice()).is_err());
    let latin =
        [b"[\n".as_slice(), &LINE.as_bytes()[..9], b"caf\xe9", &LINE.as_bytes()[13..], b"\n]"].concat();
    let reading = read_any(&mut latin.as_slice()).unwrap();
    assert_eq!(names(&reading), ["caf\u{fffd}"]);
    assert_eq!(kinds(&reading), [RepairKind::NotUtf8]);
}

#[test]
fn escapes_of_tools_are_undone() {
    let text = line("N").replace("\"name\":\"N\"", "\"name\": \"a\\\"b\\u00e9\\ud83d\\ude00\\\\c\"");
    let reading = read_text(&format!("[{text}]")).unwrap();
    assert_eq!(names(&reading), ["a\"bé😀\\c"]);
    assert!(reading.repairs.is_empty(), "{:?}", reading.repairs);
    let odd = read_text(&format!("[{}]", text.replace("\\\\c", "\\q \"c"))).unwrap();
    assert_eq!(names(&odd), ["a\"bé😀\\q \"c"]);
    assert_eq!(kinds(&odd), [RepairKind::Unescaped]);
}

#[test]
fn empty_files_of_every_kind() {
    for text in ["[\n]", "[]", " [ ] ", "\u{feff}[\n]", "{\"traceEvents\":[]}", "[\n\n]\r\n"] {
        let reading = read_text(text).unwrap();
        assert_eq!(reading.dumps.len(), 1);
        assert!(reading.dumps[0].records.is_empty() && reading.dumps[0].streams.is_empty(), "{text:?}");
        assert_eq!(reading.dumps[0].origin.generation, None);
    }
}

#[test]
fn frames_that_tools_add_are_undone() {
    let plain = format!("[\n{},\n{}\n]", line("a"), line("b").replace("\"Task Id\":0", "\"Task Id\":1"));
    let expected = read_text(&plain).unwrap();
    let pretty = plain.replace(':', " : ").replace(',', " ,\n  ").replace('{', "{ ");
    let object = format!(
        "{{\"displayTimeUnit\": \"ns\", \"traceEvents\": {plain}, \"otherData\": {{\"a\": [1, {{}}]}}}}"
    );
    let windows = plain.replace('\n', "\r\n");
    let marked = format!("\u{feff}{plain}");
    let no_comma = plain.replace("}},\n", "}}\n");
    let commas = plain.replace("}},\n", "}},,\n");
    for text in [&pretty, &object, &windows, &marked, &no_comma, &commas] {
        let reading = read_text(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(reading.dumps[0].borrow(), expected.dumps[0].borrow(), "{text}");
    }
    assert_eq!(kinds(&read_text(&marked).unwrap()), [RepairKind::ByteOrderMark]);
    assert_eq!(kinds(&read_text(&no_comma).unwrap()), [RepairKind::MissingComma]);
    assert_eq!(kinds(&read_text(&commas).unwrap()), [RepairKind::ExtraComma]);
    assert!(read_text(&windows).unwrap().repairs.is_empty());
}

#[test]
fn compressed_files_are_decompressed() {
    let plain = format!("[\n{}\n]", line("a"));
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(plain.as_bytes()).unwrap();
    let bytes = encoder.finish().unwrap();
    assert_eq!(
        read_any(&mut bytes.as_slice()).unwrap().dumps[0].borrow(),
        read_text(&plain).unwrap().dumps[0].borrow()
    );
    let error = read_any(&mut &bytes[..bytes.len() / 2]).unwrap_err();
    assert!(error.message.starts_with("the file cannot be read: "), "{error}");
}

#[test]
fn a_trailing_comma_of_the_runtime_tells_of_an_empty_origin_stream() {
    let reading = read_text(&format!("[\n{},\n]", line("a"))).unwrap();
    assert_eq!(kinds(&reading), [RepairKind::TrailingComma]);
    assert_eq!(reading.repairs[0].line, 3);
    assert_eq!(reading.dumps[0].streams.last().unwrap().id, -1);
    let edited = read_text(&format!("[{{ {}, ]", &line("a")[1..])).unwrap();
    assert_eq!(kinds(&edited), [RepairKind::TrailingComma]);
    assert_eq!(edited.dumps[0].streams.len(), 1);
}

#[test]
fn columns_of_every_release_are_understood() {
    let bare = r#"{"name":"NAME","pid":"7 aclGraph","tid":"stream3","ts":0,"dur":9.5,"ph":"X","args":{"Model Id":1,"Stream Id":3,"Task Id":0}}"#;
    let names = [
        "EVENT_RECORD_12",
        "EVENT_WAIT_20622287568912",
        "NOP",
        "MEMCPY_ASYNC",
        "my_kernel_7",
        "HOSTFUNC_CALLBACK",
    ];
    let lines: Vec<_> = names.iter().map(|name| bare.replace("NAME", name)).collect();
    let reading = read_text(&format!("[\n{}\n]", lines.join(",\n"))).unwrap();
    let dump = &reading.dumps[0];
    let types: Vec<_> = dump.records.iter().map(|record| dump.text(record.task_type)).collect();
    assert_eq!(types, ["EVENT_RECORD", "EVENT_WAIT", "NOP", "MEMCPY_ASYNC", "", "HOSTFUNC_CALLBACK"]);
    assert_eq!(dump.base_name(&dump.records[4]), "my_kernel_7");
    assert_eq!(dump.origin.generation, Some((DumpFormat::Bare, DumpFormat::Bare)));
    assert_eq!(dump.origin.path, Some(CodePath::V100));
    assert_eq!(kinds(&reading), [RepairKind::TypeFromName]);

    let old = read_text(&format!(
        "[\n{}\n]",
        line("a").replace("Numblocks", "numBlocks").replace("Schem Mode", "schemMode")
    ))
    .unwrap();
    assert_eq!(old.dumps[0].records[0].blocks, Some(8));
    assert_eq!(old.dumps[0].origin.generation, Some((DumpFormat::Typed, DumpFormat::Typed)));
    assert_eq!(kinds(&old), [RepairKind::OldKeys]);

    let untyped = read_text(&format!(
        "[\n{}\n]",
        bare.replace("NAME", "NOTIFY_WAIT_4").replace("0}}", "0,\"Task Type\":\"\"}}")
    ))
    .unwrap();
    assert!(untyped.dumps[0].origin.untyped);
    assert_eq!(untyped.dumps[0].origin.path, Some(CodePath::David));
}

#[test]
fn an_aligned_trace_is_put_back_in_order() {
    // The continuation was merged into its stream by time, but stands before it in the file.
    let text = r#"[
  {"name": "later", "pid": "7 aclGraph", "tid": "stream4", "ts": 9.700000000000001, "dur": 9.5, "ph": "X",
   "args": {"Model Id": 0, "Stream Id": 4, "Task Id": 0, "Task Type": "KERNEL_AIVEC", "Numblocks": 1}},
  {"name": "EVENT_WAIT_9", "pid": "7 aclGraph", "tid": "stream6", "ts": 0.0, "dur": 33.2, "ph": "X",
   "args": {"Model Id": 0, "Stream Id": 6, "Task Id": 0, "Task Type": "EVENT_WAIT"}},
  {"name": "first", "pid": "7 aclGraph", "tid": "stream4", "ts": 0.0, "dur": 9.5, "ph": "X",
   "args": {"Model Id": 0, "Stream Id": 4, "Task Id": 0, "Task Type": "KERNEL_AIVEC", "Numblocks": 1}},
  {"name": "PAIR_9", "cat": "event_record->wait", "ph": "s", "pid": "7 aclGraph", "tid": "stream4", "ts": 9.5, "id": 9, "bp": "e"},
  {"name": "PAIR_9", "cat": "event_record->wait", "ph": "f", "pid": "7 aclGraph", "tid": "stream6", "ts": 0.0, "id": 9, "bp": "e"},
  {"name": "PAIR_9_END", "cat": "event_record->wait", "ph": "i", "s": "t", "pid": "7 aclGraph", "tid": "stream6", "ts": 0.0}
]"#;
    let reading = read_text(text).unwrap();
    assert_eq!(names(&reading), ["first", "later", "EVENT_WAIT"]);
    let expected =
        [RepairKind::FlowEvent, RepairKind::OtherEvent, RepairKind::Scattered, RepairKind::TimeOrder];
    assert_eq!(kinds(&reading), expected);
    assert_eq!(reading.repairs[0].count, 2);
}

#[test]
fn several_models_are_several_dumps() {
    let other = line("b").replace("\"Model Id\":1", "\"Model Id\":2");
    let rank = line("c").replace("\"7 acl", "\"8 acl");
    let reading = read_text(&format!("[\n{},\n{other},\n{rank},\n{}\n]", line("a"), line("d"))).unwrap();
    let found: Vec<_> = reading.dumps.iter().map(|dump| (dump.pid, dump.model, dump.records.len())).collect();
    assert_eq!(found, [(7, 1, 2), (7, 2, 1), (8, 1, 1)]);
}

#[test]
fn what_is_missing_or_too_much_is_told() {
    let text = r#"[{"ph":"X","tid":"stream5","name":"EVENT_RECORD_1","args":{"Task Id":3,"Task Id":4,"Hint":{"deep":[1,"]"]}}},
        {"name":"cpu","ph":"X","pid":1,"tid":2,"ts":0,"dur":1},
        {"name":"EVENT_WAIT_1","tid":7,"args":{"Stream Id":5,"Model Id":0}}]"#;
    let reading = read_text(text).unwrap();
    let dump = &reading.dumps[0];
    assert_eq!(dump.records.iter().map(|record| record.task).collect::<Vec<_>>(), [4, 1]);
    let expected = [
        RepairKind::DuplicateKey,
        RepairKind::UnknownKey,
        RepairKind::ForeignEvent,
        RepairKind::StreamFromTid,
        RepairKind::TidDiffers,
        RepairKind::NoProcess,
        RepairKind::NoModel,
        RepairKind::NoTaskId,
        RepairKind::TypeFromName,
    ];
    assert_eq!(kinds(&reading), expected);
}

#[test]
fn what_is_no_dump_is_refused_with_its_place() {
    let at = |text: &str| {
        let error = read_text(text).unwrap_err();
        (error.line, error.column, error.message)
    };
    let whole = format!("[\n{},\n{}\n]", line("a"), line("b"));
    let told = |line, column, message: &str| (line, column, message.to_owned());
    assert_eq!(at(""), told(1, 1, "the file is empty"));
    assert_eq!(at(" \n"), told(2, 1, "the file is empty"));
    assert_eq!(at("# dump"), told(1, 1, "this is no dump: expected `[` or a chrome-trace object"));
    assert_eq!(at("{\"a\":1}"), told(1, 8, "the object has no `traceEvents`; this is no dump"));
    assert_eq!(at("[1]"), told(1, 2, "expected a record or `]`"));
    let (row, column, message) = at(&whole[..whole.len() - 40]);
    assert_eq!((row, message.as_str()), (3, "the file ends in the middle, behind 1 complete records"));
    assert_eq!(column, line("b").len() as u64 - 37);
    assert_eq!(
        at(&whole[..whole.len() - 1]),
        told(4, 1, "the file ends in the middle, behind 2 complete records")
    );
    assert_eq!(at(&format!("{whole}\nx")), told(5, 1, "expected the end of the file behind the dump"));
    let huge = whole.replace("\"Task Id\":0", "\"Task Id\":99999999999");
    assert_eq!(at(&huge).2, "`Task Id` is 99999999999, which is no number that it can be");
    assert_eq!(at(&huge).0, 2);
    assert_eq!(at(&whole.replace("\"ts\":0", "\"ts\":1e999")).2, "`ts` is 1e999, which is no time");
    assert_eq!(at(&whole.replace("\"Numblocks\":8", "\"Numblocks\":\"8\"")).2, "`Numblocks` is not a number");
    assert_eq!(at(&whole.replace("\"Numblocks\":8", "\"Numblocks\":nan")).2, "expected a value");
    let wide: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let message = read_any(&mut wide.as_slice()).unwrap_err().message;
    assert_eq!(message, "the file is in UTF-16 or UTF-32; convert it to UTF-8");
}

/// A reader that gives its bytes in pieces of all sizes.
struct Pieces<'b>(&'b [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.1 = self.1 * 7 % 113 + 1;
        let length = self.1.min(buffer.len()).min(self.0.len());
        buffer[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

#[test]
fn pieces_make_no_difference() {
    let lines: Vec<_> = (0..5000).map(|at| line(if at % 7 == 0 { "a\\\"b" } else { "plain" })).collect();
    for text in [format!("[\n{}\n]", lines.join(",\n")), format!("[{}]", lines.join(","))] {
        let whole = read_text(&text).unwrap();
        let pieces = read_any(&mut Pieces(text.as_bytes(), 1)).unwrap();
        assert_eq!(whole.dumps[0].borrow(), pieces.dumps[0].borrow());
        assert_eq!(whole.repairs, pieces.repairs);
        assert_eq!(whole.dumps[0].records.len(), 5000);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_any(&mut bytes.as_slice());
        let framed = [b"[\n{\"name\":\"".as_slice(), &bytes].concat();
        let _ = read_any(&mut framed.as_slice());
    }

    #[test]
    fn no_change_of_a_dump_makes_it_panic(
        edits in proptest::collection::vec((0usize..900, prop_oneof![Just("\""), Just("\\"), Just("}"), Just("{"), Just(","), Just("\n"), Just("]"), Just("\\u12"), Just("9")], 0usize..4), 1..6),
        pretty in any::<bool>(),
    ) {
        let mut text = format!("[\n{},\n{},\n{}\n]", line("a"), line("EVENT_RECORD_3"), line("b"));
        if pretty {
            text = text.replace(':', ": ");
        }
        for (at, insert, remove) in edits {
            let at = at.min(text.len());
            let end = (at + remove).min(text.len());
            text.replace_range(at..end, insert);
        }
        if let Ok(reading) = read_text(&text) {
            for dump in &reading.dumps {
                prop_assert!(dump.streams.iter().all(|stream| stream.records.end as usize <= dump.records.len()));
                let _ = dump.borrow();
            }
        }
    }
}

#[test]
fn records_know_their_bytes_also_when_they_were_sorted() {
    let early = line("early").replace("\"ts\":0", "\"ts\":-1");
    let text = format!("[\n{},\n{},\n  {early} ]", line("late"), line("other").replace("stream3", "stream4"));
    for text in [text.clone(), on_one_line(&text)] {
        let dump = &read_text(&text).unwrap().dumps[0];
        for (record, place) in dump.records.iter().zip(&dump.places) {
            let own = &text[place.start as usize..place.end as usize];
            let name = format!("\"name\":\"{}\"", dump.base_name(record));
            assert!(own.starts_with('{') && own.ends_with('}') && own.contains(&name), "{own}");
        }
        assert_eq!(dump.places.len(), 3);
    }
}
