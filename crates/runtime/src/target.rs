//! What the model needs to know of a target profile, in the units in which it counts.

use acg_target::{Cann, CapturedEvents, CodePath, Profile, TaskQueue};

/// A machine: chip, task queues, firmware, CANN release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "a machine has or lacks each feature on its own")]
pub struct Target {
    /// Whether it takes the code path of Ascend 950.
    pub is_david: bool,
    /// Whether task queues are kept in memory and bound at execution.
    pub has_software_queue: bool,
    /// Whether captured events are words of memory, whatever hardware events are left.
    pub uses_memory_events: bool,
    /// Captured events are words of memory once fewer hardware events than this are free.
    pub memory_events_below: u32,
    /// Whether kernels of a task group can be updated.
    pub has_task_update: bool,
    /// Whether streams can be made for the device's own use.
    pub has_device_use_only_stream: bool,
    /// Whether graphs can have conditional tasks.
    pub has_conditionals: bool,
    /// Whether events can be recorded and waited for with the external flag.
    pub has_external_flags: bool,
    /// Whether a copy of pageable memory on a capturing stream gets the code of a captured stream, as in 8.5.
    pub refuses_pageable_as_captured: bool,
    /// Whether a fill is a task of its own kind.
    pub has_fill_task: bool,
    /// Queue entries after which a hidden stream is continued by another one.
    pub usable_depth: u32,
    /// Whether task numbers count queue entries.
    pub numbers_by_entries: bool,
    /// Whether a task that does not fit an open group blocks its queue.
    pub jams_on_unfit_task: bool,
    /// Filler tasks in front of a task group.
    pub group_fillers: u32,
    /// Queue entries of a wait for a memory word; `None` where the chip has none.
    pub memory_wait_entries: Option<u32>,
    /// Queue entries of a wait with the external flag.
    pub external_wait_entries: u32,
    /// Queue entries of IF, WHILE and SWITCH.
    pub condition_entries: [u32; 3],
    /// Streams there are.
    pub streams: u32,
    /// Hardware events there are.
    pub events: u32,
    /// Notifies there are.
    pub notifies: u32,
    /// Hidden streams that one execution can use.
    pub streams_per_execution: u32,
}

impl Target {
    /// The machine that a profile describes.
    pub fn of(profile: &Profile) -> Self {
        let is_david = profile.path() == CodePath::David;
        let has_software_queue = profile.queue == TaskQueue::Software;
        let (limits, entries) = (&profile.chip.limits, &profile.chip.entries);
        let memory_below = limits.memory_events_below;
        Self {
            is_david,
            has_software_queue,
            uses_memory_events: profile.captured_events == CapturedEvents::Memory && memory_below.is_some(),
            memory_events_below: memory_below.unwrap_or(0),
            has_task_update: profile.firmware.task_update,
            has_device_use_only_stream: profile.firmware.device_use_only_stream,
            has_conditionals: profile.has_conditionals(),
            has_external_flags: profile.has_external_flags(),
            refuses_pageable_as_captured: profile.cann < Cann::new(9, 0, 0).beta(1),
            has_fill_task: is_david && profile.cann >= Cann::new(9, 2, 0).beta(1),
            usable_depth: profile.queue_size().usable().max(1),
            numbers_by_entries: is_david && !has_software_queue,
            jams_on_unfit_task: !is_david && !has_software_queue,
            group_fillers: limits.task_group_filler,
            memory_wait_entries: entries.memory_wait,
            external_wait_entries: entries.external_wait,
            condition_entries: [entries.condition_if, entries.condition_while, entries.condition_switch],
            streams: limits.stream_ids,
            events: limits.events,
            notifies: limits.notifies,
            streams_per_execution: limits.execute_streams,
        }
    }
}
