//! Values: names for what bytes hold, such that equal names mean equal bytes.

use acg_ir::{Buffer, Entity};
use rustc_hash::FxHashMap;

use crate::digest::Digest;

/// A value: what made it, and which byte of it stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) source: u64,
    pub(crate) offset: u64,
}

/// The two highest bits of a source say what kind of value it is.
const KIND: u32 = 62;
const CONSTANT: u64 = 1;
const INITIAL: u64 = 2;
const FOLDED: u64 = 3;

impl Value {
    /// Bytes that nothing has written yet and nobody may rely on.
    pub(crate) const UNDEFINED: Self = Self { source: u64::MAX, offset: 0 };

    /// What a buffer holds before the graph runs.
    pub(crate) fn initial(buffer: Buffer) -> Self {
        Self { source: (INITIAL << KIND) | buffer.index() as u64, offset: 0 }
    }

    /// Bytes of one and the same number.
    pub(crate) fn constant(byte: u8) -> Self {
        Self { source: (CONSTANT << KIND) | u64::from(byte), offset: 0 }
    }

    /// Output number `output` of `task`.
    pub(crate) fn made(task: u32, output: u32) -> Self {
        Self { source: (u64::from(task) << 24) | u64::from(output & 0xff_ffff), offset: 0 }
    }

    /// The value `bytes` further on; back, where the number wraps.
    pub(crate) fn skip(self, bytes: u64) -> Self {
        if self.is_everywhere_the_same() {
            return self;
        }
        Self { source: self.source, offset: self.offset.wrapping_add(bytes) }
    }

    /// Whether every byte of it is like every other.
    pub(crate) fn is_everywhere_the_same(self) -> bool {
        self == Self::UNDEFINED || self.source >> KIND == CONSTANT
    }
}

/// A run of bytes with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) value: Value,
    pub(crate) bytes: u64,
}

/// Appends a run, as part of the one before where it goes on with the same value.
pub(crate) fn push_run(runs: &mut Vec<Run>, value: Value, bytes: u64) {
    if bytes == 0 {
        return;
    }
    if let Some(last) = runs.last_mut()
        && last.value.skip(last.bytes) == value
    {
        last.bytes += bytes;
        return;
    }
    runs.push(Run { value, bytes });
}

/// The digest of some runs.
#[inline]
pub(crate) fn digest(runs: &[Run]) -> u64 {
    let mut digest = Digest::new(2);
    for run in runs {
        digest.push(run.value.source);
        digest.push(run.value.offset);
        digest.push(run.bytes);
    }
    digest.get()
}

/// What strided accesses laid over a value, or how they took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Over {
    /// A number for all of it, whatever the order of what does not touch each other.
    pub(crate) sum: u64,
    /// The form of the access, 0 for a range.
    pub(crate) shape: u64,
    /// What was laid, the latest first.
    pub(crate) stack: Vec<u64>,
}

/// What a folded value was folded from, as far as it matters where bytes under it are undefined.
#[derive(Clone, Debug)]
struct Fold {
    is_undefined: bool,
    over: Over,
}

impl Fold {
    /// Whether `after` has just this laid over it, perhaps with something beneath, where this has undefined bytes.
    fn is_laid_over(&self, after: &Self) -> bool {
        let is_top = !self.over.stack.is_empty() && after.over.stack.starts_with(&self.over.stack);
        self.over.shape == after.over.shape && (self.over.sum == after.over.sum || is_top)
    }
}

/// Values of bytes that strided accesses made or took, with something laid over the value beneath.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folds {
    folds: FxHashMap<u64, Fold>,
}

impl Folds {
    /// The value of bytes that hold `beneath` with `over` laid on it; they are byte number `position` of what is accessed, and `back`
    /// bytes behind its start.
    pub(crate) fn fold(&mut self, beneath: Value, back: u64, position: u64, mut over: Over) -> Value {
        let origin = beneath.skip(back.wrapping_neg());
        let mut digest = Digest::new(5);
        for number in [origin.source, origin.offset, over.sum, over.shape] {
            digest.push(number);
        }
        // One of the sources stands for undefined bytes.
        let source = (FOLDED << KIND) | (digest.get() >> 2).min((1 << KIND) - 2);
        let under = self.folds.get(&beneath.source);
        let is_undefined = beneath == Value::UNDEFINED || under.is_some_and(|under| under.is_undefined);
        if let Some(under) = under {
            // What was moved with something over it is told by one number.
            let mut digest = Digest::new(6);
            for number in [under.over.sum, under.over.shape, over.sum] {
                digest.push(number);
            }
            over = Over { sum: digest.get(), stack: Vec::new(), ..over };
        }
        self.folds.insert(source, Fold { is_undefined, over });
        Value { source, offset: position }
    }

    /// Whether every byte of the value is defined.
    pub(crate) fn is_defined(&self, value: Value) -> bool {
        value != Value::UNDEFINED && !self.folds.get(&value.source).is_some_and(|fold| fold.is_undefined)
    }

    /// Whether `after`, of the memory of `theirs`, may stand for `before`: undefined bytes may become anything.
    fn allows(&self, before: Value, theirs: &Self, after: Value) -> bool {
        if before == after || before == Value::UNDEFINED {
            return true;
        }
        let (Some(fold), Some(other)) = (self.folds.get(&before.source), theirs.folds.get(&after.source))
        else {
            return false;
        };
        fold.is_undefined && before.offset == after.offset && fold.is_laid_over(other)
    }

    /// Makes bytes of `runs` undefined that are so in `before`: what is there now is of no account. Runs of another length stay as they are.
    pub(crate) fn blot(before: &[Run], runs: &[Run]) -> Vec<Run> {
        let bytes = |runs: &[Run]| runs.iter().map(|run| run.bytes).sum::<u64>();
        if bytes(before) != bytes(runs) {
            return runs.to_vec();
        }
        let mut blotted = Vec::new();
        let mut runs = runs.iter().copied();
        let mut now: Option<Run> = None;
        for &known in before {
            let mut bytes = known.bytes;
            while bytes > 0
                && let Some(run) = now.take().or_else(|| runs.next())
            {
                let part = run.bytes.min(bytes);
                let value = if known.value == Value::UNDEFINED { Value::UNDEFINED } else { run.value };
                push_run(&mut blotted, value, part);
                bytes -= part;
                now =
                    (run.bytes > part).then(|| Run { value: run.value.skip(part), bytes: run.bytes - part });
            }
        }
        blotted
    }

    /// Whether the runs `after`, of the memory of `theirs`, may stand for `before`.
    pub(crate) fn allow(&self, before: &[Run], theirs: &Self, after: &[Run]) -> bool {
        let mut after = after.iter().copied();
        let mut now: Option<Run> = None;
        for &run in before {
            let mut run = run;
            while run.bytes > 0 {
                let Some(other) = now.take().or_else(|| after.next()) else { return false };
                if !self.allows(run.value, theirs, other.value) {
                    return false;
                }
                let bytes = run.bytes.min(other.bytes);
                run = Run { value: run.value.skip(bytes), bytes: run.bytes - bytes };
                let rest = Run { value: other.value.skip(bytes), bytes: other.bytes - bytes };
                now = (rest.bytes > 0).then_some(rest);
            }
        }
        now.is_none() && after.next().is_none()
    }
}
