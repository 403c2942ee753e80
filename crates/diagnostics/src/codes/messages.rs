//! The families of messages that the runtime prints beside its return codes.

/// A family of messages, the `EE1023` in front of a printed error.
#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    /// `EE` or `EL` and four digits.
    pub id: &'static str,
    /// What its messages say, in one sentence.
    pub meaning: &'static str,
    /// What to look at, in one sentence.
    pub advice: &'static str,
    /// The return codes with which it was seen; others are possible.
    pub codes: &'static [i32],
}

impl Family {
    /// The family with `id`, in upper or lower case.
    pub fn find(id: &str) -> Option<&'static Self> {
        FAMILIES.iter().find(|family| family.id.eq_ignore_ascii_case(id))
    }
}

/// Every family, by id.
pub const FAMILIES: &[Family] = &[
    Family {
        id: "EE1006",
        meaning: "An argument has a value or flag that the call does not accept.",
        advice: "Compare the named argument with the values that the call documents for this chip.",
        codes: &[107_000],
    },
    Family {
        id: "EE1011",
        meaning: "An argument has a value that is not accepted, such as a path that cannot be opened.",
        advice: "The message names the argument and what was expected of it.",
        codes: &[107_000],
    },
    Family {
        id: "EE1013",
        meaning: "Memory for the call could not be allocated.",
        advice: "Look at the free memory of host and device at that moment.",
        codes: &[],
    },
    Family {
        id: "EE1016",
        meaning: "The call is not supported in the present state, such as during a capture.",
        advice: "Look at whether a capture is open, and at the kind of the stream and the event.",
        codes: &[107_000],
    },
    Family {
        id: "EE1017",
        meaning: "An argument is in a state in which the call cannot use it.",
        advice: "Look for the call that brought the stream, event or model into its state.",
        codes: &[],
    },
    Family {
        id: "EE1018",
        meaning: "Calls come in the wrong order.",
        advice: "Look for the call that should have come first, such as a record before its wait.",
        codes: &[107_000],
    },
    Family {
        id: "EE1023",
        meaning: "A resource of the device is used up: streams, events, notifies, models or task queues.",
        advice: "Add up what all live graphs hold; a driver with task queues in memory needs fewer.",
        codes: &[207_005, 207_007, 207_008, 207_009, 207_010],
    },
    Family {
        id: "EL0009",
        meaning: "The driver could not give a resource that it has no more of.",
        advice: "Read it as EE1023; it says nothing about storage space.",
        codes: &[207_005, 207_007, 207_009],
    },
];
