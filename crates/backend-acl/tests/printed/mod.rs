//! A log as the recorders print it: every object that a call makes has a number, an address is `#1+8`, pageable memory is `?`, what
//! has no number is `_`.
#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::fmt::Write;

use acg_backend_acl::Lowered;
use acg_calls::{Api, Arg, CallView, Name};
use acg_operators::{Operator, ParameterKind};

/// The workspaces that the log allocates, in order of those first phases that `counts` takes by their executors.
pub(crate) fn workspaces(lowered: &Lowered, counts: impl Fn(Name) -> bool) -> String {
    let calls: Vec<_> = lowered.log.iter().collect();
    let mut text = String::new();
    for pair in calls.windows(2).filter(|pair| pair[0].api() == Api::AclnnGetWorkspaceSize) {
        if !pair[0].args().last().and_then(Arg::out).is_some_and(&counts) {
            continue;
        }
        let same = lowered.causes.of(pair[0].id) == lowered.causes.of(pair[1].id);
        let size = if same && pair[1].api() == Api::Malloc { pair[1].int(1).unwrap() } else { 0 };
        write!(text, "{size} ").unwrap();
    }
    text
}

/// The log as the recorder prints it.
pub(crate) struct Printed<'l> {
    lowered: &'l Lowered,
    numbers: BTreeMap<Name, String>,
    made: usize,
    /// Whether a handle that is released is null from then on, as it is in C++.
    pub(crate) forgets: bool,
}

impl<'l> Printed<'l> {
    pub(crate) fn new(lowered: &'l Lowered) -> Self {
        Self { lowered, numbers: BTreeMap::new(), made: 0, forgets: true }
    }

    /// The lines of all calls of the library; memory of the host and locks are none of it.
    pub(crate) fn lines(lowered: &Lowered) -> Vec<String> {
        let mut printed = Printed::new(lowered);
        let is_of_library =
            |call: &CallView<'_>| !matches!(call.api(), Api::CMemcpy | Api::MutexLock | Api::MutexUnlock);
        lowered.log.iter().filter(is_of_library).filter_map(|call| printed.line(&call)).collect()
    }

    /// The line of a call; `None` for what the recorder does not see.
    pub(crate) fn line(&mut self, call: &CallView<'_>) -> Option<String> {
        let api = call.api();
        if matches!(api, Api::CMalloc | Api::CFree) {
            if let Some(name) = call.out(0) {
                self.numbers.insert(name, "?".to_owned());
            }
            return None;
        }
        let arguments: Vec<_> = (0..call.args().len()).map(|at| self.argument(call, at)).collect();
        let name = match (api, call.operator()) {
            (Api::Aclnn, Some(operator)) => format!("aclnn{operator}"),
            (Api::AclnnGetWorkspaceSize, Some(operator)) => format!("aclnn{operator}GetWorkspaceSize"),
            _ => api.as_str().to_owned(),
        };
        if self.forgets
            && matches!(
                api,
                Api::Free
                    | Api::FreeHost
                    | Api::DestroyStream
                    | Api::DestroyEvent
                    | Api::DestroyNotify
                    | Api::RiDestroy
            )
            && let Some(name) = call.name(0)
        {
            self.numbers.insert(name, "0".to_owned());
        }
        Some(format!("{name}({})", arguments.join(", ")))
    }

    fn argument(&mut self, call: &CallView<'_>, at: usize) -> String {
        let arg = call.arg(at).unwrap();
        let is_size = call.api() == Api::AclnnGetWorkspaceSize && at + 2 == call.args().len();
        match (call.api(), at) {
            (Api::LaunchKernel, 2) if arg != Arg::Null => return "_".to_owned(),
            (Api::StreamQuery | Api::QueryEventStatus, 1) | (Api::EventElapsedTime, 0) => {
                return "&_".to_owned();
            }
            (Api::MemcpyBatchAsync, 8) => return "&_".to_owned(),
            _ if is_size => return "&_".to_owned(),
            (Api::AclnnGetWorkspaceSize, _) if matches!(arg, Arg::Text(_)) || is_dtype(call, at) => {
                return "_".to_owned();
            }
            _ => {}
        }
        self.printed(call, arg)
    }

    /// One argument.
    pub(crate) fn printed(&mut self, call: &CallView<'_>, arg: Arg) -> String {
        match arg {
            Arg::Null => "0".to_owned(),
            Arg::Int(value) | Arg::Exchange(value) => value.to_string(),
            Arg::Name(name) => self.numbers.get(&name).cloned().unwrap_or_else(|| "_".to_owned()),
            Arg::Offset { base, bytes } => match self.numbers.get(&base).map(String::as_str) {
                Some("?") => "?".to_owned(),
                Some(number) => format!("{number}+{bytes}"),
                None => "_".to_owned(),
            },
            Arg::Out(name) => {
                self.made += 1;
                self.numbers.insert(name, format!("#{}", self.made));
                format!("&#{}", self.made)
            }
            Arg::Text(text) => self.lowered.log.text(text).to_owned(),
            Arg::Kernel(kernel) => {
                self.lowered.log.text(self.lowered.log.kernel(kernel).name.unwrap()).to_owned()
            }
            Arg::Struct(_) | Arg::List(_) => {
                let items = call.items(arg).unwrap();
                let items: Vec<_> = items.iter().map(|item| self.printed(call, item)).collect();
                let (open, close) = if matches!(arg, Arg::List(_)) { ('[', ']') } else { ('{', '}') };
                format!("{open}{}{close}", items.join(", "))
            }
        }
    }
}

/// Whether the argument of a first phase is a data type, which a default may take from a tensor.
fn is_dtype(call: &CallView<'_>, at: usize) -> bool {
    let operator = call.operator().and_then(|name| Operator::find(&format!("aclnn{name}")));
    let parameter = operator.and_then(|operator| operator.parameters().get(at));
    parameter.is_some_and(|parameter| parameter.kind == ParameterKind::DType)
}
