//! What a module declares, as far as passes have to leave it alone.

use acg_ir::{Buffer, Entity, Module, Space, Stream, Symbol};
use rustc_hash::FxHashMap;

use crate::digest::{Digest, debug};
use crate::private::Private;

/// The declarations of a module, by what they say.
#[derive(Debug)]
pub(crate) struct Declared {
    /// Of each buffer: its name, and what it is. Where a temporary lies is the compiler's business.
    buffers: Vec<(Symbol, u64)>,
    streams: Vec<(Symbol, u64)>,
    /// Of each event that something but its own graph may know of, by name.
    events: FxHashMap<Symbol, u64>,
    notifies: Vec<Symbol>,
    target: Option<u64>,
}

impl Declared {
    pub(crate) fn of(module: &Module, private: &Private) -> Self {
        let streams = module.streams.keys().map(|stream| (module.streams[stream].name, this(module, stream)));
        let events = module.events.iter().filter(|&(event, _)| !private.has(event));
        Self {
            buffers: module.buffers.iter().map(|(buffer, data)| (data.name, what(module, buffer))).collect(),
            streams: streams.collect(),
            events: events.map(|(_, data)| (data.name, debug(&data.kind))).collect(),
            notifies: module.notifies.values().map(|data| data.name).collect(),
            target: module.target.map(|target| debug(&target)),
        }
    }

    /// The declarations that were there before and are others in `after`.
    pub(crate) fn changed(&self, after: &Self) -> Vec<Symbol> {
        let mut changed = Vec::new();
        for (before, after) in [(&self.buffers, &after.buffers), (&self.streams, &after.streams)] {
            let pairs = before.iter().enumerate();
            let others = pairs.filter(|&(at, declared)| after.get(at) != Some(declared));
            changed.extend(others.map(|(_, &(name, _))| name));
        }
        let notifies = self.notifies.iter().enumerate();
        let others = notifies.filter(|&(at, name)| after.notifies.get(at) != Some(name));
        changed.extend(others.map(|(_, &name)| name));
        // The order of a map must not show.
        let lost = self.events.iter().filter(|(name, kind)| after.events.get(name) != Some(kind));
        let mut lost: Vec<Symbol> = lost.map(|(&name, _)| name).collect();
        lost.sort_unstable();
        changed.extend(lost);
        changed
    }

    /// Whether the target is another in `after`.
    pub(crate) fn has_other_target(&self, after: &Self) -> bool {
        self.target != after.target
    }
}

fn what(module: &Module, buffer: Buffer) -> u64 {
    let data = &module.buffers[buffer];
    let mut digest = Digest::new(10);
    digest.push(match data.space {
        Space::Device => 0,
        Space::Temp => 1,
        other => debug(&other),
    });
    digest.push(match data.ty {
        acg_ir::TensorType::Tensor { dtype, .. } => dtype as u64 + 1,
        acg_ir::TensorType::Bytes(_) => 0,
    });
    module.shape(&data.ty).iter().for_each(|&dim| digest.push(dim));
    // Where a view of a temporary leads is seen in the bytes that it stands for.
    if let Some(view) = data.view.filter(|_| data.space != Space::Temp) {
        digest.push(u64::from(view.reinterpreted));
        if let Ok(access) = module.access(acg_ir::Operand { buffer, slice: None }) {
            digest.push(access.root.index() as u64);
            digest.push(access.extent.start());
            access.extent.form(|number| digest.push(number));
        }
    }
    digest.get()
}

fn this(module: &Module, stream: Stream) -> u64 {
    let data = &module.streams[stream];
    let mut digest = Digest::new(11);
    digest.push(data.priority.map_or(0, |priority| u64::from(priority) + 1));
    digest.push(u64::from(data.flags));
    digest.push(u64::from(data.is_default) | u64::from(data.subscribed) << 1);
    digest.get()
}
