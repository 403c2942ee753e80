//! Places buffers one after another, each into a gap below or among those that it conflicts with.

/// Which gap a buffer takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// The lowest that holds it.
    First,
    /// The smallest that holds it; the lowest of equals.
    Best,
}

/// Buffers placed so far, ascending by offset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arena {
    placed: Vec<(u64, u64, u32)>,
}

impl Arena {
    pub(crate) fn clear(&mut self) {
        self.placed.clear();
    }

    /// The place of a buffer of `size` that conflicts with the placed ones that `conflict` says; `align` rounds offsets up.
    pub(crate) fn find(
        &self,
        size: u64,
        gap: Gap,
        conflict: impl Fn(u32) -> bool,
        align: impl Fn(u64) -> u64,
    ) -> u64 {
        let mut bottom = 0;
        let mut best: Option<(u64, u64)> = None;
        for &(offset, end, buffer) in &self.placed {
            // Nothing between a lower end and this offset blocks; what ends below the bottom blocks nothing.
            if end <= bottom || !conflict(buffer) {
                continue;
            }
            let start = align(bottom);
            if offset >= start + size && offset > bottom {
                if gap == Gap::First {
                    return start;
                }
                if best.is_none_or(|(room, _)| offset - bottom < room) {
                    best = Some((offset - bottom, start));
                }
            }
            bottom = end;
        }
        best.map_or_else(|| align(bottom), |(_, start)| start)
    }

    pub(crate) fn put(&mut self, buffer: u32, offset: u64, size: u64) {
        let entry = (offset, offset + size, buffer);
        let at = self.placed.partition_point(|other| *other < entry);
        self.placed.insert(at, entry);
    }
}
