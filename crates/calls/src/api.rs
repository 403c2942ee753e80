//! Every function that a log may call, one line each: the one table that reader, writer and model share.
//!
//! Prototypes are those of the public ACL headers (capture-rules, section 12, lists the capture family), parameters in the
//! order of C. A variant is called what the C function is called without `aclrt`; `aclmdlRI` becomes `Ri`, `aclmdl`
//! becomes `Mdl`, any other prefix is kept.

use std::fmt;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::enums as e;
use crate::param::Handle::{
    Binary, CntNotify, CondHandle, Context, Event, Executor, Label, LabelList, LaunchArgs, LoadedModel, Lock,
    MemPool, Model, Notify, Session, Stream, Task, TaskGroup,
};
use crate::param::Kind::{
    Address, Addresses, Any, Enum, Exchange, Flags, Function, In, Int, Kernel, List, Number, Out, OutAddress,
    OutArray, OutValue, Struct, Text, Value,
};
use crate::param::{Kind, Param};

/// The prototype of one function.
#[derive(Debug)]
pub struct Signature {
    /// Which function.
    pub api: Api,
    /// Its C name; for the two `aclnn` families only the prefix.
    pub name: &'static str,
    /// Its parameters.
    pub params: &'static [Param],
}

impl fmt::Display for Signature {
    /// `name(first, second)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        for (position, param) in self.params.iter().enumerate() {
            let comma = if position > 0 { ", " } else { "" };
            write!(f, "{comma}{}", param.name)?;
        }
        f.write_str(")")
    }
}

macro_rules! apis {
    ($($api:ident = $name:literal ($($param:ident: $kind:expr),*);)*) => {
        /// A function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Api {
            $(#[doc = concat!("`", $name, "`")] $api,)*
        }

        /// Every function, in the order of [`Api`].
        pub static APIS: &[Signature] = &[$(Signature {
            api: Api::$api,
            name: $name,
            params: &[$(Param { name: stringify!($param), kind: $kind }),*],
        },)*];
    };
}

const COND_TASK: &[Param] = &[
    Param { name: "handle", kind: In(CondHandle) },
    Param { name: "type", kind: Enum(&e::COND_TYPE) },
    Param { name: "size", kind: Int },
    Param { name: "modelRIArray", kind: List(&Out(Model)) },
];
const CNT_RECORD: &[Param] =
    &[Param { name: "mode", kind: Enum(&e::CNT_NOTIFY_RECORD_MODE) }, Param { name: "value", kind: Int }];
const CNT_WAIT: &[Param] = &[
    Param { name: "mode", kind: Enum(&e::CNT_NOTIFY_WAIT_MODE) },
    Param { name: "value", kind: Int },
    Param { name: "timeout", kind: Int },
    Param { name: "isClear", kind: Int },
];

