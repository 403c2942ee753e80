//! What calls read and write, from their own arguments.
//!
//! Copies, fills and value operations say it outright. An `aclnn` operator's second phase names an executor, and the call
//! of the first phase that made the executor names the operands; [`acg_operators`] says which of them are written. What
//! hides its operands (kernel arguments, callbacks, descriptors) has unknown accesses.

use acg_calls::{Address, Api, Arg, CallId, CallView, Log, Name};
use acg_ir::Extent;
use acg_operators::{Direction, Operator};
use rustc_hash::FxHashMap;

use crate::access::{AccessOf, Accesses, Coverage};

/// Accesses read from the arguments of a log's calls.
#[derive(Clone, Debug)]
pub struct Arguments<'l> {
    log: &'l Log,
    /// By second-phase call the first-phase call that made its executor; as long as the last of them wants.
    phases: Vec<Option<CallId>>,
    /// What is known of each operator that has both phases.
    operators: FxHashMap<Name, Option<&'static Operator>>,
}

impl<'l> Arguments<'l> {
    /// Pairs the two phases of every operator in `log`.
    pub fn of(log: &'l Log) -> Self {
        let mut executors: FxHashMap<Name, CallId> = FxHashMap::default();
        let mut operators = FxHashMap::default();
        let mut phases = Vec::new();
        let paired = if log.uses(Api::AclnnGetWorkspaceSize) { log.len() } else { 0 };
        for view in log.iter().take(paired) {
            match view.api() {
                Api::AclnnGetWorkspaceSize => {
                    if let Some(executor) = view.args().last().and_then(Arg::out) {
                        executors.insert(executor, view.id);
                    }
                }
                Api::Aclnn => {
                    let phase = view.name(2).and_then(|executor| executors.get(&executor));
                    if let (Some(&phase), Some(name)) = (phase, view.manner().operator)
                        && log.manner(phase).operator == Some(name)
                    {
                        phases.resize(view.id.index(), None);
                        phases.push(Some(phase));
                        let find = || Operator::find(&format!("aclnn{}", log.text(name)));
                        operators.entry(name).or_insert_with(find);
                    }
                }
                _ => {}
            }
        }
        Self { log, phases, operators }
    }

    fn operator(&self, view: &CallView<'_>, out: &mut Vec<AccessOf>) -> Coverage {
        if let (Some(workspace), Some(size)) = (view.address(0), view.int(1)) {
            push(out, workspace, bytes(size), true);
        }
        let phase = self.phases.get(view.id.index()).copied().flatten();
        let known = view.manner().operator.and_then(|name| self.operators.get(&name).copied().flatten());
        let (Some(phase), Some(operator)) = (phase, known) else { return Coverage::Some };
        let phase = self.log.view(phase);
        // The first phase takes the parameters, the workspace size and the executor.
        if phase.args().len() != operator.parameters().len() + 2 {
            return Coverage::Some;
        }
        let mut coverage = Coverage::All;
        for (parameter, arg) in operator.parameters().iter().zip(phase.args()) {
            if !parameter.kind.is_tensor() {
                continue;
            }
            for tensor in phase.flat(arg) {
                match tensor.address() {
                    Some(address) => operand(out, address, parameter.direction),
                    None if tensor == Arg::Null => {}
                    None => coverage = Coverage::Some,
                }
            }
        }
        coverage
    }
}

impl Accesses for Arguments<'_> {
    fn of(&self, call: CallId, out: &mut Vec<AccessOf>) -> Coverage {
        let view = self.log.view(call);
        match view.api() {
            Api::Memcpy | Api::MemcpyAsync => {
                copy(out, view.address(0), view.address(2), view.int(3).and_then(bytes));
                Coverage::All
            }
            Api::CMemcpy => {
                copy(out, view.address(0), view.address(1), view.int(2).and_then(bytes));
                Coverage::All
            }
            Api::Memcpy2d | Api::Memcpy2dAsync => {
                copy_rows(out, &view);
                Coverage::All
            }
            Api::MemcpyBatch | Api::MemcpyBatchAsync => copy_batch(out, &view),
            Api::Memset | Api::MemsetAsync => fill(out, &view, 3),
            Api::CMemset => fill(out, &view, 2),
            Api::ReduceAsync => {
                copy(out, view.address(0), view.address(1), view.int(2).and_then(bytes));
                if let Some(to) = view.address(0) {
                    push(out, to, view.int(2).and_then(bytes), false);
                }
                Coverage::All
            }
            Api::ValueWrite => value(out, &view, true),
            Api::ValueWait => value(out, &view, false),
            Api::GetOverflowStatus | Api::NpuGetFloatOverFlowStatus | Api::GetFloatOverflowStatus => {
                fill(out, &view, 1)
            }
            Api::Aclnn => self.operator(&view, out),
            Api::MdlExecute | Api::MdlExecuteAsync => datasets(out, &view, [1, 2]),
            Api::GeRunGraph => datasets(out, &view, [2, 3]),
            Api::GeRunGraphWithStreamAsync => datasets(out, &view, [3, 4]),
            api => others(api),
        }
    }
}

