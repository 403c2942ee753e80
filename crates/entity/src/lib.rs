//! Entities: `u32` newtypes that name the things of a data structure, arenas and tables of them, and what is kept once: texts and other values.
//!
//! Flat arrays and small indices instead of pointers: a graph of a million tasks is a handful of allocations.

mod arena;
mod distinct;
mod rows;
mod slate;
mod texts;

pub use arena::{Arena, Entity};
pub use distinct::Distinct;
pub use rows::Rows;
pub use slate::Slate;
pub use texts::Texts;

/// Declares an entity: a niche-packed `u32` whose `Display` is a prefix and its position.
#[macro_export]
macro_rules! entity {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[allow(unreachable_pub, reason = "some are declared where nobody else sees them")]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::num::NonZeroU32);

        impl $crate::Entity for $name {
            fn at(index: usize) -> Self {
                let raw = u32::try_from(index + 1).expect("an arena holds fewer than u32::MAX entities");
                Self(std::num::NonZeroU32::new(raw).expect("an index plus one is not zero"))
            }

            fn index(self) -> usize {
                self.0.get() as usize - 1
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.get() - 1)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }
    };
}
