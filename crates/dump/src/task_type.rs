//! The task types of a dump.

use std::fmt;

macro_rules! task_types {
    ($($variant:ident = $name:literal,)*) => {
        /// `Task Type` of a record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TaskType<'t> {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
            /// Any other; models of other kinds than captures have more.
            Other(&'t str),
        }

        impl<'t> TaskType<'t> {
            /// The type that dumps call `name`.
            pub fn parse(name: &'t str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    _ => Self::Other(name),
                }
            }

            /// What dumps call it.
            pub const fn as_str(self) -> &'t str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other(name) => name,
                }
            }
        }
    };
}

task_types! {
    KernelAiCore = "KERNEL_AICORE",
    KernelAiVec = "KERNEL_AIVEC",
    KernelMixAic = "KERNEL_MIX_AIC",
    KernelMixAiv = "KERNEL_MIX_AIV",
    KernelAiCpu = "KERNEL_AICPU",
    FusionKernel = "FUSION_KERNEL",
    FftsPlus = "FFTS_PLUS",
    Ccu = "CCU",
    MemcpyAsync = "MEMCPY_ASYNC",
    MemsetAsync = "MEMSET_ASYNC",
    ReduceAsync = "REDUCE_ASYNC_V2",
    EventRecord = "EVENT_RECORD",
    EventWait = "EVENT_WAIT",
    EventReset = "EVENT_RESET",
    CaptureRecordExternal = "CAPTURE_RECORD_EXTERNAL",
    CaptureWaitExternal = "CAPTURE_WAIT_EXTERNAL",
    CaptureRecordExternalPlaceholder = "CAPTURE_RECORD_EXTERNAL_PLACEHOLDER",
    CaptureWaitExternalPlaceholder = "CAPTURE_WAIT_EXTERNAL_PLACEHOLDER",
    NotifyRecord = "NOTIFY_RECORD",
    NotifyWait = "NOTIFY_WAIT",
    NotifyReset = "NOTIFY_RESET",
    MemWriteValue = "MEM_WRITE_VALUE",
    MemWaitValue = "MEM_WAIT_VALUE",
    HostFuncCallback = "HOSTFUNC_CALLBACK",
    StreamActive = "STREAM_ACTIVE",
    StreamSwitch = "STREAM_SWITCH",
    LabelSet = "LABEL_SET",
    StreamLabelSwitchByIndex = "STREAM_LABEL_SWITCH_BY_INDEX",
    ConditionOp = "CONDITION_OP",
    ModelEndGraph = "MODEL_END_GRAPH",
    Cmo = "CMO",
    Barrier = "BARRIER",
    StarsCommon = "STARS_COMMON",
    Nop = "NOP",
    RdmaSend = "RDMA_SEND",
    RdmaDbSend = "RDMA_DB_SEND",
    UbDbSend = "UB_DB_SEND",
}

impl TaskType<'_> {
    /// Whether it is a kernel that is launched by name.
    pub const fn is_kernel(self) -> bool {
        matches!(
            self,
            Self::KernelAiCore
                | Self::KernelAiVec
                | Self::KernelMixAic
                | Self::KernelMixAiv
                | Self::KernelAiCpu
        )
    }
}

impl fmt::Display for TaskType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
