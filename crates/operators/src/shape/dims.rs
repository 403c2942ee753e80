//! Extents that a rule computes, kept on the stack.

use super::Stop;

/// Up to 16 extents; tensors of aclnn operators have at most 8.
#[derive(Clone, Copy)]
pub(crate) struct Dims {
    len: usize,
    extents: [u64; 16],
}

impl Dims {
    pub(crate) const fn new() -> Self {
        Self { len: 0, extents: [0; 16] }
    }

    /// A copy of `dims`; unknown where there are too many.
    pub(crate) fn of(dims: &[u64]) -> Result<Self, Stop> {
        let mut copy = Self::new();
        copy.extend(dims)?;
        Ok(copy)
    }

    pub(crate) fn push(&mut self, extent: u64) -> Result<(), Stop> {
        *self.extents.get_mut(self.len).ok_or(Stop::Unknown)? = extent;
        self.len += 1;
        Ok(())
    }

    pub(crate) fn extend(&mut self, extents: &[u64]) -> Result<(), Stop> {
        extents.iter().try_for_each(|&extent| self.push(extent))
    }

    /// How messages show a shape: `[4, 2]`.
    pub(crate) fn show(dims: &[u64]) -> String {
        format!("{dims:?}")
    }
}

impl std::ops::Deref for Dims {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.extents[..self.len]
    }
}

impl std::ops::DerefMut for Dims {
    fn deref_mut(&mut self) -> &mut [u64] {
        &mut self.extents[..self.len]
    }
}
