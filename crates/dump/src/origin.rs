//! What a dump shows of the runtime that wrote it (debug-json, section 6).

use acg_target::{CodePath, DumpFormat};

use crate::read::Spelling;
use crate::record::Record;
use crate::task_type::TaskType;

/// What a dump shows of the runtime that wrote it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The oldest and the newest generation of the format that it can be, equal where a column tells; `None` without records.
    pub generation: Option<(DumpFormat, DumpFormat)>,
    /// Which printer wrote it, where a duration or a column tells.
    pub path: Option<CodePath>,
    /// Whether `Task Type` is there and empty throughout, as 950 wrote it before 9.1.0.
    pub untyped: bool,
}

/// What the records show so far.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that was seen or not")]
pub(crate) struct Evidence {
    any: bool,
    has_types: bool,
    has_named_types: bool,
    old: bool,
    new: bool,
    v100: bool,
    david: bool,
}

impl Evidence {
    /// Takes a record into account; its type is that of the file.
    pub(crate) fn see(&mut self, record: &Record<'_>, spelling: Spelling, duration: Option<f64>) {
        use TaskType as T;
        self.any = true;
        self.has_types |= spelling != Spelling::Bare;
        self.has_named_types |= !record.task_type.as_str().is_empty();
        self.old |= spelling == Spelling::Old;
        let since_new = matches!(
            record.task_type,
            T::MemsetAsync
                | T::ConditionOp
                | T::CaptureRecordExternal
                | T::CaptureWaitExternal
                | T::CaptureRecordExternalPlaceholder
                | T::CaptureWaitExternalPlaceholder
        );
        self.new |= spelling == Spelling::New || since_new;
        self.v100 |= record.ration.is_some() || record.active_stream.is_some_and(|stream| stream >= 0);
        let named = record.task_type.as_str();
        self.david |= record.active_stream == Some(-1) || matches!(record.task_type, T::MemsetAsync | T::Ccu);
        // Only v100 draws records, waits and placeholders for another time than the rest.
        let by_type = named == "NOP" || named.contains("RECORD") || named.contains("WAIT");
        match duration {
            Some(9.5) => self.david |= by_type && spelling != Spelling::Bare,
            Some(0.5 | 4.5 | 14.5) => self.v100 |= by_type,
            _ => {}
        }
    }

    pub(crate) fn origin(self) -> Origin {
        let untyped = self.has_types && !self.has_named_types;
        let generation = match (self.has_types, self.new, self.old) {
            (false, ..) => (DumpFormat::Bare, DumpFormat::Bare),
            (_, true, _) => (DumpFormat::Full, DumpFormat::Full),
            (_, _, true) => (DumpFormat::Typed, DumpFormat::Typed),
            _ => (DumpFormat::Typed, DumpFormat::Full),
        };
        let path = match (self.v100, self.david || untyped) {
            (true, false) => Some(CodePath::V100),
            (false, true) => Some(CodePath::David),
            // The printer of 950 is younger than the task type.
            (false, false) if self.any && !self.has_types => Some(CodePath::V100),
            _ => None,
        };
        Origin { generation: self.any.then_some(generation), path, untyped }
    }
}

/// The type that the name of a record without one tells; empty for a kernel, whose name can be any.
pub(crate) fn type_of(name: &str) -> TaskType<'_> {
    let stem = without_number(name);
    [name, stem, without_number(stem)]
        .into_iter()
        .map(TaskType::parse)
        .find(|found| !matches!(found, TaskType::Other(_)) && !found.is_kernel())
        .unwrap_or_else(|| match name {
            "AICPU_KERNEL" => TaskType::KernelAiCpu,
            "AICORE_KERNEL" => TaskType::KernelAiCore,
            _ if name.starts_with("FUSION_KERNEL_") => TaskType::FusionKernel,
            _ => TaskType::Other(""),
        })
}

/// `name` without `_` and a number at its end.
fn without_number(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((stem, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            stem
        }
        _ => name,
    }
}
