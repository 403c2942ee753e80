//! GE sessions: which graphs each has, and how they are loaded and run.
//!
//! What a call of a session does depends on the calls before it alone, so the log is followed from call to call; only which results
//! are read too early is a matter of order, which the timeline knows.

use acg_calls::{Api, CallView, Log, Name};
use rustc_hash::FxHashMap;

use crate::report::Report;
use crate::rules;

/// A graph of a session.
#[derive(Clone, Copy, Debug, Default)]
struct Graph {
    added: Option<u32>,
    removed: Option<u32>,
    /// The call that loaded it, and its stream.
    loaded: Option<(u32, Option<Name>)>,
    /// Its first run.
    run: Option<(u32, Api)>,
}

/// A session.
#[derive(Clone, Debug)]
struct Session {
    made: u32,
    thread: u32,
    /// Whether another thread was found to use it.
    is_shared: bool,
    graphs: FxHashMap<i64, Graph>,
}

struct Walk<'r> {
    report: &'r mut Report,
    initialized: Option<u32>,
    finalized: Option<u32>,
    sessions: FxHashMap<Name, Session>,
    /// The latest call that waits for anything.
    waited: u32,
}

/// Follows the sessions of a log.
pub(crate) fn check(log: &Log, report: &mut Report) {
    let mut walk =
        Walk { report, initialized: None, finalized: None, sessions: FxHashMap::default(), waited: 0 };
    for view in log.iter() {
        walk.call(&view);
    }
}

impl Walk<'_> {
    fn call(&mut self, view: &CallView<'_>) {
        let call = view.id.0;
        match view.api() {
            Api::GeInitialize => {
                if let Some(first) = self.initialized.replace(call) {
                    self.report.add(None, rules::ge_init_twice::finding(call, first));
                }
            }
            Api::GeFinalize => {
                self.initialized = None;
                self.finalized = Some(call);
            }
            Api::GeSessionNew => self.made(view),
            Api::GeSessionDelete => {
                if let (Some(_), Some(finalized), None) = (
                    view.name(0).and_then(|name| self.sessions.remove(&name)),
                    self.finalized,
                    self.initialized,
                ) {
                    self.report.add(None, rules::ge_session_after_finalize::finding(call, finalized));
                }
            }
            Api::GeAddGraph
            | Api::GeAddGraphClone
            | Api::GeCompileGraph
            | Api::GeLoadGraph
            | Api::GeRunGraph
            | Api::GeRunGraphAsync
            | Api::GeRunGraphWithStreamAsync
            | Api::GeRemoveGraph => self.used(view),
            Api::SynchronizeStream
            | Api::SynchronizeStreamWithTimeout
            | Api::SynchronizeDevice
            | Api::SynchronizeDeviceWithTimeout
            | Api::SynchronizeEvent
            | Api::SynchronizeEventWithTimeout
            | Api::StreamWaitEvent
            | Api::StreamWaitEventWithTimeout
            | Api::StreamWaitEventWithFlag => self.waited = call,
            _ => {}
        }
    }

    fn made(&mut self, view: &CallView<'_>) {
        self.needs_engine(view);
        if let Some(name) = view.out(0) {
            let session = Session {
                made: view.id.0,
                thread: view.call.thread,
                is_shared: false,
                graphs: FxHashMap::default(),
            };
            self.sessions.insert(name, session);
        }
    }

    fn needs_engine(&mut self, view: &CallView<'_>) {
        if self.initialized.is_none() {
            let finding = rules::ge_not_initialized::finding(view.id.0, view.api().as_str());
            self.report.add(None, finding);
            // Said once.
            self.initialized = Some(view.id.0);
        }
    }

    fn used(&mut self, view: &CallView<'_>) {
        self.needs_engine(view);
        let (call, api) = (view.id.0, view.api());
        let Some(session) = view.name(0).and_then(|name| self.sessions.get_mut(&name)) else { return };
        if view.call.thread != session.thread && !session.is_shared {
            session.is_shared = true;
            let finding = rules::ge_session_concurrent::finding(call, api.as_str(), session.made);
            self.report.add(None, finding);
        }
        let Some(number) = view.int(1) else { return };
        let graph = session.graphs.entry(number).or_default();
        if matches!(api, Api::GeAddGraph | Api::GeAddGraphClone) {
            match graph.added {
                Some(first) => self.report.add(None, rules::ge_duplicate_id::finding(call, number, first)),
                None => *graph = Graph { added: Some(call), ..Graph::default() },
            }
            return;
        }
        if graph.added.is_none() {
            let finding = rules::ge_unknown_graph::finding(call, api.as_str(), number, graph.removed);
            self.report.add(None, finding);
            return;
        }
        match api {
            Api::GeLoadGraph => match graph.loaded {
                Some((first, _)) => self.report.add(None, rules::ge_load_twice::finding(call, number, first)),
                None => graph.loaded = Some((call, view.name(2))),
            },
            Api::GeRemoveGraph => *graph = Graph { removed: Some(call), ..Graph::default() },
            Api::GeRunGraph | Api::GeRunGraphAsync | Api::GeRunGraphWithStreamAsync => {
                match graph.run {
                    Some((first, other)) if other != api => {
                        let first = (first, other.as_str());
                        let finding = rules::ge_mixed_run_modes::finding(call, number, first, api.as_str());
                        self.report.add(None, finding);
                    }
                    Some(_) => {}
                    None => graph.run = Some((call, api)),
                }
                if api == Api::GeRunGraphWithStreamAsync {
                    match graph.loaded {
                        Some((load, stream)) if stream != view.name(2) && self.waited < load => {
                            let finding = rules::ge_load_stream_differs::finding(call, number, load);
                            self.report.add(None, finding);
                        }
                        Some(_) => {}
                        // A run loads what is not loaded.
                        None => graph.loaded = Some((call, view.name(2))),
                    }
                }
            }
            _ => {}
        }
    }
}
