//! A graph: a body that is captured into a model.

use std::ops::{Deref, DerefMut};

use crate::body::Body;
use crate::module::Stream;
use crate::symbols::Symbol;

pub use crate::body::{Group, GroupData, Scope, Step};
pub use crate::module::SourceRange;

/// `aclmdlRICaptureMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `ACL_MODEL_RI_CAPTURE_MODE_GLOBAL`.
    #[default]
    Global,
    /// `ACL_MODEL_RI_CAPTURE_MODE_THREAD_LOCAL`.
    ThreadLocal,
    /// `ACL_MODEL_RI_CAPTURE_MODE_RELAXED`.
    Relaxed,
}

impl Mode {
    /// The word of the language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::ThreadLocal => "thread_local",
            Self::Relaxed => "relaxed",
        }
    }
}

/// A graph: `graph add on main mode global { … }` or `graph add auto { … }`; its fields beside these are those of its [`Body`].
#[derive(Clone, Debug)]
pub struct Graph {
    /// Its name.
    pub name: Symbol,
    /// The origin stream; `None` in an `auto` graph.
    pub origin: Option<Stream>,
    /// The capture mode.
    pub mode: Mode,
    /// Tasks, blocks, and their order.
    pub body: Body,
}

impl Graph {
    /// An empty graph.
    pub fn new(name: Symbol, origin: Option<Stream>, mode: Mode) -> Self {
        Self { name, origin, mode, body: Body::default() }
    }

    /// Whether the compiler assigns streams and events.
    pub fn is_auto(&self) -> bool {
        self.origin.is_none()
    }
}

impl Deref for Graph {
    type Target = Body;

    fn deref(&self) -> &Body {
        &self.body
    }
}

impl DerefMut for Graph {
    fn deref_mut(&mut self) -> &mut Body {
        &mut self.body
    }
}
