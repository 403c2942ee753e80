//! Offline models and graphs of GE sessions: which call is about which, and who may make it.
//!
//! A [`Unit`] is one loaded model or one graph that was added to a session; a name or number that is used again after an
//! unload or a removal is another unit. What only the order of the calls decides is decided here; what depends on streams
//! is the timeline's.
//!
//! **Invariant:** calls of a unit, of a session and of the engine are in the order of the log; time is linear in its calls.

use acg_calls::{APIS, Api, CallView, Log, Name};
use rustc_hash::{FxHashMap, FxHashSet};

/// How many locks of a thread are kept at once.
const MOST_HELD: usize = 32;

/// A unit, by its number among [`Units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UnitId(pub(crate) u32);

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// An offline model, by the name of its id.
    Model(Name),
    /// A graph of a session.
    Graph {
        /// The session, by its position in [`Units::sessions`].
        session: u32,
        /// The graph's id.
        number: i64,
    },
}

/// An offline model or a graph of a session.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) what: What,
    /// The call that loaded or added it; `None` where the log has none.
    pub(crate) made_by: Option<u32>,
    /// The call that unloaded or removed what had its name before.
    pub(crate) after: Option<u32>,
    /// The calls about it, the one that made it included.
    pub(crate) calls: Vec<u32>,
}

/// A GE session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) name: Name,
    /// The constructor; `None` where the log has none.
    pub(crate) made_by: Option<u32>,
    /// The calls of its methods, constructor and destructor included.
    pub(crate) calls: Vec<u32>,
}

/// A lock that a thread holds, and the call that took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) lock: Name,
    pub(crate) since: u32,
}

/// All units and sessions of a log.
#[derive(Debug, Default)]
pub(crate) struct Units {
    all: Vec<Unit>,
    pub(crate) sessions: Vec<Session>,
    /// The calls that initialise or finalise the graph engine.
    pub(crate) engine: Vec<u32>,
    /// The calls that register an allocator for a stream or take one back.
    pub(crate) allocators: Vec<u32>,
    /// Memory of the host program that is registered at some time, so that the device can use it.
    pub(crate) registered: FxHashSet<Name>,
    of_call: FxHashMap<u32, UnitId>,
    /// Where the locks held at a call about a unit or a session stand.
    held_at: FxHashMap<u32, (u32, u32)>,
    held: Vec<Held>,
}

/// Whether a call can be about what stands in [`Units`]; locks matter at such calls only.
fn concerns(api: Api) -> bool {
    api.is_graph_engine()
        || matches!(
            api,
            Api::AllocatorRegister
                | Api::AllocatorUnregister
                | Api::HostRegister
                | Api::HostRegisterV2
                | Api::MdlLoadFromFile
                | Api::MdlExecute
                | Api::MdlExecuteAsync
                | Api::MdlUnload
        )
}

/// The walk: what names stand for now.
#[derive(Default)]
struct Walk {
    found: Units,
    models: FxHashMap<Name, UnitId>,
    sessions: FxHashMap<Name, u32>,
    graphs: FxHashMap<(u32, i64), UnitId>,
    /// What unloaded or removed the last unit of a name.
    gone_models: FxHashMap<Name, u32>,
    gone_graphs: FxHashMap<(u32, i64), u32>,
    locks: FxHashMap<u32, Vec<Held>>,
}

impl Units {
    /// Follows a log; a call that the replay refused takes part, since none of these is refused.
    pub(crate) fn of(log: &Log) -> Self {
        let mut walk = Walk::default();
        if !APIS.iter().any(|signature| concerns(signature.api) && log.uses(signature.api)) {
            return walk.found;
        }
        for view in log.iter() {
            walk.call(&view);
        }
        walk.found
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether the log has neither sessions nor offline models.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty() && self.sessions.is_empty() && self.engine.is_empty()
    }

    /// The unit that a call is about.
    pub(crate) fn of_call(&self, call: u32) -> Option<UnitId> {
        self.of_call.get(&call).copied()
    }

    /// All units with their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (UnitId, &Unit)> {
        (0..).map(UnitId).zip(&self.all)
    }

    /// One unit.
    pub(crate) fn unit(&self, id: UnitId) -> &Unit {
        &self.all[id.0 as usize]
    }

    /// The locks that the calling thread holds at a call about a unit or a session.
    pub(crate) fn held(&self, call: u32) -> &[Held] {
        self.held_at.get(&call).map_or(&[], |&(start, end)| &self.held[start as usize..end as usize])
    }

    /// The last call before `call` that initialised or finalised the graph engine.
    pub(crate) fn engine_before(&self, call: u32) -> Option<u32> {
        let count = self.engine.partition_point(|&earlier| earlier < call);
        count.checked_sub(1).map(|last| self.engine[last])
    }

    /// What a message calls a unit.
    pub(crate) fn words(&self, id: UnitId, log: &Log) -> String {
        match self.unit(id).what {
            What::Model(name) => format!("model {}", log.text(name)),
            What::Graph { session, number } => {
                format!("graph {number} of {}", log.text(self.sessions[session as usize].name))
            }
        }
    }
}

