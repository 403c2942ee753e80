//! Host functions, and calls that are made at once.

use acg_calls::{Api, CallView, Name};
use acg_ir::{
    BodyId, DestroyTarget, Entity, GraphId, Handle, HostMemory, Op, QueryTarget, Space, Symbol, SyncTarget,
    TaskData,
};

use super::Said;
use crate::log::LogImport;
use crate::log::captures::mode;
use crate::log::objects::Object;
use crate::names::spell;
use crate::remark::RemarkKind;

impl<'l> LogImport<'l> {
    /// `aclrtLaunchCallback`.
    pub(super) fn callback(&mut self, call: &CallView<'l>) -> Said {
        let function = self.function(call, 0, 1)?;
        let block = match call.int(2) {
            Some(0) => false,
            Some(1) => true,
            _ => return Err("the language has no such kind of callback".to_owned()),
        };
        let stream = self.stream_at(call, 3);
        self.serves(stream);
        Ok(TaskData::new(Op::Callback { function, block }, Some(stream)))
    }

    /// `aclrtLaunchHostFunc`.
    pub(super) fn host_function(&mut self, call: &CallView<'l>) -> Said {
        let function = self.function(call, 1, 2)?;
        let stream = self.stream_at(call, 0);
        self.serves(stream);
        Ok(TaskData::new(Op::HostFunc(function), Some(stream)))
    }

    fn function(&mut self, call: &CallView<'l>, function: usize, data: usize) -> Result<Symbol, String> {
        let name = call.name(function).ok_or("its function is NULL")?;
        if !call.is_null(data) {
            self.remark(RemarkKind::LeftOut, call, "the data of the function: in the program it gets NULL");
        }
        let name = spell(self.log.text(name));
        Ok(self.draft.symbol(&name))
    }

    /// Calls that take effect when they are made.
    pub(crate) fn at_once(&mut self, call: &CallView<'l>, body: BodyId) -> Said {
        let target = |found: Option<Object>| match found {
            Some(Object::Event(event)) => Ok(event),
            _ => Err("nothing in the log makes its event".to_owned()),
        };
        let (op, timeout) = match call.api() {
            Api::SynchronizeStream => (Op::Sync(SyncTarget::Stream(self.stream_at(call, 0))), None),
            Api::SynchronizeStreamWithTimeout => {
                (Op::Sync(SyncTarget::Stream(self.stream_at(call, 0))), call.int(1))
            }
            Api::SynchronizeEvent => (Op::Sync(SyncTarget::Event(self.event_at(call, 0)?)), None),
            Api::SynchronizeEventWithTimeout => {
                (Op::Sync(SyncTarget::Event(self.event_at(call, 0)?)), call.int(1))
            }
            Api::SynchronizeDevice => (Op::Sync(SyncTarget::Device), None),
            Api::SynchronizeDeviceWithTimeout => (Op::Sync(SyncTarget::Device), call.int(0)),
            Api::StreamQuery => (Op::Query(QueryTarget::Stream(self.stream_at(call, 0))), None),
            Api::QueryEventStatus => (Op::Query(QueryTarget::Event(self.event_at(call, 0)?)), None),
            Api::EventElapsedTime => {
                let event = |position| target(call.name(position).and_then(|name| self.objects.find(name)));
                (Op::Elapsed(event(1)?, event(2)?), None)
            }
            Api::RiCaptureThreadExchangeMode => {
                let mode = mode(call.int(0)).ok_or("the language has no such mode")?;
                self.captures.exchanged(call, mode);
                (Op::Exchange(mode), None)
            }
            Api::RiExecuteAsync => {
                if let Some(handle) = self.handle_at(call) {
                    let stream = self.stream_at(call, 1);
                    return Ok(TaskData::new(Op::ExecuteHandle(handle), Some(stream)));
                }
                let executed = self.earlier_graph(call, body)?;
                let stream = Some(self.stream_at(call, 1));
                return Ok(TaskData::new(Op::Execute(executed), stream));
            }
            _ => (Op::Destroy(self.destroyed(call, body)?), None),
        };
        let attributes = self.timeout(timeout)?;
        Ok(TaskData { attributes, ..TaskData::new(op, None) })
    }

    /// The graph that is said call by call at the first position.
    fn handle_at(&self, call: &CallView<'l>) -> Option<Handle> {
        match call.name(0).and_then(|name| self.objects.find(name)) {
            Some(Object::Handle(handle)) => Some(handle),
            _ => None,
        }
    }

    /// A graph that stands above a body.
    fn earlier_graph(&self, call: &CallView<'l>, body: BodyId) -> Result<GraphId, String> {
        let is_above = |other: GraphId| match body {
            BodyId::Graph(graph) => other.index() < graph.index(),
            BodyId::Run => true,
        };
        match call.name(0).and_then(|name| self.objects.find(name)) {
            Some(Object::Graph(other)) if is_above(other) => Ok(other),
            Some(Object::Graph(_)) => Err("its graph begins later than this one".to_owned()),
            _ => Err("nothing in the log captures its graph".to_owned()),
        }
    }

    /// What a call releases.
    fn destroyed(&self, call: &CallView<'l>, body: BodyId) -> Result<DestroyTarget, String> {
        let object = |name: Option<Name>| name.and_then(|name| self.objects.find(name));
        let unknown = || "nothing in the log makes what it releases".to_owned();
        match (call.api(), object(call.name(0))) {
            (Api::DestroyStream, Some(Object::Stream(stream))) => Ok(DestroyTarget::Stream(stream)),
            (Api::DestroyEvent, Some(Object::Event(event))) => Ok(DestroyTarget::Event(event)),
            (Api::DestroyNotify, Some(Object::Notify(notify))) => Ok(DestroyTarget::Notify(notify)),
            (Api::RiDestroy, Some(Object::Handle(handle))) => Ok(DestroyTarget::Handle(handle)),
            (Api::RiDestroy, _) => self.earlier_graph(call, body).map(DestroyTarget::Graph),
            (Api::Free | Api::FreeHost | Api::CFree, Some(Object::Buffer(buffer))) => {
                let right = match self.draft.module.buffers[buffer].space {
                    Space::Device | Space::Temp | Space::Cond(_) => Api::Free,
                    Space::Host(HostMemory::Pinned) => Api::FreeHost,
                    Space::Host(HostMemory::Pageable) => Api::CFree,
                    Space::Host(HostMemory::Registered) => {
                        return Err("it releases registered memory without its registration".to_owned());
                    }
                };
                if call.api() != right {
                    return Err("it releases memory of another kind".to_owned());
                }
                Ok(DestroyTarget::Buffer(buffer))
            }
            (
                Api::DestroyStream
                | Api::DestroyEvent
                | Api::DestroyNotify
                | Api::Free
                | Api::FreeHost
                | Api::CFree,
                _,
            ) => Err(unknown()),
            _ => Err("the language has no form for it".to_owned()),
        }
    }
}
