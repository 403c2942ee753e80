//! Which columns and durations a dump has: it changed with CANN releases and differs between chips.

use acg_target::{Cann, CodePath, DumpFormat, Profile};

/// One form of `modelRI.json` (debug-json, sections 1 and 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Format {
    /// The generation of the format.
    pub generation: DumpFormat,
    /// Which printer writes it.
    pub path: CodePath,
    /// Whether `Task Type` says what the task is; the first 950 printers wrote an empty one and no kernel columns.
    pub typed: bool,
}

impl Format {
    /// What the runtime of `profile` writes.
    pub fn of(profile: &Profile) -> Self {
        Self::new(profile.cann, profile.path())
    }

    /// What CANN release `cann` writes on chips of `path`.
    pub fn new(cann: Cann, path: CodePath) -> Self {
        let generation = cann.dump_format();
        let typed = match path {
            CodePath::V100 => generation != DumpFormat::Bare,
            CodePath::David => cann >= Cann::new(9, 1, 0),
        };
        Self { generation, path, typed }
    }
}
