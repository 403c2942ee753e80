//! The attributes that may follow a task in brackets: `[kernel = "Add_ab12", cost = 12.5us]`.
//!
//! The table is closed, so that a mistyped attribute is an error and not a silent nothing.

use crate::task::{Op, Value};

/// One attribute of tasks.
#[derive(Debug)]
pub struct TaskAttribute {
    /// Its name.
    pub name: &'static str,
    /// What its value is.
    pub form: Form,
    /// Which tasks may have it.
    pub tasks: Tasks,
    /// What it says, in one sentence without a final stop.
    pub summary: &'static str,
}

/// The form of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A quoted text.
    Text,
    /// One of some words.
    Word(&'static [&'static str]),
    /// An integer of at least the given value.
    Int(i64),
    /// A number of bytes.
    Size,
    /// A duration.
    Duration,
}

impl Form {
    /// The form in words, with an article.
    pub fn in_words(self) -> String {
        match self {
            Self::Text => "a text in double quotes".to_owned(),
            Self::Word(words) => format!("one of the words {}", words.join(", ")),
            Self::Int(least) => format!("an integer of at least {least}"),
            Self::Size => "a size in bytes".to_owned(),
            Self::Duration => "a duration".to_owned(),
        }
    }

    /// A value of the form, as it is written.
    pub fn example(self) -> &'static str {
        match self {
            Self::Text => "\"Add_ab12\"",
            Self::Word(words) => words.first().copied().unwrap_or(""),
            Self::Int(_) => "8",
            Self::Size => "4KiB",
            Self::Duration => "12.5us",
        }
    }

    /// Whether a value has the form; `word` gives the text of a [`Value::Word`].
    pub fn accepts<'t>(self, value: Value, word: impl FnOnce() -> &'t str) -> bool {
        match (self, value) {
            (Self::Text, Value::Text(_))
            | (Self::Size, Value::Size(_))
            | (Self::Duration, Value::Duration(_)) => true,
            (Self::Word(words), Value::Word(_)) => words.contains(&word()),
            (Self::Int(least), Value::Int(value)) => value >= least,
            (Self::Size, Value::Int(value)) => value >= 0,
            _ => false,
        }
    }
}

/// Which tasks may have an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tasks {
    /// Every task.
    All,
    /// Operators and kernels.
    Launches,
    /// Operators.
    Operators,
    /// Raw kernels.
    Kernels,
    /// `wait` and `sync` of a stream or event.
    Waits,
    /// Tasks that a graph stores, so that dumps show them.
    Stored,
    /// Tasks that occupy an engine of the device: operators, kernels, copies, fills, reductions.
    Work,
}

impl Tasks {
    /// The tasks in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::All => "every task",
            Self::Launches => "operators and kernels",
            Self::Operators => "operators",
            Self::Kernels => "kernels",
            Self::Waits => "`wait` and `sync`",
            Self::Stored => "tasks that a graph stores",
            Self::Work => "operators, kernels, copies, fills and reductions",
        }
    }

    /// Whether `op` is one of them.
    pub const fn contains(self, op: &Op) -> bool {
        match self {
            Self::All => true,
            Self::Launches => matches!(op, Op::Operator(_) | Op::Kernel(_)),
            Self::Operators => matches!(op, Op::Operator(_)),
            Self::Kernels => matches!(op, Op::Kernel(_)),
            Self::Waits => matches!(op, Op::Wait { .. } | Op::WaitNotify(_) | Op::Sync(_)),
            Self::Stored => {
                Self::Work.contains(op)
                    || matches!(
                        op,
                        Op::Record { .. }
                            | Op::Wait { .. }
                            | Op::Reset(_)
                            | Op::RecordNotify(_)
                            | Op::WaitNotify(_)
                            | Op::WriteValue(_)
                            | Op::WaitValue(..)
                            | Op::Cache(_)
                            | Op::Callback { .. }
                            | Op::HostFunc(_)
                    )
            }
            Self::Work => matches!(
                op,
                Op::Operator(_)
                    | Op::Kernel(_)
                    | Op::Copy
                    | Op::Copy2d
                    | Op::CopyBatch
                    | Op::Fill(_)
                    | Op::Reduce(_)
            ),
        }
    }
}

const CORES: &[&str] = &["aivec", "aicore", "aicube", "mix_aic", "mix_aiv", "aicpu"];

/// The words of [`crate::cost::Engine`].
const ENGINES: &[&str] = &["cube", "vector", "any", "h2d", "d2h", "sdma"];

/// Every attribute of tasks, in the order in which the reference lists them.
pub static TASK_ATTRIBUTES: &[TaskAttribute] = &[
    TaskAttribute {
        name: "kernel",
        form: Form::Text,
        tasks: Tasks::Operators,
        summary: "The name of the kernel that the operator launches, as the dump shows it",
    },
    TaskAttribute {
        name: "core",
        form: Form::Word(CORES),
        tasks: Tasks::Launches,
        summary: "The kind of core that the kernel runs on",
    },
    TaskAttribute {
        name: "blocks",
        form: Form::Int(1),
        tasks: Tasks::Launches,
        summary: "How many blocks the kernel is launched with",
    },
    TaskAttribute {
        name: "schem",
        form: Form::Word(&["normal", "batch"]),
        tasks: Tasks::Launches,
        summary: "Whether all blocks start together (`batch`) or as cores become free",
    },
    TaskAttribute {
        name: "ration",
        form: Form::Int(0),
        tasks: Tasks::Launches,
        summary: "How many vector cores a mixed kernel takes for each cube core",
    },
    TaskAttribute {
        name: "cost",
        form: Form::Duration,
        tasks: Tasks::All,
        summary: "How long the task runs",
    },
    TaskAttribute {
        name: "engine",
        form: Form::Word(ENGINES),
        tasks: Tasks::Work,
        summary: "What the task occupies while it runs",
    },
    TaskAttribute {
        name: "cores",
        form: Form::Int(1),
        tasks: Tasks::Launches,
        summary: "How many cores the kernel occupies while it runs",
    },
    TaskAttribute {
        name: "name",
        form: Form::Text,
        tasks: Tasks::All,
        summary: "The task's name where it came from, which call logs show in place of the one after `as`",
    },
    TaskAttribute {
        name: "info",
        form: Form::Text,
        tasks: Tasks::Stored,
        summary: "What the dump shows of the task as `ExtendInfo`",
    },
    TaskAttribute {
        name: "workspace",
        form: Form::Size,
        tasks: Tasks::Operators,
        summary: "How much workspace the operator needs",
    },
    TaskAttribute {
        name: "binary",
        form: Form::Text,
        tasks: Tasks::Kernels,
        summary: "The path of the binary that holds the kernel",
    },
    TaskAttribute {
        name: "timeout",
        form: Form::Int(-1),
        tasks: Tasks::Waits,
        summary: "How many milliseconds the call waits at most",
    },
];

/// The attribute called `name`.
pub fn find(name: &str) -> Option<&'static TaskAttribute> {
    TASK_ATTRIBUTES.iter().find(|attribute| attribute.name == name)
}
