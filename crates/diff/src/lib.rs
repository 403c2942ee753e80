//! The structural difference of two captured graphs: what a reviewer wants to know, and nothing that a run is free to choose.
//!
//! Process, ids, device addresses, the order of closing resets, placeholders and the record of the end are no differences. What is:
//! tasks that were added, removed, moved or changed; streams; records and waits; and above all *ordering*, the pairs
//! of tasks of which one no longer comes before the other, or now does.
//!
//! ```text
//! Trace, Trace ──▶ columns (what both dumps have) ──▶ sides (tokens) ──▶ lanes ⇄ tasks (who is who)
//!              ──▶ moves ──▶ syncs ──▶ attributes ──▶ ordering ──▶ Report ──▶ render
//! ```
//!
//! **Invariant:** comparing the other way round gives the mirrored report.
//!
//! **Invariant:** cost is near-linear in alike graphs, and bounded by a small factor in unlike ones.

mod addresses;
mod attributes;
mod columns;
mod compare;
mod files;
mod graph;
mod hash;
mod lanes;
mod matching;
mod moves;
mod ordering;
mod partners;
mod parts;
mod render;
mod report;
mod runs;
mod sequence;
mod side;
mod similarity;
mod syncs;
mod tasks;

pub use compare::diff;
pub use files::{Files, GraphDiff, diff_files};
pub use graph::{File, Graph};
pub use parts::{Parts, UnknownPart};
pub use render::{RenderOptions, human, json, markdown};
pub use report::{
    Attribute, AttributeChange, Counts, Move, Note, OrderChange, OrderKind, Report, Side, Step, StreamChange,
    SyncChange, TaskChange,
};
