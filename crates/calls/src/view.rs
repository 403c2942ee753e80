//! A call with its arguments, read by what they are meant to be.
//!
//! Accessors take the position of the argument in the C prototype, from 0, and never panic: an argument that is missing or
//! of another form reads as `None`, like `NULL`. [`read`](crate::read()) lets no such argument through.

use crate::api::Api;
use crate::args::Args;
use crate::kernel::Kernel;
use crate::log::{Arg, Call, CallId, Log, Manner, Recorded};
use crate::names::Name;

/// An address as a log writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// The allocation.
    pub base: Name,
    /// Bytes from its start.
    pub offset: u64,
}

/// One call of a log with its arguments.
#[derive(Clone, Copy, Debug)]
pub struct CallView<'l> {
    /// The log it belongs to.
    pub log: &'l Log,
    /// Its position in the log.
    pub id: CallId,
    /// The call itself.
    pub call: &'l Call,
}

impl<'l> CallView<'l> {
    /// Which function.
    #[inline]
    pub fn api(&self) -> Api {
        self.call.api
    }

    /// How it is made.
    #[inline]
    pub fn manner(&self) -> Manner {
        self.log.manner(self.id)
    }

    /// All arguments.
    #[inline]
    pub fn args(&self) -> Args<'l> {
        self.log.args(self.call.args)
    }

    /// The argument at `position`.
    #[inline]
    pub fn arg(&self, position: usize) -> Option<Arg> {
        self.args().get(position)
    }

    /// Whether the argument is `NULL` or missing.
    #[inline]
    pub fn is_null(&self, position: usize) -> bool {
        self.args().is_null(position)
    }

    /// The handle, function or array at `position`, `None` for `NULL`.
    #[inline]
    pub fn name(&self, position: usize) -> Option<Name> {
        self.args().name(position)
    }

    /// The name that the call defines at `position`, `None` for `NULL`.
    #[inline]
    pub fn out(&self, position: usize) -> Option<Name> {
        self.args().out(position)
    }

    /// The number, enumerator or flags at `position`.
    #[inline]
    pub fn int(&self, position: usize) -> Option<i64> {
        self.args().int(position)
    }

    /// The address at `position`, `None` for `NULL`.
    #[inline]
    pub fn address(&self, position: usize) -> Option<Address> {
        self.args().address(position)
    }

    /// The string at `position`, `None` for `NULL`.
    pub fn text(&self, position: usize) -> Option<&'l str> {
        match self.arg(position)? {
            Arg::Text(text) => Some(self.log.text(text)),
            _ => None,
        }
    }

    /// The kernel at `position`.
    pub fn kernel(&self, position: usize) -> Option<Kernel> {
        match self.arg(position)? {
            Arg::Kernel(id) => Some(self.log.kernel(id)),
            _ => None,
        }
    }

    /// The items of the array or the fields of the struct at `position`.
    pub fn list(&self, position: usize) -> Option<Args<'l>> {
        self.items(self.arg(position)?)
    }

    /// The items of an array argument or the fields of a struct argument.
    pub fn items(&self, arg: Arg) -> Option<Args<'l>> {
        match arg {
            Arg::List(range) | Arg::Struct(range) => Some(self.log.args(range)),
            _ => None,
        }
    }

    /// The items of an array or struct, and any other argument alone.
    pub fn flat(&self, arg: Arg) -> impl Iterator<Item = Arg> + use<'l> {
        let items = self.items(arg);
        let alone = items.is_none().then_some(arg);
        items.into_iter().flatten().chain(alone)
    }

    /// The operator of an `aclnn` call: `Add` of `aclnnAdd`.
    pub fn operator(&self) -> Option<&'l str> {
        self.manner().operator.map(|operator| self.log.text(operator))
    }

    /// The kernels that an `aclnn` call is annotated with.
    pub fn launches(&self) -> impl ExactSizeIterator<Item = Kernel> + use<'l> {
        let log = self.log;
        let kernels = log.args(log.launches(self.id));
        kernels.iter().map(move |arg| match arg {
            Arg::Kernel(id) => log.kernel(id),
            _ => Kernel::default(),
        })
    }

    /// The comment behind the call.
    pub fn note(&self) -> Option<&'l str> {
        self.recorded().note.map(|note| self.log.text(note))
    }

    /// What the log says of the call beside the call itself.
    pub fn recorded(&self) -> Recorded {
        self.log.recorded(self.id)
    }
}

impl Arg {
    /// The name it is, `None` for anything else.
    #[inline]
    pub fn name(self) -> Option<Name> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The name that `&name` defines, `None` for anything else.
    #[inline]
    pub fn out(self) -> Option<Name> {
        match self {
            Self::Out(name) => Some(name),
            _ => None,
        }
    }

    /// The number it is, `None` for anything else.
    #[inline]
    pub fn int(self) -> Option<i64> {
        match self {
            Self::Int(value) | Self::Exchange(value) => Some(value),
            _ => None,
        }
    }

    /// The address it is, `None` for `NULL` and anything else.
    #[inline]
    pub fn address(self) -> Option<Address> {
        match self {
            Self::Name(base) => Some(Address { base, offset: 0 }),
            Self::Offset { base, bytes } => Some(Address { base, offset: bytes }),
            _ => None,
        }
    }
}
