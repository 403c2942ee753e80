//! Which columns can be compared: those that both dumps can have (debug-json, section 6).

use acg_target::{CodePath, DumpFormat};
use acg_trace::Trace;

use crate::ignore::Ignore;
use crate::report::{Note, Side};

/// Which columns are compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    pub(crate) hashes: bool,
    pub(crate) types: bool,
    pub(crate) blocks: bool,
    pub(crate) ration: bool,
    pub(crate) schem: bool,
    pub(crate) extend_info: bool,
    pub(crate) args: bool,
}

/// What the dump of one side has.
struct Has {
    types: bool,
    blocks: bool,
    ration: bool,
    schem: bool,
    extend_info: bool,
    args: bool,
    path: Option<CodePath>,
}

impl Has {
    fn of(trace: &Trace) -> Self {
        let origin = trace.dump.origin;
        // Without evidence the oldest format that it can be decides, unless a record has the column.
        let oldest = origin.generation.map_or(DumpFormat::Full, |(oldest, _)| oldest);
        let typed = oldest >= DumpFormat::Typed && !origin.untyped;
        let any = |has: fn(&acg_dump::OwnedRecord) -> bool| trace.dump.records.iter().any(has);
        Self {
            types: typed,
            blocks: typed || any(|record| record.blocks.is_some()),
            ration: (typed && origin.path != Some(CodePath::David)) || any(|record| record.ration.is_some()),
            schem: typed || any(|record| record.schem.is_some()),
            extend_info: oldest == DumpFormat::Full || any(|record| record.extend_info.is_some()),
            args: trace.dump.records.is_empty() || any(|record| record.args.is_some()),
            path: origin.path,
        }
    }
}

/// The columns that both dumps have and that are not ignored; what is left out for the dumps' sake is noted.
pub(crate) fn comparable(old: &Trace, new: &Trace, ignore: Ignore) -> (Columns, Vec<Note>) {
    let (a, b) = (Has::of(old), Has::of(new));
    let mut notes = Vec::new();
    let mut both = |what: &'static str, part: Ignore, old: bool, new: bool| {
        let is_wanted = !ignore.has(part);
        if is_wanted && old != new {
            let side = if old { Side::New } else { Side::Old };
            notes.push(Note::NotInFormat { what, side });
        }
        is_wanted && old && new
    };
    let types = both("task types", Ignore::TYPES, a.types, b.types);
    let blocks = both("block counts", Ignore::BLOCKS, a.blocks, b.blocks);
    let ration = both("task rations", Ignore::RATION, a.ration, b.ration);
    let schem = both("schem modes", Ignore::SCHEM, a.schem, b.schem);
    let extend_info = both("ExtendInfo", Ignore::EXTEND_INFO, a.extend_info, b.extend_info);
    let other_chip = a.path.zip(b.path).is_some_and(|(a, b)| a != b);
    if types && other_chip {
        notes.push(Note::OtherChip);
    }
    let args = !ignore.has(Ignore::ARGS);
    if args && a.args != b.args {
        notes.push(Note::NoArguments(if a.args { Side::New } else { Side::Old }));
    }
    let columns = Columns {
        hashes: !ignore.has(Ignore::HASHES),
        types: types && !other_chip,
        blocks,
        ration,
        schem,
        extend_info,
        args: args && a.args && b.args,
    };
    (columns, notes)
}
