//! A one-to-one renaming for each kind of id.

use rustc_hash::FxHashMap;

/// What is renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// The process that prints.
    Process,
    /// A model id.
    Model,
    /// A stream id.
    Stream,
    /// The id of a hardware event.
    Event,
    /// A notify id.
    Notify,
    /// A device address.
    Address,
}

impl Kind {
    /// What messages call it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Model => "model",
            Self::Stream => "stream",
            Self::Event => "event",
            Self::Notify => "notify",
            Self::Address => "address",
        }
    }
}

/// Which id stands for which, both ways.
#[derive(Default)]
pub(super) struct Renaming {
    actual: FxHashMap<(Kind, u64), u64>,
    expected: FxHashMap<(Kind, u64), u64>,
}

impl Renaming {
    /// What stands for `expected`, if that is known.
    pub(super) fn actual(&self, kind: Kind, expected: u64) -> Option<u64> {
        self.actual.get(&(kind, expected)).copied()
    }

    /// What `actual` stands for, if that is known.
    pub(super) fn expected(&self, kind: Kind, actual: u64) -> Option<u64> {
        self.expected.get(&(kind, actual)).copied()
    }

    /// Makes `actual` stand for `expected`, or says why it cannot.
    pub(super) fn bind(&mut self, kind: Kind, expected: u64, actual: u64) -> Result<(), String> {
        let what = kind.as_str();
        match (self.actual(kind, expected), self.expected(kind, actual)) {
            (Some(known), _) if known == actual => Ok(()),
            (Some(known), _) => Err(format!(
                "{what} {actual}, but {what} {expected} of the expectation was {what} {known} before"
            )),
            (None, Some(other)) => Err(format!(
                "{what} {actual}, which stood for {what} {other} of the expectation before and cannot stand for {expected}"
            )),
            (None, None) => {
                self.actual.insert((kind, expected), actual);
                self.expected.insert((kind, actual), expected);
                Ok(())
            }
        }
    }
}
