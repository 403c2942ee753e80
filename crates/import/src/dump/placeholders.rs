//! What a program has in place of what a dump does not say: counted by kind, and put into words once.

use crate::remark::{Remark, RemarkKind};

/// How many lines of each kind have placeholders.
#[derive(Debug, Default)]
pub(super) struct Placeholders {
    pub(super) copies: u32,
    pub(super) fills: u32,
    pub(super) reductions: u32,
    pub(super) kernels: u32,
    pub(super) kernels_with_words: u32,
    pub(super) argument_bytes: u32,
    pub(super) values: u32,
    pub(super) host_functions: u32,
    pub(super) groups: u32,
    pub(super) infos: u32,
    pub(super) odd_launches: u32,
    pub(super) is_executed: bool,
}

impl Placeholders {
    /// In words.
    pub(super) fn remarks(&self) -> Vec<Remark> {
        use RemarkKind::{Assumed, LeftOut, Placeholder};
        let mut remarks = Vec::new();
        let mut add = |kind, count: u32, what: &str, text: &str| {
            if count > 0 {
                let s = if count == 1 { "" } else { "s" };
                let text = format!("{count} {what}{s}: {text}");
                remarks.push(Remark { kind, call: None, text });
            }
        };
        add(
            Placeholder,
            self.copies,
            "copy task",
            "what is copied from where to where, and how much, is not in a dump (`copy_from`, `copy_to`); a copy may be part of a larger \
             one, and before CANN 9.2 and on 910B and 310P a fill or a reduction",
        );
        add(Placeholder, self.fills, "fill", "what is filled with which byte is not in a dump (`filled`, 0)");
        add(
            Placeholder,
            self.reductions,
            "reduction",
            "the operation and its operands are not in a dump (`sum`, `copy_from`, `copy_to`)",
        );
        add(Placeholder, self.kernels, "kernel", "what they read and write is not in a dump, so they have no operands");
        add(
            Placeholder,
            self.kernels_with_words,
            "kernel",
            "their argument words stand as numbers (`arg0`); which of them are addresses, and of what, is not in a dump",
        );
        add(
            Placeholder,
            self.argument_bytes,
            "kernel",
            "their arguments are no whole number of words, so the program has zeros of the same size",
        );
        add(
            Placeholder,
            self.values,
            "value task",
            "what is written and compared is not in a dump (`write` 1, `wait_value` `>=` 1)",
        );
        add(
            Placeholder,
            self.host_functions,
            "host function",
            "their names are not in a dump (`host_function`); a blocking callback looks like `host_func`",
        );
        add(
            Assumed,
            self.groups,
            "task group",
            "where they end is not in a dump; they are taken to go on over all kernels behind them",
        );
        add(LeftOut, self.infos, "`ExtendInfo`", "the language has no form for it; it stands as a comment");
        add(LeftOut, self.odd_launches, "kernel", "the language has no such number of blocks or schedule mode");
        if self.is_executed {
            let text = "the record of the graph's end, which its first execution added: a program says only the capture";
            remarks.push(Remark { kind: LeftOut, call: None, text: text.to_owned() });
        }
        remarks
    }
}