apis! {
    // Process, device, context.
    AclInit = "aclInit"(configPath: Text);
    AclFinalize = "aclFinalize"();
    SetDevice = "aclrtSetDevice"(deviceId: Int);
    GetDevice = "aclrtGetDevice"(deviceId: OutValue);
    ResetDevice = "aclrtResetDevice"(deviceId: Int);
    ResetDeviceForce = "aclrtResetDeviceForce"(deviceId: Int);
    GetDeviceCount = "aclrtGetDeviceCount"(count: OutValue);
    GetRunMode = "aclrtGetRunMode"(runMode: OutValue);
    SynchronizeDevice = "aclrtSynchronizeDevice"();
    SynchronizeDeviceWithTimeout = "aclrtSynchronizeDeviceWithTimeout"(timeout: Int);
    SetDeviceResLimit = "aclrtSetDeviceResLimit"(deviceId: Int, limitType: Enum(&e::RES_LIMIT), value: Int);
    GetDeviceResLimit = "aclrtGetDeviceResLimit"(deviceId: Int, limitType: Enum(&e::RES_LIMIT), value: OutValue);
    ResetDeviceResLimit = "aclrtResetDeviceResLimit"(deviceId: Int);
    CreateContext = "aclrtCreateContext"(context: Out(Context), deviceId: Int);
    SetCurrentContext = "aclrtSetCurrentContext"(context: In(Context));
    GetCurrentContext = "aclrtGetCurrentContext"(context: Out(Context));
    DestroyContext = "aclrtDestroyContext"(context: In(Context));
    CtxGetCurrentDefaultStream = "aclrtCtxGetCurrentDefaultStream"(stream: Out(Stream));
    SetOpWaitTimeout = "aclrtSetOpWaitTimeout"(timeout: Int);
    SetOpExecuteTimeOut = "aclrtSetOpExecuteTimeOut"(timeout: Int);
    SetOpExecuteTimeOutWithMs = "aclrtSetOpExecuteTimeOutWithMs"(timeout: Int);
    SetOpExecuteTimeOutV2 = "aclrtSetOpExecuteTimeOutV2"(timeout: Int, actualTimeout: OutValue);
    SetDeviceSatMode = "aclrtSetDeviceSatMode"(mode: Enum(&e::OVERFLOW_MODE));
    GetDeviceSatMode = "aclrtGetDeviceSatMode"(mode: OutValue);

    // Streams.
    CreateStream = "aclrtCreateStream"(stream: Out(Stream));
    CreateStreamWithConfig = "aclrtCreateStreamWithConfig"(stream: Out(Stream), priority: Int, flag: Number(&e::STREAM_FLAG));
    DestroyStream = "aclrtDestroyStream"(stream: In(Stream));
    DestroyStreamForce = "aclrtDestroyStreamForce"(stream: In(Stream));
    SynchronizeStream = "aclrtSynchronizeStream"(stream: In(Stream));
    SynchronizeStreamWithTimeout = "aclrtSynchronizeStreamWithTimeout"(stream: In(Stream), timeout: Int);
    StreamQuery = "aclrtStreamQuery"(stream: In(Stream), status: OutValue);
    StreamGetId = "aclrtStreamGetId"(stream: In(Stream), streamId: OutValue);
    StreamGetPriority = "aclrtStreamGetPriority"(stream: In(Stream), priority: OutValue);
    StreamGetFlags = "aclrtStreamGetFlags"(stream: In(Stream), flags: OutValue);
    StreamAbort = "aclrtStreamAbort"(stream: In(Stream));
    StreamStop = "aclrtStreamStop"(stream: In(Stream));
    GetStreamAvailableNum = "aclrtGetStreamAvailableNum"(streamCount: OutValue);
    SetStreamAttribute = "aclrtSetStreamAttribute"(stream: In(Stream), stmAttrType: Number(&e::STREAM_ATTRIBUTE), value: Value);
    GetStreamAttribute = "aclrtGetStreamAttribute"(stream: In(Stream), stmAttrType: Number(&e::STREAM_ATTRIBUTE), value: OutValue);
    SetStreamFailureMode = "aclrtSetStreamFailureMode"(stream: In(Stream), mode: Int);
    SetStreamOverflowSwitch = "aclrtSetStreamOverflowSwitch"(stream: In(Stream), flag: Int);
    GetStreamOverflowSwitch = "aclrtGetStreamOverflowSwitch"(stream: In(Stream), flag: OutValue);
    SetStreamResLimit = "aclrtSetStreamResLimit"(stream: In(Stream), limitType: Enum(&e::RES_LIMIT), value: Int);
    ResetStreamResLimit = "aclrtResetStreamResLimit"(stream: In(Stream));
    GetStreamResLimit = "aclrtGetStreamResLimit"(stream: In(Stream), limitType: Enum(&e::RES_LIMIT), value: OutValue);
    UseStreamResInCurrentThread = "aclrtUseStreamResInCurrentThread"(stream: In(Stream));
    UnuseStreamResInCurrentThread = "aclrtUnuseStreamResInCurrentThread"(stream: In(Stream));
    TaskUpdateAsync = "aclrtTaskUpdateAsync"(taskStream: In(Stream), taskId: Int, info: Any, execStream: In(Stream));
    PersistentTaskClean = "aclrtPersistentTaskClean"(stream: In(Stream));
    ActiveStream = "aclrtActiveStream"(activeStream: In(Stream), stream: In(Stream));
    SwitchStream = "aclrtSwitchStream"(leftValue: Address, cond: Enum(&e::COMPARE_TYPE), rightValue: Address, dataType: Enum(&e::COMPARE_DATA_TYPE), trueStream: In(Stream), falseStream: In(Stream), stream: In(Stream));
    GetOverflowStatus = "aclrtGetOverflowStatus"(outputAddr: Address, outputSize: Int, stream: In(Stream));
    ResetOverflowStatus = "aclrtResetOverflowStatus"(stream: In(Stream));
    NpuGetFloatOverFlowStatus = "aclrtNpuGetFloatOverFlowStatus"(outputAddr: Address, outputSize: Int, checkMode: Int, stream: In(Stream));
    NpuClearFloatOverFlowStatus = "aclrtNpuClearFloatOverFlowStatus"(checkMode: Int, stream: In(Stream));
    GetFloatOverflowStatus = "aclrtGetFloatOverflowStatus"(outputAddr: Address, outputSize: Int, stream: In(Stream));
    ResetFloatOverflowStatus = "aclrtResetFloatOverflowStatus"(stream: In(Stream));

    // Events.
    CreateEvent = "aclrtCreateEvent"(event: Out(Event));
    CreateEventWithFlag = "aclrtCreateEventWithFlag"(event: Out(Event), flag: Flags(&e::EVENT_FLAG));
    CreateEventExWithFlag = "aclrtCreateEventExWithFlag"(event: Out(Event), flag: Flags(&e::EVENT_FLAG));
    DestroyEvent = "aclrtDestroyEvent"(event: In(Event));
    RecordEvent = "aclrtRecordEvent"(event: In(Event), stream: In(Stream));
    RecordEventWithFlag = "aclrtRecordEventWithFlag"(event: In(Event), stream: In(Stream), flag: Number(&e::EVENT_RECORD_FLAG));
    ResetEvent = "aclrtResetEvent"(event: In(Event), stream: In(Stream));
    StreamWaitEvent = "aclrtStreamWaitEvent"(stream: In(Stream), event: In(Event));
    StreamWaitEventWithTimeout = "aclrtStreamWaitEventWithTimeout"(stream: In(Stream), event: In(Event), timeout: Int);
    StreamWaitEventWithFlag = "aclrtStreamWaitEventWithFlag"(stream: In(Stream), event: In(Event), timeout: Int, flag: Number(&e::EVENT_WAIT_FLAG));
    SynchronizeEvent = "aclrtSynchronizeEvent"(event: In(Event));
    SynchronizeEventWithTimeout = "aclrtSynchronizeEventWithTimeout"(event: In(Event), timeout: Int);
    QueryEvent = "aclrtQueryEvent"(event: In(Event), status: OutValue);
    QueryEventStatus = "aclrtQueryEventStatus"(event: In(Event), status: OutValue);
    QueryEventWaitStatus = "aclrtQueryEventWaitStatus"(event: In(Event), status: OutValue);
    EventElapsedTime = "aclrtEventElapsedTime"(ms: OutValue, startEvent: In(Event), endEvent: In(Event));
    EventGetTimestamp = "aclrtEventGetTimestamp"(event: In(Event), timestamp: OutValue);
    GetEventId = "aclrtGetEventId"(event: In(Event), eventId: OutValue);
    GetEventAvailNum = "aclrtGetEventAvailNum"(eventCount: OutValue);

    // Notifies.
    CreateNotify = "aclrtCreateNotify"(notify: Out(Notify), flag: Int);
    DestroyNotify = "aclrtDestroyNotify"(notify: In(Notify));
    RecordNotify = "aclrtRecordNotify"(notify: In(Notify), stream: In(Stream));
    WaitAndResetNotify = "aclrtWaitAndResetNotify"(notify: In(Notify), stream: In(Stream), timeout: Int);
    GetNotifyId = "aclrtGetNotifyId"(notify: In(Notify), notifyId: OutValue);
    CntNotifyCreate = "aclrtCntNotifyCreate"(cntNotify: Out(CntNotify), flag: Int);
    CntNotifyDestroy = "aclrtCntNotifyDestroy"(cntNotify: In(CntNotify));
    CntNotifyRecord = "aclrtCntNotifyRecord"(cntNotify: In(CntNotify), stream: In(Stream), info: Struct(CNT_RECORD, 2));
    CntNotifyWaitWithTimeout = "aclrtCntNotifyWaitWithTimeout"(cntNotify: In(CntNotify), stream: In(Stream), info: Struct(CNT_WAIT, 2));
    CntNotifyReset = "aclrtCntNotifyReset"(cntNotify: In(CntNotify), stream: In(Stream));
    CntNotifyGetId = "aclrtCntNotifyGetId"(cntNotify: In(CntNotify), notifyId: OutValue);

    // Memory.
    CMalloc = "malloc"(ptr: OutAddress, size: Int);
    CFree = "free"(ptr: Address);
    CMemset = "memset"(ptr: Address, value: Int, count: Int);
    CMemcpy = "memcpy"(dst: Address, src: Address, count: Int);
    Malloc = "aclrtMalloc"(devPtr: OutAddress, size: Int, policy: Enum(&e::MALLOC_POLICY));
    MallocAlign32 = "aclrtMallocAlign32"(devPtr: OutAddress, size: Int, policy: Enum(&e::MALLOC_POLICY));
    MallocCached = "aclrtMallocCached"(devPtr: OutAddress, size: Int, policy: Enum(&e::MALLOC_POLICY));
    MallocWithCfg = "aclrtMallocWithCfg"(devPtr: OutAddress, size: Int, policy: Enum(&e::MALLOC_POLICY), cfg: In(LaunchArgs));
    MallocHost = "aclrtMallocHost"(hostPtr: OutAddress, size: Int);
    MallocHostWithCfg = "aclrtMallocHostWithCfg"(hostPtr: OutAddress, size: Int, cfg: In(LaunchArgs));
    DvppMalloc = "acldvppMalloc"(devPtr: OutAddress, size: Int);
    DvppFree = "acldvppFree"(devPtr: Address);
    HiMpiDvppMalloc = "hi_mpi_dvpp_malloc"(devId: Int, devAddr: OutAddress, size: Int);
    HiMpiDvppFree = "hi_mpi_dvpp_free"(devAddr: Address);
    AllocatorRegister = "aclrtAllocatorRegister"(stream: In(Stream), allocatorDesc: Value);
    AllocatorUnregister = "aclrtAllocatorUnregister"(stream: In(Stream));
    Free = "aclrtFree"(devPtr: Address);
    FreeHost = "aclrtFreeHost"(hostPtr: Address);
    FreeWithDevSync = "aclrtFreeWithDevSync"(devPtr: Address);
    FreeHostWithDevSync = "aclrtFreeHostWithDevSync"(hostPtr: Address);
    HostRegister = "aclrtHostRegister"(ptr: Address, size: Int, registerType: Enum(&e::HOST_REGISTER_TYPE), devPtr: OutAddress);
    HostRegisterV2 = "aclrtHostRegisterV2"(ptr: Address, size: Int, flag: Flags(&e::HOST_REGISTER_FLAG));
    HostGetDevicePointer = "aclrtHostGetDevicePointer"(hostPtr: Address, devPtr: OutAddress, flag: Int);
    HostUnregister = "aclrtHostUnregister"(ptr: Address);
    MemPoolCreate = "aclrtMemPoolCreate"(memPool: Out(MemPool), poolProps: Value);
    MemPoolDestroy = "aclrtMemPoolDestroy"(memPool: In(MemPool));
    MemPoolMallocAsync = "aclrtMemPoolMallocAsync"(ptr: OutAddress, size: Int, memPool: In(MemPool), stream: In(Stream));
    MemPoolFreeAsync = "aclrtMemPoolFreeAsync"(ptr: Address, stream: In(Stream));
    Memcpy = "aclrtMemcpy"(dst: Address, destMax: Int, src: Address, count: Int, kind: Enum(&e::MEMCPY_KIND));
    MemcpyAsync = "aclrtMemcpyAsync"(dst: Address, destMax: Int, src: Address, count: Int, kind: Enum(&e::MEMCPY_KIND), stream: In(Stream));
    MemcpyAsyncWithCondition = "aclrtMemcpyAsyncWithCondition"(dst: Address, destMax: Int, src: Address, count: Int, kind: Enum(&e::MEMCPY_KIND), stream: In(Stream));
    MemcpyAsyncWithOffset = "aclrtMemcpyAsyncWithOffset"(dst: Address, destMax: Int, dstDataOffset: Int, src: Address, count: Int, srcDataOffset: Int, kind: Enum(&e::MEMCPY_KIND), stream: In(Stream));
    MemcpyAsyncWithDesc = "aclrtMemcpyAsyncWithDesc"(desc: Address, kind: Enum(&e::MEMCPY_KIND), stream: In(Stream));
    Memcpy2d = "aclrtMemcpy2d"(dst: Address, dpitch: Int, src: Address, spitch: Int, width: Int, height: Int, kind: Enum(&e::MEMCPY_KIND));
    Memcpy2dAsync = "aclrtMemcpy2dAsync"(dst: Address, dpitch: Int, src: Address, spitch: Int, width: Int, height: Int, kind: Enum(&e::MEMCPY_KIND), stream: In(Stream));
    MemcpyBatch = "aclrtMemcpyBatch"(dsts: Addresses, destMaxs: List(&Int), srcs: Addresses, sizes: List(&Int), numBatches: Int, attrs: Any, attrsIndexes: List(&Int), numAttrs: Int, failIndex: OutValue);
    MemcpyBatchAsync = "aclrtMemcpyBatchAsync"(dsts: Addresses, destMaxs: List(&Int), srcs: Addresses, sizes: List(&Int), numBatches: Int, attrs: Any, attrsIndexes: List(&Int), numAttrs: Int, failIndex: OutValue, stream: In(Stream));
    Memset = "aclrtMemset"(devPtr: Address, maxCount: Int, value: Int, count: Int);
    MemsetAsync = "aclrtMemsetAsync"(devPtr: Address, maxCount: Int, value: Int, count: Int, stream: In(Stream));
    ReduceAsync = "aclrtReduceAsync"(dst: Address, src: Address, count: Int, kind: Enum(&e::REDUCE_KIND), dataType: Enum(&e::DATA_TYPE), stream: In(Stream), reserve: Value);
    CmoAsync = "aclrtCmoAsync"(src: Address, size: Int, cmoType: Enum(&e::CMO_TYPE), stream: In(Stream));
    ValueWrite = "aclrtValueWrite"(devAddr: Address, value: Int, flag: Int, stream: In(Stream));
    ValueWait = "aclrtValueWait"(devAddr: Address, value: Int, flag: Number(&e::VALUE_WAIT_FLAG), stream: In(Stream));

    // Kernels, operators, host functions.
    BinaryLoadFromFile = "aclrtBinaryLoadFromFile"(binPath: Text, options: Value, binHandle: Out(Binary));
    BinaryLoadFromData = "aclrtBinaryLoadFromData"(data: Address, length: Int, options: Value, binHandle: Out(Binary));
    BinaryUnLoad = "aclrtBinaryUnLoad"(binHandle: In(Binary));
    LaunchKernel = "aclrtLaunchKernel"(funcHandle: Kernel, blockDim: Int, argsData: Addresses, argsSize: Int, stream: In(Stream));
    LaunchKernelV2 = "aclrtLaunchKernelV2"(funcHandle: Kernel, numBlocks: Int, argsData: Addresses, argsSize: Int, cfg: In(LaunchArgs), stream: In(Stream));
    LaunchKernelWithConfig = "aclrtLaunchKernelWithConfig"(funcHandle: Kernel, blockDim: Int, stream: In(Stream), cfg: In(LaunchArgs), argsHandle: Addresses, reserve: Value);
    LaunchKernelWithHostArgs = "aclrtLaunchKernelWithHostArgs"(funcHandle: Kernel, blockDim: Int, stream: In(Stream), cfg: In(LaunchArgs), hostArgs: Addresses, argsSize: Int, placeHolderArray: Any, placeHolderNum: Int);
    Aclnn = "aclnn"(workspace: Address, workspaceSize: Value, executor: In(Executor), stream: In(Stream));
    AclnnGetWorkspaceSize = "aclnn…GetWorkspaceSize"();
    CacheLastTaskOpInfo = "aclrtCacheLastTaskOpInfo"(infoPtr: Text, infoSize: Int);
    CacheLastTaskExtendInfo = "aclrtCacheLastTaskExtendInfo"(extendInfoPtr: Text, infoSize: Int);
    GetThreadLastTaskId = "aclrtGetThreadLastTaskId"(taskId: OutValue);
    RandomNumAsync = "aclrtRandomNumAsync"(taskInfo: Value, stream: In(Stream), reserve: Value);
    SubscribeReport = "aclrtSubscribeReport"(threadId: Value, stream: In(Stream));
    UnSubscribeReport = "aclrtUnSubscribeReport"(threadId: Value, stream: In(Stream));
    ProcessReport = "aclrtProcessReport"(timeout: Int);
    LaunchCallback = "aclrtLaunchCallback"(callback: Function, userData: Address, blockType: Enum(&e::CALLBACK_TYPE), stream: In(Stream));
    LaunchHostFunc = "aclrtLaunchHostFunc"(stream: In(Stream), callback: Function, args: Address);
    CreateLabel = "aclrtCreateLabel"(label: Out(Label));
    DestroyLabel = "aclrtDestroyLabel"(label: In(Label));
    CreateLabelList = "aclrtCreateLabelList"(labels: List(&In(Label)), num: Int, labelList: Out(LabelList));
    DestroyLabelList = "aclrtDestroyLabelList"(labelList: In(LabelList));
    SetLabel = "aclrtSetLabel"(label: In(Label), stream: In(Stream));
    SwitchLabelByIndex = "aclrtSwitchLabelByIndex"(ptr: Address, maxValue: Int, labelList: In(LabelList), stream: In(Stream));

    // Capture and model instances.
    RiCaptureBegin = "aclmdlRICaptureBegin"(stream: In(Stream), mode: Enum(&e::CAPTURE_MODE));
    RiCaptureGetInfo = "aclmdlRICaptureGetInfo"(stream: In(Stream), status: OutValue, modelRI: Out(Model));
    RiCaptureEnd = "aclmdlRICaptureEnd"(stream: In(Stream), modelRI: Out(Model));
    RiCaptureThreadExchangeMode = "aclmdlRICaptureThreadExchangeMode"(mode: Exchange(&e::CAPTURE_MODE));
    RiCaptureTaskGrpBegin = "aclmdlRICaptureTaskGrpBegin"(stream: In(Stream));
    RiCaptureTaskGrpEnd = "aclmdlRICaptureTaskGrpEnd"(stream: In(Stream), handle: Out(TaskGroup));
    RiCaptureTaskUpdateBegin = "aclmdlRICaptureTaskUpdateBegin"(stream: In(Stream), handle: In(TaskGroup));
    RiCaptureTaskUpdateEnd = "aclmdlRICaptureTaskUpdateEnd"(stream: In(Stream));
    RiCaptureToModelRiBegin = "aclmdlRICaptureToModelRIBegin"(stream: In(Stream), modelRI: In(Model), mode: Enum(&e::CAPTURE_MODE));
    RiDebugPrint = "aclmdlRIDebugPrint"(modelRI: In(Model));
    RiDebugJsonPrint = "aclmdlRIDebugJsonPrint"(modelRI: In(Model), path: Text, flags: Number(&e::DEBUG_JSON_FLAG));
    RiExecute = "aclmdlRIExecute"(modelRI: In(Model), timeout: Int);
    RiExecuteAsync = "aclmdlRIExecuteAsync"(modelRI: In(Model), stream: In(Stream));
    RiAbort = "aclmdlRIAbort"(modelRI: In(Model));
    RiDestroy = "aclmdlRIDestroy"(modelRI: In(Model));
    RiDestroyRegisterCallback = "aclmdlRIDestroyRegisterCallback"(modelRI: In(Model), func: Function, userData: Address);
    RiDestroyUnregisterCallback = "aclmdlRIDestroyUnregisterCallback"(modelRI: In(Model), func: Function);
    RiBuildBegin = "aclmdlRIBuildBegin"(modelRI: Out(Model), flag: Int);
    RiBindStream = "aclmdlRIBindStream"(modelRI: In(Model), stream: In(Stream), flag: Number(&e::BIND_FLAG));
    RiEndTask = "aclmdlRIEndTask"(modelRI: In(Model), stream: In(Stream));
    RiBuildEnd = "aclmdlRIBuildEnd"(modelRI: In(Model), reserve: Value);
    RiUnbindStream = "aclmdlRIUnbindStream"(modelRI: In(Model), stream: In(Stream));
    RiSetName = "aclmdlRISetName"(modelRI: In(Model), name: Text);
    RiGetName = "aclmdlRIGetName"(modelRI: In(Model), maxLen: Int, name: OutArray);
    RiGetId = "aclmdlRIGetId"(modelRI: In(Model), modelRIId: OutValue);
    RiGetStreams = "aclmdlRIGetStreams"(modelRI: In(Model), streams: OutArray, numStreams: OutValue);
    RiGetTasksByStream = "aclmdlRIGetTasksByStream"(stream: In(Stream), tasks: OutArray, numTasks: OutValue);
    RiTaskGetType = "aclmdlRITaskGetType"(task: In(Task), taskType: OutValue);
    RiTaskGetSeqId = "aclmdlRITaskGetSeqId"(task: In(Task), id: OutValue);
    RiTaskGetParams = "aclmdlRITaskGetParams"(task: In(Task), params: OutValue);
    RiTaskSetParams = "aclmdlRITaskSetParams"(task: In(Task), params: Any);
    RiKernelTaskGetAttribute = "aclmdlRIKernelTaskGetAttribute"(task: In(Task), attrId: Enum(&e::KERNEL_ATTRIBUTE), attrValue: OutValue);
    RiTaskDisable = "aclmdlRITaskDisable"(task: In(Task));
    RiUpdate = "aclmdlRIUpdate"(modelRI: In(Model));
    RiCondHandleCreate = "aclmdlRICondHandleCreate"(modelRI: In(Model), defaultLaunchValue: Int, flag: Number(&e::COND_HANDLE_FLAG), handle: Out(CondHandle));
    RiCondHandleGetCondPtr = "aclmdlRICondHandleGetCondPtr"(handle: In(CondHandle), ptr: OutAddress);
    RiAddCondTask = "aclmdlRIAddCondTask"(params: Struct(COND_TASK, 4), stream: In(Stream), flags: Int);
    RtStreamAddToModel = "rtStreamAddToModel"(stream: In(Stream), model: In(Model));

    // Offline models.
    MdlLoadFromFile = "aclmdlLoadFromFile"(modelPath: Text, modelId: Out(LoadedModel));
    MdlExecute = "aclmdlExecute"(modelId: In(LoadedModel), input: Addresses, output: Addresses);
    MdlExecuteAsync = "aclmdlExecuteAsync"(modelId: In(LoadedModel), input: Addresses, output: Addresses, stream: In(Stream));
    MdlUnload = "aclmdlUnload"(modelId: In(LoadedModel));
    MdlInitDump = "aclmdlInitDump"();
    MdlSetDump = "aclmdlSetDump"(dumpCfgPath: Text);
    MdlFinalizeDump = "aclmdlFinalizeDump"();
    AclprofInit = "aclprofInit"(profilerResultPath: Text, length: Int);
    AclprofStart = "aclprofStart"(profilerConfig: Value);
    AclprofStop = "aclprofStop"(profilerConfig: Value);
    AclprofFinalize = "aclprofFinalize"();

    // Graph engine sessions, in the C++ interface; a method takes its session first.
    GeInitialize = "GEInitializeV2"(options: List(&Text));
    GeFinalize = "GEFinalizeV2"();
    GeSessionNew = "GeSession::GeSession"(session: Out(Session), options: List(&Text));
    GeSessionDelete = "GeSession::~GeSession"(session: In(Session));
    GeAddGraph = "GeSession::AddGraph"(session: In(Session), graphId: Int, graph: Any);
    GeAddGraphClone = "GeSession::AddGraphClone"(session: In(Session), graphId: Int, graph: Any);
    GeCompileGraph = "GeSession::CompileGraph"(session: In(Session), graphId: Int);
    GeLoadGraph = "GeSession::LoadGraph"(session: In(Session), graphId: Int, options: List(&Text), stream: In(Stream));
    GeRegisterExternalAllocator = "GeSession::RegisterExternalAllocator"(session: In(Session), stream: In(Stream), allocator: Value);
    GeRunGraph = "GeSession::RunGraph"(session: In(Session), graphId: Int, inputs: Addresses, outputs: Addresses);
    GeRunGraphAsync = "GeSession::RunGraphAsync"(session: In(Session), graphId: Int, inputs: Addresses, callback: Function);
    GeRunGraphWithStreamAsync = "GeSession::RunGraphWithStreamAsync"(session: In(Session), graphId: Int, stream: In(Stream), inputs: Addresses, outputs: Addresses);
    GeRemoveGraph = "GeSession::RemoveGraph"(session: In(Session), graphId: Int);

    // The host program's own locks.
    MutexLock = "pthread_mutex_lock"(mutex: In(Lock));
    MutexUnlock = "pthread_mutex_unlock"(mutex: In(Lock));
}

