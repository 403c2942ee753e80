//! What changed of tasks that both graphs have.

use std::fmt::Display;

use acg_trace::TaskId;

use crate::addresses::{self, Renaming};
use crate::matching::Matching;
use crate::parts::Parts;
use crate::report::{Attribute, AttributeChange};
use crate::side::Prepared;

/// Compares tasks by all compared columns.
pub(crate) struct Comparison<'a, 't> {
    old: &'a Prepared<'t>,
    new: &'a Prepared<'t>,
    left_out: Parts,
    renaming: Renaming,
}

impl<'a, 't> Comparison<'a, 't> {
    pub(crate) fn new(
        old: &'a Prepared<'t>,
        new: &'a Prepared<'t>,
        left_out: Parts,
        matching: &Matching,
    ) -> Self {
        let mut renaming = Renaming::default();
        if !left_out.has(Parts::ARGS) {
            for &task in old.all_items() {
                if let Some(partner) = matching.new_of(task) {
                    let words = (words(old, task), words(new, partner));
                    words.0.iter().zip(words.1).for_each(|(&a, &b)| renaming.vote(a, b));
                }
            }
            renaming.choose();
        }
        Self { old, new, left_out, renaming }
    }

    /// What differs between two tasks that stand for each other.
    pub(crate) fn changes(&self, old: TaskId, new: TaskId) -> Vec<AttributeChange> {
        let mut changes = Vec::new();
        if self.old.exact(old) != self.new.exact(new) {
            self.columns(old, new, &mut changes);
        }
        if !self.left_out.has(Parts::ARGS) {
            self.arguments(old, new, &mut changes);
        }
        changes
    }

    fn columns(&self, old: TaskId, new: TaskId, changes: &mut Vec<AttributeChange>) {
        let (a, b) = (self.old.trace.record(old), self.new.trace.record(new));
        let (a_dump, b_dump) = (&self.old.trace.dump, &self.new.trace.dump);
        let names = (self.old.trace.name(old), self.new.trace.name(new));
        let is_same_but_for_hashes =
            self.left_out.has(Parts::HASHES) && self.old.loose(old) == self.new.loose(new);
        // The name of any other task is its type.
        let has_name = self.old.is_kernel(old) || self.left_out.has(Parts::TYPES);
        if has_name && !is_same_but_for_hashes {
            compare(Attribute::Name, Some(names.0), Some(names.1), changes);
        }
        if !self.left_out.has(Parts::TYPES) {
            let types = (a_dump.text(a.task_type), b_dump.text(b.task_type));
            compare(Attribute::Type, Some(types.0), Some(types.1), changes);
        }
        for (column, attribute, old, new) in [
            (Parts::BLOCKS, Attribute::Blocks, a.blocks, b.blocks),
            (Parts::RATION, Attribute::Ration, a.ration, b.ration),
            (Parts::SCHEM, Attribute::Schem, a.schem, b.schem),
        ] {
            if !self.left_out.has(column) {
                compare(attribute, old, new, changes);
            }
        }
        if !self.left_out.has(Parts::EXTEND_INFO) {
            let infos =
                (a.extend_info.map(|info| a_dump.text(info)), b.extend_info.map(|info| b_dump.text(info)));
            compare(Attribute::ExtendInfo, infos.0, infos.1, changes);
        }
    }

    fn arguments(&self, old: TaskId, new: TaskId, changes: &mut Vec<AttributeChange>) {
        let (a, b) = (self.old.trace.record(old), self.new.trace.record(new));
        compare(Attribute::ArgsSize, a.args.map(|args| args.size), b.args.map(|args| args.size), changes);
        let (a_words, b_words) = (words(self.old, old), words(self.new, new));
        let mut a_marks = addresses::marks(&self.old.trace.dump, a).peekable();
        let mut b_marks = addresses::marks(&self.new.trace.dump, b).peekable();
        for (at, (&a, &b)) in a_words.iter().zip(b_words).enumerate() {
            let at = at as u32;
            let marks = (a_marks.next_if(|mark| mark.word == at), b_marks.next_if(|mark| mark.word == at));
            if marks.0 != marks.1 || !self.renaming.is_same(a, b) {
                let shown = |mark: Option<acg_dump::Mark>, word: u64| {
                    let mark = mark.map_or(String::new(), |mark| {
                        format!("(placeHolder{}{})", if mark.address { "Addr" } else { "Data" }, mark.index)
                    });
                    Some(format!("{mark}0x{word:016x}"))
                };
                let change = AttributeChange {
                    attribute: Attribute::Arg(at),
                    old: shown(marks.0, a),
                    new: shown(marks.1, b),
                };
                changes.push(change);
            }
        }
    }
}

fn words<'t>(side: &Prepared<'t>, task: TaskId) -> &'t [u64] {
    side.trace.dump.args(side.trace.record(task))
}

fn compare<T: PartialEq + Display>(
    attribute: Attribute,
    old: Option<T>,
    new: Option<T>,
    changes: &mut Vec<AttributeChange>,
) {
    if old != new {
        let text = |value: Option<T>| value.map(|value| value.to_string());
        changes.push(AttributeChange { attribute, old: text(old), new: text(new) });
    }
}
