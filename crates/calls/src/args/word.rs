//! An argument in eight bytes, for those that fit into no [`Short`](super::short::Short).

use acg_entity::Entity;

use crate::kernel::KernelId;
use crate::log::{Arg, ArgRange};
use crate::names::Name;

/// An argument in one word: what it is in the last bits, what it holds in the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(u64);

const KIND_BITS: u32 = 4;
const KIND: u64 = (1 << KIND_BITS) - 1;
/// What a word holds beside a kind.
const HELD_BITS: u32 = 64 - KIND_BITS;
/// What of it is the length of a run, beside a start that is any `u32`.
const LEN_BITS: u32 = HELD_BITS - 32;
/// What of it is an offset, beside a name: no device has more memory than this, and allocations are named before all else.
const OFFSET_BITS: u32 = 38;

const NULL: u64 = 0;
const INT: u64 = 1;
const NAME: u64 = 2;
const OUT: u64 = 3;
const EXCHANGE: u64 = 4;
const OFFSET: u64 = 5;
const TEXT: u64 = 6;
const KERNEL: u64 = 7;
const STRUCT: u64 = 8;
const LIST: u64 = 9;
/// An argument that fits into no word: where it stands among the wide ones.
const WIDE: u64 = 10;

impl Word {
    fn new(kind: u64, held: u64) -> Self {
        Self(held << KIND_BITS | kind)
    }

    fn int(kind: u64, value: i64) -> Option<Self> {
        let word = Self::new(kind, value.cast_unsigned());
        (word.as_int() == value).then_some(word)
    }

    /// Two numbers, the second in the last `bits`, if there is room for them.
    fn pair(kind: u64, first: u64, second: u64, bits: u32) -> Option<Self> {
        let fits = second >> bits == 0 && first >> (HELD_BITS - bits) == 0;
        fits.then(|| Self::new(kind, first << bits | second))
    }

    fn name(kind: u64, name: Name) -> Self {
        Self::new(kind, name.index() as u64)
    }

    fn range(kind: u64, range: ArgRange) -> Option<Self> {
        Self::pair(kind, u64::from(range.start), u64::from(range.end - range.start), LEN_BITS)
    }

    /// An argument, if it fits.
    pub(super) fn of(arg: Arg) -> Option<Self> {
        match arg {
            Arg::Null => Some(Self::new(NULL, 0)),
            Arg::Int(value) => Self::int(INT, value),
            Arg::Name(name) => Some(Self::name(NAME, name)),
            Arg::Out(name) => Some(Self::name(OUT, name)),
            Arg::Exchange(value) => Self::int(EXCHANGE, value),
            Arg::Offset { base, bytes } => Self::pair(OFFSET, base.index() as u64, bytes, OFFSET_BITS),
            Arg::Text(name) => Some(Self::name(TEXT, name)),
            Arg::Kernel(id) => Some(Self::new(KERNEL, u64::from(id.0))),
            Arg::Struct(range) => Self::range(STRUCT, range),
            Arg::List(range) => Self::range(LIST, range),
        }
    }

    fn held(self) -> u64 {
        self.0 >> KIND_BITS
    }

    fn as_int(self) -> i64 {
        self.0.cast_signed() >> KIND_BITS
    }

    fn as_name(self) -> Name {
        Name::at(self.held() as usize)
    }

    fn as_pair(self, bits: u32) -> (u32, u64) {
        let held = self.held();
        ((held >> bits) as u32, held & ((1 << bits) - 1))
    }

    fn as_range(self) -> ArgRange {
        let (start, len) = self.as_pair(LEN_BITS);
        ArgRange { start, end: start + len as u32 }
    }

    /// The argument that stands at `place` among the wide ones.
    pub(super) fn wide(place: usize) -> Self {
        Self::new(WIDE, place as u64)
    }

    /// The argument.
    pub(super) fn arg(self, wide: &[Arg]) -> Arg {
        match self.0 & KIND {
            INT => Arg::Int(self.as_int()),
            NAME => Arg::Name(self.as_name()),
            OUT => Arg::Out(self.as_name()),
            EXCHANGE => Arg::Exchange(self.as_int()),
            OFFSET => {
                let (base, bytes) = self.as_pair(OFFSET_BITS);
                Arg::Offset { base: Name::at(base as usize), bytes }
            }
            TEXT => Arg::Text(self.as_name()),
            KERNEL => Arg::Kernel(KernelId(self.held() as u32)),
            STRUCT => Arg::Struct(self.as_range()),
            LIST => Arg::List(self.as_range()),
            WIDE => wide[self.held() as usize],
            _ => Arg::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_largest_arguments_are_one_word() {
        let name = Name::at(u32::MAX as usize - 2);
        let list = ArgRange { start: u32::MAX - 8, end: u32::MAX };
        for arg in [
            Arg::Int(-1),
            Arg::Int(1 << 58),
            Arg::Out(name),
            Arg::Offset { base: Name::at(1 << 21), bytes: 1 << 37 },
            Arg::List(list),
        ] {
            assert!(Word::of(arg).is_some(), "{arg:?}");
        }
        assert_eq!(Word::of(Arg::Int(i64::MAX)), None);
    }
}
