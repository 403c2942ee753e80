//! Every dump of the shared corpus is read and printed byte for byte, agrees with itself renamed, and with nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use acg_dump::{Dump, Format, Pair, Suffix, TaskType, difference, print, read};
use acg_target::Profile;

/// The shared corpus beside the repository, where there is one.
fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    path.is_dir().then_some(path)
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

/// All dumps of the corpus with their texts, those of one log together.
fn logs() -> Vec<Vec<(PathBuf, String)>> {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: there is no shared corpus beside this repository");
        return Vec::new();
    };
    let mut paths = Vec::new();
    dumps(&corpus, &mut paths);
    assert!(!paths.is_empty(), "the corpus has no dumps");
    let mut logs: BTreeMap<PathBuf, Vec<(PathBuf, String)>> = BTreeMap::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        logs.entry(path.with_file_name(variant(&path))).or_default().push((path, text));
    }
    logs.into_values().collect()
}

fn variant(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().split('.').next().unwrap().to_owned()
}

fn format(path: &Path) -> Format {
    Format::of(&Profile::find(&variant(path)).unwrap())
}

#[test]
fn every_dump_is_reprinted_byte_for_byte() {
    for (path, text) in logs().iter().flatten() {
        let reading = read(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let printed = print(&reading.dump, format(path), reading.pid, true);
        assert!(printed == *text, "{} is reprinted differently", path.display());
    }
}

/// The dump with every id another one, and its closing resets in another order.
fn renamed(path: &Path, text: &str) -> String {
    let mut reading = read(text).unwrap();
    let dump = &mut reading.dump;
    dump.model = 1000 - dump.model;
    for stream in &mut dump.streams {
        stream.id = if stream.id < 0 { stream.id } else { 100_000 - stream.id };
    }
    for record in &mut dump.records {
        record.active_stream = record.active_stream.map(|id| if id < 0 { id } else { 100_000 - id });
        record.suffix = match record.suffix {
            Suffix::Event(id) => Suffix::Event(70_000 - id),
            Suffix::Notify(id) => Suffix::Notify(id + 7),
            Suffix::Address(address) => Suffix::Address(address ^ (1 << 50)),
            other => other,
        };
    }
    dump.words.iter_mut().for_each(|word| *word = !*word);
    reverse_resets(dump);
    print(dump, format(path), 1, true)
}

fn reverse_resets(dump: &mut Dump<'_>) {
    let Some(last) = dump.streams.last().filter(|stream| !stream.records.is_empty()) else { return };
    let records = &mut dump.records[last.records.start as usize..last.records.end as usize];
    let notify = records.last().is_some_and(|record| record.task_type == TaskType::NotifyRecord);
    let end = records.len() - usize::from(notify);
    let is_reset = |record: &&acg_dump::Record<'_>| record.task_type == TaskType::EventReset;
    let length = records[..end].iter().rev().take_while(is_reset).count();
    let suffixes: Vec<_> = records[end - length..end].iter().map(|record| record.suffix).collect();
    for (record, suffix) in records[end - length..end].iter_mut().zip(suffixes.into_iter().rev()) {
        record.suffix = suffix;
    }
}

fn compared(log: &[(PathBuf, String)], others: &[String]) -> Option<String> {
    let pairs: Vec<_> = log
        .iter()
        .zip(others)
        .map(|((path, expected), actual)| Pair { name: path.to_str().unwrap(), expected, actual })
        .collect();
    difference(&pairs).map(|difference| difference.to_string())
}

#[test]
fn every_log_agrees_with_itself_renamed() {
    for log in logs() {
        let others: Vec<_> = log.iter().map(|(path, text)| renamed(path, text)).collect();
        assert_eq!(compared(&log, &others), None);
        let back: Vec<_> = log.iter().map(|(_, text)| text.clone()).collect();
        let log: Vec<_> = log.into_iter().zip(others).map(|((path, _), text)| (path, text)).collect();
        assert_eq!(compared(&log, &back), None);
    }
}

/// A change to a dump; `None` where the dump has nothing to change.
type Change = fn(&mut Dump<'_>) -> Option<()>;

/// Changes that each must be seen.
const MUTATIONS: [(&str, Change); 8] = [
    ("a record less", |dump| {
        dump.records.pop()?;
        dump.streams.iter_mut().rev().find(|stream| !stream.records.is_empty())?.records.end -= 1;
        Some(())
    }),
    ("another task id", |dump| {
        dump.records.first_mut()?.task += 1;
        Some(())
    }),
    ("another kernel name", |dump| {
        dump.records.iter_mut().find(|record| record.task_type.is_kernel())?.name = Some("other");
        Some(())
    }),
    ("another block count", |dump| {
        *dump.records.iter_mut().find_map(|record| record.blocks.as_mut())? += 1;
        Some(())
    }),
    ("another schedule mode", |dump| {
        *dump.records.iter_mut().find_map(|record| record.schem.as_mut())? ^= 1;
        Some(())
    }),
    ("a wait for another event", |dump| {
        let record = dump.records.iter_mut().find(|record| record.task_type == TaskType::EventWait)?;
        record.suffix = Suffix::Event(99_999);
        // Alone, a wait is a renaming; with its record or reset it is a change.
        dump.records.iter().any(|record| record.task_type == TaskType::EventReset).then_some(())
    }),
    ("a reset twice", |dump| {
        let resets = |record: &&mut acg_dump::Record<'_>| record.task_type == TaskType::EventReset;
        let mut resets = dump.records.iter_mut().filter(resets);
        let (first, second) = (resets.next()?, resets.next()?);
        if first.suffix == second.suffix {
            return None;
        }
        second.suffix = first.suffix;
        Some(())
    }),
    ("a stream of its own", |dump| {
        let stream = dump.streams.iter_mut().find(|stream| stream.records.len() > 1)?;
        let split =
            acg_dump::StreamRecords { id: 500_000, records: stream.records.end - 1..stream.records.end };
        stream.records.end -= 1;
        dump.streams.push(split);
        dump.streams.sort_by_key(|stream| stream.records.start);
        Some(())
    }),
];

#[test]
fn every_change_is_seen() {
    let mut applied = [0; MUTATIONS.len()];
    let logs = logs();
    for (start, log) in logs.iter().enumerate() {
        let (path, text) = &log[log.len() - 1];
        // One change for each log is enough, because there are thousands; each starts its search at another one.
        for position in (0..MUTATIONS.len()).map(|step| (start + step) % MUTATIONS.len()) {
            let (what, mutate) = MUTATIONS[position];
            let mut reading = read(text).unwrap();
            if mutate(&mut reading.dump).is_none() {
                continue;
            }
            applied[position] += 1;
            let mut others: Vec<_> = log.iter().map(|(_, text)| text.clone()).collect();
            *others.last_mut().unwrap() = print(&reading.dump, format(path), reading.pid, true);
            assert!(compared(log, &others).is_some(), "{what} in {} is not seen", path.display());
            break;
        }
    }
    assert!(logs.is_empty() || applied.iter().all(|&count| count > 0), "{applied:?}");
}
