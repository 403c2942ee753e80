//! A chip: what is fixed in silicon or in the runtime's table for it.

use serde::Deserialize;

use crate::model::DeviceModel;

/// A chip, as its file in `chips/` describes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chip {
    /// The name that rules are limited by: `910b`, `910c`, `950`, `310p`.
    pub name: String,
    /// What people call the products with it.
    pub products: String,
    /// Which implementation of the runtime serves it.
    pub path: CodePath,
    /// Sizes of the queues in which streams keep their tasks.
    pub queues: Queues,
    /// How many of each thing there are.
    pub limits: Limits,
    /// How many queue entries the tasks take that need more than one.
    pub entries: Entries,
    /// Cores of one device.
    pub cores: Cores,
    /// How schedules for it are timed.
    pub model: DeviceModel,
}

/// Which implementation of the runtime serves a chip; they differ in rules and in the dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodePath {
    /// The one for A2, A3 and Atlas inference.
    V100,
    /// The one for 950.
    David,
}

impl CodePath {
    /// The word that profiles use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V100 => "v100",
            Self::David => "david",
        }
    }
}

/// Queue sizes by kind of queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queues {
    /// Hardware queues, taken while capturing.
    pub hardware: QueueSize,
    /// Queues in memory that are bound to hardware at execution; `None` where the chip has none.
    pub software: Option<QueueSize>,
}

/// The size of one task queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueSize {
    /// All entries.
    pub depth: u32,
    /// Entries kept free.
    pub reserve: u32,
}

impl QueueSize {
    /// Entries that captured tasks may fill before the next task opens a further stream.
    pub const fn usable(self) -> u32 {
        self.depth.saturating_sub(self.reserve)
    }
}

/// How many of each thing a device has, and the thresholds that decide between mechanisms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Streams that documents promise to a user.
    pub streams: u32,
    /// Streams that exist in hardware.
    pub physical_streams: u32,
    /// Stream ids that can be allocated.
    pub stream_ids: u32,
    /// Events.
    pub events: u32,
    /// Captured events live in memory once this few hardware events are free; `None` where they never do.
    pub memory_events_below: Option<u32>,
    /// Notifies.
    pub notifies: u32,
    /// Streams, cascades and branches included, that executing graphs may have bound at once.
    pub execute_streams: u32,
    /// Tasks that live as long as their model.
    pub persistent_tasks: u32,
    /// Kernels under update at once.
    pub updating_kernels: u32,
    /// Tasks that opening a task group adds.
    pub task_group_filler: u32,
}

/// Queue entries of the tasks that take more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entries {
    /// Waiting for a word of device memory: `aclrtValueWait`, and a captured event that lives in memory. `None` where the
    /// chip cannot do it.
    pub memory_wait: Option<u32>,
    /// Waiting with the external flag.
    pub external_wait: u32,
    /// A conditional task of type IF.
    pub condition_if: u32,
    /// A conditional task of type WHILE.
    pub condition_while: u32,
    /// A conditional task of type SWITCH.
    pub condition_switch: u32,
}

/// Cores of one device; products of one chip differ, these are the fullest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cores {
    /// AI Cores, which is cube cores where cube and vector are separate.
    pub aicore: u32,
    /// Vector cores.
    pub aivec: u32,
}
