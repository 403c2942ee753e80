//! Arguments as a log keeps them: nearly all of them in four bytes each.
//!
//! A log of a million calls has several million arguments, so what they take is what the log takes.

mod short;
mod word;

use std::iter::FusedIterator;
use std::slice;

use crate::log::{Arg, ArgRange};
use crate::names::Name;
use crate::view::Address;
use short::Short;
use word::Word;

/// The arguments of all calls of a log.
#[derive(Clone, Debug, Default)]
pub(crate) struct ArgPool {
    shorts: Vec<Short>,
    longer: Longer,
}

/// An argument that a log holds once, for the many of its arrays that it is an item of.
#[derive(Clone, Copy, Debug)]
pub struct Kept(Short);

/// How far the arguments of a log went.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    shorts: usize,
    words: usize,
    wide: usize,
}

/// Arguments that are not short.
#[derive(Clone, Debug, Default)]
struct Longer {
    words: Vec<Word>,
    /// Those that fit into no word.
    wide: Vec<Arg>,
}

impl Longer {
    fn push(&mut self, arg: Arg) -> Short {
        let word = Word::of(arg).unwrap_or_else(|| {
            self.wide.push(arg);
            Word::wide(self.wide.len() - 1)
        });
        self.words.push(word);
        Short::long(self.words.len() - 1)
    }

    #[inline]
    fn arg(&self, short: Short) -> Arg {
        let long = || short.as_long().and_then(|place| self.words.get(place));
        short.arg().or_else(|| Some(long()?.arg(&self.wide))).unwrap_or(Arg::Null)
    }
}

impl ArgPool {
    pub(crate) fn reserve(&mut self, additional: usize, longer: usize) {
        self.shorts.reserve(additional);
        self.longer.words.reserve(longer);
    }

    pub(crate) fn keep(&mut self, arg: Arg) -> Kept {
        Kept(Short::of(arg).unwrap_or_else(|| self.longer.push(arg)))
    }

    pub(crate) fn kept(&self, kept: Kept) -> Arg {
        self.longer.arg(kept.0)
    }

    pub(crate) fn extend_kept(&mut self, items: &[Kept]) {
        self.shorts.extend(items.iter().map(|item| item.0));
    }

    pub(crate) fn extend(&mut self, args: impl IntoIterator<Item = Arg>) {
        let Self { shorts, longer } = self;
        shorts.extend(args.into_iter().map(|arg| Short::of(arg).unwrap_or_else(|| longer.push(arg))));
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.shorts.len()
    }

    pub(crate) fn mark(&self) -> Mark {
        let Longer { words, wide } = &self.longer;
        Mark { shorts: self.shorts.len(), words: words.len(), wide: wide.len() }
    }

    /// Forgets the arguments from `mark` on.
    pub(crate) fn truncate(&mut self, mark: Mark) {
        self.shorts.truncate(mark.shorts);
        self.longer.words.truncate(mark.words);
        self.longer.wide.truncate(mark.wide);
    }

    pub(crate) fn range(&self, range: ArgRange) -> Args<'_> {
        Args { shorts: self.shorts.get(range.indices()).unwrap_or(&[]), longer: &self.longer }
    }
}

/// A run of arguments.
#[derive(Clone, Copy, Debug)]
pub struct Args<'l> {
    shorts: &'l [Short],
    longer: &'l Longer,
}

static NONE_LONGER: Longer = Longer { words: Vec::new(), wide: Vec::new() };

impl Default for Args<'_> {
    fn default() -> Self {
        Self { shorts: &[], longer: &NONE_LONGER }
    }
}

impl<'l> Args<'l> {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.shorts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.shorts.is_empty()
    }

    /// The argument at `position`.
    #[inline]
    pub fn get(&self, position: usize) -> Option<Arg> {
        self.shorts.get(position).map(|&short| self.longer.arg(short))
    }

    /// As [`Arg::name`] of the argument at `position`, and so on.
    #[inline]
    pub(crate) fn name(&self, position: usize) -> Option<Name> {
        let short = self.shorts.get(position)?;
        short.name().or_else(|| self.longer.arg(*short).name())
    }

    #[inline]
    pub(crate) fn out(&self, position: usize) -> Option<Name> {
        let short = self.shorts.get(position)?;
        short.out().or_else(|| self.longer.arg(*short).out())
    }

    #[inline]
    pub(crate) fn int(&self, position: usize) -> Option<i64> {
        self.get(position)?.int()
    }

    #[inline]
    pub(crate) fn address(&self, position: usize) -> Option<Address> {
        self.get(position)?.address()
    }

    #[inline]
    pub(crate) fn is_null(&self, position: usize) -> bool {
        matches!(self.get(position), None | Some(Arg::Null))
    }

    /// The first argument.
    pub fn first(&self) -> Option<Arg> {
        self.get(0)
    }

    /// The last argument.
    pub fn last(&self) -> Option<Arg> {
        self.shorts.last().map(|&short| self.longer.arg(short))
    }

    /// The arguments, if there are `N` of them.
    pub fn exactly<const N: usize>(&self) -> Option<[Arg; N]> {
        (self.len() == N).then(|| std::array::from_fn(|position| self.longer.arg(self.shorts[position])))
    }

    /// The arguments in order.
    pub fn iter(&self) -> ArgsIter<'l> {
        ArgsIter { shorts: self.shorts.iter(), longer: self.longer }
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
    shorts: slice::Iter<'l, Short>,
    longer: &'l Longer,
}

impl Iterator for ArgsIter<'_> {
    type Item = Arg;

    fn next(&mut self) -> Option<Arg> {
        self.shorts.next().map(|&short| self.longer.arg(short))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.shorts.size_hint()
    }
}

impl DoubleEndedIterator for ArgsIter<'_> {
    fn next_back(&mut self) -> Option<Arg> {
        self.shorts.next_back().map(|&short| self.longer.arg(short))
    }
}

impl ExactSizeIterator for ArgsIter<'_> {}
impl FusedIterator for ArgsIter<'_> {}

#[cfg(test)]
mod tests {
    use acg_entity::Entity;
    use proptest::prelude::*;

    use super::*;
    use crate::kernel::KernelId;

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
}
