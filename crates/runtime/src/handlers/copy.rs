//! Asynchronous copies, fills, reductions and cache operations.

use acg_calls::{Api, CallView};

use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{BufferId, Place, Work};

/// Bytes that one task copies between host and device, and that one fill task of a copying fill covers.
const HOST_CHUNK: u64 = 64 << 20;
/// Bytes that one task copies inside a device.
const DEVICE_CHUNK: u64 = 4 << 30;

/// Tasks that one copy is split into at most: more bytes than any device has memory.
const MOST_TASKS: u64 = 4096;

/// The two ends of a copy and its extent.
struct Transfer {
    to: Option<BufferId>,
    from: Option<BufferId>,
    bytes: u64,
    rows: u64,
}

impl Transfer {
    fn is_inside_device(&self, m: &Machine<'_>) -> bool {
        let on_device = |buffer: Option<BufferId>| {
            buffer.is_none_or(|buffer| m.state.buffers[buffer].place == Place::Device)
        };
        on_device(self.to) && on_device(self.from)
    }

    /// How many tasks it takes.
    fn tasks(&self, m: &Machine<'_>) -> u64 {
        match (self.rows, self.is_inside_device(m)) {
            (1, true) => self.bytes.div_ceil(DEVICE_CHUNK),
            (1, false) => self.bytes.div_ceil(HOST_CHUNK),
            (rows, true) => rows,
            (_, false) => 1,
        }
    }
}

/// `aclrtMemcpyAsync` and its relatives that name source and destination.
pub(super) fn asynchronous(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let (source, size, limit) = match c.api() {
        Api::Memcpy2dAsync => (2, 4, None),
        Api::MemcpyAsyncWithOffset => (3, 4, Some(1)),
        _ => (2, 3, Some(1)),
    };
    rules::null_argument::addresses(m, c, &[0, source])?;
    let stream = m.stream_or_default(c, super::stream_position(c).unwrap_or(5))?;
    let bytes = rules::copy_size::check(c, size, limit)?;
    let rows = if c.api() == Api::Memcpy2dAsync { c.int(5).unwrap_or(1).max(1).unsigned_abs() } else { 1 };
    if rules::self_copy::look(m, c, 0, source) {
        return Ok(());
    }
    let transfer = Transfer { to: m.buffer_at(c, 0), from: m.buffer_at(c, source), bytes, rows };
    rules::async_host_to_host::check(m, transfer.to, transfer.from)?;
    rules::pageable_copy_eager::check(m, stream, transfer.to, transfer.from)?;
    rules::begin_foreign_context::check(m, stream)?;
    // Splitting a copy is one call's work: each part is a task of its own.
    let tasks = transfer.tasks(m).clamp(1, MOST_TASKS);
    for _ in 0..tasks {
        if !m.submit(stream, Work::Copy)? {
            return Ok(());
        }
    }
    Ok(())
}

/// `aclrtMemcpyAsyncWithDesc(desc, kind, stream)`.
pub(super) fn by_descriptor(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::null_argument::addresses(m, c, &[0])?;
    let stream = m.stream_or_default(c, 2)?;
    rules::begin_foreign_context::check(m, stream)?;
    m.submit(stream, Work::Copy).map(|_| ())
}

/// `aclrtMemcpyBatchAsync(…)`.
pub(super) fn batch(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 9)?;
    let (to, from) = (c.list(0).unwrap_or_default(), c.list(2).unwrap_or_default());
    for (to, from) in to.iter().zip(from) {
        let ends = [to, from].map(|end| end.address().and_then(|address| m.buffer(address)));
        rules::batch_copy::check(m, stream, ends[0], ends[1])?;
    }
    rules::begin_foreign_context::check(m, stream)?;
    for _ in to.iter().zip(from) {
        if !m.submit(stream, Work::Copy)? {
            return Ok(());
        }
    }
    Ok(())
}

/// `aclrtMemsetAsync(address, max, value, count, stream)`.
pub(super) fn fill(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::null_argument::addresses(m, c, &[0])?;
    let stream = m.stream_or_default(c, 4)?;
    let bytes = rules::copy_size::check(c, 3, Some(1))?;
    rules::begin_foreign_context::check(m, stream)?;
    if m.state.target.has_fill_task {
        m.submit(stream, Work::Fill)?;
    } else {
        // A value is copied from the host into the first part, which is then copied into the others.
        for _ in 0..bytes.div_ceil(HOST_CHUNK).clamp(1, MOST_TASKS) {
            if !m.submit(stream, Work::Copy)? {
                break;
            }
        }
    }
    Ok(())
}

/// `aclrtReduceAsync(dst, src, count, kind, type, stream, reserve)`.
pub(super) fn reduce(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::null_argument::addresses(m, c, &[0, 1])?;
    let stream = m.stream_or_default(c, 5)?;
    rules::begin_foreign_context::check(m, stream)?;
    m.submit(stream, Work::Reduce).map(|_| ())
}

/// `aclrtCmoAsync(src, size, type, stream)`.
pub(super) fn cache_operation(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::null_argument::addresses(m, c, &[0])?;
    let stream = m.stream_or_default(c, 3)?;
    rules::begin_foreign_context::check(m, stream)?;
    m.submit(stream, Work::CacheOperation).map(|_| ())
}
