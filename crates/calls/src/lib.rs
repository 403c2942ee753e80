//! The ACL call log (`.calls`): a sequence of ACL calls as plain data, its text form, and the table of ACL functions.
//!
//! | what | where |
//! |---|---|
//! | every function with its parameters | [`api`], [`param`], [`enums`] |
//! | a log in memory, how to build one | [`log`], [`args`], [`names`], [`kernel`] |
//! | a call's arguments by meaning | [`view`] |
//! | text to log, log to text | [`read()`], [`Log::to_text`] |
//! | what can be wrong with the text | [`rules`] |
//!
//! **Invariant:** nothing here knows what a call does; that is the runtime model's.

pub mod api;
pub mod args;
pub mod enums;
pub mod kernel;
pub mod log;
pub mod names;
pub mod param;
mod read;
pub mod rules;
mod text;
pub mod view;
mod write;

pub use api::{APIS, Api, Signature};
pub use args::{Args, ArgsIter, Kept};
pub use kernel::{Core, Kernel, KernelId};
pub use log::{Arg, ArgRange, Call, CallId, Comment, Log, Manner, Recorded};
pub use names::{Name, Names};
pub use param::{Handle, Kind, Param};
pub use read::{Reading, read};
pub use rules::RULES;
pub use view::{Address, CallView};
