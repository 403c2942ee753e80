//! 1xxxxx below 107024: arguments, handles, contexts, waiting.

use super::{Code, Origin};

pub(super) const CODES: &[Code] = &[
    Code {
        number: 100_000,
        symbol: "ACL_ERROR_INVALID_PARAM",
        meaning: "The ACL layer refused an argument before the runtime saw the call.",
        causes: &[
            "A stream, event, model or out-pointer is null.",
            "A record or wait flag is neither default nor external, or an external wait has a timeout.",
            "The path of a debug dump is null.",
        ],
        origin: Origin::Earlier {
            what: "The handle is often null because the call that should have made it failed, such as a capture end \
                   that sets the model to null.",
            codes: &[107_025, 107_033, 107_038, 107_045, 507_903],
        },
        internal: &[],
    },
    Code {
        number: 107_000,
        symbol: "ACL_ERROR_RT_PARAM_INVALID",
        meaning: "A value is not accepted, or not in this state of the stream, event or model.",
        causes: &[
            "An asynchronous copy on a capturing stream uses host memory that is not pinned; no capture mode lifts \
             this rule.",
            "A flag, mode or timeout is outside its range, such as a capture mode above 2 or event flags that exclude \
             each other.",
            "A capture of a root graph is ended without a place for the model.",
            "An event is used with the external flag in one place and without it in another.",
            "A legacy event is waited for before anything recorded it.",
            "A captured model is run with aclmdlRIExecute instead of aclmdlRIExecuteAsync.",
            "The directory of a debug dump does not exist.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_INVALID_VALUE"],
    },
    Code {
        number: 107_001,
        symbol: "ACL_ERROR_RT_INVALID_DEVICEID",
        meaning: "There is no device with this number.",
        causes: &[
            "The process sees fewer devices than it expects, by its container or its visible-device list.",
        ],
        origin: Origin::Here,
        internal: &[],
    },
    Code {
        number: 107_002,
        symbol: "ACL_ERROR_RT_CONTEXT_NULL",
        meaning: "The calling thread has no current context.",
        causes: &[
            "The thread never called aclrtSetDevice or aclrtSetCurrentContext; both are per thread.",
            "The device was reset before the call.",
        ],
        origin: Origin::Here,
        internal: &[],
    },
    Code {
        number: 107_003,
        symbol: "ACL_ERROR_RT_STREAM_CONTEXT",
        meaning: "The stream does not belong to the calling thread's current context.",
        causes: &[
            "The thread's current context is another one than that in which the stream was created.",
            "The stream belongs to another device.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_CONTEXT"],
    },
    Code {
        number: 107_004,
        symbol: "ACL_ERROR_RT_MODEL_CONTEXT",
        meaning: "The model does not belong to the calling thread's current context.",
        causes: &["The model was captured in another context than that in which it is used."],
        origin: Origin::Here,
        internal: &["RT_ERROR_MODEL_CONTEXT"],
    },
    Code {
        number: 107_005,
        symbol: "ACL_ERROR_RT_STREAM_MODEL",
        meaning: "The stream's tie to a model does not fit the call.",
        causes: &[
            "A label, stream switch or stream activation is put on a captured stream; these need a stream that is \
             bound by the build API.",
            "A capture begins, or a task update begins, on a stream that is bound to a model by the build API.",
            "A stream is bound to a second model.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_MODEL"],
    },
    Code {
        number: 107_006,
        symbol: "ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID",
        meaning: "An event carries no time stamp.",
        causes: &[
            "The elapsed time is asked for before both events are recorded and complete.",
            "The event was created without the time-line flag.",
        ],
        origin: Origin::Here,
        internal: &[],
    },
    Code {
        number: 107_011,
        symbol: "ACL_ERROR_RT_STREAM_SUBSCRIBE",
        meaning: "The stream's callbacks are served by another thread or in another way already.",
        causes: &[
            "A callback is launched on a stream that host functions already use.",
            "A stream is subscribed twice.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_SUBSCRIBE_STREAM"],
    },
    Code {
        number: 107_015,
        symbol: "ACL_ERROR_RT_STREAM_NO_CB_REG",
        meaning: "No thread serves the stream's callbacks.",
        causes: &["aclrtLaunchCallback comes without an aclrtSubscribeReport for the stream before it."],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_NO_CB_REG"],
    },
    Code {
        number: 107_017,
        symbol: "ACL_ERROR_RT_INVALID_HANDLE",
        meaning: "The handle stands for something that no longer exists.",
        causes: &[
            "The stream, event or model was destroyed before the call.",
            "The handle was never set because the call that should have made it failed.",
        ],
        origin: Origin::Earlier {
            what: "The call that destroyed the object, or failed to make it, comes earlier.",
            codes: &[],
        },
        internal: &["RT_ERROR_INVALID_HANDLE"],
    },
    Code {
        number: 107_019,
        symbol: "ACL_ERROR_RT_WAIT_TIMEOUT",
        meaning: "A wait ended because its time was up.",
        causes: &["What is waited for was not signalled in time, or never will be."],
        origin: Origin::Earlier {
            what: "Look for the record, notify or value that should have come before it.",
            codes: &[],
        },
        internal: &[],
    },
    Code {
        number: 107_020,
        symbol: "ACL_ERROR_RT_TASK_TIMEOUT",
        meaning: "A task did not finish in its time.",
        causes: &["The device is at fault or hangs, so that every later wait on it runs out of time."],
        origin: Origin::Earlier {
            what: "Look for the first error of the device; frameworks have shown this one as out of memory.",
            codes: &[507_011, 507_014, 507_015],
        },
        internal: &[],
    },
];
