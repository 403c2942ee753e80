//! Durations as reports write them.

/// Nanoseconds as microseconds.
pub(crate) fn microseconds(ns: u64) -> String {
    let (whole, part) = (ns / 1000, ns % 1000);
    if part == 0 {
        return format!("{whole} us");
    }
    format!("{whole}.{} us", format!("{part:03}").trim_end_matches('0'))
}
