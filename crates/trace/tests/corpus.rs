//! Measured dumps are understood as the call logs beside them say.
//!
//! The logs looked at are those with one capture in which every call succeeded and every event is one that captures record. Their
//! lanes, and which record each wait pairs with, follow from the order of calls alone.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use acg_dump::read_any;
use acg_entity::Entity;
use acg_trace::{Kind, LaneId, Order, Part, TaskId, Trace};

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

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
}

fn all(extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders() {
        files(&folder, extension, &mut found);
    }
    found
}

fn read(path: &Path) -> Trace {
    let mut file = fs::File::open(path).unwrap();
    Trace::of(read_any(&mut file).unwrap().dumps.remove(0))
}

/// What a log says about its one capture.
#[derive(Debug, Default, PartialEq, Eq)]
struct Expected {
    /// How many streams take part.
    lanes: usize,
    /// For each wait, the lane and number of its record and its own, counted among the records and waits of the lane.
    pairs: Vec<[(usize, usize); 2]>,
}

/// Reads a log; `None` where it is not of the simple kind.
fn expected(log: &str) -> Option<Expected> {
    let complicated = ["[t", " x", "External", "EXTERNAL", "AddToModel", "Cond", "WithFlag(", "WithTimeout"];
    let (mut lane_of, mut counts): (HashMap<&str, usize>, Vec<usize>) = (HashMap::new(), Vec::new());
    let (mut events, mut recorded) = (Vec::new(), HashMap::new());
    let mut expected = Expected::default();
    let (mut inside, mut captures) = (false, 0);
    for call in log.lines() {
        let call = call.split("//").next()?.trim();
        if call.starts_with('[') || call.starts_with('x') {
            return None;
        }
        let Some((function, rest)) = call.split_once('(') else { continue };
        let arguments: Vec<&str> = rest.split(')').next()?.split(',').map(str::trim).collect();
        if function == "aclrtCreateEventExWithFlag" && arguments.get(1) == Some(&"ACL_EVENT_SYNC") {
            events.push(arguments.first()?.strip_prefix('&')?);
        }
        if function == "aclmdlRICaptureBegin" {
            captures += 1;
            inside = true;
            lane_of.insert(arguments.first()?, 0);
            counts.push(0);
        }
        if !inside {
            continue;
        }
        if !call.ends_with("= 0") || complicated.iter().any(|word| function.contains(word)) {
            return None;
        }
        match function {
            "aclmdlRICaptureEnd" => inside = false,
            "aclrtRecordEvent" => {
                let (event, stream) = (*arguments.first()?, *arguments.get(1)?);
                if !events.contains(&event) {
                    return None;
                }
                let &lane = lane_of.get(stream)?;
                recorded.insert(event, (lane, counts[lane]));
                counts[lane] += 1;
            }
            "aclrtStreamWaitEvent" => {
                let (stream, event) = (*arguments.first()?, *arguments.get(1)?);
                let record = *recorded.get(event)?;
                let lane = *lane_of.entry(stream).or_insert_with(|| {
                    counts.push(0);
                    counts.len() - 1
                });
                expected.pairs.push([record, (lane, counts[lane])]);
                counts[lane] += 1;
            }
            "aclrtResetEvent" => return None,
            _ => {}
        }
    }
    expected.lanes = counts.len();
    expected.pairs.sort_unstable();
    (captures == 1 && !inside).then_some(expected)
}

/// The same of a dump.
fn found(trace: &Trace) -> Expected {
    let mut numbers: HashMap<TaskId, (usize, usize)> = HashMap::new();
    for lane in trace.lanes.keys() {
        let of_events = |task: &&TaskId| {
            let data = &trace.tasks[**task];
            matches!(data.kind, Kind::EventRecord | Kind::EventWait) && data.part == Part::Body
        };
        for (number, &task) in trace.lane_tasks(lane).iter().filter(of_events).enumerate() {
            numbers.insert(task, (lane.index(), number));
        }
    }
    let pair = |(&wait, &place): (&TaskId, &(usize, usize))| {
        let record = trace.links.record_of(wait)?;
        Some([numbers[&record], place])
    };
    let mut pairs: Vec<_> = numbers.iter().filter_map(pair).collect();
    pairs.sort_unstable();
    Expected { lanes: trace.lanes.len(), pairs }
}

#[test]
fn lanes_and_pairs_are_those_of_the_logs() {
    let (mut compared, mut waits, mut sides) = (0, 0, 0);
    let logs = all("calls");
    for path in &logs {
        let dump = path.with_extension("modelRI.json");
        let Some(expected) = expected(&fs::read_to_string(path).unwrap()).filter(|_| dump.is_file()) else {
            continue;
        };
        let trace = read(&dump);
        // A capture that failed at its end leaves an older dump or none.
        assert_eq!(found(&trace), expected, "{}", path.display());
        compared += 1;
        waits += expected.pairs.len();
        sides += expected.lanes - 1;
    }
    println!("{compared} of {} logs compared, with {waits} waits and {sides} side streams", logs.len());
    assert!(logs.is_empty() || (compared > 50 && waits > 50 && sides > 50), "{compared} {waits} {sides}");
}

#[test]
fn every_measured_dump_is_understood() {
    for path in all("json") {
        let trace = read(&path);
        let shown = path.display();
        assert!(trace.links.circles().is_empty(), "{shown}: {:?}", trace.links.circles());
        let order = Order::of(&trace);
        for lane in trace.lanes.keys() {
            for pair in trace.lane_tasks(lane).windows(2) {
                assert!(order.before(pair[0], pair[1]) && !order.before(pair[1], pair[0]), "{shown}");
            }
        }
        for wait in trace.tasks.keys() {
            if let Some(record) = trace.links.record_of(wait) {
                assert!(order.before(record, wait), "{shown}: {record} {wait}");
            }
        }
        let folded = |task: &&acg_trace::Task| task.kind == Kind::StreamActive && task.part == Part::Cascade;
        let full = trace.tasks.values().filter(|task| task.kind == Kind::StreamActive).count();
        assert_eq!(trace.tasks.values().filter(folded).count(), full, "{shown}");
        assert_eq!(trace.lanes.len() + full, trace.streams.len().max(1), "{shown}");
        // What capturing checks at its end: every stream that was drawn in joined again.
        let ended = trace.tasks.values().any(|task| task.part == Part::ClosingReset);
        let joined = |lane: LaneId| {
            let last = trace.lane_tasks(lane).last();
            last.is_some_and(|&last| {
                !trace.links.waits_of(last).is_empty() || trace.tasks[last].kind != Kind::EventRecord
            })
        };
        assert!(!ended || trace.lanes.keys().skip(1).all(joined), "{shown}");
    }
}
