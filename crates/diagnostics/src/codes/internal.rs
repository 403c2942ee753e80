//! The numbers by which the runtime's own logs call its errors (`retCode=0x7020023`), and the names that go with them.
//!
//! capture-rules, section 0.3. A name leads on to the code that calls return ([`Code::by_symbol`](super::Code::by_symbol)).

/// Every internal error whose number is known, by number.
pub const NUMBERS: &[(u32, &str)] = &[
    (0x0702_0019, "RT_ERROR_DRV_NO_EVENT_RESOURCES"),
    (0x0702_001A, "RT_ERROR_DRV_NO_STREAM_RESOURCES"),
    (0x0702_001B, "RT_ERROR_DRV_NO_NOTIFY_RESOURCES"),
    (0x0702_001C, "RT_ERROR_DRV_NO_MODEL_RESOURCES"),
    (0x0702_001D, "RT_ERROR_DRV_NOT_SUPPORT"),
    (0x0702_0023, "RT_ERROR_DRV_NO_RESOURCES"),
    (0x0702_0026, "RT_ERROR_DRV_NOT_SUPPORT_UPDATE_OP"),
    (0x0703_0003, "RT_ERROR_STREAM_CONTEXT"),
    (0x0703_0004, "RT_ERROR_STREAM_INVALID"),
    (0x0703_0005, "RT_ERROR_STREAM_MODEL"),
    (0x0703_0007, "RT_ERROR_STREAM_FULL"),
    (0x0703_000B, "RT_ERROR_STREAM_NO_CB_REG"),
    (0x0703_0019, "RT_ERROR_STREAM_CAPTURED"),
    (0x0703_001A, "RT_ERROR_STREAM_CAPTURE_INVALIDATED"),
    (0x0703_001B, "RT_ERROR_STREAM_NOT_CAPTURED"),
    (0x0703_001C, "RT_ERROR_STREAM_CAPTURE_MODE_NOT_SUPPORT"),
    (0x0703_001D, "RT_ERROR_STREAM_CAPTURE_IMPLICIT"),
    (0x0703_001F, "RT_ERROR_STREAM_UNJOINED"),
    (0x0703_0020, "RT_ERROR_STREAM_CAPTURE_CONFLICT"),
    (0x0703_0021, "RT_ERROR_STREAM_TASKGRP_STATUS"),
    (0x0703_0022, "RT_ERROR_STREAM_TASKGRP_NULL"),
    (0x0703_0023, "RT_ERROR_STREAM_TASKGRP_INTR"),
    (0x0703_0024, "RT_ERROR_STREAM_TASKGRP_UPDATE"),
    (0x0703_0025, "RT_ERROR_STREAM_CAPTURE_UNMATCHED"),
    (0x0703_0026, "RT_ERROR_STREAM_CAPTURE_WRONG_THREAD"),
    (0x0703_0027, "RT_ERROR_STREAM_CAPTURE_MODE_BLOCK_ASYNC"),
    (0x0703_0028, "RT_ERROR_STREAM_SUB_ACLGRAPH_IS_CAPTURING"),
    (0x0704_0003, "RT_ERROR_MODEL_CONTEXT"),
    (0x0704_0009, "RT_ERROR_MODEL_EXE_FAILED"),
    (0x0704_0010, "RT_ERROR_MODEL_CAPTURED"),
    (0x0704_0011, "RT_ERROR_MODEL_CAPTURE_STATUS"),
    (0x0704_0012, "RT_ERROR_MODEL_RUNNING"),
    (0x0704_0014, "RT_ERROR_MODEL_UPDATE_FAILED"),
    (0x0705_0008, "RT_ERROR_EVENT_CAPTURED"),
    (0x0705_0009, "RT_ERROR_CAPTURE_DEPENDENCY"),
    (0x0705_000A, "RT_ERROR_STREAM_CAPTURE_ISOLATION"),
    (0x0708_0005, "RT_ERROR_KERNEL_TYPE"),
    (0x0710_0003, "RT_ERROR_TASK_NOT_SUPPORT"),
    (0x0711_0001, "RT_ERROR_INVALID_VALUE"),
    (0x0711_000D, "RT_ERROR_FEATURE_NOT_SUPPORT"),
    (0x0711_0015, "RT_ERROR_INSUFFICIENT_INPUT_ARRAY"),
    (0x0711_0016, "RT_ERROR_INVALID_HANDLE"),
    (0x0716_0003, "RT_ERROR_SUBSCRIBE_STREAM"),
];

/// The name of the internal error with `number`.
pub fn name(number: u32) -> Option<&'static str> {
    let index = NUMBERS.binary_search_by_key(&number, |entry| entry.0).ok()?;
    NUMBERS.get(index).map(|entry| entry.1)
}

/// The number of the internal error called `name`, where it is known.
pub fn number(name: &str) -> Option<u32> {
    NUMBERS.iter().find(|entry| entry.1 == name).map(|entry| entry.0)
}

/// Reads a number as logs print it: `0x`, then hexadecimal digits of any case, leading zeros or not.
pub fn parse(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    // `from_str_radix` would take a sign.
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::{NUMBERS, name, number, parse};
    use crate::codes::Code;

    #[test]
    fn numbers_ascend_and_every_name_leads_to_a_code() {
        assert!(NUMBERS.is_sorted_by(|a, b| a.0 < b.0));
        for &(known, called) in NUMBERS {
            assert_eq!((name(known), number(called)), (Some(called), Some(known)));
            assert!(Code::by_symbol(called).is_some(), "{called}");
        }
        assert_eq!(name(0), None);
        assert_eq!(number("RT_ERROR_NONE"), None);
    }

    #[test]
    fn numbers_are_read_as_logs_print_them() {
        for text in ["0x7020023", "0X7020023", "0x07020023"] {
            assert_eq!(parse(text), Some(0x0702_0023), "{text}");
        }
        assert_eq!(parse("0x703001f"), parse("0x0703001F"));
        for text in ["7020023", "0x", "0x+1", "0x-1", "0xg", "0x123456789", "x7", "0x 1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
