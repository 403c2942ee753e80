//! Updates of task groups.

use acg_calls::CallView;
use acg_ir::{BodyId, Entity, Op, TaskData};

use super::Said;
use crate::log::LogImport;
use crate::log::captures::Place;
use crate::log::objects::Object;

impl<'l> LogImport<'l> {
    /// `aclmdlRICaptureTaskUpdateBegin`; together with its end it may become a block.
    pub(super) fn begin_update(&mut self, call: &CallView<'l>, place: Place) -> Said {
        let group = match call.name(1).map(|name| self.objects.find(name)) {
            // A variable that nothing sets is null.
            None | Some(None) => None,
            Some(Some(Object::Group(BodyId::Graph(graph), group))) => {
                if matches!(place.body, BodyId::Graph(own) if own.index() < graph.index()) {
                    return Err("the graph of its group begins later than this one".to_owned());
                }
                Some((graph, self.draft.body(BodyId::Graph(graph)).groups[group].name))
            }
            Some(Some(_)) => return Err("no task group of a graph is updated".to_owned()),
        };
        Ok(TaskData::new(Op::UpdateBegin(group), Some(self.stream_at(call, 0))))
    }
}
