//! 207xxx: what the chip, firmware or driver does not have, or has no more of.

use super::{Code, Origin};

pub(super) const CODES: &[Code] = &[
    Code {
        number: 207_000,
        symbol: "ACL_ERROR_RT_FEATURE_NOT_SUPPORT",
        meaning: "The chip, firmware or driver cannot do this, or not with this kind of stream, event or model.",
        causes: &[
            "A legacy event is recorded or waited for on a capturing stream; only an event of \
             aclrtCreateEventExWithFlag with ACL_EVENT_SYNC can be captured.",
            "An event of aclrtCreateEventExWithFlag is reset, or waited for without having ACL_EVENT_SYNC.",
            "A capture begins or ends on the handle of the default stream.",
            "Memory is copied asynchronously from host to host.",
            "The firmware or driver is too old for conditional tasks, external flags or task updates.",
            "A call that only root models allow is made on the branch of a conditional task.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_FEATURE_NOT_SUPPORT", "RT_ERROR_DRV_NOT_SUPPORT"],
    },
    Code {
        number: 207_001,
        symbol: "ACL_ERROR_RT_MEMORY_ALLOCATION",
        meaning: "Memory could not be allocated.",
        causes: &[
            "The device or host memory is used up.",
            "Memory is too fragmented for a block of this size.",
        ],
        origin: Origin::Here,
        internal: &[],
    },
    Code {
        number: 207_005,
        symbol: "ACL_ERROR_RT_RESOURCE_ALLOC_FAIL",
        meaning: "The driver has no more of something, usually of task queues.",
        causes: &[
            "The streams of all graphs together, with their overflow streams, exceed the device's task queues; other \
             processes on the device use the same pool.",
            "One execution needs more than 1024 internal streams, branches included.",
            "A partitioned device has a smaller share of streams than a whole one.",
        ],
        origin: Origin::Earlier {
            what: "The sum over all captures counts, not the call that happened to come last; it has nothing to do \
                   with storage space.",
            codes: &[],
        },
        internal: &["RT_ERROR_DRV_NO_RESOURCES"],
    },
    Code {
        number: 207_007,
        symbol: "ACL_ERROR_RT_NO_EVENT_RESOURCE",
        meaning: "The device has no more events.",
        causes: &[
            "Every captured record takes an event for as long as its graph lives.",
            "External events count as hardware events; chips for inference have only 1023.",
        ],
        origin: Origin::Earlier { what: "The sum over all live graphs and events counts.", codes: &[] },
        internal: &["RT_ERROR_DRV_NO_EVENT_RESOURCES"],
    },
    Code {
        number: 207_008,
        symbol: "ACL_ERROR_RT_NO_STREAM_RESOURCE",
        meaning: "The device has no more streams.",
        causes: &[
            "Every stream of a capture takes an internal stream, and a further one each time its task queue is full.",
            "Streams are created and never destroyed.",
        ],
        origin: Origin::Earlier { what: "The sum over all live graphs and streams counts.", codes: &[] },
        internal: &["RT_ERROR_DRV_NO_STREAM_RESOURCES"],
    },
    Code {
        number: 207_009,
        symbol: "ACL_ERROR_RT_NO_NOTIFY_RESOURCE",
        meaning: "The device has no more notifies.",
        causes: &["Too many graphs run at once; each execution needs one."],
        origin: Origin::Earlier { what: "The number of executions in flight counts.", codes: &[] },
        internal: &["RT_ERROR_DRV_NO_NOTIFY_RESOURCES"],
    },
    Code {
        number: 207_010,
        symbol: "ACL_ERROR_RT_NO_MODEL_RESOURCE",
        meaning: "The device has no more models.",
        causes: &["Too many graphs are alive, such as one for each piece of a split capture."],
        origin: Origin::Earlier {
            what: "The number of graphs that were never destroyed counts.",
            codes: &[],
        },
        internal: &["RT_ERROR_DRV_NO_MODEL_RESOURCES"],
    },
    Code {
        number: 207_019,
        symbol: "ACL_ERROR_RT_FEATURE_NOT_SUPPORT_UPDATE_OP",
        meaning: "The driver cannot update kernels of captured graphs.",
        causes: &["The driver is older than 25.0.RC1 on A2 and A3, or older than 26.0.RC1 on 310P."],
        origin: Origin::Here,
        internal: &["RT_ERROR_DRV_NOT_SUPPORT_UPDATE_OP"],
    },
];