static BY_NAME: LazyLock<FxHashMap<&'static str, Api>> =
    LazyLock::new(|| APIS.iter().map(|signature| (signature.name, signature.api)).collect());

impl Api {
    /// The function that C calls `name`; an `aclnn` operator is found by [`Api::split_operator`].
    pub fn find(name: &str) -> Option<Self> {
        BY_NAME.get(name).copied().filter(|api| !api.is_operator())
    }

    /// Its prototype.
    pub fn signature(self) -> &'static Signature {
        &APIS[self as usize]
    }

    /// Its C name; for the `aclnn` families only what all of them share.
    pub fn as_str(self) -> &'static str {
        self.signature().name
    }

    /// Its parameters, in the order of C.
    pub fn params(self) -> &'static [Param] {
        self.signature().params
    }

    /// Whether it is one of the two `aclnn` families, whose calls carry an operator name.
    pub const fn is_operator(self) -> bool {
        matches!(self, Self::Aclnn | Self::AclnnGetWorkspaceSize)
    }

    /// Whether it belongs to the graph engine, whose status codes are not those of ACL.
    pub const fn is_graph_engine(self) -> bool {
        matches!(
            self,
            Self::GeInitialize
                | Self::GeFinalize
                | Self::GeSessionNew
                | Self::GeSessionDelete
                | Self::GeAddGraph
                | Self::GeAddGraphClone
                | Self::GeCompileGraph
                | Self::GeLoadGraph
                | Self::GeRegisterExternalAllocator
                | Self::GeRunGraph
                | Self::GeRunGraphAsync
                | Self::GeRunGraphWithStreamAsync
                | Self::GeRemoveGraph
        )
    }

    /// Takes `aclnnAdd` or `aclnnAddGetWorkspaceSize` apart into the family and `Add`.
    pub fn split_operator(name: &str) -> Option<(Self, &str)> {
        let operator = name.strip_prefix("aclnn")?;
        let (api, operator) = match operator.strip_suffix("GetWorkspaceSize") {
            Some(operator) => (Self::AclnnGetWorkspaceSize, operator),
            None => (Self::Aclnn, operator),
        };
        operator.starts_with(|first: char| first.is_ascii_uppercase()).then_some((api, operator))
    }

    /// The kind of the parameter at `position`; [`Kind::Any`] where the prototype does not say.
    pub fn kind(self, position: usize) -> Kind {
        self.params().get(position).map_or(Kind::Any, |param| param.kind)
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
