//! Allocations and blocking memory calls.

use acg_calls::{Api, CallView};

use crate::bindings::Object;
use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{Buffer, Place};

/// `aclrtMalloc`, `aclrtMallocHost`, `malloc` and their relatives.
pub(super) fn allocate(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    // `hi_mpi_dvpp_malloc` takes the device first.
    let at = usize::from(c.api() == Api::HiMpiDvppMalloc);
    let Some(name) = c.out(at) else { return Err(rules::null_argument::refusal(m, c, at)) };
    let place = match c.api() {
        Api::CMalloc => Place::Pageable,
        Api::MallocHost | Api::MallocHostWithCfg => Place::Pinned,
        _ => Place::Device,
    };
    let size = c.int(at + 1).unwrap_or(0).max(0).unsigned_abs();
    let address = m.state.pools.take_addresses(size);
    let buffer = Buffer { place, ..Buffer::on_device(name, size, address, m.call) };
    let buffer = m.state.buffers.push(buffer);
    m.define(Some(name), Object::Buffer(buffer));
    Ok(())
}

/// `aclrtMemPoolMallocAsync(&address, size, pool, stream)`.
pub(super) fn allocate_from_pool(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 3)?;
    rules::stream_ordered_alloc::look(m, c, stream);
    allocate(m, c)
}

/// `aclrtMemPoolFreeAsync(address, stream)`.
pub(super) fn free_to_pool(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 1)?;
    rules::stream_ordered_alloc::look(m, c, stream);
    free(m, c)
}

/// `aclrtFree`, `aclrtFreeHost`, `free`.
pub(super) fn free(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::null_argument::addresses(m, c, &[0])?;
    if let Some(buffer) = m.buffer_at(c, 0) {
        rules::hostfunc_data_lifetime::look(m, buffer);
    }
    Ok(())
}

/// `aclrtHostRegister` and its second form.
pub(super) fn register(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::null_argument::addresses(m, c, &[0])?;
    if let Some(buffer) = m.buffer_at(c, 0)
        && m.state.buffers[buffer].place == Place::Pageable
    {
        m.state.buffers[buffer].place = Place::Pinned;
        m.state.buffers[buffer].is_registered = true;
    }
    if let Some(name) = c.out(3) {
        m.define(Some(name), Object::Other);
    }
    Ok(())
}

/// `aclrtHostUnregister(address)`.
pub(super) fn unregister(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::null_argument::addresses(m, c, &[0])?;
    if let Some(buffer) = m.buffer_at(c, 0)
        && std::mem::take(&mut m.state.buffers[buffer].is_registered)
    {
        m.state.buffers[buffer].place = Place::Pageable;
    }
    Ok(())
}

/// `aclrtMemcpy`, `aclrtMemset`, `aclrtMemcpy2d`, `aclrtMemcpyBatch`: run at once, if the mode allows.
pub(super) fn blocking(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    match c.api() {
        Api::Memset => {
            rules::null_argument::addresses(m, c, &[0])?;
            rules::copy_size::check(c, 3, Some(1))?;
        }
        Api::Memcpy => {
            rules::null_argument::addresses(m, c, &[0, 2])?;
            rules::copy_size::check(c, 3, Some(1))?;
        }
        Api::Memcpy2d => rules::null_argument::addresses(m, c, &[0, 2])?,
        _ => {}
    }
    rules::sync_memory_in_capture::check(m)?;
    Ok(())
}
