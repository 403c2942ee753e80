//! Conditional tasks: their handles, the tasks themselves; what their branches capture is in `captures`.

use acg_calls::{Arg, Args, CallView};
use acg_ir::{BodyId, Cond, ConditionalKind, List, Op, Stream, TaskData};

use super::Said;
use crate::draft::Line;
use crate::log::LogImport;
use crate::log::blocks::BRANCH_DEPTH;
use crate::log::captures::Place;
use crate::log::objects::Object;

/// As many branches as a line without captures of them may name.
const MOST_BRANCHES: usize = 4096;

impl<'l> LogImport<'l> {
    /// `aclmdlRICondHandleCreate`, for the model whose capture the line stands in.
    pub(super) fn condition(&mut self, call: &CallView<'l>, place: Place) -> Said {
        match call.name(0).and_then(|name| self.objects.find(name)) {
            found if self.is_captured_here(found, place) => {}
            Some(Object::Captured(..) | Object::Handle(_)) => {
                return Err("it is for the model of another capture than the innermost".to_owned());
            }
            _ => return Err("its model is not being captured".to_owned()),
        }
        let name = call.out(3).ok_or("it gives no variable for the handle")?;
        let value = call.int(1).unwrap_or(0);
        let (default, flag) = match (call.int(2), value) {
            (Some(1), value) => (Some(value), None),
            (Some(0), 0) => (None, None),
            (Some(flag), value) => {
                let flag = u32::try_from(flag).map_err(|_| "the language has no such flag".to_owned())?;
                (Some(value), Some(flag))
            }
            (None, _) => return Err("the log does not show its flag".to_owned()),
        };
        let (cond, line) = self.draft.condition(self.log.text(name), default, flag);
        if self.succeeded(call) || self.objects.find(name).is_none() {
            self.objects.bind(name, Object::Cond(cond));
        }
        Ok(line)
    }

    /// Whether a line with `cond` is about a model.
    fn is_captured_here(&self, model: Option<Object>, place: Place) -> bool {
        match (self.captures.bare.innermost(), model) {
            (Some((_, Some(branch))), Some(Object::Handle(model))) => model == branch,
            (Some((stream, None)), Some(Object::Captured(_, asked))) => stream == asked,
            (None, Some(Object::Captured(Some(sheet), _))) => sheet == place.sheet,
            _ => false,
        }
    }

    /// `aclmdlRICondHandleGetCondPtr`: the value of a condition is memory of its own name.
    pub(super) fn condition_value(&mut self, call: &CallView<'l>) -> Result<(), String> {
        let Some(Object::Cond(cond)) = call.name(0).and_then(|name| self.objects.find(name)) else {
            return Err("nothing in the log makes its handle".to_owned());
        };
        if let Some(name) = call.out(1) {
            let value = self.draft.module.conds[cond].value;
            self.objects.bind(name, Object::Buffer(value));
        }
        Ok(())
    }

    /// `aclmdlRIAddCondTask`.
    pub(super) fn conditional(&mut self, call: &CallView<'l>, place: Place) -> Result<(), String> {
        let fields = call.arg(0).and_then(|fields| call.items(fields)).unwrap_or_default();
        let Some([handle, kind, count, models]) = fields.exactly() else {
            return Err("the log does not show its parameters".to_owned());
        };
        let Some(Object::Cond(cond)) = handle.name().and_then(|name| self.objects.find(name)) else {
            return Err("nothing in the log makes its handle".to_owned());
        };
        let kind = match kind.int() {
            Some(0) => ConditionalKind::If,
            Some(1) => ConditionalKind::While,
            Some(2) => ConditionalKind::Switch,
            _ => return Err("the language has no such conditional task".to_owned()),
        };
        let models = call.items(models).ok_or("the log does not list its branches")?;
        if count.int() != i64::try_from(models.len()).ok() || models.len() > MOST_BRANCHES {
            return Err("it lists another number of branches than it has".to_owned());
        }
        if call.int(2) != Some(0) || call.manner().repeat > 1 {
            return Err("the language has no flag for it".to_owned());
        }
        let stream = self.stream_at(call, 1);
        if place.body == BodyId::Run || self.shape.is_bare(call.id) {
            self.bare_conditional(call, place, (kind, cond, stream), models);
            return Ok(());
        }
        self.check_depth(place, BRANCH_DEPTH)?;
        let conditional = self.draft.conditional(kind, cond, stream, models.len() as u32);
        for (branch, model) in conditional.branches().zip(models) {
            if let Some(name) = model.out() {
                self.objects.bind(name, Object::Branch(place, branch));
            }
        }
        self.write(call, place, Line::Conditional(conditional));
        Ok(())
    }

    /// One whose branches are captured call by call, or not at all.
    fn bare_conditional(
        &mut self,
        call: &CallView<'l>,
        place: Place,
        (kind, cond, stream): (ConditionalKind, Cond, Stream),
        models: Args<'_>,
    ) {
        let mut handles = Vec::with_capacity(models.len());
        for name in models.iter().filter_map(Arg::out) {
            let handle = self.draft.handle(self.log.text(name));
            self.objects.bind(name, Object::Handle(handle));
            handles.push(handle);
        }
        let branches = models.len() as u32;
        let all_named = handles.len() == models.len();
        let models =
            List::push_to(&mut self.draft.module.handle_lists, handles.into_iter().filter(|_| all_named));
        let models = self.draft.module.rare_lists.keep(models);
        let op = Op::AddCond { kind, cond, branches, models };
        self.add(call, place, TaskData::new(op, Some(stream)));
    }
}
