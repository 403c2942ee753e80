//! Notes as sentences.

use super::phrase::letter;
use crate::report::Note;

/// A note without a stop.
pub(super) fn sentence(note: Note) -> String {
    match note {
        Note::NotInFormat { what, side } => {
            format!("the dump format of {} has no {what}; they were not compared", letter(side))
        }
        Note::NoArguments(side) => {
            format!("{} was printed without kernel arguments; they were not compared", letter(side))
        }
        Note::ArgumentsUnknown(side) => {
            format!(
                "the kernel arguments of {}, which is predicted, are not known; they were not compared",
                letter(side)
            )
        }
        Note::OtherChip => {
            "the dumps are of different kinds of chips; types of kernels were not compared".to_owned()
        }
        Note::Groups(old, new) => format!("A has {}, B has {}", groups(old), groups(new)),
        Note::Continuations(old, new) => {
            format!("streams that continue full ones: {old} in A, {new} in B")
        }
        Note::Circle(side) => {
            format!("streams of {} wait for each other in a circle; it cannot run", letter(side))
        }
        Note::OrderingsIncomplete => {
            "there are too many changes to look every ordering up; more may have changed".to_owned()
        }
    }
}

fn groups(count: u32) -> String {
    super::phrase::number(count as usize, "task group", "task groups")
}
