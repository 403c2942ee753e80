//! 107024 to 107045: what a capture, its streams and events, task groups and models refuse.

use super::{Code, Origin};

pub(super) const CODES: &[Code] = &[
    Code {
        number: 107_024,
        symbol: "ACL_ERROR_RT_CAPTURE_DEPENDENCY",
        meaning: "A capturing stream waits for an event whose last record is not in the capture.",
        causes: &[
            "The event was recorded before the capture began, or on a stream that is not part of it.",
            "The record that should have been captured was rejected earlier.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_CAPTURE_DEPENDENCY", "RT_ERROR_STREAM_CAPTURE_ISOLATION"],
    },
    Code {
        number: 107_025,
        symbol: "ACL_ERROR_RT_STREAM_UNJOINED",
        meaning: "A stream that joined the capture does not lead back to the origin stream.",
        causes: &[
            "A side stream has tasks after its last record, or no record at all.",
            "The last record of a side stream is waited for by no stream of the capture.",
            "The last record of a side stream uses an external event, which joins nothing.",
            "A stream was pulled in by accident, by waiting for an event of the capture; libraries fork streams too.",
        ],
        origin: Origin::Earlier {
            what: "The end reports it; the place to change is the last task of the side stream, or a record or wait \
                   there that was rejected.",
            codes: &[207_000, 107_000, 107_024],
        },
        internal: &["RT_ERROR_STREAM_UNJOINED"],
    },
    Code {
        number: 107_026,
        symbol: "ACL_ERROR_RT_MODEL_CAPTURED",
        meaning: "The model is still being captured, or was captured already.",
        causes: &[
            "A model is executed or destroyed before its capture has ended.",
            "A branch of a conditional task is captured a second time.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_MODEL_CAPTURED"],
    },
    Code {
        number: 107_027,
        symbol: "ACL_ERROR_RT_STREAM_CAPTURED",
        meaning: "The call is not possible on a stream that is capturing, or on a device with such a stream.",
        causes: &[
            "A captured stream, or the device, is synchronised or queried; reading a tensor's value on the host does \
             this underneath.",
            "A captured stream is destroyed.",
            "A second capture begins on a stream that is part of one.",
            "A graph is executed, or a task update begins, on a capturing stream.",
        ],
        origin: Origin::Earlier {
            what: "If no capture should be open here, an earlier capture was never ended, usually because an error \
                   skipped its end.",
            codes: &[107_030, 107_025],
        },
        internal: &["RT_ERROR_STREAM_CAPTURED"],
    },
    Code {
        number: 107_028,
        symbol: "ACL_ERROR_RT_EVENT_CAPTURED",
        meaning: "The call is not possible on an event whose last record belongs to an open capture.",
        causes: &["A captured event is synchronised, queried or asked for its time on the host."],
        origin: Origin::Here,
        internal: &["RT_ERROR_EVENT_CAPTURED"],
    },
    Code {
        number: 107_029,
        symbol: "ACL_ERROR_RT_STREAM_NOT_CAPTURED",
        meaning: "The stream is not capturing.",
        causes: &[
            "A capture is ended that never began, or that has ended.",
            "A task group, conditional task or external record is put on a stream outside any capture.",
        ],
        origin: Origin::Earlier {
            what: "Very often a clean-up that ends a capture a second time and hides the code of the first end.",
            codes: &[107_025, 107_033, 107_038, 107_045, 507_903],
        },
        internal: &["RT_ERROR_STREAM_NOT_CAPTURED"],
    },
    Code {
        number: 107_030,
        symbol: "ACL_ERROR_RT_CAPTURE_MODE_NOT_SUPPORT",
        meaning: "The capture mode forbids this blocking memory call on this thread.",
        causes: &[
            "A blocking copy or fill runs during a capture in global mode, on any thread of the context.",
            "A blocking copy or fill runs on the thread that captures in thread-local mode.",
            "A stale strict mode is left on the thread by a capture that another thread ended.",
        ],
        origin: Origin::Earlier {
            what: "The capture survives it; in a log it is usually not what ended the run, so look for the first \
                   error before it.",
            codes: &[107_027],
        },
        internal: &["RT_ERROR_STREAM_CAPTURE_MODE_NOT_SUPPORT"],
    },
    Code {
        number: 107_031,
        symbol: "ACL_ERROR_RT_STREAM_CAPTURE_IMPLICIT",
        meaning: "The default stream is tied to an event of a capture.",
        causes: &["The default stream waits for a captured event; it can never be part of a capture."],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_CAPTURE_IMPLICIT"],
    },
    Code {
        number: 107_032,
        symbol: "ACL_ERROR_STREAM_CAPTURE_CONFLICT",
        meaning: "Stream and event belong to different captures.",
        causes: &[
            "A stream of one capture waits for an event of another; both captures are invalid from then on.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_CAPTURE_CONFLICT"],
    },
    Code {
        number: 107_033,
        symbol: "ACL_ERROR_STREAM_TASK_GROUP_STATUS",
        meaning: "The state of a task group or task update does not fit the call.",
        causes: &[
            "A task group is opened inside another, or closed without being open.",
            "A capture ends with a task group open.",
            "A task update begins inside another, or ends without having begun.",
            "Two streams update one task group at once.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_TASKGRP_STATUS"],
    },
    Code {
        number: 107_034,
        symbol: "ACL_ERROR_STREAM_TASK_GROUP_INTR",
        meaning: "A stream without a task group of its own got a task while another stream's group was open.",
        causes: &[
            "Work for another captured stream is issued between the group's begin and end; several groups may be \
             open on several streams, but a stream without one must wait.",
            "An event is recorded or waited for on another stream while the group is open.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_TASKGRP_INTR"],
    },
    Code {
        number: 107_036,
        symbol: "ACL_ERROR_RT_STREAM_CAPTURE_UNMATCHED",
        meaning: "The capture is ended on a stream that joined it, not on the stream on which it began.",
        causes: &[
            "The end names a side stream; the capture goes on and can still be ended on its origin stream.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_CAPTURE_UNMATCHED"],
    },
    Code {
        number: 107_037,
        symbol: "ACL_ERROR_RT_MODEL_RUNNING",
        meaning: "The model is still being executed.",
        causes: &["A model is destroyed before the stream that executes it is synchronised."],
        origin: Origin::Here,
        internal: &["RT_ERROR_MODEL_RUNNING"],
    },
    Code {
        number: 107_038,
        symbol: "ACL_ERROR_RT_STREAM_CAPTURE_WRONG_THREAD",
        meaning: "The capture is ended on another thread than that on which it began.",
        causes: &["Only a relaxed capture may end on any thread; in the other modes the capture is lost."],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_CAPTURE_WRONG_THREAD"],
    },
    Code {
        number: 107_039,
        symbol: "ACL_ERROR_RT_INSUFFICIENT_INPUT_ARRAY",
        meaning: "The caller's array is too small for the streams or tasks of the model.",
        causes: &["The number was not asked for first; a call with a null array gives it."],
        origin: Origin::Here,
        internal: &["RT_ERROR_INSUFFICIENT_INPUT_ARRAY"],
    },
    Code {
        number: 107_040,
        symbol: "ACL_ERROR_RT_MODEL_UPDATE_FAILED",
        meaning: "The model cannot be updated in its present state.",
        causes: &[
            "The model is being executed.",
            "The model's capture has not ended well, or an earlier parameter change put it at fault.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_MODEL_UPDATE_FAILED"],
    },
    Code {
        number: 107_041,
        symbol: "ACL_ERROR_RT_CAPTURE_MODE_BLOCK_ASYNC",
        meaning: "An asynchronous copy would have to block, which the capture mode forbids.",
        causes: &[
            "A copy from or to host memory that is not pinned runs on a stream outside the capture while a capture \
             forbids blocking calls on this thread.",
        ],
        origin: Origin::Here,
        internal: &["RT_ERROR_STREAM_CAPTURE_MODE_BLOCK_ASYNC"],
    },
    Code {
        number: 107_045,
        symbol: "ACL_ERROR_RT_SUB_ACLGRAPH_IS_CAPTURING",
        meaning: "A branch of a conditional task is not captured when the capture around it ends.",
        causes: &["A branch is still capturing.", "A branch was never captured."],
        origin: Origin::Earlier {
            what: "The end reports it; the place to change is the branch that is left open or out.",
            codes: &[],
        },
        internal: &["RT_ERROR_STREAM_SUB_ACLGRAPH_IS_CAPTURING"],
    },
];
