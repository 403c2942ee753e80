//! The C enumerations that calls take, by the names and numbers of the public ACL headers.

/// A C enumeration or a set of flag macros.
#[derive(Debug, PartialEq, Eq)]
pub struct EnumType {
    /// Its C type name, or a description where the header has only macros.
    pub name: &'static str,
    /// Every enumerator with its value, in the order of the header.
    pub members: &'static [(&'static str, i64)],
}

impl EnumType {
    /// The enumerator with exactly `value`.
    pub fn symbol(&self, value: i64) -> Option<&'static str> {
        self.members.iter().find(|member| member.1 == value).map(|member| member.0)
    }

    /// The value of the enumerator called `symbol`.
    pub fn value(&self, symbol: &str) -> Option<i64> {
        self.members.iter().find(|member| member.0 == symbol).map(|member| member.1)
    }
}

macro_rules! enums {
    ($($(#[$doc:meta])* $id:ident = $name:literal { $($member:ident = $value:literal),* $(,)? })*) => {
        $($(#[$doc])* pub static $id: EnumType =
            EnumType { name: $name, members: &[$((stringify!($member), $value)),*] };)*
    };
}

enums! {
    /// How strictly a capture treats unsafe calls.
    CAPTURE_MODE = "aclmdlRICaptureMode" {
        ACL_MODEL_RI_CAPTURE_MODE_GLOBAL = 0,
        ACL_MODEL_RI_CAPTURE_MODE_THREAD_LOCAL = 1,
        ACL_MODEL_RI_CAPTURE_MODE_RELAXED = 2,
    }
    /// What a conditional task does.
    COND_TYPE = "aclmdlRICondTaskType" {
        ACL_MODEL_RI_COND_TYPE_IF = 0,
        ACL_MODEL_RI_COND_TYPE_WHILE = 1,
        ACL_MODEL_RI_COND_TYPE_SWITCH = 2,
    }
    /// Whether a conditional handle is set to its default before every execution.
    COND_HANDLE_FLAG = "aclmdlRICondHandleFlag" { ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT = 1 }
    /// How much a dump says.
    DEBUG_JSON_FLAG = "aclmdlRIDebugJsonPrint flags" {
        ACL_MDLRI_DEBUG_JSON_PRINT_SUMMARY = 0,
        ACL_MDLRI_DEBUG_JSON_PRINT_VERBOSE = 1,
    }
    /// Event creation flags.
    EVENT_FLAG = "event flag" {
        ACL_EVENT_SYNC = 1,
        ACL_EVENT_CAPTURE_STREAM_PROGRESS = 2,
        ACL_EVENT_TIME_LINE = 8,
        ACL_EVENT_DEVICE_USE_ONLY = 16,
        ACL_EVENT_EXTERNAL = 32,
        ACL_EVENT_IPC = 64,
    }
    /// Flags of a record with flags.
    EVENT_RECORD_FLAG = "event record flag" { ACL_EVENT_RECORD_DEFAULT = 0, ACL_EVENT_RECORD_EXTERNAL = 1 }
    /// Flags of a wait with flags.
    EVENT_WAIT_FLAG = "event wait flag" { ACL_EVENT_WAIT_DEFAULT = 0, ACL_EVENT_WAIT_EXTERNAL = 1 }
    /// Stream creation flags.
    STREAM_FLAG = "stream flag" {
        ACL_STREAM_FAST_LAUNCH = 1,
        ACL_STREAM_FAST_SYNC = 2,
        ACL_STREAM_PERSISTENT = 4,
        ACL_STREAM_HUGE = 8,
        ACL_STREAM_CPU_SCHEDULE = 16,
        ACL_STREAM_DEVICE_USE_ONLY = 32,
    }
    /// What a stream attribute is about.
    STREAM_ATTRIBUTE = "aclrtStreamAttr" {
        ACL_STREAM_ATTR_FAILURE_MODE = 1,
        ACL_STREAM_ATTR_FLOAT_OVERFLOW_CHECK = 2,
        ACL_STREAM_ATTR_USER_CUSTOM_TAG = 3,
        ACL_STREAM_ATTR_CACHE_OP_INFO = 4,
        ACL_STREAM_ATTR_PRIORITY = 5,
    }
    /// How a stream is bound to a model.
    BIND_FLAG = "aclmdlRIBindStream flag" {
        ACL_MODEL_STREAM_FLAG_HEAD = 0,
        ACL_MODEL_STREAM_FLAG_DEFAULT = 0x7FFF_FFFF,
    }
    /// Direction of a copy.
    MEMCPY_KIND = "aclrtMemcpyKind" {
        ACL_MEMCPY_HOST_TO_HOST = 0,
        ACL_MEMCPY_HOST_TO_DEVICE = 1,
        ACL_MEMCPY_DEVICE_TO_HOST = 2,
        ACL_MEMCPY_DEVICE_TO_DEVICE = 3,
        ACL_MEMCPY_DEFAULT = 4,
        ACL_MEMCPY_HOST_TO_BUF_TO_DEVICE = 5,
        ACL_MEMCPY_INNER_DEVICE_TO_DEVICE = 6,
        ACL_MEMCPY_INTER_DEVICE_TO_DEVICE = 7,
    }
    /// Which pages an allocation takes.
    MALLOC_POLICY = "aclrtMemMallocPolicy" {
        ACL_MEM_MALLOC_HUGE_FIRST = 0,
        ACL_MEM_MALLOC_HUGE_ONLY = 1,
        ACL_MEM_MALLOC_NORMAL_ONLY = 2,
        ACL_MEM_MALLOC_HUGE_FIRST_P2P = 3,
        ACL_MEM_MALLOC_HUGE_ONLY_P2P = 4,
        ACL_MEM_MALLOC_NORMAL_ONLY_P2P = 5,
        ACL_MEM_MALLOC_HUGE1G_ONLY = 6,
        ACL_MEM_MALLOC_HUGE1G_ONLY_P2P = 7,
        ACL_MEM_TYPE_LOW_BAND_WIDTH = 0x100,
        ACL_MEM_TYPE_HIGH_BAND_WIDTH = 0x1000,
        ACL_MEM_ACCESS_USER_SPACE_READONLY = 0x10_0000,
    }
    /// How host memory is registered.
    HOST_REGISTER_TYPE = "aclrtHostRegisterType" {
        ACL_HOST_REGISTER_MAPPED = 0,
        ACL_HOST_REGISTER_IOMEMORY = 4,
        ACL_HOST_REGISTER_READONLY = 8,
    }
    /// Flags of the second form of host registration.
    HOST_REGISTER_FLAG = "host register flag" {
        ACL_HOST_REG_MAPPED = 0x2,
        ACL_HOST_REG_IOMEMORY = 0x4,
        ACL_HOST_REG_READONLY = 0x8,
        ACL_HOST_REG_PINNED = 0x1000_0000,
    }
    /// Whether a callback holds its stream up.
    CALLBACK_TYPE = "aclrtCallbackBlockType" { ACL_CALLBACK_NO_BLOCK = 0, ACL_CALLBACK_BLOCK = 1 }
    /// What a reducing copy does.
    REDUCE_KIND = "aclrtReduceKind" {
        ACL_RT_MEMCPY_SDMA_AUTOMATIC_SUM = 10,
        ACL_RT_MEMCPY_SDMA_AUTOMATIC_MAX = 11,
        ACL_RT_MEMCPY_SDMA_AUTOMATIC_MIN = 12,
        ACL_RT_MEMCPY_SDMA_AUTOMATIC_EQUAL = 13,
    }
    /// Element types.
    DATA_TYPE = "aclDataType" {
        ACL_DT_UNDEFINED = -1,
        ACL_FLOAT = 0,
        ACL_FLOAT16 = 1,
        ACL_INT8 = 2,
        ACL_INT32 = 3,
        ACL_UINT8 = 4,
        ACL_INT16 = 6,
        ACL_UINT16 = 7,
        ACL_UINT32 = 8,
        ACL_INT64 = 9,
        ACL_UINT64 = 10,
        ACL_DOUBLE = 11,
        ACL_BOOL = 12,
        ACL_STRING = 13,
        ACL_COMPLEX64 = 16,
        ACL_COMPLEX128 = 17,
        ACL_BF16 = 27,
        ACL_INT4 = 29,
        ACL_UINT1 = 30,
        ACL_COMPLEX32 = 33,
        ACL_HIFLOAT8 = 34,
        ACL_FLOAT8_E5M2 = 35,
        ACL_FLOAT8_E4M3FN = 36,
        ACL_FLOAT8_E8M0 = 37,
        ACL_FLOAT6_E3M2 = 38,
        ACL_FLOAT6_E2M3 = 39,
        ACL_FLOAT4_E2M1 = 40,
        ACL_FLOAT4_E1M2 = 41,
    }
    /// The condition of a stream switch.
    COMPARE_TYPE = "aclrtCondition" {
        ACL_RT_EQUAL = 0,
        ACL_RT_NOT_EQUAL = 1,
        ACL_RT_GREATER = 2,
        ACL_RT_GREATER_OR_EQUAL = 3,
        ACL_RT_LESS = 4,
        ACL_RT_LESS_OR_EQUAL = 5,
    }
    /// What a stream switch compares.
    COMPARE_DATA_TYPE = "aclrtCompareDataType" { ACL_RT_SWITCH_INT32 = 0, ACL_RT_SWITCH_INT64 = 1 }
    /// The condition of a value wait.
    VALUE_WAIT_FLAG = "value wait flag" {
        ACL_STREAM_WAIT_VALUE_GEQ = 0,
        ACL_STREAM_WAIT_VALUE_EQ = 1,
        ACL_STREAM_WAIT_VALUE_AND = 2,
        ACL_STREAM_WAIT_VALUE_NOR = 3,
    }
    /// What a cache operation does.
    CMO_TYPE = "aclrtCmoType" {
        ACL_RT_CMO_TYPE_PREFETCH = 0,
        ACL_RT_CMO_TYPE_WRITEBACK = 1,
        ACL_RT_CMO_TYPE_INVALID = 2,
        ACL_RT_CMO_TYPE_FLUSH = 3,
    }
    /// What recording a count notify does to its value.
    CNT_NOTIFY_RECORD_MODE = "aclrtCntNotifyRecordMode" {
        ACL_RT_CNT_NOTIFY_RECORD_SET_VALUE_MODE = 0,
        ACL_RT_CNT_NOTIFY_RECORD_ADD_MODE = 1,
        ACL_RT_CNT_NOTIFY_RECORD_BIT_OR_MODE = 2,
        ACL_RT_CNT_NOTIFY_RECORD_BIT_AND_MODE = 4,
    }
    /// What waiting for a count notify compares.
    CNT_NOTIFY_WAIT_MODE = "aclrtCntNotifyWaitMode" {
        ACL_RT_CNT_NOTIFY_WAIT_LESS_MODE = 0,
        ACL_RT_CNT_NOTIFY_WAIT_EQUAL_MODE = 1,
        ACL_RT_CNT_NOTIFY_WAIT_BIGGER_MODE = 2,
        ACL_RT_CNT_NOTIFY_WAIT_BIGGER_OR_EQUAL_MODE = 3,
        ACL_RT_CNT_NOTIFY_WAIT_EQUAL_WITH_BITMASK_MODE = 4,
    }
    /// The result kind of a float operation that overflows.
    OVERFLOW_MODE = "aclrtFloatOverflowMode" {
        ACL_RT_OVERFLOW_MODE_SATURATION = 0,
        ACL_RT_OVERFLOW_MODE_INFNAN = 1,
        ACL_RT_OVERFLOW_MODE_UNDEF = 2,
    }
    /// The kind of a device resource limit.
    RES_LIMIT = "aclrtDevResLimitType" {
        ACL_RT_DEV_RES_CUBE_CORE = 0,
        ACL_RT_DEV_RES_VECTOR_CORE = 1,
    }
    /// Which attribute of a captured kernel task is asked for.
    KERNEL_ATTRIBUTE = "aclrtLaunchKernelAttrId" {
        ACL_RT_LAUNCH_KERNEL_ATTR_SCHEM_MODE = 1,
        ACL_RT_LAUNCH_KERNEL_ATTR_DYN_UBUF_SIZE = 2,
        ACL_RT_LAUNCH_KERNEL_ATTR_ENGINE_TYPE = 3,
        ACL_RT_LAUNCH_KERNEL_ATTR_BLOCKDIM_OFFSET = 4,
        ACL_RT_LAUNCH_KERNEL_ATTR_BLOCK_TASK_PREFETCH = 5,
        ACL_RT_LAUNCH_KERNEL_ATTR_DATA_DUMP = 6,
        ACL_RT_LAUNCH_KERNEL_ATTR_TIMEOUT = 7,
        ACL_RT_LAUNCH_KERNEL_ATTR_TIMEOUT_US = 8,
        ACL_RT_LAUNCH_KERNEL_ATTR_ENABLE_PROFILING = 9,
    }
}
