//! A profile: a chip with the software on it.

use crate::chip::{Chip, CodePath, QueueSize};
use crate::version::{Cann, DumpFormat, Hdk, VersionError};

/// Where a captured stream keeps its tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskQueue {
    /// In a hardware queue, taken while capturing.
    Hardware,
    /// In memory, bound to a hardware queue while executing.
    Software,
}

impl TaskQueue {
    /// The word that profiles use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hardware => "hardware",
            Self::Software => "software",
        }
    }
}

/// What stands for a captured event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CapturedEvents {
    /// A hardware event, named by its id in a dump.
    Hardware,
    /// A word of device memory, named by its address in a dump.
    Memory,
}

impl CapturedEvents {
    /// The word that profiles use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hardware => "hardware",
            Self::Memory => "memory",
        }
    }
}

/// Optional features of the device's firmware.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Firmware {
    /// Kernels of a task group can be updated; without it the launch returns 207019.
    pub task_update: bool,
    /// Streams can be made for the device's own use; without it their creation returns 207000.
    pub device_use_only_stream: bool,
    /// Conditional tasks; they also need software task queues.
    pub conditional: bool,
}

/// A machine and the software on it: everything that decides what a call returns and what a dump says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The name it is asked for by.
    pub name: &'static str,
    /// What it stands for, in one sentence.
    pub summary: String,
    /// The chip.
    pub chip: Chip,
    /// The CANN release.
    pub cann: Cann,
    /// The driver package, where the user named one.
    pub hdk: Option<Hdk>,
    /// Where captured streams keep their tasks.
    pub queue: TaskQueue,
    /// What captured events are.
    pub captured_events: CapturedEvents,
    /// What the firmware can do.
    pub firmware: Firmware,
}

impl Profile {
    /// The size of the queue behind each captured stream.
    pub fn queue_size(&self) -> QueueSize {
        match (self.queue, self.chip.queues.software) {
            (TaskQueue::Software, Some(software)) => software,
            _ => self.chip.queues.hardware,
        }
    }

    /// Which implementation of the runtime serves the chip.
    pub fn path(&self) -> CodePath {
        self.chip.path
    }

    /// Which form of dump the release writes.
    pub fn dump_format(&self) -> DumpFormat {
        self.cann.dump_format()
    }

    /// Whether events can be recorded and waited with the external flag (capture-rules, section 3.3).
    pub fn has_external_flags(&self) -> bool {
        self.queue == TaskQueue::Software && self.cann >= Cann::new(9, 2, 0).beta(1)
    }

    /// Whether graphs can have conditional tasks (capture-rules, section 8).
    pub fn has_conditionals(&self) -> bool {
        self.queue == TaskQueue::Software && self.firmware.conditional && self.cann >= Cann::new(9, 1, 0)
    }

    /// The same machine with another CANN release, such as `"9.1"`, and what that release does otherwise: before 9.1 captured
    /// events are memory words unless configured (debug-json, section 2), before 8.5 there are no software task queues
    /// (users, section 1.2, case 10).
    ///
    /// # Errors
    /// A text that is no release number.
    pub fn with_cann(mut self, cann: &str) -> Result<Self, VersionError> {
        self.cann = cann.parse()?;
        if self.cann < Cann::new(9, 1, 0) && self.chip.limits.memory_events_below.is_some() {
            self.captured_events = CapturedEvents::Memory;
        }
        if self.cann < Cann::new(8, 5, 0).beta(1) {
            self.queue = TaskQueue::Hardware;
        }
        Ok(self)
    }

    /// The same machine with the driver package `hdk`, such as `"25.5"`, and what that package lacks taken away: software task
    /// queues before 25.5, task update before 25.0.RC1 and on 310P before 26.0.RC1 (users, section 1.1 and headline 3).
    ///
    /// # Errors
    /// A text that is no release number.
    pub fn with_hdk(mut self, hdk: &str) -> Result<Self, VersionError> {
        let hdk: Hdk = hdk.parse()?;
        let update_since = if self.chip.queues.software.is_some() {
            Hdk::new(25, 0, 0).candidate(1)
        } else {
            Hdk::new(26, 0, 0).candidate(1)
        };
        self.firmware.task_update &= hdk >= update_since;
        if hdk < Hdk::new(25, 5, 0) {
            self.queue = TaskQueue::Hardware;
        }
        self.hdk = Some(hdk);
        Ok(self)
    }
}
