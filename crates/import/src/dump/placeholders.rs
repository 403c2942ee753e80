//! What a program has in place of what a dump does not say: counted by kind, and put into words once.

use crate::remark::{Remark, RemarkKind};

/// How many lines of each kind have placeholders.
#[derive(Debug, Default)]
pub(super) struct Placeholders {
    pub(super) copies: u32,
    pub(super) caches: u32,
    pub(super) fills: u32,
    pub(super) reductions: u32,
    pub(super) kernels: u32,
    pub(super) kernels_with_words: u32,
    pub(super) argument_bytes: u32,
    pub(super) values: u32,
    pub(super) host_functions: u32,
    pub(super) conditionals: u32,
    pub(super) groups: u32,
    pub(super) infos: u32,
    pub(super) odd_launches: u32,
    pub(super) executions: u32,
    pub(super) is_unfinished: bool,
}

impl Placeholders {
    /// In words.
    pub(super) fn remarks(&self) -> Vec<Remark> {
        use RemarkKind::{Assumed, LeftOut, Placeholder};
        let mut remarks = Vec::new();
        let mut add = |kind, count: u32, text: &str| {
            if count > 0 {
                remarks.push(Remark { kind, call: None, text: format!("{count} × {text}") });
            }
        };
        add(
            Placeholder,
            self.copies,
            "`copy`: a dump does not say what is copied, from where to where and how much (`copy_from`, `copy_to`); it may be part \
             of a larger copy, or a fill",
        );
        add(
            Placeholder,
            self.caches,
            "`cache`: a dump does not say what is done with the cache, and for which memory (`prefetch`, `cached`)",
        );
        add(
            Placeholder,
            self.fills,
            "`fill`: a dump does not say what is filled, and with which byte (`filled`, 0)",
        );
        add(
            Placeholder,
            self.reductions,
            "`reduce`: a dump does not say how and what (`sum`, `copy_from`, `copy_to`)",
        );
        add(
            Placeholder,
            self.kernels,
            "`kernel` without operands: a dump does not say what is read and written",
        );
        add(
            Placeholder,
            self.kernels_with_words,
            "`kernel` with argument words as numbers (`arg0`): a dump does not say which are addresses, and of what",
        );
        add(
            Placeholder,
            self.argument_bytes,
            "`kernel` with zeros as arguments: they are no whole number of words, so a dump does not show all",
        );
        add(
            Placeholder,
            self.values,
            "`write` or `wait_value`: a dump does not say what is written and compared (1, `>=` 1)",
        );
        add(
            Placeholder,
            self.host_functions,
            "host function: a dump does not say which (`host_function`), nor tells a blocking callback from `host_func`",
        );
        add(
            Placeholder,
            self.conditionals,
            "conditional task: a dump does not say of which kind, nor what is in its branches, which have dumps of their own (`if`, \
             one empty branch)",
        );
        add(
            Assumed,
            self.groups,
            "task group: a dump does not say where it ends; it is taken to go on over all kernels behind it",
        );
        add(LeftOut, self.infos, "`ExtendInfo` of a record that no task of the program makes by itself");
        add(
            Assumed,
            self.executions,
            "execution in the host program: the dump has the record of the graph's end, which the first one adds",
        );
        add(
            LeftOut,
            self.odd_launches,
            "`kernel` whose blocks or schedule mode the language has no number for",
        );
        if self.is_unfinished {
            let text = "events are not reset at the end, so the dump was made while capturing, or of a branch; the program prints its graph before the capture ends";
            remarks.push(Remark { kind: Assumed, call: None, text: text.to_owned() });
        }
        remarks
    }
}
