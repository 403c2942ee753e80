//! Arguments as a log keeps them: nearly all of them in eight bytes each.
//!
//! A log of a million calls has several million arguments, so what they take is what the log takes.

use std::iter::FusedIterator;
use std::slice;

use acg_entity::Entity;

use crate::kernel::KernelId;
use crate::log::{Arg, ArgRange};
use crate::names::Name;
use crate::view::Address;

/// An argument in one word: what it is in the last bits, what it holds in the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Word(u64);

const KIND_BITS: u32 = 4;
const KIND: u64 = (1 << KIND_BITS) - 1;
/// What is left of a word beside a kind and a `u32`.
const SHORT_BITS: u32 = 64 - KIND_BITS - 32;

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
/// An argument that fits into no word: where it stands in [`ArgPool::wide`].
const WIDE: u64 = 10;

impl Word {
    fn new(kind: u64, held: u64) -> Self {
        Self(held << KIND_BITS | kind)
    }

    fn int(kind: u64, value: i64) -> Option<Self> {
        let word = Self::new(kind, value.cast_unsigned());
        (word.as_int() == value).then_some(word)
    }

    /// A `u32` and a number that may be too large to stand beside it.
    fn pair(kind: u64, first: u64, second: u64) -> Option<Self> {
        (second >> SHORT_BITS == 0).then(|| Self::new(kind, first << SHORT_BITS | second))
    }

    fn name(kind: u64, name: Name) -> Self {
        Self::new(kind, name.index() as u64)
    }

    fn range(kind: u64, range: ArgRange) -> Option<Self> {
        Self::pair(kind, u64::from(range.start), u64::from(range.end - range.start))
    }

    fn of(arg: Arg) -> Option<Self> {
        match arg {
            Arg::Null => Some(Self::new(NULL, 0)),
            Arg::Int(value) => Self::int(INT, value),
            Arg::Name(name) => Some(Self::name(NAME, name)),
            Arg::Out(name) => Some(Self::name(OUT, name)),
            Arg::Exchange(value) => Self::int(EXCHANGE, value),
            Arg::Offset { base, bytes } => Self::pair(OFFSET, base.index() as u64, bytes),
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

    fn as_pair(self) -> (u32, u64) {
        let held = self.held();
        ((held >> SHORT_BITS) as u32, held & ((1 << SHORT_BITS) - 1))
    }

    fn as_range(self) -> ArgRange {
        let (start, len) = self.as_pair();
        ArgRange { start, end: start + len as u32 }
    }

    /// The name that it holds, if it is of that kind.
    fn name_of(self, kind: u64) -> Option<Name> {
        (self.0 & KIND == kind).then(|| self.as_name())
    }

    fn arg(self, wide: &[Arg]) -> Arg {
        match self.0 & KIND {
            INT => Arg::Int(self.as_int()),
            NAME => Arg::Name(self.as_name()),
            OUT => Arg::Out(self.as_name()),
            EXCHANGE => Arg::Exchange(self.as_int()),
            OFFSET => {
                let (base, bytes) = self.as_pair();
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

/// The arguments of all calls of a log.
#[derive(Clone, Debug, Default)]
pub(crate) struct ArgPool {
    words: Vec<Word>,
    /// Those that fit into no word.
    wide: Vec<Arg>,
}

impl ArgPool {
    pub(crate) fn reserve(&mut self, additional: usize) {
        self.words.reserve(additional);
    }

    pub(crate) fn push(&mut self, arg: Arg) {
        let word = Word::of(arg).unwrap_or_else(|| {
            self.wide.push(arg);
            Word::new(WIDE, self.wide.len() as u64 - 1)
        });
        self.words.push(word);
    }

    pub(crate) fn extend(&mut self, args: impl IntoIterator<Item = Arg>) {
        args.into_iter().for_each(|arg| self.push(arg));
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.words.truncate(len);
    }

    pub(crate) fn range(&self, range: ArgRange) -> Args<'_> {
        Args { words: self.words.get(range.indices()).unwrap_or(&[]), wide: &self.wide }
    }
}

/// A run of arguments.
#[derive(Clone, Copy, Debug, Default)]
pub struct Args<'l> {
    words: &'l [Word],
    wide: &'l [Arg],
}

impl<'l> Args<'l> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The argument at `position`.
    pub fn get(&self, position: usize) -> Option<Arg> {
        self.words.get(position).map(|word| word.arg(self.wide))
    }

    /// As [`Arg::name`] of the argument at `position`, without looking for what else it may be; and so on.
    pub(crate) fn name(&self, position: usize) -> Option<Name> {
        self.words.get(position)?.name_of(NAME)
    }

    pub(crate) fn out(&self, position: usize) -> Option<Name> {
        self.words.get(position)?.name_of(OUT)
    }

    pub(crate) fn int(&self, position: usize) -> Option<i64> {
        let word = self.words.get(position)?;
        match word.0 & KIND {
            INT | EXCHANGE => Some(word.as_int()),
            WIDE => word.arg(self.wide).int(),
            _ => None,
        }
    }

    pub(crate) fn address(&self, position: usize) -> Option<Address> {
        let word = self.words.get(position)?;
        match word.0 & KIND {
            NAME => Some(Address { base: word.as_name(), offset: 0 }),
            OFFSET => {
                let (base, offset) = word.as_pair();
                Some(Address { base: Name::at(base as usize), offset })
            }
            WIDE => word.arg(self.wide).address(),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self, position: usize) -> bool {
        self.words.get(position).is_none_or(|word| word.0 & KIND == NULL)
    }

    /// The first argument.
    pub fn first(&self) -> Option<Arg> {
        self.get(0)
    }

    /// The last argument.
    pub fn last(&self) -> Option<Arg> {
        self.words.last().map(|word| word.arg(self.wide))
    }

    /// The arguments, if there are `N` of them.
    pub fn exactly<const N: usize>(&self) -> Option<[Arg; N]> {
        (self.len() == N).then(|| std::array::from_fn(|position| self.words[position].arg(self.wide)))
    }

    /// The arguments in order.
    pub fn iter(&self) -> ArgsIter<'l> {
        ArgsIter { words: self.words.iter(), wide: self.wide }
    }
}

impl<'l> IntoIterator for Args<'l> {
    type Item = Arg;
    type IntoIter = ArgsIter<'l>;

    fn into_iter(self) -> ArgsIter<'l> {
        self.iter()
    }
}

impl<'l> IntoIterator for &Args<'l> {
    type Item = Arg;
    type IntoIter = ArgsIter<'l>;

    fn into_iter(self) -> ArgsIter<'l> {
        self.iter()
    }
}

/// The arguments of a run in order.
#[derive(Clone, Debug)]
pub struct ArgsIter<'l> {
    words: slice::Iter<'l, Word>,
    wide: &'l [Arg],
}

