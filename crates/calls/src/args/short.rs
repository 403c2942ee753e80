//! An argument in four bytes, as nearly all arguments are: handles, small numbers, kernels.

use acg_entity::Entity;

use crate::kernel::KernelId;
use crate::log::Arg;
use crate::names::Name;

/// An argument in four bytes, or where it stands among the longer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Short(u32);

/// Set where the other bits are a place among the longer ones.
///
/// Every argument that is longer takes three bytes of text and more, and a text has less than 4 GiB, so 31 bits are enough.
const LONG: u32 = 1 << 31;
/// The others have their kind in the last bits and what they hold between.
const KIND_BITS: u32 = 3;
const KIND: u32 = (1 << KIND_BITS) - 1;
const HELD_BITS: u32 = 31 - KIND_BITS;

const NULL: u32 = 0;
const INT: u32 = 1;
const NAME: u32 = 2;
const OUT: u32 = 3;
const TEXT: u32 = 4;
const KERNEL: u32 = 5;

impl Short {
    /// An argument, if it fits.
    pub(super) fn of(arg: Arg) -> Option<Self> {
        match arg {
            Arg::Null => Some(Self(NULL)),
            Arg::Int(value) => Self::int(value),
            Arg::Name(name) => Self::new(NAME, name.index()),
            Arg::Out(name) => Self::new(OUT, name.index()),
            Arg::Text(name) => Self::new(TEXT, name.index()),
            Arg::Kernel(id) => Self::new(KERNEL, id.index()),
            Arg::Exchange(_) | Arg::Offset { .. } | Arg::Struct(_) | Arg::List(_) => None,
        }
    }

    /// The argument at `place` among the longer ones.
    ///
    /// # Panics
    /// From 2^31 of them on.
    pub(super) fn long(place: usize) -> Self {
        let place = u32::try_from(place).ok().filter(|place| place & LONG == 0);
        Self(place.expect("a log holds fewer than 2^31 long arguments") | LONG)
    }

    fn new(kind: u32, held: usize) -> Option<Self> {
        (held >> HELD_BITS == 0).then_some(Self((held as u32) << KIND_BITS | kind))
    }

    fn int(value: i64) -> Option<Self> {
        let unused = 64 - HELD_BITS;
        let held = (value.cast_unsigned() << unused) >> unused;
        Self::new(INT, held as usize).filter(|short| short.as_int() == value)
    }

    fn held(self) -> usize {
        (self.0 >> KIND_BITS) as usize
    }

    fn as_int(self) -> i64 {
        // The bit above is not set, so that it is shifted out and the sign in.
        i64::from(((self.0 << 1).cast_signed()) >> (KIND_BITS + 1))
    }

    /// Where it stands among the longer ones, if it does.
    pub(super) fn as_long(self) -> Option<usize> {
        (self.0 & LONG != 0).then_some((self.0 & !LONG) as usize)
    }

    fn kind(self) -> Option<u32> {
        (self.0 & LONG == 0).then_some(self.0 & KIND)
    }

    /// As [`Arg::name`], without looking for what else it may be; and so on.
    pub(super) fn name(self) -> Option<Name> {
        (self.kind() == Some(NAME)).then(|| Name::at(self.held()))
    }

    pub(super) fn out(self) -> Option<Name> {
        (self.kind() == Some(OUT)).then(|| Name::at(self.held()))
    }

    /// The argument, unless it is a longer one.
    #[inline]
    pub(super) fn arg(self) -> Option<Arg> {
        Some(match self.kind()? {
            INT => Arg::Int(self.as_int()),
            NAME => Arg::Name(Name::at(self.held())),
            OUT => Arg::Out(Name::at(self.held())),
            TEXT => Arg::Text(Name::at(self.held())),
            KERNEL => Arg::Kernel(KernelId(self.held() as u32)),
            _ => Arg::Null,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_arguments_are_short() {
        let name = Name::at((1 << HELD_BITS) - 1);
        let most = 1i64 << (HELD_BITS - 1);
        for arg in
            [Arg::Null, Arg::Int(-1), Arg::Int(most - 1), Arg::Int(-most), Arg::Out(name), Arg::Text(name)]
        {
            assert_eq!(Short::of(arg).and_then(Short::arg), Some(arg));
        }
        assert_eq!(
            [Arg::Int(most), Arg::Int(-most - 1), Arg::Name(Name::at(1 << HELD_BITS))].map(Short::of),
            [None; 3]
        );
        assert_eq!(Short::long(7).as_long(), Some(7));
        assert_eq!((Short::long(7).arg(), Short::long(7).name()), (None, None));
    }
}
