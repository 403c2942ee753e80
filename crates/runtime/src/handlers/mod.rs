//! What each call does: its checks in the runtime's order, then the transition. One file per family of calls.

mod build;
mod callback;
mod conditional;
mod context;
mod copy;
mod event;
mod external_flag;
mod group;
mod introspect;
mod kernel;
mod label;
mod memory;
mod model;
mod notify;
mod record;
mod session;
mod setting;
mod stream;
mod synchronize;
mod update;
mod value;
mod wait;

use acg_calls::{Api, CallView, Handle, Kind};

use crate::machine::{Answer, Machine};

/// Makes a call.
pub(crate) fn answer<'l>(m: &mut Machine<'l>, c: &CallView<'l>) -> Answer {
    match c.api() {
        Api::RiCaptureBegin => session::begin(m, c).into(),
        Api::RiCaptureToModelRiBegin => session::begin_branch(m, c).into(),
        Api::RiCaptureEnd => session::end(m, c),
        Api::RiCaptureGetInfo => session::info(m, c),
        Api::RiCaptureThreadExchangeMode => session::exchange(m, c),
        Api::RtStreamAddToModel => session::add_stream(m, c).into(),
        Api::RiCaptureTaskGrpBegin => group::begin(m, c).into(),
        Api::RiCaptureTaskGrpEnd => group::end(m, c),
        Api::RiCaptureTaskUpdateBegin => update::begin(m, c).into(),
        Api::RiCaptureTaskUpdateEnd => update::end(m, c).into(),
        Api::CreateEvent | Api::CreateEventWithFlag | Api::CreateEventExWithFlag => {
            event::create(m, c).into()
        }
        Api::DestroyEvent => event::destroy(m, c).into(),
        Api::ResetEvent => event::reset(m, c).into(),
        Api::RecordEvent => record::plain(m, c).into(),
        Api::StreamWaitEvent | Api::StreamWaitEventWithTimeout => wait::plain(m, c).into(),
        Api::RecordEventWithFlag => external_flag::record(m, c).into(),
        Api::StreamWaitEventWithFlag => external_flag::wait(m, c).into(),
        Api::SynchronizeEvent | Api::SynchronizeEventWithTimeout => synchronize::event(m, c).into(),
        Api::QueryEvent | Api::QueryEventWaitStatus => synchronize::old_query(m, c).into(),
        Api::QueryEventStatus => synchronize::query_event(m, c).into(),
        Api::EventElapsedTime => synchronize::elapsed(m, c).into(),
        Api::EventGetTimestamp => synchronize::timestamp(m, c).into(),
        Api::SynchronizeStream | Api::SynchronizeStreamWithTimeout => synchronize::stream(m, c).into(),
        Api::StreamQuery => synchronize::query_stream(m, c).into(),
        Api::SynchronizeDevice | Api::SynchronizeDeviceWithTimeout => synchronize::device(m, c).into(),
        Api::CreateStream | Api::CreateStreamWithConfig => stream::create(m, c).into(),
        Api::DestroyStream | Api::DestroyStreamForce => stream::destroy(m, c).into(),
        Api::PersistentTaskClean => stream::clean(m, c).into(),
        Api::SetStreamAttribute | Api::SetStreamOverflowSwitch => stream::set_property(m, c).into(),
        Api::GetOverflowStatus
        | Api::ResetOverflowStatus
        | Api::NpuGetFloatOverFlowStatus
        | Api::NpuClearFloatOverFlowStatus
        | Api::GetFloatOverflowStatus
        | Api::ResetFloatOverflowStatus => stream::overflow_status(m, c).into(),
        Api::ActiveStream | Api::SwitchStream => label::stream_control(m, c).into(),
        Api::CreateLabel => label::create(m, c),
        Api::CreateLabelList => label::create_list(m, c),
        Api::SetLabel | Api::SwitchLabelByIndex => label::place(m, c).into(),
        Api::LaunchKernel
        | Api::LaunchKernelV2
        | Api::LaunchKernelWithConfig
        | Api::LaunchKernelWithHostArgs => kernel::launch(m, c).into(),
        Api::Aclnn => kernel::operator(m, c).into(),
        Api::CacheLastTaskExtendInfo => kernel::extend_info(m, c).into(),
        Api::CacheLastTaskOpInfo => kernel::op_info(m, c).into(),
        Api::MemcpyAsync
        | Api::MemcpyAsyncWithCondition
        | Api::MemcpyAsyncWithOffset
        | Api::Memcpy2dAsync => copy::asynchronous(m, c).into(),
        Api::MemcpyAsyncWithDesc => copy::by_descriptor(m, c).into(),
        Api::MemcpyBatchAsync => copy::batch(m, c).into(),
        Api::MemsetAsync => copy::fill(m, c).into(),
        Api::ReduceAsync => copy::reduce(m, c).into(),
        Api::CmoAsync => copy::cache_operation(m, c).into(),
        Api::Memcpy | Api::Memset | Api::Memcpy2d | Api::MemcpyBatch => memory::blocking(m, c).into(),
        Api::Malloc
        | Api::MallocAlign32
        | Api::MallocCached
        | Api::MallocWithCfg
        | Api::MallocHost
        | Api::MallocHostWithCfg
        | Api::DvppMalloc
        | Api::HiMpiDvppMalloc
        | Api::CMalloc => memory::allocate(m, c).into(),
        Api::MemPoolMallocAsync => memory::allocate_from_pool(m, c).into(),
        Api::Free | Api::FreeHost | Api::DvppFree | Api::HiMpiDvppFree | Api::CFree => {
            memory::free(m, c).into()
        }
        Api::MemPoolFreeAsync => memory::free_to_pool(m, c).into(),
        Api::HostRegister | Api::HostRegisterV2 => memory::register(m, c).into(),
        Api::HostUnregister => memory::unregister(m, c).into(),
        Api::ValueWrite | Api::ValueWait => value::operate(m, c).into(),
        Api::CreateNotify | Api::CntNotifyCreate => notify::create(m, c).into(),
        Api::DestroyNotify | Api::CntNotifyDestroy => notify::destroy(m, c).into(),
        Api::RecordNotify
        | Api::WaitAndResetNotify
        | Api::CntNotifyRecord
        | Api::CntNotifyWaitWithTimeout => notify::operate(m, c).into(),
        Api::SubscribeReport => callback::subscribe(m, c).into(),
        Api::UnSubscribeReport => callback::unsubscribe(m, c).into(),
        Api::LaunchCallback => callback::launch(m, c).into(),
        Api::LaunchHostFunc => callback::host_function(m, c).into(),
        Api::RiCondHandleCreate => conditional::create(m, c),
        Api::RiCondHandleGetCondPtr => conditional::pointer(m, c).into(),
        Api::RiAddCondTask => conditional::add_task(m, c),
        Api::RiExecuteAsync => model::execute_async(m, c).into(),
        Api::RiExecute => model::execute(m, c).into(),
        Api::RiDestroy => model::destroy(m, c).into(),
        Api::RiAbort => model::abort(m, c).into(),
        Api::RiUpdate => model::update(m, c).into(),
        Api::RiDebugJsonPrint => introspect::dump(m, c).into(),
        Api::RiGetStreams => introspect::streams(m, c),
        Api::RiGetTasksByStream => introspect::tasks(m, c),
        Api::RiDebugPrint | Api::RiGetId | Api::RiSetName | Api::RiGetName => introspect::plain(m, c).into(),
        Api::RiDestroyRegisterCallback | Api::RiDestroyUnregisterCallback => {
            model::destroy_callback(m, c).into()
        }
        Api::RiBuildBegin => build::begin(m, c).into(),
        Api::RiBindStream => build::bind(m, c).into(),
        Api::RiUnbindStream => build::unbind(m, c).into(),
        Api::RiEndTask => build::end_task(m, c).into(),
        Api::RiBuildEnd => build::end(m, c).into(),
        Api::CreateContext => context::create(m, c),
        Api::SetCurrentContext => context::set_current(m, c).into(),
        Api::GetCurrentContext => context::current(m, c),
        Api::DestroyContext => context::destroy(m, c).into(),
        Api::SetDevice => context::set_device(m, c),
        Api::CtxGetCurrentDefaultStream => context::default_stream(m, c),
        Api::SetDeviceResLimit
        | Api::ResetDeviceResLimit
        | Api::SetStreamResLimit
        | Api::ResetStreamResLimit => setting::limit(m, c),
        Api::SetOpWaitTimeout
        | Api::SetOpExecuteTimeOut
        | Api::SetOpExecuteTimeOutWithMs
        | Api::SetOpExecuteTimeOutV2 => setting::timeout(m, c),
        Api::MdlInitDump
        | Api::MdlSetDump
        | Api::MdlFinalizeDump
        | Api::AclprofInit
        | Api::AclprofStart
        | Api::AclprofStop
        | Api::AclprofFinalize
        | Api::SetDeviceSatMode => setting::configuration(m, c),
        Api::MdlLoadFromFile
        | Api::MdlExecute
        | Api::MdlExecuteAsync
        | Api::MdlUnload
        | Api::GeCompileGraph
        | Api::GeLoadGraph
        | Api::GeRunGraph
        | Api::GeRunGraphAsync
        | Api::GeRunGraphWithStreamAsync => context::executable(m, c),
        _ => context::other(m, c),
    }
}

/// The position of the stream that a call works on: its last one.
fn stream_position(c: &CallView<'_>) -> Option<usize> {
    c.api().params().iter().rposition(|param| param.kind == Kind::In(Handle::Stream))
}