impl Walk {
    fn call(&mut self, view: &CallView<'_>) {
        match view.api() {
            Api::MutexLock => {
                if let Some(lock) = view.name(0) {
                    let held = self.locks.entry(view.manner().thread).or_default();
                    // More nested locks than this say nothing new.
                    if held.len() < MOST_HELD {
                        held.push(Held { lock, since: view.id.0 });
                    }
                }
            }
            Api::MutexUnlock => {
                let held = self.locks.entry(view.manner().thread).or_default();
                if let Some(at) = held.iter().rposition(|held| Some(held.lock) == view.name(0)) {
                    held.remove(at);
                }
            }
            Api::GeInitialize | Api::GeFinalize => self.found.engine.push(view.id.0),
            Api::AllocatorRegister | Api::AllocatorUnregister => self.found.allocators.push(view.id.0),
            Api::HostRegister | Api::HostRegisterV2 => {
                self.found.registered.extend(view.address(0).map(|address| address.base));
            }
            Api::MdlLoadFromFile => self.load_model(view),
            Api::MdlExecute | Api::MdlExecuteAsync | Api::MdlUnload => self.use_model(view),
            Api::GeSessionNew => {
                if let Some(name) = view.out(0) {
                    self.add_session(name, Some(view.id.0));
                    self.note_session(name, view);
                }
            }
            api if api.is_graph_engine() => self.method(view),
            _ => {}
        }
    }

    fn load_model(&mut self, view: &CallView<'_>) {
        let Some(name) = view.out(1) else { return };
        let unit = self.add(What::Model(name), Some(view.id.0), self.gone_models.get(&name).copied());
        self.models.insert(name, unit);
        self.note(unit, view);
    }

    fn use_model(&mut self, view: &CallView<'_>) {
        let Some(name) = view.name(0) else { return };
        let unit = self.models.get(&name).copied().unwrap_or_else(|| {
            let unit = self.add(What::Model(name), None, self.gone_models.get(&name).copied());
            self.models.insert(name, unit);
            unit
        });
        self.note(unit, view);
        if view.api() == Api::MdlUnload {
            self.models.remove(&name);
            self.gone_models.insert(name, view.id.0);
        }
    }

    /// A method of a session.
    fn method(&mut self, view: &CallView<'_>) {
        let Some(name) = view.name(0) else { return };
        let session = self.note_session(name, view);
        if view.api() == Api::GeRegisterExternalAllocator {
            self.found.allocators.push(view.id.0);
        }
        let Some(number) = view.int(1).filter(|_| view.api() != Api::GeSessionDelete) else { return };
        let key = (session, number);
        let adds = matches!(view.api(), Api::GeAddGraph | Api::GeAddGraphClone);
        let known = self.graphs.get(&key).copied();
        let known = known.filter(|&unit| !adds || self.found.unit(unit).made_by.is_some());
        let unit = known.unwrap_or_else(|| {
            let after = self.gone_graphs.get(&key).copied();
            let made_by = adds.then_some(view.id.0);
            let unit = self.add(What::Graph { session, number }, made_by, after);
            self.graphs.insert(key, unit);
            unit
        });
        self.note(unit, view);
        if view.api() == Api::GeRemoveGraph {
            self.graphs.remove(&key);
            self.gone_graphs.insert(key, view.id.0);
        }
    }

    fn add(&mut self, what: What, made_by: Option<u32>, after: Option<u32>) -> UnitId {
        let id = UnitId(self.found.all.len() as u32);
        self.found.all.push(Unit { what, made_by, after, calls: Vec::new() });
        id
    }

    fn add_session(&mut self, name: Name, made_by: Option<u32>) -> u32 {
        let id = self.found.sessions.len() as u32;
        self.found.sessions.push(Session { name, made_by, calls: Vec::new() });
        self.sessions.insert(name, id);
        id
    }

    fn note_session(&mut self, name: Name, view: &CallView<'_>) -> u32 {
        let session = self.sessions.get(&name).copied();
        let session = session.unwrap_or_else(|| self.add_session(name, None));
        self.found.sessions[session as usize].calls.push(view.id.0);
        self.note_held(view);
        session
    }

    /// Notes a call about a unit.
    fn note(&mut self, unit: UnitId, view: &CallView<'_>) {
        self.found.all[unit.0 as usize].calls.push(view.id.0);
        self.found.of_call.insert(view.id.0, unit);
        self.note_held(view);
    }

    fn note_held(&mut self, view: &CallView<'_>) {
        let held = self.locks.get(&view.manner().thread).map_or(&[][..], Vec::as_slice);
        if !held.is_empty() && !self.found.held_at.contains_key(&view.id.0) {
            let start = self.found.held.len() as u32;
            self.found.held.extend_from_slice(held);
            self.found.held_at.insert(view.id.0, (start, self.found.held.len() as u32));
        }
    }
}
