//! 5xxxxx: failures inside the runtime and on the device.

use super::{Code, Origin};

pub(super) const CODES: &[Code] = &[
    Code {
        number: 507_000,
        symbol: "ACL_ERROR_RT_INTERNAL_ERROR",
        meaning: "The runtime refuses for a reason that has no code of its own.",
        causes: &[
            "A task update gives fewer kernels than its group has, none included, or more.",
            "A task update gives a kernel of another kind than the captured one.",
            "A stream with flags that cannot be captured begins or joins a capture.",
            "A stream waits for an event of a capture that is already invalid.",
        ],
        origin: Origin::Here,
        internal: &[
            "RT_ERROR_STREAM_INVALID",
            "RT_ERROR_STREAM_TASKGRP_NULL",
            "RT_ERROR_STREAM_TASKGRP_UPDATE",
            "RT_ERROR_MODEL_CAPTURE_STATUS",
            "RT_ERROR_MODEL_NULL",
            "RT_ERROR_STREAM_NULL",
            "RT_ERROR_EVENT_NULL",
            "RT_ERROR_EVENT_RECORDER_NULL",
            "RT_ERROR_TASK_NULL",
            "RT_ERROR_KERNEL_TYPE",
        ],
    },
    Code {
        number: 507_002,
        symbol: "ACL_ERROR_RT_STREAM_TASK_FULL",
        meaning: "A stream's task queue takes no more tasks.",
        causes: &[
            "More tasks are issued than the queue holds, and no further internal stream can be had.",
            "A refused task in a task group left the queue closed, so that the next launch fails.",
        ],
        origin: Origin::Earlier {
            what: "Where the queue cannot be full, an earlier task was refused and the capture is already invalid.",
            codes: &[507_009, 107_034],
        },
        internal: &["RT_ERROR_STREAM_FULL"],
    },
    Code {
        number: 507_009,
        symbol: "ACL_ERROR_RT_TASK_TYPE_NOT_SUPPORT",
        meaning: "This kind of task may not stand here.",
        causes: &[
            "A task group holds something other than AI Core or vector kernels, such as a copy, a fill, an event or a \
             collective that records one.",
            "A task update holds something other than kernels.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_TASK_NOT_SUPPORT"],
    },
    Code {
        number: 507_011,
        symbol: "ACL_ERROR_RT_MODEL_EXECUTE",
        meaning: "The execution of a graph failed, or the graph is not ready for one.",
        causes: &[
            "Memory whose address the graph holds was freed or given to something else.",
            "Parameters were changed and aclmdlRIUpdate was not called before the execution.",
            "The model never became ready because its capture or an update of it failed.",
        ],
        origin: Origin::Earlier {
            what: "The execution is where it shows; look for what became of the graph's memory, or for a failed \
                   update.",
            codes: &[107_040, 107_000],
        },
        internal: &["RT_ERROR_MODEL_EXE_FAILED"],
    },
    Code {
        number: 507_014,
        symbol: "ACL_ERROR_RT_AICORE_TIMEOUT",
        meaning: "A kernel did not finish in its time.",
        causes: &[
            "The kernel waits for another that never runs, such as a collective whose ranks are issued in different \
             orders.",
            "An earlier error left the kernel without its input.",
        ],
        origin: Origin::Earlier {
            what: "Usually the last link of a chain; look for the first error in the log.",
            codes: &[107_027, 107_030],
        },
        internal: &[],
    },
    Code {
        number: 507_015,
        symbol: "ACL_ERROR_RT_AICORE_EXCEPTION",
        meaning: "A kernel stopped on an exception.",
        causes: &[
            "The kernel reads or writes an address that is no longer valid, often one that a graph has kept.",
            "An index or size is out of range in the data of this execution.",
        ],
        origin: Origin::Earlier {
            what: "Look for what became of the memory that the graph uses.",
            codes: &[],
        },
        internal: &[],
    },
    Code {
        number: 507_034,
        symbol: "ACL_ERROR_RT_VECTOR_CORE_TIMEOUT",
        meaning: "A vector kernel did not finish in its time.",
        causes: &[
            "Collectives on several streams wait for each other, each holding cores that the other needs.",
        ],
        origin: Origin::Earlier {
            what: "Look at the order in which collectives are issued on all ranks.",
            codes: &[],
        },
        internal: &[],
    },
    Code {
        number: 507_046,
        symbol: "ACL_ERROR_RT_STREAM_SYNC_TIMEOUT",
        meaning: "A stream was not empty when the time for synchronising it was up.",
        causes: &[
            "A task on it waits for an event, notify or value that nothing signals.",
            "A graph waits for an external event that is never recorded after the execution was issued.",
        ],
        origin: Origin::Earlier { what: "Look for the wait that is never satisfied.", codes: &[] },
        internal: &["RT_ERROR_STREAM_SYNC_TIMEOUT"],
    },
    Code {
        number: 507_047,
        symbol: "ACL_ERROR_RT_EVENT_SYNC_TIMEOUT",
        meaning: "An event was not complete when the time for synchronising it was up.",
        causes: &["The stream that records it hangs before the record."],
        origin: Origin::Earlier { what: "Look for the wait that is never satisfied.", codes: &[] },
        internal: &[],
    },
    Code {
        number: 507_903,
        symbol: "ACL_ERROR_RT_STREAM_CAPTURE_INVALIDATED",
        meaning: "The capture was invalid before this call.",
        causes: &[
            "A task of a forbidden kind, or a task on another stream, came while a task group was open.",
            "A stream of the capture waited for an event of another capture.",
            "A captured record, wait or reset failed inside, or a task could not be stored.",
        ],
        origin: Origin::Earlier {
            what: "It never is the cause; look for the first failed call between begin and end.",
            codes: &[107_032, 107_034, 207_005, 207_007, 207_008, 507_002, 507_009],
        },
        internal: &["RT_ERROR_STREAM_CAPTURE_INVALIDATED"],
    },
];
