//! What is not to be compared.

use acg_diagnostics::closest;
use thiserror::Error;

/// Parts of a graph in which differences do not count; `default()` is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    bits: u16,
}

/// A name that no part has.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no `{name}` to ignore{}", suggestion.map_or_else(
    || format!("; {} can be ignored", list()),
    |meant| format!("; did you mean `{meant}`?"),
))]
pub struct UnknownPart {
    name: String,
    suggestion: Option<&'static str>,
}

macro_rules! parts {
    ($($constant:ident = $bit:literal, $name:literal, $meaning:literal;)*) => {
        impl Parts {
            $(#[doc = $meaning] pub const $constant: Self = Self { bits: 1 << $bit };)*
            /// Every part by its name, with what it is.
            pub const ALL: &'static [(&'static str, Self, &'static str)] =
                &[$(($name, Self::$constant, $meaning),)*];
        }
    };
}

parts! {
    HASHES = 0, "hashes", "Hash-like parts of kernel names.";
    TYPES = 1, "types", "On which cores a kernel of the same name runs.";
    BLOCKS = 2, "blocks", "`Numblocks`.";
    RATION = 3, "ration", "`Task Ration`.";
    SCHEM = 4, "schem", "`Schem Mode`.";
    EXTEND_INFO = 5, "extend-info", "`ExtendInfo`.";
    ARGS = 6, "args", "Kernel arguments.";
    ORDER = 7, "order", "Orderings that were lost, gained or reversed.";
    PLACEMENT = 8, "placement", "On which stream, and where there, a task is: moved tasks, added and removed streams.";
    SYNCS = 9, "syncs", "Records and waits that change no ordering.";
}

impl Parts {
    /// The part called `name`.
    ///
    /// # Errors
    /// A name that no part has.
    pub fn part(name: &str) -> Result<Self, UnknownPart> {
        let found = Self::ALL.iter().find(|part| part.0 == name);
        let names = Self::ALL.iter().map(|part| part.0);
        found
            .map(|part| part.1)
            .ok_or_else(|| UnknownPart { name: name.to_owned(), suggestion: closest(name, names) })
    }

    /// These parts and those of `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits }
    }

    /// Whether `part` is among these.
    pub const fn has(self, part: Self) -> bool {
        self.bits & part.bits == part.bits
    }
}

fn list() -> String {
    Parts::ALL.iter().map(|part| part.0).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::Parts;

    #[test]
    fn every_part_has_its_own_name_and_a_misspelt_one_is_suggested() {
        let mut all = Parts::default();
        for &(name, part, _) in Parts::ALL {
            assert!(!all.has(part), "{name}");
            assert_eq!(Parts::part(name), Ok(part));
            all = all.with(part);
        }
        let error = Parts::part("hashs").unwrap_err().to_string();
        assert_eq!(error, "there is no `hashs` to ignore; did you mean `hashes`?");
        let error = Parts::part("xyz").unwrap_err().to_string();
        assert!(error.ends_with("placement, syncs can be ignored"), "{error}");
    }
}
