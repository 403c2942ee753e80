//! Which columns can be compared: those that both dumps can have (debug-json, section 6).

use acg_dump::OwnedRecord;
use acg_target::{CodePath, DumpFormat};
use acg_trace::Trace;

use crate::parts::Parts;
use crate::report::{Note, Side};

/// What notes call the columns that not every format has.
const COLUMNS: [(Parts, &str); 5] = [
    (Parts::TYPES, "task types"),
    (Parts::BLOCKS, "block counts"),
    (Parts::RATION, "task rations"),
    (Parts::SCHEM, "schem modes"),
    (Parts::EXTEND_INFO, "ExtendInfo"),
];

/// `ignored` with the columns that one of the dumps does not have; what is left out for the dumps' sake is noted.
pub(crate) fn incomparable(old: &Trace, new: &Trace, ignored: Parts) -> (Parts, Vec<Note>) {
    let (a, b) = (present(old), present(new));
    let mut left_out = ignored;
    let mut notes = Vec::new();
    for (column, what) in COLUMNS {
        if !a.has(column) || !b.has(column) {
            left_out = left_out.with(column);
        }
        if a.has(column) != b.has(column) && !ignored.has(column) {
            notes.push(Note::NotInFormat { what, side: lacking(a, column) });
        }
    }
    let paths = old.dump.origin.path.zip(new.dump.origin.path);
    if paths.is_some_and(|(old, new)| old != new) && !left_out.has(Parts::TYPES) {
        notes.push(Note::OtherChip);
        left_out = left_out.with(Parts::TYPES);
    }
    if !a.has(Parts::ARGS) || !b.has(Parts::ARGS) {
        left_out = left_out.with(Parts::ARGS);
    }
    if a.has(Parts::ARGS) != b.has(Parts::ARGS) && !ignored.has(Parts::ARGS) {
        notes.push(Note::NoArguments(lacking(a, Parts::ARGS)));
    }
    (left_out, notes)
}

const fn lacking(old: Parts, column: Parts) -> Side {
    if old.has(column) { Side::New } else { Side::Old }
}

/// The columns that the format of a dump has, and those that a record has.
fn present(trace: &Trace) -> Parts {
    let origin = trace.dump.origin;
    // Where records do not tell, the oldest format that it can be decides.
    let oldest = origin.generation.map_or(DumpFormat::Full, |(oldest, _)| oldest);
    let is_typed = oldest >= DumpFormat::Typed && !origin.untyped;
    let any = |has: fn(&OwnedRecord) -> bool| trace.dump.records.iter().any(has);
    let columns = [
        (Parts::TYPES, is_typed),
        (Parts::BLOCKS, is_typed || any(|record| record.blocks.is_some())),
        (
            Parts::RATION,
            (is_typed && origin.path != Some(CodePath::David)) || any(|record| record.ration.is_some()),
        ),
        (Parts::SCHEM, is_typed || any(|record| record.schem.is_some())),
        (Parts::EXTEND_INFO, oldest == DumpFormat::Full || any(|record| record.extend_info.is_some())),
        (Parts::ARGS, trace.dump.records.is_empty() || any(|record| record.args.is_some())),
    ];
    let present = columns.into_iter().filter(|&(_, is_present)| is_present);
    present.fold(Parts::default(), |parts, (part, _)| parts.with(part))
}
