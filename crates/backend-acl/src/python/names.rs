//! Python identifiers for the names of a log, which are identifiers of C already.

use acg_calls::{Log, Name};
use acg_ir::Entity;
use rustc_hash::FxHashSet;

/// Keywords of Python, and what an emitted program calls by these names itself.
const RESERVED: &[&str] = &[
    "ExchangeMode",
    "False",
    "Lock",
    "None",
    "Operands",
    "Operator",
    "ReportThread",
    "RuntimeError",
    "SOURCE",
    "ThreadPoolExecutor",
    "True",
    "abs",
    "acl",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "check",
    "class",
    "continue",
    "ctypes",
    "dataset",
    "datasets",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "exchange_mode",
    "finally",
    "float",
    "for",
    "from",
    "getattr",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "len",
    "library",
    "made",
    "max",
    "nonlocal",
    "not",
    "operands",
    "or",
    "pass",
    "print",
    "program",
    "raise",
    "range",
    "return",
    "struct",
    "sum",
    "threading",
    "torch",
    "torch_npu",
    "try",
    "while",
    "with",
    "yield",
    "zip",
];

/// What the names start with that an emitted program makes up.
const MADE_UP: [&str; 5] =
    ["host_function_", "kernel_function_", "kernel_arguments_", "thread_", "thread_calls_"];

/// The identifier of every name, by [`Name::index`].
#[derive(Debug)]
pub(super) struct Names {
    identifiers: Vec<String>,
}

impl Names {
    /// Finds identifiers for all names of a log.
    pub(super) fn of(log: &Log) -> Self {
        let names = log.names();
        let texts: Vec<&str> = (0..names.len()).map(|index| names.text(Name::at(index))).collect();
        let taken: FxHashSet<&str> = texts.iter().copied().collect();
        let identifiers = texts.iter().map(|text| free(text, &taken)).collect();
        Self { identifiers }
    }

    /// The identifier of a name.
    pub(super) fn of_name(&self, name: Name) -> &str {
        self.identifiers.get(name.index()).map_or("_", String::as_str)
    }
}

/// `text`, with underscores around it until it means nothing else.
fn free(text: &str, taken: &FxHashSet<&str>) -> String {
    let mut free = text.to_owned();
    loop {
        if MADE_UP.iter().any(|prefix| free.starts_with(prefix)) {
            free.insert(0, '_');
        } else if RESERVED.binary_search(&free.as_str()).is_ok()
            || (free != text && taken.contains(free.as_str()))
        {
            free.push('_');
        } else {
            return free;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_in_order() {
        assert!(RESERVED.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn names_that_mean_something_are_changed_and_stay_apart() {
        let mut log = Log::new();
        for name in ["lambda", "lambda_", "main", "torch", "kernel_function_1"] {
            log.name(name);
        }
        let names = Names::of(&log);
        assert_eq!(names.identifiers, ["lambda__", "lambda_", "main", "torch_", "_kernel_function_1"]);
    }
}
