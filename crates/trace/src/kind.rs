//! What tasks are.

use std::fmt;

use acg_dump::TaskType;

/// On which cores a kernel runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Core {
    /// Matrix cores; on 950 also a kernel that uses both.
    Cube,
    /// Vector cores.
    Vector,
    /// Both, led by the matrix core.
    MixCube,
    /// Both, led by the vector core.
    MixVector,
    /// The device's CPU.
    Cpu,
    /// Several kinds in one task: fused and FFTS+ kernels.
    Fused,
    /// The dump does not say.
    Unknown,
}

/// What a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A kernel.
    Kernel(Core),
    /// A copy; on v100 also a fill, which is printed as one.
    Copy,
    /// A fill.
    Fill,
    /// A reducing copy.
    Reduce,
    /// A record of an event.
    EventRecord,
    /// A wait for an event.
    EventWait,
    /// A reset of an event.
    EventReset,
    /// A record of a notify.
    NotifyRecord,
    /// A wait for a notify, which resets it.
    NotifyWait,
    /// A reset of a notify.
    NotifyReset,
    /// A write of a value in device memory.
    ValueWrite,
    /// A wait for a value in device memory, or for an event of another device.
    ValueWait,
    /// A record of an event with the external flag, for other graphs and streams.
    ExternalRecord,
    /// A wait for an event with the external flag.
    ExternalWait,
    /// A function on the host.
    HostFunction,
    /// A placeholder that does nothing.
    Nop,
    /// A conditional task, whose bodies are other models.
    Conditional,
    /// The start of another stream.
    StreamActive,
    /// A jump or switch; what is printed after it need not run.
    Jump,
    /// The end of a model that was built rather than captured.
    EndGraph,
    /// A task of a collective operation: RDMA, UB, CCU.
    Communication,
    /// Anything else.
    Other,
}

impl Kind {
    /// The kind of a task of type `task_type`; an empty type, which is that of a name that tells nothing, is a kernel.
    pub fn of(task_type: TaskType<'_>) -> Self {
        use TaskType as T;
        match task_type {
            T::KernelAiCore => Self::Kernel(Core::Cube),
            T::KernelAiVec => Self::Kernel(Core::Vector),
            T::KernelMixAic => Self::Kernel(Core::MixCube),
            T::KernelMixAiv => Self::Kernel(Core::MixVector),
            T::KernelAiCpu => Self::Kernel(Core::Cpu),
            T::FusionKernel | T::FftsPlus => Self::Kernel(Core::Fused),
            T::MemcpyAsync => Self::Copy,
            T::MemsetAsync => Self::Fill,
            T::ReduceAsync => Self::Reduce,
            T::EventRecord => Self::EventRecord,
            T::EventWait => Self::EventWait,
            T::EventReset => Self::EventReset,
            T::NotifyRecord => Self::NotifyRecord,
            T::NotifyWait => Self::NotifyWait,
            T::NotifyReset => Self::NotifyReset,
            T::MemWriteValue => Self::ValueWrite,
            T::MemWaitValue => Self::ValueWait,
            T::CaptureRecordExternal | T::CaptureRecordExternalPlaceholder => Self::ExternalRecord,
            T::CaptureWaitExternal | T::CaptureWaitExternalPlaceholder => Self::ExternalWait,
            T::HostFuncCallback => Self::HostFunction,
            T::Nop => Self::Nop,
            T::ConditionOp => Self::Conditional,
            T::StreamActive => Self::StreamActive,
            T::StreamSwitch | T::StreamLabelSwitchByIndex => Self::Jump,
            T::ModelEndGraph => Self::EndGraph,
            T::Ccu | T::RdmaSend | T::RdmaDbSend | T::UbDbSend => Self::Communication,
            T::LabelSet | T::Cmo | T::Barrier | T::StarsCommon => Self::Other,
            T::Other(name) => Self::of_other(name),
        }
    }

    /// The kinds of types that only other models than captures have (debug-json, section 1.5).
    fn of_other(name: &str) -> Self {
        match name {
            "" => Self::Kernel(Core::Unknown),
            "KERNEL_FUSION" => Self::Kernel(Core::Fused),
            "IPC_RECORD" => Self::NotifyRecord,
            "IPC_WAIT" => Self::NotifyWait,
            "EXTERNAL_EVENT_WAIT" | "REMOTE_EVENT_WAIT" => Self::ExternalWait,
            "STREAM_SWITCH_N" | "LABEL_SWITCH" | "LABEL_GOTO" | "STREAM_LABEL_GOTO" => Self::Jump,
            "MODEL_EXIT_GRAPH" => Self::EndGraph,
            "RDMA_PI_VALUE_MODIFY" | "UB_DIRECT_SEND" => Self::Communication,
            _ => Self::Other,
        }
    }

    /// The word that reports use, such as `vector kernel` or `event wait`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kernel(Core::Cube) => "cube kernel",
            Self::Kernel(Core::Vector) => "vector kernel",
            Self::Kernel(Core::MixCube) => "mix kernel (cube)",
            Self::Kernel(Core::MixVector) => "mix kernel (vector)",
            Self::Kernel(Core::Cpu) => "CPU kernel",
            Self::Kernel(Core::Fused) => "fused kernel",
            Self::Kernel(Core::Unknown) => "kernel",
            Self::Copy => "copy",
            Self::Fill => "fill",
            Self::Reduce => "reduce",
            Self::EventRecord => "event record",
            Self::EventWait => "event wait",
            Self::EventReset => "event reset",
            Self::NotifyRecord => "notify record",
            Self::NotifyWait => "notify wait",
            Self::NotifyReset => "notify reset",
            Self::ValueWrite => "value write",
            Self::ValueWait => "value wait",
            Self::ExternalRecord => "external record",
            Self::ExternalWait => "external wait",
            Self::HostFunction => "host function",
            Self::Nop => "nop",
            Self::Conditional => "conditional",
            Self::StreamActive => "stream start",
            Self::Jump => "jump",
            Self::EndGraph => "end of graph",
            Self::Communication => "communication",
            Self::Other => "other",
        }
    }

    /// Whether it does the program's work, rather than order it or do nothing.
    pub const fn is_work(self) -> bool {
        matches!(
            self,
            Self::Kernel(_)
                | Self::Copy
                | Self::Fill
                | Self::Reduce
                | Self::HostFunction
                | Self::Conditional
                | Self::Communication
                | Self::Other
        )
    }

    /// Whether it makes waits go on.
    pub const fn is_record(self) -> bool {
        matches!(self, Self::EventRecord | Self::NotifyRecord | Self::ValueWrite | Self::ExternalRecord)
    }

    /// Whether it waits for something that a task records.
    pub const fn is_wait(self) -> bool {
        matches!(self, Self::EventWait | Self::NotifyWait | Self::ValueWait | Self::ExternalWait)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
