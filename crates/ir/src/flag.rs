//! The words of the language for `ACL_EVENT_*` and `ACL_STREAM_*` bits (capture-rules, section 3.1).

/// `ACL_EVENT_SYNC`, which a plain `event e` has.
pub const EVENT_SYNC: u32 = 0x1;
/// `ACL_EVENT_DEVICE_USE_ONLY`, a flag of `aclrtCreateEventWithFlag` alone.
pub const EVENT_DEVICE_USE_ONLY: u32 = 0x10;
/// `ACL_EVENT_EXTERNAL`, a flag of `aclrtCreateEventWithFlag` alone.
pub const EVENT_EXTERNAL: u32 = 0x20;

/// Event flags by word.
pub const EVENT_FLAGS: &[(&str, u32)] = &[
    ("sync", EVENT_SYNC),
    ("progress", 0x2),
    ("time_line", 0x8),
    ("device_use_only", EVENT_DEVICE_USE_ONLY),
    ("external", EVENT_EXTERNAL),
    ("ipc", 0x40),
];

/// Stream flags by word.
pub const STREAM_FLAGS: &[(&str, u32)] = &[
    ("fast_launch", 0x1),
    ("fast_sync", 0x2),
    ("persistent", 0x4),
    ("huge", 0x8),
    ("cpu_schedule", 0x10),
    ("device_use_only", 0x20),
];

/// The words for the bits of `flags`, and the bits that have none.
pub fn words(table: &'static [(&'static str, u32)], flags: u32) -> (impl Iterator<Item = &'static str>, u32) {
    let known: u32 = table.iter().map(|&(_, bit)| bit).sum();
    let words = table.iter().filter(move |&&(_, bit)| flags & bit != 0).map(|&(word, _)| word);
    (words, flags & !known)
}
