//! What a person should know about an imported program: what it does not say, and what it says by assumption.

use std::fmt;

use acg_calls::CallId;
use rustc_hash::FxHashMap;

/// Why a remark is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemarkKind {
    /// The program says something that the input does not, so that it is a program; a person fills it in.
    Placeholder,
    /// The input leaves several readings, and the program takes one.
    Assumed,
    /// The input says something that the program does not.
    LeftOut,
}

impl RemarkKind {
    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Placeholder => "placeholder",
            Self::Assumed => "assumed",
            Self::LeftOut => "left out",
        }
    }
}

impl fmt::Display for RemarkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Why it is made.
    pub kind: RemarkKind,
    /// The call of a log that it is about.
    pub call: Option<CallId>,
    /// What to know, as a sentence without a stop.
    pub text: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.text)
    }
}

/// Every different remark once, with how often it was made, in the order in which they came first.
pub fn summary(remarks: &[Remark]) -> Vec<(&Remark, u32)> {
    let mut places: FxHashMap<(RemarkKind, &str), usize> = FxHashMap::default();
    let mut summary: Vec<(&Remark, u32)> = Vec::new();
    for remark in remarks {
        let place = *places.entry((remark.kind, &remark.text)).or_insert(summary.len());
        match summary.get_mut(place) {
            Some((_, count)) => *count += 1,
            None => summary.push((remark, 1)),
        }
    }
    summary
}
