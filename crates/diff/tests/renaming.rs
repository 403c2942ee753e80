//! What a run is free to choose is no difference: every measured dump, renamed, equals itself.

mod support;

use std::collections::BTreeMap;

use acg_diff::{Parts, diff};
use acg_dump::{OwnedDump, Suffix};
use acg_entity::Entity;
use acg_trace::{Part, Trace};
use fastrand::Rng;
use support::corpus;

/// The dump of another run of the same program.
fn other_run(dump: &OwnedDump, rng: &mut Rng) -> OwnedDump {
    let mut other = dump.clone();
    other.pid += 1 + rng.usize(..1000) as u32;
    other.model += 7;
    rename_streams(&mut other, rng);
    rename_signals(&mut other, rng);
    for word in &mut other.words {
        if (1 << 32..1 << 47).contains(word) {
            *word += 0x40_0000;
        }
    }
    reorder_resets(&mut other, rng);
    other
}

fn rename_streams(dump: &mut OwnedDump, rng: &mut Rng) {
    let mut ids: Vec<i32> = (40..).take(dump.streams.len()).collect();
    rng.shuffle(&mut ids);
    let mut names = BTreeMap::new();
    for (stream, &id) in dump.streams.iter_mut().zip(&ids) {
        if stream.id >= 0 {
            names.insert(stream.id, id);
            stream.id = id;
        }
    }
    for record in &mut dump.records {
        record.active_stream = record.active_stream.map(|id| names.get(&id).copied().unwrap_or(id));
    }
}

fn rename_signals(dump: &mut OwnedDump, rng: &mut Rng) {
    let mut names: BTreeMap<u32, u32> = BTreeMap::new();
    let mut free: Vec<u32> = (1000..9000).collect();
    rng.shuffle(&mut free);
    let mut rename = |id: u32| *names.entry(id).or_insert_with(|| free.pop().unwrap_or(id));
    for record in &mut dump.records {
        record.suffix = match record.suffix {
            Suffix::None => Suffix::None,
            Suffix::Event(id) => Suffix::Event(rename(id)),
            Suffix::EventCount(id, count) => Suffix::EventCount(rename(id), count),
            Suffix::Notify(id) => Suffix::Notify(rename(id)),
            Suffix::Address(address) => Suffix::Address(address ^ 0xffff_0000),
        };
    }
}

/// Shuffles what the closing resets reset.
fn reorder_resets(dump: &mut OwnedDump, rng: &mut Rng) {
    let trace = Trace::of(dump.clone());
    let at: Vec<usize> = trace
        .tasks
        .iter()
        .filter(|(_, task)| task.part == Part::ClosingReset)
        .map(|(task, _)| task.index())
        .collect();
    let mut suffixes: Vec<Suffix> = at.iter().map(|&at| dump.records[at].suffix).collect();
    rng.shuffle(&mut suffixes);
    for (at, suffix) in at.into_iter().zip(suffixes) {
        dump.records[at].suffix = suffix;
    }
}

#[test]
fn every_measured_dump_equals_its_renamed_copy() {
    let mut rng = Rng::with_seed(1);
    let dumps = corpus::dumps();
    for (name, dump) in &dumps {
        let (old, new) = (Trace::of(dump.clone()), Trace::of(other_run(dump, &mut rng)));
        let report = diff(&old, &new, Parts::default());
        assert!(report.is_empty(), "{name}: {report:?}");
        assert!(report.notes.is_empty(), "{name}: {:?}", report.notes);
    }
    println!("{} dumps", dumps.len());
}

#[test]
fn a_record_of_the_end_and_placeholders_are_no_difference() {
    let mut changed = 0;
    for (name, dump) in corpus::dumps() {
        let trace = Trace::of(dump.clone());
        let is_noise = |at: usize| {
            let task = trace.tasks[Entity::at(at)];
            task.kind == acg_trace::Kind::Nop || task.part == Part::EndRecord
        };
        let mut other = dump.clone();
        let kept: Vec<bool> = (0..dump.records.len()).map(|at| !is_noise(at)).collect();
        if kept.iter().all(|&kept| kept) {
            continue;
        }
        let shift = |at: u32| kept[..at as usize].iter().filter(|&&kept| kept).count() as u32;
        for stream in &mut other.streams {
            stream.records = shift(stream.records.start)..shift(stream.records.end);
        }
        let mut keep = kept.iter();
        other.records.retain(|_| *keep.next().unwrap_or(&true));
        let new = Trace::of(other);
        let report = diff(&trace, &new, Parts::default());
        assert!(report.is_empty(), "{name}: {report:?}");
        changed += 1;
    }
    println!("{changed} dumps");
}

#[test]
fn a_dump_without_columns_of_newer_formats_is_compared_by_the_rest() {
    for (name, dump) in corpus::dumps() {
        let mut bare = dump.clone();
        bare.origin.generation = Some((acg_target::DumpFormat::Bare, acg_target::DumpFormat::Bare));
        bare.origin.path = None;
        for record in &mut bare.records {
            (record.blocks, record.ration, record.schem) = (None, None, None);
            (record.extend_info, record.args) = (None, None);
        }
        let (old, new) = (Trace::of(dump), Trace::of(bare));
        let report = diff(&old, &new, Parts::default());
        assert!(report.is_empty(), "{name}: {report:?}");
    }
}

#[test]
fn a_changed_pointer_is_told_where_it_breaks_the_renaming() {
    let text = |words: &[[u64; 2]]| {
        let records = words.iter().enumerate().map(|(at, words)| {
            format!(
                r#"{{"name":"k","pid":"1 aclGraph","tid":"stream4","ts":{},"dur":9.5,"ph":"X","args":{{"Model Id":0,"Stream Id":4,"Task Id":{at},"Task Type":"KERNEL_AIVEC","Numblocks":1,"Schem Mode":0,"Kernel Args":"0x{:016x} 0x{:016x}","Kernel Args Size":16}}}}"#,
                at * 10, words[0], words[1]
            )
        });
        format!("[\n{}\n]", records.collect::<Vec<_>>().join(",\n"))
    };
    let trace = |words: &[[u64; 2]]| {
        let mut reading = acg_dump::read_any(&mut text(words).as_bytes()).expect("it can be read");
        Trace::of(reading.dumps.remove(0))
    };
    let (a, b) = (0x12c0_0000_0000, 0x12d0_0000_0000);
    let old = trace(&[[a, 64], [a + 64, 64], [a, 128]]);
    let moved = trace(&[[b, 64], [b + 64, 64], [b, 128]]);
    assert!(diff(&old, &moved, Parts::default()).is_empty());
    let aliased = trace(&[[b, 64], [b, 64], [b, 128]]);
    let report = diff(&old, &aliased, Parts::default());
    let changes: Vec<_> = report.tasks.iter().flat_map(|task| &task.attributes).collect();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].attribute, acg_diff::Attribute::Arg(0));
    let sized = trace(&[[b, 65], [b + 64, 64], [b, 128]]);
    let report = diff(&old, &sized, Parts::default());
    assert_eq!(report.tasks[0].attributes[0].attribute, acg_diff::Attribute::Arg(1));
    assert!(diff(&old, &sized, Parts::ARGS).is_empty());
}
