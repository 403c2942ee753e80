//! What names each kind of object: a `u32` that is its position in its arena.

use acg_entity::entity;

entity! {
    /// A stream that the program made, or a context's default stream.
    StreamId, "stream"
}
entity! {
    /// A hidden stream that stores the tasks of one captured stream.
    InnerId, "inner"
}
entity! {
    /// A task on a hidden stream.
    TaskId, "task"
}
entity! {
    /// A kernel as it was launched.
    LaunchId, "launch"
}
entity! {
    /// An event that the program made.
    EventId, "event"
}
entity! {
    /// An internal event: one captured record.
    CaptureEventId, "captured"
}
entity! {
    /// A notify or count notify.
    NotifyId, "notify"
}
entity! {
    /// A graph, root or branch.
    ModelId, "model"
}
entity! {
    /// A task group.
    GroupId, "group"
}
entity! {
    /// A conditional handle.
    CondId, "cond"
}
entity! {
    /// An allocation.
    BufferId, "buffer"
}
entity! {
    /// A word of device memory that a value operation names.
    WordId, "word"
}
entity! {
    /// A label.
    LabelId, "label"
}
entity! {
    /// A context.
    ContextId, "context"
}
entity! {
    /// A host thread.
    ThreadId, "thread"
}
