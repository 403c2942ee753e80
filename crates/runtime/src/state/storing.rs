//! How a task gets into a graph: group checks, cascades, numbering.

use acg_calls::Core;

use super::{Inner, InnerId, Shortage, Signal, State, StreamId, Task, TaskId, Work};

/// Why a task was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotStored {
    /// Another stream of the capture has an open task group, this one has none.
    BreaksGroup,
    /// The task is no kernel and the stream has an open task group.
    UnfitForGroup,
    /// An earlier task that was not stored blocks the queue.
    Jammed,
    /// The hidden stream is full and there is no further one.
    Shortage(Shortage),
}

impl NotStored {
    /// The code that reports it.
    pub const fn code(self) -> i32 {
        match self {
            Self::BreaksGroup => 107_034,
            Self::UnfitForGroup => 507_009,
            Self::Jammed => 507_002,
            Self::Shortage(shortage) => shortage.code(),
        }
    }
}

impl State {
    /// How many queue entries a task takes.
    pub(crate) fn entries(&self, work: Work) -> u32 {
        let memory_wait = self.target.memory_wait_entries.unwrap_or(1);
        match work {
            Work::Wait(event) => match self.captured[event].signal {
                Signal::Memory(_) => memory_wait,
                Signal::Hardware(_) => 1,
            },
            Work::ValueWait(_) => memory_wait,
            Work::FlaggedWait(_) => self.target.external_wait_entries,
            Work::Condition(kind) => self.target.condition_entries[kind as usize],
            _ => 1,
        }
    }

    /// Whether a task group takes a task.
    fn fits_group(&self, work: Work) -> bool {
        matches!(work, Work::Kernel(launch) if self.launches.kernel(launch).core != Core::AiCpu)
    }

    /// Stores a task of a captured stream, on a further hidden stream if the current one is full.
    pub(crate) fn store(&mut self, stream: StreamId, work: Work, call: u32) -> Result<TaskId, NotStored> {
        let Some(inner) = self.streams[stream].inner else {
            return Err(NotStored::Shortage(Shortage::Stream));
        };
        let queue = &self.inners[inner];
        if queue.group.is_none() && self.models[queue.model].open_groups > 0 {
            return Err(self.break_group(inner, NotStored::BreaksGroup, call));
        }
        let is_full = queue.entries >= self.target.usable_depth;
        let inner = if is_full { self.cascade(inner, call)? } else { inner };
        let queue = &self.inners[inner];
        if queue.is_jammed {
            return Err(NotStored::Jammed);
        }
        let Some(group) = queue.group else { return Ok(self.append(inner, work, call)) };
        if !self.fits_group(work) {
            self.inners[inner].is_jammed = self.target.jams_on_unfit_task;
            return Err(self.break_group(inner, NotStored::UnfitForGroup, call));
        }
        let task = self.append(inner, work, call);
        self.groups[group].tasks.push(task);
        Ok(task)
    }

    /// Appends a task to a hidden stream without any check.
    pub(crate) fn append(&mut self, inner: InnerId, work: Work, call: u32) -> TaskId {
        let entries = self.entries(work);
        let by_entries = self.target.numbers_by_entries;
        let queue = &mut self.inners[inner];
        let number = if by_entries { queue.entries } else { queue.tasks };
        let before = queue.last;
        let id = self.tasks.push(Task { inner, next: None, number, call, work });
        match before {
            Some(before) => self.tasks[before].next = Some(id),
            None => queue.first = Some(id),
        }
        queue.last = Some(id);
        queue.tasks += 1;
        queue.entries += entries;
        id
    }

    /// Chains a new hidden stream behind a full one; it takes the open group over.
    fn cascade(&mut self, full: InnerId, call: u32) -> Result<InnerId, NotStored> {
        let (model, stream) = (self.inners[full].model, self.inners[full].stream);
        let driver_id = match self.pools.take_stream() {
            Ok(id) => id,
            Err(shortage) => {
                self.streams[stream].status = super::CaptureStatus::Invalidated;
                self.terminate(model, call, None);
                return Err(NotStored::Shortage(shortage));
            }
        };
        let is_origin = self.inners[full].is_origin;
        let next = self.make_inner(Inner::new(driver_id, model, stream, is_origin));
        self.append(full, Work::StreamActive(next), call);
        self.inners[next].group = self.inners[full].group.take();
        self.inners[full].is_last = false;
        self.streams[stream].inner = Some(next);
        Ok(next)
    }

    fn break_group(&mut self, inner: InnerId, reason: NotStored, call: u32) -> NotStored {
        let model = self.inners[inner].model;
        self.models[model].group_error = Some(reason.code());
        self.terminate(model, call, None);
        reason
    }
}
