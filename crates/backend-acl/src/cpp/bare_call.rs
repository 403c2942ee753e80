//! Lines that are calls by themselves: they are written as they stand, and nothing but their graphs is released for them.

use acg_calls::{Api, Arg, CallView, Handle as HandleKind, Kind};
use acg_ir::{BodyId, Handle};

use super::Emitter;
use super::prelude::Fragment;
use crate::lower::Declaration;
use crate::writer::Writer;

impl Emitter<'_> {
    /// One statement for a line.
    pub(super) fn bare_call(&mut self, call: &CallView<'_>, line: u32) {
        let params = call.api().params();
        let arguments: Vec<String> = (call.args().iter().enumerate())
            .map(|(at, arg)| {
                let kind = params.get(at).map_or(Kind::Any, |param| param.kind);
                self.bare_argument(call, arg, kind)
            })
            .collect();
        let api = match call.operator() {
            Some(operator) if call.api() == Api::Aclnn => format!("aclnn{operator}"),
            Some(operator) => format!("aclnn{operator}GetWorkspaceSize"),
            None => call.api().as_str().to_owned(),
        };
        self.declare_recent(call.api());
        self.check(&format!("{api}({})", arguments.join(", ")), &api, line);
    }

    fn bare_argument(&mut self, call: &CallView<'_>, arg: Arg, kind: Kind) -> String {
        match arg {
            Arg::Name(name) | Arg::Out(name)
                if self.lowered.declaration(name).is_none() && kind != Kind::Function =>
            {
                let types = self.variables.entry(name).or_default();
                let ty = type_of(call.api(), kind);
                let known = types.iter().position(|&known| known == ty);
                let number = known.unwrap_or_else(|| {
                    types.push(ty);
                    types.len() - 1
                });
                let by_address = if matches!(arg, Arg::Out(_)) { "&" } else { "" };
                format!("{by_address}{}", variable(self.text(name), number))
            }
            Arg::Out(name) if self.is_plain(name) => format!("&{}_", self.text(name)),
            Arg::Out(name) => format!("{}_.out()", self.text(name)),
            Arg::Struct(_) | Arg::List(_) => {
                let items = call.items(arg).unwrap_or_default().iter();
                let items: Vec<String> =
                    items.map(|item| self.bare_argument(call, item, Kind::Any)).collect();
                format!("{{{}}}", items.join(", "))
            }
            _ => self.argument(arg, kind),
        }
    }

    /// Whether the end of a capture sets a handle, so that it is a graph of its own.
    pub(super) fn is_graph(&self, handle: Handle) -> bool {
        self.graphs_of_calls.contains(&handle)
    }

    /// Graphs that calls make, models of branches, task groups of the host program, and what only calls name.
    pub(super) fn bare_members(&mut self, out: &mut Writer) {
        for group in self.module.run.iter().flat_map(|run| run.groups.keys()) {
            let name = self.name_of(Declaration::Group(BodyId::Run, group));
            if !name.is_empty() {
                out.format(format_args!("aclrtTaskGrp {name}_ = nullptr;"));
            }
        }
        for (&name, types) in &self.variables {
            for (number, ty) in types.iter().enumerate() {
                out.format(format_args!("{ty} {} = {{}};", variable(self.text(name), number)));
            }
        }
        for handle in self.module.handles.keys() {
            let name = self.name_of(Declaration::Handle(handle));
            if name.is_empty() {
                continue;
            }
            if self.is_graph(handle) {
                self.fragments.add(Fragment::Model);
                out.format(format_args!("Model {name}_;"));
            } else {
                out.format(format_args!("aclmdlRI {name}_ = nullptr;"));
            }
        }
    }
}

/// The member for a variable; C has one for each of its types.
fn variable(name: &str, number: usize) -> String {
    match number {
        0 => format!("{name}_"),
        number => format!("{name}_{}_", number + 1),
    }
}

/// The type of a variable that stands where a parameter of a call is.
const fn type_of(api: Api, kind: Kind) -> &'static str {
    match kind {
        Kind::OutValue => match api {
            Api::StreamQuery => "aclrtStreamStatus",
            Api::QueryEventStatus => "aclrtEventRecordedStatus",
            Api::QueryEvent => "aclrtEventStatus",
            Api::QueryEventWaitStatus => "aclrtEventWaitStatus",
            Api::RiCaptureGetInfo => "aclmdlRICaptureStatus",
            Api::EventElapsedTime => "float",
            _ => "uint64_t",
        },
        Kind::In(handle) | Kind::Out(handle) => match handle {
            HandleKind::Stream => "aclrtStream",
            HandleKind::Event => "aclrtEvent",
            HandleKind::Notify => "aclrtNotify",
            HandleKind::CntNotify => "aclrtCntNotify",
            HandleKind::Model => "aclmdlRI",
            HandleKind::TaskGroup => "aclrtTaskGrp",
            HandleKind::Task => "aclmdlRITask",
            HandleKind::CondHandle => "aclmdlRICondHandle",
            HandleKind::Label => "aclrtLabel",
            HandleKind::LabelList => "aclrtLabelList",
            HandleKind::Context => "aclrtContext",
            HandleKind::LoadedModel => "uint32_t",
            _ => "void *",
        },
        Kind::Address | Kind::OutAddress => "void *",
        _ => "uint64_t",
    }
}
