//! Data types and the aclnn operator table: what an operator takes, gives, launches, and which shapes fit.
//!
//! The table is data (`table/*.toml`, one entry per operator); this crate reads it once, answers questions about an
//! entry ([`Operator`]), assigns a call's operands to C parameters ([`Operator::bind_inputs`]), and says in words why
//! shapes or data types do not fit ([`check`]). It knows nothing of graphs, streams or buffers.
//!
//! **Invariant:** an unknown is never a breach: an argument whose type is not known passes every rule.

mod bind;
mod check;
mod dtype;
mod operator;
mod parameter;
mod reference;
mod shape;
mod table;
mod value;

pub use bind::{ArityError, Binding};
pub use check::{CallError, check};
pub use dtype::{DType, UnknownDType};
pub use operator::{Category, Core, Operator, OperatorId};
pub use parameter::{DTypeClass, Default, Direction, Parameter, ParameterKind};
pub use reference::reference;
pub use shape::{DTypeRule, ShapeRule, promoted};
pub use table::{MAX_PARAMETERS, operators};
pub use value::{Argument, Tensor, Value};