impl Iterator for ArgsIter<'_> {
    type Item = Arg;

    fn next(&mut self) -> Option<Arg> {
        self.words.next().map(|word| word.arg(self.wide))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.words.size_hint()
    }
}

impl DoubleEndedIterator for ArgsIter<'_> {
    fn next_back(&mut self) -> Option<Arg> {
        self.words.next_back().map(|word| word.arg(self.wide))
    }
}

impl ExactSizeIterator for ArgsIter<'_> {}
impl FusedIterator for ArgsIter<'_> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_arg() -> impl Strategy<Value = Arg> {
        let name = || (0u32..u32::MAX - 1).prop_map(|index| Name::at(index as usize));
        let range =
            || (any::<u32>(), any::<u32>()).prop_map(|(a, b)| ArgRange { start: a.min(b), end: a.max(b) });
        let short = |range: ArgRange| ArgRange { end: range.start + (range.end - range.start) % 9, ..range };
        prop_oneof![
            Just(Arg::Null),
            any::<i64>().prop_map(Arg::Int),
            (-9i64..9).prop_map(Arg::Int),
            name().prop_map(Arg::Name),
            name().prop_map(Arg::Out),
            any::<i64>().prop_map(Arg::Exchange),
            (name(), any::<u64>()).prop_map(|(base, bytes)| Arg::Offset { base, bytes }),
            (name(), 0u64..1 << 30).prop_map(|(base, bytes)| Arg::Offset { base, bytes }),
            name().prop_map(Arg::Text),
            any::<u32>().prop_map(|id| Arg::Kernel(KernelId(id))),
            range().prop_map(Arg::Struct),
            range().prop_map(move |range| Arg::List(short(range))),
        ]
    }

    proptest! {
        #[test]
        fn what_is_kept_comes_back(args in prop::collection::vec(any_arg(), 0..40)) {
            let mut pool = ArgPool::default();
            pool.extend(args.iter().copied());
            let kept = pool.range(ArgRange { start: 0, end: args.len() as u32 });
            prop_assert_eq!(kept.iter().collect::<Vec<_>>(), args.clone());
            prop_assert_eq!((kept.first(), kept.last()), (args.first().copied(), args.last().copied()));
            prop_assert!(kept.iter().rev().eq(args.iter().rev().copied()));
            prop_assert_eq!((kept.len(), kept.get(args.len())), (args.len(), None));
            for position in 0..=args.len() {
                let arg = args.get(position).copied();
                prop_assert_eq!(kept.name(position), arg.and_then(Arg::name));
                prop_assert_eq!(kept.out(position), arg.and_then(Arg::out));
                prop_assert_eq!(kept.int(position), arg.and_then(Arg::int));
                prop_assert_eq!(kept.address(position), arg.and_then(Arg::address));
                prop_assert_eq!(kept.is_null(position), matches!(arg, None | Some(Arg::Null)));
            }
        }
    }

    #[test]
    fn usual_arguments_are_one_word() {
        let name = Name::at(u32::MAX as usize - 2);
        let list = ArgRange { start: u32::MAX - 8, end: u32::MAX };
        for arg in [
            Arg::Int(-1),
            Arg::Int(1 << 58),
            Arg::Out(name),
            Arg::Offset { base: name, bytes: 1 << 27 },
            Arg::List(list),
        ] {
            assert!(Word::of(arg).is_some(), "{arg:?}");
        }
        assert_eq!(Word::of(Arg::Int(i64::MAX)), None);
    }
}
