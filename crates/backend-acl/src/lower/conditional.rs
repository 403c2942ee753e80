//! Conditional tasks: handles, the tasks, and the captures of their branches (capture-rules, section 8).

use acg_calls::{Api, Arg, CallId};
use acg_ir::{Body, BodyId, Branch, Cond, Conditional, ConditionalKind, GraphId, Handle, RareList};

use super::capture::{Capturing, mode_arg};
use super::task::Line;
use super::{Lowerer, int};

/// `ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT`.
const ASSIGN_DEFAULT: u32 = 1;

impl Lowerer<'_> {
    /// `cond c default 0`: a handle for the model that is being captured, and where its value is if anything uses it.
    pub(super) fn condition(&mut self, line: Line<'_>, cond: Cond) {
        let model = self.captured_model(line.body).unwrap_or(Arg::Null);
        let data = self.module.conds[cond];
        let handle = self.handles.conds[cond];
        let usual = if data.default.is_some() { ASSIGN_DEFAULT } else { 0 };
        let default = Arg::Int(data.default.unwrap_or(0));
        let flag = Arg::Int(data.flag.unwrap_or(usual).into());
        let call = self.call(Api::RiCondHandleCreate, &[model, default, flag, Arg::Out(handle)]);
        if self.handles.value_is_used(cond) {
            let value = Arg::Out(self.handles.buffers[data.value]);
            self.call(Api::RiCondHandleGetCondPtr, &[Arg::Name(handle), value]);
        }
        self.named(call, line);
    }

    /// The model of the innermost capture; a graph's is asked for once.
    fn captured_model(&mut self, body: BodyId) -> Option<Arg> {
        let capturing = *self.captures.last()?;
        if let Some(model) = capturing.model {
            return Some(Arg::Name(model));
        }
        let name = match body {
            BodyId::Graph(graph) => format!("{}_captured", self.module.text(self.module.graphs[graph].name)),
            BodyId::Run => "captured".to_owned(),
        };
        let model = self.handles.generated(&mut self.lowered.log, &name);
        let status = Arg::Out(self.value_name("status"));
        self.call(Api::RiCaptureGetInfo, &[capturing.origin, status, Arg::Out(model)]);
        if let Some(capturing) = self.captures.last_mut() {
            capturing.model = Some(model);
        }
        Some(Arg::Name(model))
    }

    /// The header of `if`, `while` and `switch`.
    pub(super) fn conditional(&mut self, id: BodyId, body: &Body, conditional: Conditional) {
        let BodyId::Graph(graph) = id else { return };
        let data = body.conditionals[conditional];
        let branches = &self.handles.branches_of(graph)[conditional];
        let models: Vec<Arg> =
            branches.iter().map(|&branch| Arg::Out(self.handles.branch(graph, branch))).collect();
        let stream = self.stream(Some(data.stream));
        self.conditional_task(data.kind, data.cond, &models, stream);
    }

    fn conditional_task(&mut self, kind: ConditionalKind, cond: Cond, models: &[Arg], stream: Arg) -> CallId {
        let kind = Arg::Int(match kind {
            ConditionalKind::If => 0,
            ConditionalKind::While => 1,
            ConditionalKind::Switch => 2,
        });
        let handle = Arg::Name(self.handles.conds[cond]);
        let count = int(models.len() as u64);
        let models = self.log().list(models);
        let task = self.log().structure(&[handle, kind, count, models]);
        self.call(Api::RiAddCondTask, &[task, stream, Arg::Int(0)])
    }

    /// `add_cond if c 2`: a conditional task whose branches nothing captures; `add_cond if c m`: one whose branches calls do.
    pub(super) fn add_cond(
        &mut self,
        line: Line<'_>,
        (kind, cond): (ConditionalKind, Cond),
        branches: u32,
        named: RareList<Handle>,
    ) {
        let name = self.module.text(self.module.conds[cond].name);
        let named = self
            .module
            .rare_lists
            .list(named)
            .of(&self.module.handle_lists)
            .iter()
            .map(|&model| Arg::Out(self.handles.called[model]));
        let mut models: Vec<Arg> = named.collect();
        let unnamed = (models.len() as u32..branches).map(|number| {
            let text = format!("{name}_branch_{number}");
            Arg::Out(self.handles.generated(&mut self.lowered.log, &text))
        });
        models.extend(unnamed);
        let call = self.conditional_task(kind, cond, &models, line.stream);
        self.named(call, line);
    }

    /// The capture of a branch begins.
    pub(super) fn begin_branch(&mut self, id: BodyId, body: &Body, branch: Branch) {
        let BodyId::Graph(graph) = id else { return };
        let data = body.branches[branch];
        let model = self.handles.branch(graph, branch);
        let origin = self.stream(Some(data.origin));
        let mode = Arg::Int(mode_arg(data.mode));
        self.call(Api::RiCaptureToModelRiBegin, &[origin, Arg::Name(model), mode]);
        self.captures.push(Capturing { origin, model: Some(model), ended: false });
    }

    /// The capture of a branch ends.
    pub(super) fn end_branch(&mut self, id: BodyId, body: &Body, branch: Branch) {
        let BodyId::Graph(graph) = id else { return };
        let data = body.branches[branch];
        self.captures.pop();
        self.line = Some(data.footer).filter(|footer| footer.end > footer.start).or(self.line);
        let model = Arg::Out(self.handles.branch(graph, branch));
        let origin = self.stream(Some(data.origin));
        self.call(Api::RiCaptureEnd, &[origin, model]);
    }

    /// The dumps of all branches of a graph.
    pub(super) fn dump_branches(&mut self, graph: GraphId) {
        let module = self.module;
        let body = &module.graphs[graph].body;
        for (branch, data) in body.branches.iter() {
            let cond = module.conds[body.conditionals[data.conditional].cond];
            let part = format!("{}.{}", module.text(cond.name), data.number);
            self.dump(graph, self.handles.branch(graph, branch), Some(&part));
        }
    }
}