/// How much is known about a call of which no access is known.
fn others(api: Api) -> Coverage {
    match api {
        Api::MemcpyAsyncWithCondition
        | Api::MemcpyAsyncWithOffset
        | Api::MemcpyAsyncWithDesc
        | Api::LaunchKernel
        | Api::LaunchKernelV2
        | Api::LaunchKernelWithConfig
        | Api::LaunchKernelWithHostArgs
        | Api::RandomNumAsync
        | Api::LaunchCallback
        | Api::LaunchHostFunc
        | Api::RiTaskSetParams
        | Api::GeRunGraphAsync => Coverage::Some,
        _ => Coverage::All,
    }
}

/// A number of bytes as lengths are written; nothing where the number cannot be a length.
fn bytes(count: i64) -> Option<u64> {
    u64::try_from(count).ok().filter(|&count| count > 0 && count < 1 << 48)
}

/// The bytes that follow an address, if they end below where addresses do.
fn push(out: &mut Vec<AccessOf>, address: Address, count: Option<u64>, writes: bool) {
    let end = count.and_then(|count| address.offset.checked_add(count)).filter(|&end| end <= 1 << 62);
    if let Some(end) = end {
        let extent = Extent::range(address.offset, end);
        out.push(AccessOf { base: address.base, extent, writes, is_exact: true });
    }
}

fn copy(out: &mut Vec<AccessOf>, to: Option<Address>, from: Option<Address>, count: Option<u64>) {
    // A copy onto itself moves nothing (capture-rules, section 5, ACG098).
    if to == from {
        return;
    }
    if let Some(from) = from {
        push(out, from, count, false);
    }
    if let Some(to) = to {
        push(out, to, count, true);
    }
}

/// `aclrtMemcpy2d(dst, dpitch, src, spitch, width, height, …)`.
fn copy_rows(out: &mut Vec<AccessOf>, view: &CallView<'_>) {
    let number =
        |at: usize| view.int(at).and_then(|value| u64::try_from(value).ok()).filter(|&value| value < 1 << 48);
    let (Some(width), Some(height)) = (number(4), number(5)) else { return };
    for (at, writes) in [(2, false), (0, true)] {
        if let (Some(address), Some(pitch)) = (view.address(at), number(at + 1))
            && let Some(extent) = Extent::rows(address.offset, width, height, pitch)
            && !extent.is_empty()
        {
            out.push(AccessOf { base: address.base, extent, writes, is_exact: true });
        }
    }
}

/// `aclrtMemcpyBatch(dsts, destMaxs, srcs, sizes, numBatches, …)`.
fn copy_batch(out: &mut Vec<AccessOf>, view: &CallView<'_>) -> Coverage {
    let (Some(to), Some(from), Some(sizes)) = (view.list(0), view.list(2), view.list(3)) else {
        return Coverage::Some;
    };
    let count = view.int(4).and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
    for ((to, from), size) in to.iter().zip(from).zip(sizes).take(count) {
        copy(out, to.address(), from.address(), size.int().and_then(bytes));
    }
    Coverage::All
}

/// A write of the number of bytes that stands at `count` to the address that comes first.
fn fill(out: &mut Vec<AccessOf>, view: &CallView<'_>, count: usize) -> Coverage {
    if let Some(to) = view.address(0) {
        push(out, to, view.int(count).and_then(bytes), true);
    }
    Coverage::All
}

/// A value operation, on the 64-bit word at the address that comes first.
fn value(out: &mut Vec<AccessOf>, view: &CallView<'_>, writes: bool) -> Coverage {
    if let Some(address) = view.address(0) {
        push(out, address, Some(8), writes);
    }
    Coverage::All
}

/// The inputs and outputs of an offline model or a graph of the graph engine, where the log lists their addresses.
fn datasets(out: &mut Vec<AccessOf>, view: &CallView<'_>, positions: [usize; 2]) -> Coverage {
    let mut coverage = Coverage::All;
    for (position, direction) in positions.into_iter().zip([Direction::In, Direction::Out]) {
        match view.list(position) {
            Some(addresses) => {
                for address in addresses.iter().filter_map(Arg::address) {
                    operand(out, address, direction);
                }
            }
            None if view.is_null(position) => {}
            None => coverage = Coverage::Some,
        }
    }
    coverage
}

/// A tensor of unknown size: only its first byte is certain to be touched.
fn operand(out: &mut Vec<AccessOf>, address: Address, direction: Direction) {
    let Some(end) = address.offset.checked_add(1) else { return };
    let extent = Extent::range(address.offset, end);
    for (writes, applies) in [(false, direction != Direction::Out), (true, direction != Direction::In)] {
        if applies {
            out.push(AccessOf { base: address.base, extent: extent.clone(), writes, is_exact: false });
        }
    }
}
