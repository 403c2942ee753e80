//! Allocations: where each lives and how large it is.

use acg_calls::Name;

/// Where memory lives, as the copy checks see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Device memory.
    Device,
    /// Host memory from `aclrtMallocHost`, or registered.
    Pinned,
    /// Other host memory.
    Pageable,
}

/// An allocation.
#[derive(Clone, Copy, Debug)]
pub struct Buffer {
    /// Its name in the log.
    pub name: Name,
    /// Where it lives.
    pub place: Place,
    /// Whether it is pinned by registration only.
    pub is_registered: bool,
    /// Bytes.
    pub size: u64,
    /// A device address that no other allocation has.
    pub address: u64,
    /// The call that made it.
    pub made_by: u32,
}

impl Buffer {
    /// Device memory of `size` bytes.
    pub fn on_device(name: Name, size: u64, address: u64, made_by: u32) -> Self {
        Self { name, place: Place::Device, is_registered: false, size, address, made_by }
    }
}
