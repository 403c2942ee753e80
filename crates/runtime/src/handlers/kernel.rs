//! Kernel and operator launches, and what is kept with the last task.

use acg_calls::{CallView, Core, Kernel as LoggedKernel};

use super::update;
use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{ExtendInfo, GroupStatus, Kernel, StreamId, Work};

/// `aclrtLaunchKernel` and its newer forms.
pub(super) fn launch(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let (stream, size) = match c.api() {
        acg_calls::Api::LaunchKernelWithConfig => (2, None),
        acg_calls::Api::LaunchKernelWithHostArgs => (2, Some(5)),
        acg_calls::Api::LaunchKernelV2 => (5, Some(3)),
        _ => (4, Some(3)),
    };
    let logged = c.kernel(0).ok_or_else(|| rules::null_argument::refusal(m, c, 0))?;
    let stream = m.stream_or_default(c, stream)?;
    rules::kernel_schem_mode::check(&logged)?;
    let kernel = Kernel {
        name: logged.name,
        core: logged.core,
        blocks: c.int(1).map_or(0, clamp),
        schem: logged.schem.unwrap_or(0),
        ration: logged.ration,
        args: size.and_then(|size| c.int(size)).map_or(0, clamp),
    };
    run(m, stream, kernel)
}

/// An `aclnn` operator: it launches the kernels it is annotated with, or one vector kernel of its own name.
pub(super) fn operator(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 3)?;
    let mut launches = c.launches().peekable();
    if launches.peek().is_none() {
        return run(m, stream, described(c, None));
    }
    launches.try_for_each(|logged| run(m, stream, described(c, Some(logged))))
}

/// What a launch of an operator's kernel is, by its annotation.
fn described(c: &CallView<'_>, logged: Option<LoggedKernel>) -> Kernel {
    let logged = logged.unwrap_or(LoggedKernel {
        name: None,
        core: Core::AiVec,
        blocks: None,
        schem: None,
        ration: None,
    });
    Kernel {
        name: logged.name.or(c.manner().operator),
        core: logged.core,
        blocks: logged.blocks.unwrap_or(1),
        schem: logged.schem.unwrap_or(0),
        ration: logged.ration,
        args: 0,
    }
}

/// Launches a kernel: into the group that the stream updates, into the graph that it is captured into, or at once.
fn run(m: &mut Machine<'_>, stream: StreamId, kernel: Kernel) -> Verdict {
    rules::begin_foreign_context::check(m, stream)?;
    if m.state.streams[stream].group_status == GroupStatus::Updating {
        return update::replace(m, stream, kernel);
    }
    if m.state.captures(stream) {
        let launch = m.state.launches.add(kernel);
        return m.store(stream, Work::Kernel(launch)).map(|_| ());
    }
    m.run_eagerly(stream);
    Ok(())
}

/// `aclrtCacheLastTaskExtendInfo(text, size)`.
pub(super) fn extend_info(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let (text, size) = rules::cache_opinfo::extend_info(m, c)?;
    if let Some(task) = m.state.threads[m.thread].last_task {
        m.state.extend_infos.insert(task, ExtendInfo { text, size });
    }
    Ok(())
}

/// `aclrtCacheLastTaskOpInfo(info, size)`.
pub(super) fn op_info(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::cache_opinfo::op_info(m, c)
}

/// A number of an argument as the runtime's unsigned 32 bits.
fn clamp(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}
